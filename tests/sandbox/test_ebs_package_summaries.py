"""Summaries of a handful of documents, with figures worked out by hand; the day is 2026-11-21."""

from typing import Any

import pytest
from sandbox.ebs_api import JSON, EbsApi
from sandbox.ebs_package import (
    VISION,
    body_of,
    call,
    column,
    items,
    post,
    put_accounts,
    put_invoice,
    put_ledger_account,
    put_old,
    put_order,
    put_sale,
    put_transaction,
)

TODAY = "2026-11-21T00:00:00"
MONEY = ("OPEN_ORDER_AMOUNT", "OVERDUE_AMOUNT", "BALANCE", "SPEND_LAST_12_MONTHS", "SPEND_TOTAL")
ZEROS = dict.fromkeys(MONEY, "0")


@pytest.fixture
def site(ebs: EbsApi) -> EbsApi:
    """Two customers without documents, and account 1 that can be posted to."""
    put_accounts(ebs, 7, 8)
    put_ledger_account(ebs, 1)
    return ebs


def outputs(ebs: EbsApi, header: Any = None, **parameters: Any) -> JSON:
    given = {"P_AS_OF": TODAY, "P_KEYS": "7"} | parameters
    return call(ebs, "customer_summaries", **({"header": header} if header else {}), **given)


def summary(ebs: EbsApi, header: Any = None, **parameters: Any) -> JSON:
    (row,) = items(outputs(ebs, header, **parameters))
    return row


def money(row: JSON) -> list[str | None]:
    return [row[name] for name in MONEY]


def test_every_account_has_a_summary_also_without_documents(site: EbsApi) -> None:
    found = outputs(site, P_KEYS=None)
    rows = items(found)

    assert column(rows, "CUST_ACCOUNT_ID") == ["7", "8"]
    assert rows[0] == ZEROS | {
        "CUST_ACCOUNT_ID": "7", "ACCOUNT_NUMBER": "A7", "STATUS": "A", "OPEN_ORDER_COUNT": "0",
        "RECENT_INVOICE_COUNT": "0", "OVERDUE_INVOICE_COUNT": "0", "SUMMARY_CURRENCY": None,
        "SUPPLIER_NUMBER": "V7", "SUPPLIER_NAME": "N7", "SUPPLIER_SITE": None, "EXCLUDED_COUNT": "0",
        "LAST_UPDATE_DATE": "2026-01-01T00:00:00",
    }  # fmt: skip
    assert not {"X_AMOUNTS", "X_ORDERS", "X_INVOICES"} & found.keys()
    assert summary(site, P_CURRENCY="EUR")["SUMMARY_CURRENCY"] == "EUR"


def test_an_open_purchase_order(site: EbsApi) -> None:
    put_order(
        site,
        50,
        7,
        # 10 - 4 of 12.50, the line's price: 75
        {"QUANTITY": 10, "QUANTITY_CANCELLED": 4, "NEED_BY_DATE": "2026-12-05T00:00:00"},
        # 3 of 2.25, the shipment's price: 6.75; promised earlier than needed
        {"QUANTITY": 3, "PRICE_OVERRIDE": "2.25", "NEED_BY_DATE": "2026-12-01T00:00:00"}
        | {"PROMISED_DATE": "2026-12-03T00:00:00"},
        # a price of 0 is one, no quantity is none
        {"QUANTITY": 5, "PRICE_OVERRIDE": 0},
        {},
        {"QUANTITY": 99, "CANCEL_FLAG": "Y", "NEED_BY_DATE": "2026-01-01T00:00:00"},
        AUTHORIZATION_STATUS="IN PROCESS",
    )
    found = outputs(site)

    (order,) = items(found, "X_ORDERS")
    assert order == {
        "CUST_ACCOUNT_ID": "7", "ROUTE": "purchasing", "DOCUMENT_ID": "50", "ORDER_NUMBER": "PO50",
        "STATUS": "IN PROCESS", "ORDER_DATE": "2026-11-01T08:00:00", "SHIP_DATE": "2026-12-03T00:00:00",
        "AMOUNT": "81.75", "CURRENCY_CODE": "USD", "ORG_ID": "204",
    }  # fmt: skip
    (row,) = items(found)
    assert (row["OPEN_ORDER_COUNT"], *money(row)) == ("1", "81.75", "0", "0", "0", "0")
    assert items(found, "X_AMOUNTS") == [
        {"CUST_ACCOUNT_ID": "7", "CURRENCY_CODE": "USD"} | ZEROS | {"OPEN_ORDER_AMOUNT": "81.75"}
    ]


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({}, True),
        ({"CANCEL_FLAG": "N", "CLOSED_CODE": "OPEN"}, True),
        ({"CLOSED_CODE": "CLOSED FOR RECEIVING"}, True),
        ({"AUTHORIZATION_STATUS": "PRE-APPROVED"}, True),
        ({"AUTHORIZATION_STATUS": "REQUIRES REAPPROVAL"}, True),
        ({"CANCEL_FLAG": "Y"}, False),
        ({"CLOSED_CODE": "CLOSED"}, False),
        ({"CLOSED_CODE": "FINALLY CLOSED"}, False),
        ({"AUTHORIZATION_STATUS": "INCOMPLETE"}, False),
        ({"AUTHORIZATION_STATUS": None}, False),
        ({"TYPE_LOOKUP_CODE": "BLANKET"}, False),
    ],
)
def test_which_purchase_orders_are_open(site: EbsApi, changes: JSON, is_open: bool) -> None:
    put_order(site, 50, 7, **changes)
    assert summary(site)["OPEN_ORDER_COUNT"] == str(int(is_open))


