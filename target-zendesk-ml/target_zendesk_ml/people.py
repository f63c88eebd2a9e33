"""Requesters, assignees and authors: found by link, key or address, made as end users where they are missing.

Whom nobody knows stands as `new:Name <address>` in the plan, and is made just before the write that names
them: a record that is not written makes nobody, nor does a dry run.
"""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.sync import WriteItem
from ml_connector.vendors.zendesk.client import ZendeskClient
from target_zendesk_ml.agents import Agents
from target_zendesk_ml.emails import stored_email
from target_zendesk_ml.references import References
from target_zendesk_ml.users import Users

log = logging.getLogger(__name__)

_PATH = "/api/v2/users"
_NEW = "new:"
_NAMED = re.compile(r"\s*([^<>]*?)\s*<\s*([^<>@\s]+@[^<>@\s]+)\s*>\s*")
# Fields that name people, and may stand for someone who has to be made.
_MADE = ("requester_id", "requester_else", "submitter_id", "author_id", "comment.author_id")
ASSIGNEE = "assignee_id"


@dataclasses.dataclass(frozen=True, slots=True)
class PeopleRules:
    """`default`: the address of the user who stands for everybody else. `create`: see `create_requesters`."""

    default: str | None = None
    create: bool = True


class People:
    """Whom tickets and comments name."""

    def __init__(
        self, client: ZendeskClient, references: References, users: Users, agents: Agents, rules: PeopleRules
    ) -> None:
        self._client = client
        self._references = references
        self._users = users
        self._agents = agents
        self._rules = rules
        self._made: dict[str, int] = {}
        self._default: str | None = None

    # Finding

    def find(self, field_name: str, identities: Sequence[str]) -> dict[str, str]:
        """Keys of users by external id, by `id:123`, by address or `Name <address>`; unknown ones are absent.

        Assignees are agents; of others an unknown `Name <address>` is someone to be made.
        """
        addresses = {name: address for name in identities if (address := address_of(name))}
        found = self._references.users([name for name in identities if name not in addresses])
        if field_name == ASSIGNEE:
            return found | self._assignees(addresses)
        known = self._references.users(sorted(set(addresses.values())))
        for name, address in addresses.items():
            if address in known:
                found[name] = known[address]
            elif address in self._made:
                found[name] = str(self._made[address])
            elif self._rules.create and _NAMED.fullmatch(name):
                found[name] = f"{_NEW}{name}"
        return found

    def _assignees(self, addresses: Mapping[str, str]) -> dict[str, str]:
        hits = {name: self._agents.by_address(address) for name, address in addresses.items()}
        return {name: agents[0].key for name, agents in hits.items() if len(agents) == 1}

    def fallback(self, field_name: str) -> str | None:
        """The default user; of an assignee only where that is an agent. None where none is set.

        Raises:
            SystemFault: nobody has the address.
        """
        address = stored_email(self._rules.default or "")
        if not address:
            return None
        agents = self._agents.by_address(address)
        if agents:
            return agents[0].key
        if self._default is None:
            self._default = self._references.users([address]).get(address)
        if self._default is None:
            raise SystemFault(
                f"No user of Zendesk has the address {address}.",
                fix="Correct default_zendesk_user_email, or create the user.",
            )
        return None if field_name == ASSIGNEE else self._default

    # Making

    def settle(
        self, items: Iterable[WriteItem], fence: Callable[[], None]
    ) -> tuple[list[WriteItem], list[tuple[WriteItem, RecordFault]]]:
        """The items with everybody made whom they name; and those whose people Zendesk refused."""
        ready: list[WriteItem] = []
        refused: list[tuple[WriteItem, RecordFault]] = []
        for item in items:
            try:
                ready.append(self._settled(item, fence))
            except RecordFault as fault:
                refused.append((item, fault))
        return ready, refused

    def _settled(self, item: WriteItem, fence: Callable[[], None]) -> WriteItem:
        named = {name: item.values[name] for name in _MADE if _is_new(item.values.get(name))}
        if not named:
            return item
        made = {name: self._make(name, str(value), fence) for name, value in named.items()}
        return dataclasses.replace(item, values={**item.values, **made})

    def _make(self, field_name: str, named: str, fence: Callable[[], None]) -> int:
        name, address = _name_and_address(named.removeprefix(_NEW))
        if address not in self._made:
            fence()
            try:
                self._made[address] = self._create(name, address)
            except RecordFault as fault:
                fault.field = field_name
                raise
        return self._made[address]

    def _create(self, name: str, address: str) -> int:
        """An end user without a mail; whoever has the address already, where the search did not show them."""
        user = {"name": name, "email": address, "role": "end-user", "skip_verify_email": True}
        response = self._client.send("POST", _PATH, {"user": user}, idempotent=False)
        fault = self._client.fault_of(response)
        if fault is None:
            log.info("Created an end user for a requester or author who was missing.")
            return int(self._client.object_of(response)["user"]["id"])
        if isinstance(fault, RecordFault) and fault.cause == "taken":
            return self._holder(address)
        raise fault

    def _holder(self, address: str) -> int:
        """The search learns of new users with a delay; the listing shows them at once."""
        key = self._users.holder(address)
        if key is None:
            raise RecordFault(
                f"Somebody in Zendesk has the address {address}, but is not found by it yet.",
                cause="waiting",
                fix="The end of the next run tries again.",
            )
        return int(key)


def address_of(identity: str) -> str | None:
    """The address that an identity is or has, as it is compared."""
    if named := _NAMED.fullmatch(identity):
        return str(stored_email(named[2]))
    return str(stored_email(identity)) if "@" in identity and not identity.startswith("id:") else None


def _is_new(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_NEW)


def _name_and_address(text: str) -> tuple[str, str]:
    named = _NAMED.fullmatch(text)
    name, address = (named[1], named[2]) if named else ("", text)
    return name.strip('" ') or address.partition("@")[0], str(stored_email(address))
