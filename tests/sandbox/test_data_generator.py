import hashlib
import json
import time
from collections import Counter
from datetime import datetime

import pytest
from sandbox.ebs_checks import check_amounts, check_columns, check_references

from ml_sandbox.data.ebs_rows import Row
from ml_sandbox.data.generator import NEWEST, generate

CUSTOMERS = 600
Tables = dict[str, list[Row]]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return generate(CUSTOMERS, seed=1)


def digest(tables: Tables) -> str:
    return hashlib.sha256(json.dumps(tables, default=str, sort_keys=True).encode()).hexdigest()


def test_columns_and_keys(tables: Tables) -> None:
    check_columns(tables)


def test_references(tables: Tables) -> None:
    check_references(tables)


def test_amounts(tables: Tables) -> None:
    check_amounts(tables)


def test_the_same_seed_gives_the_same_rows_on_every_machine() -> None:
    assert digest(generate(40, seed=7)) == DIGEST
    assert digest(generate(40, seed=8)) != DIGEST


def test_another_newest_moment_only_shifts_the_dates() -> None:
    later = generate(20, seed=7, newest=datetime.fromisoformat("2026-03-01"))
    rows = generate(20, seed=7)

    assert [row["PARTY_NAME"] for row in later["HZ_PARTIES"]] == [
        row["PARTY_NAME"] for row in rows["HZ_PARTIES"]
    ]
    for old, new in zip(rows["PO_HEADERS_ALL"], later["PO_HEADERS_ALL"], strict=True):
        shift = datetime.fromisoformat(str(new["CREATION_DATE"])) - datetime.fromisoformat(
            str(old["CREATION_DATE"])
        )
        assert shift.days == 59


def test_ten_thousand_customers_take_seconds() -> None:
    began = time.process_time()
    accounts = generate(10_000, seed=1)["HZ_CUST_ACCOUNTS"]

    assert len({row["PARTY_ID"] for row in accounts}) == 10_000
    assert time.process_time() - began < 20


def test_no_customers_and_a_negative_number() -> None:
    assert "HZ_CUST_ACCOUNTS" not in generate(0, seed=1)
    assert len(generate(0, seed=1)["RA_TERMS"]) == 4
    with pytest.raises(ValueError, match="0 or more"):
        generate(-1, seed=1)


def test_everything_happened_before_the_newest_moment(tables: Tables) -> None:
    for name, rows in tables.items():
        for row in rows:
            assert row["CREATION_DATE"] <= row["LAST_UPDATE_DATE"] < NEWEST.isoformat(), name  # type: ignore[operator]  # both are texts


def test_documents_are_younger_than_their_partner(tables: Tables) -> None:
    created = {row["VENDOR_ID"]: str(row["CREATION_DATE"]) for row in tables["AP_SUPPLIERS"]}

    assert all(str(row["CREATION_DATE"]) > created[row["VENDOR_ID"]] for row in tables["PO_HEADERS_ALL"])


def test_every_customer_has_an_account_number_and_a_party(tables: Tables) -> None:
    accounts = tables["HZ_CUST_ACCOUNTS"]

    assert len({row["ACCOUNT_NUMBER"] for row in accounts}) == len(accounts)
    per_party = Counter(row["PARTY_ID"] for row in accounts)
    assert len(per_party) == CUSTOMERS
    assert max(per_party.values()) == 2


def test_each_site_set_has_one_primary_bill_to_per_account_and_organization(tables: Tables) -> None:
    account_of = {
        row["CUST_ACCT_SITE_ID"]: row["CUST_ACCOUNT_ID"] for row in tables["HZ_CUST_ACCT_SITES_ALL"]
    }
    primary = Counter(
        (account_of[row["CUST_ACCT_SITE_ID"]], row["ORG_ID"])
        for row in tables["HZ_CUST_SITE_USES_ALL"]
        if row["SITE_USE_CODE"] == "BILL_TO" and row["PRIMARY_FLAG"] == "Y"
    )

    assert set(primary.values()) == {1}
    assert {organization for _, organization in primary} == {204, 458}
    assert any(row["SITE_USE_CODE"] == "SHIP_TO" for row in tables["HZ_CUST_SITE_USES_ALL"])


def test_contact_data_hang_on_the_relationship_party(tables: Tables) -> None:
    kinds = {row["PARTY_ID"]: row["PARTY_TYPE"] for row in tables["HZ_PARTIES"]}
    owners = {row["OWNER_TABLE_ID"] for row in tables["HZ_CONTACT_POINTS"]}
    subjects = {row["SUBJECT_ID"] for row in tables["HZ_RELATIONSHIPS"] if row["DIRECTIONAL_FLAG"] == "F"}

    assert all(kinds[row["PARTY_ID"]] == "PARTY_RELATIONSHIP" for row in tables["HZ_CUST_ACCOUNT_ROLES"])
    assert {kinds[subject] for subject in subjects} == {"PERSON"}
    assert not subjects & owners
    directions = Counter(row["RELATIONSHIP_ID"] for row in tables["HZ_RELATIONSHIPS"])
    assert set(directions.values()) == {2}


