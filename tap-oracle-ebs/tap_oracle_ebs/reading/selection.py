"""What is asked of a table, and what comes of it."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tap_oracle_ebs.catalog.tables import CHANGED
from tap_oracle_ebs.gateway.answers import Row


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Rows of one answer. `extracted`: before it was asked for."""

    rows: list[Row]
    extracted: dt.datetime


@dataclasses.dataclass(frozen=True)
class Selection:
    """Which rows of a table: of a range of times (UTC), or with certain values of a column.

    The range is one of change times, unless `date_column` names another DATE column.
    """

    start: dt.datetime | None = None
    end: dt.datetime | None = None
    closed: bool = True
    column: str = ""
    values: tuple[int, ...] = ()
    date_column: str = CHANGED
