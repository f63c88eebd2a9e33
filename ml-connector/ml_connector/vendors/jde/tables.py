"""Tables, their keys and columns by alias (without the database's column prefix)."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Collection

from ml_connector.errors import SystemFault

UPDATED = "UPMJ"
"""The date of the last change; its time is in UPMT, or TDAY in some tables."""


class Kind(enum.Enum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column by its alias."""

    name: str
    kind: Kind


@dataclasses.dataclass(frozen=True)
class Table:
    """A table or business view: its key in order, its columns."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def is_view(self) -> bool:
        """Whether it is a business view."""
        return self.name.startswith("V")

    @property
    def is_dated(self) -> bool:
        """Whether its rows say when they were changed."""
        return any(column.name == UPDATED for column in self.columns)

    @property
    def time_column(self) -> str | None:
        """The column with the time of the last change; F4301 has TDAY in place of UPMT."""
        names = {column.name for column in self.columns}
        return next((name for name in ("UPMT", "TDAY") if name in names), None)

    def column(self, name: str) -> Column:
        """Return a column by its alias."""
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise SystemFault(f"{self.name} has no column {name}.", fix="Correct the name of the column.")
        return found

    def only(self, names: Collection[str]) -> Table:
        """Return the table with its key, its time of change and these columns, in its own order."""
        wanted = {*names, *self.key, UPDATED, self.time_column}
        columns = tuple(column for column in self.columns if column.name in wanted)
        return dataclasses.replace(self, columns=columns)


def columns_of(text: str, **kinds: str) -> tuple[Column, ...]:
    """Return columns from lists of aliases; `AC01..AC30` stands for a range.

    `text` lists those of text; `integers`, `numbers`, `dates`, `instants` the others. The order is that of
    the arguments, which all ways of reading share.
    """
    words = {
        "integers": Kind.INTEGER,
        "numbers": Kind.NUMBER,
        "dates": Kind.DATE,
        "instants": Kind.INSTANT,
    }
    found = [Column(name, Kind.TEXT) for name in _names(text)]
    for word, listed in kinds.items():
        found += [Column(name, words[word]) for name in _names(listed)]
    return tuple(found)


def _names(text: str) -> list[str]:
    names: list[str] = []
    for word in text.split():
        first, _, last = word.partition("..")
        if not last:
            names.append(word)
            continue
        stem = first.rstrip("0123456789")
        digits = len(first) - len(stem)
        low, high = int(first[len(stem) :]), int(last[len(stem) :])
        names += [f"{stem}{number:0{digits}d}" for number in range(low, high + 1)]
    return names
