"""Records that are in Zoho already are found: by e-mail, tax id in any spelling, name and postal code."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers
from zoho_target import LATER, NUMBER, ZohoTarget

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
    rows = [{"Account_Name": f"Held {n}", "VAT_Number": f"US{n:09}"} for n in range(2_100)]
    for start in range(0, len(rows), 700):
        ladder.put("Accounts", *rows[start : start + 700])
    assert ladder.run([customer(1, tax_id="US000000007")]).check(0).outcomes == {"updated": 1}
    assert len(lookups(ladder)) == 2
    ladder.put("Accounts", {"Account_Name": "Late", "VAT_Number": "US900000001"})
    given = [customer(2, tax_id="US900000001"), customer(3, tax_id="US000000008")]
    assert ladder.run(given).check(0).outcomes == {"updated": 2}
    assert len(lookups(ladder)) == 2, "all changed within the margin: once by 200 and once by 2,000"
    assert len(ladder.rows()) == 2_101


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