def test_types_and_statuses_may_be_others(site: EbsApi) -> None:
    put_order(site, 50, 7)
    put_order(site, 51, 7, TYPE_LOOKUP_CODE="BLANKET", AUTHORIZATION_STATUS="INCOMPLETE")

    found = outputs(site, P_PO_TYPES="BLANKET, PLANNED", P_PO_STATUSES="INCOMPLETE")
    assert column(items(found, "X_ORDERS"), "DOCUMENT_ID") == ["51"]


def test_a_supplier_invoice(site: EbsApi) -> None:
    # Two of three schedules are open: due on the earlier of them, in part long ago.
    schedules = [
        ("2026-10-01T00:00:00", "0"),
        ("2026-11-15T00:00:00", "30.10"),
        ("2026-12-15T00:00:00", "20"),
    ]
    put_invoice(site, 60, 7, *schedules, INVOICE_AMOUNT="100.10", PAYMENT_STATUS_FLAG="P")
    found = outputs(site)

    (invoice,) = items(found, "X_INVOICES")
    assert invoice == {
        "CUST_ACCOUNT_ID": "7", "ROUTE": "purchasing", "DOCUMENT_ID": "60", "INVOICE_NUMBER": "I60",
        "INVOICE_DATE": "2026-11-01T10:00:00", "DUE_DATE": "2026-11-15T00:00:00", "AMOUNT": "100.1",
        "BALANCE": "50.1", "CURRENCY_CODE": "USD", "PAYMENT_STATUS": "partial", "OVERDUE": "Y",
        "ORG_ID": "204",
    }  # fmt: skip
    (row,) = items(found)
    assert (row["RECENT_INVOICE_COUNT"], row["OVERDUE_INVOICE_COUNT"]) == ("1", "1")
    assert money(row) == ["0", "50.1", "50.1", "100.1", "100.1"]


@pytest.mark.parametrize(("flag", "status"), [("N", "unpaid"), ("P", "partial"), ("Y", "paid"), ("X", None)])
def test_payment_status_of_supplier_invoices(site: EbsApi, flag: str, status: str | None) -> None:
    put_invoice(site, 60, 7, ("2026-11-30T00:00:00", "0"), PAYMENT_STATUS_FLAG=flag)
    (invoice,) = items(outputs(site), "X_INVOICES")

    assert (invoice["PAYMENT_STATUS"], invoice["DUE_DATE"]) == (status, "2026-11-30T00:00:00")


def test_a_cancelled_invoice_does_not_count(site: EbsApi) -> None:
    put_invoice(site, 60, 7, CANCELLED_DATE="2026-11-02T00:00:00")
    assert money(summary(site)) == list(ZEROS.values())


def test_an_invoice_without_a_party_is_its_suppliers(site: EbsApi) -> None:
    put_invoice(site, 60, 7, PARTY_ID=None, VENDOR_ID=2007)
    put_invoice(site, 61, 8, VENDOR_ID=2007)

    assert column(items(outputs(site), "X_INVOICES"), "DOCUMENT_ID") == ["60"]
    assert column(items(outputs(site, P_KEYS="8"), "X_INVOICES"), "DOCUMENT_ID") == ["61"]


