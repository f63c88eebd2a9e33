"""Records of the types that OroCRM's own Zendesk integration brings: tickets, their comments, people.

Each is known by its number at Zendesk (`originId`) and the integration's channel; neither can be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.singer.key_index import KeyIndex
from ml_connector.sync import RemoteRecord, Rung
from ml_connector.vendors.oro.records import Record
from target_oro_crm.case_comments import ZENDESK_COMMENTS
from target_oro_crm.fields import (
    PEOPLE,
    flag,
    id_text,
    key,
    reference,
    references,
    text,
    time,
    to_one,
)
from target_oro_crm.oro_object import OroObject
from target_oro_crm.ticket_numbers import ORIGIN, TICKETS, KeptKeys, of_channel
from target_oro_crm.tools import Tools

ZENDESK_USERS = "zendeskusers"
ALL = (TICKETS, ZENDESK_COMMENTS, ZENDESK_USERS)


class ZendeskRecords(OroObject):
    """One of the types, found by number. `channel` is that of the settings where the mapping gives none."""

    owned = False
    _kept: KeptKeys

    def key_of(self, row: Record) -> str:
        """The id with its type: the same person or ticket has a contact or case of the same number."""
        return f"{self.kind}:{row['id']}"

    def attach(self, index: KeyIndex) -> None:
        """Where the numbers are kept."""
        self._kept.attach(index)

    def names(self) -> list[str]:
        """With what tells one from another."""
        return list(dict.fromkeys([*super().names(), ORIGIN, "channel"]))

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By number, confirmed by id; of the settings' channel."""
        by_text = {str(value).strip(): value for value in values}
        keys = [key for held in self._kept.holders(list(by_text)).values() for key in held]
        return self._chosen(self.tools.listed(self.kind, "id", keys, self.names()) if keys else [], by_text)

    def _chosen(self, rows: Sequence[Record], by_text: Mapping[str, Any]) -> dict[Any, list[RemoteRecord]]:
        found: dict[Any, list[RemoteRecord]] = {}
        for row in rows:
            value = by_text.get(str(row.get(ORIGIN)))
            if value is not None and of_channel(row, self.tools):
                found.setdefault(value, []).append(self.record(row))
        return found

    def defaults(self, item: Any) -> Record:
        """The integration's channel."""
        return {"channel": self.tools.rules.channel}


class ZendeskTickets(ZendeskRecords):
    """The object `zendesktickets`: the ticket as it is in Zendesk, beside its case."""

    kind = TICKETS

    def __init__(self, tools: Tools, kept: KeptKeys) -> None:
        self._kept = kept
        fields = [
            key(ORIGIN),
            *(text(name, 255) for name in ("url", "subject")),
            text("description"),
            text("externalId", 50),
            text("recipient", 100),
            flag("hasIncidents"),
            *(time(name) for name in ("dueAt", "originCreatedAt", "originUpdatedAt")),
            *(to_one(name) for name in ("status", "priority", "ticketType", "channel")),
            *(reference(name, ZENDESK_USERS) for name in ("requester", "submitter", "assignee")),
            reference("problem", TICKETS),
            references("collaborators", ZENDESK_USERS),
            reference("relatedCase", "cases"),
        ]
        rungs = (Rung(ORIGIN, exclusive=True),)
        super().__init__(tools, fields, rungs, depends_on=("cases", ZENDESK_USERS))


class ZendeskUsers(ZendeskRecords):
    """The object `zendeskusers`: people of Zendesk, linked with their contact or user."""

    kind = ZENDESK_USERS

    def __init__(self, tools: Tools) -> None:
        self._kept = KeptKeys(tools, ZENDESK_USERS, ORIGIN)
        fields = [
            key(ORIGIN),
            *(text(name, 255) for name in ("url", "name", "email")),
            text("externalId", 50),
            text("ticketRestriction", 30),
            text("alias", 100),
            text("phone", 50),
            text("timeZone", 30),
            text("locale", 30),
            *(text(name) for name in ("details", "notes")),
            *(flag(name) for name in ("onlyPrivateComments", "verified", "active")),
            *(time(name) for name in ("lastLoginAt", "originCreatedAt", "originUpdatedAt")),
            *(to_one(name) for name in ("role", "channel")),
            reference("relatedContact", "contacts", PEOPLE),
            reference("relatedUser", "users", PEOPLE),
        ]
        rungs = (Rung(ORIGIN, exclusive=True),)
        super().__init__(tools, fields, rungs, depends_on=PEOPLE)

    def fallback(self, field_name: str) -> str | None:
        """Nobody stands in: who has no user of OroCRM is linked with none."""
        return None


class ZendeskComments(ZendeskRecords):
    """The object `zendeskticketcomments`: found among those of their ticket."""

    kind = ZENDESK_COMMENTS

    def __init__(self, tools: Tools) -> None:
        fields = [
            key(ORIGIN),
            *(text(name) for name in ("body", "htmlBody")),
            flag("public"),
            time("originCreatedAt"),
            to_one("channel"),
            reference("author", ZENDESK_USERS),
            reference("ticket", TICKETS, part_of=True),
            reference("relatedComment", "casecomments"),
        ]
        rungs = (Rung(ORIGIN, exclusive=True, within="ticket"),)
        super().__init__(tools, fields, rungs, depends_on=("casecomments", TICKETS, ZENDESK_USERS))

    def attach(self, index: KeyIndex) -> None:
        """Nothing is kept: tickets can be asked for."""

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Among the comments of each ticket, a hundred tickets in a request."""
        wanted: dict[tuple[str, str], Any] = {}
        for value in values:
            ticket, _, number = str(value).partition("/")
            if (key := str(id_text(ticket))).isdecimal():
                wanted[key, number] = value
        tickets = list(dict.fromkeys(ticket for ticket, _ in wanted))
        names = list(dict.fromkeys([*self.names(), "ticket"]))
        found: dict[Any, list[RemoteRecord]] = {}
        for row in self.tools.listed(self.kind, "ticket", tickets, names) if tickets else []:
            value = wanted.get((str(row.get("ticket")), str(row.get(ORIGIN))))
            if value is not None:
                found.setdefault(value, []).append(self.record(row))
        return found
