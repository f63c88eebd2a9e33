"""Which customers' summaries may be others than before: by changed rows, and by days that went by."""

from collections.abc import Iterable, Iterator

from ml_sandbox.ebs.package.judging import ORDER_MANAGEMENT, PURCHASING, Judging, shifted
from ml_sandbox.ebs.package.rates import TABLE as RATES
from ml_sandbox.ebs.package.rates import dates_of_rate
from ml_sandbox.ebs.package.reader import Reader
from ml_sandbox.ebs.package.walks import Walk, changed_targets, walks
from ml_sandbox.ebs.store import Tuple, Value

ACCOUNTS, GL = "HZ_CUST_ACCOUNTS", "GL_CODE_COMBINATIONS"
_PARTY = " > HZ_CUST_ACCOUNTS.PARTY_ID CUST_ACCOUNT_ID"
_VENDOR = " > AP_SUPPLIERS.VENDOR_ID PARTY_ID" + _PARTY
_ORDER = " > PO_HEADERS_ALL.PO_HEADER_ID VENDOR_ID" + _VENDOR
_INVOICE = " > AP_INVOICES_ALL.INVOICE_ID PARTY_ID" + _PARTY
_BARE_INVOICE = " > AP_INVOICES_ALL.INVOICE_ID[PARTY_ID=] VENDOR_ID" + _VENDOR
_SALE = " > OE_ORDER_HEADERS_ALL.HEADER_ID SOLD_TO_ORG_ID"
_TRANSACTION = " > RA_CUSTOMER_TRX_ALL.CUSTOMER_TRX_ID BILL_TO_CUSTOMER_ID"
_USE_SALE = " > OE_ORDER_HEADERS_ALL.INVOICE_TO_ORG_ID SOLD_TO_ORG_ID"
_USE_TRANSACTION = " > AR_PAYMENT_SCHEDULES_ALL.CUSTOMER_SITE_USE_ID CUSTOMER_TRX_ID" + _TRANSACTION

_OWN = walks("HZ_CUST_ACCOUNTS CUST_ACCOUNT_ID")
_PURCHASING = walks(
    "AP_SUPPLIERS PARTY_ID" + _PARTY,
    "AP_SUPPLIER_SITES_ALL VENDOR_ID" + _VENDOR,
    "PO_HEADERS_ALL VENDOR_ID" + _VENDOR,
    "PO_LINES_ALL PO_HEADER_ID" + _ORDER,
    "PO_LINE_LOCATIONS_ALL PO_HEADER_ID" + _ORDER,
    "PO_DISTRIBUTIONS_ALL PO_HEADER_ID" + _ORDER,
    "AP_INVOICES_ALL PARTY_ID" + _PARTY,
    "AP_INVOICES_ALL[PARTY_ID=] VENDOR_ID" + _VENDOR,
    "AP_INVOICE_DISTRIBUTIONS_ALL INVOICE_ID" + _INVOICE,
    "AP_INVOICE_DISTRIBUTIONS_ALL INVOICE_ID" + _BARE_INVOICE,
    "AP_PAYMENT_SCHEDULES_ALL INVOICE_ID" + _INVOICE,
    "AP_PAYMENT_SCHEDULES_ALL INVOICE_ID" + _BARE_INVOICE,
)
_SALES = walks(
    "OE_ORDER_HEADERS_ALL SOLD_TO_ORG_ID",
    "OE_ORDER_LINES_ALL HEADER_ID" + _SALE,
    "RA_CUSTOMER_TRX_ALL BILL_TO_CUSTOMER_ID",
    "AR_PAYMENT_SCHEDULES_ALL CUSTOMER_TRX_ID" + _TRANSACTION,
)
_GL_ORDERS = walks(
    "GL_CODE_COMBINATIONS CODE_COMBINATION_ID > PO_DISTRIBUTIONS_ALL.CODE_COMBINATION_ID PO_HEADER_ID"
    + _ORDER
)
_TO_DISTRIBUTION = (
    "GL_CODE_COMBINATIONS CODE_COMBINATION_ID"
    " > AP_INVOICE_DISTRIBUTIONS_ALL.DIST_CODE_COMBINATION_ID INVOICE_ID"
)
_GL_INVOICES = walks(_TO_DISTRIBUTION + _INVOICE, _TO_DISTRIBUTION + _BARE_INVOICE)
_USES = walks(
    "HZ_CUST_SITE_USES_ALL SITE_USE_ID" + _USE_SALE,
    "HZ_CUST_SITE_USES_ALL SITE_USE_ID" + _USE_TRANSACTION,
)
_GL_USES = walks(
    *(
        f"GL_CODE_COMBINATIONS CODE_COMBINATION_ID > HZ_CUST_SITE_USES_ALL.{column} SITE_USE_ID{rest}"
        for column in ("GL_ID_REC", "GL_ID_REV")
        for rest in (_USE_SALE, _USE_TRANSACTION)
    )
)
# By table: the column of the currency, that of the date.
_DATED = {
    PURCHASING: (
        ("PO_HEADERS_ALL", "CURRENCY_CODE", "CREATION_DATE"),
        ("AP_INVOICES_ALL", "INVOICE_CURRENCY_CODE", "INVOICE_DATE"),
    ),
    ORDER_MANAGEMENT: (
        ("OE_ORDER_HEADERS_ALL", "TRANSACTIONAL_CURR_CODE", "ORDERED_DATE"),
        ("RA_CUSTOMER_TRX_ALL", "INVOICE_CURRENCY_CODE", "TRX_DATE"),
    ),
}
_INVOICE_DATES = {
    PURCHASING: (("AP_INVOICES_ALL", "INVOICE_DATE"),),
    ORDER_MANAGEMENT: (("RA_CUSTOMER_TRX_ALL", "TRX_DATE"),),
}
_DUE = {PURCHASING: "AP_PAYMENT_SCHEDULES_ALL", ORDER_MANAGEMENT: "AR_PAYMENT_SCHEDULES_ALL"}
_YEAR_DAYS = 365
_SLACK = 2
"""Days by which ADD_MONTHS may differ from a year of 365 days; a customer too many does no harm."""


