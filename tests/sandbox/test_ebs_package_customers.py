"""Customers and contacts of a handful of rows."""

from typing import Any

import pytest
from sandbox.ebs_api import JSON, EbsApi
from sandbox.ebs_package import OLD, VISION, call, column, items, put_old, read

LATER = "2026-03-04T05:06:07"


def customer(ebs: EbsApi, header: Any = None, **parameters: Any) -> JSON:
    (row,) = read(ebs, "customers", **({"header": header} if header else {}), **parameters)
    return row


@pytest.fixture
def site(ebs: EbsApi) -> EbsApi:
    """Customer 7 with a primary bill-to site in unit 204."""
    put_old(
        ebs,
        "HZ_PARTIES",
        {"PARTY_ID": 1007, "PARTY_NUMBER": "P7", "PARTY_NAME": "Seven", "PARTY_TYPE": "ORGANIZATION"}
        | {"STATUS": "A", "EMAIL_ADDRESS": "a@seven.example", "PRIMARY_PHONE_COUNTRY_CODE": "1"}
        | {"PRIMARY_PHONE_AREA_CODE": "425", "PRIMARY_PHONE_NUMBER": "555", "PRIMARY_PHONE_EXTENSION": "9"}
        | {"URL": "https://seven.example", "JGZZ_FISCAL_CODE": "F7"},
    )
    account = {"CUST_ACCOUNT_ID": 7, "PARTY_ID": 1007, "ACCOUNT_NUMBER": "A7", "ACCOUNT_NAME": "Seven Inc."}
    classes = {"STATUS": "A", "CUSTOMER_CLASS_CODE": "RETAIL", "CUSTOMER_TYPE": "R"}
    put_old(ebs, "HZ_CUST_ACCOUNTS", account | classes)
    put_old(ebs, "RA_TERMS", {"TERM_ID": 1, "NAME": "30 NET"}, {"TERM_ID": 2, "NAME": "45 NET"})
    put_use(ebs, 10, city="First")
    return ebs


def put_use(ebs: EbsApi, key: int, city: str, site: JSON | None = None, **use: Any) -> None:
    """A bill-to use on a site of its own, at a place in a city."""
    put_old(
        ebs, "HZ_LOCATIONS", {"LOCATION_ID": key, "ADDRESS1": f"{key} Street", "CITY": city, "COUNTRY": "US"}
    )
    put_old(ebs, "HZ_PARTY_SITES", {"PARTY_SITE_ID": key, "LOCATION_ID": key})
    own = {"CUST_ACCT_SITE_ID": key, "CUST_ACCOUNT_ID": 7, "PARTY_SITE_ID": key, "STATUS": "A", "ORG_ID": 204}
    put_old(ebs, "HZ_CUST_ACCT_SITES_ALL", own | (site or {}))
    billing = {"SITE_USE_ID": key, "CUST_ACCT_SITE_ID": key, "SITE_USE_CODE": "BILL_TO", "PRIMARY_FLAG": "Y"}
    put_old(
        ebs, "HZ_CUST_SITE_USES_ALL", billing | {"STATUS": "A", "ORG_ID": 204, "PAYMENT_TERM_ID": 1} | use
    )


def test_a_customer_in_full(site: EbsApi) -> None:
    assert customer(site) == {
        "CUST_ACCOUNT_ID": "7", "ACCOUNT_NUMBER": "A7", "ACCOUNT_NAME": "Seven Inc.", "STATUS": "A",
        "CUSTOMER_CLASS_CODE": "RETAIL", "CUSTOMER_TYPE": "R", "PARTY_ID": "1007", "PARTY_NUMBER": "P7",
        "PARTY_NAME": "Seven", "PARTY_TYPE": "ORGANIZATION", "PARTY_STATUS": "A", "EMAIL": "a@seven.example",
        "PHONE_COUNTRY_CODE": "1", "PHONE_AREA_CODE": "425", "PHONE_NUMBER": "555", "PHONE_EXTENSION": "9",
        "URL": "https://seven.example", "TAX_REFERENCE": "F7", "CREATION_DATE": OLD, "SITE_USE_ID": "10",
        "ORG_ID": "204", "ADDRESS1": "10 Street", "ADDRESS2": None, "ADDRESS3": None, "ADDRESS4": None,
        "CITY": "First", "COUNTY": None, "STATE": None, "PROVINCE": None, "POSTAL_CODE": None,
        "COUNTRY": "US", "TERMS": "30 NET", "CREDIT_HOLD": None, "LAST_UPDATE_DATE": OLD,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "city"),
    [
        ({"key": 5}, "Other"),
        ({"key": 11}, "First"),
        ({"key": 5, "PRIMARY_FLAG": "N"}, "First"),
        ({"key": 5, "STATUS": "I"}, "First"),
        ({"key": 5, "site": {"STATUS": "I"}}, "First"),
        ({"key": 5, "SITE_USE_CODE": "SHIP_TO"}, "First"),
        ({"key": 5, "ORG_ID": 458}, "First"),
        ({"key": 11, "ORG_ID": 101}, "First"),
    ],
)
def test_the_bill_to_use_that_is_chosen(site: EbsApi, other: JSON, city: str) -> None:
    given = dict(other)
    put_use(site, given.pop("key"), "Other", **given)
    assert customer(site)["CITY"] == city


