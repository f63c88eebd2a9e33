"""What the GL check leaves out of summaries, document by document, with its reason.

A document is reported when its own header, distributions, site uses or accounts changed: failing, with the
reason; passing, as the end of an earlier report. Site uses are reported for themselves on every route.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from tap_oracle_ebs.business import purchasing, routes, sales
from tap_oracle_ebs.business.accounts import COLUMNS, GL, first_failure
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.documents import (
    ACCOUNTS,
    PURCHASE_ORDER,
    RECEIVABLE,
    SALES_ORDER,
    SITE_USE,
    SUPPLIER_INVOICE,
    Scope,
)
from tap_oracle_ebs.business.engine import Part
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import EXCLUSION, ROWS, Collections, field_names
from tap_oracle_ebs.business.plan import (
    CHOSEN,
    CHOSEN_VALUES,
    Detail,
    Plan,
    Step,
    Target,
    Walk,
    columns,
)
from tap_oracle_ebs.catalog.tables import CHANGED, Table

Record = dict[str, Any]

SITES = "HZ_CUST_ACCT_SITES_ALL"
DELETED_AT = "_sdc_deleted_at"
_FIELDS = field_names(EXCLUSION)
_RECORD = tuple(name for name in _FIELDS if name != "valid")

_FIRST_ACCOUNT = f"""(
        SELECT a.CUST_ACCOUNT_ID FROM {ACCOUNTS} a WHERE a.PARTY_ID = {{party}}
        ORDER BY a.CUST_ACCOUNT_ID LIMIT 1)"""  # noqa: S608
_SELECTED = f"""
    SELECT f.*, a.ACCOUNT_NUMBER AS account_number FROM ({{found}}) f
    JOIN {ACCOUNTS} a ON a.CUST_ACCOUNT_ID = f.cust_account_id
    ORDER BY f.document_id"""  # noqa: S608
_HEADERS = {
    PURCHASE_ORDER: f"""
        SELECT h.PO_HEADER_ID AS document_id, h.SEGMENT1 AS document_number, h.ORG_ID AS org_id,
            {purchasing.OPEN_ORDER} AS counts, h.{CHANGED} AS changed,
            {_FIRST_ACCOUNT.format(party="v.PARTY_ID")} AS cust_account_id
        FROM {purchasing.HEADERS} h JOIN {purchasing.VENDORS} v ON v.VENDOR_ID = h.VENDOR_ID
        WHERE h.PO_HEADER_ID IN {CHOSEN}""",  # noqa: S608
    SUPPLIER_INVOICE: f"""
        SELECT i.INVOICE_ID AS document_id, i.INVOICE_NUM AS document_number, i.ORG_ID AS org_id,
            {purchasing.LIVE_INVOICE} AS counts, i.{CHANGED} AS changed,
            {_FIRST_ACCOUNT.format(party="COALESCE(i.PARTY_ID, v.PARTY_ID)")} AS cust_account_id
        FROM {purchasing.INVOICES} i LEFT JOIN {purchasing.VENDORS} v ON v.VENDOR_ID = i.VENDOR_ID
        WHERE i.INVOICE_ID IN {CHOSEN}""",  # noqa: S608
    SALES_ORDER: f"""
        SELECT h.HEADER_ID AS document_id, CAST(h.ORDER_NUMBER AS TEXT) AS document_number,
            h.ORG_ID AS org_id, {sales.OPEN_ORDER} AS counts, h.{CHANGED} AS changed,
            h.SOLD_TO_ORG_ID AS cust_account_id
        FROM {sales.HEADERS} h WHERE h.HEADER_ID IN {CHOSEN}""",  # noqa: S608
    RECEIVABLE: f"""
        SELECT t.CUSTOMER_TRX_ID AS document_id, t.TRX_NUMBER AS document_number, t.ORG_ID AS org_id,
            1 AS counts, t.{CHANGED} AS changed, t.BILL_TO_CUSTOMER_ID AS cust_account_id
        FROM {sales.TRANSACTIONS} t WHERE t.CUSTOMER_TRX_ID IN {CHOSEN}""",  # noqa: S608
    SITE_USE: f"""
        SELECT u.SITE_USE_ID AS document_id, u.LOCATION AS document_number, u.ORG_ID AS org_id,
            1 AS counts, u.{CHANGED} AS changed, s.CUST_ACCOUNT_ID AS cust_account_id
        FROM {sales.USES} u JOIN {SITES} s ON s.CUST_ACCT_SITE_ID = u.CUST_ACCT_SITE_ID
        WHERE u.SITE_USE_ID IN {CHOSEN}""",  # noqa: S608
}
_CHARGES = {
    PURCHASE_ORDER: purchasing.ORDER_CHARGES,
    SUPPLIER_INVOICE: purchasing.INVOICE_ACCOUNTS,
    SALES_ORDER: sales.ORDER_CHARGES,
    RECEIVABLE: sales.TRANSACTION_CHARGES,
    SITE_USE: sales.USE_CHARGES,
}


@dataclasses.dataclass(frozen=True)
class Exclusions:
    """The business object `customer_exclusions`: its plan, its rows from tables, its records from rows."""

    options: Options

    operation: ClassVar[str] = "customer_exclusions"
    collections: ClassVar[Mapping[str, Table]] = {ROWS: EXCLUSION}

    @cached_property
    def plan(self) -> Plan:
        """What is read, by the routes of the settings."""
        return plan_of(self.options)

    def rows(self, part: Part, days: Days) -> Collections:
        """Return the rows of the chosen documents of one kind, by rising id."""
        select = part.workspace.rows
        given = {**self.plan.parameters, "chosen": part.chosen}
        headers = list(select(_SELECTED.format(found=_HEADERS[part.kind]), given))
        ids = [header["document_id"] for header in headers]
        charges = Scope(select, self.options, days).of(_CHARGES[part.kind], ids)
        rows = []
        for header in headers:
            own = charges.get(header["document_id"], ())
            failure = first_failure(own, days) if header["counts"] else None
            found = {
                "document_type": part.kind,
                "line_id": failure.line_id if failure else None,
                "code_combination_id": failure.code_combination_id if failure else None,
                "reason": failure.reason if failure else None,
                "valid": "N" if failure else "Y",
                "last_update_date": _newest(header, own),
            }
            rows.append({name: {**header, **found}[name] for name in _FIELDS})
        return {ROWS: rows}

    def compose(self, rows: Collections, days: Days) -> list[Record]:
        """Return the records of rows; what passes ends by a record of its deletion."""
        return [self._record(row, days) for row in rows[ROWS]]

    def _record(self, row: Mapping[str, Any], days: Days) -> Record:
        passes = row["valid"] == "Y"
        deleted_at = days.instant(days.midnight) if passes else None
        return {**{name: row[name] for name in _RECORD}, DELETED_AT: deleted_at}


def _newest(header: Mapping[str, Any], charges: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the newest change of a document, its lines and their accounts."""
    changes = [header["changed"]]
    for charge in charges:
        changes += [charge["line_changed"], charge["account_changed"]]
    return max((change for change in changes if change), default=None)


