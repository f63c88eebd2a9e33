"""What cannot be written is known before anything is sent; what Zoho refuses is one record's letter."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers, state
from zoho_target import LATER, NUMBER, ZohoTarget


def test_wrong_values_are_letters_before_any_write(target: ZohoTarget) -> None:
    target.config["stream_maps"] = target.map(
        Payment_Terms="terms", Credit_Message="notes", Credit_Limit="credit"
    )
    wrong = [
        customer(1, terms="whenever"),
        customer(2, notes="too long"),
        customer(3, credit=10**20),
        customer(4, name="x" * 201),
    ]
    run = target.run([*wrong, state({"k": 1})]).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == ({"rejected": 4}, [])
    fields = {letter.identity: letter.field for letter in target.letters()}
    assert fields == {
        "A1": "Payment_Terms",
        "A2": "Credit_Message",
        "A3": "Credit_Limit",
        "A4": "Account_Name",
    }
    run = target.run([customer(1, terms="30 days", updated=LATER)]).check(0)
    assert (run.outcomes, len(target.letters())) == ({"created": 1}, 3)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"Modified_Time": "updated"}, "Modified_Time is read-only"),
        ({"Vat_Nummer": "tax_id"}, "Accounts has no field Vat_Nummer"),
    ],
)
def test_a_mapping_that_cannot_be_written_stops_the_run(
    target: ZohoTarget, fields: dict[str, str], said: str
) -> None:
    run = target.run([customer(1)], stream_maps=target.map(**fields)).check(5)
    assert said in run.errors
    assert target.requests(writes_only=True) == []


def test_a_source_key_that_is_absent_or_not_unique_stops_the_run(target: ZohoTarget) -> None:
    run = target.run([customer(1)], source_key={"Accounts": "ERP_Number"}).check(5)
    assert "Accounts has no field ERP_Number" in run.errors
    assert "Setup, Customization, Modules and Fields, Accounts" in run.errors
    target.put("fields", {"module": "Accounts", "api_name": NUMBER, "unique": False})
    run = target.run([customer(1)]).check(5)
    assert f"Accounts.{NUMBER} is not unique" in run.errors
    assert "Do not allow duplicate values" in run.errors
    assert target.requests(writes_only=True) == []
    checks = target.feed(b"", "--check").check(5)
    assert b"is not unique" in checks.output


def test_a_module_that_the_edition_does_not_offer(target: ZohoTarget) -> None:
    target.sandbox.control.settings(zoho={"edition": "free", "hidden_modules": "Vendors"})
    run = target.run([customer(1)], source_key={"Acounts": NUMBER}).check(5)
    assert "source_key names Acounts" in run.errors
    assert "edition free" in run.errors
    maps = target.map("Vendors", __key_properties__=[NUMBER], Vendor_Name="name")
    maps["customers"][NUMBER] = "account_number"
    run = target.run([customer(1)], stream_maps=maps).check(5)
    assert "goes to Vendors, which the organisation (edition free) does not offer" in run.errors


@pytest.mark.parametrize("status", [207, 400])
def test_a_refused_record_does_not_hold_up_the_others(target: ZohoTarget, status: int) -> None:
    target.config["stream_maps"] = target.map(Website="notes", Parent_Account="parent")
    target.sandbox.control.settings(zoho={"failed_batch_status": status})
    # The length that the metadata tells is not kept by the vendor: it refuses what we could not know.
    target.put("fields", {"module": "Accounts", "api_name": "Ticker_Symbol", "mandatory": True})
    run = target.run([*customers(range(3))]).check(0)
    assert run.outcomes == {"rejected": 3}
    assert all(letter.field == "Ticker_Symbol" for letter in target.letters())
    assert all("MANDATORY_NOT_FOUND" in letter.reason for letter in target.letters())
    target.put("fields", {"module": "Accounts", "api_name": "Ticker_Symbol", "mandatory": False})
    changed = customers(range(3), updated=LATER)
    assert target.run(changed).check(0).outcomes == {"created": 3}


def test_one_refused_among_hundred(target: ZohoTarget) -> None:
    target.run([*customers(range(100))]).check(0)
    locked = target.accounts["A50"]["id"]
    target.put("Accounts", {"id": locked, "$blocked_by": "RECORD_IN_BLUEPRINT"})
    changed = customers(range(100), city="Paris", updated=LATER)
    run = target.run([*changed, state({"k": 1})]).check(0)
    assert (run.outcomes, run.states) == ({"updated": 99, "rejected": 1}, [{"k": 1}])
    (letter,) = target.letters()
    assert (letter.identity, letter.cause) == ("A50", "retry")
    target.put("Accounts", {"id": locked, "$blocked_by": None})
    # It passes: the next run tries it again by itself.
    assert target.run([]).check(0).outcomes == {"updated": 1}
    assert target.accounts["A50"]["Billing_City"] == "Paris"


def test_a_deleted_record_is_missing_and_never_created_anew_by_an_upsert(target: ZohoTarget) -> None:
    target.run([*customers(range(3))]).check(0)
    target.put("deleted", {"id": target.accounts["A1"]["id"]})
    changed = customers(range(3), city="Paris", updated=LATER)
    assert target.run(changed).check(0).outcomes == {"updated": 2, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.cause, set(target.accounts)) == ("missing", {"A0", "A2"})
    again: list[Any] = customers([1], city="Rome", updated="2026-11-21T01:00:00Z")
    assert target.run(again, on_missing="recreate").check(0).outcomes == {"created": 1}
    assert (target.accounts["A1"]["Billing_City"], target.letters()) == ("Rome", [])


def test_settings_that_lead_nowhere(target: ZohoTarget) -> None:
    run = target.run([customer(1)], api_version="v7").check(5)
    assert "api_version" in run.errors
    assert "Products" in target.run([customer(1)], dedupe={"Products": {"name": None}}).check(0).errors
    run = target.run([customer(2)], dedupe={"Accounts": {"tax_id": "Vat_Nummer"}}).check(5)
    assert "Accounts has no field Vat_Nummer to find records by" in run.errors
    uk = {"data_center": "uk", "environment": "sandbox", "max_retries": 0, "connect_timeout": 0.3}
    run = target.run([customer(3)], api_url=None, **uk).check(4)
    assert "sandbox.zohoapis.uk" in run.errors
    run = target.run([customer(number) for number in range(3)], content_url=None, bulk_from=2, **uk).check(5)
    assert "Set `content_url`" in run.errors


def test_fields_that_only_a_change_may_write(target: ZohoTarget) -> None:
    target.put("fields", {"module": "Accounts", "api_name": "Website", "create": False})
    run = target.run([customer(1)], stream_maps=target.map(Website="notes")).check(5)
    assert "Website cannot be given to new records" in run.errors
    target.put("fields", {"module": "Accounts", "api_name": "Fax", "update": False})
    maps = target.map(Fax="notes")
    assert target.run([customer(1, notes="f1")], stream_maps=maps).check(0).outcomes == {"created": 1}
    run = target.run([customer(1, notes="f2", updated=LATER)], stream_maps=maps).check(0)
    assert (target.requests(writes_only=True), target.accounts["A1"]["Fax"]) == ([], "f1")
    assert run.summary["kept"] == {"Accounts.Fax": 1}
