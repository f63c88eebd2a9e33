"""Business streams have the values of the tables, by SQL written from the rules, in every way of reading."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from support.ebs_business import CONTACTS, EXCLUSIONS, SUMMARIES, WAYS, ReadBusiness, midnight, rows
from support.ebs_sql import Reference, Result

from ml_sandbox.testing import RunningSandbox, running_sandbox

NORTHWIND = Path(__file__).parents[2].parent / "shared" / "data" / "northwind"
ROUTES = {
    "purchasing": ("purchasing",),
    "order_management": ("order_management",),
    "both": ("purchasing", "order_management"),
}
SUMS = {
    "open_order_amount": "CASE WHEN is_order THEN amount ELSE '0' END",
    "overdue_amount": "CASE WHEN NOT is_order AND CAST(balance AS REAL) > 0 AND due < :as_of THEN balance "
    "ELSE '0' END",
    "balance": "CASE WHEN is_order THEN '0' ELSE balance END",
    "spend_last_12_months": "CASE WHEN NOT is_order AND date > :year THEN amount ELSE '0' END",
    "spend_total": "CASE WHEN is_order THEN '0' ELSE amount END",
}
COUNTED = (
    "documents d WHERE NOT EXISTS (SELECT 1 FROM failures f WHERE f.type = d.type AND f.id = d.id)"
    " AND account = :account"
)
RATE = (
    "CASE currency WHEN 'USD' THEN '1' ELSE (SELECT r.CONVERSION_RATE FROM GL_DAILY_RATES r "
    "WHERE r.FROM_CURRENCY = d.currency AND r.TO_CURRENCY = 'USD' AND r.CONVERSION_TYPE = 'Corporate' "
    "AND r.CONVERSION_DATE <= d.date ORDER BY r.CONVERSION_DATE DESC LIMIT 1) END"
)


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=300, seed=11) as running:
        make_odd(running)
        yield running


@pytest.fixture
def business(settings: dict[str, Any]) -> ReadBusiness:
    return ReadBusiness(settings)


def make_odd(sandbox: RunningSandbox) -> None:
    """Give the generated tables what a site of some years has: cancelled parts, split terms, odd contacts."""
    pick = random.Random(5)
    put = sandbox.control.put_rows
    lines = pick.sample(rows(sandbox, "PO_LINES_ALL"), 60)
    put("ebs", "PO_LINES_ALL", [{"PO_LINE_ID": row["PO_LINE_ID"], "CANCEL_FLAG": "Y"} for row in lines])
    shipments = pick.sample(rows(sandbox, "PO_LINE_LOCATIONS_ALL"), 120)
    put(
        "ebs",
        "PO_LINE_LOCATIONS_ALL",
        [
            {
                "LINE_LOCATION_ID": row["LINE_LOCATION_ID"],
                "QUANTITY_CANCELLED": pick.choice([1, 2.5, None]),
                "PRICE_OVERRIDE": pick.choice([None, "0.333333", 19.99]),
                "PROMISED_DATE": None,
            }
            for row in shipments
        ],
    )
    put(
        "ebs",
        "PO_HEADERS_ALL",
        [
            {"PO_HEADER_ID": row["PO_HEADER_ID"], name: value}
            for row, (name, value) in zip(
                pick.sample(rows(sandbox, "PO_HEADERS_ALL"), 40),
                [("TYPE_LOOKUP_CODE", "BLANKET"), ("CLOSED_CODE", None), ("CURRENCY_CODE", "EUR")] * 20,
                strict=False,
            )
        ],
    )
    spoil_invoices(sandbox, pick)
    spoil_sales(sandbox, pick)
    spoil_contacts(sandbox, pick)
    put("ebs", "GL_DAILY_RATES", rates())


def rates() -> Result:
    return [
        {
            "FROM_CURRENCY": currency,
            "TO_CURRENCY": to,
            "CONVERSION_DATE": f"{date}T00:00:00",
            "CONVERSION_TYPE": kind,
            "CONVERSION_RATE": rate,
        }
        for currency, to, date, kind, rate in (
            ("EUR", "USD", "2020-01-01", "Corporate", "1.0850"),
            ("EUR", "USD", "2026-09-15", "Corporate", "1.115555"),
            ("EUR", "USD", "2026-10-01", "Spot", "9"),
            ("GBP", "USD", "2026-06-01", "Corporate", "1.27"),
            ("USD", "EUR", "2020-01-01", "Corporate", "0.9"),
        )
    ]


def spoil_invoices(sandbox: RunningSandbox, pick: random.Random) -> None:
    put = sandbox.control.put_rows
    invoices = pick.sample(rows(sandbox, "AP_INVOICES_ALL"), 90)
    put(
        "ebs",
        "AP_INVOICES_ALL",
        [{"INVOICE_ID": row["INVOICE_ID"], "PARTY_ID": None} for row in invoices[:40]]
        + [
            {"INVOICE_ID": row["INVOICE_ID"], "CANCELLED_DATE": "2026-01-05T00:00:00"}
            for row in invoices[40:50]
        ]
        + [{"INVOICE_ID": row["INVOICE_ID"], "INVOICE_CURRENCY_CODE": "EUR"} for row in invoices[50:70]],
    )
    put(
        "ebs",
        "AP_PAYMENT_SCHEDULES_ALL",
        [
            {
                "INVOICE_ID": row["INVOICE_ID"],
                "PAYMENT_NUM": 2,
                "DUE_DATE": due,
                "AMOUNT_REMAINING": left,
                "ORG_ID": row["ORG_ID"],
            }
            for row, (due, left) in zip(
                invoices,
                [("2026-11-01T00:00:00", 10.01), ("2027-03-01T00:00:00", 0), ("2025-01-01T00:00:00", -3)]
                * 30,
                strict=True,
            )
        ],
    )
    charges = pick.sample(rows(sandbox, "AP_INVOICE_DISTRIBUTIONS_ALL"), 30)
    spoiled: Result = [{"DIST_CODE_COMBINATION_ID": -1}, {"ACCOUNTING_DATE": None}]
    put(
        "ebs",
        "AP_INVOICE_DISTRIBUTIONS_ALL",
        [
            {"INVOICE_DISTRIBUTION_ID": row["INVOICE_DISTRIBUTION_ID"], **values}
            for row, values in zip(charges, spoiled * 15, strict=True)
        ],
    )


def spoil_sales(sandbox: RunningSandbox, pick: random.Random) -> None:
    put = sandbox.control.put_rows
    lines = pick.sample(rows(sandbox, "OE_ORDER_LINES_ALL"), 80)
    put("ebs", "OE_ORDER_LINES_ALL", [{"LINE_ID": row["LINE_ID"], "CANCELLED_FLAG": "Y"} for row in lines])
    schedules = pick.sample(rows(sandbox, "AR_PAYMENT_SCHEDULES_ALL"), 60)
    credit: dict[str, Any] = {"CLASS": "CM", "AMOUNT_DUE_ORIGINAL": -7.5}
    payment: dict[str, Any] = {"CLASS": "PMT"}
    nothing: dict[str, Any] = {}
    put(
        "ebs",
        "AR_PAYMENT_SCHEDULES_ALL",
        [
            {**row, "PAYMENT_SCHEDULE_ID": key, **values}
            for row, (key, values) in zip(
                schedules,
                [
                    *((900_000 + number, credit) for number in range(20)),
                    *((910_000 + number, payment) for number in range(20)),
                    *((-1 - number, nothing) for number in range(20)),
                ],
                strict=True,
            )
        ],
    )
    accounts = rows(sandbox, "GL_CODE_COMBINATIONS")
    broken = next(row for row in accounts if row["ENABLED_FLAG"] == "N")["CODE_COMBINATION_ID"]
    uses = pick.sample(rows(sandbox, "HZ_CUST_SITE_USES_ALL", SITE_USE_CODE="BILL_TO"), 25)
    put(
        "ebs",
        "HZ_CUST_SITE_USES_ALL",
        [
            {"SITE_USE_ID": row["SITE_USE_ID"], column: account}
            for row, (column, account) in zip(
                uses, [("GL_ID_REC", broken), ("GL_ID_REV", 77), ("GL_ID_REC", None)] * 9, strict=False
            )
        ],
    )


def spoil_contacts(sandbox: RunningSandbox, pick: random.Random) -> None:
    put = sandbox.control.put_rows
    roles = pick.sample(rows(sandbox, "HZ_CUST_ACCOUNT_ROLES"), 60)
    sites = {row["CUST_ACCOUNT_ID"]: row for row in rows(sandbox, "HZ_CUST_ACCT_SITES_ALL")}
    put(
        "ebs",
        "HZ_CUST_ACCOUNT_ROLES",
        [{"CUST_ACCOUNT_ROLE_ID": row["CUST_ACCOUNT_ROLE_ID"], "STATUS": "I"} for row in roles[:10]]
        + [
            {
                "CUST_ACCOUNT_ROLE_ID": row["CUST_ACCOUNT_ROLE_ID"],
                "CUST_ACCT_SITE_ID": sites[row["CUST_ACCOUNT_ID"]]["CUST_ACCT_SITE_ID"],
            }
            for row in roles[10:20]
        ]
        + [{"CUST_ACCOUNT_ROLE_ID": roles[20]["CUST_ACCOUNT_ROLE_ID"], "ROLE_TYPE": "PARTNER"}],
    )
    points = []
    for number, role in enumerate(roles):
        own = {"OWNER_TABLE_NAME": "HZ_PARTIES", "OWNER_TABLE_ID": role["PARTY_ID"], "STATUS": "A"}
        points += [
            own | {"CONTACT_POINT_TYPE": "EMAIL", "EMAIL_ADDRESS": f"second{number}@b.example"},
            own | {"CONTACT_POINT_TYPE": "PHONE", "PHONE_LINE_TYPE": "FAX", "PHONE_NUMBER": "1"},
        ]
        if number % 2:
            points.append(
                own
                | {"CONTACT_POINT_TYPE": "PHONE", "PHONE_LINE_TYPE": "GEN", "PHONE_NUMBER": f"555-{number}"}
                | {"PHONE_COUNTRY_CODE": "49", "PHONE_EXTENSION": "7", "PRIMARY_FLAG": "Y"}
            )
    put("ebs", "HZ_CONTACT_POINTS", points)
    old = [row for row in rows(sandbox, "HZ_CONTACT_POINTS") if row["CONTACT_POINT_TYPE"] == "EMAIL"]
    put(
        "ebs",
        "HZ_CONTACT_POINTS",
        [{"CONTACT_POINT_ID": row["CONTACT_POINT_ID"], "STATUS": "I"} for row in pick.sample(old, 80)],
    )
    bonds = pick.sample(rows(sandbox, "HZ_RELATIONSHIPS"), 30)
    put(
        "ebs",
        "HZ_RELATIONSHIPS",
        [
            {"RELATIONSHIP_ID": row["RELATIONSHIP_ID"], "DIRECTIONAL_FLAG": flag, "STATUS": "I"}
            for row in bonds
            for flag in "BF"
        ],
    )


def expected_summary(reference: Reference, account: int, currency: str | None) -> dict[str, Any]:
    given = {"account": account}
    counts = reference.rows(
        f"""SELECT COALESCE(SUM(is_order), 0) AS open_order_count,
            COALESCE(SUM(NOT is_order AND date > :recent), 0) AS recent_invoice_count,
            COALESCE(SUM(NOT is_order AND CAST(balance AS REAL) > 0 AND due < :as_of), 0) AS overdue_count
        FROM {COUNTED}""",
        given,
    )[0]
    by_currency = reference.rows(
        f"SELECT currency AS currency_code, {', '.join(f'total(1, {sql}) AS {name}' for name, sql in SUMS.items())} "  # noqa: E501
        f"FROM {COUNTED} GROUP BY currency ORDER BY currency",
        given,
    )
    excluded = reference.rows(
        "SELECT COUNT(*) AS n FROM documents d JOIN failures f ON f.type = d.type AND f.id = d.id "
        "WHERE account = :account",
        given,
    )[0]["n"]
    return {
        **counts,
        **one_currency(reference, by_currency, given, currency),
        "amounts": by_currency,
        "excluded_count": excluded,
    }


def one_currency(
    reference: Reference, by_currency: Result, given: dict[str, Any], currency: str | None
) -> dict[str, Any]:
    if currency is None:
        if len(by_currency) > 1:
            return {"currency": None, **dict.fromkeys(SUMS)}
        own = by_currency[0] if by_currency else {"currency_code": None, **dict.fromkeys(SUMS, "0")}
        return {"currency": own["currency_code"], **{name: own[name] for name in SUMS}}
    if not by_currency:
        return {"currency": currency, **dict.fromkeys(SUMS, "0")}
    parts = [
        f"CASE WHEN SUM({sql} <> '0' AND {RATE} IS NULL) > 0 THEN NULL "
        f"ELSE total(1, CASE currency WHEN 'USD' THEN {sql} ELSE converted({sql}, {RATE}) END) END AS {name}"
        for name, sql in SUMS.items()
    ]
    found = reference.rows(f"SELECT {', '.join(parts)} FROM {COUNTED}", given)[0]
    return {"currency": currency, **found}


def seen_summary(record: dict[str, Any]) -> dict[str, Any]:
    names = ("open_order_count", "recent_invoice_count", "overdue_count", "currency", "excluded_count")
    return {
        **{name: record[name] for name in names},
        **{name: text_of(record[name]) for name in SUMS},
        "amounts": [
            {"currency_code": row["currency_code"], **{name: text_of(row[name]) for name in SUMS}}
            for row in record["amounts"]
        ],
    }


def text_of(value: Any) -> str | None:
    if value is None:
        return None
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def compare_summaries(reference: Reference, records: Result, currency: str | None) -> None:
    accounts = reference.rows("SELECT * FROM HZ_CUST_ACCOUNTS ORDER BY CUST_ACCOUNT_ID")
    assert [record["cust_account_id"] for record in records] == [row["CUST_ACCOUNT_ID"] for row in accounts]
    for account, record in zip(accounts, records, strict=True):
        key = account["CUST_ACCOUNT_ID"]
        assert seen_summary(record) == expected_summary(reference, key, currency), key
        assert record["account_number"] == account["ACCOUNT_NUMBER"]
        compare_lists(reference, record)
        compare_supplier(reference, account, record)


def compare_lists(reference: Reference, record: dict[str, Any]) -> None:
    given = {"account": record["cust_account_id"]}
    order = "ORDER BY date DESC, route, id DESC"
    overdue = "NOT is_order AND CAST(balance AS REAL) > 0 AND due < :as_of"
    for name, which in (
        ("open_orders", "is_order"),
        ("recent_invoices", "NOT is_order AND date > :recent"),
        ("overdue_invoices", overdue),
    ):
        wanted = reference.rows(f"SELECT * FROM {COUNTED} AND {which} {order}", given)
        is_order = name == "open_orders"
        assert [
            {
                "route": item["route"],
                "id": item["document_id"],
                "number": item["order_number" if is_order else "invoice_number"],
                "status": item["status" if is_order else "payment_status"],
                "date": item["order_date" if is_order else "invoice_date"],
                "due": item["ship_date" if is_order else "due_date"],
                "amount": text_of(item["amount"]),
                "balance": "0" if is_order else text_of(item["balance"]),
                "currency": item["currency_code"],
                "org_id": item["org_id"],
            }
            for item in record[name]
        ] == [
            {
                "route": row["route"],
                "id": row["id"],
                "number": row["number"],
                "status": row["status"],
                "date": row["date"][:10],
                "due": row["due"] and row["due"][:10],
                "amount": text_of(row["amount"]),
                "balance": row["balance"],
                "currency": row["currency"],
                "org_id": row["org_id"],
            }
            for row in wanted
        ], name


def compare_supplier(reference: Reference, account: dict[str, Any], record: dict[str, Any]) -> None:
    found = reference.rows(
        """SELECT v.SEGMENT1 AS supplier_number, v.VENDOR_NAME AS supplier_name,
            (SELECT s.VENDOR_SITE_CODE FROM AP_SUPPLIER_SITES_ALL s WHERE s.VENDOR_ID = v.VENDOR_ID
                ORDER BY NOT (s.PURCHASING_SITE_FLAG IS 'Y'
                    AND (s.INACTIVE_DATE IS NULL OR s.INACTIVE_DATE > :as_of)),
                CASE s.ORG_ID WHEN :first THEN 0 WHEN :second THEN 1 ELSE 2 END, s.VENDOR_SITE_ID LIMIT 1)
                AS supplier_site
        FROM AP_SUPPLIERS v WHERE v.PARTY_ID = :party AND :is_purchasing
        ORDER BY NOT (v.END_DATE_ACTIVE IS NULL OR v.END_DATE_ACTIVE > :as_of), v.VENDOR_ID LIMIT 1""",
        {
            "party": account["PARTY_ID"],
            "is_purchasing": "purchasing" in reference.routes,
            "first": None,
            "second": None,
        },
    )
    wanted = found[0] if found else dict.fromkeys(("supplier_number", "supplier_name", "supplier_site"))
    assert {name: record[name] for name in wanted} == wanted


def compare_exclusions(reference: Reference, records: Result) -> None:
    seen = {
        (record["document_type"], record["document_id"]): (
            record["cust_account_id"],
            record["line_id"],
            record["code_combination_id"],
            record["reason"],
        )
        for record in records
    }
    wanted = {
        (row["type"], row["id"]): (row["account"], row["line_id"], row["failing"], row["reason"])
        for row in reference.rows(
            """SELECT f.type, f.id, f.line_id, f.failing, f.reason, (
                SELECT MIN(d.account) FROM documents d WHERE d.type = f.type AND d.id = f.id) AS account
            FROM failures f WHERE f.type <> 'site_use'
            UNION ALL
            SELECT f.type, f.id, f.line_id, f.failing, f.reason, s.CUST_ACCOUNT_ID FROM failures f
            JOIN HZ_CUST_SITE_USES_ALL u ON u.SITE_USE_ID = f.id
            JOIN HZ_CUST_ACCT_SITES_ALL s ON s.CUST_ACCT_SITE_ID = u.CUST_ACCT_SITE_ID
            WHERE f.type = 'site_use'"""
        )
    }
    assert seen == wanted
    assert len(records) == len(seen)


@pytest.mark.parametrize("way", ["whole", "plsql"])
@pytest.mark.parametrize("route", list(ROUTES))
def test_summaries_and_exclusions_equal_sql(
    sandbox: RunningSandbox, business: ReadBusiness, route: str, way: str
) -> None:
    run = business(SUMMARIES, EXCLUSIONS, orders_from=route, **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES[route])
    compare_summaries(reference, run.records(SUMMARIES), None)
    compare_exclusions(reference, run.records(EXCLUSIONS))
    kinds = {record["document_type"] for record in run.records(EXCLUSIONS)}
    of_route = {"purchasing": {"purchase_order", "supplier_invoice"}}
    of_route["order_management"] = {"receivable"}
    assert "site_use" in kinds
    assert all(of_route[name] <= kinds for name in ROUTES[route])
    assert any(record["overdue_count"] for record in run.records(SUMMARIES))
    assert any(record["open_order_count"] for record in run.records(SUMMARIES))
    assert any(record["excluded_count"] for record in run.records(SUMMARIES))


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_one_currency_is_converted_at_the_rates_of_the_documents_dates(
    sandbox: RunningSandbox, business: ReadBusiness, way: str
) -> None:
    run = business(SUMMARIES, orders_from="both", summary_currency="USD", **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES["both"])
    records = run.records(SUMMARIES)
    compare_summaries(reference, records, "USD")
    several = [record for record in records if len(record["amounts"]) > 1]
    assert any(record["spend_total"] is None for record in several)
    assert any(record["spend_total"] is not None for record in several)


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_without_the_gl_check_nothing_is_left_out(
    sandbox: RunningSandbox, business: ReadBusiness, way: str
) -> None:
    run = business(SUMMARIES, EXCLUSIONS, orders_from="both", validate_gl=False, **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES["both"])
    reference.connection.execute("DELETE FROM failures")
    compare_summaries(reference, run.records(SUMMARIES), None)
    assert run.records(EXCLUSIONS) == []


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_other_units_count_nowhere(sandbox: RunningSandbox, business: ReadBusiness, way: str) -> None:
    run = business(SUMMARIES, EXCLUSIONS, orders_from="both", org_ids=[458], **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES["both"], units=[458])
    compare_summaries(reference, run.records(SUMMARIES), None)
    compare_exclusions(reference, run.records(EXCLUSIONS))
    assert sum(record["open_order_count"] for record in run.records(SUMMARIES)) > 0


CONTACT = """
    SELECT r.CUST_ACCOUNT_ROLE_ID AS cust_account_role_id, r.CUST_ACCOUNT_ID AS cust_account_id,
        s.ORG_ID AS org_id, b.SUBJECT_ID AS person_party_id, p.PARTY_NAME AS name,
        p.PERSON_FIRST_NAME AS first_name, p.PERSON_LAST_NAME AS last_name,
        (SELECT o.JOB_TITLE FROM HZ_ORG_CONTACTS o WHERE o.PARTY_RELATIONSHIP_ID = b.RELATIONSHIP_ID
            ORDER BY o.ORG_CONTACT_ID LIMIT 1) AS job_title,
        COALESCE((SELECT c.EMAIL_ADDRESS FROM HZ_CONTACT_POINTS c WHERE c.OWNER_TABLE_NAME = 'HZ_PARTIES'
            AND c.OWNER_TABLE_ID = r.PARTY_ID AND c.STATUS = 'A' AND c.CONTACT_POINT_TYPE = 'EMAIL'
            ORDER BY c.PRIMARY_FLAG IS NOT 'Y', c.CONTACT_POINT_ID LIMIT 1), bp.EMAIL_ADDRESS) AS email,
        COALESCE((SELECT c.PHONE_NUMBER FROM HZ_CONTACT_POINTS c WHERE c.OWNER_TABLE_NAME = 'HZ_PARTIES'
            AND c.OWNER_TABLE_ID = r.PARTY_ID AND c.STATUS = 'A' AND c.CONTACT_POINT_TYPE = 'PHONE'
            AND c.PHONE_LINE_TYPE IS NOT 'FAX'
            ORDER BY c.PRIMARY_FLAG IS NOT 'Y', c.CONTACT_POINT_ID LIMIT 1), bp.PRIMARY_PHONE_NUMBER)
            AS phone_number,
        CASE WHEN r.STATUS = 'A' AND b.STATUS = 'A' THEN 'A' ELSE 'I' END AS status
    FROM HZ_CUST_ACCOUNT_ROLES r JOIN HZ_CUST_ACCOUNTS a ON a.CUST_ACCOUNT_ID = r.CUST_ACCOUNT_ID
    LEFT JOIN HZ_CUST_ACCT_SITES_ALL s ON s.CUST_ACCT_SITE_ID = r.CUST_ACCT_SITE_ID
    LEFT JOIN HZ_RELATIONSHIPS b ON b.PARTY_ID = r.PARTY_ID AND b.SUBJECT_TYPE = 'PERSON'
        AND b.OBJECT_ID = a.PARTY_ID
    LEFT JOIN HZ_PARTIES p ON p.PARTY_ID = b.SUBJECT_ID
    LEFT JOIN HZ_PARTIES bp ON bp.PARTY_ID = r.PARTY_ID
    WHERE r.ROLE_TYPE = 'CONTACT' AND (:every OR r.CUST_ACCT_SITE_ID IS NULL OR s.CUST_ACCT_SITE_ID NOT NULL)
    ORDER BY r.CUST_ACCOUNT_ROLE_ID"""


@pytest.mark.parametrize("way", ["whole", "plsql"])
@pytest.mark.parametrize("units", [[], [204]])
def test_contacts_equal_sql(
    sandbox: RunningSandbox, business: ReadBusiness, units: list[int], way: str
) -> None:
    asked: dict[str, Any] = {"org_ids": units} if units else {}
    records = business(CONTACTS, **asked, **WAYS[way]).records(CONTACTS)
    reference = Reference(sandbox, midnight(sandbox), ROUTES["purchasing"], units)
    wanted = reference.rows(CONTACT, {"every": not units})
    assert [{name: record[name] for name in wanted[0]} for record in records] == wanted
    assert {record["status"] for record in records} == {"A", "I"}
    dialled = [record for record in records if record["phone_extension"]]
    assert dialled
    assert all(record["phone"] == f"+49 {record['phone_number']} ext. 7" for record in dialled)


@pytest.mark.skipif(not NORTHWIND.is_dir(), reason="../shared/data/northwind is not there")
def test_northwind_equals_sql(settings: dict[str, Any]) -> None:
    with running_sandbox(data=str(NORTHWIND)) as northwind:
        business = ReadBusiness({**settings, "base_url": f"{northwind.url}/ebs"})
        for way in ("whole", "plsql"):
            run = business(SUMMARIES, EXCLUSIONS, orders_from="both", **WAYS[way])
            reference = Reference(northwind, midnight(northwind), ROUTES["both"])
            compare_summaries(reference, run.records(SUMMARIES), None)
            compare_exclusions(reference, run.records(EXCLUSIONS))
            assert len(run.records(SUMMARIES)) == 93
