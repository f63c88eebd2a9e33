"""What changed, what was deleted, what is named, and what changes without saying so."""

from __future__ import annotations

from typing import Any

import pytest
from support.tap_run import ReadTap
from support.zoho import Put, Row, accounts, names, paths

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox


def bookmarks(state: dict[str, Any], stream: str = "Accounts") -> dict[str, Any]:
    found: dict[str, Any] = state["bookmarks"][stream]
    return found


def test_only_changes_are_read_again(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(5))
    first = read()
    sandbox.control.jump(100)
    assert read(first.state).records("Accounts") == []
    sandbox.control.jump(100)
    put([{"Account_Name": "New"}])
    second = read(first.state)
    assert names(second.records("Accounts")) == ["New"]
    assert len(paths(sandbox, "/coql")) == 4


def test_the_lag_and_the_look_back_are_kept(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    put(accounts(2))
    first = read(window_lag=60)
    now = sandbox.control.now()
    put([{"Account_Name": "Just now"}])
    assert read(first.state, window_lag=60).records("Accounts") == []
    sandbox.control.jump(90)
    later = read(first.state, window_lag=60)
    assert names(later.records("Accounts")) == ["Just now"]
    assert names(read(later.state, look_back=600).records("Accounts")) == ["Just now"]
    assert bookmarks(later.state)["replication_key_value"] > now.isoformat()


def test_a_start_date_leaves_out_what_is_older(put: Put, read: ReadTap) -> None:
    put(accounts(2, "2025-01-01T00:00:00+00:00"))
    put(accounts(2, start=2))
    run = read(start_date="2026-01-01T00:00:00Z", window_days=50)
    assert names(run.records("Accounts")) == ["Account 00002", "Account 00003"]
    assert len(run.states) >= 7


def test_deleted_records_come_from_a_bookmark_of_their_own(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    stored = put(accounts(5))
    first = read()
    sandbox.control.jump(10)
    gone = [str(row["id"]) for row in stored[:3]]
    sandbox.control.put_rows("zoho", "deleted", [{"id": gone[0]}, {"id": gone[1]}])
    sandbox.control.put_rows("zoho", "deleted", [{"id": gone[2], "type": "permanent"}])
    sandbox.control.jump(10)
    second = read(first.state)
    records = {record["id"]: record for record in second.records("Accounts")}
    assert records.keys() == set(gone)
    assert all(record.keys() == {"id", "_sdc_deleted_at"} for record in records.values())
    assert all(record["_sdc_deleted_at"].endswith("Z") for record in records.values())
    sandbox.control.jump(10)
    assert read(second.state).records("Accounts") == []
    assert read(first.state, deleted_records=False).records("Accounts") == []


def test_many_deleted_records_take_several_pages(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    stored = put(accounts(450))
    first = read()
    sandbox.control.jump(10)
    sandbox.control.put_rows("zoho", "deleted", [{"id": row["id"]} for row in stored])
    sandbox.control.settings(zoho={"unchanged_status": 204})
    assert {record["id"] for record in read(first.state).records("Accounts")} == {
        str(row["id"]) for row in stored
    }


def test_a_first_run_tells_nothing_of_what_was_deleted_before(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    stored = put(accounts(2))
    sandbox.control.put_rows("zoho", "deleted", [{"id": stored[0]["id"]}])
    sandbox.control.jump(10)
    assert [record["id"] for record in read().records("Accounts")] == [str(stored[1]["id"])]


def test_a_long_pause_is_told(
    put: Put, read: ReadTap, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    put(accounts(2))
    state = read().state
    bookmarks(state)["deleted_until"] = "2026-01-01T00:00:00Z"
    read(state)
    assert "deletes: keys" in caplog.text


def test_a_search_for_deleted_records_lists_all_ids(put: Put, read: ReadTap) -> None:
    stored = put(accounts(450))
    run = read(read(deletes="off").state, deletes="keys", deletes_every=0)
    assert {record["id"] for record in run.records("Accounts")} == {str(row["id"]) for row in stored}
    assert run.of_type("ACTIVATE_VERSION")


def test_formulas_are_read_again_now_and_then(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    field = {"module": "Accounts", "api_name": "Total", "data_type": "formula", "return_type": "currency"}
    sandbox.control.put_rows("zoho", "fields", [field])
    put([{**row, "Total": 1} for row in accounts(3)])
    first = read(formula_refresh_every=1)
    assert len(first.records("Accounts")) == 3
    sandbox.control.jump(3600)
    assert read(first.state, formula_refresh_every=1).records("Accounts") == []
    sandbox.control.jump(86_400)
    assert read(first.state, formula_refresh_every=36500).records("Accounts") == []
    # Once a day is the default, also for null.
    assert len(read(first.state).records("Accounts")) == 3
    assert len(read(first.state, formula_refresh_every=None).records("Accounts")) == 3
    second = read(first.state, formula_refresh_every=1)
    assert len(second.records("Accounts")) == 3
    assert bookmarks(second.state)["formulas_read_at"] > bookmarks(first.state)["formulas_read_at"]
    assert read(second.state, formula_refresh_every=1).records("Accounts") == []
    assert len(read(second.state, formula_refresh_every=0).records("Accounts")) == 3


def test_a_module_without_formulas_is_not_read_again(put: Put, read: ReadTap) -> None:
    put(accounts(3))
    assert read(read().state, formula_refresh_every=0).records("Accounts") == []


def test_just_the_named_records_are_read(put: Put, read: ReadTap, sandbox: RunningSandbox) -> None:
    stored = put(accounts(250))
    (contact,) = sandbox.control.put_rows("zoho", "Contacts", [{"Last_Name": "Doe"}])
    state = read(modules=["Accounts", "Contacts"]).state
    sandbox.control.clear_requests()
    ids = [str(row["id"]) for row in stored[:150]]
    run = read(state, modules=["Accounts", "Contacts"], record_ids=[*ids, f"Contacts:{contact['id']}"])
    assert sorted(record["id"] for record in run.records("Accounts")) == sorted(ids)
    assert [record["id"] for record in run.records("Contacts")] == [str(contact["id"])]
    assert run.state == state
    assert paths(sandbox, "/coql") == []
    assert paths(sandbox, "/deleted") == []


def test_named_records_that_are_not_there_are_told(
    put: Put, read: ReadTap, caplog: pytest.LogCaptureFixture
) -> None:
    put(accounts(1))
    assert read(record_ids=["5725767000000000001"]).records("Accounts") == []
    assert "1 of the 1 ids" in caplog.text
    with pytest.raises(SystemFault, match="no id of Zoho CRM"):
        read(record_ids=["Acme"])


def test_leads_that_were_converted(read: ReadTap, sandbox: RunningSandbox) -> None:
    rows: list[Row] = [{"Last_Name": "Open"}, {"Last_Name": "Won", "$converted": True}]
    _, won = sandbox.control.put_rows("zoho", "Leads", [{**row, "Company": "Acme"} for row in rows])
    expected = {"false": {"Open"}, "true": {"Won"}, "both": {"Open", "Won"}}
    for choice, wanted in expected.items():
        for way in ("auto", "list"):
            run = read(modules=["Leads"], read_way=way, converted_leads=choice)
            assert {record["Last_Name"] for record in run.records("Leads")} == wanted
    # Whoever names one gets it; what other ways cannot show is not left out in silence.
    (named,) = read(modules=["Leads"], record_ids=[won["id"]]).records("Leads")
    assert named["Last_Name"] == "Won"
    with pytest.raises(SystemFault, match="for lists alone"):
        read(modules=["Leads"], read_way="bulk", converted_leads="both")


def test_a_list_of_deleted_records_that_ends_early_is_told(
    put: Put, read: ReadTap, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    stored = put(accounts(250))
    first = read()
    sandbox.control.jump(10)
    sandbox.control.put_rows("zoho", "deleted", [{"id": row["id"]} for row in stored])
    sandbox.control.jump(10)
    refusal: Row = {"fault": "status", "status": 400, "body": {"code": "LIMIT_EXCEEDED", "details": {}}}
    path: Row = {"system": "zoho", "path": "/crm/v8/Accounts/deleted"}
    sandbox.control.faults({**path, **refusal, "after": 1})
    second = read(first.state)
    assert len(second.records("Accounts")) == 200
    assert "ended after 200" in caplog.text
    assert "`deletes: keys`" in caplog.text
    assert read(second.state).records("Accounts") == []
    # A module without such a list says so, and its bookmark waits.
    sandbox.control.faults({**path, **refusal})
    assert bookmarks(read(first.state).state)["deleted_until"] == bookmarks(first.state)["deleted_until"]
    assert "no list of deleted records" in caplog.text


def test_only_selected_fields_and_modules_are_asked_for(
    put: Put, read: ReadTap, sandbox: RunningSandbox
) -> None:
    put(accounts(2))
    catalog = read.tap(config=read.settings | {"modules": ["Accounts", "Vendors"]}).catalog_dict
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            wanted = entry["breadcrumb"] in ([], ["properties", "id"], ["properties", "Account_Name"])
            entry["metadata"]["selected"] = wanted and stream["stream"] == "Accounts"
    sandbox.control.clear_requests()
    run = read(options={"catalog": catalog}, modules=["Accounts", "Vendors"], deleted_records=False)
    assert [set(record) - {"Modified_Time"} for record in run.records("Accounts")] == [
        {"id", "Account_Name"}
    ] * 2
    queries = [request["body"] for request in paths(sandbox, "/coql")]
    assert queries
    assert all("Billing_City" not in str(query) for query in queries)
    assert len(paths(sandbox, "/settings/fields")) == 1