def plan_of(options: Options) -> Plan:
    """Return what exclusions read, and how changes find their documents."""
    tables = {
        ACCOUNTS: columns(ACCOUNTS, "PARTY_ID ACCOUNT_NUMBER"),
        SITES: columns(SITES, "CUST_ACCOUNT_ID ORG_ID"),
        GL: columns(GL, COLUMNS),
        sales.USES: sales.TABLES[sales.USES],
    }
    indexes = [(ACCOUNTS, "PARTY_ID"), (SITES, "CUST_ACCOUNT_ID"), *purchasing.INDEXES, *sales.INDEXES]
    targets = [_site_uses()]
    if options.from_purchasing:
        for name in (purchasing.VENDORS, purchasing.HEADERS, purchasing.CHARGES, purchasing.INVOICES):
            tables[name] = purchasing.TABLES[name]
        tables[purchasing.INVOICE_CHARGES] = purchasing.TABLES[purchasing.INVOICE_CHARGES]
        targets += [_purchase_orders(), _supplier_invoices()]
    if options.from_order_management:
        for name in (sales.HEADERS, sales.TRANSACTIONS, sales.SCHEDULES):
            tables[name] = sales.TABLES[name]
        targets += [_sales_orders(), _receivables()]
    return Plan(
        tuple(tables.values()),
        (*(index for index in indexes if index[0] in tables), (sales.USES, "CUST_ACCT_SITE_ID")),
        tuple(sorted(targets, key=lambda target: target.kind)),
        parameters={"po_types": json.dumps(options.po_types), "po_statuses": json.dumps(options.po_statuses)},
    )


