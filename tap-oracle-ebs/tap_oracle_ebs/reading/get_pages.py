"""The pages of one selection by GET, and servers that do not do what they were asked.

There is no total and no marker of the end: data ends with a page that is empty or short.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ml_connector.errors import SystemFault
from tap_oracle_ebs.catalog.tables import Table
from tap_oracle_ebs.gateway.answers import Row, Value
from tap_oracle_ebs.gateway.client import SYSTEM
from tap_oracle_ebs.reading.selection import Page, Selection

if TYPE_CHECKING:
    from tap_oracle_ebs.reading.rest_get import TableReader

_OVERLAP = 5
# A page of a round number of rows may have been cut by a limit of the server's own.
_ROUND = 25
# Where the autumn hour repeats, a bound is an hour wide.
_TOLERANCE = dt.timedelta(hours=2)


class GetPages:
    """The pages of one selection in one operating unit."""

    def __init__(self, reader: TableReader, table: Table, selection: Selection, org_id: int | None) -> None:
        self._reader = reader
        self._table = table
        self._selection = selection
        self._org_id = org_id
        self._conditions = reader.conditions(table, selection)
        self._limit = reader.page_size(table)
        self._has_changed = any(column.name == selection.date_column for column in table.columns)
        self._changed = selection.name(selection.date_column)
        self._keys = tuple(selection.name(column) for column in table.key)

    def pages(self) -> Iterator[Page]:
        """Yield pages without repeated rows."""
        if self._reader.by_keyset and len(self._table.key) == 1:
            return self._by_keyset(self._table.key[0])
        return self._by_offset()

    def _by_keyset(self, column: str) -> Iterator[Page]:
        key = self._selection.name(column)
        last: Value = None
        while True:
            conditions = list(self._conditions)
            if last is not None:
                conditions.append(self._reader.compare_value(self._table, column, ">", last))
            page = self._fetch(conditions, (column,), None)
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
        """Pages overlap, and each must join the one before: rows that leave the window shift the others.

        The order is that of the key. With the date before it, the hour that spring leaves out would come
        in another order here than at the server.
        """
        overlap = min(_OVERLAP, self._limit - 1)
        start, step = 0, _OVERLAP
        first: tuple[Any, ...] | None = None
        seen: tuple[Any, ...] | None = None
        while True:
            page = self._fetch(self._conditions, self._table.key, start)
            places = [tuple(row[name] for name in self._keys) for row in page.rows]
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
        page = self._reader.fetch(
            self._table,
            conditions,
            order,
            self._org_id,
            self._limit,
            offset,
            lower_names=self._selection.lower_names,
        )
        if len(page.rows) > self._limit:
            raise self._ignores("limit")
        self._require_keys(page.rows)
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
        after = self._reader.compare_value(self._table, key, ">", last[self._keys[0]])
        more = self._fetch([*self._conditions, after], (key,), None)
        if not more.rows:
            return False
        self._reader.note_short_pages(self._table, rows)
        self._limit = rows
        return True

    def _require_keys(self, rows: Sequence[Row]) -> None:
        for key in self._keys:
            if any(row[key] is None for row in rows):
                raise SystemFault(
                    f"{SYSTEM}: a row of {self._table.name} has no {key.upper()}, which is part of its key.",
                    fix="Correct the `key` of this table, or the view that is deployed for it.",
                )

    def _require_sorted(self, places: Iterable[tuple[Any, ...]]) -> None:
        before: tuple[Any, ...] | None = None
        for place in places:
            if before is not None and place <= before:
                raise self._ignores("sort")
            before = place

    def _require_filtered(self, rows: Sequence[Row]) -> None:
        chosen = self._selection
        if chosen.values:
            wanted, name = set(chosen.values), chosen.name(chosen.column)
            if any(row[name] not in wanted for row in rows):
                raise self._ignores("filter")
        if chosen.keys and any(tuple(row[name] for name in self._keys) not in chosen.keys for row in rows):
            raise self._ignores("filter")
        if not self._has_changed:
            return
        changes = [str(row[self._changed]) for row in rows if row[self._changed] is not None]
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
            "limit": "Correct `limit_parameter`: without it a page may be as large as the table.",
        }
        name = self._reader.control_name(self._table, control)
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
