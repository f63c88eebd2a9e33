"""Daily rates to the currency of the books."""

from datetime import datetime, timedelta
from decimal import Decimal

from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows.foundation import RATES
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value, text_of

BOOKS = "USD"
WITHOUT_RATES = "TRY"
_DAYS = 760
_SATURDAY = 5
_PRECISION = Decimal("0.000001")


def write_rates(sheet: Sheet, draw: Draw, newest: datetime) -> None:
    """Write a Corporate rate per currency and working day of two years, and a Spot rate per month.

    One currency has none, so that what is charged in it cannot be converted.
    """
    midnight = newest.replace(hour=0, minute=0, second=0)
    for currency, usual in RATES.items():
        if currency == WITHOUT_RATES:
            continue
        for age in range(_DAYS, 0, -1):
            day = midnight - timedelta(days=age)
            if day.weekday() < _SATURDAY:
                rate = usual * (1 + Decimal(draw.between(-300, 300)).scaleb(-4))
                _write_rate(sheet, currency, day, "Corporate", rate)
            if day.day == 1:
                _write_rate(sheet, currency, day, "Spot", usual)


def _write_rate(sheet: Sheet, currency: str, day: datetime, kind: str, rate: Decimal) -> None:
    columns: dict[str, Value | None] = {
        "FROM_CURRENCY": currency,
        "TO_CURRENCY": BOOKS,
        "CONVERSION_DATE": text_of(day),
        "CONVERSION_TYPE": kind,
        "CONVERSION_RATE": rate.quantize(_PRECISION),
    }
    written = day + timedelta(hours=1)
    sheet.add("GL_DAILY_RATES", written, written, columns)
