"""Comments of tickets: they are added, never changed, and each exactly once.

Zendesk gives a comment no key of ours, but keeps what a write says in `metadata`: there the external id
stands, and is looked for before anything is repeated; see `comment_audits`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.errors import ConnectorError, RecordFault
from ml_connector.http import Parallel
from ml_connector.ledger import is_blank
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.singly import chunks, written_singly
from ml_connector.sync import (
    Done,
    Field,
    Incoming,
    ObjectSpec,
    RemoteRecord,
    Rung,
    Sent,
    WriteEvent,
    WriteItem,
    WriteResult,
)
from ml_connector.vendors.zendesk.client import SHOW_MANY
from target_zendesk_ml.bulk import TEXT, Tools, is_success, refusal
from target_zendesk_ml.closed_tickets import FollowUps
from target_zendesk_ml.comment_audits import BY_MARK, BY_TEXT, MARK, TICKET, CommentAudits, doubt
from target_zendesk_ml.jobs import Batch, Ended, Refused, Started
from target_zendesk_ml.people import People
from target_zendesk_ml.ticket_fields import person, stored_text
from target_zendesk_ml.tickets import FEW_WRITES, Tickets

_PATH = "/api/v2/tickets"
_FEW_ROUNDS = 10


@dataclasses.dataclass(frozen=True, slots=True)
class CommentRules:
    """The settings of comments. `keep_changed`: a change in the source is no letter. `by_text`: comments
    without a mark may be those of the source.
    """

    use_jobs: bool = True
    keep_changed: bool = False
    by_text: bool = False


def fields_by(rules: CommentRules) -> tuple[Field, ...]:
    """The fields: all are given once, whatever becomes of a change."""
    writes: Any = "create" if rules.keep_changed else "always"
    return (
        Field("external_id", schema=TEXT, writes=writes),
        Field.reference(TICKET, "tickets", needed=True, writes=writes),
        Field("body", schema=TEXT, writes=writes, stored_form=stored_text),
        Field("html_body", schema=TEXT, writes=writes),
        Field("public", schema={"type": ["boolean", "null"]}, writes=writes),
        person("author_id", once=rules.keep_changed),
    )


class TicketComments(VendorObject):
    """The object `ticket_comments`.

    One comment of each ticket goes in a job at a time: a job takes a second change of a ticket for a
    conflict (Tickets: update collisions). A comment without external id goes singly, and is not repeated.
    """

    def __init__(
        self,
        tools: Tools,
        tickets: Tickets,
        people: People,
        follow_ups: FollowUps,
        rules: CommentRules,
    ) -> None:
        self._use_jobs = rules.use_jobs
        self._client = tools.client
        self._runner = tools.runner
        self._parallel = Parallel(tools.parallel, tools.client.session)
        self._tickets = tickets
        self._people = people
        self._audits = CommentAudits(tools.client, self._parallel)
        self._follow_ups = follow_ups
        self.spec = ObjectSpec(
            name="ticket_comments",
            fields={field.name: field for field in fields_by(rules)},
            rungs=(BY_MARK, BY_TEXT) if rules.by_text else (BY_MARK,),
            depends_on=("tickets", "users", "agents"),
            batch_size=SHOW_MANY,
            append_only=True,
        )

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """Nothing: a comment cannot be read by its id alone, and none is ever compared."""
        return {}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By the audits of each ticket, one request for each; a ticket of this run has none of ours yet."""
        if rung == BY_TEXT:
            return self._audits.by_texts([text for text in values if self._is_open(text[0])])
        by_ticket: dict[str, dict[str, Any]] = {}
        for value in values:
            ticket, _, external_id = str(value).partition("/")
            if self._is_open(ticket):
                by_ticket.setdefault(ticket, {})[external_id] = value
        return self._audits.by_marks(by_ticket)

    def _is_open(self, ticket: str) -> bool:
        """Whether a ticket may have the comment. A dry run names tickets that it would create otherwise."""
        return ticket.isdecimal() and ticket not in self._tickets.created

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """Where nobody can be sure that it is the same comment."""
        return doubt(candidate, incoming)

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Tickets by external id, authors by external id or e-mail address; `id:123` by id."""
        if field_name == TICKET:
            return self._tickets.by_external_ids(identities)
        return self._people.find(field_name, identities)

    def fallback(self, field_name: str) -> str | None:
        """The default user for an author whom nobody knows."""
        return self._people.fallback(field_name) if field_name == "author_id" else None

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """In rounds, each with one comment of a ticket, in the order in which they came."""
        ready, refused = self._people.settle(items, fence)
        if refused:
            yield Done([refusal(item, fault, fault.request_id) for item, fault in refused])
        rounds = _rounds(ready)
        # A ticket takes 30 single changes in ten minutes (Rate limits); jobs know no such limit.
        few = FEW_WRITES if len(rounds) <= _FEW_ROUNDS else 0
        for items_of_round in rounds:
            jobs = [item for item in items_of_round if not is_blank(item.values.get("external_id"))]
            if len(jobs) <= few or not self._use_jobs:
                jobs = []
            in_jobs = {item.entry.id for item in jobs}
            failed: list[WriteItem] = []
            for event in self._runner.run([_batch(chunk) for chunk in chunks(jobs)], fence):
                if isinstance(event, Started):
                    yield Sent(event.batch.rows, event.job_id)
                elif isinstance(event, Refused):
                    failed += event.batch.rows
                else:
                    done, undone = self._results(event)
                    failed += undone
                    yield Done(done)
            singles = [item for item in items_of_round if item.entry.id not in in_jobs]
            yield from written_singly(self._parallel, self._write_one, [*failed, *singles], fence)

    def _results(self, job: Ended) -> tuple[list[WriteResult], list[WriteItem]]:
        """A job does not say which comment it made: each ticket's audits do.

        A row that the job calls done although no audit shows it is not sent again: it would be there twice.
        """
        rows: Sequence[WriteItem] = job.batch.rows
        refused = {str(item.get("id")) for item in job.results if not is_success(item)}
        claimed = {str(item.get("id")) for item in job.results if is_success(item)}
        # A row of which the job says nothing may have been done: it is looked for like the others.
        made = self._made([item for item in rows if _ticket_of(item) not in refused])
        seconds = round(job.seconds, 3)
        told, undone = [], []
        for item in rows:
            if (key := made.get(item.entry.id)) is not None:
                told.append(WriteResult(item, key=key, request_id=job.job_id, seconds=seconds))
            elif _ticket_of(item) in claimed:
                told.append(refusal(item, _without_trace(_ticket_of(item)), job.job_id))
            else:
                undone.append(item)
        return told, undone

    def _made(self, items: Sequence[WriteItem]) -> dict[int, str]:
        """Keys of comments that are there, by journal entry."""
        found = self._parallel.map(lambda item: (item, self._audits.marked(_ticket_of(item))), items)
        return {
            item.entry.id: record.key
            for item, records in found
            for record in records
            if record.fields["external_id"] == str(item.values["external_id"])
        }

    def _write_one(self, item: WriteItem) -> WriteResult:
        change = _change(item)
        response = self._client.send(
            "PUT", f"{_PATH}/{_ticket_of(item)}", {"ticket": change}, idempotent=False
        )
        result = self._answer(item, response)
        if result.fault is None or result.fault.cause != "vendor":
            return result
        closed = self._follow_ups.closed(_ticket_of(item))
        if closed is None:
            return result
        if self._follow_ups.is_refused(closed):
            return refusal(item, self._follow_ups.fault(closed, result.request_id), result.request_id)
        successor = self._follow_ups.successor(closed)
        if successor is not None and (key := self._key_in(str(successor["id"]), item)):
            return WriteResult(item, key=key, request_id=result.request_id)
        return self._answer(item, self._follow_ups.write(item, closed, successor, change))

    def _key_in(self, ticket: str, item: WriteItem) -> str | None:
        """The comment in a follow-up, where a run that died had put it."""
        wanted = str(item.values.get("external_id"))
        return next(
            (found.key for found in self._audits.marked(ticket) if found.fields["external_id"] == wanted),
            None,
        )

    def _answer(self, item: WriteItem, response: Response) -> WriteResult:
        fault = self._client.fault_of(response)
        request_id = self._client.request_id(response)
        if isinstance(fault, RecordFault):
            if fault.cause == "missing":
                fault = RecordFault(
                    f"Ticket {_ticket_of(item)} is gone from Zendesk.",
                    cause="parent_missing",
                    field=TICKET,
                    fix="Restore it there, then replay.",
                )
            return refusal(item, fault, request_id)
        if isinstance(fault, ConnectorError):
            raise fault
        answer = self._client.object_of(response)
        events = (answer.get("audit") or {}).get("events") or []
        comment = next((event for event in events if event.get("type") == "Comment"), None)
        key = str(comment["id"]) if comment else None
        return WriteResult(item, key=key, request_id=request_id, retries=1)

    # The account

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """No job of the account runs any more."""
        self._runner.wait_until_idle([name for name in references if name])

    def request_cost(self, creates: int, updates: int) -> int:
        """A look-up and a read-back for each comment, jobs and polls."""
        return 2 * creates + 2 * math.ceil(creates / SHOW_MANY)


def _without_trace(ticket: str) -> RecordFault:
    return RecordFault(
        f"Zendesk's job says that the comment of ticket {ticket} is added, but no audit bears its mark.",
        cause="unverified",
        field="external_id",
        fix="Look at the ticket: discard the letter where the comment is there, replay it where it is not. "
        "If it is there, this account keeps no metadata in jobs: set comments_in_jobs to false.",
    )


def _rounds(items: Sequence[WriteItem]) -> list[list[WriteItem]]:
    rounds: list[list[WriteItem]] = []
    counted: dict[str, int] = {}
    for item in items:
        place = counted.get(_ticket_of(item), 0)
        counted[_ticket_of(item)] = place + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(item)
    return rounds


def _batch(rows: Sequence[WriteItem]) -> Batch:
    body = {"tickets": [{"id": int(_ticket_of(item)), **_change(item)} for item in rows]}
    return Batch("PUT", f"{_PATH}/update_many", body, rows)


def _change(item: WriteItem) -> dict[str, Any]:
    comment = {name: value for name, value in item.values.items() if name not in (TICKET, "external_id")}
    change: dict[str, Any] = {"comment": comment}
    if not is_blank(item.values.get("external_id")):
        change["metadata"] = {MARK: str(item.values["external_id"])}
    return change


def _ticket_of(item: WriteItem) -> str:
    return str(item.values[TICKET])
