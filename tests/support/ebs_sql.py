"""What business streams must say, by SQL over the simulator's tables: written from the rules alone."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from ml_sandbox.testing import RunningSandbox

Result = list[dict[str, Any]]

_NAMES = """
HZ_PARTIES HZ_CUST_ACCOUNTS HZ_CUST_ACCT_SITES_ALL HZ_CUST_SITE_USES_ALL HZ_CONTACT_POINTS
HZ_RELATIONSHIPS HZ_ORG_CONTACTS HZ_CUST_ACCOUNT_ROLES AP_SUPPLIERS AP_SUPPLIER_SITES_ALL
PO_HEADERS_ALL PO_LINES_ALL PO_LINE_LOCATIONS_ALL PO_DISTRIBUTIONS_ALL AP_INVOICES_ALL
AP_INVOICE_DISTRIBUTIONS_ALL AP_PAYMENT_SCHEDULES_ALL OE_ORDER_HEADERS_ALL OE_ORDER_LINES_ALL
RA_CUSTOMER_TRX_ALL AR_PAYMENT_SCHEDULES_ALL GL_CODE_COMBINATIONS GL_DAILY_RATES
HZ_PARTY_SITES HZ_LOCATIONS HZ_CUSTOMER_PROFILES HZ_CUST_PROFILE_AMTS RA_TERMS
"""
TABLES = tuple(_NAMES.split())
_COLUMNS = """
HZ_PARTIES.PARTY_ID HZ_CUST_ACCOUNTS.PARTY_ID HZ_CUST_ACCOUNTS.CUST_ACCOUNT_ID AP_SUPPLIERS.PARTY_ID
AP_SUPPLIERS.VENDOR_ID AP_SUPPLIER_SITES_ALL.VENDOR_ID PO_HEADERS_ALL.VENDOR_ID
PO_LINES_ALL.PO_LINE_ID PO_LINE_LOCATIONS_ALL.PO_HEADER_ID PO_DISTRIBUTIONS_ALL.PO_HEADER_ID
AP_INVOICES_ALL.PARTY_ID AP_INVOICES_ALL.VENDOR_ID AP_INVOICE_DISTRIBUTIONS_ALL.INVOICE_ID
AP_PAYMENT_SCHEDULES_ALL.INVOICE_ID OE_ORDER_HEADERS_ALL.SOLD_TO_ORG_ID OE_ORDER_LINES_ALL.HEADER_ID
RA_CUSTOMER_TRX_ALL.BILL_TO_CUSTOMER_ID AR_PAYMENT_SCHEDULES_ALL.CUSTOMER_TRX_ID
HZ_CUST_SITE_USES_ALL.SITE_USE_ID HZ_CUST_ACCT_SITES_ALL.CUST_ACCT_SITE_ID
GL_CODE_COMBINATIONS.CODE_COMBINATION_ID HZ_CONTACT_POINTS.OWNER_TABLE_ID HZ_RELATIONSHIPS.PARTY_ID
HZ_ORG_CONTACTS.PARTY_RELATIONSHIP_ID GL_DAILY_RATES.FROM_CURRENCY
HZ_CUST_ACCT_SITES_ALL.CUST_ACCOUNT_ID HZ_CUST_SITE_USES_ALL.CUST_ACCT_SITE_ID
HZ_PARTY_SITES.PARTY_SITE_ID HZ_LOCATIONS.LOCATION_ID HZ_CUSTOMER_PROFILES.CUST_ACCOUNT_ID
HZ_CUST_PROFILE_AMTS.CUST_ACCOUNT_ID
"""
_INDEXED = tuple(_COLUMNS.split())
_EXACT = Context(prec=90, rounding=ROUND_HALF_UP)

_BAD = """
    SELECT d.{line} AS line_id, d.{account} AS account,
        CASE WHEN g.CODE_COMBINATION_ID IS NULL THEN 'is unknown'
             WHEN g.ENABLED_FLAG IS NOT 'Y' THEN 'is disabled'
             WHEN g.SUMMARY_FLAG IS NOT 'N' THEN 'is a summary account'
             WHEN g.TEMPLATE_ID IS NOT NULL THEN 'is a template account'
             WHEN g.DETAIL_POSTING_ALLOWED_FLAG = 'N' THEN 'allows no detail posting'
             WHEN g.START_DATE_ACTIVE > {day} THEN 'is not active on ' || substr({day}, 1, 10)
             WHEN strftime('%Y-%m-%dT%H:%M:%S', g.END_DATE_ACTIVE, '+1 day') <= {day}
             THEN 'is not active on ' || substr({day}, 1, 10) END AS fault
    FROM {table} d LEFT JOIN GL_CODE_COMBINATIONS g ON g.CODE_COMBINATION_ID = d.{account}
    WHERE {which} AND d.{account} IS NOT NULL"""
_OF_USE = " UNION ALL ".join(
    _BAD.replace("{account}", column) for column in ("GL_ID_REC", "GL_ID_REV")
).format(line="SITE_USE_ID", table="HZ_CUST_SITE_USES_ALL", day=":as_of", which="d.SITE_USE_ID IN ({uses})")

BAD = {
    "purchase_order": _BAD.format(
        line="PO_DISTRIBUTION_ID",
        account="CODE_COMBINATION_ID",
        table="PO_DISTRIBUTIONS_ALL",
        day=":as_of",
        which="d.PO_HEADER_ID = x.id",
    ),
    "supplier_invoice": _BAD.format(
        line="INVOICE_DISTRIBUTION_ID",
        account="DIST_CODE_COMBINATION_ID",
        table="AP_INVOICE_DISTRIBUTIONS_ALL",
        day="COALESCE(d.ACCOUNTING_DATE, x.date)",
        which="d.INVOICE_ID = x.id",
    ),
    "sales_order": _OF_USE.format(
        uses="SELECT INVOICE_TO_ORG_ID FROM OE_ORDER_HEADERS_ALL WHERE HEADER_ID = x.id"
    ),
    "receivable": _OF_USE.format(
        uses="SELECT CUSTOMER_SITE_USE_ID FROM AR_PAYMENT_SCHEDULES_ALL WHERE CUSTOMER_TRX_ID = x.id "
        "AND PAYMENT_SCHEDULE_ID > 0 AND CLASS IN ('INV', 'DM', 'CM', 'CB')"
    ),
    "site_use": _OF_USE.format(uses="x.id"),
}
"""The lines of a document `x` with what is wrong with their accounts, null where nothing is."""

_DUE = """
    COALESCE((SELECT MIN(p.DUE_DATE) FROM {table} p WHERE {which} AND p.{left} <> 0),
        (SELECT MAX(p.DUE_DATE) FROM {table} p WHERE {which}))"""
_SUM = "COALESCE((SELECT total(1, p.{column}) FROM {table} p WHERE {which}), '0')"
_AP = {"table": "AP_PAYMENT_SCHEDULES_ALL", "which": "p.INVOICE_ID = i.INVOICE_ID"}
_AR = {
    "table": "AR_PAYMENT_SCHEDULES_ALL",
    "which": "p.CUSTOMER_TRX_ID = t.CUSTOMER_TRX_ID AND p.PAYMENT_SCHEDULE_ID > 0 "
    "AND p.CLASS IN ('INV', 'DM', 'CM', 'CB')",
}

DOCUMENTS = f"""
    SELECT a.CUST_ACCOUNT_ID AS account, 'purchase_order' AS type, 'purchasing' AS route, 1 AS is_order,
        h.PO_HEADER_ID AS id, h.SEGMENT1 AS number, h.AUTHORIZATION_STATUS AS status, h.CREATION_DATE AS date,
        (SELECT MIN(COALESCE(s.PROMISED_DATE, s.NEED_BY_DATE)) FROM PO_LINE_LOCATIONS_ALL s
            JOIN PO_LINES_ALL l ON l.PO_LINE_ID = s.PO_LINE_ID
            WHERE s.PO_HEADER_ID = h.PO_HEADER_ID AND l.CANCEL_FLAG IS NOT 'Y') AS due,
        COALESCE((SELECT
            total(minus(s.QUANTITY, s.QUANTITY_CANCELLED), COALESCE(s.PRICE_OVERRIDE, l.UNIT_PRICE))
            FROM PO_LINE_LOCATIONS_ALL s JOIN PO_LINES_ALL l ON l.PO_LINE_ID = s.PO_LINE_ID
            WHERE s.PO_HEADER_ID = h.PO_HEADER_ID AND l.CANCEL_FLAG IS NOT 'Y'), '0') AS amount,
        '0' AS balance, h.CURRENCY_CODE AS currency, h.ORG_ID AS org_id
    FROM HZ_CUST_ACCOUNTS a JOIN AP_SUPPLIERS v ON v.PARTY_ID = a.PARTY_ID
    JOIN PO_HEADERS_ALL h ON h.VENDOR_ID = v.VENDOR_ID
    WHERE h.TYPE_LOOKUP_CODE = 'STANDARD' AND h.CANCEL_FLAG IS NOT 'Y'
        AND (h.CLOSED_CODE IS NULL OR h.CLOSED_CODE NOT IN ('CLOSED', 'FINALLY CLOSED'))
        AND h.AUTHORIZATION_STATUS IN ('APPROVED', 'PRE-APPROVED', 'IN PROCESS', 'REQUIRES REAPPROVAL')
    UNION ALL
    SELECT a.CUST_ACCOUNT_ID, 'supplier_invoice', 'purchasing', 0, i.INVOICE_ID, i.INVOICE_NUM,
        CASE i.PAYMENT_STATUS_FLAG WHEN 'N' THEN 'unpaid' WHEN 'P' THEN 'partial' WHEN 'Y' THEN 'paid' END,
        i.INVOICE_DATE, {_DUE.format(left="AMOUNT_REMAINING", **_AP)}, i.INVOICE_AMOUNT,
        {_SUM.format(column="AMOUNT_REMAINING", **_AP)}, i.INVOICE_CURRENCY_CODE, i.ORG_ID
    FROM AP_INVOICES_ALL i LEFT JOIN AP_SUPPLIERS v ON v.VENDOR_ID = i.VENDOR_ID
    JOIN HZ_CUST_ACCOUNTS a ON a.PARTY_ID = COALESCE(i.PARTY_ID, v.PARTY_ID)
    WHERE i.CANCELLED_DATE IS NULL
    UNION ALL
    SELECT h.SOLD_TO_ORG_ID, 'sales_order', 'order_management', 1, h.HEADER_ID,
        CAST(h.ORDER_NUMBER AS TEXT), h.FLOW_STATUS_CODE, h.ORDERED_DATE,
        (SELECT MIN(COALESCE(l.ACTUAL_SHIPMENT_DATE, l.SCHEDULE_SHIP_DATE)) FROM OE_ORDER_LINES_ALL l
            WHERE l.HEADER_ID = h.HEADER_ID AND l.CANCELLED_FLAG IS NOT 'Y'),
        COALESCE((SELECT total(l.ORDERED_QUANTITY, l.UNIT_SELLING_PRICE) FROM OE_ORDER_LINES_ALL l
            WHERE l.HEADER_ID = h.HEADER_ID AND l.CANCELLED_FLAG IS NOT 'Y'), '0'),
        '0', h.TRANSACTIONAL_CURR_CODE, h.ORG_ID
    FROM OE_ORDER_HEADERS_ALL h WHERE h.OPEN_FLAG = 'Y' AND h.CANCELLED_FLAG IS NOT 'Y'
    UNION ALL
    SELECT t.BILL_TO_CUSTOMER_ID, 'receivable', 'order_management', 0, t.CUSTOMER_TRX_ID, t.TRX_NUMBER,
        CASE {_SUM.format(column="AMOUNT_DUE_REMAINING", **_AR)} WHEN '0' THEN 'paid'
            WHEN {_SUM.format(column="AMOUNT_DUE_ORIGINAL", **_AR)} THEN 'unpaid' ELSE 'partial' END,
        t.TRX_DATE, {_DUE.format(left="AMOUNT_DUE_REMAINING", **_AR)},
        {_SUM.format(column="AMOUNT_DUE_ORIGINAL", **_AR)},
        {_SUM.format(column="AMOUNT_DUE_REMAINING", **_AR)}, t.INVOICE_CURRENCY_CODE, t.ORG_ID
    FROM RA_CUSTOMER_TRX_ALL t
    WHERE EXISTS (SELECT 1 FROM {_AR["table"]} p WHERE {_AR["which"]})"""
"""Every document that counts, judged or not, once for each customer account."""


class Reference:
    """The tables of a simulator in SQLite, as they are at this moment. Numbers are text with all digits."""

    def __init__(
        self, sandbox: RunningSandbox, as_of: dt.datetime, routes: Iterable[str], units: Iterable[int] = ()
    ) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.row_factory = sqlite3.Row
        self.connection.create_aggregate("total", -1, _Total)  # type: ignore[arg-type]  # typeshed lacks it
        self.connection.create_function("minus", 2, lambda one, other: _text(_number(one) - _number(other)))
        self.connection.create_function("converted", 2, _converted)
        shown = {*units}
        for table in TABLES:
            found = sandbox.control.rows("ebs", table)
            if shown and found and "ORG_ID" in found[0]:
                found = [row for row in found if row["ORG_ID"] is None or row["ORG_ID"] in shown]
            self._load(table, found)
        for name in _INDEXED:
            table, column = name.split(".")
            self.connection.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")
        year = as_of.replace(year=as_of.year - 1)
        self.given = {
            "as_of": as_of.isoformat(),
            "recent": (as_of - dt.timedelta(days=90)).isoformat(),
            "year": year.isoformat(),
        }
        self.routes = tuple(routes)
        self._judge()

    def rows(self, query: str, given: Mapping[str, Any] | None = None) -> Result:
        """The rows of a query."""
        return [dict(row) for row in self.connection.execute(query, {**self.given, **(given or {})})]

    def _load(self, table: str, found: Result) -> None:
        if not found:
            columns = {
                "GL_DAILY_RATES": "FROM_CURRENCY TO_CURRENCY CONVERSION_DATE CONVERSION_TYPE CONVERSION_RATE"
            }[table].split()
        else:
            columns = list(found[0])
        self.connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(
            f"INSERT INTO {table} VALUES ({marks})",
            [[_stored(value) for value in row.values()] for row in found],
        )

    def _judge(self) -> None:
        """Make the table of documents, each with the first line that fails."""
        listed = ", ".join(f"'{route}'" for route in self.routes)
        self.connection.execute(
            f"CREATE TABLE documents AS SELECT * FROM ({DOCUMENTS}) WHERE route IN ({listed})"
        )
        self.connection.execute("CREATE TABLE failures (type, id, line_id, failing, reason)")
        for kind, bad in BAD.items():
            source = (
                "SELECT SITE_USE_ID AS id, NULL AS date FROM HZ_CUST_SITE_USES_ALL"
                if kind == "site_use"
                else f"SELECT DISTINCT id, date FROM documents WHERE type = '{kind}'"
            )
            for row in self.rows(source):
                judged = bad.replace("x.id", ":id").replace("x.date", ":date")
                lines = self.rows(
                    f"SELECT * FROM ({judged}) WHERE fault IS NOT NULL ORDER BY line_id",
                    row,
                )
                if lines:
                    first = lines[0]
                    reason = f"account {first['account']} {first['fault']}"
                    self.connection.execute(
                        "INSERT INTO failures VALUES (?, ?, ?, ?, ?)",
                        (kind, row["id"], first["line_id"], first["account"], reason),
                    )


class _Total:
    """The exact sum of the products of its arguments; nulls count as 0."""

    def __init__(self) -> None:
        self.sum = Decimal(0)

    def step(self, *factors: Any) -> None:
        with localcontext(_EXACT):
            product = Decimal(1)
            for factor in factors:
                product *= _number(factor)
            self.sum += product

    def finalize(self) -> str:
        return _text(self.sum)


def _stored(value: Any) -> Any:
    """A number as SQLite keeps it without loss: whole ones as such, others as text."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else repr(value)


def _converted(amount: Any, rate: Any) -> str | None:
    if rate is None:
        return None
    with localcontext(_EXACT):
        return _text((_number(amount) * _number(rate)).quantize(Decimal("0.01")))


def _number(value: Any) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
