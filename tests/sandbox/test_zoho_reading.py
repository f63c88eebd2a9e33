"""Reading from the simulated Zoho CRM: metadata, lists with their tokens, one record, what was deleted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sandbox.zoho_api import JSON, ZohoApi, accounts, error_of, values

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed

ONE = "Account_Name,Modified_Time"


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def at(second: int) -> datetime:
    return datetime(2026, 3, 8, 9, 59, 50, tzinfo=UTC) + timedelta(seconds=second)


def test_metadata_tell_modules_and_fields_custom_ones_too(zoho: ZohoApi) -> None:
    zoho.put_rows("modules", {"api_name": "Sites"}, {"api_name": "Notes_X", "api_supported": False})
    zoho.put_rows("fields", {"module": "Sites", "api_name": "Code", "data_type": "text", "unique": True})
    modules = {module["api_name"]: module for module in zoho.get("/settings/modules").json()["modules"]}
    assert modules["Sites"]["generated_type"] == "custom"
    assert modules["Notes_X"]["api_supported"] is False
    assert error_of(zoho.get("/Notes_X", fields="id")) == (400, "INVALID_MODULE")
    fields = {
        field["api_name"]: field for field in zoho.get("/settings/fields", module="Sites").json()["fields"]
    }
    assert fields["Code"]["unique"] == {"case_sensitive": False}
    assert fields["Name"]["system_mandatory"] is True
    assert fields["Modified_Time"]["operation_type"]["api_update"] is False
    (number,) = (
        field
        for field in zoho.get("/settings/fields", module="Accounts").json()["fields"]
        if field["api_name"] == "JDE_Address_Number"
    )
    assert (number["length"], number["custom_field"], number["unique"] != {}) == (20, True, True)
    assert error_of(zoho.get("/settings/fields")) == (400, "REQUIRED_PARAM_MISSING")
    zoho.settings(hidden_modules="Vendors, Sites")
    assert error_of(zoho.get("/Vendors", fields="id")) == (400, "INVALID_MODULE")
    names = [module["api_name"] for module in zoho.get("/settings/modules").json()["modules"]]
    assert {"Vendors", "Sites"} & set(names) == set()


def test_unused_and_hidden_fields(zoho: ZohoApi) -> None:
    zoho.put_rows(
        "fields",
        {"module": "Vendors", "api_name": "Old", "data_type": "text", "used": False},
        {"module": "Vendors", "api_name": "Secret", "data_type": "text", "visible": False},
    )

    def names(**query: Any) -> set[str]:
        answer = zoho.get("/settings/fields", module="Vendors", **query)
        return {field["api_name"] for field in answer.json()["fields"]}

    assert "Old" not in names()
    assert "Old" in names(type="all")
    assert names(type="unused") == {"Old"}
    zoho.put_rows("Vendors", {"Vendor_Name": "V"})
    (shown,) = zoho.get("/Vendors", fields="Secret,Old").json()["data"]
    assert set(shown) == {"id", "Old"}


REFUSED: list[tuple[JSON, str]] = [
    ({}, "REQUIRED_PARAM_MISSING"),
    ({"fields": ",".join(f"F{n}" for n in range(51))}, "LIMIT_EXCEEDED"),
    ({"fields": ONE, "per_page": 201}, "LIMIT_EXCEEDED"),
    ({"fields": ONE, "page": 11}, "DISCRETE_PAGINATION_LIMIT_EXCEEDED"),
    ({"fields": ONE, "page": 1, "page_token": "x"}, "AMBIGUITY_DURING_PROCESSING"),
    ({"fields": ONE, "cvid": "1", "sort_by": "id"}, "AMBIGUITY_DURING_PROCESSING"),
    ({"fields": ONE, "page_token": "x"}, "TOKEN_BOUND_DATA_MISMATCH"),
    ({"fields": ONE, "sort_by": "Account_Name"}, "INVALID_DATA"),
]


def test_lists_refuse_what_is_not_allowed(zoho: ZohoApi) -> None:
    for query, code in REFUSED:
        assert error_of(zoho.get("/Accounts", **query)) == (400, code)


def test_lists_are_sorted_by_id_downwards_unless_asked_otherwise(zoho: ZohoApi) -> None:
    zoho.create("Accounts", *accounts(["A", "B", "C"]))
    assert values(zoho.get("/Accounts", fields=ONE), "Account_Name") == ["C", "B", "A"]
    up = zoho.get("/Accounts", fields=ONE, sort_by="Modified_Time", sort_order="asc")
    assert values(up, "Account_Name") == ["A", "B", "C"]
    assert zoho.get("/Accounts", fields="Nope").json()["data"][0].keys() == {"id"}
    assert zoho.get("/Contacts", fields="Last_Name").status_code == 204
    ids = [row["id"] for row in up.json()["data"]]
    assert values(zoho.get("/Accounts", fields=ONE, ids=",".join(ids[:2])), "id") == [ids[1], ids[0]]


def test_page_tokens_reach_beyond_2000_records_and_end_at_the_limit(zoho: ZohoApi) -> None:
    zoho.settings(page_limit=4, token_page_limit=6)
    zoho.put_rows("Accounts", *accounts("ABCDEFGH"))
    query: JSON = {"fields": ONE, "per_page": 2, "sort_by": "id", "sort_order": "asc"}
    second = zoho.get("/Accounts", **query, page=2)
    assert values(second, "Account_Name") == ["C", "D"]
    assert error_of(zoho.get("/Accounts", **query, page=3)) == (400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED")
    token = second.json()["info"]["next_page_token"]
    third = zoho.get("/Accounts", **query, page_token=token)
    assert values(third, "Account_Name") == ["E", "F"]
    assert third.json()["info"]["page"] == 3
    last = third.json()["info"]["next_page_token"]
    assert error_of(zoho.get("/Accounts", **query, page_token=last)) == (400, "PAGINATION_LIMIT_EXCEEDED")


def test_page_tokens_are_bound_to_user_parameters_and_a_day(zoho: ZohoApi, sandbox: RunningSandbox) -> None:
    zoho.put_rows("Accounts", *accounts("ABC"))
    query: JSON = {"fields": ONE, "per_page": 2}
    token = zoho.get("/Accounts", **query).json()["info"]["next_page_token"]
    changed = {**query, "fields": "Account_Name"}
    assert error_of(zoho.get("/Accounts", **changed, page_token=token)) == (400, "TOKEN_BOUND_DATA_MISMATCH")
    with ZohoApi(sandbox, seed.SALES_REFRESH_TOKEN) as other:
        assert error_of(other.get("/Accounts", **query, page_token=token)) == (400, "INVALID_DATA")
    assert values(zoho.get("/Accounts", **query, page_token=token), "Account_Name") == ["A"]
    sandbox.control.jump(86_400)
    zoho.sign_in()
    assert error_of(zoho.get("/Accounts", **query, page_token=token)) == (400, "EXPIRED_VALUE")


@pytest.mark.parametrize(("mode", "seen"), [("keyset", ["C", "D", "A"]), ("offset", ["D", "A"])])
def test_a_record_that_changes_between_two_pages(zoho: ZohoApi, mode: str, seen: list[str]) -> None:
    zoho.settings(page_token_mode=mode)
    rows = zoho.put_rows(
        "Accounts",
        *({"Account_Name": name, "Modified_Time": iso(at(n))} for n, name in enumerate("ABCD")),
    )
    query: JSON = {"fields": ONE, "per_page": 2, "sort_by": "Modified_Time", "sort_order": "asc"}
    token = zoho.get("/Accounts", **query).json()["info"]["next_page_token"]
    zoho.put_rows("Accounts", {"id": rows[0]["id"], "Phone": "1"})
    found: list[str] = []
    while token:
        page = zoho.get("/Accounts", **query, page_token=token)
        found += values(page, "Account_Name")
        token = page.json()["info"]["next_page_token"]
    assert found == seen


def test_if_modified_since_includes_its_second_and_says_304_when_nothing_changed(zoho: ZohoApi) -> None:
    zoho.put_rows(
        "Accounts", *({"Account_Name": name, "Modified_Time": iso(at(n))} for n, name in enumerate("ABC"))
    )

    def since(moment: str) -> int | list[str]:
        answer = zoho.get("/Accounts", {"If-Modified-Since": moment}, fields=ONE)
        return answer.status_code if answer.status_code != 200 else values(answer, "Account_Name")

    assert since(iso(at(1))) == ["C", "B"]
    assert since(iso(at(3))) == 304
    assert since(iso(at(1).astimezone()).replace("+00:00", "Z")) == 400
    assert since("2026-03-08T09:59:51.000+00:00") == 400
    zoho.settings(since_inclusive=False, unchanged_status=204)
    assert since(iso(at(1))) == ["C"]
    assert since(iso(at(2))) == 204


def test_times_carry_the_offset_of_the_user_across_the_change_of_the_clocks(zoho: ZohoApi) -> None:
    zoho.put_rows(
        "Accounts",
        {"Account_Name": "winter", "Modified_Time": "2026-03-08T09:59:59+00:00"},
        {"Account_Name": "summer", "Modified_Time": "2026-03-08T10:00:00+00:00"},
    )
    shown = values(zoho.get("/Accounts", fields=ONE), "Modified_Time")
    assert shown == ["2026-03-08T03:00:00-07:00", "2026-03-08T01:59:59-08:00"]


def test_one_record_has_every_field_and_its_items(zoho: ZohoApi) -> None:
    (vendor,) = zoho.create("Vendors", {"Vendor_Name": "V"})
    items = [{"Product_Name": "P", "Quantity": 2, "List_Price": 1.5}]
    order = {"Subject": "S", "Vendor_Name": {"id": vendor}, "Purchase_Items": items}
    (order_id,) = zoho.create("Purchase_Orders", order)
    record = zoho.record("Purchase_Orders", order_id)
    assert record["Vendor_Name"] == {"name": "V", "id": vendor}
    assert record["Purchase_Items"][0]["List_Price"] == 1.5
    assert record["Owner"]["email"] == "integration@acme.example"
    listed = zoho.get("/Purchase_Orders", fields="Purchase_Items,Subject").json()["data"][0]
    assert "Purchase_Items" not in listed
    assert zoho.get("/Vendors/999").status_code == 204
    zoho.settings(unknown_id_status=400)
    assert error_of(zoho.get("/Vendors/999")) == (400, "INVALID_DATA")


def test_a_formula_changes_without_the_modified_time(zoho: ZohoApi) -> None:
    field = {"module": "Accounts", "api_name": "Score", "data_type": "formula", "return_type": "double"}
    zoho.put_rows("fields", field)
    (row,) = zoho.put_rows("Accounts", {"Account_Name": "A", "Modified_Time": "2026-01-01T00:00:00+00:00"})
    (after,) = zoho.put_rows("Accounts", {"id": row["id"], "Score": 4.5})
    assert (after["Score"], after["Modified_Time"]) == (4.5, row["Modified_Time"])
    answer = zoho.put("/Accounts", {"data": [{"id": row["id"], "Score": 9}]})
    assert answer.status_code == 200
    assert zoho.record("Accounts", row["id"])["Score"] == 4.5


def test_deleted_records_are_told_with_their_type_until_they_are_forgotten(zoho: ZohoApi) -> None:
    first, second, third = zoho.create("Accounts", *accounts("ABC"))
    assert values(zoho.get("/Accounts", fields=ONE), "id") == [third, second, first]
    zoho.delete("/Accounts", ids=f"{first},{second}")
    zoho.put_rows("deleted", {"id": second, "type": "permanent"})
    told = {row["id"]: row for row in zoho.get("/Accounts/deleted", type="all").json()["data"]}
    assert (told[first]["type"], told[first]["display_name"]) == ("recycle", "A")
    assert (told[second]["type"], told[second]["display_name"], told[second]["deleted_by"]) == (
        "permanent",
        None,
        None,
    )
    assert values(zoho.get("/Accounts/deleted", type="recycle"), "id") == [first]
    zoho.put_rows("deleted", {"id": first, "type": "restored"})
    assert values(zoho.get("/Accounts/deleted"), "id") == [second]
    assert zoho.record("Accounts", first)["Account_Name"] == "A"
    assert values(zoho.get("/Accounts", fields=ONE), "id") == [third, first]
    since = iso(zoho.sandbox.control.now() + timedelta(seconds=5))
    assert zoho.get("/Accounts/deleted", {"If-Modified-Since": since}).status_code == 304
    zoho.delete(f"/Accounts/{third}")
    zoho.sandbox.control.jump(60 * 86_400)
    zoho.sign_in()
    told = {row["id"]: row["type"] for row in zoho.get("/Accounts/deleted").json()["data"]}
    assert told == {second: "permanent", third: "permanent"}
    zoho.sandbox.control.jump(120 * 86_400)
    zoho.sign_in()
    assert zoho.get("/Accounts/deleted").status_code == 204


def test_unknown_paths_and_methods(zoho: ZohoApi) -> None:
    assert error_of(zoho.get("/Nope", fields="id")) == (400, "INVALID_MODULE")
    assert error_of(zoho.get("/a/b/c")) == (404, "INVALID_URL_PATTERN")
    assert error_of(zoho.call("PATCH", "/crm/v8/org")) == (405, "INVALID_REQUEST_METHOD")