def _purchase_orders() -> Target:
    parties = f"SELECT PARTY_ID FROM {purchasing.VENDORS}"  # noqa: S608
    vendors = f"SELECT VENDOR_ID FROM {purchasing.HEADERS}"  # noqa: S608
    accounts = f"SELECT CODE_COMBINATION_ID FROM {purchasing.CHARGES}"  # noqa: S608
    return Target(
        PURCHASE_ORDER,
        purchasing.HEADERS,
        "PO_HEADER_ID",
        walks=(
            Walk(purchasing.HEADERS, "PO_HEADER_ID"),
            Walk(purchasing.CHARGES, "PO_HEADER_ID"),
            Walk(GL, "CODE_COMBINATION_ID", (routes.ORDERS_OF_ACCOUNT,)),
        ),
        crossings=tuple(routes.account_crossings((routes.ORDERS_OF_ACCOUNT,))),
        of_accounts=(
            (
                Step(ACCOUNTS, "CUST_ACCOUNT_ID", "PARTY_ID"),
                Step(purchasing.VENDORS, "PARTY_ID", "VENDOR_ID"),
                Step(purchasing.HEADERS, "VENDOR_ID", "PO_HEADER_ID"),
            ),
        ),
        details=(
            Detail(purchasing.HEADERS, "PO_HEADER_ID", CHOSEN_VALUES),
            Detail(purchasing.VENDORS, "VENDOR_ID", vendors),
            Detail(ACCOUNTS, "PARTY_ID", parties),
            Detail(purchasing.CHARGES, "PO_HEADER_ID", CHOSEN_VALUES),
            Detail(GL, "CODE_COMBINATION_ID", accounts),
        ),
    )


def _supplier_invoices() -> Target:
    parties = f"SELECT PARTY_ID FROM {purchasing.INVOICES} UNION SELECT PARTY_ID FROM {purchasing.VENDORS}"  # noqa: S608
    vendors = f"SELECT VENDOR_ID FROM {purchasing.INVOICES} WHERE PARTY_ID IS NULL"  # noqa: S608
    accounts = f"SELECT DIST_CODE_COMBINATION_ID FROM {purchasing.INVOICE_CHARGES}"  # noqa: S608
    party_of = Step(ACCOUNTS, "CUST_ACCOUNT_ID", "PARTY_ID")
    return Target(
        SUPPLIER_INVOICE,
        purchasing.INVOICES,
        "INVOICE_ID",
        walks=(
            Walk(purchasing.INVOICES, "INVOICE_ID"),
            Walk(purchasing.INVOICE_CHARGES, "INVOICE_ID"),
            Walk(GL, "CODE_COMBINATION_ID", (routes.INVOICES_OF_ACCOUNT,)),
        ),
        of_accounts=(
            (party_of, Step(purchasing.INVOICES, "PARTY_ID", "INVOICE_ID")),
            (
                party_of,
                Step(purchasing.VENDORS, "PARTY_ID", "VENDOR_ID"),
                Step(purchasing.INVOICES, "VENDOR_ID", "INVOICE_ID", routes.NO_PARTY),
            ),
        ),
        details=(
            Detail(purchasing.INVOICES, "INVOICE_ID", CHOSEN_VALUES),
            Detail(purchasing.VENDORS, "VENDOR_ID", vendors),
            Detail(ACCOUNTS, "PARTY_ID", parties),
            Detail(purchasing.INVOICE_CHARGES, "INVOICE_ID", CHOSEN_VALUES),
            Detail(GL, "CODE_COMBINATION_ID", accounts),
        ),
    )


