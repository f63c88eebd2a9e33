"""What goes with tickets: audits, metrics, custom fields, named records, deletes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from support.zendesk import NEXT_DAY, Row, Zendesk, counts, ids

from ml_connector.errors import PassingFault, SystemFault
from ml_sandbox.zendesk import seed

ALONG = ("tickets", "ticket_metrics", "ticket_audits")
EXPORT = "/incremental/tickets/cursor"


def test_streams_of_tickets_share_one_pass(zendesk: Zendesk) -> None:
    zendesk.tickets(3)
    zendesk.later()
    first = zendesk.read(*ALONG)
    assert counts(first) == {"tickets": 3, "ticket_metrics": 3, "ticket_audits": 3}
    assert len(zendesk.requests(EXPORT)) == 1
    schemas = [message["stream"] for message in first.of_type("SCHEMA")]
    records = [message["stream"] for message in first.messages if message["type"] == "RECORD"]
    assert set(records) == set(schemas)
    for stream in ALONG:  # a record never comes before its schema
        kinds = [message["type"] for message in first.messages if message.get("stream") == stream]
        assert kinds[0] == "SCHEMA"
    zendesk.tickets(1, first=7)
    zendesk.later()
    second = zendesk.read(*ALONG, state=first.state)
    assert counts(second) == {"tickets": 1, "ticket_metrics": 1, "ticket_audits": 1}
    assert len(zendesk.requests(EXPORT)) == 1


def test_a_stream_that_is_selected_later_begins_at_the_beginning(zendesk: Zendesk) -> None:
    zendesk.tickets(3)
    zendesk.later()
    state = zendesk.read("tickets").state
    zendesk.tickets(1, first=7)
    zendesk.later()
    both = zendesk.read("tickets", "ticket_metrics", state=state)
    assert counts(both) == {"tickets": 1, "ticket_metrics": 4}
    zendesk.tickets(1, first=8)
    zendesk.later()
    after = zendesk.read("tickets", "ticket_metrics", state=both.state)
    assert counts(after) == {"tickets": 1, "ticket_metrics": 1}
    assert len(zendesk.requests(EXPORT)) == 1
    # One that was left out for a while goes on where it was.
    zendesk.tickets(1, first=9)
    zendesk.later()
    alone = zendesk.read("tickets", state=after.state)
    rest = zendesk.read("tickets", "ticket_metrics", state=alone.state)
    assert counts(rest) == {"ticket_metrics": 1}


def test_audits_of_archived_tickets_come_too(zendesk: Zendesk) -> None:
    rows = zendesk.tickets(4, status="closed")
    for row in rows[:2]:
        zendesk.put("tickets", {"id": row["id"], "archived": True})
    zendesk.later()
    run = zendesk.read("ticket_audits", "ticket_comments", parallel=2)
    assert {record["ticket_id"] for record in run.records("ticket_audits")} == {row["id"] for row in rows}
    assert set(ids(run, "ticket_audits")) == {row["id"] for row in zendesk.rows("ticket_audits")}
    assert len(run.records("ticket_comments")) == 4
    everything = zendesk.call("GET", "ticket_audits")["audits"]
    assert len(everything) < len(run.records("ticket_audits"))
    # A ticket that is gone by the time it is asked for has none.
    fault: Row = {"fault": "status", "status": 404, "body": {"error": "RecordNotFound"}}
    zendesk.control.faults({"system": "zendesk", "path": f"/api/v2/tickets/{rows[0]['id']}/audits*", **fault})
    left = zendesk.read("ticket_audits")
    assert {record["ticket_id"] for record in left.records("ticket_audits")} == {
        row["id"] for row in rows[1:]
    }


def test_a_stop_among_audits_loses_none(zendesk: Zendesk) -> None:
    """Old audits of a ticket that comes after the stop are no older than what was read before it."""
    made = []
    for number in range(4):
        (row,) = zendesk.tickets(1, first=number)
        made.append(row)
        zendesk.later(NEXT_DAY)
    for row in reversed(made):  # who came first changed last
        zendesk.put("tickets", {"id": row["id"], "priority": "high"})
        zendesk.later(NEXT_DAY)
    everything = {row["id"] for row in zendesk.rows("ticket_audits")}
    fault: Row = {"fault": "status", "status": 503, "body": "", "times": None}
    zendesk.control.faults({"system": "zendesk", "path": f"/api/v2/tickets/{made[0]['id']}/audits*", **fault})
    with pytest.raises(PassingFault):
        zendesk.read("ticket_audits", page_size=1, max_retries=0)
    zendesk.control.faults()
    complete = zendesk.read("ticket_audits", page_size=1)
    assert set(ids(complete, "ticket_audits")) == everything
    sent: set[int] = set()
    for message in complete.messages:
        if message["type"] == "RECORD":
            sent.add(message["record"]["id"])
        elif message["type"] == "STATE":
            rest = zendesk.read("ticket_audits", page_size=1, state=message["value"])
            assert set(ids(rest, "ticket_audits")) | sent == everything
    assert counts(zendesk.read("ticket_audits", state=complete.state)) == {}
    # Of a long pass the state keeps what is near its end.
    kept = [len(state["bookmarks"]["ticket_audits"].get("children", ())) for state in complete.states]
    assert max(kept) == 1


def test_a_ticket_that_was_withheld_comes_with_all_that_was_not_sent(tmp_path: Path) -> None:
    """Zendesk shows a ticket only where it changed last: what came before a withheld change is hidden too."""
    streams: tuple[str, ...] = ("ticket_audits", "ticket_comments")
    with running_sandbox() as served:
        zendesk = Zendesk(served, tmp_path)
        busy, other = zendesk.tickets(2)
        zendesk.comment(busy, "Long ago")
        zendesk.later(3 * 3600)
        zendesk.put("tickets", {"id": other["id"], "priority": "low"})
        zendesk.later(120)
        zendesk.put("tickets", {"id": busy["id"], "priority": "low"})
        first = zendesk.read(*streams, comments_from="tickets")
        assert {record["ticket_id"] for record in first.records("ticket_audits")} == {other["id"]}
        zendesk.later()
        second = zendesk.read(*streams, comments_from="tickets", state=first.state)
        assert "Long ago" in [record["body"] for record in second.records("ticket_comments")]
        for stream in streams:
            both = ids(first, stream) + ids(second, stream)
            assert sorted(both) == sorted(row["id"] for row in zendesk.rows(stream))
        # A later change hides the withheld one.
        zendesk.comment(busy, "At noon")
        zendesk.later(900)
        zendesk.put("tickets", {"id": other["id"], "priority": "high"})
        zendesk.later(120)
        zendesk.put("tickets", {"id": busy["id"], "priority": "high"})
        third = zendesk.read(*streams, comments_from="tickets", state=second.state)
        zendesk.later(900)
        zendesk.put("tickets", {"id": busy["id"], "priority": "urgent"})
        zendesk.later()
        fourth = zendesk.read(*streams, comments_from="tickets", state=third.state)
        for stream in streams:
            sent = [key for run in (first, second, third, fourth) for key in ids(run, stream)]
            assert set(sent) == {row["id"] for row in zendesk.rows(stream)}
        assert "At noon" in [record["body"] for record in fourth.records("ticket_comments")]


def fields(zendesk: Zendesk) -> dict[str, Row]:
    """Ticket fields of several types, by type."""
    one, two = ([{"name": name, "value": f"{name}_{each}"} for each in "ab"] for name in ("one", "two"))
    rows: list[Row] = [
        {"title": "Text", "type": "text"},
        {"title": "Count", "type": "integer"},
        {"title": "Price", "type": "decimal"},
        {"title": "Paid", "type": "checkbox"},
        {"title": "Day", "type": "date"},
        {"title": "Choice", "type": "tagger", "custom_field_options": one},
        {"title": "Choices", "type": "multiselect", "custom_field_options": two},
    ]
    return {row["type"]: row for row in zendesk.put("ticket_fields", *rows)}


def test_custom_fields_as_columns_of_their_types(zendesk: Zendesk, caplog: pytest.LogCaptureFixture) -> None:
    known = fields(zendesk)
    zendesk.put("user_fields", {"key": "since", "title": "Since", "type": "date"})
    zendesk.put("organization_fields", {"key": "size", "title": "Size", "type": "integer"})
    given: dict[str, Any] = {
        "text": "Words",
        "integer": "12",
        "decimal": "3.50",
        "checkbox": True,
        "date": "2026-11-20",
        "tagger": "one_a",
        "multiselect": ["two_a", "two_b"],
    }
    values = [{"id": known[kind]["id"], "value": value} for kind, value in given.items()]
    zendesk.put("tickets", {"subject": "Full", "custom_fields": values}, {"subject": "Empty"})
    person = {"name": "P", "email": "p@firm.example", "user_fields": {"since": "2012-07-23"}}
    zendesk.put("users", person)
    zendesk.put("organizations", {"name": "Firm", "organization_fields": {"size": 7}})
    zendesk.later()
    streams = ("tickets", "users", "agents", "organizations")
    raw = zendesk.read(*streams)
    assert len(raw.records("tickets")[0]["custom_fields"]) == 7
    assert zendesk.paths("_fields") == []
    run = zendesk.read(*streams, custom_fields="typed")
    full, empty = run.records("tickets")
    columns = {kind: f"custom_field_{row['id']}" for kind, row in known.items()}
    expected = {**given, "integer": 12, "decimal": Decimal("3.50")}
    assert {kind: full[column] for kind, column in columns.items()} == expected
    assert all(empty[column] in (None, False, []) for column in columns.values())
    assert "custom_fields" not in full
    (schema,) = [each["schema"] for each in run.of_type("SCHEMA") if each["stream"] == "tickets"]
    types = {kind: schema["properties"][column] for kind, column in columns.items()}
    assert types["integer"] == {"type": ["integer", "null"], "description": "Count"}
    assert types["date"]["format"] == "date"
    (user,) = [record for record in run.records("users") if record["name"] == "P"]
    assert user["user_field_since"] == "2012-07-23"
    assert run.records("organizations")[0]["organization_field_size"] == 7
    assert "user_field_since" in run.records("agents")[0]
    # Definitions are asked for once each, and only those of selected streams.
    zendesk.read("users", custom_fields="typed")
    assert set(zendesk.paths("_fields")) == {"/api/v2/user_fields"}
    # What does not fit its definition is left out, and said.
    zendesk.put("organization_fields", {"key": "size", "title": "Size", "type": "integer"})
    from tap_zendesk_ml.custom_fields import Typed

    typed = Typed("custom_fields", [{"id": 1, "type": "integer", "title": "N"}, {"id": 2, "type": "subject"}])
    assert typed.spread({"custom_fields": [{"id": 1, "value": "many"}, {"id": 2, "value": "x"}]}) == {
        "custom_fields": [{"id": 1, "value": "many"}, {"id": 2, "value": "x"}],
        "custom_field_1": None,
    }
    assert "custom_field_1: a value is no int" in caplog.text


def test_what_nobody_shows_by_its_id_is_refused_by_name(zendesk: Zendesk) -> None:
    with pytest.raises(SystemFault, match="ticket_metric_events:12") as refused:
        zendesk.read("ticket_metric_events", record_ids=["ticket_metric_events:12"])
    assert "start_date" in refused.value.fix


def test_named_records_are_read_in_bulk(zendesk: Zendesk, caplog: pytest.LogCaptureFixture) -> None:
    made = zendesk.tickets(130)
    (person,) = zendesk.put("users", {"name": "P", "email": "p@firm.example"})
    (macro,) = zendesk.put("macros", {"title": "Close"})
    zendesk.comment(made[1], "Answer")
    zendesk.later()
    streams = ("users", "agents", "tickets", "ticket_comments", "ticket_metrics", "ticket_audits", "macros")
    state = zendesk.read("tickets", "users").state
    zendesk.control.clear_requests()
    named = [row["id"] for row in made[:120]]
    run = zendesk.read("tickets", state=state, record_ids=[str(key) for key in named])
    assert ids(run, "tickets") == named
    assert run.state == state
    assert zendesk.paths() == ["/api/v2/tickets/show_many"] * 2
    some = [f"users:{person['id']}", f"agents:{seed.AGENT_ID}", f"macros:{macro['id']}", made[1]["id"], 999]
    run = zendesk.read(*streams, state=state, record_ids=some)
    assert counts(run) == {
        "users": 1,
        "agents": 1,
        "tickets": 1,
        "ticket_comments": 2,
        "ticket_metrics": 1,
        "ticket_audits": 2,
        "macros": 1,
    }
    assert run.records("ticket_metrics")[0]["ticket_id"] == made[1]["id"]
    assert zendesk.requests("/incremental/") == []
    assert {name: mark for name, mark in run.state["bookmarks"].items() if mark} == state["bookmarks"]
    assert "tickets: 1 of the 2 ids of `record_ids` are not there" in caplog.text
    # An end user is no agent, whoever names them.
    assert counts(zendesk.read("agents", record_ids=[person["id"]])) == {}
    for wrong in ("Acme", "tickets:", "nothing:12"):
        with pytest.raises(SystemFault, match="no id of a stream of Zendesk"):
            zendesk.read("tickets", record_ids=[wrong])


def test_a_deleted_ticket_that_comes_back(zendesk: Zendesk) -> None:
    (row,) = zendesk.tickets(1)
    zendesk.later()
    state = zendesk.read("tickets", "deleted_tickets").state
    zendesk.call("DELETE", f"tickets/{row['id']}")
    zendesk.later()
    gone = zendesk.read("tickets", "deleted_tickets", state=state)
    assert counts(gone) == {"tickets": 1, "deleted_tickets": 1}
    (record,) = gone.records("tickets")
    assert record["_sdc_deleted_at"] >= gone.records("deleted_tickets")[0]["deleted_at"]
    zendesk.call("PUT", f"deleted_tickets/{row['id']}/restore")
    zendesk.later()
    back = zendesk.read("tickets", "deleted_tickets", state=gone.state)
    assert [record["_sdc_deleted_at"] for record in back.records("tickets")] == [None]
    # Deleted for good, it comes once more without what told of anybody.
    zendesk.call("DELETE", f"tickets/{row['id']}")
    zendesk.call("DELETE", f"deleted_tickets/{row['id']}")
    zendesk.later()
    zendesk.rows("jobs")
    zendesk.later()
    scrubbed = zendesk.read("tickets", "ticket_comments", "ticket_audits", state=back.state)
    assert scrubbed.records("tickets")[0]["subject"] == "SCRUBBED"


def test_an_organization_that_says_when_it_was_deleted(zendesk: Zendesk) -> None:
    body = {
        "organizations": [{"id": 5, "name": "Firm", "deleted_at": "2026-11-01T00:00:00Z"}],
        "end_time": 1_790_000_000,
        "end_of_stream": True,
    }
    zendesk.control.faults(
        {"system": "zendesk", "path": "*/organizations*", "fault": "status", "status": 200, "body": body}
    )
    (record,) = zendesk.read("organizations").records("organizations")
    assert record["_sdc_deleted_at"] == record["deleted_at"] == "2026-11-01T00:00:00Z"
