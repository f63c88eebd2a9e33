"""Reading tables by GET: filters, pages, and servers that do not do what they were asked.

Names of parameters, operators, date mask and offset base are settings, since no public text settles them.
There is no total and no marker of the end: data ends with a page that is empty or short.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from tap_oracle_ebs.catalog.tables import Table
from tap_oracle_ebs.gateway.answers import Row, RowReader, Value, records_in
from tap_oracle_ebs.gateway.client import SYSTEM, Client
from tap_oracle_ebs.gateway.masks import date_mask
from tap_oracle_ebs.gateway.zones import ServerZone
from tap_oracle_ebs.reading.selection import Page, Selection

logger = logging.getLogger("tap-oracle-ebs")

_WORDS = {">=": "ge", "<=": "le", ">": "gt", "<": "lt", "=": "eq"}
_OVERLAP = 5
# A page of a round number of rows may have been cut by a limit of the server's own.
_ROUND = 25
# Where the autumn hour repeats, a bound is an hour wide.
_TOLERANCE = dt.timedelta(hours=2)


class TableReader:
    """Reads tables through one client. All rows come in one form; see `answers.RowReader`."""

    def __init__(self, client: Client, settings: Mapping[str, Any]) -> None:
        self.client = client
        self.zone = ServerZone(str(settings["server_timezone"]))
        self._settings = settings
        self._mask = date_mask(str(settings["date_mask"]))
        answer_mask = settings.get("answer_date_mask")
        self._answer_mask = date_mask(str(answer_mask)) if answer_mask else None
        self._page_size = int(settings["page_size"])
        self._short_pages: dict[str, int] = {}

    def setting(self, name: str) -> Any:
        """Return a setting of the tap."""
        return self._settings.get(name)

    def operation(self, table: Table) -> str:
        """Return the name under which a table is deployed."""
        return str((self._settings.get("operations") or {}).get(table.name, table.name))

    def needs_unit(self, table: Table) -> bool:
        """Tell whether the multi-org policy filters the table under the name it is read by."""
        return table.is_split and not self.operation(table).upper().endswith("_ALL")

    def path(self, table: Table) -> str:
        """Return the path of a table below the services."""
        alias = (self._settings.get("aliases") or {}).get(table.name) or self._settings["alias"]
        return str(self._settings["table_path"]).format(
            alias=alias, operation=self.operation(table), table=table.name
        )

    def read(self, table: Table, selection: Selection | None = None) -> Iterator[Page]:
        """Yield the pages of a selection, by default of the whole table; one unit after the other."""
        chosen = selection or Selection()
        units: Sequence[int | None] = [None]
        if self.needs_unit(table) and self.client.context.org_ids:
            units = self.client.context.org_ids
        for part in self._parts(table, chosen):
            for unit in units:
                yield from _Pages(self, table, part, unit).pages()

    def read_first(self, table: Table) -> Iterator[Row]:
        """Yield one row of each operating unit that shows any."""
        for unit in self.client.context.org_ids or (None,):
            yield from self.fetch(table, (), (), unit, 1).rows

    def first(self, table: Table, selection: Selection | None = None, *, rows: int = 1) -> Page:
        """Return at most `rows` rows: a probe."""
        return self.fetch(table, self.conditions(table, selection or Selection()), (), None, rows)

    def fetch(
        self,
        table: Table,
        conditions: Sequence[str],
        order: Sequence[str],
        org_id: int | None,
        limit: int,
        offset: int | None = None,
    ) -> Page:
        """Ask for one page."""
        settings, query = self._settings, {}
        operation = self.operation(table)
        controls = {
            "select": ",".join(column.name for column in table.columns),
            "filter": " AND ".join(conditions),
            "sort": ",".join(str(settings["sort_item"]).format(column=column) for column in order),
            "limit": str(limit),
            "offset": "" if offset is None else str(offset + int(settings["offset_base"])),
        }
        for control, value in controls.items():
            name = settings.get(f"{control}_parameter")
            if name and value:
                query[str(name)] = value
        extracted = dt.datetime.now(dt.UTC)
        response = self.client.get(self.path(table), operation, query, org_id=org_id)
        records = records_in(self.client.document(response), operation)
        return Page(RowReader(table, self.zone, self._answer_mask).rows(records), extracted)

    def conditions(self, table: Table, selection: Selection) -> list[str]:
        """Return the filter of a selection as a list of conditions that must all hold."""
        conditions = []
        if selection.start is not None:
            bound = self._mask.write(self.zone.lower_bound(selection.start))
            conditions.append(self.compare(selection.date_column, ">=", f"'{bound}'"))
        if selection.end is not None:
            bound = self._mask.write(self.zone.local(selection.end))
            operator = "<=" if selection.closed else "<"
            conditions.append(self.compare(selection.date_column, operator, f"'{bound}'"))
        if selection.values:
            listed = ",".join(map(str, selection.values))
            conditions.append(f"{selection.column} IN ({listed})")
        return conditions

    def compare(self, column: str, operator: str, literal: str) -> str:
        """Return one comparison in the operators of this gateway."""
        words = self._settings["filter_operators"] == "words"
        return f"{column} {_WORDS[operator] if words else operator} {literal}"

    def page_size(self, table: Table) -> int:
        """Return the rows per page: the setting, or less where the server was seen to give less."""
        return self._short_pages.get(table.name, self._page_size)

    def note_short_pages(self, table: Table, rows: int) -> None:
        """Remember that the server cuts pages to this many rows."""
        logger.warning(
            "%s gives at most %d rows per page, not `page_size` %d.", table.name, rows, self._page_size
        )
        self._short_pages[table.name] = rows

    @property
    def by_keyset(self) -> bool:
        """Whether pages continue after the last key."""
        return bool(self._settings["paging"] == "keyset")

    def _parts(self, table: Table, selection: Selection) -> Iterator[Selection]:
        """Cut a list of values into lists that fit into an address."""
        if not selection.column:
            yield selection
            return
        room = self._room_for_keys(table)
        largest = int(self._settings["key_list_size"])
        part: list[int] = []
        length = 0
        for value in selection.values:
            # A comma takes three characters once it is encoded.
            width = len(str(value)) + 3
            if part and (length + width > room or len(part) >= largest):
                yield dataclasses.replace(selection, values=tuple(part))
                part, length = [], 0
            part.append(value)
            length += width
        if part:
            yield dataclasses.replace(selection, values=tuple(part))

    def _room_for_keys(self, table: Table) -> int:
        columns = urllib.parse.quote(",".join(column.name for column in table.columns), safe="")
        fixed = len(self.path(table)) + len(columns) + 700
        return max(100, int(self._settings["max_url_length"]) - fixed)


class _Pages:
    """The pages of one selection in one operating unit."""

    def __init__(self, reader: TableReader, table: Table, selection: Selection, org_id: int | None) -> None:
        self._reader = reader
        self._table = table
        self._selection = selection
        self._org_id = org_id
        self._conditions = reader.conditions(table, selection)
        self._limit = reader.page_size(table)

    def pages(self) -> Iterator[Page]:
        """Yield pages without repeated rows."""
        if self._reader.by_keyset and len(self._table.key) == 1:
            return self._by_keyset(self._table.key[0])
        return self._by_offset()

    def _by_keyset(self, key: str) -> Iterator[Page]:
        last: Value = None
        while True:
            conditions = list(self._conditions)
            if last is not None:
                conditions.append(self._reader.compare(key, ">", str(last)))
            page = self._fetch(conditions, (key,), None)
            keys = [row[key] for row in page.rows]
            if last is not None and keys and not _less(last, keys[0]):
                raise self._ignores("filter")
            self._require_sorted([(value,) for value in keys])
            if page.rows:
                yield page
            if self._is_end(page):
                return
            last = keys[-1]

    def _by_offset(self) -> Iterator[Page]:
        """Pages overlap, and each must join the one before: rows that leave the window shift the others."""
        is_window = self._selection.start is not None or self._selection.end is not None
        order = (*((self._selection.date_column,) if is_window else ()), *self._table.key)
        overlap = min(_OVERLAP, self._limit - 1)
        start, step = 0, _OVERLAP
        first: tuple[Any, ...] | None = None
        seen: tuple[Any, ...] | None = None
        while True:
            page = self._fetch(self._conditions, order, start)
            places = [tuple(row[column] for column in order) for row in page.rows]
            self._require_sorted(places)
            if start and places and places[0] == first:
                raise self._ignores("offset")
            if start and overlap and not _joins(places, seen):
                # What is between was shifted to before this page: step back until the pages join.
                start, step = max(0, start - step), 2 * step
                continue
            first, step = first or next(iter(places), None), _OVERLAP
            new = [row for row, place in zip(page.rows, places, strict=True) if seen is None or place > seen]
            if new:
                yield Page(new, page.extracted)
                seen = places[-1]
            if len(places) < self._limit and (len(places) % _ROUND or not places):
                return
            start += len(places) - overlap

    def _fetch(self, conditions: Sequence[str], order: Sequence[str], offset: int | None) -> Page:
        page = self._reader.fetch(self._table, conditions, order, self._org_id, self._limit, offset)
        self._require_filtered(page.rows)
        return page

    def _is_end(self, page: Page) -> bool:
        """Judge whether a page was the last one. A page cut by the server's own limit is not."""
        rows = len(page.rows)
        if rows == 0:
            return True
        if rows >= self._limit:
            return False
        if rows % _ROUND:
            return True
        return not self._goes_on(page.rows[-1], rows)

    def _goes_on(self, last: Row, rows: int) -> bool:
        key = self._table.key[0]
        after = self._reader.compare(key, ">", str(last[key]))
        more = self._fetch([*self._conditions, after], (key,), None)
        if not more.rows:
            return False
        self._reader.note_short_pages(self._table, rows)
        self._limit = rows
        return True

    def _require_sorted(self, places: Iterable[tuple[Any, ...]]) -> None:
        before: tuple[Any, ...] | None = None
        for place in places:
            if before is not None and place <= before:
                raise self._ignores("sort")
            before = place

    def _require_filtered(self, rows: Sequence[Row]) -> None:
        chosen = self._selection
        if chosen.values:
            wanted = set(chosen.values)
            if any(row[chosen.column] not in wanted for row in rows):
                raise self._ignores("filter")
        if chosen.start is None and chosen.end is None:
            return
        changes = [str(row[chosen.date_column]) for row in rows if row[chosen.date_column] is not None]
        if not changes:
            return
        if chosen.start is not None and min(changes) < _text(chosen.start - _TOLERANCE):
            raise self._ignores("filter")
        if chosen.end is not None and max(changes) > _text(chosen.end + _TOLERANCE):
            raise self._ignores("filter")

    def _ignores(self, control: str) -> SystemFault:
        help_for = {
            "offset": "Correct `offset_parameter`, or use `paging: keyset`.",
            "filter": "Correct `filter_parameter`, `filter_operators` and `date_mask`; if it takes no key "
            "lists, set `key_list_filter: false`; if it takes no comparison of keys, set `paging: offset`.",
            "sort": "Correct `sort_parameter` and `sort_item`: without a sort order no page is reliable.",
        }
        name = self._reader.setting(f"{control}_parameter")
        return SystemFault(
            f"{SYSTEM}: {self._table.name} ignores the query parameter {name!r} ({control}).",
            fix=f"{help_for[control]} The WADL of the alias names the parameters that it knows.",
        )


def _joins(places: Sequence[tuple[Any, ...]], seen: tuple[Any, ...] | None) -> bool:
    """Tell whether a page begins no later than where the last one ended, so that nothing lies between."""
    return seen is None or (bool(places) and places[0] <= seen)


def _less(left: Any, right: Any) -> bool:
    return bool(left < right)


def _text(instant: dt.datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
