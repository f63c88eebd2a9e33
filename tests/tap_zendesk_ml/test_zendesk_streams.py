"""Every stream gives what the account holds; after a change exactly what changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from support.tap_run import TapRun
from support.zendesk import Row, Zendesk, catalog_of, counts, ids
from support.zendesk_world import fill

from tap_zendesk_ml.tap import NAMES

LISTED = (
    "groups",
    "group_memberships",
    "macros",
    "sla_policies",
    "ticket_forms",
    "satisfaction_ratings",
    "custom_statuses",
    "user_fields",
    "organization_fields",
    "ticket_fields",
    "organization_memberships",
)


def compared(record: Row, row: Row) -> tuple[Row, Row]:
    """Record and row without what only one of them has, and without addresses."""
    names = (record.keys() & row.keys()) - {"url"}
    return {name: record[name] for name in names}, {name: row[name] for name in names}


def assert_same(run: TapRun, stream: str, rows: list[Row], at_least: int) -> None:
    """Each row came once, with every field of it that the stream has."""
    records = {record["id"]: record for record in run.records(stream)}
    assert len(records) == len(run.records(stream)) == len(rows)
    for row in rows:
        mine, theirs = compared(records[row["id"]], row)
        assert mine == theirs
        assert len(mine) >= at_least


def test_every_stream_gives_what_the_account_holds(zendesk: Zendesk) -> None:
    made = fill(zendesk)
    zendesk.later()
    run = zendesk.read()
    assert set(counts(run)) == set(NAMES)
    for stream in LISTED:
        assert_same(run, stream, zendesk.rows(stream), 4)
    assert_same(run, "users", zendesk.rows("users"), 35)
    assert_same(run, "agents", [row for row in zendesk.rows("users") if row["role"] != "end-user"], 35)
    assert_same(run, "organizations", zendesk.rows("organizations"), 13)
    assert_same(run, "tickets", zendesk.rows("tickets"), 35)
    assert_same(run, "ticket_comments", zendesk.rows("ticket_comments"), 11)
    gone = made["tickets"][4]["id"]
    audits = [row for row in zendesk.rows("ticket_audits") if row["ticket_id"] != gone]
    assert_same(run, "ticket_audits", audits, 7)
    metrics = zendesk.call("GET", "ticket_metrics")["ticket_metrics"]
    assert_same(run, "ticket_metrics", metrics, 15)
    since = zendesk.call("GET", "incremental/ticket_metric_events?start_time=0")["ticket_metric_events"]
    assert_same(run, "ticket_metric_events", since, 6)
    tags = {row["name"]: row["count"] for row in zendesk.call("GET", "tags")["tags"]}
    assert {row["name"]: row["count"] for row in run.records("tags")} == tags
    assert ids(run, "deleted_users") == [made["people"][3]["id"]]
    assert ids(run, "deleted_tickets") == [gone]
    # Deletes, as each stream tells them.
    tickets = {record["id"]: record for record in run.records("tickets")}
    assert tickets[gone]["status"] == "deleted"
    assert [key for key, record in tickets.items() if record["_sdc_deleted_at"]] == [gone]
    assert not next(row for row in run.records("users") if row["id"] == made["people"][3]["id"])["active"]
    assert all("fields" not in record for record in tickets.values())


CHANGES: dict[str, Row] = {
    "users": {"object": "users", "name": "Renamed", "pick": 2},
    "organizations": {"object": "organizations", "name": "Renamed", "pick": 1},
    "macros": {"object": "macros", "title": "Renamed", "pick": 0},
    "groups": {"object": "groups", "description": "Renamed", "pick": 1},
    "tickets": {"object": "tickets", "priority": "low", "pick": 0},
}


def test_after_a_change_exactly_that_comes(zendesk: Zendesk) -> None:
    fill(zendesk)
    zendesk.later()
    first = zendesk.read()
    assert counts(zendesk.read(state=first.state)) == {"tags": counts(first)["tags"]}
    state = first.state
    for stream, change in CHANGES.items():
        zendesk.later()  # what changes in the second of a run may have been withheld from it
        row = sorted(zendesk.rows(stream), key=lambda each: each["id"])[change["pick"]]
        fields = {name: value for name, value in change.items() if name not in {"object", "pick"}}
        zendesk.put(change["object"], {"id": row["id"], **fields})
        zendesk.later()
        run = zendesk.read(*(set(NAMES) - {"tags"}), state=state)
        expected = {stream: 1}
        if stream == "tickets":
            expected |= {"ticket_audits": 1, "ticket_metrics": 1}
        assert counts(run) == expected
        assert ids(run, stream) == [row["id"]]
        state = run.state


def test_what_changed_behind_a_listing_that_took_long_comes_next(zendesk: Zendesk) -> None:
    """A row of its last page may be newer than a change on its first one."""

    def read(state: dict[str, Any] | None, **minutes: int) -> TapRun:
        began = zendesk.control.now()
        times = {name: began + dt.timedelta(minutes=later) for name, later in minutes.items()}
        rows = [
            {"id": number, "title": name, "updated_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
            for number, (name, moment) in enumerate(times.items(), 1)
        ]
        page = {"macros": rows, "meta": {"has_more": False}}
        path = {"system": "zendesk", "path": "/api/v2/macros*"}
        zendesk.control.faults({**path, "fault": "status", "status": 200, "body": page})
        return zendesk.read("macros", state=state)

    first = read(None, early=-60, late=10)
    assert ids(first, "macros") == [1, 2]
    second = read(first.state, early=5, late=10)
    assert 1 in ids(second, "macros")


def test_what_changed_in_the_last_minute_comes_once(zendesk: Zendesk) -> None:
    """Of users and organizations nothing is withheld in truth: what a page shows may change once more."""
    (user,) = zendesk.put("users", {"name": "One", "email": "one@firm.example"})
    (firm,) = zendesk.put("organizations", {"name": "Firm"})
    zendesk.later(1)  # the simulator withholds 0.6 seconds
    first = zendesk.read("users", "organizations")
    assert "cursor" not in first.state["bookmarks"]["users"]
    again = zendesk.read("users", "organizations", state=first.state)
    assert counts(again) == {}
    stamp = {"updated_at": user["updated_at"]}
    zendesk.put("users", {"id": user["id"], "name": "Two", **stamp})
    zendesk.put("organizations", {"id": firm["id"], "name": "Firm 2", "updated_at": firm["updated_at"]})
    second = zendesk.read("users", "organizations", state=again.state)
    assert counts(second) == {"users": 1, "organizations": 1}
    zendesk.later()
    third = zendesk.read("users", "organizations", state=second.state)
    assert counts(third) == {}
    assert third.state["bookmarks"]["users"]["cursor"]


def test_streams_that_are_not_selected_cost_nothing(zendesk: Zendesk) -> None:
    zendesk.tickets(2)
    zendesk.later()
    expected: dict[str, set[str]] = {
        "tickets": {"/api/v2/incremental/tickets/cursor"},
        "users": {"/api/v2/incremental/users/cursor"},
        "agents": {"/api/v2/users"},
        "ticket_comments": {"/api/v2/incremental/ticket_events"},
        "ticket_metrics": {"/api/v2/incremental/tickets/cursor"},
        "sla_policies": {"/api/v2/slas/policies"},
    }
    for stream, paths in expected.items():
        zendesk.read(stream)
        assert set(zendesk.paths()) == paths
        assert len(zendesk.paths()) == 1
    zendesk.read("tickets", "ticket_metrics", "ticket_comments")
    assert len(zendesk.paths()) == 2
    includes = [request["query"] for request in zendesk.requests("/tickets/cursor")]
    assert "metric_sets" in str(includes)
    zendesk.read("tickets")
    assert "metric_sets" not in str(zendesk.requests("/tickets/cursor"))


def test_discovery_needs_no_request(zendesk: Zendesk) -> None:
    zendesk.control.clear_requests()
    catalog = catalog_of({"subdomain": "acme"}, *NAMES)
    assert {stream["tap_stream_id"] for stream in catalog["streams"]} == set(NAMES)
    assert zendesk.requests("") == []


def test_the_scope_of_ai_agents(zendesk: Zendesk) -> None:
    zendesk.put("tickets", {"subject": "Human"}, {"subject": "AI", "support_type": "ai_agent"})
    zendesk.later()
    wanted: dict[str | None, Any] = {None: ["Human", "AI"], "agent": ["Human"], "ai_agent": ["AI"]}
    for scope, subjects in wanted.items():
        run = zendesk.read("tickets", "ticket_comments", support_type_scope=scope)
        assert [record["subject"] for record in run.records("tickets")] == subjects
        assert len(run.records("ticket_comments")) == len(subjects)


@pytest.mark.parametrize("deletes", ["keys", "records"])
def test_deleted_memberships_are_found_by_listing_them(zendesk: Zendesk, deletes: str) -> None:
    made = fill(zendesk)
    zendesk.later()
    settings: dict[str, Any] = {"deletes": deletes, "deletes_every": 0}
    first = zendesk.read("organization_memberships", "organizations", **settings)
    assert {message["stream"] for message in first.of_type("ACTIVATE_VERSION")} == {
        "organization_memberships",
        "organizations",
    }
    second = zendesk.put(
        "organization_memberships",
        {"user_id": made["people"][1]["id"], "organization_id": made["firms"][1]["id"]},
    )[0]
    row = next(row for row in zendesk.rows("organization_memberships") if row["id"] != second["id"])
    zendesk.call("DELETE", f"organization_memberships/{row['id']}")
    zendesk.call("DELETE", f"organizations/{made['firms'][2]['id']}")
    zendesk.later()
    run = zendesk.read("organization_memberships", "organizations", state=first.state, **settings)
    (version,) = [
        message["version"]
        for message in run.of_type("ACTIVATE_VERSION")
        if message["stream"] == "organization_memberships"
    ]
    scanned = [message for message in run.of_type("RECORD") if message.get("version") == version]
    assert [message["record"]["id"] for message in scanned] == [second["id"]]
    kept = [
        message["record"]["id"]
        for message in run.of_type("RECORD")
        if message["stream"] == "organizations" and "version" in message
    ]
    assert sorted(kept) == sorted(firm["id"] for firm in made["firms"][:2])
