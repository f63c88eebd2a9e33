"""Users: found by external id or e-mail, created without a mail, agents left alone."""

from __future__ import annotations

import dataclasses
import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.errors import RecordFault
from ml_connector.ledger import is_blank
from ml_connector.singer.singly import settled_singly
from ml_connector.sync import Done, Incoming, RemoteRecord, Rung, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.zendesk.client import SHOW_MANY
from ml_connector.vendors.zendesk.faults import ImportsOff
from target_zendesk_ml import user_fields
from target_zendesk_ml.bulk import BulkObject, Tools, refusal
from target_zendesk_ml.emails import Directory, EmailChanger, stored_email
from target_zendesk_ml.fields import FieldDefinitions
from target_zendesk_ml.jobs import Refused
from target_zendesk_ml.organizations import Organizations

log = logging.getLogger(__name__)

FEW_SEARCHES = 10  # up to so many addresses are searched singly without counting the users first
_PAGES_FOR_ONE = 100  # so many pages of users are read for one whom the search does not show
_SCAN_SHARE = 200  # all users are read beforehand where that takes one request per so many new ones


@dataclasses.dataclass(frozen=True, slots=True)
class UserRules:
    """The settings of users; see the target's settings of the same names."""

    allow_agents: bool = False
    send_verification: bool = False
    remove_old_email: bool = False
    move: bool = False
    suspend: bool = False


