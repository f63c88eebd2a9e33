"""A change is sent once, and none is missed: by filters of the server, or by comparison."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.oro import LONG_AGO, case, gone, ids_of, paths, people, put, rows
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox

Process = Callable[..., TapRun]
VERSIONS = ["5.1", "6.0", "6.1", "7.0.2"]
STREAMS = ("users", "accounts", "contacts", "cases", "casecomments")
ZENDESK = ("zendeskusers", "zendesktickets", "zendeskticketcomments")
FILTERS = ",".join(f"{kind}.updatedAt" for kind in (*STREAMS, *ZENDESK) if kind != "contacts")
EXACT: dict[str, Any] = {"window_lag": 0, "look_back": 0}


def counts(run: TapRun) -> dict[str, int]:
    """How many records of each dated stream a run sent, where there are any."""
    found = {kind: len(run.records(kind)) for kind in (*STREAMS, *ZENDESK)}
    return {kind: number for kind, number in found.items() if number}


def one_of_each(sandbox: RunningSandbox, *, with_bundle: bool) -> dict[str, str]:
    """A record of each type; gives their ids."""
    contact, _ = people(sandbox)
    (account,) = put(sandbox, "accounts", {"name": "A"})
    (kept,) = put(sandbox, "cases", case(relatedContact=contact))
    (comment,) = put(sandbox, "casecomments", {"message": "M", "case": kept["id"]})
    ids = {
        "users": "20",
        "accounts": account["id"],
        "contacts": contact,
        "cases": kept["id"],
        "casecomments": comment["id"],
    }
    if with_bundle:
        (user,) = put(sandbox, "zendeskusers", {"originId": "1", "name": "Z"})
        (ticket,) = put(sandbox, "zendesktickets", {"originId": "2"})
        (said,) = put(sandbox, "zendeskticketcomments", {"originId": "3", "ticket": ticket["id"]})
        ids |= dict(zip(ZENDESK, (user["id"], ticket["id"], said["id"]), strict=True))
    return ids


VALUES = {
    "users": "title",
    "accounts": "name",
    "contacts": "jobTitle",
    "cases": "subject",
    "casecomments": "message",
    "zendeskusers": "name",
    "zendesktickets": "subject",
    "zendeskticketcomments": "body",
}


@pytest.mark.parametrize(("with_bundle", "with_filters"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("version", VERSIONS)
def test_one_change_is_one_record(
    sandbox: RunningSandbox, read: ReadTap, version: str, with_bundle: bool, with_filters: bool
) -> None:
    added = FILTERS if with_filters else ""
    sandbox.control.settings(oro={"version": version, "bundle": with_bundle, "extra_filters": added})
    ids = one_of_each(sandbox, with_bundle=with_bundle)
    first = read()
    assert counts(read(first.state)) == {}
    sandbox.control.jump(3600)
    idle = read(first.state)
    assert counts(idle) == {}
    for kind, identifier in ids.items():
        put(sandbox, kind, {"id": identifier, VALUES[kind]: "changed"})
    (new,) = put(sandbox, "cases", case(subject="new"))
    assert new["updatedAt"] is None
    second = read(idle.state)
    assert counts(second) == {**dict.fromkeys(ids, 1), "cases": 2}
    for kind in ids:
        assert second.records(kind)[0][VALUES[kind]] == "changed"
    assert counts(read(second.state)) == {}
    sandbox.control.jump(3600)
    assert counts(read(second.state)) == {}


@pytest.mark.parametrize("with_filters", [False, True])
def test_what_changes_again_in_the_same_second_is_sent_again(
    sandbox: RunningSandbox, read: ReadTap, with_filters: bool
) -> None:
    sandbox.control.settings(oro={"extra_filters": FILTERS if with_filters else ""})
    (kept, other) = put(sandbox, "cases", case(), case())
    state = read(**EXACT).state
    # Beyond any bookmark of this test, so that it does not matter how long its runs take.
    moment = (sandbox.control.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for subject in ("once", "twice"):
        put(sandbox, "cases", {"id": kept["id"], "subject": subject, "updatedAt": moment})
        run = read(state, **EXACT)
        assert [record["subject"] for record in run.records("cases")] == [subject]
        state = run.state
    put(sandbox, "cases", {"id": other["id"], "subject": "late", "updatedAt": moment})
    run = read(state, **EXACT)
    assert [record["subject"] for record in run.records("cases")] == ["late"]


@pytest.mark.parametrize("with_filters", [False, True])
def test_what_was_committed_late_is_found_in_the_look_back(
    sandbox: RunningSandbox, read: ReadTap, with_filters: bool
) -> None:
    sandbox.control.settings(oro={"extra_filters": FILTERS if with_filters else ""})
    (kept,) = put(sandbox, "cases", case(updatedAt=LONG_AGO))
    state = read().state
    for minutes, found in ((2, ["late"]), (20, [])):
        stamp = (sandbox.control.now() - timedelta(minutes=minutes)).isoformat()
        put(sandbox, "cases", {"id": kept["id"], "subject": "late", "updatedAt": stamp})
        assert [record["subject"] for record in read(state).records("cases")] == found


@pytest.mark.parametrize("with_filters", [False, True])
def test_a_new_record_with_old_dates_is_found_by_its_id(
    sandbox: RunningSandbox, read: ReadTap, with_filters: bool
) -> None:
    """Oro's own Zendesk import gives comments the dates that they have in Zendesk."""
    sandbox.control.settings(oro={"extra_filters": FILTERS if with_filters else ""})
    kept = one_of_each(sandbox, with_bundle=False)["cases"]
    state = read().state
    old = {"createdAt": LONG_AGO, "updatedAt": LONG_AGO}
    put(sandbox, "casecomments", {"message": "old", "case": kept, **old})
    put(sandbox, "cases", case(subject="old", createdAt=LONG_AGO), case(subject="older", **old))
    run = read(state)
    assert [record["message"] for record in run.records("casecomments")] == ["old"]
    assert sorted(record["subject"] for record in run.records("cases")) == ["old", "older"]
    assert counts(read(run.state)) == {}


