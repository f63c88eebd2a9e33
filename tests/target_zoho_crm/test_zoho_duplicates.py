"""Records that are in Zoho already are found: by e-mail, tax id in any spelling, name and postal code."""

from __future__ import annotations

import time
from typing import Any

import pytest
from singer_lines import customer, customers, schema
from zoho_target import LATER, NUMBER, PROPERTIES, ZohoTarget

ACCOUNTS = {
    "tax_id": "VAT_Number",
    "country": "Billing_Country",
    "contact_email": "Contact_Email",
    "name": "Account_Name",
    "postal_code": "Billing_Code",
}
FIELDS = {
    "VAT_Number": "tax_id",
    "Billing_Country": "country",
    "Billing_Code": "postal_code",
    "Contact_Email": "email",
}


@pytest.fixture
def ladder(target: ZohoTarget) -> ZohoTarget:
    target.config |= {"dedupe": {"Accounts": ACCOUNTS}, "stream_maps": target.map(**FIELDS)}
    target.config["countries"] = {"Germany": "DE"}
    return target


def lookups(target: ZohoTarget) -> list[str]:
    return [call for call in target.calls(writes_only=False) if call == "POST coql"]


def test_the_same_tax_id_spelled_otherwise(ladder: ZohoTarget) -> None:
    ladder.put("Accounts", {"Account_Name": "Acme", "VAT_Number": "DE 136,695 976"})
    ladder.put("Accounts", {"Account_Name": "Swiss", "VAT_Number": "CHE-107.787.577 MWST"})
    given = [
        customer(1, tax_id="136695976", country="Germany"),
        customer(2, tax_id="CHE107787577", country="CH"),
        customer(3, tax_id="136695976", country="AT"),
    ]
    assert ladder.run(given).check(0).outcomes == {"updated": 2, "created": 1}
    assert len(ladder.rows()) == 3
    assert {row[NUMBER]: row["Account_Name"] for row in ladder.rows()}["A1"] == "Customer 1"
    assert ladder.run(given).check(0).outcomes == {"unchanged": 3}


def test_the_same_name_counts_with_the_postal_code_only(ladder: ZohoTarget) -> None:
    ladder.put("Accounts", {"Account_Name": "Müller & Söhne", "Billing_Code": "D-10115"})
    ladder.put("Accounts", {"Account_Name": "Meier"})
    given = [
        customer(1, name="MULLER SOHNE", postal_code="D 10115"),
        customer(2, name="Meier"),
        customer(3, name="Müller & Söhne", postal_code="D-10117"),
    ]
    assert ladder.run(given).check(0).outcomes == {"updated": 1, "created": 2}
    assert len(ladder.rows()) == 4


def test_an_account_is_found_through_its_contacts(ladder: ZohoTarget) -> None:
    (account,) = ladder.put("Accounts", {"Account_Name": "Old name"})
    ladder.put(
        "Contacts",
        {"Last_Name": "Jones", "Email": "Info@Acme.example", "Account_Name": {"id": account["id"]}},
        {"Last_Name": "Nobody", "Email": "nobody@acme.example"},
    )
    given = [customer(1, email="info@acme.example"), customer(2, email="nobody@acme.example")]
    assert ladder.run(given).check(0).outcomes == {"updated": 1, "created": 1}
    assert ladder.accounts["A1"]["id"] == account["id"]


def test_several_candidates_are_a_letter_that_names_them(ladder: ZohoTarget) -> None:
    rows = ladder.put(
        "Accounts",
        {"Account_Name": "One", "VAT_Number": "DE136695976"},
        {"Account_Name": "Two", "VAT_Number": "DE 136695976"},
    )
    run = ladder.run([customer(1, tax_id="DE136695976"), customer(2)]).check(0)
    assert run.outcomes == {"rejected": 1, "created": 1}
    (letter,) = ladder.letters()
    assert letter.cause == "ambiguous"
    assert all(row["id"] in letter.reason for row in rows)
    assert [row["Account_Name"] for row in ladder.rows()] == ["One", "Two", "Customer 2"]


def test_a_record_of_another_source_key_is_no_candidate(ladder: ZohoTarget) -> None:
    ladder.put("Accounts", {"Account_Name": "Branch", "VAT_Number": "DE136695976", NUMBER: "B1"})
    assert ladder.run([customer(1, tax_id="DE136695976")]).check(0).outcomes == {"created": 1}
    assert set(ladder.accounts) == {"A1", "B1"}


def test_contacts_by_email(target: ZohoTarget) -> None:
    (held,) = target.put("Contacts", {"Last_Name": "Jones", "Email": "Jones@acme.example"})
    maps: dict[str, Any] = target.map(
        "Contacts",
        __key_properties__=["JDE_Contact_Key"],
        JDE_Contact_Key="account_number",
        Last_Name="name",
        Email="email",
    )
    run = target.run([customer(1, email="jones@ACME.example"), customer(2, email=None)], stream_maps=maps)
    assert run.check(0).outcomes == {"updated": 1, "created": 1}
    assert {row["JDE_Contact_Key"]: row["id"] for row in target.rows("Contacts")}["A1"] == held["id"]


def test_the_index_is_read_once_and_then_what_changed(ladder: ZohoTarget) -> None:
    rows = [{"Account_Name": f"Held {n}", "VAT_Number": f"US{n:09}"} for n in range(2_010)]
    ladder.put("Accounts", *rows)
    ladder.sandbox.control.jump(60)
    run = ladder.run([customer(1, tax_id="US000000007")]).check(0)
    assert (run.outcomes, len(lookups(ladder))) == ({"updated": 1}, 2)
    assert run.summary["key_index"] == {"calls": 2, "records": 2_010}
    ladder.put("Accounts", {"Account_Name": "Late", "VAT_Number": "US900000001"})
    given = [customer(2, tax_id="US900000001"), customer(3, tax_id="US000000008")]
    run = ladder.run(given).check(0)
    assert (run.outcomes, len(lookups(ladder))) == ({"updated": 2}, 1)
    assert run.summary["key_index"] == {"calls": 1, "records": 2}, "ours of before, and the late one"
    assert len(ladder.rows()) == 2_011


