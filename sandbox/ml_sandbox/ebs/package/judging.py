"""The options of a call that judges documents, and arithmetic on the days that decide."""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from ml_sandbox.ebs.package.inputs import Given, PackageError

PURCHASING, ORDER_MANAGEMENT = "purchasing", "order_management"
_ROUTES = {
    "PURCHASING": (PURCHASING,),
    "ORDER_MANAGEMENT": (ORDER_MANAGEMENT,),
    "BOTH": (PURCHASING, ORDER_MANAGEMENT),
}
_PO_STATUSES = "APPROVED,PRE-APPROVED,IN PROCESS,REQUIRES REAPPROVAL"
_FIRST_DAY = "0002-01-01T00:00:00"
_MAX_DAYS, _MAX_DOCUMENTS = 100_000, 100_000


@dataclass(frozen=True, slots=True)
class Judging:
    """How documents are judged: `as_of` is a midnight, `crossed` begins after its first date."""

    as_of: str
    routes: tuple[str, ...]
    validate_gl: bool
    po_types: tuple[str, ...]
    po_statuses: tuple[str, ...]
    crossed: tuple[str, str] | None
    recent_days: int
    currency: str | None
    rate_type: str
    document_limit: int

    @property
    def recent_after(self) -> str:
        """Invoices of later dates are recent."""
        return shifted(self.as_of, -self.recent_days)

    @property
    def year_after(self) -> str:
        """Invoices of later dates are of the last 12 months."""
        return text_of(add_months(datetime.fromisoformat(self.as_of), -12))


def read_judging(given: Given, server_time: str) -> Judging:
    """Read the options; raises `PackageError`."""
    as_of = given.date("P_AS_OF") or server_time
    if as_of < _FIRST_DAY:
        raise PackageError(f"P_AS_OF must not be before {_FIRST_DAY[:10]}.")
    low, high = given.date("P_CROSSED_FROM"), given.date("P_CROSSED_TO")
    return Judging(
        as_of=_midnight(as_of),
        routes=_ROUTES[given.choice("P_ORDERS_FROM", tuple(_ROUTES))],
        validate_gl=given.choice("P_VALIDATE_GL", ("Y", "N")) == "Y",
        po_types=given.words("P_PO_TYPES", "STANDARD"),
        po_statuses=given.words("P_PO_STATUSES", _PO_STATUSES),
        crossed=(low, high) if low is not None and high is not None else None,
        recent_days=given.number("P_RECENT_DAYS", 90, 0, _MAX_DAYS),
        currency=given.text("P_CURRENCY") or None,
        rate_type=given.text("P_RATE_TYPE", "Corporate"),
        document_limit=given.number("P_DOCUMENT_LIMIT", 100, 0, _MAX_DOCUMENTS),
    )


def _midnight(text: str) -> str:
    return f"{text[:10]}T00:00:00"


def text_of(when: datetime) -> str:
    """Give a date as the stores keep it."""
    return when.isoformat(timespec="seconds")


def shifted(text: str, days: int) -> str:
    """Give a date some days later or earlier; one before all calendars is the first day of them."""
    try:
        return text_of(datetime.fromisoformat(text) + timedelta(days=days))
    except OverflowError:
        return text_of(datetime.min if days < 0 else datetime.max)  # noqa: DTZ901 - DATE has no zone


def add_months(when: datetime, months: int) -> datetime:
    """Do as ADD_MONTHS: the last day of a month stays the last day."""
    count = when.year * 12 + when.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    is_last = when.day == calendar.monthrange(when.year, when.month)[1]
    return when.replace(year=year, month=month + 1, day=last if is_last else min(when.day, last))


def decimal_of(value: object) -> Decimal:
    """Give a NUMBER exactly; null is 0."""
    return Decimal(str(value)) if value is not None else Decimal(0)
