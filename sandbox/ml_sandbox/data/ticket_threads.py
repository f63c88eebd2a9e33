"""How a generated ticket came about: its comments, and the audits of each change."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ticket_people import Row, Sink
from ml_sandbox.data.ticket_words import ANSWERS, BARE_CHANNELS, NOTES, ROBOT, SENTENCES

FIRST_EVENT = 46_000_000_000_000
EVENT_STEP = 10
RULE_VIA = {"channel": "rule", "source": {"from": {"title": "Automation"}, "to": {}, "rel": "automation"}}
API_VIA = {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
_METADATA: Row = {"system": {"client": "Sandbox", "ip_address": "192.0.2.1"}, "custom": {}}


@dataclass(frozen=True)
class Step:
    """One thing that happened.

    Attributes:
        at: when, as the API writes it.
        author: who did it.
        changes: name, value before, value after; the first step of a ticket has no values before.
        comment: the text, None for a change without one.
        public: whether everybody may read it.
        via: how it came.
    """

    at: str
    author: int
    changes: Sequence[tuple[str, Any, Any]] = ()
    comment: str | None = None
    public: bool = True
    via: Any = None


class ThreadWriter:
    """Writes audits and comments with rising ids."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._next = FIRST_EVENT

    def write(self, ticket_id: int, steps: Sequence[Step]) -> None:
        """Write the steps of one ticket, oldest first."""
        for place, step in enumerate(steps):
            audit_id = self._take()
            via = step.via or API_VIA
            events = [] if step.comment is None else [self._comment(ticket_id, audit_id, step, via)]
            for name, before, after in step.changes:
                event = {"id": self._take(), "type": "Change" if place else "Create", "field_name": name}
                events.append({**event, "value": after} | ({"previous_value": before} if place else {}))
            if place == 1:
                told = {
                    "type": "Notification",
                    "subject": "Re: {{ticket.title}}",
                    "body": "{{ticket.comments}}",
                }
                events.append({"id": self._take(), **told, "recipients": [step.author], "via": RULE_VIA})
            audit = {"id": audit_id, "ticket_id": ticket_id, "created_at": step.at, "author_id": step.author}
            self._sink("ticket_audits", {**audit, "metadata": _METADATA, "via": via, "events": events})

    def _comment(self, ticket_id: int, audit_id: int, step: Step, via: Any) -> Row:
        text = step.comment or ""
        written: Row = {
            "id": self._take(),
            "type": "VoiceComment" if via["channel"] in {"phone", "voice"} else "Comment",
            "author_id": step.author,
            "body": text,
            "html_body": f'<div class="zd-comment" dir="auto"><p>{html.escape(text)}</p></div>',
            "plain_body": text,
            "public": step.public,
            "attachments": [],
            "audit_id": audit_id,
        }
        rest = {"ticket_id": ticket_id, "via": via, "created_at": step.at, "metadata": _METADATA}
        self._sink("ticket_comments", {**written, **rest})
        return {**written, "type": "Comment"}

    def _take(self) -> int:
        self._next += EVENT_STEP
        return self._next


def via_of(channel: str, number: int) -> Row:
    """How a ticket or comment came; what the source holds varies with the channel."""
    if channel in BARE_CHANNELS:
        return {"channel": channel}
    origin: Row = {
        "email": {"address": f"user{number}@example.com", "name": "Sender"},
        "phone": {"phone": "+1 555 0100", "formatted_phone": "+1 (555) 0100"},
        "voice": {"phone": "+1 555 0100"},
        "twitter": {"profile_url": "https://social.example/x", "username": "x"},
        "any_channel": {"service_info": "Custom channel", "registered_integration_service_name": "Kiosk"},
    }.get(channel, {})
    to = {"address": "support@acme.example", "name": "Acme"} if channel == "email" else {}
    return {"channel": channel, "source": {"from": origin, "to": to, "rel": None}}


def text_of(draw: Draw, kind: str) -> str:
    """What somebody writes: a requester, an agent's answer or note, or an AI agent."""
    pool = {"ask": SENTENCES, "answer": ANSWERS, "note": NOTES, "robot": ROBOT}[kind]
    count = draw.between(1, 3) if kind == "ask" else 1
    return "\n\n".join(draw.pick(pool).replace("{number}", draw.digits(5)) for _ in range(count))
