"""Reading tables page by page: by key or by next links, with filters that are proven."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ml_connector.errors import RequestFailed, SystemFault
from ml_connector.vendors.jde import query
from ml_connector.vendors.jde.answers import Grid, Row, RowReader, envelope_of, grid_of
from ml_connector.vendors.jde.client import Client
from ml_connector.vendors.jde.faults import ResultSetExpired
from ml_connector.vendors.jde.query import MARGIN, Condition, DateForm, Group
from ml_connector.vendors.jde.tables import Kind, Table
from ml_connector.vendors.jde.values import RIGHT_JUSTIFIED, Readers, Value
from ml_connector.zones import ServerZone

logger = logging.getLogger(__name__)

DEFAULT_PAGE_SIZE = 500
_BARREN = 3
_FAR = dt.timedelta(days=14_610)


@dataclasses.dataclass(frozen=True, slots=True)
class DayRange:
    """Days of a date column from `first` to `last`, both included; None is an open end."""

    column: str
    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, row: Mapping[str, Any], margin: dt.timedelta = dt.timedelta()) -> bool:
        """Tell whether a row lies in the range, or at most `margin` outside."""
        text = row[self.column]
        if text is None:
            return self.first is None and self.last is None
        day = dt.date.fromisoformat(text)
        after = self.first is None or day >= self.first - margin
        return after and (self.last is None or day <= self.last + margin)


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Which rows: by a range of days, by values of a column or by whole keys; all of what is given.

    `where` are further conditions, which the caller judges again on the rows.
    """

    days: DayRange | None = None
    column: str = ""
    values: Sequence[Value] = ()
    keys: Sequence[Sequence[Value]] = ()
    where: tuple[Condition, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Rows by alias. `extracted`: before the server was asked for them."""

    rows: list[Row]
    extracted: dt.datetime


class TableReader:
    """Reads tables through a client, in the way that the settings say.

    Rows come in the order of the table's key. Filters that the server does not honour are found: each row is
    held against what was asked for, and dates in conditions are tried once with a range that must be empty
    and one that must not.
    """

    def __init__(self, client: Client, settings: Mapping[str, Any]) -> None:
        self.client = client
        self.zone = ServerZone(str(settings.get("server_timezone") or "UTC"))
        self._settings = settings
        self._readers = Readers(self.zone, settings.get("decimals"))
        self._page_size = int(settings.get("page_size") or DEFAULT_PAGE_SIZE)
        self._links = settings.get("paging") == "next_link"
        self._proven = False
        self._proving = threading.Lock()
        if self._links and not client.has_token:
            raise SystemFault(
                "`paging: next_link` needs a session of the server, which `auth_mode: basic` has not.",
                fix="Use `auth_mode: token`, or `paging: keyset`.",
            )

    @property
    def list_size(self) -> int:
        """Keys per list at most."""
        return int(self._settings.get("key_list_size") or 100)

    @property
    def concurrency(self) -> int:
        """Calls at the same time at most."""
        return int(self._settings.get("concurrency") or 1)

    def server_time(self, table: Table) -> dt.datetime:
        """Return the server's present time, asking for one row of a table if it is not known yet.

        This machine's, with a warning, where answers have no Date header.
        """
        if self.client.server_time() is None:
            self._ask(table.only(()), [], size=1)
        now = self.client.server_time()
        if now is None:
            logger.warning("The server sends no Date header: the clock of this machine bounds the run.")
        return now or dt.datetime.now(dt.UTC)

    def today(self, table: Table) -> dt.date:
        """Return the server's day."""
        return self.zone.local(self.server_time(table)).date()

    def read(self, table: Table, selection: Selection | None = None) -> Iterator[Page]:
        """Yield the selected rows, page by page; pages without rows are left out."""
        chosen = selection or Selection()
        if chosen.days is not None:
            self._prove_once(table, chosen.days.column)
        for groups in self._groups(table, chosen):
            for page in self._pages(table, groups):
                rows = self._held(table, page.rows, chosen)
                if rows:
                    yield Page(rows, page.extracted)

    def rows(self, table: Table, selection: Selection | None = None) -> Iterator[Row]:
        """Yield the selected rows, one by one."""
        for page in self.read(table, selection):
            yield from page.rows

    def columns(self, table: str) -> list[str]:
        """Return the aliases of a table's columns, by a request that returns no data (formServiceDemo)."""
        body = {
            "targetName": table,
            "targetType": "table",
            "dataServiceType": "BROWSE",
            "formServiceDemo": "TRUE",
            "outputType": "GRID_DATA",
            "maxPageSize": "1",
        }
        document = self.client.data_service(body)
        envelope_of(document, table)
        names = grid_of(document, table).columns
        return [name.removeprefix(f"{table}_") for name in names if name.startswith(f"{table}_")]

    def probe(self, table: Table) -> None:
        """Ask for one row with all columns of a table."""
        RowReader(table, self._readers).rows(self._ask(table, [], size=1))

    def has_rows(self, table: Table, days: DayRange) -> bool:
        """Tell whether a table has rows on days, without a margin."""
        return any(True for _ in self.rows(table.only((days.column,)), Selection(days=days)))

    # Requests

    def _groups(self, table: Table, chosen: Selection) -> Iterator[list[Group]]:
        """Yield the conditions of each query that the selection needs; lists are cut."""
        days = (*self._days(table, chosen.days), *chosen.where)
        if chosen.column:
            values = list(chosen.values)
            for start in range(0, len(values), self.list_size):
                listed = query.among(chosen.column, values[start : start + self.list_size])
                yield [(*days, listed)]
        elif chosen.keys:
            # Dates are left to the rows: a condition on one is only as exact as the server's today.
            plain = [place for place, name in enumerate(table.key) if not _is_date(table, name)]
            for parts in dict.fromkeys(tuple(key[place] for place in plain) for key in chosen.keys):
                names = [table.key[place] for place in plain]
                pairs = zip(names, parts, strict=True)
                yield [(*days, *(query.equal(name, value) for name, value in pairs))]
        else:
            yield [days] if days else []

    def _days(self, table: Table, days: DayRange | None) -> Group:
        if days is None:
            return ()
        form, today = self._date_form, self.today(table)
        found: list[Condition] = []
        if days.first is not None:
            low = form.operand(days.first - MARGIN, today)
            found.append(Condition(days.column, "GREATER_EQUAL", (low,)))
        if days.last is not None:
            high = form.operand(days.last + MARGIN, today)
            found.append(Condition(days.column, "LESS_EQUAL", (high,)))
        return tuple(found)

    @cached_property
    def _date_form(self) -> DateForm:
        return DateForm.from_settings(self._settings, self.client.log_in())

    def _ask(self, table: Table, groups: Sequence[Group], size: int | None = None) -> Grid:
        body = query.browse(
            table,
            groups,
            page_size=size or self._page_size,
            order=table.key,
            next_links=self._links and size is None,
        )
        return grid_of(self.client.data_service(body), table.name)

    def _pages(self, table: Table, groups: Sequence[Group]) -> Iterator[Page]:
        """Yield all pages of one query, following keys or links."""
        walk = _Walk(table, self._page_size)
        reader, barren = RowReader(table, self._readers), 0
        while not walk.is_done:
            extracted = dt.datetime.now(dt.UTC)
            size = None if walk.size == self._page_size else walk.size
            grid = self._ask(table, query.both(groups, walk.conditions()), size)
            rows = walk.fresh(reader.rows(grid), grid)
            yield Page(rows, extracted)
            try:
                for page in self._linked(table, grid, reader, walk):
                    barren = 0
                    yield page
            except (ResultSetExpired, RequestFailed) as fault:
                barren += 1
                if barren > _BARREN and not rows:
                    raise
                logger.info("%s: asked anew after the last key: %s", table.name, fault.message)
                walk.is_done = False

    def _linked(self, table: Table, grid: Grid, reader: RowReader, walk: _Walk) -> Iterator[Page]:
        """Yield the pages behind a page's next link."""
        link = grid.link if self._links else None
        while link:
            extracted = dt.datetime.now(dt.UTC)
            grid = grid_of(self.client.next_page(link, table.name), table.name)
            link = grid.link
            yield Page(walk.fresh(reader.rows(grid), grid, linked=True), extracted)

    # Proofs

    def prove(self, table: Table, column: str) -> None:
        """Stop where conditions on dates are not honoured: they decide what an incremental run sees."""
        narrow, today = table.only((column,)), self.today(table)
        future = self._date_form.operand(today + _FAR, today)
        if self._ask(narrow, [(Condition(column, "GREATER_EQUAL", (future,)),)], size=1).rows:
            raise _not_honoured(table, column, "a range that lies 40 years ahead has rows")
        past = self._date_form.operand(today - _FAR, today)
        if self._ask(narrow, [(Condition(column, "GREATER_EQUAL", (past,)),)], size=1).rows:
            self._proven = True
            return
        reader = RowReader(narrow, self._readers)
        rows = reader.rows(self._ask(narrow, []))
        if any(row[column] and row[column] >= (today - _FAR).isoformat() for row in rows):  # type: ignore[operator]  # dates are text
            raise _not_honoured(table, column, "a range that reaches back 40 years has no row")

    def _prove_once(self, table: Table, column: str) -> None:
        with self._proving:
            if not self._proven:
                self.prove(table, column)

    def _held(self, table: Table, rows: list[Row], chosen: Selection) -> list[Row]:
        """Return the rows that were asked for; SystemFault where the server gives others."""
        if chosen.days is not None:
            days = chosen.days
            if not all(days.holds(row, MARGIN * 3) for row in rows):
                raise _not_honoured(table, days.column, "rows of other days came")
            rows = [row for row in rows if days.holds(row)]
        if chosen.column:
            wanted = {str(value) for value in chosen.values}
            if any(str(row[chosen.column]) not in wanted for row in rows):
                raise _not_honoured(table, chosen.column, "rows with other values came")
        if chosen.keys:
            keys = {tuple(key) for key in chosen.keys}
            rows = [row for row in rows if tuple(row[name] for name in table.key) in keys]
        return rows


class _Walk:
    """Where a query stands: the last key seen, and the keys that may come again."""

    def __init__(self, table: Table, size: int) -> None:
        self._table = table
        dates = [place for place, name in enumerate(table.key) if _is_date(table, name)]
        # A date in a condition is relative to the server's today: keys are followed up to it, and what has
        # the same beginning is read again.
        self._columns = table.key[: dates[0]] if dates else table.key
        self._inclusive = bool(dates)
        self._numbers = [
            name for name in self._columns if table.column(name).kind in {Kind.INTEGER, Kind.NUMBER}
        ]
        self._numbers = self._numbers if self._columns[: len(self._numbers)] == tuple(self._numbers) else []
        if not self._columns:
            raise SystemFault(f"The key of {table.name} begins with a date.", fix="Give another `key`.")
        self._last: tuple[Value, ...] | None = None
        self._stored: tuple[Value, ...] = ()
        self._seen: set[tuple[Value, ...]] = set()
        self._first_size = size
        self.size = size
        self.is_done = False

    def conditions(self) -> list[Group]:
        """Return what holds for all rows that were not seen."""
        if self._last is None:
            return []
        return query.after(self._columns, self._stored, inclusive=self._inclusive)

    def fresh(self, rows: list[Row], grid: Grid, *, linked: bool = False) -> list[Row]:
        """Return the rows that were not seen yet, and note where they end."""
        unseen = [row for row in rows if self._key(row) not in self._seen]
        self._require_order(unseen)
        more = grid.more if grid.more is not None else len(rows) >= self.size
        self.is_done = not more and grid.link is None
        if unseen:
            last = self._prefix(unseen[-1])
            pairs = zip(reversed(rows), reversed(grid.rows), strict=True)
            self._stored = self._as_stored(last, next(raw for row, raw in pairs if row is unseen[-1]))
            kept = self._seen if self._inclusive and last == self._last else set()
            # Of the page before, nothing else can come again: the order was held.
            self._seen = kept | {self._key(row) for row in unseen if self._prefix(row) == last}
            self._last = last
            self.size = self._first_size
        elif rows and not self._inclusive:
            raise _not_honoured(self._table, self._columns[0], "the rows after a key are those before it")
        elif more and not linked:
            # One beginning fills the page: only a larger one gets beyond it.
            self.size *= 2
        return unseen

    def _as_stored(self, last: Sequence[Value], raw: Mapping[str, Any]) -> tuple[Value, ...]:
        """Return a key as conditions need it: a business unit sorts with its leading blanks."""
        cells = {
            name: raw.get(f"{self._table.name}_{name}") for name in self._columns if name in RIGHT_JUSTIFIED
        }
        return tuple(
            cell.rstrip() if isinstance(cell := cells.get(name), str) else value
            for name, value in zip(self._columns, last, strict=True)
        )

    def _key(self, row: Row) -> tuple[Value, ...]:
        return tuple(row[name] for name in self._table.key)

    def _prefix(self, row: Row) -> tuple[Value, ...]:
        return tuple(row[name] for name in self._columns)

    def _require_order(self, rows: Sequence[Row]) -> None:
        """Stop where rows are not in the order that was asked for: pages by key would leave some out.

        Only numbers can be judged: how a database sorts text is its own affair.
        """
        before: tuple[Any, ...] | None = None
        if self._last is not None and self._numbers:
            before = self._last[: len(self._numbers)]
        for row in rows if self._numbers else ():
            here = tuple(row[name] for name in self._numbers)
            if before is not None and here < before:
                raise _not_honoured(self._table, self._numbers[0], "rows are not in the order of the key")
            before = here


def _is_date(table: Table, name: str) -> bool:
    return table.column(name).kind is Kind.DATE


def _not_honoured(table: Table, column: str, why: str) -> SystemFault:
    return SystemFault(
        f"The server does not honour conditions on {table.name}.{column} or the order: {why}.",
        fix="Try another `date_filter`, another `paging`, and look for query security on the Data Browser.",
    )