def test_the_first_filtered_run_with_a_start_date_knows_new_ids(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    put(sandbox, "contacts", *({"lastName": name, "updatedAt": LONG_AGO} for name in "ab"))
    put(sandbox, "contacts", {"lastName": "c"})
    run = read(start_date="2026-06-01T00:00:00Z")
    assert [record["lastName"] for record in run.records("contacts")] == ["c"]
    put(sandbox, "contacts", {"lastName": "d", "createdAt": LONG_AGO, "updatedAt": LONG_AGO})
    again = read(run.state, start_date="2026-01-01T00:00:00Z")
    assert [record["lastName"] for record in again.records("contacts")] == ["d"]


@pytest.mark.parametrize("with_filters", [False, True])
def test_a_range_is_read_beside_the_bookmark(
    sandbox: RunningSandbox, read: ReadTap, with_filters: bool
) -> None:
    sandbox.control.settings(oro={"extra_filters": FILTERS if with_filters else ""})
    dates = [f"2026-0{month}-01T00:00:00Z" for month in (1, 2, 3, 4)]
    put(sandbox, "cases", *(case(subject=date[6], updatedAt=date) for date in dates))
    put(
        sandbox, "cases", case(subject="never", createdAt=dates[2]), case(subject="early", createdAt=dates[0])
    )
    state = read().state
    limits: dict[str, Any] = {"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}
    ranged = read(state, **limits)
    assert sorted(record["subject"] for record in ranged.records("cases")) == ["2", "3", "never"]
    assert ranged.state["bookmarks"]["cases"] == state["bookmarks"]["cases"]


def test_only_dates_are_listed_of_what_did_not_change(sandbox: RunningSandbox, read: ReadTap) -> None:
    put(sandbox, "cases", *(case(updatedAt=LONG_AGO) for _ in range(40)))
    state = read(page_size=10).state
    put(sandbox, "cases", {"id": "7", "subject": "changed"})
    sandbox.control.clear_requests()
    assert ids_of(read(state, page_size=2).records("cases")) == ["7"]
    listed = paths(sandbox, "fields%5Bcases%5D=updatedAt%2CcreatedAt&sort=id")
    assert len(listed) == 3
    assert len(paths(sandbox, "filter%5Bid%5D=7&")) == 1
    assert len(paths(sandbox, "/api/cases?")) == 6  # with the newest ones, and the question for the filter


def test_filters_of_the_server_may_be_left_alone(sandbox: RunningSandbox, read: ReadTap) -> None:
    people(sandbox)
    state = read().state
    sandbox.control.clear_requests()
    assert counts(read(state, server_filters=False)) == {}
    assert not paths(sandbox, "filter%5BupdatedAt%5D")
    assert counts(read(state)) == {}
    assert len(paths(sandbox, "contacts?filter%5BupdatedAt%5D")) == 2


def test_named_records_are_read_beside_the_bookmark(sandbox: RunningSandbox, read: ReadTap) -> None:
    put(sandbox, "cases", *(case(updatedAt=LONG_AGO) for _ in range(3)))
    for number in (1, 2, 2, 3):
        put(sandbox, "casecomments", {"message": str(number), "case": str(number), "updatedAt": LONG_AGO})
    contact, _ = people(sandbox)
    state = read().state
    run = read(state, record_ids=["cases:2", f"contacts:{contact}", "casecomments:4", "casecomments:2"])
    # With a case come its comments, and who owns them.
    assert counts(run) == {"users": 1, "cases": 1, "contacts": 1, "casecomments": 3}
    assert ids_of(run.records("cases")) == ["2"]
    assert ids_of(run.records("casecomments")) == ["2", "4", "3"]
    bookmarks = {kind: state["bookmarks"][kind] for kind in STREAMS}
    assert all(run.state["bookmarks"].get(kind) == bookmarks[kind] for kind in STREAMS)
    everywhere = read(state, record_ids=[1], deletes="records", deletes_every=0)
    assert counts(everywhere) == {"users": 1, "contacts": 1, "cases": 1, "casecomments": 1}
    assert everywhere.of_type("ACTIVATE_VERSION") == []


def test_named_records_that_are_not_there(
    sandbox: RunningSandbox, read: ReadTap, caplog: pytest.LogCaptureFixture
) -> None:
    put(sandbox, "cases", case())
    with caplog.at_level("WARNING"):
        assert counts(read(record_ids=["cases:1", "cases:99"])) == {"users": 1, "cases": 1}
    assert "1 of the 2 ids" in caplog.text
    with pytest.raises(SystemFault, match="no id of OroCRM"):
        read(record_ids=["cases:one"])


@pytest.mark.parametrize("mode", ["keys", "records"])
@pytest.mark.parametrize("first", [True, False])
def test_a_search_for_deleted_records_lists_who_is_there(
    sandbox: RunningSandbox, settings: dict[str, Any], read: ReadTap, mode: str, first: bool
) -> None:
    put(sandbox, "cases", *(case(updatedAt=LONG_AGO) for _ in range(4)), case())
    state = None if first else read().state
    gone(settings, "cases", "2", "4")
    run = read(state, deletes=mode, deletes_every=0, page_size=2)
    (end,) = (each for each in run.of_type("ACTIVATE_VERSION") if each["stream"] == "cases")
    listed = [
        message["record"]
        for message in run.of_type("RECORD")
        if message["stream"] == "cases" and message.get("version") == end["version"]
    ]
    assert ids_of(listed) == ["1", "3", "5"]
    assert {len(record) == 1 for record in listed} == {mode == "keys"}
    # Looking again so soon is not due, and what was sent whole is not sent again as changed.
    later = read(run.state, deletes=mode)
    assert later.of_type("ACTIVATE_VERSION") == []
    assert counts(later) == {}


@pytest.mark.parametrize("with_filters", [False, True])
def test_a_killed_run_goes_on_where_it_was(
    sandbox: RunningSandbox, process: Process, tmp_path: Path, with_filters: bool
) -> None:
    sandbox.control.settings(oro={"extra_filters": FILTERS if with_filters else ""})
    put(sandbox, "cases", *(case(updatedAt=LONG_AGO) for _ in range(30)))
    before = process(start_date="2026-06-01T00:00:00Z")
    assert before.records("cases") == []
    for identifier in rows(sandbox, "cases"):
        put(sandbox, "cases", {"id": identifier, "subject": "changed"})
    sandbox.control.jump(3600)  # beyond what the next run looks back anyway
    sandbox.control.faults(
        {"system": "oro", "path": r"^.*cases\?.*id%5D%5Bgt%5D=16&?", "fault": "latency", "seconds": 60}
    )

    def kill(run: int) -> None:
        output, deadline = tmp_path / "run.output", time.monotonic() + 30
        while time.monotonic() < deadline:
            if output.exists() and b'"after":16}' in output.read_bytes():
                break
            time.sleep(0.02)
        os.kill(run, signal.SIGKILL)

    # Sixteen records are in two pages of dates, or in sixteen of their own.
    small = {"page_size": 1, "server_filters": with_filters}
    killed = process(before.state, while_running=kill, **small)
    assert killed.code == -signal.SIGKILL
    whole = TapRun([line for line in killed.lines if line.endswith("}")])
    seen = ids_of(whole.records("cases"))
    assert len(seen) == 16
    sandbox.control.faults()
    again = process(whole.state, **small)
    rest = ids_of(again.records("cases"))
    assert sorted([*seen, *rest], key=int) == list(rows(sandbox, "cases"))
    assert "unfinished" not in again.state["bookmarks"]["cases"]
    assert "going on after id" in again.errors
    assert process(again.state, **small).records("cases") == []


def test_a_case_that_changed_brings_all_its_comments_along(sandbox: RunningSandbox, read: ReadTap) -> None:
    changed, other = put(sandbox, "cases", case(), case())
    put(
        sandbox, "casecomments", *({"message": "M", "case": each["id"]} for each in (changed, changed, other))
    )
    first = read(follow_cases=True)
    assert len(first.records("casecomments")) == 3
    sandbox.control.jump(3600)
    put(sandbox, "cases", {"id": changed["id"], "subject": "Now"})
    (new,) = put(sandbox, "casecomments", {"message": "New", "case": changed["id"]})
    followed = read(state=first.states[-1], follow_cases=True)
    alone = read(state=first.states[-1])
    assert [row["id"] for row in alone.records("casecomments")] == [new["id"]]
    assert [row["case"] for row in followed.records("casecomments")] == [changed["id"]] * 3
    assert len({row["id"] for row in followed.records("casecomments")}) == 3
    assert read(state=followed.states[-1], follow_cases=True).records("casecomments") == []


def test_a_named_case_brings_along_who_has_to_do_with_it(sandbox: RunningSandbox, read: ReadTap) -> None:
    contact, _ = people(sandbox)
    (other,) = put(sandbox, "contacts", {"firstName": "Other"})
    (named,) = put(sandbox, "cases", case(relatedContact=contact, assignedTo="20", owner="21"))
    put(sandbox, "casecomments", {"message": "M", "case": named["id"], "contact": other["id"], "owner": "35"})
    run = read(record_ids=[f"cases:{named['id']}"])
    assert sorted(ids_of(run.records("contacts"))) == sorted([contact, other["id"]])
    assert sorted(ids_of(run.records("users"))) == ["20", "21", "35"]
