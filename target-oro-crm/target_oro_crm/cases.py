"""Cases: one for each ticket, found by its number, created with all that OroCRM asks for."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.singer.key_index import KeyIndex
from ml_connector.sync import Incoming, RemoteRecord, Rung, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.oro.records import Record
from ml_connector.vendors.oro.types import EXTERNAL_ID
from target_oro_crm.accounts_of import AccountsOf
from target_oro_crm.fields import (
    NAME_OR_ID,
    PEOPLE,
    OroField,
    cut,
    instant,
    key,
    plain,
    reference,
    text,
    time,
    to_one,
    virtual,
)
from target_oro_crm.oro_object import OroObject
from target_oro_crm.ticket_numbers import CASES, NUMBER, TicketNumbers
from target_oro_crm.tools import Tools

SUBJECT_LENGTH = 255
NO_SUBJECT = "N\\A"  # what OroCRM's own integration writes for an empty one
# As OroCRM's own integration creates cases; JSON:API has no defaults for these.
DEFAULTS = {"status": "open", "priority": "normal", "source": "other"}
_BEGUN = "begun"
_MANY = 100_000

# What of a ticket a case has no place for, but where case_fields names one.
TICKET_FACTS = (
    "ticket_type",
    "ticket_status",
    "ticket_priority",
    "ticket_recipient",
    "ticket_due_at",
    "ticket_url",
    "ticket_requester",
    "ticket_submitter",
    "ticket_assignee",
    "ticket_problem",
    "ticket_collaborators",
    "ticket_external_id",
    "ticket_tags",
)


@dataclasses.dataclass(frozen=True, slots=True)
class ReportedRung(Rung):
    """Finds a case whose creation was never answered: `reportedAt` is ours, and every version filters it."""

    def value(self, mapped: Mapping[str, Any]) -> Any:
        """Time, subject, source and the digest of the text, as one text."""
        reported = instant(mapped.get("reportedAt"))
        if is_blank(reported):
            return None
        subject = _subject(mapped.get("subject"))
        source = mapped.get("source") or DEFAULTS["source"]
        return json.dumps([reported, subject, str(source), _digest(mapped.get("description"))])


def _subject(value: Any) -> str:
    return str(cut(SUBJECT_LENGTH)(str(value))) if not is_blank(value) else NO_SUBJECT


def _digest(value: Any) -> str:
    said = "" if is_blank(value) else " ".join(str(value).split())
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def case_fields(numbers: TicketNumbers, named: Mapping[str, str]) -> list[OroField]:
    """The fields of cases. `named`: attributes of this server by the names that mappings give them."""
    known = [
        text("subject", SUBJECT_LENGTH),
        text("description"),
        text("resolution"),
        time("reportedAt"),
        time("closedAt"),
        *(to_one(name) for name in ("status", "priority", "source", "organization")),
        reference("relatedContact", "contacts", PEOPLE),
        reference("relatedAccount", "accounts"),
        reference("assignedTo", "users", PEOPLE),
        reference("owner", "users", PEOPLE),
        _number_field(numbers),
        *(virtual(name) for name in TICKET_FACTS if name not in named),
        *(plain(name, own) for name, own in named.items()),
    ]
    has_ids = numbers.attribute == EXTERNAL_ID
    known.append(key(EXTERNAL_ID) if has_ids else virtual(EXTERNAL_ID, NAME_OR_ID))
    return known


def _number_field(numbers: TicketNumbers) -> OroField:
    return virtual(NUMBER, NAME_OR_ID) if numbers.attribute is None else key(NUMBER, numbers.attribute)


class Cases(OroObject):
    """The object `cases`.

    Ladder: link, ticket number. A create whose answer was lost is looked for by the number too, or by the
    time of the report, the subject and the text where cases keep no number.
    """

    kind = CASES

    def __init__(
        self, tools: Tools, numbers: TicketNumbers, inactive: Mapping[str, Any] | None = None
    ) -> None:
        self._numbers = numbers
        self._accounts = AccountsOf(tools)
        self._index: KeyIndex | None = None
        in_case = numbers.attribute is not None
        rungs: list[Rung] = [Rung(NUMBER, exclusive=in_case)] if numbers.are_kept else []
        if in_case:
            rungs.append(Rung(NUMBER, lazy=True))
        rungs.append(ReportedRung("reportedAt", lazy=True, exclusive=True, in_order=True))
        super().__init__(
            tools,
            case_fields(numbers, tools.rules.case_fields),
            rungs,
            depends_on=("contacts", "accounts", "users"),
            inactive=inactive,
        )

    def attach(self, index: KeyIndex) -> None:
        """Where keys are kept, and that there was a run before."""
        self._index = index
        self._numbers.attach(index)

    def prepare(self, fields: Sequence[str]) -> None:
        """Refuse to begin where every ticket would come a second time.

        Raises:
            SystemFault: an empty ledger, where nothing else knows which case is which ticket.
        """
        super().prepare(fields)
        if self._index is None or self._numbers.are_kept:
            return
        if self._index.mark(CASES, _BEGUN) is None:
            if not self.tools.rules.allow_empty_ledger:
                raise SystemFault(
                    "The ledger knows of no run into cases yet, and this server keeps no ticket numbers "
                    "(which takes OroCRM 7.0.2, its Zendesk integration, or a field of cases): if cases came "
                    "from tickets before, each would come a second time.",
                    fix="Name an attribute of cases in ticket_number_field; or set allow_empty_ledger: true "
                    "for the first run.",
                )
            self._index.set_mark(CASES, _BEGUN, "1")

    # Reading

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By ticket number, or by time of report with subject and text."""
        if isinstance(rung, ReportedRung):
            return self._reported([str(value) for value in values])
        by_text = {str(value).strip(): value for value in values}
        holders = self._numbers.cases(list(by_text))
        records = self.read(sorted({key for keys in holders.values() for key in keys}))
        found = {
            by_text[number]: [records[key] for key in dict.fromkeys(keys) if key in records]
            for number, keys in holders.items()
        }
        return {value: hits for value, hits in found.items() if hits}

    def _reported(self, values: Sequence[str]) -> Mapping[Any, Sequence[RemoteRecord]]:
        wanted = {value: json.loads(value) for value in values}
        times = [parts[0] for parts in wanted.values()]
        names = list(dict.fromkeys([*self.names(), "reportedAt", "subject", "source", "description"]))
        found: dict[tuple[str, ...], list[RemoteRecord]] = {}
        # The newest first: who is looked for was created just now.
        for row in reversed(self.tools.listed(self.kind, "reportedAt", times, names)):
            place = (row["reportedAt"], row["subject"], row["source"], _digest(row.get("description")))
            found.setdefault(place, []).append(self.record(row))
        return {value: hits for value, parts in wanted.items() if (hits := found.get(tuple(parts), []))}

    def by_numbers(self, identities: Sequence[str]) -> Mapping[str, str]:
        """Cases without a link by the numbers of their tickets, where exactly one has it."""
        found = self._numbers.cases(identities) if identities and self._numbers.are_kept else {}
        return {number: held[0] for number, held in found.items() if len(set(held)) == 1}

    # Judging

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """A case of another ticket's number is another ticket's."""
        ours, theirs = incoming.mapped.get(NUMBER), candidate.fields.get(NUMBER)
        if is_blank(ours) or is_blank(theirs) or str(ours).strip() == str(theirs).strip():
            return None
        return RecordFault(
            f"The case {candidate.key} is that of ticket {theirs}.",
            cause="linked",
            field=NUMBER,
            fix="Clear the number on the case if that is wrong, then replay.",
        )

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """One by one; the accounts of new cases are looked up beforehand."""
        self._accounts.learn(
            str(item.values["relatedContact"])
            for item in items
            if item.kind == "create" and not is_blank(item.values.get("relatedContact"))
        )
        yield from super().write(items, fence)

    def defaults(self, item: WriteItem) -> Record:
        """What OroCRM asks for, and the account of the contact."""
        contact = item.values.get("relatedContact")
        return {
            **super().defaults(item),
            "subject": NO_SUBJECT,
            **DEFAULTS,
            "relatedAccount": None if is_blank(contact) else self._accounts.of(str(contact)),
        }

    def write_one(self, item: WriteItem) -> WriteResult:
        """A case of this run has no comments yet."""
        result = super().write_one(item)
        if item.kind == "create" and result.key and result.fault is None:
            if len(self.tools.created) >= _MANY:
                self.tools.created.clear()
            self.tools.created.add(result.key)
        return result
