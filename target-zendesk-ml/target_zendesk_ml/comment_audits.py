"""The comments of tickets as their audits show them, and which of them are the same as one of the source.

Zendesk keeps what a write says in `metadata` with the audit of that write (Ticket Audits): there the mark of
a comment of ours stands. Comments of others are the same by ticket, text, visibility and order.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from ml_connector.errors import PassingFault, RecordFault
from ml_connector.http import Parallel
from ml_connector.ledger import is_blank
from ml_connector.sync import Incoming, RemoteRecord, Rung, as_version
from ml_connector.vendors.zendesk.client import ZendeskClient
from target_zendesk_ml.ticket_fields import stored_text

_PATH = "/api/v2/tickets"
MARK = "ml_connector"  # what a write's metadata names the external id of its comment
TICKET = "ticket_id"
_REDACTED = "▇"  # what Zendesk puts in place of each redacted character (Redact)
# A comment that carries its time in its text, as target-oro-crm writes it where it can be kept nowhere else.
_TIME = re.compile(r"^\[\d{4}-\d{2}-\d{2}T[^\]\n]*\]\s*")

Text = tuple[str, bool, str]  # ticket, visibility, normalised text


class SameText(Rung):
    """Comments of one ticket with the same text, whoever wrote them."""

    def value(self, mapped: Mapping[str, Any]) -> Text | None:
        """Ticket, visibility and text of a mapped comment."""
        ticket, body = mapped.get(TICKET), mapped.get("body")
        if is_blank(ticket) or is_blank(body):
            return None
        return str(ticket), mapped.get("public") is not False, normalised(body)


BY_MARK = Rung("external_id", exclusive=True, within=TICKET)
BY_TEXT = SameText("body", in_order=True)


def normalised(text: Any) -> str:
    """A text as it is compared: without its time in front, blanks and line ends alike."""
    plain = _TIME.sub("", unicodedata.normalize("NFC", str(stored_text(text))))
    return " ".join(plain.replace("\u00a0", " ").split())


class CommentAudits:
    """Reads audits, one request for each ticket and batch."""

    def __init__(self, client: ZendeskClient, parallel: Parallel) -> None:
        self._client = client
        self._parallel = parallel
        self._read: dict[str, list[RemoteRecord]] = {}

    def marked(self, ticket: str) -> list[RemoteRecord]:
        """The comments of a ticket that carry a mark of ours, as they are now."""
        return [record for record in self._comments(ticket) if record.fields["external_id"] is not None]

    def by_marks(self, by_ticket: Mapping[str, Mapping[str, Any]]) -> dict[Any, list[RemoteRecord]]:
        """The comments with these marks, by what was asked: ticket -> mark -> question."""
        self._read = dict(self._parallel.map(lambda key: (key, self._comments(key)), by_ticket))
        found: dict[Any, list[RemoteRecord]] = {}
        for ticket, records in self._read.items():
            for record in records:
                value = by_ticket[ticket].get(str(record.fields["external_id"]))
                if value is not None:
                    found.setdefault(value, []).append(record)
        return found

    def by_texts(self, texts: Sequence[Text]) -> dict[Any, list[RemoteRecord]]:
        """Per text the comments that are it, oldest first; else those of which nobody can be sure."""
        unread = {ticket for ticket, _, _ in texts} - self._read.keys()
        read = self._read | dict(self._parallel.map(lambda key: (key, self._comments(key)), unread))
        self._read = {}
        return _found(set(texts), itertools.chain(*read.values()))

    def _comments(self, ticket: str) -> list[RemoteRecord]:
        try:
            audits = list(self._client.pages(f"{_PATH}/{ticket}/audits", "audits"))
        except RecordFault as fault:
            if fault.cause != "missing":
                raise _unread(ticket, fault) from fault
            return []  # the ticket is gone: the write says so
        return [record for audit in audits for record in _records(ticket, audit)]


def _unread(ticket: str, fault: RecordFault) -> PassingFault:
    """Who cannot see what is there must not add to it."""
    return PassingFault(
        f"Zendesk does not show the audits of ticket {ticket}: {fault.message}",
        fix="Run again later. Without them nobody can tell which comments are there already.",
    )


def _found(texts: Set[Text], records: Iterable[RemoteRecord]) -> dict[Any, list[RemoteRecord]]:
    same: dict[Text, list[RemoteRecord]] = {}
    others: dict[str, list[RemoteRecord]] = {}
    for record in records:
        if record.fields["external_id"] is not None:
            continue  # it is known by its mark
        text = text_of(record)
        same.setdefault(text, []).append(record)
        if text not in texts:  # one that is exactly what another record asks for is that one's
            others.setdefault(text[0], []).append(record)
    found = {
        text: same.get(text) or [each for each in others.get(text[0], ()) if _may_be(text, each)]
        for text in texts
    }
    return {text: hits for text, hits in found.items() if hits}


def text_of(record: RemoteRecord) -> Text:
    """What of a comment is compared."""
    body = record.fields["body"] or ""
    return str(record.fields[TICKET]), bool(record.fields["public"]), normalised(body)


def _may_be(text: Text, record: RemoteRecord) -> bool:
    """Whether a comment may be this one: made private since, or redacted."""
    shown = text_of(record)[2]
    if _REDACTED not in shown:
        return shown == text[2]
    pattern = re.escape(shown).replace(re.escape(_REDACTED), ".")
    return re.fullmatch(pattern, text[2], re.DOTALL) is not None


def doubt(candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
    """Why a comment with nearly the same text is no match: it is neither linked nor added again."""
    text = BY_TEXT.value(incoming.mapped)
    if text is None or candidate.fields["external_id"] is not None or text == text_of(candidate):
        return None
    shown = "public" if candidate.fields["public"] else "private"
    return RecordFault(
        f"Ticket {text[0]} has a {shown} comment, {candidate.key}, that may be this one, redacted or "
        "shown to others since.",
        cause="ambiguous",
        field="body",
        fix="Discard this letter where it is the same comment; else edit its text, then replay.",
    )


def _records(ticket: str, audit: Mapping[str, Any]) -> Iterable[RemoteRecord]:
    mark = ((audit.get("metadata") or {}).get("custom") or {}).get(MARK)
    for event in audit.get("events") or []:
        if event.get("type") == "Comment":
            fields = {name: event.get(name) for name in ("body", "html_body", "public", "author_id")}
            fields |= {TICKET: int(ticket), "external_id": None if is_blank(mark) else str(mark)}
            yield RemoteRecord(str(event["id"]), fields, as_version(audit.get("created_at")))
