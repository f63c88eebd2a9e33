"""Reading business records: those of given numbers, those that changed, or all, one address number at a time.

All tables begin with the address number and come in its order, so that whole tables are joined as they pass:
memory stays flat.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

from ml_connector.http import Parallel
from ml_connector.vendors.jde.answers import Row
from ml_connector.vendors.jde.business.compose import Around, Record
from ml_connector.vendors.jde.business.objects import BusinessObject, Key, Source
from ml_connector.vendors.jde.business.options import Options
from ml_connector.vendors.jde.reading import DayRange, Page, Selection, TableReader
from ml_connector.vendors.jde.tables import UPDATED

logger = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

_BATCH = 500
_ADDRESSES = "F0116"


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """What changed on days from `first` to `last`, or began to count on days of `begun`.

    `undated`: and rows that do not say when they were changed, which only whole tables show.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    begun: DayRange | None = None
    undated: bool = False

    @property
    def changed(self) -> DayRange:
        """The range of days as a range of UPMJ."""
        return DayRange(UPDATED, self.first, self.last)

    def touches(self, source: Source, row: Row) -> bool:
        """Tell whether a row is among what changed or began to count."""
        begun = self.begun is not None and source.table.name == _ADDRESSES and self.begun.holds(row)
        return begun or (self.undated and row[UPDATED] is None) or self.changed.holds(row)


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Some records. `extracted`: before the server was asked for any row behind them."""

    records: list[Record]
    extracted: dt.datetime


class BusinessReader:
    """Reads one kind of record. `pause` is called now and then and may end the run."""

    def __init__(
        self,
        reader: TableReader,
        kind: BusinessObject,
        options: Options,
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.kind = kind
        self._reader = reader
        self._options = options
        self._pause = pause

    def today(self) -> dt.date:
        """Return the server's day."""
        return self._reader.today(self.kind.sources[0].table)

    def by_numbers(self, numbers: Iterable[int], wanted: set[Key] | None = None) -> Iterator[Part]:
        """Yield the records of address numbers, those of `wanted` keys only where it is given."""
        listed, size = sorted(set(numbers)), self._reader.list_size
        around = self._around()
        for start in range(0, len(listed), size):
            chosen = listed[start : start + size]
            extracted = dt.datetime.now(dt.UTC)
            rows: dict[int, dict[str, list[Row]]] = {number: self._none() for number in chosen}
            selections = [
                (source, Selection(column="AN8", values=chosen, where=source.where))
                for source in self.kind.sources
            ]
            for (source, _), found in zip(selections, self._each(self._counted, selections), strict=True):
                for row in found:
                    rows[int(str(row["AN8"]))][source.table.name].append(row)
                self._pause()
            records = [
                record
                for number in chosen
                for record in self.kind.compose(rows[number], around)
                if wanted is None or self._is_among(record, wanted)
            ]
            if records:
                yield Part(records, extracted)

    def changed(self, span: Span, limit: int) -> Iterator[Part]:
        """Yield the records that a span touches; from `limit` on by reading the tables whole."""
        touched: set[Key] = set()
        for keys in self._each(self._touched_keys, self._selections(span)):
            touched |= keys
            self._pause()
            if len(touched) > limit:
                logger.info("%s: more than %d records changed, all are read", self.kind.name, limit)
                yield from self.everything(span)
                return
        logger.info("%s: %d changed records are read by their numbers", self.kind.name, len(touched))
        yield from self.by_numbers({key[0] for key in touched}, touched)

    def everything(self, span: Span | None = None) -> Iterator[Part]:
        """Yield all records, or those that a span touches, by reading the tables whole."""
        with contextlib.ExitStack() as stack:
            width = self._reader.concurrency
            pool = stack.enter_context(ThreadPoolExecutor(width)) if width > 1 else None
            cursors = [_Cursor(self._reader, source, pool) for source in self.kind.sources]
            yield from self._joined(cursors, span)

    def _joined(self, cursors: Sequence[_Cursor], span: Span | None) -> Iterator[Part]:
        around = self._around()
        part = Part([], dt.datetime.now(dt.UTC))
        for number in cursors[0].numbers():
            rows = {cursor.source.table.name: cursor.rows_of(number) for cursor in cursors}
            records = self.kind.compose(rows, around)
            if span is not None and records:
                touched = self._touched(rows, span)
                records = [record for record in records if self._is_among(record, touched)]
            if records:
                began = min(cursor.extracted for cursor in cursors)
                part = (
                    Part([*part.records, *records], min(began, part.extracted))
                    if part.records
                    else Part(records, began)
                )
            if len(part.records) >= _BATCH:
                yield part
                part = Part([], dt.datetime.now(dt.UTC))
            self._pause()
        if part.records:
            yield part

    def _each(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield `function(item)` in the order of items, as many at a time as calls are permitted."""
        width = self._reader.concurrency
        return map(function, items) if width == 1 else Parallel(width).map(function, items)

    def _counted(self, wanted: tuple[Source, Selection]) -> list[Row]:
        source, selection = wanted
        return [row for row in self._reader.rows(source.table, selection) if source.counts(row)]

    def _touched_keys(self, wanted: tuple[Source, Selection]) -> set[Key]:
        source, selection = wanted
        rows = self._reader.rows(source.table.only(()), selection)
        return {self.kind.key_of(row) for row in rows if source.counts(row)}

    def _selections(self, span: Span) -> Iterator[tuple[Source, Selection]]:
        for source in self.kind.sources:
            yield source, Selection(days=span.changed, where=source.where)
            if span.begun is not None and source.table.name == _ADDRESSES:
                yield source, Selection(days=span.begun, where=source.where)

    def _touched(self, rows: dict[str, list[Row]], span: Span) -> set[Key]:
        return {
            self.kind.key_of(row)
            for source in self.kind.sources
            for row in rows[source.table.name]
            if span.touches(source, row)
        }

    def _is_among(self, record: Record, keys: set[Key]) -> bool:
        key = tuple(record[name] for name in self.kind.key)
        return key in keys or key[:1] in keys

    def _none(self) -> dict[str, list[Row]]:
        return {source.table.name: [] for source in self.kind.sources}

    def _around(self) -> Around:
        return Around(self._options, self.today(), self._reader.zone)


class _Cursor:
    """The rows of one whole table, given out by rising address number."""

    def __init__(self, reader: TableReader, source: Source, pool: Executor | None) -> None:
        self.source = source
        self.extracted = dt.datetime.now(dt.UTC)
        pages = reader.read(source.table, Selection(where=source.where))
        self._rows = self._counted(pages if pool is None else _ahead(pages, pool))
        self._next: Row | None = None
        self._is_open = True

    def numbers(self) -> Iterator[int]:
        """Yield the address numbers; the rows of each are to be taken before the next."""
        while (row := self._peek()) is not None:
            number = int(str(row["AN8"]))
            yield number
            self.rows_of(number)

    def rows_of(self, number: int) -> list[Row]:
        """Return the rows of an address number, leaving out those before it."""
        found: list[Row] = []
        while (row := self._peek()) is not None and int(str(row["AN8"])) <= number:
            if row["AN8"] == number:
                found.append(row)
            self._next = None
        return found

    def _peek(self) -> Row | None:
        if self._next is None and self._is_open:
            self._next = next(self._rows, None)
            self._is_open = self._next is not None
        return self._next

    def _counted(self, pages: Iterator[Page]) -> Iterator[Row]:
        before: Sequence[dt.datetime] = ()
        for page in pages:
            # Rows of one number may be on two pages: the time of the earlier one holds for both.
            self.extracted = min((*before, page.extracted))
            before = (page.extracted,)
            yield from (row for row in page.rows if self.source.counts(row))


def _ahead(pages: Iterator[Page], pool: Executor) -> Iterator[Page]:
    """Return the pages; the first is asked for now, each further one while one is worked on."""
    first: Future[Page | None] = pool.submit(next, pages, None)

    def following() -> Iterator[Page]:
        coming = first
        while (page := coming.result()) is not None:
            coming = pool.submit(next, pages, None)
            yield page

    return following()
