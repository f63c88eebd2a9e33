"""Comments of cases: each once, also where the ledger was lost or an answer never came.

OroCRM keeps no key of ours with a comment and stamps its time itself. Where its own Zendesk integration is
installed, the comment's number at Zendesk tells; else case, author, time as far as it is known, and text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import is_blank
from ml_connector.sync import RemoteRecord, Rung, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.oro.records import Record
from target_oro_crm.fields import INSTANT, NAME_OR_ID, PEOPLE, flag, instant, reference, text, to_one, virtual
from target_oro_crm.oro_object import OroObject
from target_oro_crm.ticket_numbers import ORIGIN, RELATED_CASE, TICKETS, of_channel
from target_oro_crm.tools import Tools, numbers

COMMENTS = "casecomments"
ZENDESK_COMMENTS = "zendeskticketcomments"
NUMBER, TIME = "comment_number", "comment_created_at"
NO_MESSAGE = "N\\A"  # a comment of nothing but an attachment; OroCRM wants a text
_TIME_LINE = re.compile(r"^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\]\r?\n")


def timed(message: str, at: Any) -> str:
    """A message with its time in the first line."""
    return f"[{instant(at)}]\n{message}" if not is_blank(at) else message


def untimed(message: str) -> tuple[str, str | None]:
    """A message without that line, and the time in it."""
    found = _TIME_LINE.match(message)
    return (message[found.end() :], found[1]) if found else (message, None)


def digest(message: Any) -> str:
    """What two messages have in common that differ in blanks and line ends only."""
    said = " ".join(untimed(str(message))[0].split()) if not is_blank(message) else NO_MESSAGE
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True)
class SameText(Rung):
    """Finds a comment by what it is: case, author, time, text. Equal ones are told apart by their order."""

    def value(self, mapped: Mapping[str, Any]) -> Any:
        """Case, contact, owner, time, visibility and digest of the text, as one text."""
        if is_blank(mapped.get("case")):
            return None
        people = [None if is_blank(mapped.get(name)) else str(mapped[name]) for name in ("contact", "owner")]
        at = instant(mapped.get(TIME)) or None
        return json.dumps(
            [str(mapped["case"]), *people, at, bool(mapped.get("public")), digest(mapped.get("message"))]
        )


class CaseComments(OroObject):
    """The object `casecomments`."""

    kind = COMMENTS

    def __init__(self, tools: Tools) -> None:
        self._has_numbers = tools.features.has(TICKETS) and tools.features.has(ZENDESK_COMMENTS)
        self._messages: dict[str, RemoteRecord] = {}
        rungs: list[Rung] = [SameText("message", exclusive=True, in_order=True)]
        if self._has_numbers:
            rungs.insert(0, Rung(NUMBER, within="case"))
        fields = [
            text("message"),
            flag("public"),
            reference("case", "cases", part_of=True),
            reference("contact", "contacts", PEOPLE),
            reference("owner", "users", PEOPLE),
            to_one("organization"),
            virtual(NUMBER, NAME_OR_ID),
            virtual(TIME, INSTANT),
        ]
        super().__init__(tools, fields, rungs, depends_on=("cases", "contacts", "users"))

    # Reading

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By the number at Zendesk, or by what the comment is; a case of this run has no comments yet."""
        if isinstance(rung, SameText):
            return self._alike({str(value): json.loads(value) for value in values})
        wanted: dict[str, tuple[str, str]] = {}
        for value in values:
            case, _, number = str(value).partition("/")
            if case.isdecimal() and case not in self.tools.created:
                wanted[str(value)] = (case, number)
        return self._numbered(wanted) if wanted else {}

    def _numbered(self, wanted: Mapping[str, tuple[str, str]]) -> dict[Any, Sequence[RemoteRecord]]:
        cases = [case for case, _ in wanted.values()]
        tickets = {
            str(row["id"]): str(row[RELATED_CASE])
            for row in self.tools.listed(TICKETS, RELATED_CASE, cases, [RELATED_CASE, "channel"])
            if of_channel(row, self.tools)
        }
        names = [ORIGIN, "ticket", "relatedComment"]
        held: dict[tuple[str, str], str] = {}
        for row in self.tools.listed(ZENDESK_COMMENTS, "ticket", list(tickets), names) if tickets else []:
            if row.get("relatedComment"):
                held[tickets[str(row["ticket"])], str(row[ORIGIN])] = str(row["relatedComment"])
        keys = {value: held[place] for value, place in wanted.items() if place in held}
        records = self.read(sorted(set(keys.values())))
        return {value: [records[key]] for value, key in keys.items() if key in records}

    def _alike(self, wanted: Mapping[str, Sequence[Any]]) -> dict[Any, Sequence[RemoteRecord]]:
        """Candidates, the likeliest first; those of another author or time are none."""
        cases = [
            case for case in numbers(parts[0] for parts in wanted.values()) if case not in self.tools.created
        ]
        names = [*self.names(), "message", "public", "case", "contact", "owner"]
        by_text: dict[tuple[str, str], list[Record]] = {}
        for row in self.tools.listed(self.kind, "case", cases, names) if cases else []:
            by_text.setdefault((str(row["case"]), digest(row.get("message"))), []).append(row)
        found: dict[Any, Sequence[RemoteRecord]] = {}
        for value, parts in wanted.items():
            rows = [row for row in by_text.get((parts[0], parts[5]), ()) if _may_be(row, parts)]
            if rows:
                rows.sort(key=lambda row: _unlikeness(row, parts))
                found[value] = [self.record(row) for row in rows]
        return found

    def record(self, row: Record) -> RemoteRecord:
        """As the engine compares it; what it says is remembered until it is written."""
        record = super().record(row)
        if self.tools.rules.time_in_message:
            self._messages[record.key] = record
        return record

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Several at once, those of one case one after another: OroCRM shows them in the order of arrival."""
        for round_ in _rounds(items):
            yield from super().write(round_, fence)
        self._messages.clear()

    def body(self, item: WriteItem) -> Record:
        """With the time in the message, by setting."""
        values = super().body(item)
        if "message" in values and self.tools.rules.time_in_message:
            values["message"] = timed(str(values["message"]), item.incoming.mapped.get(TIME))
        return values

    def defaults(self, item: WriteItem) -> Record:
        """A text, and not public unless it says so."""
        return {**super().defaults(item), "message": NO_MESSAGE, "public": False}

    def write_one(self, item: WriteItem) -> WriteResult:
        """A message that only lacks the line with its time is there already."""
        known = self._messages.get(item.key or "")
        values = self.body(item)
        if known is not None and all(known.fields.get(name) == value for name, value in values.items()):
            return WriteResult(item, key=item.key, stored=known.fields, version=known.version)
        return super().write_one(item)

    def refused(self, item: WriteItem, fault: RecordFault) -> WriteResult:
        """A comment of a case that is gone says so."""
        if fault.field == "case" and "does not exist" in fault.message:
            fault = RecordFault(
                f"The case {item.values.get('case')} of this comment is gone from OroCRM.",
                cause="parent_missing",
                field="case",
                request_id=fault.request_id,
                fix="Discard the letter; a deleted case does not come back.",
            )
        return super().refused(item, fault)


def _rounds(items: Sequence[WriteItem]) -> list[list[WriteItem]]:
    """The items in rounds, each with one comment of a case."""
    rounds: list[list[WriteItem]] = []
    counted: dict[str, int] = {}
    for item in items:
        case = str(item.incoming.mapped.get("case"))
        place = counted.get(case, 0)
        counted[case] = place + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(item)
    return rounds


def _may_be(row: Record, parts: Sequence[Any]) -> bool:
    _, contact, _, at, _, _ = parts
    own = untimed(str(row.get("message") or ""))[1]
    # Our own integration, or OroCRM's, may not have known the contact when it came: then there is none.
    other_author = row.get("contact") not in (None, contact)
    return not other_author and (at is None or own is None or own == at)


def _unlikeness(row: Record, parts: Sequence[Any]) -> tuple[bool, bool, bool, int]:
    _, contact, owner, _, public, _ = parts
    return (
        row.get("contact") != contact,
        owner is not None and row.get("owner") != owner,
        bool(row.get("public")) != public,
        int(row["id"]),
    )
