"""Carrying out a plan by reading tables: by lists of keys where little changed, else whole.

Whole tables are joined in a temporary file; lists of keys read, batch by batch, only what records need.
What is there for a batch is the same either way, and so are the records.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ml_connector.singer.windows import Window, instant_text
from tap_oracle_ebs.business.plan import Crossing, Plan, Step, Target, Walk, followed
from tap_oracle_ebs.business.workspace import Workspace
from tap_oracle_ebs.catalog.tables import CHANGED
from tap_oracle_ebs.gateway.answers import Row, Value
from tap_oracle_ebs.reading.rest_get import TableReader
from tap_oracle_ebs.reading.selection import Selection

_BATCH = 500
_SECOND = dt.timedelta(seconds=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Lists:
    """Whether the service takes lists of keys, how long they may be, and how many keys are too many."""

    taken: bool
    size: int
    limit: int


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """Span of judgement in `(after, until]`: what crosses an edge of a time window among them is sent."""

    after: dt.date
    until: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """The rows behind some records of a kind, gathered in the workspace; `chosen` is a JSON list of keys."""

    kind: str
    chosen: str
    workspace: Workspace
    extracted: dt.datetime


class _NotByLists(Exception):
    """Lists of keys do not lead to the records, or not in reasonable time; the text says why."""


class Engine:
    """Reads what a plan names for one stream; `pause` is called between pages and may end the run."""

    def __init__(
        self,
        plan: Plan,
        reader: TableReader,
        lists: Lists,
        units: Sequence[int],
        title: str,
        log: logging.Logger,
        pause: Callable[[], None],
    ) -> None:
        self._plan = plan
        self._reader = reader
        self._lists = lists
        self._units = units
        self._title = title
        self._log = log
        self._pause = pause

    def parts(self, window: Window, accounts: Sequence[int], crossed: Span | None) -> Iterator[Part]:
        """Yield what has to be sent of a window, batch by batch; `accounts` are given keys."""
        plan = self._plan
        with Workspace(plan.tables, plan.indexes) as workspace:
            try:
                self._require_lists(window)
                self._find(workspace, window, accounts, crossed)
            except _NotByLists as reason:
                yield from self._whole(workspace, window, accounts, crossed, str(reason))
                return
            found = workspace.count("touched")
            self._log.info("%s: reading %d records by key lists", self._title, found)
            if found:
                yield from self._by_lists(workspace)

    def _require_lists(self, window: Window) -> None:
        if not self._lists.taken:
            raise _NotByLists("`key_list_filter` is off")
        if window.start is None and not window.keys:
            raise _NotByLists("the first load" if window.is_everything else "the range has no beginning")

    # Whole tables

    def _whole(
        self,
        workspace: Workspace,
        window: Window,
        accounts: Sequence[int],
        crossed: Span | None,
        why: str,
    ) -> Iterator[Part]:
        self._log.info("%s: reading %d tables whole (%s)", self._title, len(self._plan.tables), why)
        extracted = dt.datetime.now(dt.UTC)
        workspace.empty()
        for name in self._plan.names:
            self._load(workspace, name)
            self._log.info("%s: %s has %d rows", self._title, name, workspace.count(name))
        workspace.index()
        for target in self._plan.targets:
            self._touch(workspace, target, window, accounts, crossed)
            for keys in workspace.touched(target.kind, _BATCH):
                yield Part(target.kind, json.dumps(keys), workspace, extracted)

    def _touch(
        self,
        workspace: Workspace,
        target: Target,
        window: Window,
        accounts: Sequence[int],
        crossed: Span | None,
    ) -> None:
        """Note, among whole tables, the records of the window."""
        if window.keys:
            given = "SELECT value FROM json_each(:accounts)"
            queries = [followed(given, steps) for steps in target.of_accounts or ((),)]
        elif window.start is None and window.is_everything:
            queries = [target.all_keys]
        else:
            operator = "<=" if window.closed else "<"
            rows = f"{CHANGED} >= :start AND {CHANGED} {operator} :end"
            queries = [walk.sql(rows) for walk in target.walks]
        bounds = {
            "accounts": json.dumps(list(accounts)),
            "start": self._start(window),
            "end": instant_text(_end(window)),
        }
        for query in queries:
            workspace.touch_selected(
                target.kind, _existing(target, query), {**self._plan.parameters, **bounds}
            )
        for crossing in target.crossings if crossed else ():
            assert crossed is not None  # noqa: S101 - said one line above
            low, high = self._edge(crossing, crossed)
            rows = f"{crossing.date_column} > :low AND {crossing.date_column} <= :high"
            edges = {"low": instant_text(low), "high": instant_text(high)}
            query = _existing(target, crossing.walk.sql(rows))
            workspace.touch_selected(target.kind, query, {**self._plan.parameters, **edges})

    # Lists of keys

    def _find(
        self, workspace: Workspace, window: Window, accounts: Sequence[int], crossed: Span | None
    ) -> None:
        """Note, by windows and lists of keys, the records of the window."""
        for target in self._plan.targets:
            if window.keys:
                for steps in target.of_accounts or ((),):
                    self._note(workspace, target, self._walk(steps, set(accounts)))
                continue
            self._find_changed(workspace, target, window)
            for crossing in target.crossings if crossed else ():
                assert crossed is not None  # noqa: S101 - said one line above
                low, high = self._edge(crossing, crossed)
                selection = Selection(low + _SECOND, high, date_column=crossing.date_column)
                self._follow(workspace, target, [crossing.walk], selection)

    def _find_changed(self, workspace: Workspace, target: Target, window: Window) -> None:
        changed = Selection(window.start, window.read_until, window.closed)
        for name in dict.fromkeys(walk.table for walk in target.walks):
            walks = [walk for walk in target.walks if walk.table == name]
            self._follow(workspace, target, walks, changed)

    def _follow(
        self, workspace: Workspace, target: Target, walks: Sequence[Walk], selection: Selection
    ) -> None:
        """Read the selected rows of the walks' table and note where they lead."""
        names = [walk.column for walk in walks] + [only.column for walk in walks for only in walk.only]
        table = self._plan.table(walks[0].table)
        narrow = table.only(*names, selection.date_column, "ORG_ID")
        for page in self._reader.read(narrow, selection):
            rows = self._own(page.rows)
            for walk in walks:
                kept = [row for row in rows if all(only.holds(row) for only in walk.only)]
                if kept and walk.query:
                    raise _NotByLists(f"rows of {walk.table} changed, which no list of keys leads from")
                self._note(workspace, target, self._walk(walk.steps, {row[walk.column] for row in kept}))
            self._pause()

    def _note(self, workspace: Workspace, target: Target, keys: Iterable[Value]) -> None:
        workspace.touch(target.kind, keys)
        found = workspace.count("touched")
        if found > self._lists.limit:
            raise _NotByLists(f"more than {self._lists.limit:,} records changed")

    def _walk(self, steps: Sequence[Step], values: set[Any]) -> set[Any]:
        for step in steps:
            known = tuple(sorted(value for value in values if value is not None))
            if len(known) > self._lists.limit:
                raise _NotByLists(f"more than {self._lists.limit:,} rows of {step.table} are behind a change")
            values = set()
            if known:
                names = [step.column, step.to, "ORG_ID", *(only.column for only in step.only)]
                table = self._plan.table(step.table).only(*names)
                for page in self._reader.read(table, Selection(column=step.column, values=known)):
                    values |= {
                        row[step.to]
                        for row in self._own(page.rows)
                        if all(only.holds(row) for only in step.only)
                    }
                    self._pause()
        return values - {None}

    def _by_lists(self, workspace: Workspace) -> Iterator[Part]:
        workspace.index()
        for name in self._plan.whole:
            self._log.info("%s: %s has no list of keys and is read whole", self._title, name)
            self._load(workspace, name)
        for target in self._plan.targets:
            for keys in workspace.touched(target.kind, self._lists.size):
                chosen, extracted = json.dumps(keys), dt.datetime.now(dt.UTC)
                workspace.empty(*self._plan.whole)
                for detail in target.details:
                    source = workspace.values(detail.source, {**self._plan.parameters, "chosen": chosen})
                    if source:
                        self._load(
                            workspace, detail.table, Selection(column=detail.column, values=tuple(source))
                        )
                yield Part(target.kind, chosen, workspace, extracted)

    # Both

    def _load(self, workspace: Workspace, name: str, selection: Selection | None = None) -> None:
        table, conditions = self._plan.table(name), self._plan.rows.get(name, ())
        for page in self._reader.read(table, selection):
            rows = self._own(page.rows)
            if conditions:
                rows = [row for row in rows if all(only.holds(row) for only in conditions)]
            workspace.add(name, rows)
            self._pause()

    def _own(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Leave out the rows of operating units that are not to be read."""
        if not self._units or not rows or "ORG_ID" not in rows[0]:
            return rows
        return [row for row in rows if row["ORG_ID"] is None or row["ORG_ID"] in self._units]

    def _start(self, window: Window) -> str:
        """Return the lower bound as rows are stamped: in the hour that autumn repeats, the earlier one."""
        if window.start is None:
            return ""
        zone = self._reader.zone
        return instant_text(zone.to_utc(zone.lower_bound(window.start)))

    def _edge(self, crossing: Crossing, crossed: Span) -> tuple[dt.datetime, dt.datetime]:
        zone = self._reader.zone
        return zone.to_utc(crossing.shift(crossed.after)), zone.to_utc(crossing.shift(crossed.until))


def _end(window: Window) -> dt.datetime:
    return window.read_until or dt.datetime.max.replace(tzinfo=dt.UTC)


def _existing(target: Target, query: str) -> str:
    """Return the query of those of some keys that have a record."""
    conditions = "".join(f" AND {only.sql}" for only in target.only)
    return f"SELECT {target.key} FROM {target.table} WHERE {target.key} IN ({query}){conditions}"  # noqa: S608
