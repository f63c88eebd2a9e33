"""The base of the streams: the reader, the server's time, complete reads now and then, days of windows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from ml_connector.singer.deletes import DeleteRules
from ml_connector.singer.stream import ConnectorStream
from ml_connector.singer.windows import Window
from ml_connector.vendors.jde.reading import DayRange, TableReader
from ml_connector.vendors.jde.tables import UPDATED, Table
from tap_jde.settings import DEFAULT_REFRESH_DAYS

if TYPE_CHECKING:
    from tap_jde.tap import TapJde

KEY_SEPARATOR = "~"


class JdeStream(ConnectorStream):
    """A stream that reads tables by the data service.

    UPMJ has days, so a window reads whole days: from the one that its start lies in. What was changed on a
    day that was read before comes again; the time of day only tells which of two changes is the later.
    """

    def __init__(self, tap: TapJde, **options: Any) -> None:
        super().__init__(tap, **options)
        self._jde = tap
        days = tap.config.get("full_refresh_every")
        every = DEFAULT_REFRESH_DAYS if days is None else float(days)
        self.deletes = DeleteRules("records" if every else "off", dt.timedelta(days=every))

    @property
    def reader(self) -> TableReader:
        """The reader of tables."""
        return self._jde.reader

    @property
    def first_table(self) -> Table:
        """A table that this stream reads anyway."""
        raise TypeError(f"{type(self).__name__} names no table")

    def system_time(self) -> dt.datetime:
        """Return the server's time."""
        return self.reader.server_time(self.first_table)

    def _whole_window(self) -> Window:
        """Everything: rows without a date of change lie in no range."""
        return Window()

    def days_of(self, window: Window) -> DayRange:
        """Return the days of a window. Days are not cut: the last one is the present, or belongs to `to`."""
        zone = self.reader.zone
        first = zone.local(window.start).date() if window.start else None
        if window.end is None or (window.closed and window.moves_bookmark):
            return DayRange(UPDATED, first)
        last = zone.local(window.end).date()
        return DayRange(UPDATED, first, last if window.closed else last - dt.timedelta(days=1))


def is_empty(days: DayRange) -> bool:
    """Tell whether a range has no day: a slice shorter than a day."""
    return days.first is not None and days.last is not None and days.last < days.first