def test_every_account_of_the_party_and_every_supplier_of_it(site: EbsApi) -> None:
    put_old(site, "HZ_CUST_ACCOUNTS", {"CUST_ACCOUNT_ID": 9, "PARTY_ID": 1007, "ACCOUNT_NUMBER": "A9"})
    put_old(site, "AP_SUPPLIERS", {"VENDOR_ID": 2009, "PARTY_ID": 1007})
    put_order(site, 50, 7)
    put_order(site, 51, 7, VENDOR_ID=2009)

    rows = items(outputs(site, P_KEYS="7,8,9"))
    assert column(rows, "OPEN_ORDER_COUNT") == ["2", "0", "2"]
    assert column(rows, "OPEN_ORDER_AMOUNT") == ["50", "0", "50"]


def test_an_open_sales_order(site: EbsApi) -> None:
    put_sale(
        site,
        70,
        7,
        {"ORDERED_QUANTITY": 3, "UNIT_SELLING_PRICE": "1.10", "SCHEDULE_SHIP_DATE": "2026-12-02T00:00:00"},
        {"ORDERED_QUANTITY": 2, "UNIT_SELLING_PRICE": "0.05", "SCHEDULE_SHIP_DATE": "2026-11-01T00:00:00"}
        | {"ACTUAL_SHIPMENT_DATE": "2026-12-01T00:00:00"},
        {"ORDERED_QUANTITY": 9, "UNIT_SELLING_PRICE": "9", "CANCELLED_FLAG": "Y"},
    )
    put_sale(site, 71, 7, OPEN_FLAG="N")
    put_sale(site, 72, 7, CANCELLED_FLAG="Y")
    found = outputs(site, P_ORDERS_FROM="ORDER_MANAGEMENT")

    (order,) = items(found, "X_ORDERS")
    assert (order["ROUTE"], order["DOCUMENT_ID"], order["ORDER_NUMBER"], order["STATUS"]) == (
        "order_management",
        "70",
        "70",
        "BOOKED",
    )
    assert (order["AMOUNT"], order["SHIP_DATE"]) == ("3.4", "2026-12-01T00:00:00")
    (row,) = items(found)
    assert (row["OPEN_ORDER_COUNT"], row["SUPPLIER_NUMBER"]) == ("1", None)


def test_a_receivables_transaction(site: EbsApi) -> None:
    put_transaction(
        site,
        80,
        7,
        {"AMOUNT_DUE_REMAINING": "20", "DUE_DATE": "2026-11-20T00:00:00"},
        {"CLASS": "CB", "AMOUNT_DUE_ORIGINAL": "1.5", "AMOUNT_DUE_REMAINING": "0"},
        {"CLASS": "PMT", "AMOUNT_DUE_ORIGINAL": "-7", "AMOUNT_DUE_REMAINING": "-7"},
        {"PAYMENT_SCHEDULE_ID": -1},
    )
    put_transaction(site, 81, 7, {"CLASS": "CM", "AMOUNT_DUE_ORIGINAL": -10, "AMOUNT_DUE_REMAINING": -10})
    put_transaction(site, 82, 7, {"CLASS": "PMT"})
    put_transaction(site, 83, 7, {"AMOUNT_DUE_REMAINING": 0})
    found = outputs(site, P_ORDERS_FROM="ORDER_MANAGEMENT")

    shown = [
        [row[name] for name in ("DOCUMENT_ID", "AMOUNT", "BALANCE", "PAYMENT_STATUS", "OVERDUE")]
        for row in items(found, "X_INVOICES")
    ]
    assert shown == [
        ["83", "50", "0", "paid", "N"],
        ["81", "-10", "-10", "unpaid", "N"],
        ["80", "51.5", "20", "partial", "Y"],
    ]
    assert money(items(found)[0]) == ["0", "20", "10", "91.5", "91.5"]


@pytest.mark.parametrize(
    ("route", "orders", "invoices"),
    [
        ("PURCHASING", ["50"], ["60"]),
        ("ORDER_MANAGEMENT", ["70"], ["80"]),
        ("BOTH", ["70", "50"], ["80", "60"]),
    ],
)
def test_routes(site: EbsApi, route: str, orders: list[str], invoices: list[str]) -> None:
    put_order(site, 50, 7)
    put_sale(site, 70, 7)
    put_invoice(site, 60, 7)
    put_transaction(site, 80, 7)

    found = outputs(site, P_ORDERS_FROM=route)
    assert column(items(found, "X_ORDERS"), "DOCUMENT_ID") == orders
    assert column(items(found, "X_INVOICES"), "DOCUMENT_ID") == invoices


