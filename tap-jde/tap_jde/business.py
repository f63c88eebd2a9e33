"""The streams customers, suppliers and contacts: records that several tables are behind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window
from ml_connector.vendors.jde.business.objects import Key, business_object
from ml_connector.vendors.jde.business.options import Options
from ml_connector.vendors.jde.business.reading import BusinessReader, Part, Span
from ml_connector.vendors.jde.reading import DayRange
from ml_connector.vendors.jde.tables import UPDATED, Table
from tap_jde.base import KEY_SEPARATOR, JdeStream, is_empty
from tap_jde.settings import DEFAULT_KEY_LIST_LIMIT

if TYPE_CHECKING:
    from tap_jde.tap import TapJde

NAMES = ("customers", "suppliers", "contacts")


class BusinessStream(JdeStream):
    """Records of one kind; one is sent when a row of any table behind it changed since the bookmark.

    Changed rows are followed to their address numbers, which are then read by lists; the first load and
    complete reads take the tables whole. Both make the same records, to the byte. An address that begins to
    count, by a date between the last run and today, is a change as well.
    """

    def __init__(self, tap: TapJde, name: str) -> None:
        self.options = Options.from_settings(tap.config)
        self.kind = business_object(name, self.options)
        super().__init__(tap, name=name, schema=dict(self.kind.schema))
        self.primary_keys = list(self.kind.key)
        self.replication_key = "updated_at"

    @property
    def first_table(self) -> Table:
        """The table with one row for each address number that may have a record."""
        return self.kind.sources[0].table

    @cached_property
    def records(self) -> BusinessReader:
        """The reader of this kind of record."""
        chosen = {name for name in self.schema["properties"] if self.mask.get(("properties", name), True)}
        kind = business_object(self.name, self.options, chosen)
        return BusinessReader(self.reader, kind, self.options, self.tap.stop_if_asked)

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the records of a window."""
        for part in self._parts(window):
            yield Batch(part.records, part.extracted)

    def _parts(self, window: Window) -> Iterator[Part]:
        if window.keys:
            keys = {self._given(text) for text in window.keys}
            yield from self.records.by_numbers({key[0] for key in keys}, keys)
        elif window.is_everything:
            yield from self.records.everything(self._since_start())
        else:
            days = self.days_of(window)
            if is_empty(days):
                return
            span = Span(days.first, days.last, self._begun(days))
            if days.first is None:
                yield from self.records.everything(span)
            else:
                limit = self._jde.config.get("key_list_limit")
                yield from self.records.changed(span, int(limit or DEFAULT_KEY_LIST_LIMIT))

    def _since_start(self) -> Span | None:
        """Return what a complete read sends: not what was last changed before `start_date`."""
        if self.rules.start_date is None:
            return None
        days = DayRange(UPDATED, self.reader.zone.local(self.rules.start_date).date())
        return Span(days.first, begun=self._begun(days), undated=True)

    def _begun(self, days: DayRange) -> DayRange | None:
        """Return the days on which an address that was ahead at the last run has begun to count.

        The first day too: nothing says how much of it the last run saw, nor the slice before.
        """
        if days.first is None or self.name == "contacts":
            return None
        today = self.records.today()
        begun = DayRange("EFTB", days.first, today if days.last is None else min(days.last, today))
        return None if is_empty(begun) else begun

    def _given(self, text: str) -> Key:
        parts = text.split(KEY_SEPARATOR)
        if len(parts) > len(self.kind.key) or not all(part.strip().isdecimal() for part in parts):
            form = KEY_SEPARATOR.join(self.kind.key)
            raise SystemFault(
                f"The setting `keys` has {text!r}, which is no key of {self.name}.",
                fix=f"Give values of `{form}`, or an address number alone.",
            )
        return tuple(int(part) for part in parts)
