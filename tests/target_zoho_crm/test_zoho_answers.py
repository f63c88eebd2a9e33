"""Every item of an answer is read, in whichever form it comes; nothing of it is guessed."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from requests import Request, Response

from ml_connector.errors import SystemFault
from ml_connector.sync import WriteItem
from ml_connector.vendors.zoho.faults import ApiRefusal
from target_zoho_crm import keys
from target_zoho_crm.answers import Answered, read_answer
from target_zoho_crm.ladder import KeyRung, Places, rungs_of

DONE = {
    "code": "SUCCESS",
    "status": "success",
    "details": {"id": "7", "Modified_Time": "2026-11-21T01:00:00+01:00"},
}


def error(code: str, **details: Any) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": code.lower(), "details": details}


def read(body: Any, items: int = 1, status: int = 207, key: str | None = "1") -> Answered:
    response = Response()
    response.status_code = status
    response._content = json.dumps(body).encode()
    response.request = Request("PUT", "https://www.zohoapis.com/crm/v8/Accounts").prepare()
    incoming: Any = SimpleNamespace(mapped={})
    entry: Any = SimpleNamespace()
    rows = [
        WriteItem("update" if key else "create", key, {"VAT": f" V{n} "}, incoming, entry)
        for n in range(items)
    ]
    return read_answer(response, rows, "r1")


@pytest.mark.parametrize(
    ("row", "cause", "field"),
    [
        (error("INVALID_DATA", api_name="Phone", json_path="$.data[0].Phone"), "vendor", "Phone"),
        (error("INVALID_DATA", api_name="id", json_path="$.data[0].id"), "missing", None),
        (error("INVALID_DATA", api_name="id", json_path="$.data[0].Owner.id"), "vendor", None),
        (error("MANDATORY_NOT_FOUND", api_name="Last_Name"), "vendor", "Last_Name"),
        (error("DEPENDENT_FIELD_MISSING", dependee={"api_name": "Country"}), "vendor", None),
        (error("RECORD_LOCKED"), "retry", None),
        (error("NOT_APPROVED"), "retry", None),
        (error("DEPENDENT_SERVICE_ERROR", dependency_error="PROCESSING_ERROR"), "retry", None),
        (error("DEPENDENT_SERVICE_ERROR", dependency_error="NO_PERMISSION"), "vendor", None),
        (error("CONVERTED_RECORD"), "vendor", None),
        (error("ALREADY_MODIFIED"), "conflict_at_vendor", None),
        (error("DUPLICATE_DATA", api_name="VAT", duplicate_record={"id": "9"}), "taken", "VAT"),
        (
            {"code": "MULTIPLE_OR_MULTI_ERRORS", "errors": [error("RECORD_LOCKED"), error("NOT_APPROVED")]},
            "vendor",
            None,
        ),
        (
            error("MULTIPLE_OR_MULTI_ERRORS", errors=[error("DUPLICATE_DATA", api_name="VAT", id="9")]),
            "taken",
            "VAT",
        ),
        ({}, "vendor", None),
    ],
)
@pytest.mark.parametrize("status", [200, 202, 207, 400])
def test_an_item_is_judged_by_itself(row: Any, cause: str, field: str | None, status: int) -> None:
    answered = read({"data": [row, DONE]}, items=2, status=status)
    refused, done = answered.results
    assert refused.fault is not None
    assert (refused.fault.cause, refused.fault.field, done.key, done.request_id) == (cause, field, "7", "r1")
    assert done.version is not None
    assert answered.duplicates == ({("VAT", "V0"): ["9"]} if cause == "taken" else {})


def test_a_success_without_an_id_is_none() -> None:
    (result,) = read({"data": [{"code": "SUCCESS", "status": "success", "details": {}}]}, status=200).results
    assert result.fault is not None


@pytest.mark.parametrize("code", ["NO_PERMISSION", "INVALID_MODULE", "STORAGE_SPACE_EXCEEDED"])
def test_what_concerns_all_is_told_after_what_was_done(code: str) -> None:
    answered = read({"data": [DONE, error(code)]}, items=2)
    assert [result.key for result in answered.results] == ["7"]
    assert isinstance(answered.fault, SystemFault)
    assert code in answered.fault.message
    assert answered.fault.fix


def test_fewer_rows_than_records_are_placed_by_their_path() -> None:
    answered = read({"data": [error("INVALID_DATA", api_name="Phone", json_path="$.data[2].Phone")]}, items=3)
    assert [result.item.values["VAT"] for result in answered.results] == [" V2 "]


@pytest.mark.parametrize("body", [{"data": [error("ALREADY_MODIFIED")]}, error("ALREADY_MODIFIED"), {}])
def test_a_changed_record_in_any_form(body: Any) -> None:
    (result,) = read(body, status=412).results
    assert result.fault is not None
    assert result.fault.cause == "conflict_at_vendor"


@pytest.mark.parametrize("body", [{"code": "INVALID_DATA"}, {"data": []}, [], None])
def test_an_answer_without_items_is_none_of_a_write(body: Any) -> None:
    with pytest.raises(ApiRefusal):
        read(body, status=400)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("DE 136,695 976", None), ("136695976", "DE"), True),
        (("CHE-107.787.577 MWST", None), ("CHE107787577", "CH"), True),
        (("EL 094259216", None), ("094259216", "GR"), True),
        (("ATU33864707", None), ("ATU 338 647 07", "AT"), True),
        (("GB 980 7806 84", None), ("980780684", "GB"), True),
        (("136695976", "DE"), ("136695976", "AT"), False),
        (("136695976", None), ("136695976", "AT"), True),
        (("DE136695976", None), ("DE136695977", None), False),
    ],
)
def test_tax_numbers(one: tuple[str, str | None], other: tuple[str, str | None], same: bool) -> None:
    keys_of = [keys.tax_key(*one), keys.tax_key(*other)]
    assert all(keys_of)
    assert keys.same_tax_number(str(keys_of[0]), str(keys_of[1])) is same


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (keys.tax_key(" - ", "DE"), None),
        (keys.phone_key("030 / 12 34 567", "DE"), "+49301234567"),
        (keys.phone_key("+49 (30) 1234567", None), "+49301234567"),
        (keys.phone_key("ext. 12", "DE"), None),
        (keys.email_key(" Info@ACME.example "), "info@acme.example"),
        (keys.email_key("nobody"), None),
        (keys.name_key("Müller & Söhne", "D-10115"), "d10115/mullersohne"),
        (keys.name_key("Müller", None), None),
        (keys.country_code("germany", {"Germany": "DE"}), "DE"),
        (keys.country_code("Neverland", {}), None),
        (keys.country_code("EL", {}), "GR"),
    ],
)
def test_keys_in_one_form(key: str | None, expected: str | None) -> None:
    assert key == expected


@pytest.mark.parametrize(
    ("dedupe", "said"),
    [
        ({"nmae": "Account_Name"}, "dedupe of Accounts names nmae"),
        ({"name": "Account_Name"}, "without a postal_code"),
    ],
)
def test_a_ladder_that_cannot_be_climbed(dedupe: dict[str, str], said: str) -> None:
    with pytest.raises(SystemFault, match=said):
        rungs_of("Accounts", None, dedupe, Places())


def test_the_order_of_the_ladder() -> None:
    dedupe = {
        "name": "Account_Name",
        "postal_code": "Billing_Code",
        "phone": "Phone",
        "tax_id": "VAT",
        "country": "Billing_Country",
        "contact_email": "Mail",
        "email": None,
    }
    rungs = rungs_of("Accounts", "ERP", dedupe, Places())
    assert [(rung.kind, rung.field, rung.second) for rung in rungs] == [
        ("source_key", "ERP", None),
        ("contact_email", "Mail", None),
        ("tax_id", "VAT", "Billing_Country"),
        ("phone", "Phone", "Billing_Country"),
        ("name", "Account_Name", "Billing_Code"),
    ]
    assert [rung.exclusive for rung in rungs] == [True, False, False, False, False]
    other = KeyRung("VAT", kind="tax_id", second="Billing_Country", places=Places("DE"))
    assert other.mark != rungs[2].mark, "keys that are made otherwise are other keys"
