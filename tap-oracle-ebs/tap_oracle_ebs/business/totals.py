"""The figures of one customer: counts, lists and sums over its documents."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tap_oracle_ebs.business import days as edges
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.documents import Document
from tap_oracle_ebs.business.numbers import ZERO
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import INVOICES, ORDERS, ROWS, TOTALS
from tap_oracle_ebs.business.rates import Rates
from tap_oracle_ebs.gateway.answers import number_of

Record = dict[str, Any]
Row = Mapping[str, Any]
Convert = Callable[[Decimal, Document], Decimal | None]

SUMS = ("open_order_amount", "overdue_amount", "balance", "spend_last_12_months", "spend_total")


@dataclasses.dataclass(slots=True)
class _Judged:
    """A document with what the day of the run makes of it."""

    document: Document
    is_recent: bool = False
    is_overdue: bool = False
    is_of_year: bool = False

    def shares(self) -> Iterable[tuple[str, Decimal]]:
        """Yield what it adds to which sum."""
        document = self.document
        if document.is_order:
            yield "open_order_amount", document.amount
            return
        yield "balance", document.balance
        yield "spend_total", document.amount
        if self.is_overdue:
            yield "overdue_amount", document.balance
        if self.is_of_year:
            yield "spend_last_12_months", document.amount


class Figures:
    """Counts, lists and sums of one customer; what fails the GL check is only counted as excluded."""

    def __init__(self, documents: Sequence[Document], options: Options, days: Days, rates: Rates) -> None:
        self._options = options
        self._days = days
        self._rates = rates
        self._changes = [document.changed for document in documents if document.changed]
        counted = [document for document in documents if document.failure is None]
        self._excluded = len(documents) - len(counted)
        judged = [self._judged(document) for document in counted]
        self._judged_documents = sorted(judged, key=_newest_first, reverse=True)

    def add_to(
        self, rows: Mapping[str, list[Record]], account: Mapping[str, Any], supplier: Mapping[str, Any]
    ) -> None:
        """Add the rows of an account to those of its batch, by collection."""
        key = account["cust_account_id"]
        found = self._judged_documents
        totals = self._totals()
        currency, sums = self._one_currency(totals)
        rows[ROWS].append(
            {
                "cust_account_id": key,
                "account_number": account["account_number"],
                "status": account["status"],
                "open_order_count": sum(item.document.is_order for item in found),
                "recent_invoice_count": sum(item.is_recent for item in found),
                "overdue_invoice_count": sum(item.is_overdue for item in found),
                **sums,
                "summary_currency": currency,
                **supplier,
                "excluded_count": self._excluded,
                "last_update_date": max([*self._changes, account["changed"] or ""]) or None,
            }
        )
        rows[TOTALS] += [
            {"cust_account_id": key, "currency_code": code, **_numbers(totals[code])}
            for code in sorted(code for code in totals if code is not None)
        ]
        limit = self._options.document_limit
        orders = [item.document for item in found if item.document.is_order]
        rows[ORDERS] += [{"cust_account_id": key, **_order(order)} for order in orders[:limit]]
        rows[INVOICES] += [{"cust_account_id": key, **_invoice(item)} for item in self._listed(limit)]

    def _listed(self, limit: int) -> Iterable[_Judged]:
        """Yield the invoices of both lists, each list cut by itself."""
        recent = overdue = 0
        for item in self._judged_documents:
            recent += item.is_recent
            overdue += item.is_overdue
            if (item.is_recent and recent <= limit) or (item.is_overdue and overdue <= limit):
                yield item

    def _judged(self, document: Document) -> _Judged:
        if document.is_order:
            return _Judged(document)
        days = self._days
        date = days.local(document.date) if document.date else None
        due = days.local(document.due) if document.due else None
        return _Judged(
            document,
            is_recent=date is not None and date > edges.days_ago(self._options.recent_days, days.as_of),
            is_overdue=document.balance > ZERO and due is not None and due < days.midnight,
            is_of_year=date is not None and date > edges.a_year_ago(days.as_of),
        )

    def _totals(self) -> dict[str | None, dict[str, Decimal]]:
        """Return the sums by currency, over documents that count."""
        totals: dict[str | None, dict[str, Decimal]] = {}
        for item in self._judged_documents:
            sums = totals.setdefault(item.document.currency, dict.fromkeys(SUMS, ZERO))
            for name, amount in item.shares():
                sums[name] += amount
        return totals

    def _one_currency(
        self, totals: Mapping[str | None, Mapping[str, Decimal]]
    ) -> tuple[str | None, Mapping[str, Any]]:
        """Return the one currency and the sums in it; a sum is null where a rate that it needs is missing."""
        wanted = self._options.currency
        if wanted is not None:
            return wanted, self._converted()
        if len(totals) > 1:
            return None, dict.fromkeys(SUMS)
        for currency, sums in totals.items():
            return currency, _numbers(sums)
        return None, _numbers(dict.fromkeys(SUMS, ZERO))

    def _converted(self) -> Mapping[str, Any]:
        sums: dict[str, Decimal | None] = dict.fromkeys(SUMS, ZERO)
        for item in self._judged_documents:
            document = item.document
            for name, amount in item.shares():
                known = sums[name]
                share = self._rates.converted(amount, document.currency, document.date)
                sums[name] = None if known is None or share is None else known + share
        return _numbers(sums)


def _newest_first(item: _Judged) -> tuple[Any, ...]:
    document = item.document
    return document.date or "", _reversed(document.route), document.id


def _reversed(route: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in route)


def _numbers(sums: Mapping[str, Decimal | None]) -> Record:
    return {name: number_of(value) for name, value in sums.items()}


def _order(document: Document) -> Record:
    return {
        "route": document.route,
        "document_id": document.id,
        "order_number": document.number,
        "status": document.status,
        "order_date": document.date,
        "ship_date": document.due,
        "amount": number_of(document.amount),
        "currency_code": document.currency,
        "org_id": document.org_id,
    }


def _invoice(item: _Judged) -> Record:
    document = item.document
    return {
        "route": document.route,
        "document_id": document.id,
        "invoice_number": document.number,
        "invoice_date": document.date,
        "due_date": document.due,
        "amount": number_of(document.amount),
        "balance": number_of(document.balance),
        "currency_code": document.currency,
        "payment_status": document.status,
        "overdue": "Y" if item.is_overdue else "N",
        "org_id": document.org_id,
    }
