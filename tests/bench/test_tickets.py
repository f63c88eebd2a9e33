"""The arithmetic of the measurements of tickets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.tickets import cases, exports, output, processes, runs, taps, world
from bench.tickets.limits import ENTERPRISE, HIGH_VOLUME, Calls, Plan, calls_of, floor, minutes
from bench.two_ways import project


def run_of(tickets: int, **figures: Any) -> runs.Run:
    """A run over so many tickets, with an audit call for each and three records."""
    given: dict[str, Any] = {
        "calls": Calls(2 + tickets, 2),
        "seconds": 10.0 + tickets / 10,
        "cpu": 1.0 + tickets / 1000,
        "memory": 60.0,
        "records": 100 + 4 * tickets,
        "right": 3 * tickets,
        "wanted": 3 * tickets,
    }
    return runs.Run(tickets, **{**given, **figures})


def test_exports_are_counted_apart() -> None:
    log = [
        {"path": "/oauth/tokens", "status": 200},
        {"path": "/api/v2/incremental/tickets/cursor.json", "status": 200},
        {"path": "/api/v2/incremental/ticket_events.json", "status": 429},
        {"path": "/api/v2/tickets/1/audits.json", "status": 200},
    ]
    assert calls_of(log) == Calls(requests=4, exports=2, refused=1)


@pytest.mark.parametrize(
    ("calls", "plan", "seconds", "limit"),
    [
        (Calls(10, 10), ENTERPRISE, 0.0, "exports"),
        (Calls(11, 11), ENTERPRISE, 60.0, "exports"),
        (Calls(85, 85), ENTERPRISE, 480.0, "exports"),
        (Calls(85, 85), HIGH_VOLUME, 120.0, "exports"),
        (Calls(2501, 30), HIGH_VOLUME, 60.0, "requests"),
        (Calls(20_020, 20), ENTERPRISE, 1680.0, "requests"),
    ],
)
def test_the_slower_limit_is_the_floor(calls: Calls, plan: Plan, seconds: float, limit: str) -> None:
    assert floor(calls, plan) == (seconds, limit)


def test_minutes_of_quota_are_those_of_the_scarcer_one() -> None:
    assert minutes(Calls(1_400, 5), ENTERPRISE) == pytest.approx(2.0)
    assert minutes(Calls(85, 85), ENTERPRISE) == pytest.approx(8.5)


def test_a_sample_is_scaled_on_the_line_through_two() -> None:
    scaled = runs.scaled(20_000, run_of(480), run_of(940))
    assert scaled.calls == Calls(20_002, 2)
    assert scaled.seconds == pytest.approx(2_010.0)
    assert scaled.records == 80_100
    assert (scaled.right, scaled.wanted, scaled.memory) == (2_820, 2_820, 60.0)


def test_records_are_counted_once_and_against_what_the_account_holds(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"type": "SCHEMA", "stream": "tickets", "schema": {}},
        {"type": "RECORD", "stream": "tickets", "record": {"id": 1}},
        {"type": "RECORD", "stream": "tickets", "record": {"id": 1}},
        {"type": "RECORD", "stream": "ticket_comments", "record": {"id": 26363660000200}},
        {"type": "STATE", "value": {}},
    ]
    path = tmp_path / "output.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = output.read(path)
    assert found.records == 3
    expected = {"tickets": {1, 2}, "ticket_comments": {26363660000200}, "users": {7}}
    assert found.right(expected) == 2


def test_the_last_tickets_are_those_since_a_moment_with_their_comments() -> None:
    account = world.World(
        tickets=((100, 1), (200, 2), (200, 3), (300, 4)),
        comments=((90, 1, 10), (150, 3, 30), (200, 3, 31), (290, 4, 40)),
        users=((50, 8), (250, 7)),
        events=(100, 150, 200, 200, 300),
    )
    assert account.since(1) == 300
    assert account.since(2) == 200
    assert account.since(4) == 0
    # Two changed in that second.
    assert account.of_tickets(2) == {"users": {7, 8}, "tickets": {2, 3, 4}, "ticket_comments": {30, 31, 40}}
    assert account.changed(2) == {"users": {7}, "tickets": {2, 3, 4}, "ticket_comments": {31, 40}}


def test_only_the_streams_that_are_compared_are_selected() -> None:
    metadata = [{"breadcrumb": [], "metadata": {"selected": True}}]
    catalog = {
        "streams": [
            {"tap_stream_id": name, "metadata": json.loads(json.dumps(metadata))}
            for name in ("tickets", "ticket_audits")
        ]
    }
    chosen = taps.selected(catalog)["streams"]
    assert [each["metadata"][0]["metadata"]["selected"] for each in chosen] == [True, False]


def test_the_least_pages_are_those_of_three_exports() -> None:
    account = world.World(
        tickets=tuple((number, number) for number in range(2_500)),
        comments=(),
        users=((0, 7), (0, 8)),
        events=tuple(number // 3 for number in range(7_500)),
    )
    assert account.pages(2_500) == 3 + 8 + 1
    # 1,000 tickets are a page, 3,000 events are three; an export without a row has a page, too.
    assert account.pages(1_000) == 1 + 3 + 1


def test_the_goals_are_held_against_the_peer_and_the_floor() -> None:
    pages = Calls(83, 83)
    whole = exports.Row(run_of(20_000, calls=Calls(86, 84), seconds=124.0), HIGH_VOLUME, pages)
    part = exports.Row(run_of(5_000, seconds=150.0), ENTERPRISE, Calls(22, 22))
    theirs = exports.Row(run_of(20_000), HIGH_VOLUME, Calls(20_002, 2))
    assert "0.0043 of its requests (kept), 1.03 and 1.25 of the floor" in exports.verdict(whole, part, theirs)
    poor = exports.Row(run_of(20_000, calls=Calls(2_001, 2_001)), HIGH_VOLUME, pages)
    assert "(missed)" in exports.verdict(poor, part, theirs)


def test_the_cpu_of_a_record_leaves_out_what_every_run_costs() -> None:
    small = run_of(5_000, cpu=1.5, records=20_000)
    assert exports.per_record(small, run_of(20_000, cpu=3.0, records=80_000))[-3] == "25.0 µs"


def test_calls_to_orocrm_are_bound_by_the_latency_of_so_many_at_a_time() -> None:
    log = [{"write": True}, {"write": True}, {"write": False}, {"write": True}]
    calls = cases.calls_of(log)
    assert calls == cases.Calls(all=4, writes=3)
    assert cases.floor(calls, 4) == pytest.approx(0.05)
    used = processes.Used({"read": 8, "outcomes": {"created": 3, "unchanged": 5}}, 0.1, 0.05, 70.0)
    figures = cases.row("first load", used, calls, 4)
    assert figures[1:6] == ("8", "3", "4", "3", "500")
    assert figures[8] == "0.50"


@pytest.mark.parametrize(
    ("plugin", "place"),
    [("target-oro-crm", "oro"), ("tap-zendesk-ml", "zendesk"), ("target-zendesk-oro", "zendesk")],
)
def test_a_plugin_finds_its_vendor_in_the_sandbox(plugin: str, place: str) -> None:
    assert project.addresses(plugin, "http://127.0.0.1:1") == {"base_url": f"http://127.0.0.1:1/{place}"}


def test_our_tap_reads_all_that_an_account_holds_in_as_many_calls_as_there_are_pages(tmp_path: Path) -> None:
    with world.served(ENTERPRISE) as sandbox:
        account = world.filled(sandbox.control, 60, 180)
        command = taps.ours(sandbox.url, tmp_path, account.since(60), {"exports_per_minute": 10})
        done = runs.run(sandbox, command, 60, account.changed(60))
    assert (len(account.tickets), len(account.comments)) == (60, 180)
    assert (done.right, done.records) == (done.wanted, done.wanted)
    assert done.calls.exports == account.pages(60) == 3
    assert done.calls.refused == 0
