"""Values that callers give to inputs, turned into what the columns hold."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.dictionary import ITEMS, Item, Kind
from ml_sandbox.jde.orchestrator.outcome import StepRefusedError
from ml_sandbox.jde.store import Value
from ml_sandbox.jde.values import from_julian, parse_date

# What people read keeps its letters; codes are kept in capitals.
_AS_TYPED = frozenset(
    {
        *("ALKY", "ALPH", "ALP1", "MLNM", "TAX", "TX2", "TXCT", "RMK"),
        *("ADD1", "ADD2", "ADD3", "ADD4", "CTY1", "COUN", "ADDZ", "PH1", "AR1", "EMAL"),
        *("GNNM", "MDNM", "SRNM", "ATTL", "SLNM", "EDUS", "EDBT", "EDTN"),
    }
)
# Cut, they would be another address or another number.
_NEVER_CUT = frozenset({"EMAL"})

Given = Mapping[str, str]
"""Inputs by name as texts; an input that was not given is left out."""


def as_text(value: Any) -> str:
    """Give an input's value as text; numbers and texts are taken (TOS samples hold texts)."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise StepRefusedError("Input", f"The value {value!r} of an input is neither a text nor a number.")
    return str(value)


class Entries:
    """Reads values by the rules of the data dictionary and of settings; ``dates`` overrides their form."""

    def __init__(self, settings: VendorSettings, dates: str = "") -> None:
        self._settings = settings
        self._dates = dates

    def value(self, step: str, alias: str, given: str) -> Value:
        """Give what a column will hold; `StepRefusedError` for what it cannot hold."""
        item = ITEMS[alias]
        if item.kind is Kind.NUMBER:
            return self._number(step, item, given.strip())
        if item.kind is Kind.DATE:
            return self._date(step, item, given.strip())
        return self.text(step, alias, given)

    def text(self, step: str, alias: str, given: str) -> str:
        """Give a text trimmed, in capitals when it is a code, cut or refused when it is too long."""
        item = ITEMS[alias]
        text = " ".join(given.splitlines()).strip()
        text = text if alias in _AS_TYPED else text.upper()
        if len(text) <= item.size:
            return text
        if alias in _NEVER_CUT or self._settings.text("too_long") == "refuse":
            raise StepRefusedError(step, f"{item.caption} takes {item.size} characters, not {len(text)}.")
        return text[: item.size].rstrip()

    def _number(self, step: str, item: Item, given: str) -> Value:
        if not given:
            return 0
        try:
            number = Decimal(given)
        except InvalidOperation as error:
            raise StepRefusedError(step, f"{item.caption} takes a number, not {given!r}.") from error
        if not number.is_finite() or abs(number) >= 10 ** (item.size - item.decimals):
            raise StepRefusedError(step, f"{item.caption} takes {item.size} digits, not {given!r}.")
        number = number.quantize(Decimal(1).scaleb(-item.decimals), ROUND_HALF_UP)
        return int(number) if item.decimals == 0 or number == int(number) else number

    def _date(self, step: str, item: Item, given: str) -> str | None:
        if not given:
            return None
        form = self._dates or self._settings.text("input_date_format")
        if form == "milliseconds":
            day = _from_milliseconds(given)
        else:
            day = from_julian(given) if form == "cyyddd" else parse_date(given, form)
        if day is None:
            raise StepRefusedError(step, f"{item.caption} takes a date of the form {form}, not {given!r}.")
        return day


def _from_milliseconds(text: str) -> str | None:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def compressed(name: str) -> str:
    """Give the compressed description DC of a name: capitals, without blanks and punctuation."""
    return "".join(letter for letter in name.upper() if letter.isalnum())[: ITEMS["DC"].size]
