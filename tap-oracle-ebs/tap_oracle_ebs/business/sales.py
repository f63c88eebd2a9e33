"""Documents of the order management route: sales orders and receivables, by customer account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tap_oracle_ebs.business.accounts import GL, SELECTED
from tap_oracle_ebs.business.documents import GIVEN_IDS, Document, Scope, due_date, payment_status
from tap_oracle_ebs.business.numbers import ZERO, exact
from tap_oracle_ebs.business.options import ORDER_MANAGEMENT
from tap_oracle_ebs.business.plan import CHOSEN, columns
from tap_oracle_ebs.catalog.tables import CHANGED

HEADERS, LINES = "OE_ORDER_HEADERS_ALL", "OE_ORDER_LINES_ALL"
TRANSACTIONS, SCHEDULES = "RA_CUSTOMER_TRX_ALL", "AR_PAYMENT_SCHEDULES_ALL"
USES = "HZ_CUST_SITE_USES_ALL"

TABLES = {
    table.name: table
    for table in (
        columns(
            HEADERS,
            "ORDER_NUMBER SOLD_TO_ORG_ID INVOICE_TO_ORG_ID ORDERED_DATE FLOW_STATUS_CODE OPEN_FLAG "
            "CANCELLED_FLAG TRANSACTIONAL_CURR_CODE ORG_ID",
        ),
        columns(
            LINES,
            "HEADER_ID ORDERED_QUANTITY UNIT_SELLING_PRICE SCHEDULE_SHIP_DATE ACTUAL_SHIPMENT_DATE "
            "CANCELLED_FLAG ORG_ID",
        ),
        columns(TRANSACTIONS, "TRX_NUMBER TRX_DATE BILL_TO_CUSTOMER_ID INVOICE_CURRENCY_CODE ORG_ID"),
        columns(
            SCHEDULES,
            "CUSTOMER_TRX_ID CUSTOMER_SITE_USE_ID CLASS AMOUNT_DUE_ORIGINAL AMOUNT_DUE_REMAINING DUE_DATE "
            "ORG_ID",
        ),
        columns(USES, "CUST_ACCT_SITE_ID LOCATION GL_ID_REC GL_ID_REV ORG_ID"),
    )
}
"""The tables of the route, with the columns that are read."""

INDEXES = (
    (HEADERS, "SOLD_TO_ORG_ID"),
    (HEADERS, "INVOICE_TO_ORG_ID"),
    (LINES, "HEADER_ID"),
    (TRANSACTIONS, "BILL_TO_CUSTOMER_ID"),
    (SCHEDULES, "CUSTOMER_TRX_ID"),
    (SCHEDULES, "CUSTOMER_SITE_USE_ID"),
    (USES, "GL_ID_REC"),
    (USES, "GL_ID_REV"),
)

CLASSES = ("INV", "DM", "CM", "CB")
"""The classes of payment schedules that are documents; payments are none."""
OPEN_ORDER = "h.OPEN_FLAG = 'Y' AND COALESCE(h.CANCELLED_FLAG, 'N') <> 'Y'"
"""Whether a sales order `h` is open, as SQL."""
OF_DOCUMENT = f"s.PAYMENT_SCHEDULE_ID > 0 AND s.CLASS IN {CLASSES}"
"""Whether a payment schedule `s` is one of a document, as SQL."""

_ORDERS_OF = f"""
    SELECT h.SOLD_TO_ORG_ID AS owner, h.HEADER_ID AS id, CAST(h.ORDER_NUMBER AS TEXT) AS number,
        h.FLOW_STATUS_CODE AS status, h.ORDERED_DATE AS date, h.TRANSACTIONAL_CURR_CODE AS currency,
        h.ORG_ID AS org_id, h.{CHANGED} AS changed
    FROM {HEADERS} h WHERE h.SOLD_TO_ORG_ID IN {CHOSEN} AND {OPEN_ORDER}"""  # noqa: S608
_LINES_OF = f"""
    SELECT HEADER_ID AS id, ORDERED_QUANTITY AS quantity, UNIT_SELLING_PRICE AS price,
        COALESCE(ACTUAL_SHIPMENT_DATE, SCHEDULE_SHIP_DATE) AS due
    FROM {LINES} WHERE HEADER_ID IN {GIVEN_IDS} AND COALESCE(CANCELLED_FLAG, 'N') <> 'Y'"""  # noqa: S608
_TRANSACTIONS_OF = f"""
    SELECT t.BILL_TO_CUSTOMER_ID AS owner, t.CUSTOMER_TRX_ID AS id, t.TRX_NUMBER AS number,
        t.TRX_DATE AS date, t.INVOICE_CURRENCY_CODE AS currency, t.ORG_ID AS org_id, t.{CHANGED} AS changed
    FROM {TRANSACTIONS} t WHERE t.BILL_TO_CUSTOMER_ID IN {CHOSEN}"""  # noqa: S608
_SCHEDULES_OF = f"""
    SELECT s.CUSTOMER_TRX_ID AS id, s.AMOUNT_DUE_ORIGINAL AS amount, s.AMOUNT_DUE_REMAINING AS remaining,
        s.DUE_DATE AS due
    FROM {SCHEDULES} s WHERE s.CUSTOMER_TRX_ID IN {GIVEN_IDS} AND {OF_DOCUMENT}"""  # noqa: S608


def _charged(key: str, source: str, condition: str) -> str:
    """Return the query of both accounts of some site uses `u`, for documents that `key` names."""
    parts = (
        f"SELECT {key} AS id, u.SITE_USE_ID AS line_id, NULL AS judged_on, {place} AS place, "  # noqa: S608
        f"u.{column} AS code_combination_id, u.{CHANGED} AS line_changed, {SELECTED} "
        f"FROM {source} LEFT JOIN {GL} g ON g.CODE_COMBINATION_ID = u.{column} "
        f"WHERE {condition}"
        for place, column in enumerate(("GL_ID_REC", "GL_ID_REV"))
    )
    return f"{' UNION ALL '.join(parts)} ORDER BY line_id, place"


ORDER_CHARGES = _charged(
    "h.HEADER_ID",
    f"{HEADERS} h JOIN {USES} u ON u.SITE_USE_ID = h.INVOICE_TO_ORG_ID",
    f"h.HEADER_ID IN {GIVEN_IDS}",
)
"""The accounts of the site uses that sales orders are invoiced to."""
TRANSACTION_CHARGES = _charged(
    "s.CUSTOMER_TRX_ID",
    f"{SCHEDULES} s JOIN {USES} u ON u.SITE_USE_ID = s.CUSTOMER_SITE_USE_ID",
    f"s.CUSTOMER_TRX_ID IN {GIVEN_IDS} AND {OF_DOCUMENT}",
)
"""The accounts of the site uses that receivables are due from."""
USE_CHARGES = _charged("u.SITE_USE_ID", f"{USES} u", f"u.SITE_USE_ID IN {GIVEN_IDS}")
"""The accounts of site uses themselves."""


def documents(scope: Scope, parameters: Mapping[str, Any]) -> Iterator[Document]:
    """Yield the open orders and the receivables of chosen accounts."""
    orders = list(scope.select(_ORDERS_OF, parameters))
    ids = [order["id"] for order in orders]
    lines, failures = scope.of(_LINES_OF, ids), scope.failures(ORDER_CHARGES, ids)
    for order in orders:
        key = order["id"]
        rows = lines.get(key, ())
        amount = sum((exact(row["quantity"]) * exact(row["price"]) for row in rows), ZERO)
        due = min((row["due"] for row in rows if row["due"]), default=None)
        yield Document.of(order, ORDER_MANAGEMENT, due, amount, failures.get(key), is_order=True)
    yield from _receivables(scope, parameters)


def _receivables(scope: Scope, parameters: Mapping[str, Any]) -> Iterator[Document]:
    transactions = list(scope.select(_TRANSACTIONS_OF, parameters))
    ids = [transaction["id"] for transaction in transactions]
    schedules, failures = scope.of(_SCHEDULES_OF, ids), scope.failures(TRANSACTION_CHARGES, ids)
    for transaction in transactions:
        key = transaction["id"]
        rows = schedules.get(key)
        if rows is None:
            continue
        amount = sum((exact(row["amount"]) for row in rows), ZERO)
        balance = sum((exact(row["remaining"]) for row in rows), ZERO)
        paid = {**transaction, "status": payment_status(amount, balance)}
        failure = failures.get(key)
        yield Document.of(paid, ORDER_MANAGEMENT, due_date(rows), amount, failure, balance=balance)
