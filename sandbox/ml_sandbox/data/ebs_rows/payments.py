"""Checks, and the invoices that each of them pays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows.sheet import PaidInvoice, Sheet, Value, text_of

_FIRST_CHECK_NUMBER = 60_001
_CLEARED_AFTER = timedelta(days=30)
_LATEST = timedelta(minutes=30)


def write_payments(sheet: Sheet, draw: Draw, newest: datetime) -> None:
    """Write checks for what the invoices say is paid: one to three invoices of a supplier site each.

    The first check, and a few more, are voided and issued anew: each of their payments has its reversal.
    """
    writer = _Payments(sheet, newest - _LATEST)
    groups: dict[tuple[int, int, int, str], list[PaidInvoice]] = {}
    for paid in sheet.paid:
        groups.setdefault(paid.payee, []).append(paid)
    is_first = True
    for invoices in groups.values():
        while invoices:
            count = draw.between(1, 3)
            together, invoices = invoices[:count], invoices[count:]
            due = max(paid.invoiced for paid in together) + timedelta(days=draw.between(1, 20))
            if draw.chance(0.02) or is_first:
                due = writer.write_voided(together, due, timedelta(days=draw.between(2, 9)))
            writer.write(together, due)
            is_first = False


class _Payments:
    """Writes checks with rising numbers; nothing happens after `latest`."""

    def __init__(self, sheet: Sheet, latest: datetime) -> None:
        self._sheet = sheet
        self._latest = latest
        self._number = _FIRST_CHECK_NUMBER

    def write(self, invoices: Sequence[PaidInvoice], due: datetime) -> None:
        """Write a check that stands."""
        when = min(due, self._latest)
        cleared = self._latest - when > _CLEARED_AFTER
        check = self._write_check(
            invoices, when, when, {"STATUS_LOOKUP_CODE": "CLEARED" if cleared else "NEGOTIABLE"}
        )
        for paid in invoices:
            self._write_payment(paid, check, when, paid.amount, "N")

    def write_voided(self, invoices: Sequence[PaidInvoice], due: datetime, delay: timedelta) -> datetime:
        """Write a check that was voided, and give the time of that."""
        when = min(due, self._latest)
        void = min(when + delay, self._latest)
        status: dict[str, Value | None] = {"STATUS_LOOKUP_CODE": "VOIDED", "VOID_DATE": text_of(void)}
        check = self._write_check(invoices, when, void, status)
        for paid in invoices:
            self._write_payment(paid, check, when, paid.amount, "Y")
            self._write_payment(paid, check, void, -paid.amount, "Y")
        return void

    def _write_check(
        self,
        invoices: Sequence[PaidInvoice],
        when: datetime,
        updated: datetime,
        status: dict[str, Value | None],
    ) -> int:
        vendor_id, site_id, organization, currency = invoices[0].payee
        check_id = self._sheet.next_key("AP_CHECKS_ALL")
        columns: dict[str, Value | None] = {
            "CHECK_ID": check_id,
            "CHECK_NUMBER": self._number,
            "CHECK_DATE": text_of(when),
            "AMOUNT": sum((paid.amount for paid in invoices), Decimal(0)),
            "CURRENCY_CODE": currency,
            "VENDOR_ID": vendor_id,
            "VENDOR_SITE_ID": site_id,
            "ORG_ID": organization,
        }
        self._number += 1
        self._sheet.add("AP_CHECKS_ALL", when, updated, columns | status)
        return check_id

    def _write_payment(
        self, paid: PaidInvoice, check_id: int, when: datetime, amount: Decimal, reversal: str
    ) -> None:
        columns: dict[str, Value | None] = {
            "INVOICE_PAYMENT_ID": self._sheet.next_key("AP_INVOICE_PAYMENTS_ALL"),
            "INVOICE_ID": paid.invoice_id,
            "CHECK_ID": check_id,
            "PAYMENT_NUM": 1,
            "AMOUNT": amount,
            "ACCOUNTING_DATE": text_of(when),
            "REVERSAL_FLAG": reversal,
            "ORG_ID": paid.payee[2],
        }
        self._sheet.add("AP_INVOICE_PAYMENTS_ALL", when, when, columns)
