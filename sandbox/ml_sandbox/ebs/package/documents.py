"""Documents of customers: open orders and invoices, with the accounts that they are judged by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ml_sandbox.ebs.package import accounts
from ml_sandbox.ebs.package.judging import ORDER_MANAGEMENT, PURCHASING, Judging, decimal_of
from ml_sandbox.ebs.package.reader import Reader, Record
from ml_sandbox.ebs.store import Value

PURCHASE_ORDER, SUPPLIER_INVOICE = "purchase_order", "supplier_invoice"
SALES_ORDER, RECEIVABLE, SITE_USE = "sales_order", "receivable", "site_use"
_CLOSED = ("CLOSED", "FINALLY CLOSED")
_RECEIVABLE_CLASSES = ("INV", "DM", "CM", "CB")
_PAYMENT_STATUSES = {"N": "unpaid", "P": "partial", "Y": "paid"}
_GL_COLUMNS = ("GL_ID_REC", "GL_ID_REV")


@dataclass(frozen=True, slots=True)
class Failure:
    """An account that a document cannot be posted to, on the line that fails first."""

    line_id: Value
    account_id: Value
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """An open order or an invoice, as summaries count it.

    `due` is the ship date of an order, `status` the payment status of an invoice; an order has no balance.
    """

    kind: str
    route: str
    id: Value
    number: Value
    status: str | None
    date: str | None
    due: str | None
    amount: Decimal
    balance: Decimal
    currency: str | None
    unit: Value
    changed: str

    @property
    def is_order(self) -> bool:
        """Whether it is an order, not an invoice."""
        return self.kind in {PURCHASE_ORDER, SALES_ORDER}


@dataclass(frozen=True, slots=True)
class Documents:
    """Finds the documents of customers and judges them."""

    reader: Reader
    judging: Judging

    def of_account(self, account: Record) -> Iterator[Document]:
        """Give the documents that count for an account, each once, judged or not."""
        if PURCHASING in self.judging.routes:
            yield from self._purchasing(account["PARTY_ID"])
        if ORDER_MANAGEMENT in self.judging.routes:
            key = account["CUST_ACCOUNT_ID"]
            orders = self.reader.having("OE_ORDER_HEADERS_ALL", "SOLD_TO_ORG_ID", key)
            yield from filter(None, map(self.sales_order, orders))
            transactions = self.reader.having("RA_CUSTOMER_TRX_ALL", "BILL_TO_CUSTOMER_ID", key)
            yield from filter(None, map(self.receivable, transactions))

    def _purchasing(self, party_id: Value) -> Iterator[Document]:
        vendors = [row["VENDOR_ID"] for row in self.reader.having("AP_SUPPLIERS", "PARTY_ID", party_id)]
        headers = self.reader.having("PO_HEADERS_ALL", "VENDOR_ID", *vendors)
        yield from filter(None, map(self.purchase_order, headers))
        yield from filter(None, map(self.supplier_invoice, self.invoices_of(party_id, vendors)))

    def invoices_of(self, party_id: Value, vendors: Iterable[Value]) -> list[Record]:
        """Give the supplier invoices of a party: by their own party, else by their supplier's."""
        own = self.reader.having("AP_INVOICES_ALL", "PARTY_ID", party_id)
        bare = self.reader.having("AP_INVOICES_ALL", "VENDOR_ID", *vendors)
        return own + [row for row in bare if row["PARTY_ID"] is None]

    def purchase_order(self, header: Record) -> Document | None:
        """Give a purchase order; None when it is not open."""
        judging = self.judging
        if (
            header["TYPE_LOOKUP_CODE"] not in judging.po_types
            or header["CANCEL_FLAG"] == "Y"
            or header["CLOSED_CODE"] in _CLOSED
            or header["AUTHORIZATION_STATUS"] not in judging.po_statuses
        ):
            return None
        amount, ship = Decimal(0), []
        lines = {
            line["PO_LINE_ID"]: line["UNIT_PRICE"]
            for line in self.reader.having("PO_LINES_ALL", "PO_HEADER_ID", header["PO_HEADER_ID"])
            if line["CANCEL_FLAG"] != "Y"
        }
        for shipment in self.reader.having("PO_LINE_LOCATIONS_ALL", "PO_LINE_ID", *lines):
            quantity = decimal_of(shipment["QUANTITY"]) - decimal_of(shipment["QUANTITY_CANCELLED"])
            price = shipment["PRICE_OVERRIDE"]
            amount += quantity * decimal_of(lines[shipment["PO_LINE_ID"]] if price is None else price)
            ship.append(shipment.text("PROMISED_DATE") or shipment.text("NEED_BY_DATE"))
        return _order(PURCHASE_ORDER, PURCHASING, header, _PO_NAMES, amount, ship)

    def sales_order(self, header: Record) -> Document | None:
        """Give a sales order; None when it is not open."""
        if header["OPEN_FLAG"] != "Y" or header["CANCELLED_FLAG"] == "Y":
            return None
        amount, ship = Decimal(0), []
        for line in self.reader.having("OE_ORDER_LINES_ALL", "HEADER_ID", header["HEADER_ID"]):
            if line["CANCELLED_FLAG"] != "Y":
                amount += decimal_of(line["ORDERED_QUANTITY"]) * decimal_of(line["UNIT_SELLING_PRICE"])
                ship.append(line.text("ACTUAL_SHIPMENT_DATE") or line.text("SCHEDULE_SHIP_DATE"))
        return _order(SALES_ORDER, ORDER_MANAGEMENT, header, _OE_NAMES, amount, ship)

    def supplier_invoice(self, header: Record) -> Document | None:
        """Give a supplier invoice; None when it is cancelled."""
        if header["CANCELLED_DATE"] is not None:
            return None
        schedules = self.reader.having("AP_PAYMENT_SCHEDULES_ALL", "INVOICE_ID", header["INVOICE_ID"])
        balance, due = _owed(schedules, "AMOUNT_REMAINING")
        return Document(
            SUPPLIER_INVOICE,
            PURCHASING,
            header["INVOICE_ID"],
            header["INVOICE_NUM"],
            _PAYMENT_STATUSES.get(header.text("PAYMENT_STATUS_FLAG")),
            header.text("INVOICE_DATE") or None,
            due,
            decimal_of(header["INVOICE_AMOUNT"]),
            balance,
            header.text("INVOICE_CURRENCY_CODE") or None,
            header["ORG_ID"],
            header.text("LAST_UPDATE_DATE"),
        )

    def receivable(self, header: Record) -> Document | None:
        """Give a receivables transaction; None when it has no schedule that counts."""
        schedules = self._receivable_schedules(header["CUSTOMER_TRX_ID"])
        if not schedules:
            return None
        balance, due = _owed(schedules, "AMOUNT_DUE_REMAINING")
        amount = sum((decimal_of(row["AMOUNT_DUE_ORIGINAL"]) for row in schedules), Decimal(0))
        status = "paid" if balance == 0 else "unpaid" if balance == amount else "partial"
        return Document(
            RECEIVABLE,
            ORDER_MANAGEMENT,
            header["CUSTOMER_TRX_ID"],
            header["TRX_NUMBER"],
            status,
            header.text("TRX_DATE") or None,
            due,
            amount,
            balance,
            header.text("INVOICE_CURRENCY_CODE") or None,
            header["ORG_ID"],
            header.text("LAST_UPDATE_DATE"),
        )

    def _receivable_schedules(self, transaction_id: Value) -> list[Record]:
        return [
            row
            for row in self.reader.having("AR_PAYMENT_SCHEDULES_ALL", "CUSTOMER_TRX_ID", transaction_id)
            if int(row.text("PAYMENT_SCHEDULE_ID")) > 0 and row["CLASS"] in _RECEIVABLE_CLASSES
        ]

    def failure(self, kind: str, key: Value) -> Failure | None:
        """Give the first account of a document that cannot be posted to; None without the GL check."""
        if not self.judging.validate_gl:
            return None
        judged = (self._judged(*line) for line in sorted(self._lines(kind, key), key=_by_id))
        return next(filter(None, judged), None)

    def judged_rows(self, kind: str, key: Value) -> Iterator[Record]:
        """Give the rows that a document is judged by: its lines or site uses, and their accounts."""
        table = {PURCHASE_ORDER: "PO_DISTRIBUTIONS_ALL", SUPPLIER_INVOICE: "AP_INVOICE_DISTRIBUTIONS_ALL"}
        for line_id, account_ids, _ in self._lines(kind, key):
            rows = [self.reader.one(table.get(kind, "HZ_CUST_SITE_USES_ALL"), line_id)]
            rows += [self.reader.one(accounts.TABLE, account_id) for account_id in account_ids]
            yield from filter(None, rows)

    def _judged(self, line_id: Value, account_ids: tuple[Value, ...], date: str) -> Failure | None:
        for account_id in account_ids:
            reason = None if account_id is None else accounts.refusal(self.reader, account_id, date)
            if reason is not None:
                return Failure(line_id, account_id, f"account {account_id} {reason}")
        return None

    def _lines(self, kind: str, key: Value) -> Iterator[tuple[Value, tuple[Value, ...], str]]:
        """Give what a document is judged by: id, accounts in order, date."""
        reader, as_of = self.reader, self.judging.as_of
        if kind == PURCHASE_ORDER:
            for row in reader.having("PO_DISTRIBUTIONS_ALL", "PO_HEADER_ID", key):
                yield row["PO_DISTRIBUTION_ID"], (row["CODE_COMBINATION_ID"],), as_of
        elif kind == SUPPLIER_INVOICE:
            invoice = reader.one("AP_INVOICES_ALL", key)
            dated = invoice.text("INVOICE_DATE") if invoice else ""
            for row in reader.having("AP_INVOICE_DISTRIBUTIONS_ALL", "INVOICE_ID", key):
                date = row.text("ACCOUNTING_DATE") or dated or as_of
                yield row["INVOICE_DISTRIBUTION_ID"], (row["DIST_CODE_COMBINATION_ID"],), date
        else:
            for use in filter(
                None, (reader.one("HZ_CUST_SITE_USES_ALL", use) for use in self._uses(kind, key))
            ):
                yield use["SITE_USE_ID"], tuple(use[column] for column in _GL_COLUMNS), as_of

    def _uses(self, kind: str, key: Value) -> set[Value]:
        """Give the site uses that a document is billed to."""
        if kind == SITE_USE:
            return {key}
        if kind == SALES_ORDER:
            header = self.reader.one("OE_ORDER_HEADERS_ALL", key)
            return {header["INVOICE_TO_ORG_ID"]} if header else set()
        return {row["CUSTOMER_SITE_USE_ID"] for row in self._receivable_schedules(key)}


