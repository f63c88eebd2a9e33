"""The base of the business streams: records that join several tables, in either way of access."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window
from tap_oracle_ebs.business.days import Days
from tap_oracle_ebs.business.engine import Engine, Lists, Part, Span
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.package_rows import ROWS, Collections
from tap_oracle_ebs.business.plan import Plan, columns
from tap_oracle_ebs.catalog.tables import Table
from tap_oracle_ebs.reading.selection import Reader, Selection
from tap_oracle_ebs.streams.base import EbsStream

if TYPE_CHECKING:
    from tap_oracle_ebs.tap import TapOracleEbs

Record = dict[str, Any]


class BusinessObject(Protocol):
    """A kind of business record: what it reads, its rows from tables, its records from rows."""

    @property
    def operation(self) -> str:
        """The operation of the package."""

    @property
    def collections(self) -> Mapping[str, Table]:
        """The collections of the package's answer, X_ROWS first."""

    @property
    def plan(self) -> Plan:
        """What is read by tables."""

    def rows(self, part: Part, days: Days) -> Collections:
        """Return rows as the package gives them, from tables."""

    def compose(self, rows: Collections, days: Days) -> list[Record]:
        """Return the records of rows."""


class BusinessStream(EbsStream):
    """Records that several tables are behind; one is sent when a row of any of them changed.

    By GET, changed rows are found window by window and followed to their records, which are then read by
    lists of keys; the first load, and a service that takes no such lists, reads the tables whole and joins
    them here. By the package, the database does all of that. All ways make the same records, to the byte.

    Time windows are judged on the server's day of the run's upper bound, for all slices of the run: a record
    says what is true now, whenever it changed.
    """

    key_table: ClassVar[str] = ""
    key_filter: ClassVar[Mapping[str, str]] = {}
    is_judged: ClassVar[bool] = False

    def __init__(self, tap: TapOracleEbs, **options: Any) -> None:
        # The SDK asks for settings while it makes the stream.
        super().__init__(tap, **options)
        self._upper: dt.datetime | None = None
        # Which tables are behind is a matter of settings.
        self.tables = self.business.plan.names  # type: ignore[misc]  # a class variable elsewhere

    def make(self, options: Options) -> BusinessObject:
        """Return the business object of this stream."""
        raise TypeError(f"{type(self).__name__} names no business object")

    @cached_property
    def options(self) -> Options:
        """What the settings say about business records."""
        return Options.from_settings(self._ebs.config)

    @cached_property
    def business(self) -> BusinessObject:
        """The business object of this stream."""
        return self.make(self.options)

    def windows(self) -> list[Window]:
        """Return the windows of this run, and fix the day on which time windows are judged."""
        windows = super().windows()
        bounds = [window.end for window in windows if window.end is not None]
        is_past = self.rules.range_end is not None
        # The end of a given range is no time to judge by: the rows are those of now.
        self._upper = self.system_time() - self.rules.lag if is_past or not bounds else bounds[-1]
        return windows

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the records of a window."""
        if self.access == "plsql":
            yield from self._by_package(window)
        else:
            yield from self._by_tables(window)

    def read_keys(self) -> Iterator[Batch]:
        """Yield the keys of all records that exist now: records with nothing but the key."""
        table, conditions = self._key_table(), self.key_filter
        reader: Reader = self.package if self.access == "plsql" else self.reader
        for page in reader.read(table, Selection(keys_only=not conditions, lower_names=True)):
            kept = [row for row in page.rows if all(row[name] == value for name, value in conditions.items())]
            yield Batch([{name: row[name] for name in self.primary_keys} for row in kept], page.extracted)

    def _whole_window(self) -> Window:
        """All records, whatever `start_date` says.

        A record may have been sent for a row behind it that is gone or was replaced since: it would not be
        among those that changed, and still exists.
        """
        return Window()

    def _key_table(self) -> Table:
        if not self.key_table:
            raise SystemFault(
                f"{self.name} has no list of keys: what is gone from it says so by itself.",
                fix="Ask another stream for its keys.",
            )
        return columns(self.key_table, " ".join(name.upper() for name in self.key_filter))

    def _days(self) -> Days:
        zone = self.package.zone if self.access == "plsql" else self.reader.zone
        upper = self._upper or self.system_time() - self.rules.lag
        return Days(zone, zone.local(upper).date())

    def _span(self, window: Window, days: Days) -> Span | None:
        """Return the days among which edges of time windows are crossed; none where all is sent anyway."""
        if not self.is_judged or window.start is None or window.keys or window.end is None:
            return None
        zone = self.package.zone if self.access == "plsql" else self.reader.zone
        first, last = zone.local(window.start).date(), zone.local(window.end).date()
        return Span(first, last) if first < last else None

    def _by_tables(self, window: Window) -> Iterator[Batch]:
        self.require_visible()
        days = self._days()
        engine = Engine(
            self.business.plan,
            self.reader,
            self._lists(),
            self._ebs.units,
            self.name,
            self.logger,
            self.tap.stop_if_asked,
        )
        for part in engine.parts(window, self._given(window), self._span(window, days)):
            rows = self.business.rows(part, days)
            records = self._kept(self.business.compose(rows, days), window)
            if records:
                yield Batch(records, part.extracted)

    def _by_package(self, window: Window) -> Iterator[Batch]:
        package, business, days = self.package, self.business, self._days()
        if self._ebs.units and not package.takes("P_ORG_ID"):
            raise SystemFault(
                f"{self.name} cannot be limited to `org_ids`: `package_parameters` says that the package "
                "takes no P_ORG_ID.",
                fix="Give P_ORG_ID a name there, or leave `org_ids` empty.",
            )
        if window.number == 1:
            self.logger.info("%s: read by package operation %s", self.name, package.path(business.operation))
        for parameters in self._package_parameters(window, days):
            pages = package.pages(business.operation, parameters, business.collections, lower_names=True)
            for page in pages:
                if page.rows[ROWS]:
                    records = self._kept(business.compose(page.rows, days), window)
                    if records:
                        yield Batch(records, page.extracted)

    def _package_parameters(self, window: Window, days: Days) -> Iterator[dict[str, str | None]]:
        judged: dict[str, str | None] = self.judged_parameters(days) if self.is_judged else {}
        if window.keys:
            keys, size = self._given(window), int(self._ebs.config["key_list_size"])
            for start in range(0, len(keys), size):
                yield {**judged, "P_KEYS": ",".join(map(str, keys[start : start + size]))}
            return
        given = {
            **judged,
            **self.package.range_parameters(Selection(window.start, window.read_until, window.closed)),
        }
        if window.is_everything:
            # What is stamped later than the bound is there as well, and comes again.
            given.pop("P_LAST_UPDATE_TO", None)
        span = self._span(window, days)
        if span is not None:
            given["P_CROSSED_FROM"] = self._day_text(span.after)
            given["P_CROSSED_TO"] = self._day_text(span.until)
        yield given

    def judged_parameters(self, days: Days) -> dict[str, str | None]:
        """Return the parameters of operations that judge documents."""
        options = self.options
        return {
            "P_AS_OF": self._day_text(days.as_of),
            "P_ORDERS_FROM": options.orders_from.upper(),
            "P_VALIDATE_GL": "Y" if options.validate_gl else "N",
            "P_PO_TYPES": ",".join(options.po_types),
            "P_PO_STATUSES": ",".join(options.po_statuses),
        }

    def _day_text(self, day: dt.date) -> str:
        return self.package.date_mask.write(dt.datetime(day.year, day.month, day.day))  # noqa: DTZ001

    def _kept(self, records: list[Record], window: Window) -> list[Record]:
        """Return the records that are sent."""
        return records

    def _lists(self) -> Lists:
        settings = self._ebs.config
        return Lists(
            bool(settings["key_list_filter"]),
            int(settings["key_list_size"]),
            int(settings["key_list_limit"]),
        )

    def _given(self, window: Window) -> Sequence[int]:
        wrong = [key for key in window.keys if not key.strip().isdecimal()]
        if wrong:
            raise SystemFault(
                f"The setting `keys` has {wrong[0]!r}, which is no CUST_ACCOUNT_ID.",
                fix="Give values of `cust_account_id`; they choose the records of these customers.",
            )
        return [int(key) for key in window.keys]
