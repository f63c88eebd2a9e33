"""What the GL check leaves out, with its reason, and when it is said again; the day is 2026-11-21."""

from typing import Any

import pytest
from sandbox.ebs_api import JSON, EbsApi
from sandbox.ebs_package import (
    OLD,
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

TODAY = "2026-11-21T00:00:00"
SINCE = "2026-06-01T00:00:00"
NOW = "2026-07-01T00:00:00"


@pytest.fixture
def site(ebs: EbsApi) -> EbsApi:
    """Customers 7 and 8; account 1 is fine, account 2 disabled."""
    put_accounts(ebs, 7, 8)
    put_ledger_account(ebs, 1)
    put_ledger_account(ebs, 2, ENABLED_FLAG="N")
    return ebs


def exclusions(ebs: EbsApi, **parameters: Any) -> list[JSON]:
    return items(call(ebs, "customer_exclusions", **({"P_AS_OF": TODAY} | parameters)))


def names(rows: list[JSON]) -> list[str]:
    return [f"{row['DOCUMENT_TYPE']} {row['DOCUMENT_ID']} {row['VALID']}" for row in rows]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"ENABLED_FLAG": "N", "SUMMARY_FLAG": "Y"}, "is disabled"),
        ({"SUMMARY_FLAG": "Y", "TEMPLATE_ID": 5}, "is a summary account"),
        ({"TEMPLATE_ID": 5, "DETAIL_POSTING_ALLOWED_FLAG": "N"}, "is a template account"),
        ({"DETAIL_POSTING_ALLOWED_FLAG": "N", "END_DATE_ACTIVE": OLD}, "allows no detail posting"),
        ({"DETAIL_POSTING_ALLOWED_FLAG": None}, None),
        ({"END_DATE_ACTIVE": "2026-11-20T00:00:00"}, "is not active on 2026-11-21"),
        ({"END_DATE_ACTIVE": "2026-11-21T00:00:00"}, None),
        ({"START_DATE_ACTIVE": "2026-11-22T00:00:00"}, "is not active on 2026-11-21"),
        ({"START_DATE_ACTIVE": "2026-11-21T00:00:00"}, None),
    ],
)
def test_the_first_reason_in_order(site: EbsApi, changes: JSON, reason: str | None) -> None:
    put_ledger_account(site, 3, **changes)
    put_order(site, 50, 7, {"QUANTITY": 1, "charged": 3})

    assert column(exclusions(site), "REASON") == ([] if reason is None else [f"account 3 {reason}"])