def summary_chains(judging: Judging) -> tuple[Walk, ...]:
    """Give the chains from the tables behind a summary to customer accounts."""
    chains = _OWN
    if PURCHASING in judging.routes:
        chains += _PURCHASING + ((_GL_ORDERS + _GL_INVOICES) if judging.validate_gl else ())
    if ORDER_MANAGEMENT in judging.routes:
        chains += _SALES + ((_USES + _GL_USES) if judging.validate_gl else ())
    return chains


def summary_tables(judging: Judging) -> tuple[str, ...]:
    """Give the tables behind a summary."""
    tables = [chain.table for chain in summary_chains(judging)]
    return tuple(dict.fromkeys([*tables, *([RATES] if judging.currency else [])]))


class SummaryChanges:
    """Finds the accounts whose summaries changed."""

    def __init__(self, reader: Reader, judging: Judging) -> None:
        self._reader = reader
        self._judging = judging
        self._chains = summary_chains(judging)

    def changed(self, low: str | None, high: str | None) -> set[Value]:
        """Give the accounts behind which a row changed from `low` to `high`, both within."""
        found = changed_targets(self._reader, self._chains, low, high)
        if self._judging.currency:
            for row in self._reader.between(RATES, "LAST_UPDATE_DATE", low, high):
                found |= self._converted_by(row)
        return found

    def _converted_by(self, rate: Tuple) -> set[Value]:
        """Give the accounts with a document that a rate converts."""
        position = self._reader.store(RATES).spec.position
        wanted = (self._judging.currency, self._judging.rate_type)
        if (rate[position["TO_CURRENCY"]], rate[position["CONVERSION_TYPE"]]) != wanted:
            return set()
        currency, begin, end = dates_of_rate(self._reader, rate)
        found: set[Value] = set()
        for route in self._judging.routes:
            for table, column, date in _DATED[route]:
                store = self._reader.store(table)
                at = store.spec.position[date]
                rows = [
                    row
                    for row in store.having(store.spec.position[column], (currency,))
                    if row[at] is not None and begin <= str(row[at]) and (end is None or str(row[at]) < end)
                ]
                found |= self._walked(table, self._reader.shown(table, rows))
        return found

    def crossed(self) -> set[Value]:
        """Give the accounts one of whose rows passed an edge of a time window."""
        if self._judging.crossed is None:
            return set()
        found: set[Value] = set()
        for route in self._judging.routes:
            for table, rows in self._crossing(route, *self._judging.crossed):
                found |= self._walked(table, rows)
        if self._judging.validate_gl:
            chains = (_GL_ORDERS if PURCHASING in self._judging.routes else ()) + (
                _GL_USES if ORDER_MANAGEMENT in self._judging.routes else ()
            )
            rows = crossing_accounts(self._reader, *self._judging.crossed)
            found |= _targets(self._reader, chains, rows)
        return found

    def _crossing(self, route: str, low: str, high: str) -> Iterator[tuple[str, list[Tuple]]]:
        """Give rows, by table, whose edge lies after `low` and up to `high`."""
        reader, days = self._reader, self._judging.recent_days
        for table, column in _INVOICE_DATES[route]:
            yield table, after(reader, table, column, shifted(low, -days), shifted(high, -days))
            year = shifted(low, -_YEAR_DAYS - _SLACK), shifted(high, -_YEAR_DAYS + _SLACK)
            yield table, after(reader, table, column, *year)
        # Overdue from the midnight after the due date on.
        due = _DUE[route]
        position = reader.store(due).spec.position["DUE_DATE"]
        rows = reader.between(due, "DUE_DATE", f"{low[:10]}T00:00:00", high)
        yield due, [row for row in rows if str(row[position]) < high]
        if route == PURCHASING:
            yield "AP_SUPPLIERS", after(reader, "AP_SUPPLIERS", "END_DATE_ACTIVE", low, high)
            sites = "AP_SUPPLIER_SITES_ALL"
            yield sites, after(reader, sites, "INACTIVE_DATE", low, high)

    def _walked(self, table: str, rows: Iterable[Tuple]) -> set[Value]:
        return _targets(self._reader, (chain for chain in self._chains if chain.table == table), list(rows))


def _targets(reader: Reader, chains: Iterable[Walk], rows: list[Tuple]) -> set[Value]:
    return set().union(*(chain.targets(reader, rows) for chain in chains)) if rows else set()


def after(reader: Reader, table: str, column: str, low: str, high: str) -> list[Tuple]:
    """Give the rows whose date lies after `low` and up to `high`."""
    position = reader.store(table).spec.position[column]
    return [row for row in reader.between(table, column, low, high) if str(row[position]) > low]


def crossing_accounts(reader: Reader, low: str, high: str) -> list[Tuple]:
    """Give the GL accounts that begin or end to be active after `low` and up to `high`."""
    begun = after(reader, GL, "START_DATE_ACTIVE", low, high)
    return begun + after(reader, GL, "END_DATE_ACTIVE", shifted(low, -1), shifted(high, -1))
