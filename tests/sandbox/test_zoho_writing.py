"""Writing to the simulated Zoho CRM: batches, matching, values as the vendor keeps them, locking, deletes."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from sandbox.zoho_api import JSON, ZohoApi, accounts, codes, error_of

from ml_sandbox.zoho import seed


def upsert(zoho: ZohoApi, *items: JSON, fields: list[str] | None = None, **body: Any) -> list[JSON]:
    checked = {} if fields is None else {"duplicate_check_fields": fields}
    answer = zoho.post("/Accounts/upsert", {"data": list(items), **checked, **body})
    found: list[JSON] = answer.json()["data"]
    return found


def stored(zoho: ZohoApi, **values: Any) -> JSON:
    (account_id,) = zoho.create("Accounts", {"Account_Name": "A", **values})
    return zoho.record("Accounts", account_id)


def refused(zoho: ZohoApi, **values: Any) -> JSON:
    answer = zoho.post("/Accounts", {"data": [{"Account_Name": "A", **values}]})
    assert answer.status_code == 400, answer.text
    item: JSON = answer.json()["data"][0]
    return item


def test_a_batch_is_answered_record_by_record(zoho: ZohoApi) -> None:
    mixed = zoho.post("/Accounts", {"data": [{"Account_Name": "A"}, {"Phone": "1"}]})
    assert (mixed.status_code, codes(mixed)) == (207, ["SUCCESS", "MANDATORY_NOT_FOUND"])
    assert mixed.json()["data"][1]["details"]["json_path"] == "$.data[1].Account_Name"
    assert set(mixed.json()["data"][0]["details"]) == {
        "id", "Created_Time", "Modified_Time", "Created_By", "Modified_By", "$approval_state",
    }  # fmt: skip
    failed = zoho.post("/Accounts", {"data": [{"Phone": "1"}]})
    assert (failed.status_code, codes(failed)) == (400, ["MANDATORY_NOT_FOUND"])
    zoho.settings(failed_batch_status=207)
    assert zoho.post("/Accounts", {"data": [{"Phone": "1"}]}).status_code == 207


MALFORMED: list[tuple[JSON, str]] = [
    ({}, "MANDATORY_NOT_FOUND"),
    ({"data": []}, "INVALID_DATA"),
    ({"data": {}}, "INVALID_DATA"),
    ({"data": ["A"]}, "INVALID_DATA"),
    ({"data": [{"Account_Name": str(n)} for n in range(101)]}, "LIMIT_EXCEEDED"),
    ({"data": [{"Account_Name": "A"}], "trigger": ["all"]}, "INVALID_DATA"),
    ({"data": [{"Account_Name": "A"}], "duplicate_check_fields": ["Phone"]}, "INVALID_DATA"),
]


def test_malformed_bodies_fail_as_a_whole(zoho: ZohoApi) -> None:
    for body, code in MALFORMED:
        assert error_of(zoho.post("/Accounts/upsert", body)) == (400, code)
        assert zoho.sandbox.control.rows("zoho", "Accounts") == []


def test_values_are_normalised_on_write(zoho: ZohoApi) -> None:
    record = stored(zoho, Account_Name="  A b ", Credit_Limit=10.005, Phone="", Industry="-None-")
    assert (record["Account_Name"], record["Credit_Limit"]) == ("A b", 10.01)
    assert (record["Phone"], record["Industry"]) == (None, None)
    assert stored(zoho, Credit_Limit=15000.0)["Credit_Limit"] == 15000
    zoho.settings(decimals="cut", trim=False, long_text="cut", picklist="accept")
    record = stored(zoho, Account_Name=" A ", Credit_Limit=10.009, VAT_Number="9" * 31, Payment_Terms="Never")
    assert (record["Account_Name"], record["Credit_Limit"]) == (" A ", 10.0)
    assert (record["VAT_Number"], record["Payment_Terms"]) == ("9" * 30, "Never")


WRONG_VALUES: list[tuple[str, Any, str, Any]] = [
    ("Employees", "12", "expected_data_type", "integer"),
    ("Employees", 12345678901, "maximum_length", 9),
    ("Account_Name", 5, "expected_data_type", "text"),
    ("Credit_Limit", "5", "expected_data_type", "double"),
    ("Credit_Hold", "true", "expected_data_type", "boolean"),
    ("VAT_Number", "9" * 31, "maximum_length", 30),
    ("Parent_Account", "A", "expected_data_type", "jsonobject"),
    ("Parent_Account", {"name": "A"}, "expected_data_type", "bigint"),
    ("Parent_Account", {"id": "1"}, "json_path", "$.data[0].Parent_Account.id"),
    ("Owner", {"id": "1"}, "json_path", "$.data[0].Owner.id"),
    ("Credit_Message", "ABC", "maximum_length", 2),
]


def test_wrong_values_are_refused(zoho: ZohoApi) -> None:
    for name, value, key, detail in WRONG_VALUES:
        item = refused(zoho, **{name: value})
        assert item["code"] == "INVALID_DATA"
        assert item["details"][key] == detail


def test_a_wrong_choice_names_the_right_ones(zoho: ZohoApi) -> None:
    assert "30 days" in refused(zoho, Payment_Terms="30")["details"]["supported_values"]


def test_dates_and_times_have_one_form_and_times_are_shown_in_the_zone_of_the_user(zoho: ZohoApi) -> None:
    fields = [
        {"module": "Accounts", "api_name": kind.title(), "data_type": kind} for kind in ("date", "datetime")
    ]
    zoho.put_rows("fields", *fields)
    record = stored(zoho, Date="2026-02-28", Datetime="2026-07-01T00:30:00+02:00")
    assert (record["Date"], record["Datetime"]) == ("2026-02-28", "2026-06-30T15:30:00-07:00")
    for name, value in (("Date", "2026-02-30"), ("Date", "28.02.2026"), ("Datetime", "2026-07-01T00:30:00Z")):
        assert refused(zoho, **{name: value})["details"]["expected_data_type"] == name.lower()


def test_unknown_and_read_only_fields_are_dropped_and_logged_or_refused(zoho: ZohoApi) -> None:
    record = stored(zoho, Nope=1, Created_Time="2020-01-01T00:00:00+00:00")
    assert "Nope" not in record
    assert not record["Created_Time"].startswith("2020")
    (logged,) = (entry for entry in zoho.sandbox.control.requests("zoho") if entry["write"])
    assert logged["unknown_parameters"] == ["Nope", "Created_Time"]
    zoho.settings(unknown_field="error", read_only_field="error")
    assert refused(zoho, Nope=1)["details"]["api_name"] == "Nope"
    item = refused(zoho, Nope=1, Created_By={"id": seed.USER_ID})
    assert item["code"] == "MULTIPLE_OR_MULTI_ERRORS"
    assert [error["details"]["api_name"] for error in item["details"]["errors"]] == ["Nope", "Created_By"]


def test_null_clears_a_field_but_not_a_mandatory_one(zoho: ZohoApi) -> None:
    record = stored(zoho, Phone="1")
    answer = zoho.put("/Accounts", {"data": [{"id": record["id"], "Phone": None}]})
    assert codes(answer) == ["SUCCESS"]
    assert zoho.record("Accounts", record["id"])["Phone"] is None
    answer = zoho.put(f"/Accounts/{record['id']}", {"data": [{"Account_Name": None}]})
    assert answer.json()["data"][0]["details"]["id"] == record["id"]
    assert codes(answer) == ["MANDATORY_NOT_FOUND"]


def test_updates_need_the_id_of_a_record(zoho: ZohoApi) -> None:
    answer = zoho.put("/Accounts", {"data": [{"Phone": "1"}, {"id": "1", "Phone": "1"}]})
    assert codes(answer) == ["MANDATORY_NOT_FOUND", "INVALID_DATA"]


def test_a_value_of_a_unique_field_belongs_to_one_record(zoho: ZohoApi) -> None:
    first, second = zoho.create("Accounts", *accounts(["A", "B"]))
    answer = zoho.post("/Accounts", {"data": [{"Account_Name": "C", "JDE_Address_Number": " 1 "}]})
    (item,) = answer.json()["data"]
    assert item["code"] == "DUPLICATE_DATA"
    assert item["details"]["duplicate_record"]["id"] == first
    moved = zoho.put("/Accounts", {"data": [{"id": second, "JDE_Address_Number": "1"}]})
    assert codes(moved) == ["DUPLICATE_DATA"]
    assert codes(zoho.put("/Accounts", {"data": [{"id": first, "JDE_Address_Number": "1"}]})) == ["SUCCESS"]


def test_an_upsert_matches_the_system_field_only_when_nothing_or_it_is_listed(zoho: ZohoApi) -> None:
    (held,) = zoho.create("Accounts", {"Account_Name": "A", "JDE_Address_Number": "1"})
    (by_name,) = upsert(zoho, {"Account_Name": "a"})
    assert (by_name["action"], by_name["duplicate_field"], by_name["details"]["id"]) == (
        "update",
        "Account_Name",
        held,
    )
    (by_key,) = upsert(
        zoho, {"Account_Name": "Other", "JDE_Address_Number": "1"}, fields=["JDE_Address_Number"]
    )
    assert (by_key["action"], by_key["duplicate_field"]) == ("update", "JDE_Address_Number")
    (fresh,) = upsert(
        zoho, {"Account_Name": "Other", "JDE_Address_Number": "2"}, fields=["JDE_Address_Number"]
    )
    assert (fresh["action"], fresh["duplicate_field"]) == ("insert", None)


def test_a_list_of_fields_never_limits_the_check_to_them(zoho: ZohoApi) -> None:
    zoho.put_rows(
        "fields", {"module": "Accounts", "api_name": "Other_Key", "data_type": "text", "unique": True}
    )
    first, second = zoho.create(
        "Accounts",
        {"Account_Name": "A", "JDE_Address_Number": "1", "Other_Key": "x"},
        {"Account_Name": "B", "JDE_Address_Number": "2", "Other_Key": "y"},
    )
    item = {"Account_Name": "C", "Other_Key": "y"}
    (found,) = upsert(zoho, item, fields=["JDE_Address_Number"])
    assert (found["duplicate_field"], found["details"]["id"]) == ("Other_Key", second)
    (clash,) = upsert(zoho, {**item, "JDE_Address_Number": "1"}, fields=["Other_Key"])
    assert clash["code"] == "DUPLICATE_DATA"
    assert clash["details"]["duplicate_record"]["id"] == first


def test_an_id_in_an_upsert_and_several_matches(zoho: ZohoApi) -> None:
    first, second = zoho.create("Accounts", {"Account_Name": "A"}, {"Account_Name": "A"})
    (by_id,) = upsert(zoho, {"id": second, "Account_Name": "A"})
    assert by_id["details"]["id"] == second
    assert upsert(zoho, {"id": "1", "Account_Name": "Z"})[0]["code"] == "INVALID_DATA"
    assert upsert(zoho, {"Account_Name": "A"})[0]["details"]["id"] == first
    zoho.settings(upsert_several="newest", upsert_id_first=False)
    assert upsert(zoho, {"id": first, "Account_Name": "A"})[0]["details"]["id"] == second


def test_equal_keys_in_one_batch(zoho: ZohoApi) -> None:
    twins = [{"Account_Name": name, "JDE_Address_Number": "7"} for name in "AB"]
    assert [item["action"] for item in upsert(zoho, *twins, fields=["JDE_Address_Number"])] == [
        "insert",
        "update",
    ]
    zoho.settings(upsert_twins="insert")
    twins = [{"Account_Name": name, "JDE_Address_Number": "8"} for name in "AB"]
    found = upsert(zoho, *twins, fields=["JDE_Address_Number"])
    assert [item["code"] for item in found] == ["SUCCESS", "DUPLICATE_DATA"]
    assert [item["action"] for item in upsert(zoho, {"Account_Name": "N"}, {"Account_Name": "N"})] == [
        "insert",
        "insert",
    ]


def test_a_record_changed_later_fails_the_request_or_only_itself(zoho: ZohoApi) -> None:
    first, second = zoho.create("Accounts", *accounts(["A", "B"]))
    modified = zoho.record("Accounts", first)["Modified_Time"]
    right = zoho.put("/Accounts", {"data": [{"id": first, "Phone": "1"}]}, {"If-Unmodified-Since": modified})
    assert right.status_code == 200
    later = (zoho.sandbox.control.now() + timedelta(hours=1)).isoformat(timespec="seconds")
    zoho.put_rows("Accounts", {"id": second, "Modified_Time": later})
    data = {"data": [{"id": first, "Phone": "2"}, {"id": second, "Phone": "2"}]}
    now = {
        "If-Unmodified-Since": (zoho.sandbox.control.now() + timedelta(minutes=1)).isoformat(
            timespec="seconds"
        )
    }
    answer = zoho.put("/Accounts", data, now)
    assert (answer.status_code, codes(answer)) == (412, ["ALREADY_MODIFIED"])
    assert answer.json()["data"][0]["details"]["id"] == second
    assert zoho.record("Accounts", first)["Phone"] == "1"
    zoho.settings(unmodified_since_scope="record")
    answer = zoho.put("/Accounts", data, now)
    assert (answer.status_code, codes(answer)) == (207, ["SUCCESS", "ALREADY_MODIFIED"])


@pytest.mark.parametrize(
    ("body", "runs"),
    [
        ({}, {"workflow", "approval", "blueprint", "pathfinder", "orchestration"}),
        ({"trigger": []}, set()),
        ({"trigger": ["approval"]}, {"approval"}),
    ],
)
def test_what_runs_because_of_a_write_is_recorded(zoho: ZohoApi, body: JSON, runs: set[str]) -> None:
    upsert(zoho, {"Account_Name": "A"}, **body)
    assert {run["trigger"] for run in zoho.sandbox.control.rows("zoho", "workflow_runs")} == runs


def test_times_have_whole_seconds_and_rise_with_every_write(zoho: ZohoApi) -> None:
    (row,) = zoho.put_rows("Accounts", {"Account_Name": "A", "Modified_Time": "2026-01-01T00:00:00+00:00"})
    zoho.settings(unchanged_touches=False)
    zoho.put("/Accounts", {"data": [{"id": row["id"], "Account_Name": "A"}]})
    assert zoho.record("Accounts", row["id"])["Modified_Time"] == row["Modified_Time"]
    zoho.settings(unchanged_touches=True)
    zoho.put("/Accounts", {"data": [{"id": row["id"], "Account_Name": "A"}]})
    assert zoho.record("Accounts", row["id"])["Modified_Time"] != row["Modified_Time"]


def test_lookups_follow_the_name_of_their_record_and_subforms_are_changed_by_row(zoho: ZohoApi) -> None:
    (account,) = zoho.create("Accounts", {"Account_Name": "A"})
    (contact,) = zoho.create(
        "Contacts", {"Last_Name": "L", "First_Name": "F", "Account_Name": {"id": account}}
    )
    before = zoho.record("Contacts", contact)
    zoho.put("/Accounts", {"data": [{"id": account, "Account_Name": "B"}]})
    after = zoho.record("Contacts", contact)
    assert (after["Account_Name"]["name"], after["Full_Name"]) == ("B", "F L")
    assert after["Modified_Time"] == before["Modified_Time"]
    items = [{"Product_Name": "P"}, {"Product_Name": "Q"}]
    invoice = {"Subject": "S", "Account_Name": {"id": account}, "Invoiced_Items": items}
    (invoice_id,) = zoho.create("Invoices", invoice)
    kept, gone = zoho.record("Invoices", invoice_id)["Invoiced_Items"]
    changes = [{"id": kept["id"], "Quantity": 2}, {"id": gone["id"], "_delete": None}, {"Product_Name": "R"}]
    zoho.put("/Invoices", {"data": [{"id": invoice_id, "Invoiced_Items": changes}]})
    shown = zoho.record("Invoices", invoice_id)["Invoiced_Items"]
    assert [(item["Product_Name"], item["Quantity"]) for item in shown] == [("P", 2), ("R", None)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"Locked__s": True}, "RECORD_LOCKED"),
        ({"$blocked_by": "RECORD_IN_BLUEPRINT"}, "RECORD_IN_BLUEPRINT"),
        ({"$blocked_by": "NOT_APPROVED"}, "NOT_APPROVED"),
    ],
)
def test_the_state_of_a_record_forbids_writes(zoho: ZohoApi, row: JSON, code: str) -> None:
    (stored_row,) = zoho.put_rows("Accounts", {"Account_Name": "A", **row})
    assert codes(zoho.put("/Accounts", {"data": [{"id": stored_row["id"], "Phone": "1"}]})) == [code]
    zoho.put_rows("Accounts", {"id": stored_row["id"], "Locked__s": False, "$blocked_by": None})
    assert codes(zoho.put("/Accounts", {"data": [{"id": stored_row["id"], "Phone": "1"}]})) == ["SUCCESS"]


def test_deletes_take_a_hundred_ids_and_tell_of_each(zoho: ZohoApi) -> None:
    first, second = zoho.create("Accounts", *accounts(["A", "B"]))
    answer = zoho.delete("/Accounts", ids=f"{first},1")
    assert (answer.status_code, codes(answer)) == (207, ["SUCCESS", "INVALID_DATA"])
    assert codes(zoho.delete(f"/Accounts/{second}")) == ["SUCCESS"]
    assert error_of(zoho.delete("/Accounts")) == (400, "REQUIRED_PARAM_MISSING")
    many = ",".join(str(n) for n in range(101))
    assert error_of(zoho.delete("/Accounts", ids=many)) == (400, "LIMIT_EXCEEDED")
    again = upsert(zoho, {"Account_Name": "A", "JDE_Address_Number": "1"}, fields=["JDE_Address_Number"])
    assert again[0]["action"] == "insert"


def test_a_lost_answer_of_an_insert_leaves_the_record(zoho: ZohoApi) -> None:
    zoho.sandbox.control.faults(
        {"system": "zoho", "method": "POST", "fault": "lost_response", "path": "*/Accounts"}
    )
    with pytest.raises(requests.ConnectionError):
        zoho.post("/Accounts", {"data": [{"Account_Name": "A"}]})
    assert [row["Account_Name"] for row in zoho.sandbox.control.rows("zoho", "Accounts")] == ["A"]