def test_a_unique_value_that_another_record_holds(target: ZohoTarget) -> None:
    target.put("fields", {"module": "Accounts", "api_name": "VAT_Number", "unique": True})
    target.config["stream_maps"] = target.map(VAT_Number="tax_id")
    target.run([customer(9)]).check(0)
    free, bound = target.put(
        "Accounts",
        {"Account_Name": "Free", "VAT_Number": "V1"},
        {"Account_Name": "Bound", "VAT_Number": "V2", NUMBER: "B2"},
    )
    # An upsert would overwrite whichever record holds the value, the bound one too.
    given = [customer(1, tax_id="V1"), customer(2, tax_id="V2"), customer(9, tax_id="V2", updated=LATER)]
    run = target.run(given).check(0)
    assert target.accounts["A1"]["id"] == free["id"]
    assert target.accounts["B2"]["id"] == bound["id"]
    assert run.outcomes == {"updated": 1, "rejected": 2}
    assert {letter.cause for letter in target.letters()} == {"linked", "taken"}
    assert all(bound["id"] in letter.reason or letter.cause == "taken" for letter in target.letters())


def test_a_lost_ledger_finds_everything_again(target: ZohoTarget) -> None:
    target.run([*customers(range(120))]).check(0)
    (target.folder / "home" / "ledger.db").unlink()
    for file in (target.folder / "home").glob("ledger.db*"):
        file.unlink()
    run = target.run([*customers(range(120))]).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == ({"unchanged": 120}, [])
    assert len(target.rows()) == 120


def test_the_country_of_numbers_that_name_none(ladder: ZohoTarget) -> None:
    ladder.config["dedupe"] = {
        "Accounts": {"phone": "Phone", "tax_id": "VAT_Number", "country": "Billing_Country"}
    }
    ladder.config["stream_maps"] = ladder.map(VAT_Number="tax_id", Billing_Country="country", Phone="phone")
    ladder.put("Accounts", {"Account_Name": "Acme", "VAT_Number": "DE136695976", "Phone": "+49 30 1234567"})
    given = [customer(1, tax_id="136 695 976"), customer(2, phone="030 / 1234567")]
    run = ladder.run(given, default_country="DE").check(0)
    assert run.outcomes == {"updated": 1, "rejected": 1}, "both are found, and both are the same one"
    ladder.put("Accounts", {"id": ladder.accounts["A1"]["id"], NUMBER: None})
    other = [customer(3, phone="030 / 1234567")]
    assert ladder.run(other, default_country="at").check(0).outcomes == {"created": 1}, "another country's"


@pytest.mark.parametrize(("dedupe", "outcome"), [({"email": "Email"}, "updated"), ({}, "rejected")])
def test_a_duplicate_that_zoho_names(target: ZohoTarget, dedupe: dict[str, str], outcome: str) -> None:
    """Its duplicate check preference refuses what no field of ours had to be unique for."""
    target.config["dedupe"] = {"Contacts": dedupe}
    key = "JDE_Contact_Key"
    fields: dict[str, Any] = {key: "account_number", "Last_Name": "name", "Email": "email"}
    target.config["stream_maps"] = target.map("Contacts", __key_properties__=[key], **fields)
    place = {"system": "zoho", "path": "*/Contacts/upsert"}
    held = "5725767000009999999"
    refusal = {
        "code": "DUPLICATE_DATA",
        "status": "error",
        "message": "duplicate data",
        "details": {
            "api_name": "Email",
            "duplicate_record": {"id": held, "module": {"api_name": "Contacts"}},
        },
    }
    target.sandbox.control.faults(
        {**place, "fault": "latency", "seconds": 2},
        {**place, "fault": "status", "status": 400, "body": {"data": [refusal]}, "after": 1},
    )

    def somebody_is_faster(process: int) -> None:
        """The index of keys was read by then, and does not know of the newcomer."""
        end = time.monotonic() + 30
        while "POST upsert" not in target.calls() and time.monotonic() < end:
            time.sleep(0.005)
        target.put("Contacts", {"id": held, "Last_Name": "Jones", "Email": "jones@acme.example"})

    given = [
        customer(1, email="one@acme.example"),
        schema(properties=PROPERTIES),
        customer(2, email="Jones@acme.example"),
    ]
    run = target.run_and(somebody_is_faster, given).check(0)
    assert run.outcomes == {"created": 1, outcome: 1}
    rows = {row["id"]: row for row in target.rows("Contacts")}
    assert (len(rows), rows[held][key]) == (2, "A2" if outcome == "updated" else None)
    assert all(held in letter.reason for letter in target.letters())


def test_the_index_costs_a_call_per_two_thousand_records_and_says_so(ladder: ZohoTarget) -> None:
    ladder.put("Accounts", {"Account_Name": "Held", "VAT_Number": "DE136695976"})
    run = ladder.run([customer(1, tax_id="DE136695976"), customer(2)]).check(0)
    assert run.summary["key_index"] == {"calls": 1, "records": 1}
    assert run.summary["credits"]["by_call"]["coql"] == 3
    # Linked records need no index.
    assert ladder.run([customer(2, city="Rome", updated=LATER)]).check(0).summary["key_index"]["calls"] == 0
