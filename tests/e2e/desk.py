"""What Zendesk and OroCRM hold of the same tickets, people and comments, side by side, for tests.

Written from the tables of docs/zendesk-oro.md, not from the mapping: each pair is the value of Zendesk in the
form of OroCRM, and the value of OroCRM.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_sandbox.testing import ControlClient

Row = dict[str, Any]
Pair = tuple[str, Any, Any]
STATUSES = {
    "guide": {"new": "open", "open": "open", "pending": "in_progress", "hold": "open"}
    | {"solved": "closed", "closed": "closed", "deleted": "closed"},
    "bundle": {"new": "open", "open": "open", "pending": "in_progress", "hold": "open"}
    | {"solved": "resolved", "closed": "closed", "deleted": "closed"},
}
BACK = {
    "guide": {"open": "open", "in_progress": "pending", "resolved": "solved", "closed": "solved"},
    "bundle": {"open": "new", "in_progress": "pending", "resolved": "solved", "closed": "closed"},
}
PRIORITIES = {"low": "low", "normal": "normal", "high": "high", "urgent": "high", None: "normal"}
# A ticket's field, and the same of the ticket record.
RECORD = {
    "subject": "subject",
    "description": "description",
    "external_id": "externalId",
    "recipient": "recipient",
    "has_incidents": "hasIncidents",
    "due_at": "dueAt",
    "created_at": "originCreatedAt",
    "updated_at": "originUpdatedAt",
    "priority": "priority",
    "type": "ticketType",
}
PEOPLE = {"requester_id": "requester", "submitter_id": "submitter", "assignee_id": "assignee"}
OWNER = "1"  # the user of OroCRM who gets what belongs to nobody else


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two sides do not agree."""

    key: str
    field: str
    zendesk: Any
    oro: Any


