"""The key index of one module: read once by COQL, kept in the ledger, refreshed by what changed since."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.singer.key_index import KeyIndex
from ml_connector.vendors.zoho import coql
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.metadata import MODIFIED
from ml_connector.vendors.zoho.records import Place, coql_page, place_of
from target_zoho_crm.ladder import KeyRung, by_key, columns_of

log = logging.getLogger(__name__)

_FRESH_SECONDS = 300.0
_FEW = 200  # rows of the first query of a refresh, which then costs one credit
_MARGIN = dt.timedelta(seconds=5)  # an answer's time and the time of a write need not be one clock's


class ModuleIndex:
    """Finds the records of a module by normalised keys.

    One query per 2,000 records the first time; afterwards one, as a rule, for what changed since. `dated`
    is false for a module that does not say when its records changed: it is read whole in each run. `calls`
    and `rows` count what that cost.
    """

    def __init__(self, client: ZohoClient, module: str, store: KeyIndex) -> None:
        self._client = client
        self._module = module
        self._store = store
        self._read_at: dict[str, float] = {}
        self.calls = 0
        self.rows = 0

    def is_built(self, rungs: Sequence[KeyRung]) -> bool:
        """Whether an earlier run read the keys of all these rungs."""
        return all(self._store.mark(self._module, rung.mark) is not None for rung in rungs)

    def holders(
        self, rungs: Sequence[KeyRung], rung: KeyRung, values: Sequence[Any], *, dated: bool
    ) -> dict[str, list[str]]:
        """Per value the ids of records that may hold it. `rungs`: all that are read together."""
        self._freshen(rungs, dated=dated)
        named = by_key(rung, values)
        found = self._store.holders(self._module, rung.mark, list(named))
        return {value: keys for key, keys in found.items() for value in named[key]}

    def stale(self) -> None:
        """Read what changed before the next look."""
        self._read_at.clear()

    def _note(self, rungs: Sequence[KeyRung], rows: Sequence[Mapping[str, Any]]) -> None:
        entries = [
            (
                str(row["id"]),
                rung.mark,
                None if (key := rung.value(row)) is None else rung.index_key(str(key)),
            )
            for row in rows
            for rung in rungs
        ]
        if entries:
            self._store.put(self._module, entries)

    def _freshen(self, rungs: Sequence[KeyRung], *, dated: bool) -> None:
        now = time.monotonic()
        known = [self._read_at.get(rung.mark) for rung in rungs]
        if all(at is not None and now - at < _FRESH_SECONDS for at in known):
            return
        marks = [self._store.mark(self._module, rung.mark) for rung in rungs]
        whole = not dated or any(mark is None for mark in marks)
        # The edition is asked for first, if by nobody else: so there is an answer that tells the time.
        _ = self._client.edition
        began = (self._client.server_time() or dt.datetime.now(dt.UTC)) - _MARGIN
        since = None if whole else min(dt.datetime.fromisoformat(mark) for mark in marks if mark)
        before = self.calls, self.rows
        for page in self._pages(rungs, since):
            self._note(rungs, page)
            self.rows += len(page)
        for rung in rungs:
            self._store.set_mark(self._module, rung.mark, began.isoformat())
            self._read_at[rung.mark] = now
        log.info(
            "Read the keys of %d records of %s%s in %d calls.",
            self.rows - before[1],
            self._module,
            "" if whole else " that changed",
            self.calls - before[0],
        )

    def _pages(
        self, rungs: Sequence[KeyRung], since: dt.datetime | None
    ) -> Iterator[Sequence[Mapping[str, Any]]]:
        by_time = since is not None
        columns = list(dict.fromkeys(["id", *([MODIFIED] if by_time else []), *columns_of(rungs)]))
        changed = coql.changed_between(MODIFIED, since, None)
        place: Place | None = None
        limit = _FEW if by_time else coql.MAX_ROWS
        while True:
            self.calls += 1
            page = coql_page(
                self._client, self._module, columns, changed, place, by_time=by_time, limit=limit
            )
            yield page.rows
            if not page.more or not page.rows:
                return
            place, limit = place_of(page.rows[-1], by_time=by_time), coql.MAX_ROWS
