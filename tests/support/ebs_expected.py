"""Comparing business records with SQL over the simulator's tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from support.ebs_sql import Reference, Result

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


CUSTOMER = """
    SELECT a.CUST_ACCOUNT_ID AS cust_account_id, a.ACCOUNT_NUMBER AS account_number,
        a.ACCOUNT_NAME AS account_name, a.STATUS AS status, p.PARTY_NUMBER AS party_number,
        p.PARTY_NAME AS party_name, p.EMAIL_ADDRESS AS email, p.PRIMARY_PHONE_NUMBER AS phone_number,
        p.URL AS url, COALESCE(p.TAX_REFERENCE, p.JGZZ_FISCAL_CODE) AS tax_reference,
        u.SITE_USE_ID AS site_use_id, u.ORG_ID AS org_id, l.ADDRESS1 AS address1, l.ADDRESS2 AS address2,
        l.CITY AS city, l.STATE AS state, l.PROVINCE AS province, l.POSTAL_CODE AS postal_code,
        l.COUNTRY AS country, COALESCE(t.NAME, ut.NAME) AS terms, m.CURRENCY_CODE AS credit_currency,
        m.OVERALL_CREDIT_LIMIT AS credit_limit, c.CREDIT_HOLD AS credit_hold
    FROM HZ_CUST_ACCOUNTS a
    LEFT JOIN HZ_PARTIES p ON p.PARTY_ID = a.PARTY_ID
    LEFT JOIN HZ_CUST_SITE_USES_ALL u ON u.SITE_USE_ID = (
        SELECT x.SITE_USE_ID FROM HZ_CUST_ACCT_SITES_ALL s
        JOIN HZ_CUST_SITE_USES_ALL x ON x.CUST_ACCT_SITE_ID = s.CUST_ACCT_SITE_ID
        WHERE s.CUST_ACCOUNT_ID = a.CUST_ACCOUNT_ID AND x.SITE_USE_CODE = 'BILL_TO'
        ORDER BY x.STATUS IS NOT 'A' OR s.STATUS IS NOT 'A', x.PRIMARY_FLAG IS NOT 'Y', x.ORG_ID,
            x.SITE_USE_ID LIMIT 1)
    LEFT JOIN HZ_CUST_ACCT_SITES_ALL s ON s.CUST_ACCT_SITE_ID = u.CUST_ACCT_SITE_ID
    LEFT JOIN HZ_PARTY_SITES ps ON ps.PARTY_SITE_ID = s.PARTY_SITE_ID
    LEFT JOIN HZ_LOCATIONS l ON l.LOCATION_ID = ps.LOCATION_ID
    LEFT JOIN HZ_CUSTOMER_PROFILES c ON c.CUST_ACCOUNT_PROFILE_ID = (
        SELECT x.CUST_ACCOUNT_PROFILE_ID FROM HZ_CUSTOMER_PROFILES x
        WHERE x.CUST_ACCOUNT_ID = a.CUST_ACCOUNT_ID AND x.SITE_USE_ID IS NULL
        ORDER BY x.STATUS IS NOT 'A', x.CUST_ACCOUNT_PROFILE_ID LIMIT 1)
    LEFT JOIN RA_TERMS t ON t.TERM_ID = c.STANDARD_TERMS
    LEFT JOIN RA_TERMS ut ON ut.TERM_ID = u.PAYMENT_TERM_ID
    LEFT JOIN HZ_CUST_PROFILE_AMTS m ON m.CUST_ACCT_PROFILE_AMT_ID = (
        SELECT x.CUST_ACCT_PROFILE_AMT_ID FROM HZ_CUST_PROFILE_AMTS x
        WHERE x.CUST_ACCOUNT_ID = a.CUST_ACCOUNT_ID AND x.SITE_USE_ID IS NULL
        ORDER BY x.CURRENCY_CODE, x.CUST_ACCT_PROFILE_AMT_ID LIMIT 1)
    ORDER BY a.CUST_ACCOUNT_ID"""


def compare_customers(reference: Reference, records: Result) -> None:
    """Every account once, with party, primary bill-to address, terms, hold and credit limit."""
    wanted = reference.rows(CUSTOMER)
    for row in wanted:
        row["credit_hold"] = {"Y": True, "N": False}.get(row["credit_hold"])
        row["credit_limit"] = text_of(row["credit_limit"])
    found = sorted(records, key=lambda record: int(record["cust_account_id"]))
    seen = [{name: record[name] for name in wanted[0]} for record in found]
    for record in seen:
        record["credit_limit"] = text_of(record["credit_limit"])
    assert seen == wanted


def compare_contacts(reference: Reference, records: Result, *, every_site: bool = True) -> None:
    """Every role of a contact once, with person, address and phone of the relationship party."""
    wanted = reference.rows(CONTACT, {"every": every_site})
    found = sorted(records, key=lambda record: int(record["cust_account_role_id"]))
    assert [{name: record[name] for name in wanted[0]} for record in found] == wanted
