"""Tickets: found by external id, created once whatever gets lost, never overwritten unseen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.errors import RecordFault
from ml_connector.ledger import is_blank
from ml_connector.sync import (
    Done,
    Field,
    RemoteRecord,
    Rung,
    WriteEvent,
    WriteItem,
    WriteResult,
    as_version,
)
from target_zendesk_ml.bulk import BulkObject, Tools, refusal
from target_zendesk_ml.closed_tickets import FollowUps, idempotency_key
from target_zendesk_ml.jobs import Ended
from target_zendesk_ml.people import People
from target_zendesk_ml.references import BY_ID, References, own_id
from target_zendesk_ml.ticket_directory import TicketDirectory
from target_zendesk_ml.ticket_fields import (
    IMPORTED_FIELDS,
    REQUESTER_ELSE,
    STANDARD_FIELDS,
    TicketFieldDefinitions,
)

FEW_WRITES = 5  # up to so many are written singly: a job takes longer than that
_IMPORTS = "/api/v2/imports/tickets"
_ORGANIZATION = "organization_id"
_PEOPLE = frozenset({"assignee_id", "requester_id", REQUESTER_ELSE, "submitter_id", "comment.author_id"})
# What is written shows `write_timeout` later at the latest; the export rounds to whole seconds besides.
_SETTLE_SHARE = 1.1
_MANY_CREATED = 100_000


@dataclasses.dataclass(frozen=True, slots=True)
class TicketRules:
    """The settings of tickets; see the target's settings of the same names."""

    safe_update: bool = False
    use_imports: bool = False
    write_timeout: float = 60.0
    publishable: bool = False
    new_external_ids_only: bool = False


