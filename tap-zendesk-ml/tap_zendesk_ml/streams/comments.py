"""Comments of tickets: from the export of ticket events, from the tickets, or from both."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import instant_text, parse_instant
from tap_zendesk_ml.exports import Export
from tap_zendesk_ml.schemas import TICKET_COMMENTS
from tap_zendesk_ml.streams.base import Row, kept_seconds, seconds_of, time_text
from tap_zendesk_ml.streams.gaps import Gaps
from tap_zendesk_ml.streams.rereads import Rereads
from tap_zendesk_ml.streams.tickets import DELETED_STATUS, PerTicket, of_ticket

if TYPE_CHECKING:
    from tap_zendesk_ml.tap import TapZendesk

_COMMENTS = frozenset({"Comment", "VoiceComment"})
_TICKETS_UNTIL = "tickets_until"
_RECHECKED_AT = "rechecked_at"
_KNOWN = "rechecked"


class TicketComments(PerTicket):
    """Comments, each with the id of its ticket."""

    def __init__(self, tap: TapZendesk) -> None:
        super().__init__(tap, "ticket_comments", TICKET_COMMENTS, replication_key="created_at")
        self.by_events = tap.config.get("comments_from") != "tickets"
        self._gaps = Gaps()
        self._touched: set[int] = set()
        self._read: set[int] = set()

    @cached_property
    def _rereads(self) -> Rereads:
        return Rereads.from_settings(self.config, self.stream_state.get(_KNOWN))

    def children(self, ticket_id: int) -> list[Row]:
        """The comments of a ticket."""
        return of_ticket(self, ticket_id, "comments")

    # By events

    @property
    def events(self) -> Export:
        """The export of what happened to tickets, with comments in full."""
        return Export(
            self.client,
            "ticket_events",
            cursors=False,
            page_size=self._zendesk.page_size,
            params={
                "include": "comment_events",
                "support_type_scope": self._zendesk.support_type_scope,
            },
        )

    def moment(self, row: Row) -> float:
        """When an event happened, or a ticket changed."""
        if "timestamp" in row:
            return float(
                seconds_of(row["timestamp"]) if isinstance(row["timestamp"], str) else row["timestamp"]
            )
        return super().moment(row)

    def read_changes(self) -> Iterator[Batch]:
        """Yield new comments, those of gaps, and those that are read again."""
        if not self.by_events:
            yield from super().read_changes()
            return
        if self.stream_state.pop("cursor", None):
            # Comments were read from tickets before.
            self.stream_state["start_time"] = self.newest
        is_first = not self.newest
        export, recent = self.events, self.recent()
        position = self.first_position(export)
        self._look_back(position["start_time"])
        for page in export.pages(position):
            self._gaps.seen(tickets_of(page.rows))
            events = recent.fresh(page.rows)
            comments = [comment for event in events for comment in comments_of(event)]
            yield self.batch(comments, page.extracted)
            self._rereads.sent(comments)
            if not is_first:
                yield from self._read_again(tickets_of(events), comments)
            yield from self._fill(self._gaps.due(math.inf if page.is_last else page.position["start_time"]))
            if page.is_last:
                yield from self._read_again(self._touched - self._read, [])
                self.stream_state[_TICKETS_UNTIL] = self._zendesk.tickets.newest
            position = self.settle(export, page, position, recent)
            self.stream_state[_KNOWN] = self._rereads.kept()
            self.save_state()
        yield from self._recheck(is_first=is_first)

    def watch(self, rows: Sequence[Row]) -> None:
        """Look at tickets that changed: for gaps, and for comments to read again."""
        there = [row for row in rows if is_there(row)]
        if self.config.get("fill_gaps") is not False:
            since = kept_seconds(self.stream_state.get("start_time"), "start_time")
            changes = ((seconds_of(row.get("updated_at")), row["id"]) for row in there)
            self._gaps.expect((moment, ticket) for moment, ticket in changes if moment >= since)
        if self._rereads.active and self.newest:
            self._touched.update(row["id"] for row in there)

    def _look_back(self, since: int) -> None:
        """Look at tickets that a run before was shown, if it did not come to the end of their events."""
        until, began = self.stream_state.get(_TICKETS_UNTIL), self._zendesk.tickets.began
        seen = kept_seconds(until, _TICKETS_UNTIL)
        if not self._zendesk.comments_see_tickets or not began or (until is not None and seen >= began):
            return
        since = since if until is None else min(since, seen)
        self.logger.info("%s: looking at the tickets since %s again", self.name, time_text(since))
        for rows in self._changed_tickets(since):
            self.watch(rows)

    def _changed_tickets(self, since: float) -> Iterator[list[Row]]:
        scope = {"support_type_scope": self._zendesk.support_type_scope}
        export = Export(self.client, "tickets", cursors=True, page_size=self._zendesk.page_size, params=scope)
        for page in export.pages({"start_time": export.clamped(since)}):
            yield page.rows

    def _fill(self, ids: Sequence[int]) -> Iterator[Batch]:
        if ids:
            self.logger.info("%s: %d tickets have no events; reading them", self.name, len(ids))
        for rows, extracted in self._of_tickets(ids):
            self._rereads.changed(rows, ())
            self._read.update(ids)
            yield self.batch(rows, extracted)

    # Again

    def _read_again(self, tickets: Iterable[int], comments: Sequence[Row]) -> Iterator[Batch]:
        """Yield comments of changed tickets that are not as they were."""
        if not self._rereads.active:
            return
        new, ids = {row["id"] for row in comments}, sorted(set(tickets))
        self._read.update(ids)
        for rows, extracted in self._of_tickets(ids):
            yield self.batch(self._rereads.changed(rows, new), extracted)

    def _recheck(self, *, is_first: bool) -> Iterator[Batch]:
        """Yield comments that are not as they were, of all tickets that changed in `recheck_days`."""
        if not self._rereads.active:
            return
        now = self.system_time().replace(microsecond=0)
        last = self.stream_state.get(_RECHECKED_AT)
        before = parse_instant(str(last), f"The state's {_RECHECKED_AT}") if last else None
        if is_first or not self._rereads.is_due(before, now):
            if is_first:
                self.stream_state[_RECHECKED_AT] = instant_text(now)
            return
        self.logger.info("%s: reading comments of the last days again", self.name)
        since = (now - self._rereads.days).timestamp()
        ids = {row["id"] for rows in self._changed_tickets(since) for row in rows if is_there(row)}
        for rows, extracted in self._of_tickets(sorted(ids)):
            yield self.batch(self._rereads.changed(rows, set()), extracted)
        self._rereads.keep_only(ids)
        self.stream_state[_KNOWN] = self._rereads.kept()
        self.stream_state[_RECHECKED_AT] = instant_text(now)

    def _of_tickets(self, ids: Sequence[int]) -> Iterator[tuple[list[Row], dt.datetime]]:
        for start in range(0, len(ids), 100):
            extracted = dt.datetime.now(dt.UTC)
            yield self.find(ids[start : start + 100]), extracted


def is_there(ticket: Row) -> bool:
    """Whether an exported ticket can be asked for."""
    return ticket.get("status") != DELETED_STATUS


def tickets_of(events: Iterable[Row]) -> set[int]:
    """The tickets that events are of."""
    return {event["ticket_id"] for event in events if event.get("ticket_id")}


def comments_of(event: Row) -> Iterator[Row]:
    """The comments of a ticket event, as the ticket itself would show them."""
    for child in event.get("child_events") or ():
        if not isinstance(child, dict) or child.get("event_type") not in _COMMENTS:
            continue
        via = child.get("via")
        own = {
            "ticket_id": event.get("ticket_id"),
            "type": child.get("type") or child.get("event_type"),
            "audit_id": child.get("audit_id") or event.get("id"),
            "via": via if isinstance(via, dict) or via is None else {"channel": str(via)},
            "created_at": child.get("created_at") or event.get("created_at"),
        }
        yield {**child, **own}
