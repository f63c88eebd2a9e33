"""The procedure CUSTOMER_EXCLUSIONS: documents and site uses that the GL check leaves out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_sandbox.ebs.package.business import Business, record
from ml_sandbox.ebs.package.customers import ACCOUNTS, newest
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS, ROWS
from ml_sandbox.ebs.package.documents import (
    PURCHASE_ORDER,
    RECEIVABLE,
    SALES_ORDER,
    SITE_USE,
    SUPPLIER_INVOICE,
    Document,
    Documents,
    Failure,
)
from ml_sandbox.ebs.package.inputs import Key, Reading
from ml_sandbox.ebs.package.judging import ORDER_MANAGEMENT, PURCHASING, Judging
from ml_sandbox.ebs.package.reader import Reader, Record
from ml_sandbox.ebs.package.summary_changes import GL, crossing_accounts
from ml_sandbox.ebs.package.walks import Walk, changed_targets, walks
from ml_sandbox.ebs.store import Tuple, Value

USES, SITES = "HZ_CUST_SITE_USES_ALL", "HZ_CUST_ACCT_SITES_ALL"
_GL_USES = tuple(
    f"GL_CODE_COMBINATIONS CODE_COMBINATION_ID > HZ_CUST_SITE_USES_ALL.{column} SITE_USE_ID"
    for column in ("GL_ID_REC", "GL_ID_REV")
)
_TO_SALE = " > OE_ORDER_HEADERS_ALL.INVOICE_TO_ORG_ID HEADER_ID"
_TO_TRANSACTION = " > AR_PAYMENT_SCHEDULES_ALL.CUSTOMER_SITE_USE_ID CUSTOMER_TRX_ID"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of document: its header table, names of its number, and the chains that lead to its id."""

    table: str
    key: str
    number: str
    chains: tuple[Walk, ...]


KINDS = {
    PURCHASE_ORDER: _Kind(
        "PO_HEADERS_ALL",
        "PO_HEADER_ID",
        "SEGMENT1",
        walks(
            "PO_HEADERS_ALL PO_HEADER_ID",
            "PO_DISTRIBUTIONS_ALL PO_HEADER_ID",
            "GL_CODE_COMBINATIONS CODE_COMBINATION_ID"
            " > PO_DISTRIBUTIONS_ALL.CODE_COMBINATION_ID PO_HEADER_ID",
        ),
    ),
    SUPPLIER_INVOICE: _Kind(
        "AP_INVOICES_ALL",
        "INVOICE_ID",
        "INVOICE_NUM",
        walks(
            "AP_INVOICES_ALL INVOICE_ID",
            "AP_INVOICE_DISTRIBUTIONS_ALL INVOICE_ID",
            "GL_CODE_COMBINATIONS CODE_COMBINATION_ID"
            " > AP_INVOICE_DISTRIBUTIONS_ALL.DIST_CODE_COMBINATION_ID INVOICE_ID",
        ),
    ),
    SALES_ORDER: _Kind(
        "OE_ORDER_HEADERS_ALL",
        "HEADER_ID",
        "ORDER_NUMBER",
        walks(
            "OE_ORDER_HEADERS_ALL HEADER_ID",
            "HZ_CUST_SITE_USES_ALL SITE_USE_ID" + _TO_SALE,
            *(start + _TO_SALE for start in _GL_USES),
        ),
    ),
    RECEIVABLE: _Kind(
        "RA_CUSTOMER_TRX_ALL",
        "CUSTOMER_TRX_ID",
        "TRX_NUMBER",
        walks(
            "RA_CUSTOMER_TRX_ALL CUSTOMER_TRX_ID",
            "AR_PAYMENT_SCHEDULES_ALL CUSTOMER_TRX_ID",
            "HZ_CUST_SITE_USES_ALL SITE_USE_ID" + _TO_TRANSACTION,
            *(start + _TO_TRANSACTION for start in _GL_USES),
        ),
    ),
    SITE_USE: _Kind(
        USES,
        "SITE_USE_ID",
        "LOCATION",
        walks(
            "HZ_CUST_SITE_USES_ALL SITE_USE_ID",
            "HZ_CUST_ACCT_SITES_ALL CUST_ACCT_SITE_ID > HZ_CUST_SITE_USES_ALL.CUST_ACCT_SITE_ID SITE_USE_ID",
            *_GL_USES,
        ),
    ),
}
_OF_ROUTE = {
    PURCHASING: (PURCHASE_ORDER, SUPPLIER_INVOICE),
    ORDER_MANAGEMENT: (SALES_ORDER, RECEIVABLE),
}
# Accounts of supplier invoices are judged on their own dates, which no day that goes by changes.
_JUDGED_TODAY = (PURCHASE_ORDER, SALES_ORDER, RECEIVABLE, SITE_USE)