class Tickets(BulkObject):
    """The object `tickets`.

    Ladder: external id, then create. A create with an external id goes in a job and is looked up after a
    lost answer; one without goes singly, with an idempotency key.
    """

    wrapper = "ticket"

    def __init__(
        self,
        tools: Tools,
        definitions: TicketFieldDefinitions,
        references: References,
        people: People,
        follow_ups: FollowUps,
        rules: TicketRules,
        *,
        two_way: bool,
    ) -> None:
        super().__init__(
            tools,
            definitions,
            _fields_by(rules),
            (Rung("external_id", exclusive=True),),
            depends_on=("organizations", "users", "agents"),
            two_way=two_way or rules.safe_update,
            publishable=rules.publishable,
        )
        self._custom = definitions
        self._references = references
        self._people = people
        self._follow_ups = follow_ups
        self._rules = rules
        self._directory = TicketDirectory(
            self.client,
            self._parallel,
            archived=rules.use_imports,
            settle_seconds=rules.write_timeout * _SETTLE_SHARE,
        )
        self._prepared = False
        self._custom_mapped = False
        self._stamps_read: dict[str, str] = {}
        self.created: set[str] = set()

    def prepare(self, fields: Sequence[str]) -> None:
        """Make sure that the custom fields exist."""
        super().prepare(fields)
        self._prepared = True
        self._custom_mapped |= any(name.startswith(self._custom.prefix) for name in fields)

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """`show_many?ids=`, 100 per request."""
        return {record.key: record for record in self.records(self._directory.show_many(keys))}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """One request for each external id, or one reading of all tickets where that takes fewer."""
        by_text = {str(value).strip(): value for value in values}
        # Before a stream is known the journal of a dead run is being resolved.
        found = self._directory.find(list(by_text), fresh=not self._prepared)
        return {by_text[text]: self.records(rows) for text, rows in found.items()}

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """People by external id or address, organizations and tickets by external id; `id:123` by id."""
        if field_name == _ORGANIZATION:
            return self._references.organizations(identities)
        if field_name == "problem_id":
            return self.by_external_ids(identities)
        return self._people.find(field_name, identities)

    def fallback(self, field_name: str) -> str | None:
        """The default user for people whom nobody knows; nothing else has a stand-in."""
        return self._people.fallback(field_name) if field_name in _PEOPLE else None

    def by_external_ids(self, identities: Sequence[str]) -> Mapping[str, str]:
        """Keys of tickets that have no link; those that are there twice are left out."""
        plain = [name for name in identities if not name.startswith(BY_ID)]
        found = self._directory.find(plain, fresh=False) if plain else {}
        keys = {name: str(rows[0]["id"]) for name, rows in found.items() if len(rows) == 1}
        return keys | {name: number for name in identities if (number := own_id(name)) is not None}

    def record(self, row: Mapping[str, Any]) -> RemoteRecord:
        """A ticket as the engine compares it; when it last changed is noted for a safe update."""
        custom = self._custom_mapped or not self._prepared
        if custom and not self._fields_known:  # recovery reads before any stream is known
            self._learn_fields()
        key = str(row["id"])
        if self._rules.safe_update and row.get("updated_at"):
            self._stamps_read[key] = str(row["updated_at"])
        fields = {name: self.shown(name, row) for name in self._fields if "." not in name}
        fields["comment.body"] = row.get("description")
        fields |= self._custom.shown(row.get("custom_fields") or []) if custom else {}
        return RemoteRecord(key, fields, as_version(row.get("updated_at")))

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """In jobs; few of them, and creates that could not be looked up, one by one."""
        keys = {item.key for item in items}
        self._stamps_read = {key: stamp for key, stamp in self._stamps_read.items() if key in keys}
        ready, refused = self._with_authors(items)
        ready, nobody = self._people.settle(ready, fence)
        refused += [refusal(item, fault, fault.request_id) for item, fault in nobody]
        if refused:
            yield Done(refused)
        jobs = [item for item in ready if item.kind == "update" or _has_lookup(item)]
        if len(jobs) <= FEW_WRITES:
            jobs = []
        in_jobs = {item.entry.id for item in jobs}
        yield from super().write(jobs, fence)
        yield from self.write_singly([item for item in ready if item.entry.id not in in_jobs], fence)

    def _with_authors(self, items: Sequence[WriteItem]) -> tuple[list[WriteItem], list[WriteResult]]:
        """Imported comments name their author like any other person; who is not there yet is waited for."""
        named = {name for item in items for name in _authors(item)}
        known = self._references.users(sorted(named)) if named else {}
        ready, refused = [], []
        for item in items:
            missing = [name for name in _authors(item) if name not in known]
            if missing:
                text = f"Waits for the users record of {missing[0]}, who wrote a comment."
                refused.append(refusal(item, RecordFault(text, cause="waiting", field="comments"), None))
            else:
                ready.append(_signed(item, known))
        return ready, refused

    @property
    def creates_at(self) -> str:
        """The past goes another way, which runs no business rules (Ticket import)."""
        return f"{_IMPORTS}/create_many" if self._rules.use_imports else super().creates_at

    def create_one(self, item: WriteItem, body: Mapping[str, Any]) -> Response:
        """With an idempotency key, so that it may be repeated; imports know none."""
        if self._rules.use_imports:
            return self.client.send("POST", _IMPORTS, body, idempotent=False)
        headers = {"Idempotency-Key": idempotency_key(item, body)}
        return self.client.send("POST", self.path, body, idempotent=True, headers=headers)

    def row(self, item: WriteItem) -> dict[str, Any]:
        """Custom fields by id; with what protects a change that was not seen."""
        row = super().row(item)
        custom = {**row.pop("custom_fields", {}), **row.pop("ticket_fields", {})}
        if custom:
            row["custom_fields"] = self._custom.sent(custom)
        stand_in = row.pop(REQUESTER_ELSE, None)
        if stand_in is not None and not row.keys() & {"requester_id", "requester"}:
            row["requester_id"] = stand_in
        if item.kind == "update" and row.get("status") == "new":
            row["status"] = "open"  # no ticket goes back to new (Tickets: statuses)
        if self._rules.use_imports and item.kind == "create" and "comments" not in row:
            row["comments"] = [row.pop("comment", {})]
        stamp = self._stamps_read.get(item.key or "")
        return row | ({"updated_stamp": stamp, "safe_update": True} if stamp else {})

    def _results(self, job: Ended) -> tuple[list[WriteResult], list[WriteItem]]:
        """A create of which the job says nothing is looked for before it is sent again."""
        done, undone = super()._results(job)
        refused = {item.get("index") for item in job.results if item.get("error")}
        numbers = {item.entry.id: number for number, item in enumerate(job.batch.rows)}
        unsaid = [item for item in undone if item.kind == "create" and numbers[item.entry.id] not in refused]
        found = self._directory.find([_external_id(item) for item in unsaid], fresh=True) if unsaid else {}
        for item in unsaid:
            if rows := found.get(_external_id(item)):
                done += self.results([(item, str(rows[0]["id"]))], job.job_id, round(job.seconds, 3))
                undone.remove(item)
        for result in done:
            self._note_created(result)
        return done, undone

    def _note_created(self, result: WriteResult) -> None:
        """A ticket of this run has no comment of ours yet. Who is forgotten is looked at like any other."""
        if len(self.created) >= _MANY_CREATED:
            self.created.clear()
        if result.fault is None and result.item.kind == "create" and result.key:
            self.created.add(result.key)

    def _write_one(self, item: WriteItem) -> WriteResult:
        result = super()._write_one(item)
        self._note_created(result)
        if result.fault is None or item.kind == "create" or result.fault.cause != "vendor":
            return result
        closed = self._follow_ups.closed(str(item.key))
        if closed is None:
            return result
        if self._follow_ups.is_refused(closed):
            return refusal(item, self._follow_ups.fault(closed, result.request_id), result.request_id)
        successor = self._follow_ups.successor(closed)
        return self.answer(item, self._follow_ups.write(item, closed, successor, self.row(self._whole(item))))

    def _whole(self, item: WriteItem) -> WriteItem:
        """The item with all that the source says: another ticket has none of what the closed one has."""
        mapped = {
            name: value
            for name, value in item.incoming.mapped.items()
            if not is_blank(value) and name in self._fields and self._fields[name].writes == "always"
        }
        return dataclasses.replace(item, values={**mapped, **item.values})

    def request_cost(self, creates: int, updates: int) -> int:
        """Jobs and polls, and a look-up for each create."""
        return creates + super().request_cost(creates, updates)


