"""Conversion into one currency by GL_DAILY_RATES."""

from bisect import bisect_right
from decimal import ROUND_HALF_UP, Context, Decimal

from ml_sandbox.ebs.package.reader import Reader
from ml_sandbox.ebs.store import Tuple

TABLE = "GL_DAILY_RATES"
_CENT = Decimal("0.01")
_EXACT = Context(prec=90, rounding=ROUND_HALF_UP)


class Rates:
    """The rates of one type to one currency."""

    def __init__(self, reader: Reader, currency: str, rate_type: str) -> None:
        self.currency = currency
        rows = [
            row
            for row in reader.having(TABLE, "TO_CURRENCY", currency)
            if row["CONVERSION_TYPE"] == rate_type and row["CONVERSION_RATE"] is not None
        ]
        self._by_currency: dict[str, list[tuple[str, Decimal]]] = {}
        for row in sorted(rows, key=lambda row: row.text("CONVERSION_DATE")):
            rate = (row.text("CONVERSION_DATE"), Decimal(row.text("CONVERSION_RATE")))
            self._by_currency.setdefault(row.text("FROM_CURRENCY"), []).append(rate)

    def converted(self, amount: Decimal, currency: str | None, date: str | None) -> Decimal | None:
        """Give an amount in the one currency, to the cent; None when there is no rate up to its date."""
        if currency == self.currency or amount == 0:
            return amount
        dated = self._by_currency.get(currency or "", [])
        place = bisect_right(dated, date, key=lambda rate: rate[0]) if date else 0
        if not place:
            return None
        return _EXACT.quantize(_EXACT.multiply(amount, dated[place - 1][1]), _CENT)


def dates_of_rate(reader: Reader, row: Tuple) -> tuple[str, str, str | None]:
    """Give the currency for which a rate counts, its date, and the date of the next rate if there is one."""
    position = reader.store(TABLE).spec.position
    currency, date = str(row[position["FROM_CURRENCY"]]), str(row[position["CONVERSION_DATE"]])
    others = reader.having(TABLE, "FROM_CURRENCY", currency)
    same = [
        other.text("CONVERSION_DATE")
        for other in others
        if all(other[name] == row[position[name]] for name in ("TO_CURRENCY", "CONVERSION_TYPE"))
    ]
    return currency, date, min((other for other in same if other > date), default=None)
