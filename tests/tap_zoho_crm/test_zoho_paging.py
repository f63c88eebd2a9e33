"""Pages, seconds shared by many records, limits of lists and COQL, more than fifty fields."""

from __future__ import annotations

from typing import Any

import pytest
from support.tap_run import ReadTap
from support.zoho import Put, Row, accounts, names, paths

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox

SINCE: Row = {"from": "2026-11-20T10:11:12Z"}


def test_more_than_two_thousand_in_one_second(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(2300))
    put(accounts(200, "2026-11-20T10:11:13+00:00", start=2300))
    expected = [f"Account {number:05}" for number in range(2500)]
    for way in ("coql", "list"):
        assert names(read(read_way=way).records("Accounts")) == expected, way
    # 200, then 2,000 at a time: those without a time, and those with.
    assert len(paths(sandbox, "/coql")) == 3
    small = read(read_way="coql", coql_rows=999)
    assert names(small.records("Accounts")) == expected


@pytest.mark.parametrize("count", [200, 201])
def test_the_edge_of_a_page(put: Put, read: ReadTap, count: int) -> None:
    put(accounts(count))
    for changes in ({"read_way": "list"}, {"read_way": "coql", "coql_rows": 200}):
        assert len(read(**changes).records("Accounts")) == count


def test_a_chain_of_pages_that_ends_begins_again_where_it_was(put: Put, read: ReadTap) -> None:
    for minute in range(6):
        put(accounts(100, f"2026-11-20T10:0{minute}:00+00:00", start=minute * 100))
    run = read(read_way="list", list_limit=400)
    assert names(run.records("Accounts")) == [f"Account {number:05}" for number in range(600)]


def test_zoho_ends_the_chain_itself(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    sandbox.control.settings(zoho={"page_limit": 200, "token_page_limit": 400})
    for minute in range(6):
        put(accounts(100, f"2026-11-20T10:0{minute}:00+00:00", start=minute * 100))
    run = read(read_way="list")
    assert names(run.records("Accounts")) == [f"Account {number:05}" for number in range(600)]


def test_a_list_that_gives_no_token_goes_on_by_number(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    first, *_ = put(accounts(450))
    body = {"data": [first], "info": {"more_records": True, "next_page_token": None}}
    sandbox.control.faults(
        {"system": "zoho", "path": "/crm/v8/Accounts", "fault": "status", "status": 200, "body": body}
    )
    run = read(read_way="list")
    assert "page=2" in paths(sandbox, "/crm/v8/Accounts")[1]["query"]
    assert len(run.records("Accounts")) == 251
    # What is refused at the end of the pages begins a new chain, or is told where none can.
    sandbox.control.faults(
        {"system": "zoho", "path": "/crm/v8/Accounts", "fault": "status", "status": 200, "body": body}
    )
    sandbox.control.settings(zoho={"page_limit": 200})
    with pytest.raises(SystemFault, match="share one second"):
        read(read_way="list", **SINCE)


def test_too_many_in_one_second_for_a_list_are_named(put: Put, read: ReadTap) -> None:
    put(accounts(700))
    with pytest.raises(SystemFault, match="share one second"):
        read(read_way="list", list_limit=400)


def test_the_boundary_second_is_read_again(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(3))
    first = read()
    bookmark = first.state["bookmarks"]["Accounts"]["replication_key_value"]
    put([{"Account_Name": "In the same second", "Modified_Time": bookmark.replace("Z", "+00:00")}])
    for way in ("coql", "list", "bulk"):
        assert names(read(first.state, read_way=way).records("Accounts")) == ["In the same second"], way


def test_if_modified_since_without_its_second_loses_nothing(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    sandbox.control.settings(zoho={"since_inclusive": False, "unchanged_status": 204})
    put(accounts(3))
    run = read(read_way="list", **SINCE)
    assert len(run.records("Accounts")) == 3
    later = read(read_way="list", **{**SINCE, "from": "2026-11-20T10:11:13Z"})
    assert later.records("Accounts") == []


def test_the_end_of_a_window_is_kept(put: Put, read: ReadTap) -> None:
    put(accounts(2))
    put(accounts(2, "2026-11-20T10:11:14+00:00", start=2))
    window: Row = {"from": "2026-11-20T10:11:00Z", "to": "2026-11-20T10:11:13Z"}
    for way in ("coql", "list", "bulk"):
        assert names(read(read_way=way, **window).records("Accounts")) == ["Account 00000", "Account 00001"]


@pytest.fixture
def wide(sandbox: RunningSandbox, put: Put) -> dict[str, Any]:
    """Accounts with 120 further fields."""
    fields = [{"module": "Accounts", "api_name": f"Extra_{n}", "data_type": "text"} for n in range(120)]
    sandbox.control.put_rows("zoho", "fields", fields)
    (stored,) = put([{"Account_Name": "Wide", **{f"Extra_{n}": f"value {n}" for n in range(120)}}])
    put(accounts(450))
    return stored


def test_more_than_fifty_fields(wide: dict[str, Any], read: ReadTap, sandbox: RunningSandbox) -> None:
    for way in ("list", "coql"):
        run = read(read_way=way)
        assert len(run.records("Accounts")) == 451
        (found,) = [record for record in run.records("Accounts") if record["Account_Name"] == "Wide"]
        assert all(found[f"Extra_{n}"] == f"value {n}" for n in range(120))
    # Each batch of fields has page tokens of its own, and the sandbox refuses one with other fields.
    lists = [request for request in paths(sandbox, "/Accounts") if "fields=" in request["query"]]
    assert len(lists) % 3 == 0 or len(lists) % 4 == 0
    wide_query = read(read_way="coql", coql_columns=500, record_ids=[wide["id"]])
    assert len(wide_query.records("Accounts")) == 1


def test_a_record_that_changes_between_batches_of_fields_is_read_alone(
    wide: dict[str, Any], read: ReadTap, sandbox: RunningSandbox
) -> None:
    from ml_connector.vendors.zoho.records import joined

    one, other = {"id": "1", "Modified_Time": "x", "A": 1}, {"id": "1", "Modified_Time": "y", "B": 2}
    assert joined([[one], [other]]) == ([], ["1"])
    assert joined([[one], []]) == ([], ["1"])
    assert joined([[one], [{**other, "Modified_Time": "x"}]]) == (
        [{"id": "1", "Modified_Time": "x", "A": 1, "B": 2}],
        [],
    )


def test_a_module_without_times_is_read_whole(read: ReadTap, sandbox: RunningSandbox) -> None:
    sandbox.control.put_rows("zoho", "modules", [{"api_name": "Links", "timestamps": False}])
    sandbox.control.put_rows("zoho", "Links", [{"Name": f"Link {n}"} for n in range(450)])
    for way in ("coql", "list", "bulk", "auto"):
        first = read(modules=["Links"], read_way=way, coql_rows=200)
        assert len(first.records("Links")) == 450, way
        assert len(read(first.state, modules=["Links"], read_way=way).records("Links")) == 450
        assert "bookmark_properties" not in first.of_type("SCHEMA")[0]