def _fields_by(rules: TicketRules) -> list[Field]:
    """The fields that the settings leave."""
    changes: dict[str, dict[str, Any]] = {
        "external_id": {"writes": "create"} if rules.new_external_ids_only else {},
        "assignee_id": {"write_blanks": rules.publishable},  # whom people take off a case is taken off
    }
    fields = [*STANDARD_FIELDS, *(IMPORTED_FIELDS if rules.use_imports else ())]
    return [dataclasses.replace(each, **changes.get(each.name, {})) for each in fields]


def _has_lookup(item: WriteItem) -> bool:
    return not is_blank(item.values.get("external_id"))


def _external_id(item: WriteItem) -> str:
    return str(item.values["external_id"]).strip()


def _authors(item: WriteItem) -> list[str]:
    return [str(comment["author"]) for comment in item.values.get("comments") or () if comment.get("author")]


def _signed(item: WriteItem, known: Mapping[str, str]) -> WriteItem:
    """The item with its comments' authors as Zendesk names them."""
    if not item.values.get("comments"):
        return item
    comments = []
    for comment in item.values["comments"]:
        signed = {name: value for name, value in comment.items() if name != "author"}
        if comment.get("author"):
            signed["author_id"] = int(known[str(comment["author"])])
        comments.append(signed)
    return dataclasses.replace(item, values={**item.values, "comments": comments})
