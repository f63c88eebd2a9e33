"""Bulk Read and Bulk Write of the simulated Zoho CRM: jobs, archives, results row by row."""

from typing import Any

from sandbox.zoho_api import ZohoApi, accounts, error_of
from sandbox.zoho_jobs import READ, archive_of, read, start_read, start_write, upload, write


def test_a_bulk_read_writes_values_its_own_way(zoho: ZohoApi) -> None:
    (parent,) = zoho.create("Accounts", {"Account_Name": "P", "Phone": "9"})
    account = {
        "Account_Name": "A",
        "Parent_Account": {"id": parent},
        "Credit_Hold": True,
        "Credit_Limit": 2.5,
    }
    zoho.create("Accounts", {**account, "Tag": [{"name": "x"}, {"name": "y"}]})
    names = [
        "Account_Name",
        "Parent_Account",
        "Parent_Account.Phone",
        "Credit_Hold",
        "Credit_Limit",
        "Tag",
        "Fax",
    ]
    criteria = {"field": {"api_name": "Account_Name"}, "comparator": "equal", "value": "a"}
    rows, result = read(zoho, module={"api_name": "Accounts"}, fields=names, criteria=criteria)
    assert (result["count"], result["more_records"]) == (1, False)
    (row,) = rows
    assert row.pop("Id").isdigit()
    assert list(row.values()) == ["A", parent, "9", "true", "2.5", "x,y", ""]


def test_a_bulk_read_goes_on_with_its_page_token(zoho: ZohoApi) -> None:
    zoho.settings(bulk_read_rows=2)
    zoho.put_rows("Accounts", *accounts("ABC"))
    rows, result = read(zoho, module={"api_name": "Accounts"}, fields=["Account_Name"])
    assert [row["Account_Name"] for row in rows] == ["A", "B"]
    rows, last = read(zoho, page_token=result["next_page_token"])
    assert [row["Account_Name"] for row in rows] == ["C"]
    assert (last["page"], last["more_records"]) == (2, False)
    assert error_of(start_read(zoho, page_token="no such")) == (400, "INVALID_DATA")


CRITERIA: list[tuple[str, Any, str]] = [
    ("not_equal", "A1", "A2 B1"),
    ("in", ["A1", "B1"], "A1 B1"),
    ("starts_with", "A", "A1 A2"),
    ("ends_with", "1", "A1 B1"),
    ("not_contains", "A", "B1"),
]


def test_criteria_of_a_bulk_read(zoho: ZohoApi) -> None:
    for comparator, value, found in CRITERIA:
        zoho.put_rows("Accounts", *accounts(["A1", "A2", "B1"]))
        one = {"field": {"api_name": "Account_Name"}, "comparator": comparator, "value": value}
        both = {"group_operator": "and", "group": [one, one]}
        rows, _ = read(zoho, module={"api_name": "Accounts"}, fields=["Account_Name"], criteria=both)
        assert [row["Account_Name"] for row in rows] == found.split()


def test_bulk_reads_refuse_what_is_not_allowed(zoho: ZohoApi) -> None:
    module = {"api_name": "Accounts"}
    assert error_of(start_read(zoho, module={"api_name": "No"})) == (400, "MODULE_NOT_AVAILABLE")
    assert error_of(start_read(zoho, module=module, fields=["No"])) == (400, "FIELD_NOT_AVAILABLE")
    time = {"field": {"api_name": "Modified_Time"}, "comparator": "greater_equal"}
    time["value"] = "2026-01-01T00:00:00.000+00:00"
    wrong = start_read(zoho, module=module, criteria=time)
    assert error_of(wrong) == (400, "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE")
    assert error_of(zoho.call("POST", READ, data=b"{}")) == (415, "MEDIA_TYPE_NOT_SUPPORTED")
    assert error_of(zoho.call("GET", f"{READ}/1")) == (404, "RESOURCE_NOT_FOUND")


def test_jobs_cost_credits_and_their_number_is_limited(zoho: ZohoApi) -> None:
    zoho.settings(bulk_seconds=1e6, bulk_jobs=1)
    left = zoho.sandbox.control.requests("zoho")
    assert start_read(zoho, module={"api_name": "Accounts"}).status_code == 201
    assert error_of(start_read(zoho, module={"api_name": "Accounts"})) == (429, "TOO_MANY_REQUESTS")
    zoho.get("/org")
    before, _, after = (entry["quota_left"] for entry in zoho.sandbox.control.requests("zoho")[len(left) :])
    assert before - after == 51


