"""The summary of a customer: open orders, invoices, what is overdue, what was spent, and its supplier.

Everything is computed anew for each customer that is sent; nothing is added to what was there.
"""

from __future__ import annotations

import dataclasses
import decimal
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from tap_oracle_ebs.business import days as edges
from tap_oracle_ebs.business import purchasing, routes, sales
from tap_oracle_ebs.business.accounts import COLUMNS, GL
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.documents import ACCOUNTS, Document, Scope
from tap_oracle_ebs.business.engine import Part
from tap_oracle_ebs.business.numbers import EXACT
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import (
    INVOICE,
    INVOICES,
    ORDER,
    ORDERS,
    ROWS,
    SUMMARY,
    TOTAL,
    TOTALS,
    Collections,
    grouped,
)
from tap_oracle_ebs.business.plan import (
    CHOSEN,
    CHOSEN_VALUES,
    Crossing,
    Detail,
    Only,
    Plan,
    Target,
    Walk,
    columns,
)
from tap_oracle_ebs.business.rates import RATES, Rates, rate_walks
from tap_oracle_ebs.business.totals import Figures
from tap_oracle_ebs.catalog.tables import CHANGED, Table

Record = dict[str, Any]
Groups = Mapping[Any, Sequence[Mapping[str, Any]]]

_ACCOUNT_QUERY = f"""
    SELECT CUST_ACCOUNT_ID AS cust_account_id, ACCOUNT_NUMBER AS account_number, STATUS AS status,
        PARTY_ID AS party_id, {CHANGED} AS changed
    FROM {ACCOUNTS} WHERE CUST_ACCOUNT_ID IN {CHOSEN} ORDER BY CUST_ACCOUNT_ID"""  # noqa: S608
_NO_SUPPLIER: Mapping[str, None] = {"supplier_number": None, "supplier_name": None, "supplier_site": None}


@dataclasses.dataclass(frozen=True)
class Summaries:
    """The business object `customer_summaries`: its plan, its rows from tables, its records from rows."""

    options: Options

    operation: ClassVar[str] = "customer_summaries"
    collections: ClassVar[Mapping[str, Table]] = {
        ROWS: SUMMARY,
        TOTALS: TOTAL,
        ORDERS: ORDER,
        INVOICES: INVOICE,
    }

    @cached_property
    def plan(self) -> Plan:
        """What is read, by the routes and the checks that the settings name."""
        return plan_of(self.options)

    def rows(self, part: Part, days: Days) -> Collections:
        """Return the rows of the chosen accounts, by rising id, from what the workspace holds."""
        with decimal.localcontext(EXACT):
            return self._rows(part, days)

    def _rows(self, part: Part, days: Days) -> Collections:
        given = {**self.plan.parameters, "chosen": part.chosen}
        scope = Scope(part.workspace.rows, self.options, days)
        rates = Rates(part.workspace.rows, self.options)
        by_party: dict[int, list[Document]] = {}
        by_account: dict[int, list[Document]] = {}
        suppliers = None
        if self.options.from_purchasing:
            by_party = _by_owner(purchasing.documents(scope, given))
            suppliers = purchasing.Suppliers(scope, given)
        if self.options.from_order_management:
            by_account = _by_owner(sales.documents(scope, given))
        rows: dict[str, list[Record]] = {name: [] for name in self.collections}
        for account in part.workspace.rows(_ACCOUNT_QUERY, given):
            own = by_account.get(account["cust_account_id"], [])
            figures = Figures([*by_party.get(account["party_id"], []), *own], self.options, days, rates)
            supplier = suppliers.of(account["party_id"]) if suppliers else _NO_SUPPLIER
            figures.add_to(rows, account, supplier)
        return rows

    def compose(self, rows: Collections, days: Days) -> list[Record]:
        """Return the records of rows."""
        parts = {name: grouped(rows[name], "cust_account_id") for name in (TOTALS, ORDERS, INVOICES)}
        return [self._record(row, parts, days) for row in rows[ROWS]]

    def _record(self, row: Mapping[str, Any], parts: Mapping[str, Groups], days: Days) -> Record:
        key = row["cust_account_id"]
        invoices = parts[INVOICES].get(key, ())
        since = edges.days_ago(self.options.recent_days, days.as_of)
        recent = [
            item for item in invoices if item["invoice_date"] and days.local(item["invoice_date"]) > since
        ]
        overdue = [item for item in invoices if item["overdue"] == "Y"]
        limit = self.options.document_limit
        return {
            "cust_account_id": key,
            "account_number": row["account_number"],
            "status": row["status"],
            "open_order_count": row["open_order_count"],
            "open_order_amount": row["open_order_amount"],
            "open_orders": [_order(item, days) for item in parts[ORDERS].get(key, ())],
            "recent_invoice_count": row["recent_invoice_count"],
            "recent_invoices": [_invoice(item, days) for item in recent[:limit]],
            "overdue_count": row["overdue_invoice_count"],
            "overdue_amount": row["overdue_amount"],
            "overdue_invoices": [_invoice(item, days) for item in overdue[:limit]],
            "balance": row["balance"],
            "spend_last_12_months": row["spend_last_12_months"],
            "spend_total": row["spend_total"],
            "currency": row["summary_currency"],
            "amounts": [_without_key(item) for item in parts[TOTALS].get(key, ())],
            **{name: row[name] for name in _NO_SUPPLIER},
            "excluded_count": row["excluded_count"],
            "last_update_date": row["last_update_date"],
        }


