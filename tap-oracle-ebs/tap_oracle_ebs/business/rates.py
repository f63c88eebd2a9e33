"""Conversion into one currency with the daily rates of the general ledger."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tap_oracle_ebs.business import purchasing, sales
from tap_oracle_ebs.business.documents import ACCOUNTS, Select
from tap_oracle_ebs.business.numbers import ZERO, exact, rounded
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.plan import Only, Walk

RATES = "GL_DAILY_RATES"

_RATE_QUERY = f"""
    SELECT CONVERSION_RATE AS rate FROM {RATES}
    WHERE FROM_CURRENCY = :from_currency AND CONVERSION_DATE <= :date
    ORDER BY CONVERSION_DATE DESC LIMIT 1"""  # noqa: S608


class Rates:
    """Converts amounts into the currency of the settings; the workspace holds the rates into it alone."""

    def __init__(self, select: Select, options: Options) -> None:
        self._select = select
        self._currency = options.currency
        self._known: dict[tuple[str, str], Decimal | None] = {}

    def converted(self, amount: Decimal, currency: str | None, date: str | None) -> Decimal | None:
        """Return an amount of a document in the one currency; None without a rate of its date or before."""
        if currency == self._currency or amount == ZERO:
            return amount
        rate = self._rate(currency, date) if currency and date else None
        return None if rate is None else rounded(amount * rate)

    def _rate(self, currency: str, date: str) -> Decimal | None:
        key = currency, date
        if key not in self._known:
            found = next(self._select(_RATE_QUERY, {"from_currency": currency, "date": date}), None)
            self._known[key] = exact(found["rate"]) if found and found["rate"] is not None else None
        return self._known[key]


def rate_walks(options: Options, only: tuple[Only, ...]) -> Iterable[Walk]:
    """Yield the ways from changed rates to customers: those with documents of the days that a rate is for.

    No list of keys leads there, since a rate is for all documents of its currency until the next rate.
    """
    if options.from_purchasing:
        vendors = f"JOIN {purchasing.VENDORS} v ON v.VENDOR_ID = d.VENDOR_ID"
        accounts = f"JOIN {ACCOUNTS} a ON a.PARTY_ID = "
        yield _walk(
            only, purchasing.HEADERS, "CREATION_DATE", "CURRENCY_CODE", f"{vendors} {accounts}v.PARTY_ID"
        )
        owner = f"LEFT {vendors} {accounts}COALESCE(d.PARTY_ID, v.PARTY_ID)"
        yield _walk(only, purchasing.INVOICES, "INVOICE_DATE", "INVOICE_CURRENCY_CODE", owner)
    if options.from_order_management:
        accounts = f"JOIN {ACCOUNTS} a ON a.CUST_ACCOUNT_ID = "
        sold = f"{accounts}d.SOLD_TO_ORG_ID"
        yield _walk(only, sales.HEADERS, "ORDERED_DATE", "TRANSACTIONAL_CURR_CODE", sold)
        billed = f"{accounts}d.BILL_TO_CUSTOMER_ID"
        yield _walk(only, sales.TRANSACTIONS, "TRX_DATE", "INVOICE_CURRENCY_CODE", billed)


def _walk(only: tuple[Only, ...], table: str, date: str, currency: str, owner: str) -> Walk:
    query = f"""
        SELECT DISTINCT a.CUST_ACCOUNT_ID FROM changed c
        JOIN {table} d ON d.{currency} = c.FROM_CURRENCY AND d.{date} >= c.CONVERSION_DATE {owner}
        WHERE NOT EXISTS (
            SELECT 1 FROM {RATES} n WHERE n.FROM_CURRENCY = c.FROM_CURRENCY
            AND n.CONVERSION_DATE > c.CONVERSION_DATE AND n.CONVERSION_DATE <= d.{date})"""  # noqa: S608
    return Walk(RATES, "FROM_CURRENCY", only=only, query=query)