def _sales_orders() -> Target:
    return Target(
        SALES_ORDER,
        sales.HEADERS,
        "HEADER_ID",
        walks=(
            Walk(sales.HEADERS, "HEADER_ID"),
            Walk(sales.USES, "SITE_USE_ID", routes.SALES_OF_USE),
            *(Walk(GL, "CODE_COMBINATION_ID", (use, *routes.SALES_OF_USE)) for use in routes.USES_OF_ACCOUNT),
        ),
        crossings=_crossings(routes.SALES_OF_USE),
        of_accounts=((Step(sales.HEADERS, "SOLD_TO_ORG_ID", "HEADER_ID"),),),
        details=(
            Detail(sales.HEADERS, "HEADER_ID", CHOSEN_VALUES),
            Detail(ACCOUNTS, "CUST_ACCOUNT_ID", f"SELECT SOLD_TO_ORG_ID FROM {sales.HEADERS}"),  # noqa: S608
            Detail(sales.USES, "SITE_USE_ID", f"SELECT INVOICE_TO_ORG_ID FROM {sales.HEADERS}"),  # noqa: S608
            routes.sales_accounts(),
        ),
    )


def _receivables() -> Target:
    accounts = f"SELECT BILL_TO_CUSTOMER_ID FROM {sales.TRANSACTIONS}"  # noqa: S608
    return Target(
        RECEIVABLE,
        sales.TRANSACTIONS,
        "CUSTOMER_TRX_ID",
        walks=(
            Walk(sales.TRANSACTIONS, "CUSTOMER_TRX_ID"),
            Walk(sales.SCHEDULES, "CUSTOMER_TRX_ID", (), routes.IS_DOCUMENT),
            Walk(sales.USES, "SITE_USE_ID", routes.TRANSACTIONS_OF_USE),
            *(
                Walk(GL, "CODE_COMBINATION_ID", (use, *routes.TRANSACTIONS_OF_USE))
                for use in routes.USES_OF_ACCOUNT
            ),
        ),
        crossings=_crossings(routes.TRANSACTIONS_OF_USE),
        of_accounts=((Step(sales.TRANSACTIONS, "BILL_TO_CUSTOMER_ID", "CUSTOMER_TRX_ID"),),),
        details=(
            Detail(sales.TRANSACTIONS, "CUSTOMER_TRX_ID", CHOSEN_VALUES),
            Detail(ACCOUNTS, "CUST_ACCOUNT_ID", accounts),
            Detail(sales.SCHEDULES, "CUSTOMER_TRX_ID", CHOSEN_VALUES),
            Detail(sales.USES, "SITE_USE_ID", f"SELECT CUSTOMER_SITE_USE_ID FROM {sales.SCHEDULES}"),  # noqa: S608
            routes.sales_accounts(),
        ),
    )


def _site_uses() -> Target:
    return Target(
        SITE_USE,
        sales.USES,
        "SITE_USE_ID",
        walks=(
            Walk(sales.USES, "SITE_USE_ID"),
            Walk(SITES, "CUST_ACCT_SITE_ID", (Step(sales.USES, "CUST_ACCT_SITE_ID", "SITE_USE_ID"),)),
            *(Walk(GL, "CODE_COMBINATION_ID", (use,)) for use in routes.USES_OF_ACCOUNT),
        ),
        crossings=_crossings(()),
        of_accounts=(
            (
                Step(SITES, "CUST_ACCOUNT_ID", "CUST_ACCT_SITE_ID"),
                Step(sales.USES, "CUST_ACCT_SITE_ID", "SITE_USE_ID"),
            ),
        ),
        details=(
            Detail(sales.USES, "SITE_USE_ID", CHOSEN_VALUES),
            Detail(SITES, "CUST_ACCT_SITE_ID", f"SELECT CUST_ACCT_SITE_ID FROM {sales.USES}"),  # noqa: S608
            Detail(ACCOUNTS, "CUST_ACCOUNT_ID", f"SELECT CUST_ACCOUNT_ID FROM {SITES}"),  # noqa: S608
            routes.sales_accounts(),
        ),
    )


def _crossings(steps: Iterable[Step]) -> tuple[Any, ...]:
    return tuple(
        crossing for use in routes.USES_OF_ACCOUNT for crossing in routes.account_crossings((use, *steps))
    )
