"""Records that a lookup names and that have no link of ours."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from target_zoho_crm.ladder import KeyRung
from target_zoho_crm.reading import Reader
from target_zoho_crm.source_key import SourceKey

BY_ID = "id:"  # `id:123` names a record of Zoho by its own id
_AGAIN = 30.0  # seconds
_MANY = 100_000  # so many are kept in memory


class HasSourceKey(Protocol):
    """A module that can be asked by its source key."""

    source_key: SourceKey | None
    reader: Reader


class Parents:
    """Looks them up by the source key of their module.

    Who is found is asked for once; who is not, again after half a minute, for they may have come meanwhile.
    """

    def __init__(self, modules: Mapping[str, HasSourceKey]) -> None:
        self._modules = modules
        self._known: dict[tuple[str, str], str] = {}
        self._missed: dict[tuple[str, str], float] = {}

    def find(self, module: str | None, identities: Sequence[str]) -> dict[str, str]:
        """Ids by identity; unknown ones are absent."""
        found = {name: name.removeprefix(BY_ID) for name in identities if name.startswith(BY_ID)}
        named = [name for name in identities if name not in found]
        if module is not None and named:
            self._ask(module, named)
            found |= {name: self._known[module, name] for name in named if (module, name) in self._known}
        return found

    def _ask(self, module: str, names: Sequence[str]) -> None:
        parent, now = self._modules.get(module), time.monotonic()
        if parent is None or parent.source_key is None:
            return
        if len(self._known) + len(self._missed) > _MANY:
            self._known.clear()
            self._missed.clear()
        place = [name for name in names if (module, name) not in self._known]
        asked = [name for name in place if now - self._missed.get((module, name), -_AGAIN) >= _AGAIN]
        if not asked:
            return
        hits = parent.reader.query(KeyRung(parent.source_key.field, kind="source_key"), asked)
        for name in asked:
            keys = hits.get(name, [])
            if len(keys) == 1:
                self._known[module, name] = keys[0]
            else:
                self._missed[module, name] = now
