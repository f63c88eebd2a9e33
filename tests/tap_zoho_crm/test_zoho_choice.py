"""Which way is taken, by size and by what Zoho refuses; which version and edition."""

from __future__ import annotations

from typing import Any

import pytest
from support.tap_run import ReadTap
from support.zoho import Put, accounts, names, paths

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_zoho_crm.tap import TapZohoCrm

REFUSED: dict[str, Any] = {
    "system": "zoho",
    "path": "/crm/bulk/v8/read",
    "fault": "status",
    "status": 400,
    "body": {"code": "NOT_SUPPORTED_FEATURE", "details": {}, "message": "not here", "status": "error"},
}


def ways(sandbox: RunningSandbox) -> tuple[int, int]:
    """How many queries and jobs were sent since the last call."""
    found = (
        len(paths(sandbox, "/coql")),
        sum(request["method"] == "POST" for request in paths(sandbox, "/bulk/")),
    )
    sandbox.control.clear_requests()
    return found


@pytest.fixture
def minutes(put: Put) -> list[str]:
    """Accounts of six minutes, and their names."""
    for minute in range(6):
        put(accounts(100, f"2026-11-20T10:0{minute}:00+00:00", start=minute * 100))
    return [f"Account {number:05}" for number in range(600)]


def test_a_first_load_goes_by_its_count(minutes: list[str], read: ReadTap, sandbox: RunningSandbox) -> None:
    assert names(read(bulk_from=600).records("Accounts")) == minutes
    assert ways(sandbox) == (0, 1)
    assert names(read(bulk_from=601).records("Accounts")) == minutes
    assert ways(sandbox) == (2, 0)


def test_what_is_left_after_many_changes_comes_by_a_job(
    minutes: list[str], read: ReadTap, sandbox: RunningSandbox
) -> None:
    changes: dict[str, Any] = {"start_date": "2026-11-20T00:00:00Z", "coql_rows": 250}
    run = read(bulk_from=400, **changes)
    # 200, then 250 by queries; the second in which they ended comes again.
    assert ways(sandbox) == (2, 1)
    assert len(run.records("Accounts")) == 650
    assert sorted(set(names(run.records("Accounts")))) == minutes
    assert run.states[0]["bookmarks"]["Accounts"]["replication_key_value"] == "2026-11-20T10:01:00Z"
    read(**changes)
    assert ways(sandbox) == (3, 0)


@pytest.mark.parametrize("start", [None, "2026-11-20T00:00:00Z"])
def test_jobs_that_are_refused_give_way_to_queries(
    minutes: list[str],
    read: ReadTap,
    sandbox: RunningSandbox,
    start: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox.control.faults({**REFUSED, "times": None})
    run = read(bulk_from=200, coql_rows=200, start_date=start)
    assert names(run.records("Accounts")) == minutes
    assert ways(sandbox)[1] == 1
    assert "Bulk Read refuses Accounts: " in caplog.text
    with pytest.raises(SystemFault, match="Bulk Read refuses Accounts"):
        read(read_way="bulk")


def test_a_module_that_does_not_tell_its_size_is_read(
    minutes: list[str], read: ReadTap, sandbox: RunningSandbox
) -> None:
    count = {"system": "zoho", "path": "/crm/v8/Accounts/actions/count", "times": None}
    sandbox.control.faults({**count, "fault": "status", "status": 403, "body": {"code": "NO_PERMISSION"}})
    assert names(read(bulk_from=1, read_way="coql").records("Accounts")) == minutes
    sandbox.control.clear_requests()
    assert sorted(set(names(read(bulk_from=600).records("Accounts")))) == minutes
    assert ways(sandbox) == (2, 0)


@pytest.mark.parametrize("way", ["auto", "coql", "list", "bulk"])
def test_an_empty_module_is_read_by_every_way(
    put: Put, read: ReadTap, way: str, sandbox: RunningSandbox
) -> None:
    first = read(read_way=way, bulk_from=1)
    assert first.records("Accounts") == []
    assert first.state["bookmarks"]["Accounts"]["replication_key_value"]
    sandbox.control.jump(10)
    put([{"Account_Name": "New"}])
    assert names(read(first.state, read_way=way).records("Accounts")) == ["New"]


def test_null_settings_are_their_defaults(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    (stored,) = put([{"Account_Name": "One"}])
    own = {setting.name for setting in TapZohoCrm.settings} - read.settings.keys()
    first = read(**dict.fromkeys(own))
    assert names(first.records("Accounts")) == ["One"]
    sandbox.control.jump(400)
    sandbox.control.put_rows("zoho", "deleted", [{"id": stored["id"]}])
    sandbox.control.jump(400)
    (gone,) = read(first.state, **dict.fromkeys(own)).records("Accounts")
    assert gone.keys() == {"id", "_sdc_deleted_at"}


def test_the_edition_of_the_settings_is_not_asked_for(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    put(accounts(1))
    read()
    assert len(paths(sandbox, "/org")) == 1
    sandbox.control.clear_requests()
    tap = TapZohoCrm(config={**read.settings, "edition": "professional", "quota_share": 1})
    assert tap.client.edition.concurrency == 15
    assert paths(sandbox, "/org") == []
    tap.close()


def test_the_version_stands_in_every_path(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(1))
    with pytest.raises(SystemFault, match="INVALID_URL_PATTERN"):
        read(api_version="v7")
    assert {request["path"].split("/")[2] for request in paths(sandbox, "/crm/")} == {"v7"}