def test_some_suppliers_share_the_party_of_a_customer(tables: Tables) -> None:
    customers = {row["PARTY_ID"] for row in tables["HZ_CUST_ACCOUNTS"]}
    shared = [row["PARTY_ID"] in customers for row in tables["AP_SUPPLIERS"]]

    assert 0.2 * CUSTOMERS < sum(shared) < len(shared)


def test_the_awkward_cases_are_there(tables: Tables) -> None:
    parties = [row for row in tables["HZ_PARTIES"] if row["PARTY_TYPE"] != "PARTY_RELATIONSHIP"]
    names = Counter(str(row["PARTY_NAME"]) for row in parties if row["PARTY_NUMBER"] in _numbers(tables))

    assert any(count > 1 for count in names.values())
    assert any(len(name) > 80 for name in names)
    assert any(ord(letter) > 0x2600 for name in names for letter in name)
    assert any(not name.isascii() for name in names)
    assert {row["STATUS"] for row in tables["HZ_CUST_ACCOUNTS"]} == {"A", "I", "M"}
    assert len(tables["HZ_CUST_PROFILE_AMTS"]) < len(tables["HZ_CUSTOMER_PROFILES"])
    stamps = Counter(row["LAST_UPDATE_DATE"] for row in tables["HZ_CUST_ACCOUNTS"])
    assert stamps.most_common(1)[0][1] > CUSTOMERS / 10


def test_some_accounts_are_broken_on_purpose(tables: Tables) -> None:
    broken = {
        row["CODE_COMBINATION_ID"]
        for row in tables["GL_CODE_COMBINATIONS"]
        if row["ENABLED_FLAG"] == "N"
        or row["SUMMARY_FLAG"] == "Y"
        or row["DETAIL_POSTING_ALLOWED_FLAG"] == "N"
        or "END_DATE_ACTIVE" in row
        or "START_DATE_ACTIVE" in row
    }

    assert len(broken) == 6
    charged = [row["CODE_COMBINATION_ID"] for row in tables["PO_DISTRIBUTIONS_ALL"]]
    assert 0 < sum(account in broken for account in charged) < len(charged) / 10
    assert any(row["DIST_CODE_COMBINATION_ID"] == -1 for row in tables["AP_INVOICE_DISTRIBUTIONS_ALL"])


def test_merged_accounts_left_their_children_to_the_survivor(tables: Tables) -> None:
    accounts = tables["HZ_CUST_ACCOUNTS"]
    merged = {row["CUST_ACCOUNT_ID"]: row for row in accounts if row["STATUS"] == "M"}

    assert 0 < len(merged) < CUSTOMERS / 20
    for table in ("HZ_CUST_ACCT_SITES_ALL", "HZ_CUST_ACCOUNT_ROLES", "HZ_CUSTOMER_PROFILES"):
        assert not merged.keys() & {row["CUST_ACCOUNT_ID"] for row in tables[table]}
    survivors = {row["PARTY_ID"]: row["CUST_ACCOUNT_ID"] for row in accounts if row["STATUS"] == "A"}
    for row in merged.values():
        roles = [
            role
            for role in tables["HZ_CUST_ACCOUNT_ROLES"]
            if role["CUST_ACCOUNT_ID"] == survivors[row["PARTY_ID"]]
        ]
        assert row["LAST_UPDATE_DATE"] in {role["LAST_UPDATE_DATE"] for role in roles}


def test_every_currency_but_one_has_rates_for_every_document(tables: Tables) -> None:
    rates = [row for row in tables["GL_DAILY_RATES"] if row["CONVERSION_TYPE"] == "Corporate"]
    oldest: dict[object, str] = {}
    for row in rates:
        assert row["TO_CURRENCY"] == "USD"
        date, currency = str(row["CONVERSION_DATE"]), row["FROM_CURRENCY"]
        oldest[currency] = min(date, oldest.get(currency, date))
    dated = [(row["CURRENCY_CODE"], str(row["CREATION_DATE"])) for row in tables["PO_HEADERS_ALL"]]
    dated += [(row["INVOICE_CURRENCY_CODE"], str(row["TRX_DATE"])) for row in tables["RA_CUSTOMER_TRX_ALL"]]

    assert {currency for currency, _ in dated} - oldest.keys() == {"USD", "TRY"}
    assert all(oldest[currency] <= date for currency, date in dated if currency in oldest)


def _numbers(tables: Tables) -> set[object]:
    return {str(row["ACCOUNT_NUMBER"]).removesuffix("-2") for row in tables["HZ_CUST_ACCOUNTS"]}


DIGEST = "94a4f4790531a50f4f0037604304ff402a525842d9a58740cd06b4a045703194"
