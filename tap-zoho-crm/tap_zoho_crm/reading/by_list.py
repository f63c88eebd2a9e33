"""Reading lists in the order of Modified_Time, by page tokens: one chain of them per fifty fields.

A chain ends after 100,000 records; a new one then begins at the last time read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.vendors.zoho import coql
from ml_connector.vendors.zoho.client import HEAVY, ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.metadata import MODIFIED
from ml_connector.vendors.zoho.records import LEADS, field_batches, joined, one
from ml_connector.vendors.zoho.values import parse_instant
from tap_zoho_crm.reading.chunk import Chunk, Order, Raw

PAGE_ROWS = 200
_SECOND = dt.timedelta(seconds=1)
# The chain cannot go on, but another may begin where it stopped.
_BROKEN = frozenset(
    {
        *("PAGINATION_LIMIT_EXCEEDED", "DISCRETE_PAGINATION_LIMIT_EXCEEDED"),
        *("EXPIRED_VALUE", "TOKEN_BOUND_DATA_MISMATCH"),
    }
)


class _ChainEnded(Exception):
    """The page tokens of a chain are used up, too old, or not accepted any more."""


class _Chain:
    """The pages of one batch of fields."""

    def __init__(self, client: ZohoClient, module: str, params: Mapping[str, Any], since: str | None) -> None:
        self._client = client
        self._module = module
        self._params = dict(params)
        self._headers = {"If-Modified-Since": since} if since else {}
        self._pages = 0

    def next_page(self) -> tuple[list[Raw], bool]:
        """The rows of the next page, and whether more follow."""
        try:
            answer = self._client.get(self._module, self._params, headers=self._headers, quota=(HEAVY,))
        except ApiRefusal as refusal:
            if self._pages and refusal.code in _BROKEN:
                raise _ChainEnded from refusal
            raise
        self._pages += 1
        info = answer.get("info") or {}
        if token := info.get("next_page_token"):
            self._params["page_token"] = token
            self._params.pop("page", None)
        else:
            # Should a token be missing, pages are counted: as far as Zoho goes, then a new chain begins.
            self._params.pop("page_token", None)
            self._params["page"] = self._pages + 1
        rows = [row for row in answer.get("data") or () if isinstance(row, dict)]
        return rows, bool(info.get("more_records"))


class ListWay:
    """Pages of 200, sorted by time where the module has it, else by id."""

    def __init__(self, client: ZohoClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._limit = int(settings["list_limit"])
        self._converted = str(settings["converted_leads"])

    def read(self, order: Order) -> Iterator[Chunk]:
        """Yield the records. Raises SystemFault where a list cannot reach the rest of them."""
        start, seen = order.start, frozenset[str]()
        while True:
            last: dt.datetime | None = None
            at_last: set[str] = set()
            ended = True
            for chunk, is_last in self._chain(order, start, seen):
                ended = is_last
                if order.dated:
                    for row in chunk.rows:
                        changed = parse_instant(str(row[MODIFIED]))
                        if last is None or changed > last:
                            last, at_last = changed, set()
                        at_last.add(str(row["id"]))
                yield chunk
            if ended:
                return
            if last is None or last == start:
                raise self._too_many(order)
            start, seen = last, frozenset(at_last)

    def _chain(
        self, order: Order, start: dt.datetime | None, seen: frozenset[str]
    ) -> Iterator[tuple[Chunk, bool]]:
        """Yield chunks, and whether the list ends there; where not, a new chain has to follow."""
        chains = [
            _Chain(self._client, order.module, params, self._since(order, start))
            for params in self._parameters(order)
        ]
        count, more = 0, True
        while more and count + PAGE_ROWS <= self._limit:
            extracted = dt.datetime.now(dt.UTC)
            try:
                pages = [chain.next_page() for chain in chains]
            except _ChainEnded:
                break
            rows, doubtful = joined([rows for rows, _ in pages])
            rows += [row for each in doubtful if (row := one(self._client, order.module, each))]
            count += max(len(rows) for rows, _ in pages)
            more = any(follows for _, follows in pages)
            kept, beyond = _within(order, start, rows, seen)
            if beyond:
                more = False
            until = _newest(order, pages) if more else None
            yield Chunk(kept, extracted, until), not more
        # Leaving the loop with more to come, the last chunk has told so.

    def _parameters(self, order: Order) -> list[dict[str, Any]]:
        common: dict[str, Any] = {
            "per_page": PAGE_ROWS,
            "sort_by": MODIFIED if order.dated else "id",
            "sort_order": "asc",
        }
        if order.module == LEADS:
            common["converted"] = self._converted
        return [{**common, "fields": ",".join(names)} for names in field_batches(order.names)]

    def _since(self, order: Order, start: dt.datetime | None) -> str | None:
        # Whether Zoho includes the instant is not stated: a second earlier is right in both cases.
        return coql.instant(start - _SECOND) if order.dated and start is not None else None

    def _too_many(self, order: Order) -> SystemFault:
        why = "share one second" if order.dated else "are in a module that does not tell when they changed"
        return SystemFault(
            f"zoho-crm: {order.module}: more than {self._limit:,} records {why}; a list cannot reach them.",
            fix="Read this module by `read_way: coql` or `bulk`.",
        )


def _within(
    order: Order, start: dt.datetime | None, rows: Sequence[Raw], seen: frozenset[str]
) -> tuple[list[Raw], bool]:
    """The rows that are in order, and whether rows beyond its end have come."""
    if not order.dated:
        return list(rows), False
    kept, beyond = [], False
    for row in rows:
        changed = parse_instant(str(row[MODIFIED])) if row.get(MODIFIED) else None
        if changed is None:
            kept.append(row)
        elif order.end is not None and changed > order.end:
            beyond = True
        elif not (start is not None and (changed < start or (changed == start and str(row["id"]) in seen))):
            kept.append(row)
    return kept, beyond


def _newest(order: Order, pages: Sequence[tuple[Sequence[Raw], bool]]) -> dt.datetime | None:
    """The time before which every batch of fields is complete."""
    if not order.dated:
        return None
    last = [parse_instant(str(rows[-1][MODIFIED])) for rows, _ in pages if rows and rows[-1].get(MODIFIED)]
    return min(last, default=None)
