"""The operations of the package: their parameters and the collections that they give."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from tap_oracle_ebs.catalog.tables import CHANGED, TABLES, Kind, Table, declared

PACKAGE = "xxml_read_pkg"
CATEGORY = "HZ_CUSTOMER_ACCOUNT"
PRODUCT = "HZ"

COMMON = {
    "P_LAST_UPDATE_FROM": "Earliest LAST_UPDATE_DATE, inclusive, as YYYY-MM-DD, T, HH24:MI:SS",
    "P_LAST_UPDATE_TO": "Latest LAST_UPDATE_DATE, inclusive, in the same form",
    "P_LAST_KEY": "Key of the last row of the page before; parts of a composite key joined by ~",
    "P_LIMIT": "Rows per page, at most 5000; null is 1000",
    "P_OFFSET": "Rows to leave out, where P_LAST_KEY is not used",
    "P_ORG_ID": "Operating units, separated by commas, in order of preference; null is all",
    "P_KEYS": "Keys, separated by commas; they replace the range",
    "P_KEYS_ONLY": "Y fills the key columns alone",
}
"""Parameters of every operation, in order, with what they mean."""

CROSSED = {
    "P_CROSSED_FROM": "Start, exclusive, of the time in which an edge of a window was passed",
    "P_CROSSED_TO": "End, inclusive, of that time",
    "P_AS_OF": "Day on which time windows are judged; null is today",
    "P_ORDERS_FROM": "PURCHASING, ORDER_MANAGEMENT or BOTH; null is PURCHASING",
}
CHECKED = {
    "P_VALIDATE_GL": "Y or N: whether documents with a faulty account are left out; null is Y",
    "P_PO_TYPES": "Types of purchase orders, separated by commas; null is STANDARD",
    "P_PO_STATUSES": "Authorization states of open purchase orders, separated by commas",
}
SUMMED = {
    "P_RECENT_DAYS": "Days for which an invoice is recent; null is 90",
    "P_CURRENCY": "Currency of the single amounts; null is the only one of the documents",
    "P_RATE_TYPE": "GL_DAILY_RATES.CONVERSION_TYPE; null is Corporate",
    "P_DOCUMENT_LIMIT": "Longest list of documents per customer and list; null is 100",
}
OUTPUTS = {
    "X_RETURN_STATUS": "S, E for a faulty parameter, U for an unexpected error",
    "X_MSG_DATA": "Text of the error",
    "X_HAS_MORE": "Y where rows follow",
    "X_SERVER_TIME": "Present time of the database server",
}
"""Outputs of every operation after the collections."""


@dataclasses.dataclass(frozen=True)
class Operation:
    """One public procedure: its parameters, and the columns of its collections by parameter name."""

    name: str
    title: str
    description: str
    inputs: tuple[tuple[str, str], ...]
    collections: tuple[tuple[str, Table], ...]

    def types(self) -> Iterator[tuple[str, str, Table]]:
        """Yield the parameter, the stem of its record and table types, and the columns."""
        for parameter, table in self.collections:
            yield parameter, f"{self.name}" if parameter == "X_ROWS" else _stem(parameter), table


def _stem(parameter: str) -> str:
    return {"X_LIMITS": "customer_limits"}.get(parameter, f"summary_{parameter[2:].lower()}")


def raw(table: Table) -> Operation:
    """Return the operation that reads a table."""
    key = " and ".join(table.key)
    return Operation(
        table.name.lower(),
        f"Read {table.name}",
        f"Use this operation to read rows of {table.name}, page by page, by rising {key}.",
        tuple(COMMON.items()),
        (("X_ROWS", table),),
    )


_PHONE = "PHONE_COUNTRY_CODE:T PHONE_AREA_CODE:T PHONE_NUMBER:T PHONE_EXTENSION:T"
_ADDRESS = (
    "ADDRESS1:T ADDRESS2:T ADDRESS3:T ADDRESS4:T CITY:T COUNTY:T STATE:T PROVINCE:T POSTAL_CODE:T COUNTRY:T"
)


def _rows(key: str, columns: str, changed: str = f"{CHANGED}:D") -> Table:
    return declared("X_ROWS", key, columns, changed)


BUSINESS: tuple[Operation, ...] = (
    Operation(
        "customers",
        "Read customers",
        "Use this operation to read customer accounts with party, bill-to address, terms, credit hold and "
        "credit limits. An account is given when a row of any table behind it changed.",
        tuple(COMMON.items()),
        (
            (
                "X_ROWS",
                _rows(
                    "CUST_ACCOUNT_ID",
                    "CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T ACCOUNT_NAME:T STATUS:T CUSTOMER_CLASS_CODE:T "
                    "CUSTOMER_TYPE:T PARTY_ID:I PARTY_NUMBER:T PARTY_NAME:T PARTY_TYPE:T PARTY_STATUS:T "
                    f"EMAIL:T {_PHONE} URL:T TAX_REFERENCE:T CREATION_DATE:D SITE_USE_ID:I ORG_ID:I "
                    f"{_ADDRESS} TERMS:T CREDIT_HOLD:T",
                ),
            ),
            (
                "X_LIMITS",
                _rows(
                    "CUST_ACCOUNT_ID",
                    "CUST_ACCOUNT_ID:I CURRENCY_CODE:T OVERALL_CREDIT_LIMIT:N TRX_CREDIT_LIMIT:N",
                    "",
                ),
            ),
        ),
    ),
    Operation(
        "customer_contacts",
        "Read contacts of customers",
        "Use this operation to read contact roles of customer accounts with person, e-mail and phone of the "
        "relationship party. A contact is given when a row of any table behind it changed.",
        tuple(COMMON.items()),
        (
            (
                "X_ROWS",
                _rows(
                    "CUST_ACCOUNT_ROLE_ID",
                    "CUST_ACCOUNT_ROLE_ID:I CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T ACCOUNT_STATUS:T "
                    "CUST_ACCT_SITE_ID:I ORG_ID:I PARTY_ID:I PERSON_PARTY_ID:I CONTACT_NUMBER:T FIRST_NAME:T "
                    f"LAST_NAME:T NAME:T JOB_TITLE:T EMAIL:T {_PHONE} ROLE_STATUS:T RELATIONSHIP_STATUS:T "
                    "STATUS:T CREATION_DATE:D",
                ),
            ),
        ),
    ),
    Operation(
        "customer_summaries",
        "Read summaries of customers",
        "Use this operation to read open orders, recent and overdue invoices, balance and spend of customer "
        "accounts. An account is given when a document of it changed or passed an edge of a time window.",
        tuple({**COMMON, **CROSSED, **SUMMED, **CHECKED}.items()),
        (
            (
                "X_ROWS",
                _rows(
                    "CUST_ACCOUNT_ID",
                    "CUST_ACCOUNT_ID:I ACCOUNT_NUMBER:T STATUS:T OPEN_ORDER_COUNT:I OPEN_ORDER_AMOUNT:N "
                    "RECENT_INVOICE_COUNT:I OVERDUE_INVOICE_COUNT:I OVERDUE_AMOUNT:N BALANCE:N "
                    "SPEND_LAST_12_MONTHS:N SPEND_TOTAL:N SUMMARY_CURRENCY:T SUPPLIER_NUMBER:T "
                    "SUPPLIER_NAME:T SUPPLIER_SITE:T EXCLUDED_COUNT:I",
                ),
            ),
            (
                "X_AMOUNTS",
                _rows(
                    "CUST_ACCOUNT_ID",
                    "CUST_ACCOUNT_ID:I CURRENCY_CODE:T OPEN_ORDER_AMOUNT:N OVERDUE_AMOUNT:N BALANCE:N "
                    "SPEND_LAST_12_MONTHS:N SPEND_TOTAL:N",
                    "",
                ),
            ),
            (
                "X_ORDERS",
                _rows(
                    "CUST_ACCOUNT_ID",
                    "CUST_ACCOUNT_ID:I ROUTE:T DOCUMENT_ID:I ORDER_NUMBER:T STATUS:T ORDER_DATE:D "
                    "SHIP_DATE:D AMOUNT:N CURRENCY_CODE:T ORG_ID:I",
                    "",
                ),
            ),
            (
                "X_INVOICES",
                _rows(
                    "CUST_ACCOUNT_ID",
                    "CUST_ACCOUNT_ID:I ROUTE:T DOCUMENT_ID:I INVOICE_NUMBER:T INVOICE_DATE:D DUE_DATE:D "
                    "AMOUNT:N BALANCE:N CURRENCY_CODE:T PAYMENT_STATUS:T OVERDUE:T ORG_ID:I",
                    "",
                ),
            ),
        ),
    ),
    Operation(
        "customer_exclusions",
        "Read documents left out of summaries",
        "Use this operation to read the documents and site uses whose accounts may not be posted to, with "
        "the reason, and those that were mended.",
        tuple({**COMMON, **CROSSED, **CHECKED}.items()),
        (
            (
                "X_ROWS",
                _rows(
                    "DOCUMENT_TYPE DOCUMENT_ID",
                    "DOCUMENT_TYPE:T DOCUMENT_ID:I DOCUMENT_NUMBER:T ORG_ID:I CUST_ACCOUNT_ID:I "
                    "ACCOUNT_NUMBER:T LINE_ID:I CODE_COMBINATION_ID:I REASON:T VALID:T",
                ),
            ),
        ),
    ),
)

OPERATIONS: tuple[Operation, ...] = (*(raw(table) for table in TABLES.values()), *BUSINESS)
"""Every public procedure of the package."""

_TYPES = {
    Kind.TEXT: "VARCHAR2(4000)",
    Kind.INTEGER: "VARCHAR2(64)",
    Kind.NUMBER: "VARCHAR2(64)",
    Kind.DATE: "VARCHAR2(19)",
}


def text_type(kind: Kind) -> str:
    """Return the type of a record's field: all values are text, wide enough for any value of the column."""
    return _TYPES[kind]


def joined(items: Sequence[str], indent: str, separator: str = ",") -> str:
    """Return items on a line each."""
    return f"{separator}\n".join(f"{indent}{item}" for item in items)