@pytest.mark.parametrize(
    ("date", "is_recent"),
    [("2026-08-23T00:00:00", False), ("2026-08-23T00:00:01", True), ("2026-08-24T00:00:00", True)],
)
def test_recent_is_later_than_ninety_days_ago(site: EbsApi, date: str, is_recent: bool) -> None:
    put_invoice(site, 60, 7, INVOICE_DATE=date)
    found = outputs(site)

    assert items(found)[0]["RECENT_INVOICE_COUNT"] == str(int(is_recent))
    assert len(items(found, "X_INVOICES")) == int(is_recent)
    assert summary(site, P_RECENT_DAYS="91")["RECENT_INVOICE_COUNT"] == "1"


@pytest.mark.parametrize(
    ("today", "date", "counts"),
    [
        (TODAY, "2025-11-21T00:00:00", False),
        (TODAY, "2025-11-21T00:00:01", True),
        # The last day of a month goes back to the last day of a month.
        ("2027-02-28T00:00:00", "2026-02-28T00:00:01", True),
        ("2028-02-29T00:00:00", "2027-02-28T00:00:01", True),
        ("2025-02-28T00:00:00", "2024-02-29T00:00:00", False),
        ("2025-02-28T00:00:00", "2024-02-29T00:00:01", True),
    ],
)
def test_the_last_twelve_months(site: EbsApi, today: str, date: str, counts: bool) -> None:
    put_invoice(site, 60, 7, INVOICE_DATE=date)
    row = summary(site, P_AS_OF=today)

    assert (row["SPEND_LAST_12_MONTHS"], row["SPEND_TOTAL"]) == ("100" if counts else "0", "100")


@pytest.mark.parametrize(
    ("due", "remaining", "is_overdue"),
    [
        ("2026-11-21T00:00:00", "5", False),
        ("2026-11-20T23:59:59", "5", True),
        ("2020-01-01T00:00:00", "0", False),
        ("2020-01-01T00:00:00", "-5", False),
    ],
)
def test_overdue(site: EbsApi, due: str, remaining: str, is_overdue: bool) -> None:
    put_invoice(site, 60, 7, (due, remaining), INVOICE_DATE="2019-12-01T00:00:00")
    found = outputs(site)
    (row,) = items(found)

    assert row["OVERDUE_INVOICE_COUNT"] == str(int(is_overdue))
    assert row["OVERDUE_AMOUNT"] == ("5" if is_overdue else "0")
    assert row["BALANCE"] == remaining
    # Of any age: the invoice is not recent.
    assert row["RECENT_INVOICE_COUNT"] == "0"
    assert column(items(found, "X_INVOICES"), "OVERDUE") == ["Y"] * is_overdue


def test_lists_are_cut_counts_are_not(site: EbsApi) -> None:
    for key in (50, 51, 52):
        put_order(site, key, 7)
        put_invoice(site, key, 7)
        put_invoice(
            site, key + 10, 7, ("2024-01-01T00:00:00", "1"), INVOICE_DATE=f"2023-01-{key - 40}T00:00:00"
        )
    put_order(site, 53, 7, CREATION_DATE="2026-11-02T00:00:00")
    found = outputs(site, P_DOCUMENT_LIMIT="2")

    assert column(items(found, "X_ORDERS"), "DOCUMENT_ID") == ["53", "52"]
    # Two recent ones and two overdue ones, each the newest.
    assert column(items(found, "X_INVOICES"), "DOCUMENT_ID") == ["52", "51", "62", "61"]
    (row,) = items(found)
    assert (row["OPEN_ORDER_COUNT"], row["RECENT_INVOICE_COUNT"], row["OVERDUE_INVOICE_COUNT"]) == (
        "4",
        "3",
        "3",
    )
    assert money(row) == ["100", "3", "303", "300", "600"]


def put_rate(ebs: EbsApi, date: str, rate: str, currency: str = "EUR", kind: str = "Corporate") -> None:
    row = {"FROM_CURRENCY": currency, "TO_CURRENCY": "USD", "CONVERSION_TYPE": kind, "CONVERSION_RATE": rate}
    put_old(ebs, "GL_DAILY_RATES", row | {"CONVERSION_DATE": f"{date}T00:00:00"})


def test_conversion_with_the_newest_rate_up_to_the_date_of_the_document(site: EbsApi) -> None:
    put_rate(site, "2026-10-31", "1.1")
    put_rate(site, "2026-11-01", "1.2345")
    put_rate(site, "2026-11-02", "9")
    put_rate(site, "2026-11-01", "5", kind="Spot")
    # 0.10 x 1.2345 = 0.12345 -> 0.12; 0.20 x 1.2345 = 0.2469 -> 0.25; rounded each by itself
    put_invoice(
        site, 60, 7, ("2026-12-01T00:00:00", "0.10"), INVOICE_AMOUNT="0.20", INVOICE_CURRENCY_CODE="EUR"
    )
    put_invoice(
        site, 61, 7, ("2026-12-01T00:00:00", "0.10"), INVOICE_AMOUNT="0.20", INVOICE_CURRENCY_CODE="EUR"
    )
    put_invoice(site, 62, 7, ("2026-12-01T00:00:00", "7.01"), INVOICE_AMOUNT="7.01")
    found = outputs(site, P_CURRENCY="USD")

    (row,) = items(found)
    assert (row["SUMMARY_CURRENCY"], *money(row)) == ("USD", "0", "0", "7.25", "7.51", "7.51")
    amounts = [(row["CURRENCY_CODE"], row["SPEND_TOTAL"]) for row in items(found, "X_AMOUNTS")]
    assert amounts == [("EUR", "0.4"), ("USD", "7.01")]
    assert money(summary(site, P_CURRENCY="USD", P_RATE_TYPE="Spot"))[-1] == "9.01"


def test_half_a_cent_is_rounded_up(site: EbsApi) -> None:
    put_rate(site, "2026-01-01", "0.5")
    put_invoice(site, 60, 7, INVOICE_AMOUNT="0.25", INVOICE_CURRENCY_CODE="EUR")
    assert summary(site, P_CURRENCY="USD")["SPEND_TOTAL"] == "0.13"


def test_an_amount_that_lacks_a_rate_is_null(site: EbsApi) -> None:
    put_rate(site, "2026-11-02", "2")
    put_invoice(site, 60, 7, INVOICE_CURRENCY_CODE="EUR")
    put_order(site, 50, 7)
    row = summary(site, P_CURRENCY="USD")

    # The order is in USD; nothing is overdue; the rest needs a rate of the day before the first one.
    assert money(row) == ["25", "0", None, None, None]
    assert (row["SUMMARY_CURRENCY"], row["RECENT_INVOICE_COUNT"]) == ("USD", "1")


def test_without_one_currency(site: EbsApi) -> None:
    put_invoice(site, 60, 7, INVOICE_CURRENCY_CODE="EUR")
    row = summary(site)
    assert (row["SUMMARY_CURRENCY"], row["SPEND_TOTAL"]) == ("EUR", "100")
    put_order(site, 50, 7)
    row = summary(site)
    assert (row["SUMMARY_CURRENCY"], money(row)) == (None, [None] * 5)
    assert column(items(outputs(site), "X_AMOUNTS"), "CURRENCY_CODE") == ["EUR", "USD"]


def test_units(site: EbsApi) -> None:
    put_order(site, 50, 7)
    put_order(site, 51, 7, ORG_ID=458)
    put_order(site, 52, 7, ORG_ID=None)

    def ids(header: Any = None, **parameters: Any) -> list[str]:
        return column(items(outputs(site, header, **parameters), "X_ORDERS"), "DOCUMENT_ID")

    assert ids() == ["52", "51", "50"]
    assert ids(P_ORG_ID="458") == ["52", "51"]
    assert ids(VISION) == ["52", "50"]


