"""Tickets, and what is read along with them: one pass of the export serves all streams that are as far.

Whoever comes first in a run makes the pass; the others write their records after each of its pages. A stream
that is behind, or was selected later, makes a pass of its own.
"""

from __future__ import annotations

import abc
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ml_connector.errors import RecordFault
from ml_connector.singer.stream import Batch, Record
from ml_connector.vendors.zendesk.client import SHOW_MANY
from tap_zendesk_ml.exports import Page
from tap_zendesk_ml.schemas import DELETED, DELETED_AT, TICKET_AUDITS, TICKET_METRICS, TICKETS
from tap_zendesk_ml.streams.base import Row, kept_seconds, seconds_of, time_text
from tap_zendesk_ml.streams.exported import ExportedStream

if TYPE_CHECKING:
    from tap_zendesk_ml.custom_fields import Typed
    from tap_zendesk_ml.tap import TapZendesk

DELETED_STATUS = "deleted"


class OfTickets(ExportedStream):
    """A stream that goes by the export of tickets.

    `side_load`: what the export has to include for it. `passed`: its pass of this run was made. `began`: up
    to when it had been read before, `shown_at`: when its last page came, both in Unix seconds.
    """

    by_bare_id = True
    export_name = "tickets"
    withheld = True
    counts_seconds = True
    side_load: str | None = None
    _riders: Sequence[OfTickets] = ()
    passed = False
    began = 0
    shown_at = 0

    @property
    def params(self) -> dict[str, str]:
        """Scope and side-loads, also those of the streams that ride along."""
        loads = sorted({each.side_load for each in (self, *self._riders) if each.side_load})
        scope = {"support_type_scope": self._zendesk.support_type_scope}
        return {**scope, "include": ",".join(loads)} if loads else scope

    def moment(self, row: Row) -> float:
        """`generated_timestamp`, which every change moves."""
        return float(row.get("generated_timestamp") or seconds_of(row.get("updated_at")))

    def batches(self, rows: Sequence[Row], page: Page) -> Iterator[Batch]:
        """Yield this stream's records of tickets that changed."""
        yield self.batch(rows, page.extracted)

    def read_changes(self) -> Iterator[Batch]:
        """Yield the records of this stream, and write those of the streams that ride along."""
        if self.passed:
            return
        self.began = self.newest
        self._riders = [each for each in self._zendesk.ticket_streams() if self._may_ride(each)]
        for rider in self._riders:
            rider.announce()
        export, recent = self.export, self.recent()
        place = self.first_position(export)
        for page in export.pages(place):
            self.shown_at = math.ceil(self.client.now().timestamp())
            rows = recent.fresh(page.rows)
            self._zendesk.watch_tickets(self, rows)
            yield from self.batches(rows, page)
            for rider in self._riders:
                for batch in rider.batches(rows, page):
                    rider.send(batch)
            place = self.settle(export, page, place, recent)
            for each in (self, *self._riders):
                each.page_done(self, page)
            self.save_state()
        for each in (self, *self._riders):
            each.passed = True

    def page_done(self, leader: OfTickets, page: Page) -> None:
        """Note that a page was served; whoever rides along is as far as who made the pass."""
        if leader is not self:
            for name in ("cursor", "start_time", "recent"):
                self.stream_state.pop(name, None)
            kept = ("cursor", "start_time", "recent", "replication_key_value")
            self.stream_state.update(
                {name: leader.stream_state[name] for name in kept if name in leader.stream_state}
            )
            self.stream_state["replication_key"] = self.replication_key

    def _may_ride(self, other: OfTickets) -> bool:
        """Whether another stream misses nothing when it begins where this one does."""
        if other is self or not other.selected or other.passed:
            return False
        begun = bool(self.newest), bool(other.newest)
        return begun == (False, False) or (all(begun) and other.newest >= self.newest)

    def announce(self) -> None:
        """Write the SCHEMA of a stream whose records come before its turn."""
        self._write_schema_message()