class Desk:
    """The records of both systems at one moment.

    `edited`: people changed cases too. A value then agrees that came from either side, for several of one
    side stand for one of the other; who owns a case is its own business.
    """

    def __init__(self, control: ControlClient, profile: str = "guide", *, edited: bool = False) -> None:
        self._statuses, self._back = STATUSES[profile], BACK[profile]
        self._edited = edited
        self.tickets = {row["id"]: row for row in control.rows("zendesk", "tickets")}
        self.users = {row["id"]: row for row in control.rows("zendesk", "users")}
        self.cases = control.rows("oro", "cases")
        self.records = self._of_bundle(control, "zendesktickets")
        self._people = self._of_bundle(control, "zendeskusers")
        # A case has its ticket's number from 7.0.2 on; before that its ticket record has it.
        numbers = {row["relatedCase"]: number for number, row in self.records.items()}
        self._numbers = {case["id"]: case.get("externalId") or numbers.get(case["id"]) for case in self.cases}
        self.contacts = {row["id"]: row for row in control.rows("oro", "contacts")}
        self._staff = {row["email"].casefold(): row["id"] for row in control.rows("oro", "users")}
        self._said = _by(control.rows("zendesk", "ticket_comments"), "ticket_id")
        self._noted = _by(control.rows("oro", "casecomments"), "case")

    def differences(self) -> list[Difference]:
        """Every field of every pair that is not the same on both sides; records without a partner too."""
        numbers = Counter(self._numbers.values())
        found = [
            Difference(str(number), "partner", number, numbers[str(number)])
            for number, ticket in self.tickets.items()
            # One that was deleted before it was read never becomes a case.
            if numbers[str(number)] != (ticket["status"] != "deleted")
        ]
        found += [
            Difference(case["id"], "partner", None, self._numbers[case["id"]])
            for case in self.cases
            if int(self._numbers[case["id"]] or 0) not in self.tickets
        ]
        for case in self.cases:
            ticket = self.tickets.get(int(self._numbers[case["id"]] or 0))
            if ticket is not None:
                pairs = [
                    *self._case(ticket, case),
                    *self._comments(ticket, case),
                    *self._record(ticket, case),
                ]
                found += [Difference(case["id"], name, *both) for name, *both in pairs if both[0] != both[1]]
        return found

    @staticmethod
    def _of_bundle(control: ControlClient, kind: str) -> dict[str, Row]:
        """The rows of a type of the bundle by their number; none where it is not installed."""
        known = control.systems()["oro"]
        return {row["originId"]: row for row in control.rows("oro", kind)} if kind in known else {}

    def _record(self, ticket: Row, case: Row) -> Iterator[Pair]:
        """The ticket record beside the case: everything as in Zendesk."""
        record = self.records.get(str(ticket["id"]))
        if record is None:
            return
        for theirs, ours in RECORD.items():
            yield f"record.{ours}", ticket[theirs] or None, record[ours] or None
        # The host is the one by which the account is called.
        yield "record.url", ticket["url"].partition("/api/")[2], record["url"].partition("/api/")[2]
        if ticket["status"] != "deleted":
            yield "record.status", ticket["status"], record["status"]
        yield "record.relatedCase", case["id"], record["relatedCase"]
        for theirs, ours in PEOPLE.items():
            yield f"record.{ours}", self._person(ticket[theirs]), record[ours]
        problem = self.records.get(str(ticket["problem_id"]))
        yield "record.problem", problem["id"] if problem else None, record["problem"]
        known = [self._person(each) for each in ticket["collaborator_ids"]]
        yield "record.collaborators", {each for each in known if each}, set(record["collaborators"])

    def _person(self, number: int | None) -> str | None:
        found = self._people.get(str(number))
        return str(found["id"]) if found else None

    def _case(self, ticket: Row, case: Row) -> Iterator[Pair]:
        people = {name: ticket[f"{name}_id"] for name in ("requester", "submitter", "assignee")}
        yield "subject", (ticket["subject"] or "N\\A")[:255], case["subject"]
        yield "description", ticket["description"] or None, case["description"] or None
        if not (self._edited and self._back[case["status"]] == ticket["status"]):
            yield "status", self._statuses[ticket["status"]], case["status"]
        if not (self._edited and case["priority"] == ticket["priority"]):
            yield "priority", PRIORITIES[ticket["priority"]], case["priority"]
        yield "reportedAt", ticket["created_at"], case["reportedAt"]
        yield "source", "other", case["source"]
        assigned = self._colleague(people, "assignee", "submitter", "requester")
        yield "assignedTo", assigned, case["assignedTo"]
        if not self._edited:
            yield "owner", self._colleague(people, "submitter", "requester", "assignee"), case["owner"]
        yield "relatedContact", self._customer(people), self._address(case["relatedContact"])

    def _colleague(self, people: Mapping[str, int | None], *order: str) -> str:
        """The first of them who works in OroCRM."""
        for name in order:
            user = self.users.get(people[name] or 0, {"role": "end-user"})
            works_there = user["role"] != "end-user" and str(user["email"]).casefold() in self._staff
            if works_there:
                return str(self._staff[user["email"].casefold()])
        return OWNER

    def _customer(self, people: Mapping[str, int | None]) -> str | None:
        """The address of the first of them who is a contact."""
        for name in ("requester", "submitter", "assignee"):
            user = self.users.get(people[name] or 0)
            if user is not None and user["role"] == "end-user" and user["email"] and user["name"]:
                return str(user["email"])
        return None

    def _address(self, contact: str | None) -> str | None:
        return self.contacts[contact]["primaryEmail"] if contact else None

    def _comments(self, ticket: Row, case: Row) -> Iterator[Pair]:
        """Text and visibility of each comment, as often as it is there."""
        said = Counter((row["body"], row["public"]) for row in self._said.get(ticket["id"], ()))
        noted = Counter((row["message"], row["public"]) for row in self._noted.get(case["id"], ()))
        yield "comments", said, noted


def _by(rows: Sequence[Row], name: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found
