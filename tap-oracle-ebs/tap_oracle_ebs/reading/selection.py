"""What is asked of a table, and what comes of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Protocol

from ml_connector.zones import ServerZone
from tap_oracle_ebs.catalog.tables import CHANGED, Table
from tap_oracle_ebs.gateway.answers import Row, Value


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Rows of one answer. `extracted`: before it was asked for."""

    rows: list[Row]
    extracted: dt.datetime


@dataclasses.dataclass(frozen=True)
class Selection:
    """Which rows of a table: of a range of times (UTC), of some keys, or with values of a column.

    The range is one of change times, unless `date_column` names another DATE column (reading by GET only).
    `keys` are whole keys, one value per key column. With `keys_only` the rows have no more than what tells
    them apart (and ORG_ID, where units are chosen here). With `lower_names` columns are named as fields of a
    record.
    """

    start: dt.datetime | None = None
    end: dt.datetime | None = None
    closed: bool = True
    column: str = ""
    values: tuple[int | str, ...] = ()
    date_column: str = CHANGED
    keys: tuple[tuple[Value, ...], ...] = ()
    keys_only: bool = False
    lower_names: bool = False

    def name(self, column: str) -> str:
        """Return the name under which rows hold a column."""
        return column.lower() if self.lower_names else column


class Reader(Protocol):
    """A way of reading tables; all of them give the same rows."""

    @property
    def zone(self) -> ServerZone:
        """The zone of the database server."""

    def read(self, table: Table, selection: Selection | None = None) -> Iterator[Page]:
        """Yield the pages of a selection, by default of the whole table."""

    def server_time(self, table: Table) -> dt.datetime | None:
        """Return the server's present time; a table may have to be probed for it."""

    def require_visible(self, table: Table) -> None:
        """Stop where a table shows no row for want of an operating unit."""

    def place(self, table: Table) -> str:
        """Say where a table is read, for the log."""
