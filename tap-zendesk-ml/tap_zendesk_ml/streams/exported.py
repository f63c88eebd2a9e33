"""Streams that an export gives whole: users, organizations, metric events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch, Record
from ml_connector.singer.windows import Window
from tap_zendesk_ml.exports import Export, Page, Position
from tap_zendesk_ml.recent import Recent
from tap_zendesk_ml.schemas import DELETED, DELETED_AT, ORGANIZATIONS, TICKET_METRIC_EVENTS, USERS
from tap_zendesk_ml.streams.base import Row, ZendeskStream, kept_seconds, seconds_of, time_text

if TYPE_CHECKING:
    from tap_zendesk_ml.custom_fields import Typed
    from tap_zendesk_ml.tap import TapZendesk

RECENT = "recent"
_PLACES = ("cursor", "start_time")


class ExportedStream(ZendeskStream):
    """A stream with a position in an export as its state.

    The state is `cursor` or `start_time`, `replication_key_value` with the newest time that was read, and
    `recent`: the rows near the position with digests, since the vendor shows some of them again.
    """

    finds_deletes = False
    export_name: str
    cursors = True
    has_cursor_pages = False
    withheld = False
    """Whether the vendor keeps the last minute back, so that no second of it is read in part."""

    counts_seconds = False
    """Whether the replication key is a number of Unix seconds."""

    @property
    def params(self) -> dict[str, str]:
        """Further parameters of the export."""
        return {}

    @property
    def export(self) -> Export:
        """The export that it reads."""
        return Export(
            self.client,
            self.export_name,
            cursors=self.cursors,
            page_size=self._zendesk.page_size,
            params=self.params,
            fallback=self.newest,
            moment=self.moment if self.has_cursor_pages else None,
        )

    def moment(self, row: Row) -> float:
        """When a row changed, in Unix seconds: what the export goes by."""
        return seconds_of(row.get(self.replication_key or "updated_at"))

    def first_position(self, export: Export) -> Position:
        """Where this run starts."""
        state = self.stream_state
        if state.get("cursor"):
            return {"cursor": state["cursor"]}
        if "start_time" in state:
            # Zendesk's clock has said that it is old enough, where this machine's may be behind.
            return {"start_time": kept_seconds(state["start_time"], "start_time")}
        start = self.rules.start_date
        return {"start_time": export.clamped(start.timestamp()) if start else 0}

    def recent(self) -> Recent:
        """What was sent near the position."""
        return Recent(self.stream_state.get(RECENT), self.moment)

    def read_changes(self) -> Iterator[Batch]:
        """Yield what the export gives after the position, page by page."""
        export, recent = self.export, self.recent()
        place = self.first_position(export)
        for page in export.pages(place):
            yield self.batch(recent.fresh(page.rows), page.extracted)
            place = self.settle(export, page, place, recent)
            self.save_state()

    def settle(self, export: Export, page: Page, before: Position, recent: Recent) -> Position:
        """Note a page as read; gives the position from which on a later run has to look again."""
        newest = max((self.moment(row) for row in page.rows), default=0)
        after = page.position
        if "start_time" in after:
            after = {"start_time": export.clamped(after["start_time"])}
            recent.forget_before(after["start_time"])
        elif self.withheld or newest < export.clamped(newest + 1):
            recent.keep_only(page.rows, newest)
        else:
            # In the seconds that pass just now more may change, before the cursor: this page comes again.
            after = before
        self.note(after, newest)
        self.stream_state[RECENT] = recent.kept()
        return after

    def note(self, position: Position, newest: float) -> None:
        """Keep a position, and the newest time that was read."""
        state = self.stream_state
        for name in _PLACES:
            state.pop(name, None)
        state.update(position)
        latest = max(self.newest, int(newest))
        if latest:
            state["replication_key"] = self.replication_key
            state["replication_key_value"] = latest if self.counts_seconds else time_text(latest)

    @property
    def newest(self) -> int:
        """The newest time that was read so far, in Unix seconds."""
        return kept_seconds(self.stream_state.get("replication_key_value"), "replication_key_value")


class Users(ExportedStream):
    """Users; deleted ones come with `active` false."""

    by_bare_id = True
    export_name = "users"

    def __init__(self, tap: TapZendesk, typed: Typed | None) -> None:
        super().__init__(tap, "users", USERS, replication_key="updated_at", typed=typed)

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Users by id."""
        return self.show_many("users", ids)


class Organizations(ExportedStream):
    """Organizations, which have an export by time only."""

    finds_deletes = True
    by_bare_id = True
    export_name = "organizations"
    cursors = False

    def __init__(self, tap: TapZendesk, typed: Typed | None) -> None:
        properties = {**ORGANIZATIONS, **DELETED}
        super().__init__(tap, "organizations", properties, replication_key="updated_at", typed=typed)

    def shaped(self, row: Row) -> Record:
        """An organization; a deleted one says so as targets know it."""
        return super().shaped({**row, DELETED_AT: row.get("deleted_at")})

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Organizations by id."""
        return self.show_many("organizations", ids)

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield what changed; for a search of deleted ones all that are listed: the export may keep them."""
        if not window.moves_bookmark:
            yield from super().read(window)
            return
        for rows, extracted in self.client.listing("/api/v2/organizations", "organizations"):
            yield self.batch(rows, extracted)


class MetricEvents(ExportedStream):
    """What happened to the metrics of tickets."""

    export_name = "ticket_metric_events"
    cursors = False
    has_cursor_pages = True

    def __init__(self, tap: TapZendesk) -> None:
        super().__init__(tap, "ticket_metric_events", TICKET_METRIC_EVENTS, replication_key="time")

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Nothing: Zendesk shows no metric event by its id.

        Raises:
            SystemFault: always, with what to do instead.
        """
        raise SystemFault(
            f"`record_ids` names ticket_metric_events:{ids[0]}, but Zendesk shows none by its id.",
            fix="Leave it out of record_ids, or read the stream from a start_date.",
        )