class Tickets(OfTickets):
    """Tickets, archived and deleted ones included."""

    def __init__(self, tap: TapZendesk, typed: Typed | None) -> None:
        properties = {**TICKETS, **DELETED}
        super().__init__(tap, "tickets", properties, replication_key="generated_timestamp", typed=typed)

    def shaped(self, row: Row) -> Record:
        """A ticket with the time of any change; a deleted one says when that was."""
        stamp = int(self.moment(row))
        gone = time_text(stamp) if row.get("status") == DELETED_STATUS else None
        return super().shaped({**row, "generated_timestamp": stamp, DELETED_AT: gone})

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Tickets by id."""
        return self.show_many("tickets", ids)


class TicketMetrics(OfTickets):
    """The metrics of tickets, which the export of tickets brings along."""

    side_load = "metric_sets"

    def __init__(self, tap: TapZendesk) -> None:
        super().__init__(tap, "ticket_metrics", TICKET_METRICS, replication_key="generated_timestamp")

    def batches(self, rows: Sequence[Row], page: Page) -> Iterator[Batch]:
        """Yield the metrics of tickets; deleted ones have none."""
        yield self.batch(self._metrics(rows), page.extracted)

    def find(self, ids: Sequence[int]) -> list[Row]:
        """Metrics by the ids of tickets, where the account does not load them beside, one by one."""
        tickets = self.show_many("tickets", ids, include="metric_sets")
        bare = [ticket for ticket in tickets if "metric_set" not in ticket]
        for ticket, metrics in zip(bare, self.parallel().map(self._metrics_of, bare), strict=True):
            ticket["metric_set"] = metrics
        return list(self._metrics(tickets))

    def _metrics_of(self, ticket: Row) -> Row | None:
        answer = self.client.get(f"/api/v2/tickets/{ticket['id']}/metrics")
        found = answer.get("ticket_metric")
        # The reference shows a list of one in places.
        return next(iter(found), None) if isinstance(found, list) else found

    def _metrics(self, tickets: Iterable[Row]) -> Iterator[Row]:
        for ticket in tickets:
            metrics = ticket.get("metric_set")
            if isinstance(metrics, dict):
                own = {"ticket_id": ticket["id"], "generated_timestamp": int(self.moment(ticket))}
                yield {**metrics, **own}


_OVERLAP = 3600
CHILDREN = "children"
COMPLETE = "complete_until"
COMPLETE_AT = "complete_at"


class PerTicket(OfTickets):
    """A stream that asks for each changed ticket: audits, and comments where events do not give them.

    A ticket shows all its children. Those that were sent are known by their times: all up to
    `complete_until`, where the last complete pass ended, and by id those of the hour before it. A ticket that
    changed between there and `complete_at`, when the pass ended, may not have been shown for some time, since
    Zendesk withholds the last minute: of it everything is sent that is not known by id.
    """

    @abc.abstractmethod
    def children(self, ticket_id: int) -> list[Row]:
        """What one ticket has, with its `ticket_id`; nothing of one that is not there."""

    def find(self, ids: Sequence[int]) -> list[Row]:
        """All children of the tickets with these ids."""
        return [row for rows in self.parallel().map(self.children, ids) for row in rows]

    def batches(self, rows: Sequence[Row], page: Page) -> Iterator[Batch]:
        """Yield what is new of tickets that changed; deleted ones are not there any more."""
        tickets = {row["id"]: row for row in rows if row.get("status") != DELETED_STATUS}
        newest = max((self.moment(row) for row in rows), default=0)
        ids = list(tickets)
        for start in range(0, len(ids), SHOW_MANY):
            found = self.find(ids[start : start + SHOW_MANY])
            hidden = self._hidden(tickets, found)
            yield self.batch(self._unsent(found, newest, hidden), page.extracted)

    def page_done(self, leader: OfTickets, page: Page) -> None:
        """Note a page; the last one makes the pass complete."""
        super().page_done(leader, page)
        state, since = self.stream_state, self.newest - _OVERLAP
        # Until the pass is complete, what was sent before it is still told by its id.
        until = 0 if page.is_last else self._kept(COMPLETE)
        known = self._known()
        state[CHILDREN] = {key: moment for key, moment in known.items() if moment >= since or moment <= until}
        if page.is_last:
            state[COMPLETE], state[COMPLETE_AT] = self.newest, leader.shown_at

    def _hidden(self, tickets: Mapping[int, Row], children: Iterable[Row]) -> set[int]:
        """Tickets that the last complete pass may not have shown, by what changed then."""
        since, until = self._kept(COMPLETE), self._kept(COMPLETE_AT)
        if not since or not until:
            return set()
        times = [(key, self.moment(row)) for key, row in tickets.items()]
        times += [(key, seconds_of(row.get("updated_at"))) for key, row in tickets.items()]
        times += [(row["ticket_id"], seconds_of(row.get("created_at"))) for row in children]
        return {key for key, moment in times if since < moment <= until}

    def _unsent(self, rows: Iterable[Row], newest: float, hidden: Collection[int]) -> Iterator[Row]:
        complete, known = self._kept(COMPLETE), self._known()
        floor = complete - _OVERLAP if complete else None
        for row in rows:
            moment, key = seconds_of(row.get("created_at")), str(row["id"])
            is_old = floor is not None and moment < floor and row["ticket_id"] not in hidden
            if key in known or is_old:
                continue
            if moment >= newest - _OVERLAP:
                known[key] = moment
            yield row

    def _kept(self, name: str) -> int:
        return kept_seconds(self.stream_state.get(name), name)

    def _known(self) -> dict[str, int]:
        """Children that were sent, by id, with their times: a part of the state."""
        known = self.stream_state.get(CHILDREN)
        if not isinstance(known, dict) or not all(isinstance(moment, int) for moment in known.values()):
            known = self.stream_state[CHILDREN] = {}
        return known


class TicketAudits(PerTicket):
    """The audits of tickets, archived ones included, which the listing of all audits leaves out."""

    def __init__(self, tap: TapZendesk) -> None:
        super().__init__(tap, "ticket_audits", TICKET_AUDITS, replication_key="created_at")

    def children(self, ticket_id: int) -> list[Row]:
        """The audits of a ticket."""
        return of_ticket(self, ticket_id, "audits")


def of_ticket(stream: OfTickets, ticket_id: int, name: str) -> list[Row]:
    """What a ticket has of `name`; a ticket that is not there has nothing."""
    try:
        found = list(stream.client.pages(f"/api/v2/tickets/{ticket_id}/{name}", name))
    except RecordFault as fault:
        if fault.cause != "missing":
            raise
        return []
    return [{**row, "ticket_id": ticket_id} for row in found]
