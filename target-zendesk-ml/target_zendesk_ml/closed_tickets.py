"""Tickets that are closed: nothing can be written to them (Tickets), but a follow-up can continue them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from requests import Response

from ml_connector.errors import RecordFault
from ml_connector.sync import WriteItem
from ml_connector.vendors.zendesk.client import ZendeskClient

_PATH = "/api/v2/tickets"
CLOSED = "closed"
MERGED_TAG = "closed_by_merge"  # what Zendesk gives to a ticket that was merged into another (Tickets: merge)


@dataclasses.dataclass(frozen=True, slots=True)
class FollowUps:
    """What becomes of a write to a closed ticket: `allowed` continues it, else it is refused."""

    client: ZendeskClient
    allowed: bool

    def closed(self, key: str) -> dict[str, Any] | None:
        """The ticket, where it is closed. Descriptions of refusals are localised, so the ticket is read."""
        try:
            ticket: dict[str, Any] = self.client.get(f"{_PATH}/{key}").get("ticket") or {}
        except RecordFault:
            return None
        return ticket if ticket.get("status") == CLOSED else None

    def is_refused(self, ticket: Mapping[str, Any]) -> bool:
        """Whether a change of this closed ticket goes nowhere: a merged one goes on in another ticket."""
        return not self.allowed or MERGED_TAG in (ticket.get("tags") or ())

    def fault(self, ticket: Mapping[str, Any], request_id: str | None) -> RecordFault:
        """The reason of a letter."""
        key = ticket["id"]
        if MERGED_TAG in (ticket.get("tags") or ()):
            return RecordFault(
                f"Ticket {key} was merged into another one, and Zendesk changes no closed ticket.",
                cause="merged",
                field="status",
                request_id=request_id,
                fix="Carry the change to the ticket that goes on where it matters, then discard this letter.",
            )
        return RecordFault(
            f"Ticket {key} is closed, and Zendesk changes no closed ticket.",
            cause=CLOSED,
            field="status",
            request_id=request_id,
            fix="Discard this letter; or set closed_tickets: follow_up, then replay.",
        )

    def write(
        self,
        item: WriteItem,
        ticket: Mapping[str, Any],
        successor: Mapping[str, Any] | None,
        change: Mapping[str, Any],
    ) -> Response:
        """Give `change` to the successor of a closed ticket, or to a new follow-up of the last closed one."""
        if successor is not None and successor.get("status") != CLOSED:
            body = {"ticket": {name: value for name, value in change.items() if name != "id"}}
            return self.client.send("PUT", f"{_PATH}/{successor['id']}", body, idempotent=False)
        closed = successor or ticket
        body = {"ticket": _follow_up(closed, change)}
        headers = {"Idempotency-Key": idempotency_key(item, body)}
        return self.client.send("POST", _PATH, body, idempotent=True, headers=headers)

    def successor(self, ticket: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The last of the follow-ups that have the ticket's external id, None without any.

        It is ours: a run that died may have made it.
        """
        last, seen = ticket, {ticket["id"]}
        while following := [key for key in last.get("followup_ids") or () if key not in seen]:
            seen.update(following)
            chosen = ",".join(map(str, following[-100:]))
            rows = self.client.get(f"{_PATH}/show_many", ids=chosen).get("tickets") or []
            ours = [row for row in rows if row.get("external_id") == ticket.get("external_id")]
            if not ours or not ticket.get("external_id"):
                break
            last = max(ours, key=lambda row: int(row["id"]))
        return last if last is not ticket else None


def _follow_up(closed: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A new ticket; what the change does not say it takes from the closed one (Tickets: follow-ups)."""
    dropped = ("id", "status", "custom_status_id", "safe_update", "updated_stamp")
    body = {name: value for name, value in change.items() if name not in dropped}
    if change.get("status") not in (None, CLOSED):
        body["status"] = change["status"]
    body.setdefault(
        "comment", {"body": f"Continues ticket {closed['id']}, which is closed.", "public": False}
    )
    if closed.get("external_id"):
        body.setdefault("external_id", closed["external_id"])
    return body | {"via_followup_source_id": closed["id"]}


def idempotency_key(item: WriteItem, body: Mapping[str, Any]) -> str:
    """One key for one record with one body, also in the next run; a ticket made anew gets another one.

    Zendesk keeps keys for two hours (Introduction: idempotency).
    """
    route = item.incoming.route
    place = [route.integration, route.stream, item.incoming.raw_key, item.key]
    made_anew = item.entry.id if item.kind == "create" and item.entry.link_id is not None else None
    text = json.dumps([*place, made_anew, body], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