class Users(BulkObject):
    """The object `users`.

    Ladder: external id, then an equal e-mail address whose user has no external id, then create. Creates go
    by `create_many` and never by an upsert, which could overwrite somebody whom no plan knows; where bulk
    user imports are off, by single calls.
    """

    wrapper = "user"

    def __init__(
        self,
        tools: Tools,
        definitions: FieldDefinitions,
        organizations: Organizations,
        rules: UserRules,
        *,
        two_way: bool,
    ) -> None:
        fields = user_fields.standard_fields(
            allow_agents=rules.allow_agents, move=rules.move, suspend=rules.suspend
        )
        rungs = (Rung("external_id", exclusive=True), Rung("email"), Rung("email", lazy=True))
        super().__init__(tools, definitions, fields, rungs, depends_on=("organizations",), two_way=two_way)
        self._rules = rules
        self._organizations = organizations
        self._parents: dict[str, str | None] = {}
        self._directory = Directory(tools.client)
        quiet = not rules.send_verification
        self._changer = EmailChanger(tools.client, quiet=quiet, remove_old=rules.remove_old_email)
        self.imports_off = False

    # Reading

    def shown(self, name: str, row: Mapping[str, Any]) -> Any:
        """Addresses in lower case, the organization by its id, a suspension as an end."""
        return user_fields.shown(name, row)

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """External ids by `show_many`, 100 a request. Addresses beforehand only where reading all users
        takes few requests; otherwise those that Zendesk says are taken, by search.
        """
        if rung.field == "external_id":
            return self.by_external_id([str(value) for value in values])
        wanted = {str(value): stored_email(str(value)) for value in values}
        spent = self._directory.asked * 2
        otherwise = max(len(wanted) // _SCAN_SHARE, spent)
        if rung.lazy:
            otherwise = len(wanted) if len(wanted) > FEW_SEARCHES else 0
        keys = self._directory.keys(list(wanted.values()), otherwise=otherwise)
        if keys is None or (rung.lazy and len(wanted) <= FEW_SEARCHES):
            return self._searched(wanted) if rung.lazy else {}
        records = self.read(sorted(set(keys.values())))
        return {
            value: [records[keys[email]]]
            for value, email in wanted.items()
            if email in keys and keys[email] in records and records[keys[email]].fields["email"] == email
        }

    def _searched(self, wanted: Mapping[str, str]) -> dict[Any, list[RemoteRecord]]:
        return {value: hits for value, email in wanted.items() if (hits := self._by_email(email))}

    def _by_email(self, email: str) -> list[RemoteRecord]:
        """Those who have the address, a secondary one too: the search may find similar ones besides."""
        if '"' in email or "*" in email:
            return []
        self._directory.asked += 1
        found = self.search(query=f'email:"{email}"')[:FEW_SEARCHES]
        primary = [record for record in found if record.fields["email"] == email]
        return primary or [record for record in found if self._directory.holds(record.key, email)]

    def holder(self, address: str) -> str | None:
        """The id of the user who has an address, in case the search does not know them yet."""
        hits = self._by_email(address)
        found = self._directory.keys([address], otherwise=_PAGES_FOR_ONE) or {}
        return hits[0].key if len(hits) == 1 else found.get(address)

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Organizations that are in Zendesk without a link of ours, by external id; each asked for once."""
        asked = [identity for identity in identities if identity not in self._parents]
        found = self._organizations.by_external_id(asked) if asked else {}
        for identity in asked:
            hits = found.get(identity, [])
            self._parents[identity] = hits[0].key if len(hits) == 1 else None
        known = {identity: self._parents[identity] for identity in identities}
        return {identity: key for identity, key in known.items() if key is not None}

    # Judging

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """Agents and admins are not touched, nor is a user of another external id."""
        if (fault := self._agent_fault(candidate)) is not None:
            return fault
        own, theirs = incoming.mapped.get("external_id"), candidate.fields.get("external_id")
        if is_blank(own) or is_blank(theirs) or str(own).strip().casefold() == str(theirs).casefold():
            return None
        return RecordFault(
            f"The user with this e-mail address, {candidate.key}, has another external id ({theirs}).",
            cause="linked",
            field="email",
            fix="Change the address of one of the two, or the external id in Zendesk, then replay.",
        )

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """Whoever there is no objection to."""
        return self.objection(candidate, incoming) is None

    def _agent_fault(self, candidate: RemoteRecord) -> RecordFault | None:
        role = candidate.fields.get("role")
        if self._rules.allow_agents or role in (None, "end-user"):
            return None
        return RecordFault(
            f"The user {candidate.key} is an {role}.",
            cause="agent",
            field="email",
            fix="Change the address in the source; or set allow_agents, then replay.",
        )

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Changed addresses first, singly, since they may be refused; then everything else in jobs."""
        moving = [item for item in items if item.kind == "update" and "email" in item.values]
        ended: set[int] = set()
        for done in self._change_emails(moving, fence):
            ended |= {result.item.entry.id for result in done.results}
            yield done
        left = [item for item in items if item.entry.id not in ended]
        if self.imports_off:
            creates = [item for item in left if item.kind == "create"]
            yield from super().write([item for item in left if item.kind != "create"], fence)
            yield from self.write_singly(creates, fence)
        else:
            yield from super().write(left, fence)

    def _change_emails(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[Done]:
        """Tells of the items that are over: refused, or without any other change."""
        for start in range(0, len(items), SHOW_MANY):
            chunk = items[start : start + SHOW_MANY]
            users = self.read([item.key for item in chunk if item.key])
            known = [item for item in chunk if item.key in users]  # one that is gone is told by its write
            for done in settled_singly(
                self._parallel, functools.partial(self._change_email, users), known, fence
            ):
                over = [result for result in done.results if result.fault or _only_email(result.item)]
                good = [(result.item, str(result.key)) for result in over if result.fault is None]
                by_entry = {result.item.entry.id: result for result in over}
                stored = self.results(good, None, None)
                for result in stored:
                    result.request_id = by_entry[result.item.entry.id].request_id
                if over:
                    yield Done([*(result for result in over if result.fault), *stored])

    def _change_email(self, users: Mapping[str, RemoteRecord], item: WriteItem) -> WriteResult:
        user = users[str(item.key)]
        try:
            if (fault := self._agent_fault(user)) is not None:
                return refusal(item, fault, None)
            request_id = self._changer.change(user, stored_email(item.values["email"]))
        except RecordFault as fault:
            return refusal(item, fault, fault.request_id)
        return WriteResult(item, key=item.key, request_id=request_id)

    def refused(self, event: Refused) -> None:
        """Bulk user imports are off: said once, and not tried again in this run."""
        if isinstance(event.fault, ImportsOff) and not self.imports_off:
            self.imports_off = True
            log.warning(
                "%s New users are created one by one. Zendesk's support enables bulk user imports on the "
                "account owner's request.",
                event.fault.message,
            )

    def create_one(self, item: WriteItem, body: Mapping[str, Any]) -> Response:
        """Never by an upsert, which would overwrite whoever has the address."""
        return self.client.send("POST", self.path, body, idempotent=False)

    def sent(self, item: WriteItem) -> Mapping[str, Any]:
        """A new user gets no mail unless `send_verification`; an address never changes by an update."""
        values = user_fields.sent(item.values)
        if item.kind == "create":
            return values | {"skip_verify_email": not self._rules.send_verification}
        values.pop("email", None)
        return values

    def named(self, rows: Sequence[WriteItem]) -> Mapping[tuple[str, str], int]:
        """By external id and address, which success items of users carry (Job Statuses)."""
        found: dict[tuple[str, str], int] = {}
        for number, item in enumerate(rows):
            for name in self.names(item.values):
                found.setdefault(name, number)
        return found

    def names(self, item: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """External id first: it is unique."""
        for name in ("external_id", "email"):
            if not is_blank(item.get(name)):
                yield name, str(item[name]).strip().casefold()


def _only_email(item: WriteItem) -> bool:
    return item.values.keys() == {"email"}
