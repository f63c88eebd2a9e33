"""The rows of the business operations of the read package, by collection.

Reading tables makes the same rows, so that a record is composed from them once, for both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tap_oracle_ebs.catalog.model import CHANGED
from tap_oracle_ebs.catalog.tables import Table, declared

ROWS, LIMITS, TOTALS = "X_ROWS", "X_LIMITS", "X_AMOUNTS"
ORDERS, INVOICES = "X_ORDERS", "X_INVOICES"

Collections = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by collection; columns in lower case."""

_WHO = f"{CHANGED}:D"
_PHONE = "PHONE_COUNTRY_CODE:T PHONE_AREA_CODE:T PHONE_NUMBER:T PHONE_EXTENSION:T"
_ADDRESS = (
    "ADDRESS1:T ADDRESS2:T ADDRESS3:T ADDRESS4:T CITY:T COUNTY:T STATE:T PROVINCE:T POSTAL_CODE:T COUNTRY:T"
)

CUSTOMER = declared(
    ROWS,
    "CUST_ACCOUNT_ID",
    "CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T ACCOUNT_NAME:T STATUS:T CUSTOMER_CLASS_CODE:T CUSTOMER_TYPE:T "
    f"PARTY_ID:I PARTY_NUMBER:T PARTY_NAME:T PARTY_TYPE:T PARTY_STATUS:T EMAIL:T {_PHONE} URL:T "
    f"TAX_REFERENCE:T CREATION_DATE:D SITE_USE_ID:I ORG_ID:I {_ADDRESS} TERMS:T CREDIT_HOLD:T",
    _WHO,
)
LIMIT = declared(
    LIMITS,
    "CUST_ACCOUNT_ID CURRENCY_CODE",
    "CUST_ACCOUNT_ID:I CURRENCY_CODE:T OVERALL_CREDIT_LIMIT:N TRX_CREDIT_LIMIT:N",
    "",
)
CONTACT = declared(
    ROWS,
    "CUST_ACCOUNT_ROLE_ID",
    "CUST_ACCOUNT_ROLE_ID:I CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T ACCOUNT_STATUS:T CUST_ACCT_SITE_ID:I ORG_ID:I "
    "PARTY_ID:I PERSON_PARTY_ID:I CONTACT_NUMBER:T FIRST_NAME:T LAST_NAME:T NAME:T JOB_TITLE:T EMAIL:T "
    f"{_PHONE} ROLE_STATUS:T RELATIONSHIP_STATUS:T STATUS:T CREATION_DATE:D",
    _WHO,
)
SUMMARY = declared(
    ROWS,
    "CUST_ACCOUNT_ID",
    "CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T STATUS:T OPEN_ORDER_COUNT:I OPEN_ORDER_AMOUNT:N "
    "RECENT_INVOICE_COUNT:I OVERDUE_INVOICE_COUNT:I OVERDUE_AMOUNT:N BALANCE:N SPEND_LAST_12_MONTHS:N "
    "SPEND_TOTAL:N SUMMARY_CURRENCY:T SUPPLIER_NUMBER:T SUPPLIER_NAME:T SUPPLIER_SITE:T EXCLUDED_COUNT:I",
    _WHO,
)
TOTAL = declared(
    TOTALS,
    "CUST_ACCOUNT_ID CURRENCY_CODE",
    "CUST_ACCOUNT_ID:I CURRENCY_CODE:T OPEN_ORDER_AMOUNT:N OVERDUE_AMOUNT:N BALANCE:N "
    "SPEND_LAST_12_MONTHS:N SPEND_TOTAL:N",
    "",
)
ORDER = declared(
    ORDERS,
    "CUST_ACCOUNT_ID ROUTE DOCUMENT_ID",
    "CUST_ACCOUNT_ID:I ROUTE:T DOCUMENT_ID:I ORDER_NUMBER:T STATUS:T ORDER_DATE:D SHIP_DATE:D AMOUNT:N "
    "CURRENCY_CODE:T ORG_ID:I",
    "",
)
INVOICE = declared(
    INVOICES,
    "CUST_ACCOUNT_ID ROUTE DOCUMENT_ID",
    "CUST_ACCOUNT_ID:I ROUTE:T DOCUMENT_ID:I INVOICE_NUMBER:T INVOICE_DATE:D DUE_DATE:D AMOUNT:N BALANCE:N "
    "CURRENCY_CODE:T PAYMENT_STATUS:T OVERDUE:T ORG_ID:I",
    "",
)
EXCLUSION = declared(
    ROWS,
    "DOCUMENT_TYPE DOCUMENT_ID",
    "DOCUMENT_TYPE:T DOCUMENT_ID:I DOCUMENT_NUMBER:T ORG_ID:I CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T LINE_ID:I "
    "CODE_COMBINATION_ID:I REASON:T VALID:T",
    _WHO,
)


def field_names(table: Table) -> tuple[str, ...]:
    """Return the columns of a collection as names of fields."""
    return tuple(column.name.lower() for column in table.columns)


def grouped(rows: Iterable[Mapping[str, Any]], column: str) -> dict[Any, list[Mapping[str, Any]]]:
    """Return rows by the value of a column, in the order they came."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups
