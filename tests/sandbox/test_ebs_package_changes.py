"""Which customers a change of each table, or a day that goes by, brings up again."""

from itertools import pairwise
from typing import Any

import pytest
from sandbox.ebs_api import JSON, EbsApi
from sandbox.ebs_package import (
    call,
    column,
    items,
    put_accounts,
    put_invoice,
    put_ledger_account,
    put_old,
    put_order,
    put_sale,
    put_transaction,
)

SINCE = "2026-06-01T00:00:00"


@pytest.fixture
def site(ebs: EbsApi) -> EbsApi:
    """Three customers with one document of each kind, and people; each of them has accounts of its own."""
    put_accounts(ebs, 7, 8, 9)
    for key in (7, 8, 9):
        own, use = 10 * key, key + 3000
        for account in (own, own + 1, own + 2):
            put_ledger_account(ebs, account)
        put_order(ebs, own, key, {"QUANTITY": 1, "charged": own})
        put_invoice(
            ebs, own, key, charged=own + 1, PARTY_ID=None if key == 8 else key + 1000, VENDOR_ID=key + 2000
        )
        put_sale(ebs, own, key)
        put_transaction(ebs, own, key)
        put_old(
            ebs, "HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": use, "GL_ID_REC": own + 2, "PAYMENT_TERM_ID": own}
        )
        put_old(ebs, "AP_SUPPLIER_SITES_ALL", {"VENDOR_SITE_ID": own, "VENDOR_ID": key + 2000})
        put_old(ebs, "HZ_LOCATIONS", {"LOCATION_ID": own, "CITY": f"City {key}"})
        put_old(ebs, "HZ_PARTY_SITES", {"PARTY_SITE_ID": own, "LOCATION_ID": own})
        put_old(ebs, "HZ_CUST_ACCT_SITES_ALL", {"CUST_ACCT_SITE_ID": key + 4000, "PARTY_SITE_ID": own})
        put_old(ebs, "RA_TERMS", {"TERM_ID": own, "NAME": "30"}, {"TERM_ID": own + 1, "NAME": "45"})
        profile = {"CUST_ACCOUNT_PROFILE_ID": own, "CUST_ACCOUNT_ID": key, "STANDARD_TERMS": own + 1}
        put_old(ebs, "HZ_CUSTOMER_PROFILES", profile)
        amount = {"CUST_ACCT_PROFILE_AMT_ID": own, "CUST_ACCOUNT_ID": key, "CURRENCY_CODE": "USD"}
        put_old(ebs, "HZ_CUST_PROFILE_AMTS", amount)
        put_contact(ebs, key)
    return ebs


def put_contact(ebs: EbsApi, key: int) -> None:
    """A role on a site, between person (+ 5000) and party, with a relationship party (+ 6000) and a point."""
    own, person, between = 10 * key, key + 5000, key + 6000
    put_old(ebs, "HZ_PARTIES", {"PARTY_ID": person}, {"PARTY_ID": between})
    ends = {"SUBJECT_ID": person, "SUBJECT_TYPE": "PERSON", "OBJECT_ID": key + 1000, "STATUS": "A"}
    relationship = {"RELATIONSHIP_ID": own, "DIRECTIONAL_FLAG": "F", "PARTY_ID": between}
    put_old(ebs, "HZ_RELATIONSHIPS", relationship | ends)
    back = {"SUBJECT_ID": key + 1000, "SUBJECT_TYPE": "ORGANIZATION", "OBJECT_ID": person, "STATUS": "A"}
    put_old(ebs, "HZ_RELATIONSHIPS", relationship | back | {"DIRECTIONAL_FLAG": "B"})
    put_old(ebs, "HZ_ORG_CONTACTS", {"ORG_CONTACT_ID": own, "PARTY_RELATIONSHIP_ID": own})
    role = {"CUST_ACCOUNT_ROLE_ID": own, "CUST_ACCOUNT_ID": key, "PARTY_ID": between, "ROLE_TYPE": "CONTACT"}
    put_old(ebs, "HZ_CUST_ACCOUNT_ROLES", role | {"CUST_ACCT_SITE_ID": key + 4000, "STATUS": "A"})
    point = {"CONTACT_POINT_ID": own, "OWNER_TABLE_NAME": "HZ_PARTIES", "OWNER_TABLE_ID": between}
    put_old(ebs, "HZ_CONTACT_POINTS", point | {"CONTACT_POINT_TYPE": "EMAIL", "STATUS": "A"})
    elsewhere = {"CONTACT_POINT_ID": own + 5, "OWNER_TABLE_NAME": "HZ_PARTY_SITES", "OWNER_TABLE_ID": between}
    put_old(ebs, "HZ_CONTACT_POINTS", elsewhere)