def test_a_job_that_fails_and_one_that_never_ends(zoho: ZohoApi) -> None:
    zoho.sandbox.control.faults({"system": "zoho", "path": READ, "fault": "job_partial"})
    job_id = start_read(zoho, module={"api_name": "Accounts"}).json()["data"][0]["details"]["id"]
    job = zoho.wait(
        lambda: zoho.call("GET", f"{READ}/{job_id}").json()["data"][0], lambda job: job["state"] == "FAILURE"
    )
    assert job["result"]["error_message"]["code"] == "INTERNAL_SERVER_ERROR"
    zoho.sandbox.control.faults({"system": "zoho", "path": READ, "fault": "job_stuck"})
    stuck = start_read(zoho, module={"api_name": "Accounts"}).json()["data"][0]["details"]["id"]
    zoho.sandbox.control.jump(3_000)
    assert zoho.call("GET", f"{READ}/{stuck}").json()["data"][0]["state"] == "ADDED"


def test_a_bulk_upsert_tells_of_every_row(zoho: ZohoApi) -> None:
    (held,) = zoho.create("Accounts", *accounts(["Old"]))
    lines = [
        "JDE_Address_Number,Account_Name,Credit_Limit,Payment_Terms",
        "1,New,1.5,30 days",
        "2,B,x,",
        "3,C,,Never",
    ]
    lines.append("4,D,7,")
    rows, counts = write(zoho, lines, "upsert", find_by="JDE_Address_Number")
    assert [row["STATUS"] for row in rows] == ["UPDATED", "SKIPPED", "SKIPPED", "ADDED"]
    assert [row["ERRORS"] for row in rows] == [
        "",
        "INVALID_DATA:Credit_Limit",
        "INVALID_DATA:Payment_Terms",
        "",
    ]
    assert rows[0]["RECORD_ID"] == held
    assert {name: counts[f"{name}_count"] for name in ("added", "updated", "skipped", "total")} == {
        "added": 1,
        "updated": 1,
        "skipped": 2,
        "total": 4,
    }
    record = zoho.record("Accounts", held)
    assert (record["Account_Name"], record["Credit_Limit"], record["Payment_Terms"]) == (
        "New",
        1.5,
        "30 days",
    )


def test_empty_cells_clear_unless_they_are_ignored(zoho: ZohoApi) -> None:
    (held,) = zoho.create("Accounts", {"Account_Name": "A", "Phone": "1"})
    lines = ["id,Phone", f"{held},"]
    write(zoho, lines, "update", find_by="id", ignore_empty=True)
    assert zoho.record("Accounts", held)["Phone"] == "1"
    write(zoho, lines, "update", find_by="id")
    assert zoho.record("Accounts", held)["Phone"] is None


def test_mappings_formats_defaults_and_lookups(zoho: ZohoApi) -> None:
    zoho.put_rows("fields", {"module": "Accounts", "api_name": "Since", "data_type": "date"})
    (parent,) = zoho.create("Accounts", {"Account_Name": "P"})
    mappings = [
        {"api_name": "Account_Name", "index": 1},
        {"api_name": "Since", "index": 0, "format": "yyyy-MM-dd"},
        {"api_name": "Parent_Account", "index": 2, "find_by": "Account_Name"},
        {"api_name": "Phone", "index": 3, "default_value": {"value": "0"}},
    ]
    rows, _ = write(zoho, ["a;b;c;d", "2026-02-01;A;P;"], "insert", field_mappings=mappings)
    record = zoho.record("Accounts", rows[0]["RECORD_ID"])
    assert (record["Since"], record["Parent_Account"]["id"], record["Phone"]) == ("2026-02-01", parent, "0")
    rows, _ = write(zoho, ["Account_Name,Since", "B,02/03/2026", "C,2026-02-03"], "insert")
    assert [row["ERRORS"] for row in rows] == ["", "INVALID_DATA:Since"]
    assert zoho.record("Accounts", rows[0]["RECORD_ID"])["Since"] == "2026-02-03"
    again, _ = write(zoho, ["Account_Name", "B"], "insert", find_by="Account_Name")
    assert (again[0]["STATUS"], again[0]["RECORD_ID"]) == ("SKIPPED", rows[0]["RECORD_ID"])


def test_bulk_writes_refuse_what_is_not_allowed(zoho: ZohoApi) -> None:
    assert error_of(upload(zoho, b"no archive")) == (400, "INVALID_FILE_FORMAT")
    assert error_of(upload(zoho, archive_of("a"), feature="else")) == (400, "NOT_SUPPORTED_FEATURE")
    assert error_of(upload(zoho, archive_of("a"), **{"X-CRM-ORG": "1"})) == (400, "INVALID_DATA")
    lines = ["Account_Name", "A"]
    assert error_of(start_write(zoho, lines, "upsert")) == (400, "MANDATORY_NOT_FOUND")
    assert error_of(start_write(zoho, ["Phone", "1"], "insert")) == (400, "MANDATORY_FIELDS_NOT_MAPPED")
    assert error_of(start_write(zoho, ["Nope", "1"], "insert")) == (400, "INVALID_REQUEST")
    assert error_of(start_write(zoho, lines, "insert", file_id="1")) == (400, "FILE_NOT_FOUND")
    zoho.settings(bulk_write_rows=1)
    assert error_of(start_write(zoho, [*lines, "B"], "insert")) == (400, "LIMIT_EXCEEDED")