def test_units_in_order_of_preference(site: EbsApi) -> None:
    put_use(site, 5, "Other", site={"ORG_ID": 458}, ORG_ID=458)

    assert customer(site, P_ORG_ID="458,204")["CITY"] == "Other"
    assert customer(site, P_ORG_ID="204,458")["CITY"] == "First"
    site.put("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 10, "STATUS": "I"})
    assert customer(site)["CITY"] == "Other"
    assert customer(site, P_ORG_ID="204")["CITY"] == "First"
    assert customer(site, VISION)["CITY"] == "First"


def test_an_account_without_a_site(site: EbsApi) -> None:
    put_old(site, "HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 8, "PARTY_ID": 1})
    row = customer(site, P_KEYS="8")
    assert (row["SITE_USE_ID"], row["CITY"], row["PARTY_NAME"], row["TERMS"]) == (None,) * 4


def test_the_profile_of_the_account_itself(site: EbsApi) -> None:
    def put(key: int, **changes: Any) -> None:
        own = {"CUST_ACCOUNT_PROFILE_ID": key, "CUST_ACCOUNT_ID": 7, "STATUS": "A", "STANDARD_TERMS": 2}
        put_old(site, "HZ_CUSTOMER_PROFILES", own | changes)

    put(1, CREDIT_HOLD="N", SITE_USE_ID=10)
    assert (customer(site)["CREDIT_HOLD"], customer(site)["TERMS"]) == (None, "30 NET")
    put(5, CREDIT_HOLD="Y")
    put(4, CREDIT_HOLD="N", STATUS="I")
    put(6, CREDIT_HOLD="N")
    assert (customer(site)["CREDIT_HOLD"], customer(site)["TERMS"]) == ("Y", "45 NET")
    put(5, CREDIT_HOLD="Y", STANDARD_TERMS=None)
    assert customer(site)["TERMS"] == "30 NET"


def test_credit_limits_of_the_account_by_currency(site: EbsApi) -> None:
    rows: list[JSON] = [
        {"CURRENCY_CODE": "USD", "OVERALL_CREDIT_LIMIT": "1000.50"},
        {"CURRENCY_CODE": "CAD", "TRX_CREDIT_LIMIT": 5},
        {"CURRENCY_CODE": "EUR", "SITE_USE_ID": 10},
        {"OVERALL_CREDIT_LIMIT": 1},
        {"CURRENCY_CODE": "CAD", "TRX_CREDIT_LIMIT": 6},
    ]
    for key, row in enumerate(rows):
        put_old(site, "HZ_CUST_PROFILE_AMTS", {"CUST_ACCT_PROFILE_AMT_ID": key, "CUST_ACCOUNT_ID": 7} | row)

    limits = items(call(site, "customers"), "X_LIMITS")
    assert [list(limit.values()) for limit in limits] == [
        ["7", "CAD", None, "5"],
        ["7", "CAD", None, "6"],
        ["7", "USD", "1000.5", None],
    ]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("HZ_PARTIES", {"PARTY_ID": 1007}),
        ("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 10}),
        ("HZ_PARTY_SITES", {"PARTY_SITE_ID": 10}),
        ("HZ_LOCATIONS", {"LOCATION_ID": 10}),
        ("RA_TERMS", {"TERM_ID": 1}),
    ],
)
def test_the_newest_of_all_rows_behind_a_customer(site: EbsApi, table: str, row: JSON) -> None:
    site.put(table, row | {"LAST_UPDATE_DATE": LATER})
    assert customer(site)["LAST_UPDATE_DATE"] == LATER


@pytest.fixture
def people(site: EbsApi) -> EbsApi:
    """Customer 7 with a contact at account level."""
    person = {"PARTY_ID": 50, "PARTY_NAME": "Ann Lee", "PERSON_FIRST_NAME": "Ann", "PERSON_LAST_NAME": "Lee"}
    own = {"EMAIL_ADDRESS": "private@lee.example", "PRIMARY_PHONE_NUMBER": "private"}
    put_old(site, "HZ_PARTIES", person | own, {"PARTY_ID": 60})
    put_relationship(site, 30)
    put_old(
        site,
        "HZ_ORG_CONTACTS",
        {"ORG_CONTACT_ID": 2, "PARTY_RELATIONSHIP_ID": 30, "JOB_TITLE": "Second"},
        {"ORG_CONTACT_ID": 1, "PARTY_RELATIONSHIP_ID": 30, "JOB_TITLE": "Buyer", "CONTACT_NUMBER": "C1"},
    )
    role = {"CUST_ACCOUNT_ROLE_ID": 40, "CUST_ACCOUNT_ID": 7, "PARTY_ID": 60, "ROLE_TYPE": "CONTACT"}
    put_old(site, "HZ_CUST_ACCOUNT_ROLES", role | {"STATUS": "A"})
    return site


def put_relationship(ebs: EbsApi, key: int, **changes: Any) -> None:
    forth = {"SUBJECT_ID": 50, "SUBJECT_TYPE": "PERSON", "OBJECT_ID": 1007, "PARTY_ID": 60, "STATUS": "A"}
    back = {
        "SUBJECT_ID": 1007,
        "SUBJECT_TYPE": "ORGANIZATION",
        "OBJECT_ID": 50,
        "PARTY_ID": 60,
        "STATUS": "A",
    }
    put_old(ebs, "HZ_RELATIONSHIPS", {"RELATIONSHIP_ID": key, "DIRECTIONAL_FLAG": "F"} | forth | changes)
    put_old(ebs, "HZ_RELATIONSHIPS", {"RELATIONSHIP_ID": key, "DIRECTIONAL_FLAG": "B"} | back)


def put_point(ebs: EbsApi, key: int, kind: str, **changes: Any) -> None:
    own = {"CONTACT_POINT_ID": key, "OWNER_TABLE_NAME": "HZ_PARTIES", "OWNER_TABLE_ID": 60, "STATUS": "A"}
    value = {"EMAIL_ADDRESS": f"{key}@x.example"} if kind == "EMAIL" else {"PHONE_NUMBER": f"n{key}"}
    put_old(ebs, "HZ_CONTACT_POINTS", own | {"CONTACT_POINT_TYPE": kind} | value | changes)


def contact(ebs: EbsApi, **parameters: Any) -> JSON:
    (row,) = read(ebs, "customer_contacts", **parameters)
    return row


def test_a_contact_in_full(people: EbsApi) -> None:
    put_point(people, 1, "EMAIL")
    assert contact(people) == {
        "CUST_ACCOUNT_ROLE_ID": "40", "CUST_ACCOUNT_ID": "7", "ACCOUNT_NUMBER": "A7", "ACCOUNT_STATUS": "A",
        "CUST_ACCT_SITE_ID": None, "ORG_ID": None, "PARTY_ID": "60", "PERSON_PARTY_ID": "50",
        "CONTACT_NUMBER": "C1", "FIRST_NAME": "Ann", "LAST_NAME": "Lee", "NAME": "Ann Lee",
        "JOB_TITLE": "Buyer", "EMAIL": "1@x.example", "PHONE_COUNTRY_CODE": None, "PHONE_AREA_CODE": None,
        "PHONE_NUMBER": None, "PHONE_EXTENSION": None, "ROLE_STATUS": "A", "RELATIONSHIP_STATUS": "A",
        "STATUS": "A", "CREATION_DATE": OLD, "LAST_UPDATE_DATE": OLD,
    }  # fmt: skip


def test_the_point_that_is_chosen(people: EbsApi) -> None:
    put_point(people, 9, "EMAIL")
    put_point(people, 3, "EMAIL", STATUS="I", PRIMARY_FLAG="Y")
    put_point(people, 4, "EMAIL", OWNER_TABLE_NAME="HZ_PARTY_SITES")
    put_point(people, 1, "PHONE", PHONE_LINE_TYPE="FAX", PRIMARY_FLAG="Y")
    put_point(people, 5, "PHONE", PHONE_LINE_TYPE="GEN", PHONE_AREA_CODE="425")
    row = contact(people)
    assert (row["EMAIL"], row["PHONE_NUMBER"], row["PHONE_AREA_CODE"]) == ("9@x.example", "n5", "425")
    put_point(people, 10, "EMAIL", PRIMARY_FLAG="Y")
    put_point(people, 11, "PHONE", PRIMARY_FLAG="Y")
    row = contact(people)
    assert (row["EMAIL"], row["PHONE_NUMBER"], row["PHONE_AREA_CODE"]) == ("10@x.example", "n11", None)


def test_without_points_the_relationship_party_speaks_never_the_person(people: EbsApi) -> None:
    row = contact(people)
    assert (row["EMAIL"], row["PHONE_NUMBER"]) == (None, None)
    people.put("HZ_PARTIES", {"PARTY_ID": 60, "EMAIL_ADDRESS": "b@x.example", "PRIMARY_PHONE_NUMBER": "5"})
    row = contact(people)
    assert (row["EMAIL"], row["PHONE_NUMBER"]) == ("b@x.example", "5")


def test_the_relationship_that_is_chosen(people: EbsApi) -> None:
    put_old(
        people, "HZ_PARTIES", {"PARTY_ID": 51, "PARTY_NAME": "Bob"}, {"PARTY_ID": 52, "PARTY_NAME": "Cid"}
    )
    put_relationship(people, 20, SUBJECT_ID=51, OBJECT_ID=99)
    assert contact(people)["NAME"] == "Ann Lee"
    put_relationship(people, 25, SUBJECT_ID=52)
    assert contact(people)["NAME"] == "Cid"


@pytest.mark.parametrize(
    ("role", "relationship", "status"), [("A", "A", "A"), ("I", "A", "I"), ("A", "I", "I"), ("A", "M", "I")]
)
def test_ended_roles_say_so(people: EbsApi, role: str, relationship: str, status: str) -> None:
    people.put("HZ_CUST_ACCOUNT_ROLES", {"CUST_ACCOUNT_ROLE_ID": 40, "STATUS": role})
    put_relationship(people, 30, STATUS=relationship)
    row = contact(people)

    assert (row["ROLE_STATUS"], row["RELATIONSHIP_STATUS"], row["STATUS"]) == (role, relationship, status)


def test_a_role_without_a_relationship_is_inactive(people: EbsApi) -> None:
    people.put("HZ_CUST_ACCOUNT_ROLES", {"CUST_ACCOUNT_ROLE_ID": 40, "PARTY_ID": 61})
    row = contact(people)
    assert (row["STATUS"], row["NAME"], row["RELATIONSHIP_STATUS"]) == ("I", None, None)


def test_roles_that_are_no_contacts_or_on_a_site_of_another_unit(people: EbsApi) -> None:
    put_use(people, 5, "Other", site={"ORG_ID": 458})
    role = {"CUST_ACCOUNT_ID": 7, "PARTY_ID": 60, "STATUS": "A"}
    put_old(
        people,
        "HZ_CUST_ACCOUNT_ROLES",
        role | {"CUST_ACCOUNT_ROLE_ID": 41, "ROLE_TYPE": "CONTACT", "CUST_ACCT_SITE_ID": 10},
        role | {"CUST_ACCOUNT_ROLE_ID": 42, "ROLE_TYPE": "CONTACT", "CUST_ACCT_SITE_ID": 5},
        role | {"CUST_ACCOUNT_ROLE_ID": 43, "ROLE_TYPE": "ACCOUNT_SITE"},
    )

    def keys(**parameters: Any) -> list[tuple[str, str | None]]:
        rows = read(people, "customer_contacts", **parameters)
        return list(zip(column(rows, "CUST_ACCOUNT_ROLE_ID"), column(rows, "ORG_ID"), strict=True))

    assert keys() == [("40", None), ("41", "204"), ("42", "458")]
    assert keys(P_ORG_ID="458") == [("40", None), ("42", "458")]
    assert keys(header=VISION) == [("40", None), ("41", "204")]
    assert keys(P_KEYS="7", P_LAST_KEY="41") == [("42", "458")]
    assert keys(P_KEYS="8") == []
