"""Tickets by external id: one by one, or all of them read once where that takes fewer requests.

Zendesk knows no look-up of many tickets by external id, and its listings leave archived tickets out; the
incremental export has them all, but for the last minute (Tickets, Incremental exports).
"""

from __future__ import annotations

import datetime as dt
import logging
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ml_connector.http import Parallel
from ml_connector.vendors.zendesk.client import SHOW_MANY, ZendeskClient

log = logging.getLogger(__name__)

_PATH = "/api/v2/tickets"
_EXPORT = "/api/v2/incremental/tickets/cursor"
_PER_EXPORT = 1000
FEW_LOOKUPS = 20
_EXPORT_COST = 5  # an export page counts like so many look-ups: 10 a minute may be read
_RECENT = dt.timedelta(minutes=3)

Row = Mapping[str, Any]


class TicketDirectory:
    """Looks up by external id.

    `archived`: archived tickets are among those that we write, so only the export will do. After a run
    that died it is read `settle_seconds` later, for it withholds the last minute.
    """

    def __init__(
        self, client: ZendeskClient, parallel: Parallel, *, archived: bool, settle_seconds: float
    ) -> None:
        self._client = client
        self._parallel = parallel
        self._archived = archived
        self._settle_seconds = settle_seconds
        self._ids: dict[str, list[int]] | None = None

    def find(self, values: Sequence[str], *, fresh: bool) -> dict[str, list[Row]]:
        """The tickets with these external ids, deleted ones and those that a follow-up continues left out.

        `fresh`: what was read before says nothing, since a run that died wrote meanwhile.
        """
        wanted = list(dict.fromkeys(values))
        if self._ids is not None and not fresh:
            return self._from_index(self._ids, wanted)
        if self._archived or (len(wanted) > FEW_LOOKUPS and self._pages() * _EXPORT_COST < len(wanted)):
            self._settle(fresh=fresh)
            ids = self._scan()
            # Kept for the run: whatever comes from now on is ours, and has its link.
            self._ids = None if fresh else ids
            return self._from_index(ids, wanted)
        found = self._parallel.map(lambda value: (value, self._ask(value)), wanted)
        return {value: rows for value, rows in found if rows}

    def _settle(self, *, fresh: bool) -> None:
        if not (fresh and self._archived and self._settle_seconds):
            return
        log.info("Waiting %.0f s until Zendesk's export shows what was just imported.", self._settle_seconds)
        time.sleep(self._settle_seconds)

    def _ask(self, value: str) -> list[Row]:
        page = self._client.get(_PATH, external_id=value)
        rows = [row for row in page.get("tickets") or [] if row.get("external_id") == value]
        return without_continued(rows)

    def _pages(self) -> int:
        counted = self._client.get(f"{_PATH}/count").get("count") or {}
        return math.ceil(int(counted.get("value") or 0) / _PER_EXPORT) + 1

    def _from_index(self, ids: Mapping[str, Sequence[int]], wanted: Sequence[str]) -> dict[str, list[Row]]:
        keys = sorted({key for value in wanted for key in ids.get(value, ())})
        by_external_id: dict[str, list[Row]] = {}
        for row in self.show_many([str(key) for key in keys]):
            by_external_id.setdefault(str(row.get("external_id")), []).append(row)
        return {
            value: without_continued(by_external_id[value]) for value in wanted if value in by_external_id
        }

    def show_many(self, keys: Sequence[str]) -> Iterable[Row]:
        """Tickets by id, 100 per request; those that are gone are left out."""
        for start in range(0, len(keys), SHOW_MANY):
            chosen = ",".join(keys[start : start + SHOW_MANY])
            yield from self._client.get(f"{_PATH}/show_many", ids=chosen).get("tickets") or []

    def _scan(self) -> dict[str, list[int]]:
        """Every ticket's external id: the export from its beginning, then what changed just now."""
        log.info("Reading the external ids of all tickets.")
        began = dt.datetime.now(dt.UTC)
        ids: dict[str, dict[int, None]] = {}
        self._export(lambda row: _note(ids, row))
        self._recent(began, lambda row: _note(ids, row))
        return {external_id: list(keys) for external_id, keys in ids.items()}

    def _export(self, note: Callable[[Row], None]) -> None:
        params: dict[str, Any] = {"start_time": 1, "per_page": _PER_EXPORT}
        while True:
            page = self._client.get(_EXPORT, **params)
            for row in page.get("tickets") or []:
                note(row)
            if page.get("end_of_stream") is not False or not page.get("after_cursor"):
                return
            params.pop("start_time", None)
            params["cursor"] = page["after_cursor"]

    def _recent(self, began: dt.datetime, note: Callable[[Row], None]) -> None:
        # The last row that both know ties the two readings together.
        limit = (began - _RECENT).strftime("%Y-%m-%dT%H:%M:%SZ")
        for row in self._client.pages(_PATH, "tickets", sort="-updated_at"):
            if str(row.get("updated_at")) < limit:
                return
            note(row)


def without_continued(rows: Sequence[Row]) -> list[Row]:
    """Of tickets with one external id those that no other of them follows up on."""
    ids = {row["id"] for row in rows}
    return [row for row in rows if not ids & set(row.get("followup_ids") or ())]


def _note(ids: dict[str, dict[int, None]], row: Row) -> None:
    if row.get("external_id") and row.get("status") != "deleted":
        ids.setdefault(str(row["external_id"]), {})[int(row["id"])] = None
