"""What a table of EBS is to the tap: its name, key, columns and their types."""

from __future__ import annotations

import dataclasses
from enum import Enum

CHANGED = "LAST_UPDATE_DATE"
"""The column that every table carries and that tells when a row last changed; DATE, never null."""

WHO = f"CREATION_DATE:D CREATED_BY:I {CHANGED}:D LAST_UPDATED_BY:I"
"""The standard columns of nearly every table: who made the row and who changed it last, and when."""


class Kind(Enum):
    """What the values of a column are. NUMBER columns are INTEGER where they hold keys."""

    TEXT = "VARCHAR2"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"
    DATE = "DATE"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind


@dataclasses.dataclass(frozen=True)
class Table:
    """One table: its name, its key and the columns that are read, in order. The key comes first."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def is_split(self) -> bool:
        """Whether its rows belong to operating units."""
        return any(column.name == "ORG_ID" for column in self.columns)

    @property
    def is_dated(self) -> bool:
        """Whether its rows tell when they last changed."""
        return any(column.name == CHANGED for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def only(self, *names: str) -> Table:
        """Return the table with its key, these columns and the date of change alone."""
        wanted = {*self.key, *names, CHANGED}
        return Table(self.name, self.key, tuple(column for column in self.columns if column.name in wanted))


_KINDS = {"T": Kind.TEXT, "I": Kind.INTEGER, "N": Kind.NUMBER, "D": Kind.DATE}


def declared(name: str, key: str, columns: str, who: str = WHO) -> Table:
    """Return a table from its key columns and `COLUMN:K` items, where K is T, I, N or D (see `Kind`)."""
    pairs = [item.split(":") for item in f"{columns} {who}".split()]
    return Table(name, tuple(key.split()), tuple(Column(title, _KINDS[kind]) for title, kind in pairs))
