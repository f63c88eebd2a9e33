"""Records that a mapping names without a link: by OroCRM's own id, by address, by the ticket's number."""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Mapping, Sequence

BY_ID = "id:"  # `id:123` names a record of OroCRM by its own id
Look = Callable[[Sequence[str]], Mapping[str, str]]


def address_of(identity: str) -> str | None:
    """The address of `Name <address>` or of an address by itself; None for anything else."""
    _, found = email.utils.parseaddr(identity)
    return found if "@" in found else None


class References:
    """Looks them up, each once in a run. People go by address, other objects as they are registered."""

    def __init__(self) -> None:
        self._looks: dict[str, Look] = {}
        self._known: dict[tuple[str, str], str | None] = {}

    def register(self, kind: str, look: Look) -> None:
        """How records of a type are found. `look`: identities -> ids, unknown ones absent."""
        self._looks[kind] = look

    def find(self, kind: str, identities: Sequence[str]) -> dict[str, str]:
        """Ids of the records that are known there; others are absent."""
        ids = {name: name.removeprefix(BY_ID).strip() for name in identities if name.startswith(BY_ID)}
        asked = [name for name in identities if name not in ids]
        by_id = {name: key for name, key in ids.items() if key}
        return by_id | (self._asked(kind, asked) if asked and kind in self._looks else {})

    def _asked(self, kind: str, identities: Sequence[str]) -> dict[str, str]:
        new = [name for name in identities if (kind, name) not in self._known]
        found = self._looks[kind](new) if new else {}
        self._known |= {(kind, name): found.get(name) for name in new}
        held = {name: self._known[kind, name] for name in identities}
        return {name: key for name, key in held.items() if key is not None}


def by_address(look: Look) -> Look:
    """Finds people by the addresses among the identities; others are not asked for."""

    def find(identities: Sequence[str]) -> Mapping[str, str]:
        named = {name: address for name in identities if (address := address_of(name))}
        found = look(list(dict.fromkeys(named.values()))) if named else {}
        return {name: found[address] for name, address in named.items() if address in found}

    return find
