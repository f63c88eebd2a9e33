"""Pages of exports: sizes, repetitions, seconds of many rows, refused positions, the quota, dead tokens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from fixtures.sandboxes import running_sandbox
from support.zendesk import Row, Zendesk, counts, ids

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.vendors.zendesk.client import read_quota

TICKETS = "/api/v2/incremental/tickets/cursor"
EVENTS = "/api/v2/incremental/ticket_events"


def spread(zendesk: Zendesk, count: int) -> list[Row]:
    """Tickets that changed a minute apart, some days ago."""
    return zendesk.put(
        "tickets",
        *(
            {"subject": f"Ticket {number}", "generated_timestamp": 1_790_000_000 + 60 * number}
            for number in range(count)
        ),
    )


def sizes(zendesk: Zendesk, part: str = TICKETS) -> list[int]:
    """How many rows each page was asked for."""
    found = []
    for request in zendesk.requests(part):
        query = dict(pair.split("=") for pair in request["query"].split("&"))
        found.append(int(query["per_page"]))
    return found


def test_a_page_that_times_out_is_asked_for_by_halves(zendesk: Zendesk) -> None:
    made = spread(zendesk, 40)
    zendesk.later()
    zendesk.control.settings(zendesk={"export_504_above": 3})
    run = zendesk.read("tickets", page_size=8)
    assert ids(run, "tickets") == [row["id"] for row in made]
    asked = sizes(zendesk)
    assert asked[:3] == [8, 4, 2]
    # After four good pages a larger one is tried again.
    assert asked[3:8] == [2, 2, 2, 4, 2]
    assert len(asked) < 40


def test_a_single_row_that_times_out_ends_the_run(zendesk: Zendesk) -> None:
    spread(zendesk, 2)
    zendesk.later()
    refusal = {"fault": "status", "status": 504, "body": "upstream request timeout", "times": None}
    zendesk.control.faults({"system": "zendesk", "path": f"{TICKETS}*", **refusal})
    with pytest.raises(PassingFault, match="504"):
        zendesk.read("tickets", page_size=4, max_retries=2)
    assert sizes(zendesk) == [4, 2, 1, 1, 1]


def test_pages_of_the_time_dialect_overlap_and_each_row_comes_once(zendesk: Zendesk) -> None:
    firms = zendesk.put(
        "organizations",
        *({"name": f"Firm {number}", "updated_at": f"2026-11-01T00:00:{number:02}Z"} for number in range(9)),
    )
    zendesk.later()
    run = zendesk.read("organizations", page_size=3)
    assert ids(run, "organizations") == [row["id"] for row in firms]
    assert run.state["bookmarks"]["organizations"]["start_time"] == 1793491208
    # A page that became too small for its second grows again.
    zendesk.control.settings(zendesk={"export_504_above": 2})
    assert ids(zendesk.read("organizations", page_size=4), "organizations") == ids(run, "organizations")


def test_a_second_of_too_many_rows_is_told(zendesk: Zendesk) -> None:
    same = {"updated_at": "2026-11-01T00:00:00Z"}
    zendesk.put("organizations", *({"name": f"Firm {number}", **same} for number in range(5)))
    zendesk.later()
    with pytest.raises(SystemFault, match=r"5 rows .* share the second 2026-11-01T00:00:00"):
        zendesk.read("organizations", page_size=4)
    assert len(zendesk.requests("/organizations")) == 2
    assert counts(zendesk.read("organizations", page_size=6)) == {"organizations": 5}


def test_a_second_of_too_many_metric_events_is_read_by_cursors(zendesk: Zendesk) -> None:
    zendesk.tickets(40)  # five events each, most of them in one second
    zendesk.later()
    zendesk.tickets(1)
    zendesk.later()
    run = zendesk.read("ticket_metric_events", page_size=20)
    assert len(set(ids(run, "ticket_metric_events"))) == len(ids(run, "ticket_metric_events")) == 41 * 5
    assert any("page%5Bafter%5D" in request["query"] for request in zendesk.requests("metric_events"))
    assert counts(zendesk.read("ticket_metric_events", page_size=20, state=run.state)) == {}


def test_an_empty_page_is_not_the_end(zendesk: Zendesk) -> None:
    rows: list[Row] = [{"subject": "Human"}] + [{"subject": "AI", "support_type": "ai_agent"}] * 4
    last = {"subject": "Human 2"}
    for number, row in enumerate([*rows, last]):
        zendesk.put("tickets", {**row, "generated_timestamp": 1_790_000_000 + number})
    zendesk.later()
    run = zendesk.read("tickets", support_type_scope="agent", page_size=2)
    assert [record["subject"] for record in run.records("tickets")] == ["Human", "Human 2"]


def test_a_position_that_is_none_any_more(zendesk: Zendesk, caplog: pytest.LogCaptureFixture) -> None:
    made = spread(zendesk, 3)
    zendesk.later()
    state = zendesk.read("tickets").state
    bookmark = state["bookmarks"]["tickets"]
    assert bookmark["replication_key_value"] == 1_790_000_120
    bookmark["cursor"] = "bm9uZQ=="
    zendesk.put("tickets", {"id": made[0]["id"], "priority": "low"})
    zendesk.later()
    run = zendesk.read("tickets", state=state)
    # From the newest time that was read; what was sent then is remembered.
    assert ids(run, "tickets") == [made[0]["id"]]
    assert "Going on from {'start_time': 1790000120}" in caplog.text
    del bookmark["replication_key_value"]
    with pytest.raises(SystemFault, match="refused the export of tickets"):
        zendesk.read("tickets", state=state)


def test_a_state_that_is_not_as_this_tap_writes_it(zendesk: Zendesk) -> None:
    made = spread(zendesk, 2)
    zendesk.later()
    last = "2026-01-01T00:00:00Z"
    memories: tuple[Row, ...] = (
        {"recent": [1]},
        {"recent": {"1": "x"}},
        {"children": [1]},
        {"rechecked": [1]},
    )
    for memory in (*memories, {"replication_key_value": last, "start_time": last}):
        state = {"bookmarks": dict.fromkeys(("tickets", "ticket_audits", "ticket_comments"), memory)}
        run = zendesk.read("tickets", "ticket_audits", "ticket_comments", state=state, recheck_days=1)
        assert ids(run, "tickets") == [row["id"] for row in made]
        assert len(run.records("ticket_audits")) == 2
    for name in ("start_time", "replication_key_value", "complete_until", "tickets_until"):
        state = {"bookmarks": {each: {name: "lately"} for each in ("ticket_audits", "ticket_comments")}}
        with pytest.raises(SystemFault, match=f"The state's {name} is 'lately'"):
            zendesk.read("ticket_audits", "ticket_comments", state=state)


def test_a_start_lies_more_than_a_minute_in_the_past(tmp_path: Path) -> None:
    with running_sandbox() as served:
        zendesk = Zendesk(served, tmp_path)
        times = {"One": "2026-01-01T00:00:00Z", "Two": "2026-03-01T00:00:00Z"}
        for name, changed in times.items():
            zendesk.put("users", {"name": name, "email": f"{name}@firm.example", "updated_at": changed})
        run = zendesk.read("users", start_date="2026-02-01T00:00:00Z")
        assert [record["name"] for record in run.records("users")] == ["Two"]
        assert zendesk.requests("/users/cursor")[0]["status"] == 200
        zendesk.read("users", start_date=zendesk.control.now().isoformat())
        assert zendesk.requests("/users/cursor")[0]["status"] == 200
        # The clock of this machine is ten minutes ahead: the answer tells, and the start is set right.
        zendesk.control.jump(-600)
        zendesk.read("users", "organizations", start_date=zendesk.control.now().isoformat())
        assert [request["status"] for request in zendesk.requests("/incremental/")] == [400, 200, 200]


def test_the_cursor_is_the_state_also_at_the_end(zendesk: Zendesk) -> None:
    spread(zendesk, 5)
    zendesk.later()
    run = zendesk.read("tickets", page_size=2)
    cursors = [state["bookmarks"]["tickets"].get("cursor") for state in run.states]
    assert len(set(cursors) - {None}) == 3
    sent = [request["query"] for request in zendesk.requests(TICKETS)]
    assert "start_time=0" in sent[0]
    assert all("start_time" not in query for query in sent[1:])
    zendesk.read("tickets", state=run.state)
    (request,) = zendesk.requests(TICKETS)
    assert "cursor=" in request["query"]
    assert "start_time" not in request["query"]


def test_one_quota_for_the_exports_of_all_streams(zendesk: Zendesk) -> None:
    streams = ("users", "organizations", "tickets", "ticket_comments")
    limited: dict[str, Any] = {"exports_per_minute": 3, "quota_max_wait": 0}
    with pytest.raises(PassingFault, match="the quota 'exports' is used up"):
        zendesk.read(*streams, **limited)
    assert len(zendesk.requests("/incremental/")) == 3
    with pytest.raises(PassingFault, match="the quota 'exports' is used up"):
        zendesk.read(*streams, exports_per_minute=6, export_share=0.34, quota_max_wait=0)
    assert len(zendesk.requests("/incremental/")) == 2
    # Null is the default: 10 in a minute, all of them.
    spread(zendesk, 12)
    zendesk.later()
    with pytest.raises(PassingFault, match="the quota 'exports' is used up"):
        zendesk.read("tickets", page_size=1, exports_per_minute=None, export_share=None, quota_max_wait=0)
    assert len(zendesk.requests("/incremental/")) == 10


def test_what_zendesk_says_of_the_exports_counts() -> None:
    response = requests.Response()
    response.request = requests.Request("GET", f"https://x.zendesk.com{TICKETS}").prepare()
    response.headers["Zendesk-RateLimit-Incremental-Exports"] = "total=30; remaining=29; resets=12"
    (reading,) = read_quota(response)
    assert (reading.name, reading.limit, reading.remaining, reading.reset) == ("exports", 30, 29, 12)


def test_a_limit_that_others_use_too_is_waited_for(zendesk: Zendesk) -> None:
    made = spread(zendesk, 2)
    zendesk.later()
    throttled = {"fault": "status", "status": 429, "headers": {"Retry-After": "0"}, "body": "Slow down"}
    zendesk.control.faults({"system": "zendesk", "path": f"{TICKETS}*", **throttled})
    assert ids(zendesk.read("tickets"), "tickets") == [row["id"] for row in made]
    assert [request["status"] for request in zendesk.requests(TICKETS)] == [429, 200]


def test_a_token_that_dies_in_the_run_is_renewed(zendesk: Zendesk) -> None:
    made = spread(zendesk, 6)
    zendesk.later()
    fault: Row = {"system": "zendesk", "path": f"{TICKETS}*", "after": 1, "fault": "expire_token"}
    audits = "/api/v2/tickets/*/audits*"
    zendesk.control.faults(fault, {**fault, "after": 3}, {**fault, "path": audits, "after": 2})
    run = zendesk.read("tickets", "ticket_audits", page_size=2)
    assert ids(run, "tickets") == [row["id"] for row in made]
    assert len(set(ids(run, "ticket_audits"))) == 6
    assert 401 in [request["status"] for request in zendesk.requests(TICKETS)]
    assert len(zendesk.paths("/oauth/tokens")) == 4


def test_exports_wait_for_the_vendor_when_their_minute_is_used_up(tmp_path: Path) -> None:
    """The simulator's own limit, ten in a minute of its time; the answers say when to come again."""
    with running_sandbox(settings={"time_scale": 100}) as served:
        zendesk = Zendesk(served, tmp_path)
        made = spread(zendesk, 24)
        zendesk.later()
        run = zendesk.read("tickets", page_size=1, max_retries=20, backoff_max=1)
        assert ids(run, "tickets") == [row["id"] for row in made]
        statuses = [request["status"] for request in zendesk.requests(TICKETS)]
        assert statuses.count(200) == 24
        assert json.dumps(run.state)
