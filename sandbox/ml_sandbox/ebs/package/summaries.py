"""The procedure CUSTOMER_SUMMARIES: open orders, invoices, spend and supplier of a customer account."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

from ml_sandbox.ebs.package.business import Business, record
from ml_sandbox.ebs.package.customers import ACCOUNTS, asked_accounts, existing_accounts
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS, ROWS
from ml_sandbox.ebs.package.documents import Document, Documents
from ml_sandbox.ebs.package.inputs import Key, Reading
from ml_sandbox.ebs.package.judging import PURCHASING, Judging
from ml_sandbox.ebs.package.rates import Rates
from ml_sandbox.ebs.package.reader import Reader, Record
from ml_sandbox.ebs.package.summary_changes import SummaryChanges, summary_tables
from ml_sandbox.ebs.store import Tuple, Value

AMOUNTS = ("OPEN_ORDER_AMOUNT", "OVERDUE_AMOUNT", "BALANCE", "SPEND_LAST_12_MONTHS", "SPEND_TOTAL")
_ORDERS, _INVOICES, _BY_CURRENCY = "X_ORDERS", "X_INVOICES", "X_AMOUNTS"
_EXACT = Context(prec=90)


class Summaries(Business):
    """Summaries by CUST_ACCOUNT_ID, one for every account."""

    def __init__(self, reader: Reader, reading: Reading, judging: Judging) -> None:
        super().__init__(reader, reading)
        self._judging = judging
        self._documents = Documents(reader, judging)
        self.tables = summary_tables(judging)
        currency = judging.currency
        self._rates = Rates(reader, currency, judging.rate_type) if currency else None

    @property
    def options(self) -> tuple[Any, ...]:
        """What decides which customers changed."""
        return (self._judging,)

    def keys(self) -> Sequence[Key]:
        """Give the accounts behind which a row changed or a document passed an edge of a window."""
        asked = asked_accounts(self)
        if asked is not None:
            return asked
        changes = SummaryChanges(self.reader, self._judging)
        changed = self.reading.changed
        return existing_accounts(self, changes.changed(changed.low, changed.high) | changes.crossed())

    def rows(self, keys: Sequence[Key]) -> Mapping[str, Sequence[Tuple]]:
        """Give summaries with their amounts by currency and their documents."""
        found: dict[str, list[Tuple]] = {name: [] for name in (ROWS, _BY_CURRENCY, _ORDERS, _INVOICES)}
        with localcontext(_EXACT):
            for (key,) in keys:
                account = self.reader.one(ACCOUNTS, key)
                if account is not None:
                    self._summarize(account, found)
        return found

    def _summarize(self, account: Record, found: dict[str, list[Tuple]]) -> None:
        documents = list(self._documents.of_account(account))
        failing = {
            (document.kind, document.id)
            for document in documents
            if self._documents.failure(document.kind, document.id) is not None
        }
        counted = [document for document in documents if (document.kind, document.id) not in failing]
        key = account["CUST_ACCOUNT_ID"]
        orders = [document for document in counted if document.is_order]
        recent = [document for document in counted if self._is_recent(document)]
        overdue = [document for document in counted if self._is_overdue(document)]
        changed = max([account.text("LAST_UPDATE_DATE"), *(document.changed for document in documents)])
        values: dict[str, Value] = {
            "CUST_ACCOUNT_ID": key,
            "ACCOUNT_NUMBER": account["ACCOUNT_NUMBER"],
            "STATUS": account["STATUS"],
            "OPEN_ORDER_COUNT": len(orders),
            "RECENT_INVOICE_COUNT": len(recent),
            "OVERDUE_INVOICE_COUNT": len(overdue),
            **self._in_one_currency(counted),
            **self._supplier(account["PARTY_ID"]),
            "EXCLUDED_COUNT": len(failing),
            "LAST_UPDATE_DATE": changed,
        }
        found[ROWS].append(_row(ROWS, values))
        found[_BY_CURRENCY] += self._by_currency(key, counted)
        found[_ORDERS] += [_row(_ORDERS, _order(key, document)) for document in self._listed(orders)]
        listed = {
            (document.kind, document.id): document
            for document in self._listed(recent) + self._listed(overdue)
        }
        found[_INVOICES] += [
            _row(_INVOICES, self._invoice(key, document)) for document in _newest_first(listed.values())
        ]

    def _is_recent(self, document: Document) -> bool:
        return not document.is_order and (document.date or "") > self._judging.recent_after

    def _is_overdue(self, document: Document) -> bool:
        is_due = document.due is not None and document.due < self._judging.as_of
        return not document.is_order and document.balance > 0 and is_due

    def _shares(self, document: Document) -> dict[str, Decimal]:
        """Give what a document adds to each amount."""
        if document.is_order:
            return {"OPEN_ORDER_AMOUNT": document.amount}
        is_young = (document.date or "") > self._judging.year_after
        return {
            "OVERDUE_AMOUNT": document.balance if self._is_overdue(document) else Decimal(0),
            "BALANCE": document.balance,
            "SPEND_LAST_12_MONTHS": document.amount if is_young else Decimal(0),
            "SPEND_TOTAL": document.amount,
        }

    def _in_one_currency(self, counted: Sequence[Document]) -> dict[str, Value]:
        currencies = {document.currency for document in counted}
        if self._rates is None:
            if len(currencies) > 1:
                return {"SUMMARY_CURRENCY": None, **dict.fromkeys(AMOUNTS)}
            return {"SUMMARY_CURRENCY": next(iter(currencies), None), **self._sums(counted)}
        sums: dict[str, Decimal | None] = dict.fromkeys(AMOUNTS, Decimal(0))
        for document in counted:
            for name, share in self._shares(document).items():
                own = self._rates.converted(share, document.currency, document.date)
                before = sums[name]
                sums[name] = None if own is None or before is None else before + own
        return {"SUMMARY_CURRENCY": self._rates.currency, **sums}

    def _sums(self, documents: Iterable[Document]) -> dict[str, Decimal]:
        sums = dict.fromkeys(AMOUNTS, Decimal(0))
        for document in documents:
            for name, share in self._shares(document).items():
                sums[name] += share
        return sums

    def _by_currency(self, key: Value, counted: Sequence[Document]) -> list[Tuple]:
        currencies = sorted({document.currency for document in counted if document.currency})
        return [
            _row(
                _BY_CURRENCY,
                {
                    "CUST_ACCOUNT_ID": key,
                    "CURRENCY_CODE": currency,
                    **self._sums(document for document in counted if document.currency == currency),
                },
            )
            for currency in currencies
        ]

    def _listed(self, documents: Sequence[Document]) -> list[Document]:
        return _newest_first(documents)[: self._judging.document_limit]

    def _invoice(self, key: Value, document: Document) -> dict[str, Value]:
        return {
            "CUST_ACCOUNT_ID": key,
            "ROUTE": document.route,
            "DOCUMENT_ID": document.id,
            "INVOICE_NUMBER": document.number,
            "INVOICE_DATE": document.date,
            "DUE_DATE": document.due,
            "AMOUNT": document.amount,
            "BALANCE": document.balance,
            "CURRENCY_CODE": document.currency,
            "PAYMENT_STATUS": document.status,
            "OVERDUE": "Y" if self._is_overdue(document) else "N",
            "ORG_ID": document.unit,
        }

    def _supplier(self, party_id: Value) -> dict[str, Value]:
        """Give the supplier of a party and its site; active before inactive, then the oldest."""
        values: dict[str, Value] = dict.fromkeys(("SUPPLIER_NUMBER", "SUPPLIER_NAME", "SUPPLIER_SITE"))
        if PURCHASING not in self._judging.routes:
            return values
        vendors = self.reader.having("AP_SUPPLIERS", "PARTY_ID", party_id)
        vendor = min(vendors, key=self._vendor_rank, default=None)
        if vendor is None:
            return values
        sites = self.reader.having("AP_SUPPLIER_SITES_ALL", "VENDOR_ID", vendor["VENDOR_ID"])
        site = min(sites, key=self._site_rank, default=None)
        return {
            "SUPPLIER_NUMBER": vendor["SEGMENT1"],
            "SUPPLIER_NAME": vendor["VENDOR_NAME"],
            "SUPPLIER_SITE": site["VENDOR_SITE_CODE"] if site else None,
        }

    def _has_ended(self, row: Record, column: str) -> bool:
        return row[column] is not None and row.text(column) <= self._judging.as_of

    def _vendor_rank(self, row: Record) -> tuple[Any, ...]:
        return self._has_ended(row, "END_DATE_ACTIVE"), row["VENDOR_ID"]

    def _site_rank(self, row: Record) -> tuple[Any, ...]:
        unusable = row["PURCHASING_SITE_FLAG"] != "Y" or self._has_ended(row, "INACTIVE_DATE")
        return unusable, self.reader.units.preference(row["ORG_ID"]), row["VENDOR_SITE_ID"]


def _row(collection: str, values: Mapping[str, Value]) -> Tuple:
    return record(PACKAGE_OPERATIONS["CUSTOMER_SUMMARIES"], collection, values)


def _newest_first(documents: Iterable[Document]) -> list[Document]:
    """Sort by date, newest first, then by route, then by id, highest first."""
    ordered = sorted(documents, key=lambda document: int(str(document.id)), reverse=True)
    ordered.sort(key=lambda document: document.route)
    return sorted(ordered, key=lambda document: document.date or "", reverse=True)


def _order(key: Value, document: Document) -> dict[str, Value]:
    return {
        "CUST_ACCOUNT_ID": key,
        "ROUTE": document.route,
        "DOCUMENT_ID": document.id,
        "ORDER_NUMBER": document.number,
        "STATUS": document.status,
        "ORDER_DATE": document.date,
        "SHIP_DATE": document.due,
        "AMOUNT": document.amount,
        "CURRENCY_CODE": document.currency,
        "ORG_ID": document.unit,
    }