def changed(ebs: EbsApi, operation: str, key: str = "CUST_ACCOUNT_ID", **parameters: Any) -> list[str]:
    given = {"P_LAST_UPDATE_FROM": SINCE} | parameters
    found: list[str] = column(items(call(ebs, operation, **given)), key)
    return found


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 8}),
        ("HZ_PARTIES", {"PARTY_ID": 1008}),
        ("HZ_CUST_ACCT_SITES_ALL", {"CUST_ACCT_SITE_ID": 4008}),
        ("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 3008}),
        ("HZ_PARTY_SITES", {"PARTY_SITE_ID": 80}),
        ("HZ_LOCATIONS", {"LOCATION_ID": 80}),
        ("HZ_CUSTOMER_PROFILES", {"CUST_ACCOUNT_PROFILE_ID": 80}),
        ("HZ_CUST_PROFILE_AMTS", {"CUST_ACCT_PROFILE_AMT_ID": 80}),
        ("RA_TERMS", {"TERM_ID": 80}),
        ("RA_TERMS", {"TERM_ID": 81}),
    ],
)
def test_tables_behind_a_customer(site: EbsApi, table: str, row: JSON) -> None:
    assert changed(site, "customers") == []
    site.put(table, row)

    assert changed(site, "customers") == ["8"]
    assert changed(site, "customers", P_LAST_UPDATE_TO="2026-10-01T00:00:00") == []


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("HZ_CUST_ACCOUNT_ROLES", {"CUST_ACCOUNT_ROLE_ID": 80}),
        ("HZ_RELATIONSHIPS", {"RELATIONSHIP_ID": 80, "DIRECTIONAL_FLAG": "F"}),
        ("HZ_ORG_CONTACTS", {"ORG_CONTACT_ID": 80}),
        ("HZ_PARTIES", {"PARTY_ID": 5008}),
        ("HZ_PARTIES", {"PARTY_ID": 6008}),
        ("HZ_CONTACT_POINTS", {"CONTACT_POINT_ID": 80}),
        ("HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 8}),
        ("HZ_CUST_ACCT_SITES_ALL", {"CUST_ACCT_SITE_ID": 4008}),
    ],
)
def test_tables_behind_a_contact(site: EbsApi, table: str, row: JSON) -> None:
    assert changed(site, "customer_contacts", "CUST_ACCOUNT_ROLE_ID") == []
    site.put(table, row)

    assert changed(site, "customer_contacts", "CUST_ACCOUNT_ROLE_ID") == ["80"]


@pytest.mark.parametrize(
    ("table", "row"),
    [("HZ_PARTIES", {"PARTY_ID": 1008}), ("HZ_CONTACT_POINTS", {"CONTACT_POINT_ID": 85})],
)
def test_rows_that_are_behind_no_contact(site: EbsApi, table: str, row: JSON) -> None:
    site.put(table, row)
    assert changed(site, "customer_contacts", "CUST_ACCOUNT_ROLE_ID") == []


