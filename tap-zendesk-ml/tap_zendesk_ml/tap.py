"""tap-zendesk-ml: the tap class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from ml_connector.http import Session
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.tap import ConnectorTap
from ml_connector.vendors.zendesk.client import ZendeskClient
from tap_zendesk_ml import checks
from tap_zendesk_ml.custom_fields import Typed, definitions
from tap_zendesk_ml.record_ids import NamedRecords
from tap_zendesk_ml.settings import DEFAULT_PAGE_SIZE, DEFAULT_PARALLEL, SETTINGS
from tap_zendesk_ml.streams.base import Row, ZendeskStream
from tap_zendesk_ml.streams.comments import TicketComments
from tap_zendesk_ml.streams.exported import MetricEvents, Organizations, Users
from tap_zendesk_ml.streams.listings import OTHERS, PEOPLE, Agents, ListedStream
from tap_zendesk_ml.streams.tickets import OfTickets, TicketAudits, TicketMetrics, Tickets

_EXPORTED = (
    "users",
    "organizations",
    "tickets",
    "ticket_comments",
    "ticket_audits",
    "ticket_metrics",
    "ticket_metric_events",
)
NAMES = (*_EXPORTED, "agents", *(listing.name for listing in (*PEOPLE, *OTHERS)))
"""The names of all streams."""

USUAL = frozenset({"users", "organizations", "tickets", "ticket_comments"})
"""Streams that are selected by default."""

# Which definitions a stream's custom fields have, and where its records have the values.
_CUSTOM = {
    "tickets": ("ticket_fields", "custom_fields"),
    "users": ("user_fields", "user_fields"),
    "agents": ("user_fields", "user_fields"),
    "organizations": ("organization_fields", "organization_fields"),
}


class TapZendesk(ConnectorTap):
    """Singer tap for Zendesk Support."""

    name = "tap-zendesk-ml"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS

    def discover_streams(self) -> Sequence[ZendeskStream]:
        """Return all streams, in the order in which they are read: people before what they wrote."""
        streams: list[ZendeskStream] = [
            # Few, and among the users too: who is one is known before all users are read.
            Agents(self, self._typed("agents")),
            Users(self, self._typed("users")),
            Organizations(self, self._typed("organizations")),
            *(ListedStream(self, listing) for listing in PEOPLE),
            Tickets(self, self._typed("tickets")),
            TicketComments(self),
            TicketAudits(self),
            TicketMetrics(self),
            MetricEvents(self),
            *(ListedStream(self, listing) for listing in OTHERS),
        ]
        for stream in streams:
            stream.selected_by_default = stream.name in USUAL
        return streams

    @cached_property
    def client(self) -> ZendeskClient:
        """The way to Zendesk, opened when first needed."""
        return ZendeskClient(self.config, stopping=self.stopping)

    @cached_property
    def named(self) -> NamedRecords:
        """The records that `record_ids` names."""
        return NamedRecords(self.config.get("record_ids"), NAMES)

    @property
    def page_size(self) -> int:
        """Rows of one page of an export."""
        return int(self.config.get("page_size") or DEFAULT_PAGE_SIZE)

    @property
    def parallel(self) -> int:
        """Requests about single records at the same time."""
        return int(self.config.get("parallel") or DEFAULT_PARALLEL)

    @property
    def support_type_scope(self) -> str:
        """Whose tickets are exported."""
        return str(self.config.get("support_type_scope") or "all")

    # What streams of tickets know of each other

    def ticket_streams(self) -> Iterator[OfTickets]:
        """The streams that go by the export of tickets."""
        for stream in self.streams.values():
            if isinstance(stream, TicketComments) and stream.by_events:
                continue
            if isinstance(stream, OfTickets):
                yield stream

    def watch_tickets(self, leader: OfTickets, rows: Sequence[Row]) -> None:
        """Show tickets that changed to the stream of comments."""
        if isinstance(leader, Tickets) and self.comments_see_tickets:
            self.comments.watch(rows)

    @property
    def comments(self) -> TicketComments:
        """The stream of comments."""
        stream = self.streams["ticket_comments"]
        assert isinstance(stream, TicketComments)  # noqa: S101 - of this name there is no other
        return stream

    @property
    def comments_see_tickets(self) -> bool:
        """Whether the stream of comments is shown which tickets changed."""
        return self.comments.selected and self.tickets.selected and self.comments.by_events

    @property
    def tickets(self) -> Tickets:
        """The stream of tickets."""
        stream = self.streams["tickets"]
        assert isinstance(stream, Tickets)  # noqa: S101 - of this name there is no other
        return stream

    # What every tap has

    def checks(self) -> Iterable[Check]:
        """Try login, permission to export, and one page of each selected stream."""
        return checks.run(self)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP session, once it was used."""
        return (self.client.session,) if "client" in self.__dict__ else ()

    def quota_left(self) -> Mapping[str, float]:
        """Return the requests that the account has left in this minute, once Zendesk has told."""
        reading = self.client.quota.last_reading("account") if "client" in self.__dict__ else None
        return {} if reading is None else {"requests": reading.remaining}

    def close(self) -> None:
        """End the session; the access token stays for the next process."""
        if "client" in self.__dict__:
            self.client.close()

    def _typed(self, stream: str) -> Typed | None:
        if self.config.get("custom_fields") != "typed" or not self.is_wanted(stream):
            return None
        name, member = _CUSTOM[stream]
        if name not in self._definitions:
            self._definitions[name] = definitions(self.client, name)
        return Typed(member, self._definitions[name])

    @cached_property
    def _definitions(self) -> dict[str, list[Row]]:
        return {}


if __name__ == "__main__":
    TapZendesk.cli()