def test_a_purchase_order_in_full(site: EbsApi) -> None:
    put_order(site, 50, 7, {"charged": 1}, {"charged": None}, {"charged": 2}, {"charged": -1})
    site.put("PO_DISTRIBUTIONS_ALL", {"PO_DISTRIBUTION_ID": 503, "LAST_UPDATE_DATE": NOW})
    put_old(site, "HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 5, "PARTY_ID": 1007, "ACCOUNT_NUMBER": "A5"})

    assert exclusions(site) == [
        {
            "DOCUMENT_TYPE": "purchase_order", "DOCUMENT_ID": "50", "DOCUMENT_NUMBER": "PO50",
            "ORG_ID": "204", "CUST_ACCOUNT_ID": "5", "ACCOUNT_NUMBER": "A5", "LINE_ID": "503",
            "CODE_COMBINATION_ID": "2", "REASON": "account 2 is disabled", "VALID": "N",
            "LAST_UPDATE_DATE": NOW,
        }
    ]  # fmt: skip


def test_an_unknown_account(site: EbsApi) -> None:
    put_invoice(site, 60, 7, charged=-1)
    assert column(exclusions(site), "REASON") == ["account -1 is unknown"]


@pytest.mark.parametrize(
    ("booked", "invoiced", "is_left_out"),
    [
        ("2026-03-01T00:00:00", "2026-05-01T00:00:00", False),
        ("2026-05-01T00:00:00", "2026-03-01T00:00:00", True),
        (None, "2026-03-01T00:00:00", False),
        (None, "2026-05-01T00:00:00", True),
    ],
)
def test_invoices_are_judged_on_their_own_dates(
    site: EbsApi, booked: str | None, invoiced: str, is_left_out: bool
) -> None:
    put_ledger_account(site, 3, END_DATE_ACTIVE="2026-04-01T00:00:00")
    put_invoice(site, 60, 7, charged=3, booked=booked, INVOICE_DATE=invoiced)

    found = exclusions(site)
    assert names(found) == ["supplier_invoice 60 N"] * is_left_out
    assert column(found, "REASON") == ["account 3 is not active on 2026-05-01"] * is_left_out


def test_site_uses_are_said_in_every_route_and_exclude_in_one(site: EbsApi) -> None:
    site.put("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 3007, "GL_ID_REC": 1, "GL_ID_REV": 2})
    site.put("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 3008, "GL_ID_REC": 1})
    put_sale(site, 70, 7)
    put_transaction(site, 80, 7)

    (row,) = exclusions(site)
    expected = {
        "DOCUMENT_TYPE": "site_use",
        "DOCUMENT_ID": "3007",
        "DOCUMENT_NUMBER": "L7",
        "LINE_ID": "3007",
    }
    assert {name: row[name] for name in expected} == expected
    assert (row["CODE_COMBINATION_ID"], row["ACCOUNT_NUMBER"]) == ("2", "A7")
    rows = exclusions(site, P_ORDERS_FROM="ORDER_MANAGEMENT")
    assert names(rows) == ["receivable 80 N", "sales_order 70 N", "site_use 3007 N"]
    assert column(rows, "LINE_ID") == ["3007", "3007", "3007"]


def test_what_does_not_count_is_not_said_at_first(site: EbsApi) -> None:
    bad = {"QUANTITY": 1, "charged": 2}
    put_order(site, 50, 7, bad, CLOSED_CODE="CLOSED")
    put_invoice(site, 60, 7, charged=2, CANCELLED_DATE=OLD)
    put_old(site, "AP_SUPPLIERS", {"VENDOR_ID": 1, "PARTY_ID": 999})
    put_order(site, 51, 7, bad, VENDOR_ID=1)
    put_order(site, 52, 7, bad, ORG_ID=458)

    assert names(exclusions(site, P_ORG_ID="204")) == []
    assert names(exclusions(site)) == ["purchase_order 52 N"]
    assert exclusions(site, P_VALIDATE_GL="N") == []


def test_pages_by_type_and_number(site: EbsApi) -> None:
    for key in (100, 9):
        put_order(site, key, 7, {"charged": 2})
        put_invoice(site, key, 7, charged=2)
    order = ["purchase_order 9 N", "purchase_order 100 N", "supplier_invoice 9 N", "supplier_invoice 100 N"]

    assert names(exclusions(site)) == order
    assert names(exclusions(site, P_LAST_KEY="purchase_order~100", P_LIMIT="1")) == order[2:3]
    (row, *_) = exclusions(site, P_KEYS_ONLY="Y")
    assert {name: value for name, value in row.items() if value} == {
        "DOCUMENT_TYPE": "purchase_order",
        "DOCUMENT_ID": "9",
    }


def test_later_what_was_judged_anew_is_said_whether_it_passes_or_not(site: EbsApi) -> None:
    put_order(site, 50, 7, {"charged": 2})
    put_order(site, 51, 7)
    put_order(site, 52, 7, {"charged": 2})
    assert names(exclusions(site, P_LAST_UPDATE_FROM=SINCE)) == []

    site.put("PO_DISTRIBUTIONS_ALL", {"PO_DISTRIBUTION_ID": 501, "CODE_COMBINATION_ID": 1})
    site.put("PO_HEADERS_ALL", {"PO_HEADER_ID": 51}, {"PO_HEADER_ID": 52, "CLOSED_CODE": "CLOSED"})
    rows = exclusions(site, P_LAST_UPDATE_FROM=SINCE)
    assert names(rows) == ["purchase_order 50 Y", "purchase_order 51 Y", "purchase_order 52 Y"]
    assert [row["REASON"] for row in rows] == [None] * 3

    site.put("GL_CODE_COMBINATIONS", {"CODE_COMBINATION_ID": 1, "ENABLED_FLAG": "N"})
    rows = exclusions(site, P_LAST_UPDATE_FROM=SINCE)
    assert names(rows) == ["purchase_order 50 N", "purchase_order 51 N", "purchase_order 52 Y"]


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        ("PO_HEADERS_ALL", {"PO_HEADER_ID": 50}, ["purchase_order 50 Y"]),
        ("PO_DISTRIBUTIONS_ALL", {"PO_DISTRIBUTION_ID": 501}, ["purchase_order 50 Y"]),
        ("PO_LINES_ALL", {"PO_LINE_ID": 501}, []),
        ("AP_INVOICES_ALL", {"INVOICE_ID": 60}, ["supplier_invoice 60 Y"]),
        ("AP_INVOICE_DISTRIBUTIONS_ALL", {"INVOICE_DISTRIBUTION_ID": 60}, ["supplier_invoice 60 Y"]),
        ("OE_ORDER_HEADERS_ALL", {"HEADER_ID": 70}, ["sales_order 70 Y"]),
        ("RA_CUSTOMER_TRX_ALL", {"CUSTOMER_TRX_ID": 80}, ["receivable 80 Y"]),
        ("AR_PAYMENT_SCHEDULES_ALL", {"PAYMENT_SCHEDULE_ID": 801}, ["receivable 80 Y"]),
        (
            "HZ_CUST_SITE_USES_ALL",
            {"SITE_USE_ID": 3007},
            ["receivable 80 Y", "sales_order 70 Y", "site_use 3007 Y"],
        ),
        (
            "GL_CODE_COMBINATIONS",
            {"CODE_COMBINATION_ID": 4},
            ["receivable 80 Y", "sales_order 70 Y", "site_use 3007 Y"],
        ),
        (
            "GL_CODE_COMBINATIONS",
            {"CODE_COMBINATION_ID": 1},
            ["purchase_order 50 Y", "supplier_invoice 60 Y"],
        ),
        ("GL_CODE_COMBINATIONS", {"CODE_COMBINATION_ID": 2}, []),
    ],
)
def test_what_is_judged_anew_when_a_row_changes(
    site: EbsApi, table: str, row: JSON, expected: list[str]
) -> None:
    put_ledger_account(site, 4)
    put_old(site, "HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 3007, "GL_ID_REV": 4})
    put_order(site, 50, 7)
    put_invoice(site, 60, 7)
    put_sale(site, 70, 7)
    put_transaction(site, 80, 7)
    given = {"P_LAST_UPDATE_FROM": SINCE, "P_ORDERS_FROM": "BOTH"}
    assert names(exclusions(site, **given)) == []
    site.put(table, row)

    assert names(exclusions(site, **given)) == expected


@pytest.mark.parametrize(
    ("dates", "reason"),
    [
        ({"END_DATE_ACTIVE": "2026-11-20T00:00:00"}, "account 3 is not active on 2026-11-21"),
        ({"START_DATE_ACTIVE": "2026-11-21T00:00:00"}, None),
    ],
)
def test_an_account_that_ends_or_begins_as_days_go_by(site: EbsApi, dates: JSON, reason: str | None) -> None:
    put_ledger_account(site, 3, **dates)
    put_order(site, 50, 7, {"charged": 3})
    put_invoice(site, 60, 7, charged=3)

    def crossed(low: str, high: str) -> list[JSON]:
        days = {"P_CROSSED_FROM": f"2026-11-{low}T00:00:00", "P_CROSSED_TO": f"2026-11-{high}T00:00:00"}
        return exclusions(site, P_LAST_UPDATE_FROM=SINCE, P_AS_OF=days["P_CROSSED_TO"], **days)

    assert crossed("19", "20") == crossed("21", "22") == []
    (row,) = crossed("20", "21")
    assert (row["DOCUMENT_ID"], row["REASON"], row["VALID"]) == ("50", reason, "N" if reason else "Y")


def test_those_of_some_customers(site: EbsApi) -> None:
    put_order(site, 50, 7, {"charged": 2})
    put_order(site, 51, 8, {"charged": 2})
    put_invoice(site, 60, 7)
    put_invoice(site, 61, 7, charged=2, PARTY_ID=None, VENDOR_ID=2007)

    expected = ["purchase_order 50 N", "site_use 3007 Y", "supplier_invoice 60 Y", "supplier_invoice 61 N"]
    assert names(exclusions(site, P_KEYS="7")) == expected
