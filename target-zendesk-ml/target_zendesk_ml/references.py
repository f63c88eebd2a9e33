"""People, organizations and tickets that a record names and that have no link of ours yet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from ml_connector.sync import RemoteRecord, Rung
from target_zendesk_ml.organizations import Organizations
from target_zendesk_ml.users import Users

_AGAIN = 30.0  # seconds
_MANY = 100_000  # so many are kept in memory
BY_ID = "id:"  # `id:123` names a record of Zendesk by its own id


class References:
    """Looks them up in Zendesk: by external id, people by e-mail address too.

    Who is found is asked for once; who is not, again after half a minute, for they may have come meanwhile.
    """

    def __init__(self, organizations: Organizations, users: Users) -> None:
        self._organizations = organizations
        self._users = users
        self._known: dict[tuple[str, str], str] = {}
        self._missed: dict[tuple[str, str], float] = {}

    def users(self, identities: Sequence[str]) -> dict[str, str]:
        """Keys of users by external id or address; unknown ones are absent."""
        return self._ask("users", identities, self._find_users)

    def organizations(self, identities: Sequence[str]) -> dict[str, str]:
        """Keys of organizations by external id; unknown ones are absent."""
        return self._ask("organizations", identities, self._organizations.by_external_id)

    def _find_users(self, identities: Sequence[str]) -> Mapping[str, Sequence[RemoteRecord]]:
        addresses = [identity for identity in identities if "@" in identity]
        found = dict(self._users.by_external_id([name for name in identities if name not in addresses]))
        if addresses:
            found.update(self._users.find(Rung("email", lazy=True), addresses))
        return {str(identity): list(hits) for identity, hits in found.items()}

    def _ask(
        self,
        kind: str,
        identities: Iterable[str],
        find: Callable[[Sequence[str]], Mapping[str, Sequence[RemoteRecord]]],
    ) -> dict[str, str]:
        named = list(dict.fromkeys(identities))
        now = time.monotonic()
        if len(self._known) + len(self._missed) > _MANY:
            self._known.clear()
            self._missed.clear()
        asked = [name for name in named if not name.startswith(BY_ID) and self._is_open((kind, name), now)]
        hits = find(asked) if asked else {}
        for name in asked:
            records = hits.get(name, [])
            if len(records) == 1:
                self._known[(kind, name)] = records[0].key
            else:
                self._missed[(kind, name)] = now
        return {name: key for name in named if (key := self._key(kind, name)) is not None}

    def _is_open(self, place: tuple[str, str], now: float) -> bool:
        return place not in self._known and now - self._missed.get(place, -_AGAIN) >= _AGAIN

    def _key(self, kind: str, name: str) -> str | None:
        return own_id(name) or self._known.get((kind, name))


def own_id(name: str) -> str | None:
    """Zendesk's own id, where `id:123` names it."""
    number = name.removeprefix(BY_ID)
    return number if name.startswith(BY_ID) and number.isdecimal() else None
