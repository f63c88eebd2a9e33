"""Documents of the purchasing route: purchase orders and supplier invoices, by way of supplier and party."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tap_oracle_ebs.business.accounts import GL, SELECTED
from tap_oracle_ebs.business.documents import ACCOUNTS, GIVEN_IDS, Document, Row, Scope, due_date
from tap_oracle_ebs.business.numbers import ZERO, exact
from tap_oracle_ebs.business.options import PURCHASING
from tap_oracle_ebs.business.plan import CHOSEN, columns
from tap_oracle_ebs.catalog.tables import CHANGED

VENDORS, VENDOR_SITES = "PO_VENDORS", "PO_VENDOR_SITES_ALL"
HEADERS, LINES = "PO_HEADERS_ALL", "PO_LINES_ALL"
SHIPMENTS, CHARGES = "PO_LINE_LOCATIONS_ALL", "PO_DISTRIBUTIONS_ALL"
INVOICES, INVOICE_CHARGES = "AP_INVOICES_ALL", "AP_INVOICE_DISTRIBUTIONS_ALL"
SCHEDULES = "AP_PAYMENT_SCHEDULES_ALL"

TABLES = {
    table.name: table
    for table in (
        columns(VENDORS, "PARTY_ID SEGMENT1 VENDOR_NAME END_DATE_ACTIVE"),
        columns(VENDOR_SITES, "VENDOR_ID VENDOR_SITE_CODE ORG_ID PURCHASING_SITE_FLAG INACTIVE_DATE"),
        columns(
            HEADERS,
            "SEGMENT1 TYPE_LOOKUP_CODE VENDOR_ID CURRENCY_CODE AUTHORIZATION_STATUS CLOSED_CODE CANCEL_FLAG "
            "ORG_ID CREATION_DATE",
        ),
        columns(LINES, "PO_HEADER_ID UNIT_PRICE CANCEL_FLAG ORG_ID"),
        columns(
            SHIPMENTS,
            "PO_HEADER_ID PO_LINE_ID QUANTITY QUANTITY_CANCELLED PRICE_OVERRIDE NEED_BY_DATE PROMISED_DATE "
            "ORG_ID",
        ),
        columns(CHARGES, "PO_HEADER_ID CODE_COMBINATION_ID ORG_ID"),
        columns(
            INVOICES,
            "INVOICE_NUM VENDOR_ID PARTY_ID INVOICE_DATE INVOICE_AMOUNT INVOICE_CURRENCY_CODE "
            "PAYMENT_STATUS_FLAG CANCELLED_DATE ORG_ID",
        ),
        columns(INVOICE_CHARGES, "INVOICE_ID DIST_CODE_COMBINATION_ID ACCOUNTING_DATE ORG_ID"),
        columns(SCHEDULES, "INVOICE_ID DUE_DATE AMOUNT_REMAINING ORG_ID"),
    )
}
"""The tables of the route, with the columns that are read."""

INDEXES = (
    (VENDORS, "PARTY_ID"),
    (VENDOR_SITES, "VENDOR_ID"),
    (HEADERS, "VENDOR_ID"),
    (LINES, "PO_HEADER_ID"),
    (SHIPMENTS, "PO_HEADER_ID"),
    (CHARGES, "PO_HEADER_ID"),
    (CHARGES, "CODE_COMBINATION_ID"),
    (INVOICES, "PARTY_ID"),
    (INVOICES, "VENDOR_ID"),
    (INVOICE_CHARGES, "INVOICE_ID"),
    (INVOICE_CHARGES, "DIST_CODE_COMBINATION_ID"),
)

OPEN_ORDER = (
    "h.TYPE_LOOKUP_CODE IN (SELECT value FROM json_each(:po_types)) AND COALESCE(h.CANCEL_FLAG, 'N') <> 'Y' "
    "AND COALESCE(h.CLOSED_CODE, 'OPEN') NOT IN ('CLOSED', 'FINALLY CLOSED') "
    "AND h.AUTHORIZATION_STATUS IN (SELECT value FROM json_each(:po_statuses))"
)
"""Whether a purchase order `h` is open, as SQL."""
LIVE_INVOICE = "i.CANCELLED_DATE IS NULL"
"""Whether a supplier invoice `i` counts, as SQL."""

_PARTIES = f"(SELECT PARTY_ID FROM {ACCOUNTS} WHERE CUST_ACCOUNT_ID IN {CHOSEN})"  # noqa: S608
_ORDERS_OF = f"""
    SELECT v.PARTY_ID AS owner, h.PO_HEADER_ID AS id, h.SEGMENT1 AS number, h.AUTHORIZATION_STATUS AS status,
        h.CREATION_DATE AS date, h.CURRENCY_CODE AS currency, h.ORG_ID AS org_id, h.{CHANGED} AS changed
    FROM {VENDORS} v JOIN {HEADERS} h ON h.VENDOR_ID = v.VENDOR_ID
    WHERE v.PARTY_ID IN {_PARTIES} AND {OPEN_ORDER}"""  # noqa: S608
_SHIPMENTS_OF = f"""
    SELECT s.PO_HEADER_ID AS id, s.QUANTITY AS quantity, s.QUANTITY_CANCELLED AS cancelled,
        COALESCE(s.PRICE_OVERRIDE, l.UNIT_PRICE) AS price, COALESCE(s.PROMISED_DATE, s.NEED_BY_DATE) AS due
    FROM {SHIPMENTS} s JOIN {LINES} l ON l.PO_LINE_ID = s.PO_LINE_ID
    WHERE s.PO_HEADER_ID IN {GIVEN_IDS} AND COALESCE(l.CANCEL_FLAG, 'N') <> 'Y'"""  # noqa: S608
ORDER_CHARGES = f"""
    SELECT d.PO_HEADER_ID AS id, d.PO_DISTRIBUTION_ID AS line_id, NULL AS judged_on,
        d.CODE_COMBINATION_ID AS code_combination_id, d.{CHANGED} AS line_changed, {SELECTED}
    FROM {CHARGES} d LEFT JOIN {GL} g ON g.CODE_COMBINATION_ID = d.CODE_COMBINATION_ID
    WHERE d.PO_HEADER_ID IN {GIVEN_IDS} ORDER BY d.PO_DISTRIBUTION_ID"""  # noqa: S608
"""The accounts of purchase orders, judged on the day of the run."""

_INVOICE_COLUMNS = f"""i.INVOICE_ID AS id, i.INVOICE_NUM AS number, i.PAYMENT_STATUS_FLAG AS flag,
        i.INVOICE_DATE AS date, i.INVOICE_AMOUNT AS amount, i.INVOICE_CURRENCY_CODE AS currency,
        i.ORG_ID AS org_id, i.{CHANGED} AS changed"""
_INVOICES_OF = f"""
    SELECT i.PARTY_ID AS owner, {_INVOICE_COLUMNS} FROM {INVOICES} i
    WHERE i.PARTY_ID IN {_PARTIES} AND {LIVE_INVOICE}
    UNION ALL
    SELECT v.PARTY_ID AS owner, {_INVOICE_COLUMNS}
    FROM {VENDORS} v JOIN {INVOICES} i ON i.VENDOR_ID = v.VENDOR_ID AND i.PARTY_ID IS NULL
    WHERE v.PARTY_ID IN {_PARTIES} AND {LIVE_INVOICE}"""  # noqa: S608
_SCHEDULES_OF = f"""
    SELECT INVOICE_ID AS id, DUE_DATE AS due, AMOUNT_REMAINING AS remaining
    FROM {SCHEDULES} WHERE INVOICE_ID IN {GIVEN_IDS}"""  # noqa: S608
INVOICE_ACCOUNTS = f"""
    SELECT d.INVOICE_ID AS id, d.INVOICE_DISTRIBUTION_ID AS line_id,
        COALESCE(d.ACCOUNTING_DATE, i.INVOICE_DATE) AS judged_on,
        d.DIST_CODE_COMBINATION_ID AS code_combination_id, d.{CHANGED} AS line_changed, {SELECTED}
    FROM {INVOICE_CHARGES} d JOIN {INVOICES} i ON i.INVOICE_ID = d.INVOICE_ID
    LEFT JOIN {GL} g ON g.CODE_COMBINATION_ID = d.DIST_CODE_COMBINATION_ID
    WHERE d.INVOICE_ID IN {GIVEN_IDS} ORDER BY d.INVOICE_DISTRIBUTION_ID"""  # noqa: S608
"""The accounts of supplier invoices, judged on the accounting date."""

_SUPPLIERS_OF = f"""
    SELECT v.PARTY_ID AS party_id, v.VENDOR_ID AS vendor_id, v.SEGMENT1 AS number, v.VENDOR_NAME AS name,
        v.END_DATE_ACTIVE AS ended
    FROM {VENDORS} v WHERE v.PARTY_ID IN {_PARTIES}"""  # noqa: S608
_SITES_OF = f"""
    SELECT s.VENDOR_ID AS vendor_id, s.VENDOR_SITE_ID AS site_id, s.VENDOR_SITE_CODE AS code,
        s.ORG_ID AS org_id, s.PURCHASING_SITE_FLAG AS purchasing, s.INACTIVE_DATE AS ended
    FROM {VENDORS} v JOIN {VENDOR_SITES} s ON s.VENDOR_ID = v.VENDOR_ID
    WHERE v.PARTY_ID IN {_PARTIES}"""  # noqa: S608

_PAID = {"N": "unpaid", "P": "partial", "Y": "paid"}


def documents(scope: Scope, parameters: Mapping[str, Any]) -> Iterator[Document]:
    """Yield the open orders and the invoices of the parties of chosen accounts."""
    orders = list(scope.select(_ORDERS_OF, parameters))
    ids = [order["id"] for order in orders]
    shipments, failures = scope.of(_SHIPMENTS_OF, ids), scope.failures(ORDER_CHARGES, ids)
    for order in orders:
        key = order["id"]
        rows = shipments.get(key, ())
        amount = sum((_left(row) * exact(row["price"]) for row in rows), ZERO)
        due = min((row["due"] for row in rows if row["due"]), default=None)
        yield Document.of(order, PURCHASING, due, amount, failures.get(key), is_order=True)
    yield from _invoices(scope, parameters)


def _left(shipment: Row) -> Decimal:
    return exact(shipment["quantity"]) - exact(shipment["cancelled"])


def _invoices(scope: Scope, parameters: Mapping[str, Any]) -> Iterator[Document]:
    invoices = list(scope.select(_INVOICES_OF, parameters))
    ids = [invoice["id"] for invoice in invoices]
    schedules, failures = scope.of(_SCHEDULES_OF, ids), scope.failures(INVOICE_ACCOUNTS, ids)
    for invoice in invoices:
        key = invoice["id"]
        rows = schedules.get(key, ())
        balance = sum((exact(row["remaining"]) for row in rows), ZERO)
        paid, amount = {**invoice, "status": _PAID.get(str(invoice["flag"]))}, exact(invoice["amount"])
        yield Document.of(paid, PURCHASING, due_date(rows), amount, failures.get(key), balance=balance)


class Suppliers:
    """The suppliers of the parties of chosen accounts."""

    def __init__(self, scope: Scope, parameters: Mapping[str, Any]) -> None:
        self._scope = scope
        self._best: dict[int, Row] = {}
        for row in scope.select(_SUPPLIERS_OF, parameters):
            known = self._best.get(row["party_id"])
            if known is None or self._rank(row) < self._rank(known):
                self._best[row["party_id"]] = row
        self._sites: dict[int, Row] = {}
        for row in scope.select(_SITES_OF, parameters):
            known = self._sites.get(row["vendor_id"])
            if known is None or self._rank_site(row) < self._rank_site(known):
                self._sites[row["vendor_id"]] = row

    def of(self, party_id: int | None) -> dict[str, str | None]:
        """Return number, name and site of a party's supplier; nulls where it is none."""
        supplier = self._best.get(party_id) if party_id is not None else None
        site = self._sites.get(supplier["vendor_id"]) if supplier else None
        return {
            "supplier_number": supplier["number"] if supplier else None,
            "supplier_name": supplier["name"] if supplier else None,
            "supplier_site": site["code"] if site else None,
        }

    def _rank(self, supplier: Row) -> tuple[Any, ...]:
        return self._is_over(supplier["ended"]), supplier["vendor_id"]

    def _rank_site(self, site: Row) -> tuple[Any, ...]:
        is_used = site["purchasing"] == "Y" and not self._is_over(site["ended"])
        return not is_used, self._scope.options.preference(site["org_id"]), site["site_id"]

    def _is_over(self, ended: str | None) -> bool:
        return ended is not None and self._scope.days.local(ended) <= self._scope.days.midnight