def test_the_supplier_and_its_site(site: EbsApi) -> None:
    put_old(
        site,
        "AP_SUPPLIERS",
        {"VENDOR_ID": 1, "PARTY_ID": 1007, "SEGMENT1": "ended", "END_DATE_ACTIVE": TODAY},
        {"VENDOR_ID": 3000, "PARTY_ID": 1007, "SEGMENT1": "younger"},
    )
    sites: list[JSON] = [
        {"VENDOR_SITE_CODE": "PAY", "PURCHASING_SITE_FLAG": "N", "ORG_ID": 204},
        {"VENDOR_SITE_CODE": "GONE", "ORG_ID": 204, "INACTIVE_DATE": TODAY},
        {"VENDOR_SITE_CODE": "ONE", "ORG_ID": 204, "INACTIVE_DATE": "2026-11-22T00:00:00"},
        {"VENDOR_SITE_CODE": "TWO", "ORG_ID": 458},
    ]
    for key, row in enumerate(sites, 1):
        own = {"VENDOR_SITE_ID": key, "VENDOR_ID": 2007, "PURCHASING_SITE_FLAG": "Y"}
        put_old(site, "AP_SUPPLIER_SITES_ALL", own | row)

    row = summary(site)
    assert (row["SUPPLIER_NUMBER"], row["SUPPLIER_NAME"], row["SUPPLIER_SITE"]) == ("V7", "N7", "ONE")
    assert summary(site, P_ORG_ID="458,204")["SUPPLIER_SITE"] == "TWO"
    assert summary(site, P_AS_OF="2026-11-20T00:00:00")["SUPPLIER_NUMBER"] == "ended"
    assert summary(site, P_AS_OF="2026-11-22T00:00:00")["SUPPLIER_SITE"] == "TWO"


def test_what_the_gl_check_leaves_out(site: EbsApi) -> None:
    put_ledger_account(site, 2, ENABLED_FLAG="N")
    put_order(site, 50, 7)
    put_order(site, 51, 7, {"QUANTITY": 1}, {"QUANTITY": 1, "charged": 2})
    put_invoice(site, 60, 7, charged=-1)
    row = summary(site)

    assert (row["OPEN_ORDER_COUNT"], row["OPEN_ORDER_AMOUNT"], row["SPEND_TOTAL"]) == ("1", "25", "0")
    assert row["EXCLUDED_COUNT"] == "2"
    row = summary(site, P_VALIDATE_GL="N")
    assert (row["OPEN_ORDER_COUNT"], row["SPEND_TOTAL"], row["EXCLUDED_COUNT"]) == ("2", "100", "0")


def test_a_site_use_excludes_in_order_management_alone(site: EbsApi) -> None:
    put_ledger_account(site, 2, SUMMARY_FLAG="Y")
    site.put("HZ_CUST_SITE_USES_ALL", {"SITE_USE_ID": 3007, "GL_ID_REC": 1, "GL_ID_REV": 2})
    put_order(site, 50, 7)
    put_sale(site, 70, 7)
    put_transaction(site, 80, 7)
    row = summary(site, P_ORDERS_FROM="BOTH")

    assert (row["OPEN_ORDER_COUNT"], row["SPEND_TOTAL"], row["EXCLUDED_COUNT"]) == ("1", "0", "2")
    assert summary(site)["EXCLUDED_COUNT"] == "0"


def test_the_newest_of_the_account_and_its_documents(site: EbsApi) -> None:
    put_order(site, 50, 7, LAST_UPDATE_DATE="2026-03-01T00:00:00", CLOSED_CODE="CLOSED")
    assert summary(site)["LAST_UPDATE_DATE"] == "2026-01-01T00:00:00"
    put_order(site, 51, 7, {"QUANTITY": 1, "charged": -1}, LAST_UPDATE_DATE="2026-02-01T00:00:00")
    assert summary(site)["LAST_UPDATE_DATE"] == "2026-02-01T00:00:00"


@pytest.mark.parametrize(
    "parameters",
    [
        {"P_ORDERS_FROM": "SALES"},
        {"P_VALIDATE_GL": "yes"},
        {"P_RECENT_DAYS": "-1"},
        {"P_DOCUMENT_LIMIT": "x"},
        {"P_AS_OF": "today"},
        {"P_AS_OF": "0001-01-01T00:00:00"},
        {"P_CROSSED_FROM": "x"},
        {"P_KEYS": "1~2"},
    ],
)
def test_wrong_values_are_status_e(site: EbsApi, parameters: JSON) -> None:
    answer = post(site, "customer_summaries", body_of("customer_summaries", **parameters))
    outputs = answer.json()["OutputParameters"]

    assert (answer.status_code, outputs["X_RETURN_STATUS"]) == (200, "E")
    assert next(iter(parameters)) in outputs["X_MSG_DATA"]
