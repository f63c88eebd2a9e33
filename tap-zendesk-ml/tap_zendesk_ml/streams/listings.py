"""Streams that a listing gives: read whole in each run; what did not change is left out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window
from tap_zendesk_ml import schemas
from tap_zendesk_ml.recent import Recent
from tap_zendesk_ml.schemas import Properties
from tap_zendesk_ml.streams.base import Row, ZendeskStream, kept_seconds, seconds_of, time_text

if TYPE_CHECKING:
    from tap_zendesk_ml.custom_fields import Typed
    from tap_zendesk_ml.tap import TapZendesk

_RECENT = "recent"
_LOOK_BACK = 120
_RATING_DAYS = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Listing:
    """A listing. `path` is below /api/v2/, `member` where its answers have the rows."""

    name: str
    path: str
    columns: Properties
    member: str = ""
    keys: tuple[str, ...] = ("id",)
    time: str | None = "updated_at"
    params: tuple[tuple[str, Any], ...] = ()
    paged: bool = True
    start_days: float | None = None
    """Where the vendor takes a `start_time`: how many days before the bookmark is asked for."""

    @property
    def rows_in(self) -> str:
        """The member of its answers."""
        return self.member or self.name


AGENTS = Listing("agents", "users", schemas.USERS, "users", params=(("role[]", ("agent", "admin")),))
PEOPLE = (
    Listing("organization_memberships", "organization_memberships", schemas.ORGANIZATION_MEMBERSHIPS),
    Listing("groups", "groups", schemas.GROUPS),
    Listing("group_memberships", "group_memberships", schemas.GROUP_MEMBERSHIPS),
)
OTHERS = (
    Listing(
        "satisfaction_ratings", "satisfaction_ratings", schemas.SATISFACTION_RATINGS, start_days=_RATING_DAYS
    ),
    Listing("ticket_fields", "ticket_fields", schemas.TICKET_FIELDS, paged=False),
    Listing("ticket_forms", "ticket_forms", schemas.TICKET_FORMS, paged=False),
    Listing("custom_statuses", "custom_statuses", schemas.CUSTOM_STATUSES, paged=False),
    Listing("user_fields", "user_fields", schemas.RECORD_FIELDS),
    Listing("organization_fields", "organization_fields", schemas.RECORD_FIELDS),
    Listing("macros", "macros", schemas.MACROS),
    Listing("sla_policies", "slas/policies", schemas.SLA_POLICIES, paged=False),
    Listing("tags", "tags", schemas.TAGS, keys=("name",), time=None),
    Listing("deleted_tickets", "deleted_tickets", schemas.DELETED_TICKETS, time="deleted_at"),
    Listing("deleted_users", "deleted_users", schemas.DELETED_USERS),
)


class ListedStream(ZendeskStream):
    """A listing as a stream. `recent` of its state: rows near the bookmark, with digests."""

    def __init__(self, tap: TapZendesk, listing: Listing, typed: Typed | None = None) -> None:
        self.listing = listing
        super().__init__(
            tap,
            listing.name,
            listing.columns,
            keys=listing.keys,
            replication_key=listing.time,
            typed=typed,
        )

    @property
    def finds_deletes(self) -> bool:  # type: ignore[override]  # of a class elsewhere, of each listing here
        """Whether what is not listed is deleted; listings of deleted records say nothing."""
        return not self.name.startswith("deleted_") and self.listing.start_days is None

    def windows(self) -> list[Window]:
        """Return one window; of a listing without times it is everything."""
        if self._zendesk.named or self.listing.time:
            return super().windows()
        return [Window()]

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield what changed, everything for a search for deleted records, or the named records."""
        if window.keys:
            yield from super().read(window)
        elif window.moves_bookmark:
            for rows, extracted in self._pages({}):
                yield self.batch(rows, extracted)
        else:
            yield from self.read_changes()

    def read_changes(self) -> Iterator[Batch]:
        """Yield the rows that changed since the bookmark; it moves when the listing is complete."""
        before = self._bookmark()
        recent = Recent(self.stream_state.get(_RECENT), self._moment)
        newest, began = before or 0, math.inf
        for rows, extracted in self._pages(self._start(before)):
            # What changes while the listing is read may be on a page that came before.
            began = min(began, self.client.now().timestamp())
            changed = [row for row in rows if before is None or self._moment(row) >= before - _LOOK_BACK]
            newest = max([newest, *map(self._moment, changed)])
            yield self.batch(recent.fresh(changed), extracted)
        newest = max(before or 0, int(min(newest, began)))
        recent.forget_before(newest - _LOOK_BACK)
        self.stream_state[_RECENT] = recent.kept()
        if newest:
            self.stream_state["replication_key"] = self.replication_key
            self.stream_state["replication_key_value"] = time_text(newest)

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Records by id, a request each."""
        found = self.parallel().map(self._one, ids)
        return [row for row in found if row is not None]

    def _one(self, identifier: int) -> Row | None:
        try:
            answer = self.client.get(f"/api/v2/{self.listing.path}/{identifier}")
        except RecordFault as fault:
            if fault.cause != "missing":
                raise
            return None
        return next((value for value in answer.values() if isinstance(value, dict)), None)

    def _pages(self, start: dict[str, Any]) -> Iterator[tuple[list[Row], dt.datetime]]:
        params = {**dict(self.listing.params), **start}
        path = f"/api/v2/{self.listing.path}"
        try:
            yield from self.client.listing(path, self.listing.rows_in, paged=self.listing.paged, **params)
        except RecordFault as fault:
            raise SystemFault(
                f"Zendesk refused the listing of {self.name}: {fault.message}",
                fix="Not every plan has it: take the stream out of the selection.",
            ) from fault

    def _bookmark(self) -> int | None:
        value = self.stream_state.get("replication_key_value")
        if value:
            return kept_seconds(value, "replication_key_value")
        start = self.rules.start_date
        return int(start.timestamp()) + _LOOK_BACK if start else None

    def _start(self, before: int | None) -> dict[str, Any]:
        if self.listing.start_days is None or before is None:
            return {}
        return {"start_time": max(0, int(before - self.listing.start_days * 86_400))}

    def _moment(self, row: Row) -> int:
        return seconds_of(row.get(self.listing.time or ""))


class Agents(ListedStream):
    """Users who are agents or admins."""

    by_bare_id = True

    def __init__(self, tap: TapZendesk, typed: Typed | None) -> None:
        super().__init__(tap, AGENTS, typed)

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Agents and admins by id."""
        return [row for row in self.show_many("users", ids) if row.get("role") in {"agent", "admin"}]
