"""Supplier invoices: header, lines, distributions, payment schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from ml_sandbox.data.business import Order
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows.foundation import AP_TERMS_DAYS, RATES, Foundation
from ml_sandbox.data.ebs_rows.sheet import PaidInvoice, Sheet, Value, text_of
from ml_sandbox.data.ebs_rows.suppliers import SupplierKeys

_SET_OF_BOOKS = 1


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One invoice line and the account it is charged to; keys are None when no PO is behind it."""

    amount: Decimal
    account: int
    line_location_id: int | None = None
    po_distribution_id: int | None = None
    kind: str = "ITEM"

    @property
    def purchase_keys(self) -> tuple[int | None, int | None]:
        """LINE_LOCATION_ID and PO_DISTRIBUTION_ID."""
        return self.line_location_id, self.po_distribution_id


def write_invoice(
    sheet: Sheet,
    order: Order,
    supplier: SupplierKeys,
    billed: Sequence[BilledLine],
    foundation: Foundation,
    draw: Draw,
) -> int:
    """Write the supplier's invoice for a delivered order; give INVOICE_ID."""
    lines = list(billed)
    if order.freight:
        lines.append(BilledLine(order.freight, foundation.expense[0], kind="FREIGHT"))
    payment = _payment(sum((line.amount for line in lines), Decimal(0)), draw)
    invoice_id = _write_header(sheet, order, supplier, payment, foundation.payables)
    if payment.paid:
        payee = supplier.vendor_id, supplier.sites[order.organization], order.organization, order.currency
        sheet.paid.append(PaidInvoice(invoice_id, payee, order.updated, payment.paid))
    matched = None if draw.chance(0.05) else "A"
    for number, line in enumerate(lines, 1):
        _write_line(sheet, order, invoice_id, number, line, matched)
    columns: dict[str, Value | None] = {
        "INVOICE_ID": invoice_id,
        "PAYMENT_NUM": 1,
        "DUE_DATE": text_of(order.updated + timedelta(days=AP_TERMS_DAYS[supplier.terms_id])),
        "GROSS_AMOUNT": payment.amount,
        "AMOUNT_REMAINING": payment.amount - payment.paid,
        "HOLD_FLAG": "Y" if draw.chance(0.02) else "N",
        "PAYMENT_STATUS_FLAG": payment.flag,
        "ORG_ID": order.organization,
    }
    sheet.add("AP_PAYMENT_SCHEDULES_ALL", order.updated, order.updated, columns)
    return invoice_id


@dataclass(frozen=True, slots=True)
class _Payment:
    amount: Decimal
    paid: Decimal
    flag: str


def _write_header(sheet: Sheet, order: Order, supplier: SupplierKeys, payment: _Payment, account: int) -> int:
    amount, invoiced = payment.amount, order.updated
    invoice_id = sheet.next_key("AP_INVOICES_ALL")
    rate = RATES.get(order.currency)
    columns: dict[str, Value | None] = {
        "INVOICE_ID": invoice_id,
        "INVOICE_NUM": f"INV-{order.number}",
        "VENDOR_ID": supplier.vendor_id,
        "VENDOR_SITE_ID": supplier.sites[order.organization],
        "PARTY_ID": supplier.party_id,
        "INVOICE_DATE": text_of(invoiced),
        "INVOICE_TYPE_LOOKUP_CODE": "STANDARD",
        "INVOICE_AMOUNT": amount,
        "INVOICE_CURRENCY_CODE": order.currency,
        "AMOUNT_PAID": payment.paid,
        "EXCHANGE_RATE": rate,
        "BASE_AMOUNT": (amount * rate).quantize(Decimal("0.01")) if rate else None,
        "PAYMENT_STATUS_FLAG": payment.flag,
        "TERMS_ID": supplier.terms_id,
        "TERMS_DATE": text_of(invoiced),
        "GL_DATE": text_of(invoiced),
        "DESCRIPTION": f"Order {order.number}",
        "ACCTS_PAY_CODE_COMBINATION_ID": account,
        "SET_OF_BOOKS_ID": _SET_OF_BOOKS,
        "ORG_ID": order.organization,
    }
    sheet.add("AP_INVOICES_ALL", invoiced, invoiced, columns)
    return invoice_id


def _payment(amount: Decimal, draw: Draw) -> _Payment:
    if draw.chance(0.7):
        return _Payment(amount, amount, "Y")
    if draw.chance(0.2):
        return _Payment(amount, (amount / 2).quantize(Decimal("0.01")), "P")
    return _Payment(amount, Decimal(0), "N")


def _write_line(
    sheet: Sheet, order: Order, invoice_id: int, number: int, line: BilledLine, matched: str | None
) -> None:
    when = order.updated
    columns: dict[str, Value | None] = {
        "INVOICE_ID": invoice_id,
        "LINE_NUMBER": number,
        "AMOUNT": line.amount,
        "LINE_TYPE_LOOKUP_CODE": line.kind,
        "PO_LINE_LOCATION_ID": line.line_location_id,
        "DISCARDED_FLAG": "N",
        "ORG_ID": order.organization,
    }
    sheet.add("AP_INVOICE_LINES_ALL", when, when, columns)
    columns = {
        "INVOICE_DISTRIBUTION_ID": sheet.next_key("AP_INVOICE_DISTRIBUTIONS_ALL"),
        "INVOICE_ID": invoice_id,
        "INVOICE_LINE_NUMBER": number,
        "DIST_CODE_COMBINATION_ID": line.account,
        "PO_DISTRIBUTION_ID": line.po_distribution_id,
        "AMOUNT": line.amount,
        "LINE_TYPE_LOOKUP_CODE": line.kind,
        "MATCH_STATUS_FLAG": matched,
        "ACCOUNTING_DATE": text_of(when),
        "REVERSAL_FLAG": "N",
        "ORG_ID": order.organization,
    }
    sheet.add("AP_INVOICE_DISTRIBUTIONS_ALL", when, when, columns)
