"""In parameters as values: what a procedure is asked for, checked as the procedure checks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from ml_sandbox.ebs.catalog import Column, Kind
from ml_sandbox.ebs.masks import DateMask
from ml_sandbox.ebs.package.definitions import PackageOperation

Key = tuple[int | Decimal | str, ...]
DEFAULT_LIMIT, MAX_LIMIT = 1_000, 5_000
SEPARATOR = "~"


class PackageError(Exception):
    """A mistake that the package answers with status E and this text."""


@dataclass(frozen=True, slots=True)
class Units:
    """Operating units: those asked for in order of preference, and those that may be seen.

    `asked` is empty for all; `visible` is None when the package looks at all.
    """

    asked: tuple[int, ...] = ()
    visible: frozenset[int] | None = None

    @property
    def is_open(self) -> bool:
        """Whether every row is shown."""
        return not self.asked and self.visible is None

    def shows(self, unit: object) -> bool:
        """Say whether rows of a unit are shown; rows of no unit are."""
        if unit is None:
            return True
        return (not self.asked or unit in self.asked) and (self.visible is None or unit in self.visible)

    def preference(self, unit: object) -> int:
        """Give the place of a unit among those asked for, or the place behind them."""
        return self.asked.index(unit) if unit in self.asked else len(self.asked)


@dataclass(frozen=True, slots=True)
class Changed:
    """A range of LAST_UPDATE_DATE, both ends within; None where there is no bound."""

    low: str | None = None
    high: str | None = None

    def holds(self, when: object) -> bool:
        """Say whether a date lies in the range; null does only when there is no bound."""
        if when is None:
            return self.low is None and self.high is None
        text = str(when)
        return (self.low is None or text >= self.low) and (self.high is None or text <= self.high)


@dataclass(frozen=True, slots=True)
class Reading:
    """What every procedure is asked: a range or keys, and one page of it."""

    changed: Changed
    keys: tuple[Key, ...] | None
    keys_only: bool
    last_key: Key | None
    limit: int
    offset: int
    units: Units


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters of one call by their standard names, null ones left out."""

    values: Mapping[str, str]
    mask: DateMask

    def text(self, name: str, default: str = "") -> str:
        """Give a text."""
        return self.values.get(name, default)

    def words(self, name: str, default: str = "") -> tuple[str, ...]:
        """Give the words of a list with commas."""
        return tuple(word.strip() for word in self.text(name, default).split(",") if word.strip())

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Give one of some words; the first of them when nothing is given."""
        word = self.text(name, choices[0])
        if word not in choices:
            raise PackageError(f"{name} must be one of {', '.join(choices)}, not {word!r}.")
        return word

    def date(self, name: str) -> str | None:
        """Give a date as it is stored."""
        text = self.values.get(name)
        if text is None:
            return None
        try:
            return self.mask.read(text)
        except ValueError as error:
            raise PackageError(f"{name}: {error}") from error

    def number(self, name: str, default: int, low: int, high: int | None = None) -> int:
        """Give a whole number within bounds."""
        text = self.values.get(name)
        if text is None:
            return default
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
        if number is None or number < low or (high is not None and number > high):
            bounds = f"from {low} to {high}" if high is not None else f"from {low}"
            raise PackageError(f"{name} must be a whole number {bounds}, not {text!r}.")
        return number

    def key(self, name: str, text: str, columns: tuple[Column, ...]) -> Key:
        """Give one key whose parts are joined by `~`."""
        parts = [part.strip() for part in text.split(SEPARATOR)]
        if len(parts) != len(columns):
            raise PackageError(f"{name}: a key has {len(columns)} parts joined by ~, not as {text!r}.")
        return tuple(self._part(name, *pair) for pair in zip(columns, parts, strict=True))

    def _part(self, name: str, column: Column, text: str) -> int | Decimal | str:
        if column.kind is Kind.VARCHAR2:
            return text
        try:
            if column.kind is Kind.DATE:
                return self.mask.read(text)
            return int(text) if text.lstrip("-").isdecimal() else _finite(text)
        except (ValueError, InvalidOperation) as error:
            raise PackageError(f"{name}: {text!r} is no {column.name}.") from error


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def read_reading(given: Given, operation: PackageOperation, visible: frozenset[int] | None) -> Reading:
    """Give what a call asks for; raises `PackageError`."""
    last = given.values.get("P_LAST_KEY")
    keys = given.words("P_KEYS")
    return Reading(
        changed=Changed(given.date("P_LAST_UPDATE_FROM"), given.date("P_LAST_UPDATE_TO")),
        keys=tuple(given.key("P_KEYS", key, operation.asked_by) for key in keys) or None,
        keys_only=given.choice("P_KEYS_ONLY", ("N", "Y")) == "Y",
        last_key=None if last is None else given.key("P_LAST_KEY", last, operation.key),
        limit=given.number("P_LIMIT", DEFAULT_LIMIT, 1, MAX_LIMIT),
        offset=given.number("P_OFFSET", 0, 0),
        units=Units(_units(given), visible),
    )


def _units(given: Given) -> tuple[int, ...]:
    words = given.words("P_ORG_ID")
    wrong = [word for word in words if not (word.isascii() and word.isdecimal())]
    if wrong:
        raise PackageError(f"P_ORG_ID: {wrong[0]!r} is no operating unit.")
    return tuple(map(int, words))


def midnight(text: str) -> datetime:
    """Give the day of a stored date."""
    return datetime.fromisoformat(text[:10])