PURCHASING = [
    ("AP_SUPPLIERS", {"VENDOR_ID": 2008}),
    ("AP_SUPPLIER_SITES_ALL", {"VENDOR_SITE_ID": 80}),
    ("PO_HEADERS_ALL", {"PO_HEADER_ID": 80}),
    ("PO_LINES_ALL", {"PO_LINE_ID": 801}),
    ("PO_LINE_LOCATIONS_ALL", {"LINE_LOCATION_ID": 801}),
    ("PO_DISTRIBUTIONS_ALL", {"PO_DISTRIBUTION_ID": 801}),
    ("AP_INVOICES_ALL", {"INVOICE_ID": 80}),
    ("AP_INVOICE_DISTRIBUTIONS_ALL", {"INVOICE_DISTRIBUTION_ID": 80}),
    ("AP_PAYMENT_SCHEDULES_ALL", {"INVOICE_ID": 80, "PAYMENT_NUM": 1}),
    ("GL_CODE_COMBINATIONS", {"CODE_COMBINATION_ID": 80}),
    ("GL_CODE_COMBINATIONS", {"CODE_COMBINATION_ID": 81}),
]
SALES = [
    ("OE_ORDER_HEADERS_ALL", {"HEADER_ID": 80}),
    ("OE_ORDER_LINES_ALL", {"LINE_ID": 801}),
    ("RA_CUSTOMER_TRX_ALL", {"CUSTOMER_TRX_ID": 80}),
    ("AR_PAYMENT_SCHEDULES_ALL", {"PAYMENT_SCHEDULE_ID": 801}),
    ("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 3008}),
    ("GL_CODE_COMBINATIONS", {"CODE_COMBINATION_ID": 82}),
]


@pytest.mark.parametrize(
    ("table", "row", "in_purchasing", "in_sales"),
    [("HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 8}, True, True)]
    + [(*change, True, False) for change in PURCHASING]
    + [(*change, False, True) for change in SALES],
)
def test_tables_behind_a_summary(
    site: EbsApi, table: str, row: JSON, in_purchasing: bool, in_sales: bool
) -> None:
    site.put(table, row)

    for route, expected in (("PURCHASING", in_purchasing), ("ORDER_MANAGEMENT", in_sales), ("BOTH", True)):
        assert changed(site, "customer_summaries", P_ORDERS_FROM=route) == ["8"] * expected, route


def test_the_party_of_a_supplier_invoice_decides(site: EbsApi) -> None:
    site.put("AP_INVOICES_ALL", {"INVOICE_ID": 70, "VENDOR_ID": 2009})
    assert changed(site, "customer_summaries") == ["7"]


def test_accounts_do_not_matter_without_the_gl_check(site: EbsApi) -> None:
    keys = (80, 81, 82)
    site.put("GL_CODE_COMBINATIONS", *({"CODE_COMBINATION_ID": key} for key in keys))
    assert changed(site, "customer_summaries", P_ORDERS_FROM="BOTH", P_VALIDATE_GL="N") == []


def test_a_rate_brings_up_those_whose_documents_it_converts(site: EbsApi) -> None:
    dates = {7: "2026-10-31T00:00:00", 8: "2026-11-01T10:00:00", 9: "2026-11-05T00:00:00"}
    for key, date in dates.items():
        changes = {"INVOICE_ID": 10 * key, "INVOICE_CURRENCY_CODE": "EUR", "INVOICE_DATE": date}
        put_old(site, "AP_INVOICES_ALL", changes)
    rate: JSON = {"FROM_CURRENCY": "EUR", "TO_CURRENCY": "USD", "CONVERSION_TYPE": "Corporate"}
    put_old(site, "GL_DAILY_RATES", rate | {"CONVERSION_DATE": "2026-11-03T00:00:00"})
    site.put("GL_DAILY_RATES", rate | {"CONVERSION_DATE": "2026-11-01T00:00:00", "CONVERSION_RATE": 2})

    assert changed(site, "customer_summaries", P_CURRENCY="USD") == ["8"]
    assert changed(site, "customer_summaries", P_CURRENCY="USD", P_RATE_TYPE="Spot") == []
    assert changed(site, "customer_summaries") == []


@pytest.mark.parametrize(
    ("table", "row", "edge"),
    [
        # Not recent any more 90 days later: 2026-08-23 + 90.
        ("AP_INVOICES_ALL", {"INVOICE_ID": 80, "INVOICE_DATE": "2026-08-23T00:00:00"}, "2026-11-21"),
        ("AP_INVOICES_ALL", {"INVOICE_ID": 80, "INVOICE_DATE": "2026-08-23T15:00:00"}, "2026-11-22"),
        ("RA_CUSTOMER_TRX_ALL", {"CUSTOMER_TRX_ID": 80, "TRX_DATE": "2026-08-23T00:00:00"}, "2026-11-21"),
        # Overdue from the day after the due date on.
        (
            "AP_PAYMENT_SCHEDULES_ALL",
            {"INVOICE_ID": 80, "PAYMENT_NUM": 1, "DUE_DATE": "2026-11-20T00:00:00"},
            "2026-11-21",
        ),
        (
            "AR_PAYMENT_SCHEDULES_ALL",
            {"PAYMENT_SCHEDULE_ID": 801, "DUE_DATE": "2026-11-20T13:00:00"},
            "2026-11-21",
        ),
        (
            "GL_CODE_COMBINATIONS",
            {"CODE_COMBINATION_ID": 80, "START_DATE_ACTIVE": "2026-11-21T00:00:00"},
            "2026-11-21",
        ),
        (
            "GL_CODE_COMBINATIONS",
            {"CODE_COMBINATION_ID": 80, "END_DATE_ACTIVE": "2026-11-20T00:00:00"},
            "2026-11-21",
        ),
        (
            "GL_CODE_COMBINATIONS",
            {"CODE_COMBINATION_ID": 82, "END_DATE_ACTIVE": "2026-11-20T00:00:00"},
            "2026-11-21",
        ),
        ("AP_SUPPLIERS", {"VENDOR_ID": 2008, "END_DATE_ACTIVE": "2026-11-21T00:00:00"}, "2026-11-21"),
        (
            "AP_SUPPLIER_SITES_ALL",
            {"VENDOR_SITE_ID": 80, "INACTIVE_DATE": "2026-11-21T00:00:00"},
            "2026-11-21",
        ),
    ],
)
def test_the_edge_of_a_window_is_passed_on_one_day(site: EbsApi, table: str, row: JSON, edge: str) -> None:
    put_old(site, table, row)

    def crossed(low: str, high: str) -> list[str]:
        days = {"P_CROSSED_FROM": f"{low}T00:00:00", "P_CROSSED_TO": f"{high}T00:00:00"}
        return changed(site, "customer_summaries", P_ORDERS_FROM="BOTH", P_AS_OF=days["P_CROSSED_TO"], **days)

    around = ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"]
    assert [high for low, high in pairwise(around) if "8" in crossed(low, high)] == [edge]
    assert "8" in crossed("2026-11-01", "2026-11-23")
    assert crossed("2026-12-10", "2026-12-11") == []


@pytest.mark.parametrize("date", ["2025-11-21T00:00:00", "2025-11-20T16:00:00"])
def test_twelve_months_later_a_customer_comes_up(site: EbsApi, date: str) -> None:
    put_old(site, "AP_INVOICES_ALL", {"INVOICE_ID": 80, "INVOICE_DATE": date})
    days = {"P_CROSSED_FROM": "2026-11-20T00:00:00", "P_CROSSED_TO": "2026-11-21T00:00:00"}

    assert changed(site, "customer_summaries", **days) == ["8"]
    later = {"P_CROSSED_FROM": "2026-12-10T00:00:00", "P_CROSSED_TO": "2026-12-11T00:00:00"}
    assert "8" not in changed(site, "customer_summaries", **later)


@pytest.mark.parametrize(
    "operation", ["customers", "customer_contacts", "customer_summaries", "customer_exclusions"]
)
def test_pages_by_key_lose_nothing_while_rows_are_updated(site: EbsApi, operation: str) -> None:
    site.put(
        "GL_CODE_COMBINATIONS", *({"CODE_COMBINATION_ID": 10 * key, "ENABLED_FLAG": "N"} for key in (7, 8, 9))
    )
    names = {
        "customer_contacts": ["CUST_ACCOUNT_ROLE_ID"],
        "customer_exclusions": ["DOCUMENT_TYPE", "DOCUMENT_ID"],
    }
    keys = names.get(operation, ["CUST_ACCOUNT_ID"])
    seen: list[str] = []
    more, last = "Y", None
    while more == "Y":
        outputs = call(site, operation, P_LIMIT="1", P_LAST_KEY=last)
        (row,) = items(outputs)
        more, last = outputs["X_HAS_MORE"], "~".join(row[name] for name in keys)
        seen.append(last)
        site.put("HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 7 + len(seen) % 3})

    assert len(seen) == 3
    assert seen == sorted(set(seen))


def test_a_first_load_ends_at_its_upper_bound(site: EbsApi) -> None:
    new = {"CUST_ACCOUNT_ID": 10, "PARTY_ID": 1010, "LAST_UPDATE_DATE": "2026-11-20T00:00:00"}
    site.put("HZ_CUST_ACCOUNTS", new)
    site.put("HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 8})
    bound: JSON = {"P_LAST_UPDATE_FROM": None, "P_LAST_UPDATE_TO": "2026-11-19T00:00:00"}

    for operation in ("customers", "customer_summaries"):
        assert changed(site, operation, **bound) == ["7", "8", "9"]
        assert changed(site, operation, P_LAST_UPDATE_FROM=None) == ["7", "8", "9", "10"]
        assert changed(site, operation, P_KEYS="9, 10,11") == ["9", "10"]
        assert changed(site, operation, P_KEYS="10", P_KEYS_ONLY="Y") == ["10"]


def test_a_late_commit_is_brought_up_when_it_is_there(site: EbsApi) -> None:
    late = {"PO_LINE_ID": 801, "LAST_UPDATE_DATE": "2026-07-01T00:00:00", "__visible_after_seconds": 10_000}
    site.put("PO_LINES_ALL", late)
    assert changed(site, "customer_summaries") == []
    site.control.faults({"system": "ebs", "fault": "clock_jump", "seconds": 10_000})
    site.get("login")

    assert changed(site, "customer_summaries") == ["8"]


def test_changes_in_units_that_are_not_asked_for(site: EbsApi) -> None:
    site.put("PO_HEADERS_ALL", {"PO_HEADER_ID": 80, "ORG_ID": 458})
    site.put("HZ_CUST_ACCT_SITES_ALL", {"CUST_ACCT_SITE_ID": 4008, "ORG_ID": 458})

    # A location has no unit of its own: those of the sites at it decide.
    site.put("HZ_LOCATIONS", {"LOCATION_ID": 80})

    for operation in ("customers", "customer_summaries"):
        assert changed(site, operation, P_ORG_ID="204") == []
        assert changed(site, operation, P_ORG_ID="458") == ["8"]
    assert changed(site, "customer_contacts", P_ORG_ID="204") == []
    assert "8" not in column(items(call(site, "customer_contacts", P_ORG_ID="204")), "CUST_ACCOUNT_ID")
