"""Where rows go: hands out surrogate keys, adds the who columns, leaves nulls out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Value = int | Decimal | str
Row = dict[str, Value]

# Trading community keys are as long as the widest that EBS declares, NUMBER(15); the others are
# of the sizes that one meets in a site of some years.
_FIRST_KEYS = {
    "HZ_PARTIES": 100_000_000_004_001,
    "HZ_CUST_ACCOUNTS": 100_000_000_007_001,
    "HZ_CUST_ACCT_SITES_ALL": 11_001,
    "HZ_CUST_SITE_USES_ALL": 21_001,
    "HZ_PARTY_SITES": 31_001,
    "HZ_LOCATIONS": 41_001,
    "AP_SUPPLIERS": 501,
    "AP_SUPPLIER_SITES_ALL": 1_501,
    "PO_HEADERS_ALL": 110_001,
    "AP_INVOICES_ALL": 210_001,
    "OE_ORDER_HEADERS_ALL": 310_001,
    "RA_CUSTOMER_TRX_ALL": 410_001,
    "GL_CODE_COMBINATIONS": 12_831,
    "MTL_SYSTEM_ITEMS_B": 149,
}
_USERS = (0, 1318, 1068, 2083)  # FND_USER ids: SYSADMIN and some clerks


def text_of(when: datetime) -> str:
    """Give a DATE as the sandbox keeps it: `2026-11-20T10:11:12`, no zone."""
    return when.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """What was paid of an invoice; `payee` is VENDOR_ID, VENDOR_SITE_ID, ORG_ID and the currency."""

    invoice_id: int
    payee: tuple[int, int, int, str]
    invoiced: datetime
    amount: Decimal


class Sheet:
    """Passes finished rows to `sink(table, row)`; a column that is None or empty is left out."""

    def __init__(self, sink: Callable[[str, Row], None]) -> None:
        self._sink = sink
        self._next: dict[str, int] = {}
        self.paid: list[PaidInvoice] = []
        """Invoices for which checks are still to be written."""

    def next_key(self, table: str) -> int:
        """Give the next surrogate key of a table."""
        key = self._next.get(table) or _FIRST_KEYS.get(table, 5_001)
        self._next[table] = key + 1
        return key

    def add(
        self,
        table: str,
        created: datetime,
        updated: datetime,
        columns: dict[str, Value | None],
    ) -> None:
        """Write one row with its who columns; `updated` is never before `created`."""
        row: Row = {name: value for name, value in columns.items() if value is not None and value != ""}
        writer = _USERS[(created.day + created.minute) % len(_USERS)]
        row["CREATION_DATE"] = text_of(created)
        row["CREATED_BY"] = writer
        row["LAST_UPDATE_DATE"] = text_of(max(created, updated))
        row["LAST_UPDATED_BY"] = writer
        row["LAST_UPDATE_LOGIN"] = 900_000 + updated.hour * 60 + updated.minute
        self._sink(table, row)
