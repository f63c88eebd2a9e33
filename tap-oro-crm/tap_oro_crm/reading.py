"""Ways to find the records of a window: all, those that the server filters, those whose dates are compared.

Every way goes by ids in ascending order, which nothing that changes meanwhile can disturb.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.singer.windows import instant_text, parse_instant
from ml_connector.vendors.oro.client import OroClient, Page
from ml_connector.vendors.oro.features import Features
from ml_connector.vendors.oro.records import Resource
from tap_oro_crm.memory import Memory
from tap_oro_crm.people import People

STAMPS = ("updatedAt", "createdAt", "originUpdatedAt", "originCreatedAt")
"""Attributes that tell when a record changed, the best first; Zendesk's users have only their own."""
NEVER_EMPTY = frozenset({"contacts", "accounts", "users", "casecomments"})
"""Types whose `updatedAt` starts at their creation; that of cases is null until the first update."""

SHORT = 8
"""So many times as many records are on a page of nothing but dates or ids."""

# Ids are given before createdAt is stamped: neighbours may be out of order by as much at worst.
_DISORDER = dt.timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """What is asked of each record: sparse fields (None: all), and whom to include.

    `stamps` are those of `STAMPS` that the type has.
    """

    kind: str
    names: Sequence[str] | None
    people: People
    stamps: Sequence[str] = STAMPS[:2]

    @property
    def fields(self) -> dict[str, Sequence[str]]:
        """Sparse fields by type."""
        own = {} if self.names is None else {self.kind: [*self.names]}
        return {**self.people.sparse, **own}


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A page of whole records; `position` is the id up to which the way's main list was read, if it is."""

    page: Page
    position: int | None = None


def changed_at(resource: Resource) -> str | None:
    """`updatedAt`, else `createdAt`; where there is neither, Zendesk's own."""
    attributes: Mapping[str, Any] = resource.get("attributes") or {}
    return next((str(attributes[name]) for name in STAMPS if attributes.get(name)), None)


def instant_of(resource: Resource) -> dt.datetime | None:
    """When a record changed."""
    text = changed_at(resource)
    return parse_instant(text, "updatedAt") if text else None


class Reader:
    """Reads one stream's records."""

    def __init__(self, client: OroClient, features: Features, form: Form, *, server_filters: bool) -> None:
        self._client = client
        self._features = features
        self._form = form
        self._kind = form.kind
        self._server_filters = server_filters

    @property
    def filters(self) -> bool:
        """Whether the server itself can tell which records changed."""
        if not self._server_filters or "updatedAt" not in self._form.stamps:
            return False
        if not self._features.filters(self._kind, "updatedAt"):
            return False
        return self._kind in NEVER_EMPTY or self._features.finds_empty(self._kind, "updatedAt")

    def whole(self, after: int | None = None) -> Iterator[Found]:
        """All records."""
        for page in self._pages(after=after):
            yield Found(page, int(page.resources[-1]["id"]))

    def changed(
        self, start: dt.datetime, end: dt.datetime | None, memory: Memory, after: int | None = None
    ) -> Iterator[Found]:
        """Records that changed since `start` (up to `end`), those with new ids, and perhaps others."""
        if self.filters:
            yield from self._filtered(start, end, memory, after)
        else:
            yield from self._compared(start, end, memory, after)

    def named(self, ids: Sequence[str], name: str = "id") -> Iterator[Page]:
        """Records by their ids, or those whose association `name` is one of these."""
        return self._client.by_ids(
            self._kind, ids, name=name, fields=self._form.fields, include=self._form.people.include
        )

    def _filtered(
        self, start: dt.datetime, end: dt.datetime | None, memory: Memory, after: int | None
    ) -> Iterator[Found]:
        if memory.highest_before is None and end is None:
            self._find_highest(memory)
        filters = {"updatedAt][gte": instant_text(start)}
        if end is not None:
            filters["updatedAt][lte"] = instant_text(end)
        for page in self._pages(filters, after=after):
            yield Found(page, int(page.resources[-1]["id"]))
        if memory.highest_before is not None:
            for page in self._pages(after=memory.highest_before):
                yield Found(page)
        if self._kind not in NEVER_EMPTY:
            yield from self._never_updated(start, memory)

    def _never_updated(self, start: dt.datetime, memory: Memory) -> Iterator[Found]:
        """Records without `updatedAt`, from the newest back to those that are older than `start`."""
        for page in self._pages({"updatedAt][exists": "false"}, descending=True):
            yield Found(page)
            oldest = start - _DISORDER
            if all(
                (instant_of(resource) or start) < oldest and not memory.is_new(str(resource["id"]))
                for resource in page.resources
            ):
                return

    def _find_highest(self, memory: Memory) -> None:
        newest = self._client.pages(
            self._kind, fields={self._kind: self._form.stamps}, descending=True, size=1
        )
        for page in newest:
            memory.saw(str(page.resources[0]["id"]))
            return

    def _compared(
        self, start: dt.datetime, end: dt.datetime | None, memory: Memory, after: int | None
    ) -> Iterator[Found]:
        """List the dates of all records, then read those that changed."""
        size = self._client.page_size * SHORT
        for page in self._client.pages(
            self._kind, fields={self._kind: self._form.stamps}, after=after, size=size
        ):
            last = str(page.resources[-1]["id"])
            memory.saw(last)
            ids = [
                str(resource["id"])
                for resource in page.resources
                if is_within(resource, start, end) or memory.is_new(str(resource["id"]))
            ]
            for changed in self.named(ids):
                yield Found(changed)
            yield Found(Page((), {}, page.extracted), int(last))

    def _pages(
        self, filters: Mapping[str, str] | None = None, *, after: int | None = None, descending: bool = False
    ) -> Iterator[Page]:
        return self._client.pages(
            self._kind,
            filters=filters,
            fields=self._form.fields,
            include=self._form.people.include,
            after=after,
            descending=descending,
        )


def is_within(resource: Resource, start: dt.datetime | None, end: dt.datetime | None) -> bool:
    """Whether a record changed in a range, both ends included; one without any date always did."""
    changed = instant_of(resource)
    if changed is None:
        return True
    return (start is None or changed >= start) and (end is None or changed <= end)
