"""Documents of customers: orders and invoices of either route, in one form."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Self

from tap_oracle_ebs.business.accounts import Failure, first_failure
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.numbers import ZERO, exact
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import grouped

Row = Mapping[str, Any]
Select = Callable[[str, Mapping[str, Any]], Iterator[dict[str, Any]]]
"""Yields the rows of a query with named parameters."""

ACCOUNTS = "HZ_CUST_ACCOUNTS"
PURCHASE_ORDER, SUPPLIER_INVOICE = "purchase_order", "supplier_invoice"
SALES_ORDER, RECEIVABLE, SITE_USE = "sales_order", "receivable", "site_use"

GIVEN_IDS = "(SELECT value FROM json_each(:ids))"
"""The ids of some documents, as a table of SQL."""


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """An order or an invoice. Dates are those of rows, in UTC; `due` of an order is its ship date.

    `owner`: the party of a document of purchasing, the account of one of order management.
    """

    owner: int
    route: str
    id: int
    number: str | None
    status: str | None
    date: str | None
    due: str | None
    amount: Decimal
    balance: Decimal
    currency: str | None
    org_id: int | None
    changed: str | None
    is_order: bool
    failure: Failure | None = None

    @classmethod
    def of(
        cls,
        row: Row,
        route: str,
        due: str | None,
        amount: Decimal,
        failure: Failure | None,
        *,
        balance: Decimal = ZERO,
        is_order: bool = False,
    ) -> Self:
        """Build it from the row of its header and what its other rows add up to."""
        names = ("owner", "id", "number", "status", "date", "currency", "org_id", "changed")
        header = {name: row[name] for name in names}
        return cls(
            **header,
            route=route,
            due=due,
            amount=amount,
            balance=balance,
            is_order=is_order,
            failure=failure,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """Where documents are read from, and by which settings."""

    select: Select
    options: Options
    days: Days

    def of(self, query: str, ids: Iterable[int]) -> dict[Any, list[Row]]:
        """Return the rows of a query over some documents, by `id`."""
        return grouped(self.select(query, {"ids": json.dumps(list(ids))}), "id")

    def failures(self, query: str, ids: Iterable[int]) -> dict[int, Failure]:
        """Return the first failing account of each document that has one; none where the check is off."""
        if not self.options.validate_gl:
            return {}
        judged = {key: first_failure(rows, self.days) for key, rows in self.of(query, ids).items()}
        return {key: failure for key, failure in judged.items() if failure is not None}


def due_date(schedules: Iterable[Row]) -> str | None:
    """Return the earliest due date that something is left of, else the latest."""
    rows = list(schedules)
    left = [row["due"] for row in rows if row["due"] and exact(row["remaining"]) != ZERO]
    return min(left) if left else max((row["due"] for row in rows if row["due"]), default=None)


def payment_status(amount: Decimal, balance: Decimal) -> str:
    """Return how far a receivable is paid."""
    if balance == ZERO:
        return "paid"
    return "unpaid" if balance == amount else "partial"