def _by_id(line: tuple[Value, tuple[Value, ...], str]) -> int:
    return int(str(line[0]))


_PO_NAMES = ("PO_HEADER_ID", "SEGMENT1", "AUTHORIZATION_STATUS", "CREATION_DATE", "CURRENCY_CODE")
_OE_NAMES = ("HEADER_ID", "ORDER_NUMBER", "FLOW_STATUS_CODE", "ORDERED_DATE", "TRANSACTIONAL_CURR_CODE")


def _order(
    kind: str, route: str, header: Record, names: tuple[str, ...], amount: Decimal, ship: list[str]
) -> Document:
    key, number, status, date, currency = names
    return Document(
        kind,
        route,
        header[key],
        header[number],
        header.text(status) or None,
        header.text(date) or None,
        min(filter(None, ship), default=None),
        amount,
        Decimal(0),
        header.text(currency) or None,
        header["ORG_ID"],
        header.text("LAST_UPDATE_DATE"),
    )


def _owed(schedules: Iterable[Record], column: str) -> tuple[Decimal, str | None]:
    """Give what is owed, and when: the earliest date of what remains, else the last one."""
    rows = [(decimal_of(row[column]), row.text("DUE_DATE")) for row in schedules]
    remaining = [date for amount, date in rows if amount != 0 and date]
    balance = sum((amount for amount, _ in rows), Decimal(0))
    if any(amount != 0 for amount, _ in rows):
        return balance, min(remaining, default=None)
    return balance, max((date for _, date in rows if date), default=None)
