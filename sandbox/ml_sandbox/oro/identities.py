"""How records are named in one call: by their ids, or by their external ids (``X-Integration-Type``, B7)."""

import re

from ml_sandbox.core.table import Row
from ml_sandbox.oro.model import ALL_TYPES
from ml_sandbox.oro.world import World

EXTERNAL = "externalId"
_NUMBER = re.compile(r"\d{1,19}", re.ASCII)


def is_number(text: str) -> bool:
    """Whether a text can be an id that a database counted."""
    return _NUMBER.fullmatch(text) is not None


class Identities:
    """The naming of one call.

    Args:
        world: the installation.
        external: whether the call asked for external ids; only types that an administrator listed have them.
    """

    def __init__(self, world: World, *, external: bool) -> None:
        self._world = world
        listed = world.settings.text("ext_id_entities").split(",") if external else []
        self._external = {
            name
            for name in map(str.strip, listed)
            if name in world.types and EXTERNAL in world.types[name].attributes
        }

    def is_external(self, type_name: str) -> bool:
        """Whether records of a type are named by their external ids."""
        return type_name in self._external

    @property
    def plain(self) -> bool:
        """Whether every type is named by its own ids."""
        return not self._external

    def is_named(self, type_name: str) -> bool:
        """Whether ids of a type are texts."""
        resource = ALL_TYPES.get(type_name)
        return resource is not None and resource.named

    def shown(self, type_name: str, row_id: str) -> str | None:
        """The id that is shown; None for a record that cannot be named."""
        if type_name not in self._external:
            return row_id
        row = self._world.store(type_name).get(row_id)
        found: str | None = row.get(EXTERNAL) if row is not None else None
        return found

    def kept(self, type_name: str, text: str) -> str | None:
        """The own id of a record that is named; None when there is none."""
        store = self._world.stores.get(type_name)
        if store is None:
            return None
        if type_name in self._external:
            return next(iter(store.holding(EXTERNAL, text)), None)
        if not self.is_named(type_name):
            text = str(int(text)) if is_number(text) else text
        return text if text in store else None

    def is_visible(self, type_name: str, row: Row) -> bool:
        """Whether a record can be named."""
        return type_name not in self._external or row.get(EXTERNAL) is not None