class Exclusions(Business):
    """Documents by DOCUMENT_TYPE and DOCUMENT_ID."""

    def __init__(self, reader: Reader, reading: Reading, judging: Judging) -> None:
        super().__init__(reader, reading)
        self._judging = judging
        self._documents = Documents(reader, judging)
        found = [kind for route in judging.routes for kind in _OF_ROUTE[route]]
        self._kinds = (*found, SITE_USE) if judging.validate_gl else ()
        tables = [chain.table for kind in self._kinds for chain in KINDS[kind].chains]
        more = ("AP_SUPPLIERS", "AP_PAYMENT_SCHEDULES_ALL", ACCOUNTS, SITES)
        self.tables = tuple(dict.fromkeys([*tables, *more]))

    @property
    def options(self) -> tuple[Any, ...]:
        """What decides which documents are judged."""
        return (self._judging,)

    def keys(self) -> Sequence[Key]:
        """Give the documents that are judged anew; of a first load those that fail."""
        reading = self.reading
        is_first = reading.keys is None and reading.changed.low is None
        found: list[Key] = []
        for kind in self._kinds:
            ids = self._of_accounts(kind) if reading.keys is not None else self._touched(kind)
            asked = (key for key in ids if self._is_asked(kind, key, failing_only=is_first))
            found += [(kind, int(str(key))) for key in asked]
        return sorted(found)

    def _touched(self, kind: str) -> set[Value]:
        """Give the documents behind whose accounts a row changed, or an account began or ended."""
        changed, chains = self.reading.changed, KINDS[kind].chains
        found = changed_targets(self.reader, chains, changed.low, changed.high)
        if self._judging.crossed is not None and kind in _JUDGED_TODAY:
            rows = crossing_accounts(self.reader, *self._judging.crossed)
            for chain in chains:
                if chain.table == GL:
                    found |= chain.targets(self.reader, rows)
        return found

    def _of_accounts(self, kind: str) -> set[Value]:
        """Give the documents of the accounts of P_KEYS."""
        reader, accounts = self.reader, [key[0] for key in self.reading.keys or ()]
        parties = {
            account["PARTY_ID"] for account in filter(None, (reader.one(ACCOUNTS, key) for key in accounts))
        }
        vendors = [row["VENDOR_ID"] for row in reader.having("AP_SUPPLIERS", "PARTY_ID", *parties)]
        sites = [row["CUST_ACCT_SITE_ID"] for row in reader.having(SITES, "CUST_ACCOUNT_ID", *accounts)]
        if kind == SUPPLIER_INVOICE:
            invoices = (self._documents.invoices_of(party, vendors) for party in parties)
            return {row["INVOICE_ID"] for found in invoices for row in found}
        asked: dict[str, tuple[str, Sequence[Value]]] = {
            PURCHASE_ORDER: ("VENDOR_ID", vendors),
            SALES_ORDER: ("SOLD_TO_ORG_ID", accounts),
            RECEIVABLE: ("BILL_TO_CUSTOMER_ID", accounts),
            SITE_USE: ("CUST_ACCT_SITE_ID", sites),
        }
        column, values = asked[kind]
        shape = KINDS[kind]
        return {row[shape.key] for row in reader.having(shape.table, column, *values)}

    def _is_asked(self, kind: str, key: Value, *, failing_only: bool) -> bool:
        header = self.reader.one(KINDS[kind].table, key)
        if header is None or not self.reader.units.shows(header["ORG_ID"]):
            return False
        if failing_only and self._failure(kind, header) is None:
            return False
        return self._account(kind, header) is not None

    def _failure(self, kind: str, header: Record) -> Failure | None:
        """Judge a document; one that no longer counts has nothing to fail by."""
        counts: Document | Record | None
        if kind == PURCHASE_ORDER:
            counts = self._documents.purchase_order(header)
        elif kind == SUPPLIER_INVOICE:
            counts = self._documents.supplier_invoice(header)
        elif kind == SALES_ORDER:
            counts = self._documents.sales_order(header)
        else:
            counts = self._documents.receivable(header) if kind == RECEIVABLE else header
        return None if counts is None else self._documents.failure(kind, header[KINDS[kind].key])

    def _account(self, kind: str, header: Record) -> Record | None:
        """Give the lowest account that a document concerns."""
        reader = self.reader
        if kind in {PURCHASE_ORDER, SUPPLIER_INVOICE}:
            party = header["PARTY_ID"] if kind == SUPPLIER_INVOICE else None
            if party is None:
                vendor = reader.one("AP_SUPPLIERS", header["VENDOR_ID"])
                party = vendor["PARTY_ID"] if vendor else None
            found: Iterable[Record | None] = reader.having(ACCOUNTS, "PARTY_ID", party)
        elif kind == SITE_USE:
            site = reader.one(SITES, header["CUST_ACCT_SITE_ID"])
            found = [reader.one(ACCOUNTS, site["CUST_ACCOUNT_ID"] if site else None)]
        else:
            column = "SOLD_TO_ORG_ID" if kind == SALES_ORDER else "BILL_TO_CUSTOMER_ID"
            found = [reader.one(ACCOUNTS, header[column])]
        return min(filter(None, found), key=lambda row: int(row.text("CUST_ACCOUNT_ID")), default=None)

    def rows(self, keys: Sequence[Key]) -> Mapping[str, Sequence[Tuple]]:
        """Give documents with the reason for which they fail, or as valid."""
        rows = []
        for kind, key in keys:
            header = self.reader.one(KINDS[str(kind)].table, key)
            if header is not None:
                rows.append(self._row(str(kind), header))
        return {ROWS: rows}

    def _row(self, kind: str, header: Record) -> Tuple:
        account, failure = self._account(kind, header), self._failure(kind, header)
        shape = KINDS[kind]
        values: dict[str, Value] = {
            "DOCUMENT_TYPE": kind,
            "DOCUMENT_ID": header[shape.key],
            "DOCUMENT_NUMBER": header[shape.number],
            "ORG_ID": header["ORG_ID"],
            "CUST_ACCOUNT_ID": account["CUST_ACCOUNT_ID"] if account else None,
            "ACCOUNT_NUMBER": account["ACCOUNT_NUMBER"] if account else None,
            "LINE_ID": failure.line_id if failure else None,
            "CODE_COMBINATION_ID": failure.account_id if failure else None,
            "REASON": failure.reason if failure else None,
            "VALID": "N" if failure else "Y",
            "LAST_UPDATE_DATE": self._changed(kind, header),
        }
        return record(PACKAGE_OPERATIONS["CUSTOMER_EXCLUSIONS"], ROWS, values)

    def _changed(self, kind: str, header: Record) -> str | None:
        """Give the newest change of a document, its lines and their accounts."""
        return newest([header, *self._documents.judged_rows(kind, header[KINDS[kind].key])])