def plan_of(options: Options) -> Plan:
    """Return what summaries read and how changes find them, by the routes and checks of the settings."""
    tables = {ACCOUNTS: columns(ACCOUNTS, "PARTY_ID ACCOUNT_NUMBER STATUS")}
    indexes = [(ACCOUNTS, "PARTY_ID")]
    walks = [Walk(ACCOUNTS, "CUST_ACCOUNT_ID")]
    crossings: list[Crossing] = []
    details = [Detail(ACCOUNTS, "CUST_ACCOUNT_ID", CHOSEN_VALUES)]
    if options.from_purchasing:
        tables |= purchasing.TABLES
        indexes += purchasing.INDEXES
        walks += routes.purchasing_walks(options)
        crossings += routes.purchasing_crossings(options)
        details += routes.purchasing_details(options)
    if options.from_order_management:
        tables |= sales.TABLES
        indexes += sales.INDEXES
        walks += routes.sales_walks(options)
        crossings += routes.sales_crossings(options)
        details += routes.sales_details(options)
    if options.validate_gl:
        tables[GL] = columns(GL, COLUMNS)
    else:
        for unread in (purchasing.CHARGES, purchasing.INVOICE_CHARGES, sales.USES):
            tables.pop(unread, None)
    whole: tuple[str, ...] = ()
    rows = {}
    if options.currency is not None:
        tables[RATES] = columns(RATES, "CONVERSION_RATE")
        indexes.append((RATES, "FROM_CURRENCY"))
        whole = (RATES,)
        rows[RATES] = (
            Only("TO_CURRENCY", (options.currency,)),
            Only("CONVERSION_TYPE", (options.rate_type,)),
        )
        walks += rate_walks(options, rows[RATES])
    return Plan(
        tuple(tables.values()),
        tuple(index for index in indexes if index[0] in tables),
        (Target("", ACCOUNTS, "CUST_ACCOUNT_ID", tuple(walks), tuple(details), tuple(crossings)),),
        whole,
        rows,
        {
            "po_types": json.dumps(options.po_types),
            "po_statuses": json.dumps(options.po_statuses),
            "currency": options.currency,
        },
    )


def _by_owner(documents: Iterable[Document]) -> dict[int, list[Document]]:
    groups: dict[int, list[Document]] = {}
    for document in documents:
        groups.setdefault(document.owner, []).append(document)
    return groups


def _without_key(row: Mapping[str, Any]) -> Record:
    return {
        name: row[name]
        for name in (
            "currency_code",
            "open_order_amount",
            "overdue_amount",
            "balance",
            "spend_last_12_months",
            "spend_total",
        )
    }


def _order(row: Mapping[str, Any], days: Days) -> Record:
    return {
        "route": row["route"],
        "document_id": row["document_id"],
        "order_number": row["order_number"],
        "status": row["status"],
        "order_date": days.day(row["order_date"]),
        "ship_date": days.day(row["ship_date"]),
        "amount": row["amount"],
        "currency_code": row["currency_code"],
        "org_id": row["org_id"],
    }


def _invoice(row: Mapping[str, Any], days: Days) -> Record:
    return {
        "route": row["route"],
        "document_id": row["document_id"],
        "invoice_number": row["invoice_number"],
        "invoice_date": days.day(row["invoice_date"]),
        "due_date": days.day(row["due_date"]),
        "amount": row["amount"],
        "balance": row["balance"],
        "currency_code": row["currency_code"],
        "payment_status": row["payment_status"],
        "overdue": row["overdue"] == "Y",
        "org_id": row["org_id"],
    }
