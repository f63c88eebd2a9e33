"""What all streams of Zendesk share: columns, bookmarks of the vendor's own kind, named records."""

from __future__ import annotations

import abc
import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ml_connector.http import Parallel
from ml_connector.singer.stream import Batch, ConnectorStream, Record
from ml_connector.singer.windows import Window, instant_text, parse_instant
from ml_connector.vendors.zendesk.client import SHOW_MANY, ZendeskClient
from tap_zendesk_ml.custom_fields import Typed
from tap_zendesk_ml.schemas import Properties, schema

if TYPE_CHECKING:
    from tap_zendesk_ml.tap import TapZendesk

Row = dict[str, Any]


class ZendeskStream(ConnectorStream):
    """Records of one kind, every column in each.

    `by_bare_id`: ids of `record_ids` without the name of a stream concern it.
    """

    by_bare_id = False

    def __init__(
        self,
        tap: TapZendesk,
        name: str,
        properties: Properties,
        *,
        keys: tuple[str, ...] = ("id",),
        replication_key: str | None = None,
        typed: Typed | None = None,
    ) -> None:
        self._zendesk = tap
        self.typed = typed
        known = typed.properties(properties) if typed else properties
        self._names = tuple(known)
        super().__init__(tap, name=name, schema=schema(known, keys))
        self.primary_keys = list(keys)
        self.replication_key = replication_key
        self.named = tap.named.of(name, bare=self.by_bare_id)
        if tap.named:
            # Such a run is beside the bookmark for every stream, also for one that none of the ids may be of.
            self.rules = dataclasses.replace(self.rules, keys=tuple(map(str, self.named)) or ("",))

    @property
    def client(self) -> ZendeskClient:
        """The way to Zendesk."""
        return self._zendesk.client

    def system_time(self) -> dt.datetime:
        """Return Zendesk's time by its last answer, or this machine's."""
        return self.client.now()

    def windows(self) -> list[Window]:
        """Return one window: where it starts is this stream's own affair; none without named records."""
        if self._zendesk.named:
            return [Window(keys=tuple(map(str, self.named)), moves_bookmark=False)] if self.named else []
        return [Window(moves_bookmark=False)]

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the records of a window, or the named ones."""
        if window.keys:
            yield from self._read_named([int(key) for key in window.keys])
        else:
            yield from self.read_changes()

    @abc.abstractmethod
    def read_changes(self) -> Iterator[Batch]:
        """Yield what changed since the bookmark, and move it."""

    @abc.abstractmethod
    def find(self, ids: Sequence[int]) -> list[Row]:
        """The vendor's rows of at most a hundred ids; those that are not there are left out."""

    def show_many(self, name: str, ids: Sequence[int], **params: str) -> list[Row]:
        """Rows by id, of an object that can be asked for in bulk."""
        answer = self.client.get(f"/api/v2/{name}/show_many", ids=",".join(map(str, ids)), **params)
        return list(answer.get(name) or ())

    def shaped(self, row: Row) -> Record:
        """A row of the vendor as a record."""
        if self.typed is not None:
            row = self.typed.spread(row)
        return dict(zip(self._names, map(row.get, self._names), strict=True))

    def batch(self, rows: Iterable[Row], extracted: dt.datetime) -> Batch:
        """Rows of the vendor as a batch."""
        return Batch([self.shaped(row) for row in rows], extracted)

    def parallel(self) -> Parallel:
        """A pool for requests about single records."""
        return Parallel(self._zendesk.parallel, self.client.session)

    def _read_named(self, ids: Sequence[int]) -> Iterator[Batch]:
        found = 0
        for start in range(0, len(ids), SHOW_MANY):
            extracted = dt.datetime.now(dt.UTC)
            rows = self.find(ids[start : start + SHOW_MANY])
            found += len({row.get("ticket_id") or row.get("id") for row in rows})
            yield self.batch(rows, extracted)
        if found < len(ids):
            self.logger.warning(
                "%s: %d of the %d ids of `record_ids` are not there.", self.name, len(ids) - found, len(ids)
            )


def seconds_of(text: Any) -> int:
    """A time of the API as Unix seconds; 0 where there is none."""
    return int(parse_instant(str(text), "A time of Zendesk").timestamp()) if text else 0


def kept_seconds(value: Any, name: str) -> int:
    """A time that the state keeps, in Unix seconds; 0 where there is none. Also one that is a date.

    Raises:
        SystemFault: it is neither.
    """
    if not value or isinstance(value, (int, float)):
        return int(value or 0)
    text = str(value)
    if text.isascii() and text.isdigit():
        return int(text)
    return int(parse_instant(text, f"The state's {name}").timestamp())


def time_text(seconds: float) -> str:
    """Unix seconds as the API writes times."""
    return instant_text(dt.datetime.fromtimestamp(int(seconds), dt.UTC))
