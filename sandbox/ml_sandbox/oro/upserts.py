"""The meta options of a resource object, and finding the record of an upsert (B7)."""

from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.oro.bodies import META, Item
from ml_sandbox.oro.errors import OroError, Problem, bad_data, conflict
from ml_sandbox.oro.identities import Identities
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.values import ValueProblemError, cleaned
from ml_sandbox.oro.world import World

BY_ID = "The upsert operation cannot use the entity identifier to find an entity."
BY_FIELD = "The upsert operation cannot use this field to find an entity."
BY_FIELDS = "The upsert operation cannot use these fields to find an entity."
WRONG = "The value should be a boolean or an array of strings."
SEVERAL = "The upsert operation found more than one entity."


class Options:
    """What the meta options of resource objects ask for, as far as the release knows them."""

    def __init__(self, world: World, identities: Identities) -> None:
        self._world = world
        self._identities = identities

    def checked(self, item: Item) -> Item:
        """The item without options that the release does not know; one of them at most may be given."""
        model = self._world.model
        known = {"update": True, "upsert": model.has_upsert, "validate": model.has_validate}
        meta = {name: value for name, value in item.meta.items() if known.get(name)}
        if sum(1 for name in META if meta.get(name)) > 1:
            raise bad_data("Only one meta option can be used.", _meta_pointer(item))
        for name in ("update", "validate"):
            if not isinstance(meta.get(name, False), bool):
                raise _wrong(item, name, "The value should be a boolean.")
        return Item(item.type_name, item.item_id, item.attributes, item.relationships, item.pointer, meta)

    def existing(self, resource: ResourceType, item: Item, *, by_id_only: bool = False) -> Row | None:
        """The record that an upsert updates; None when it creates. :class:`OroError` when it cannot be."""
        upsert = item.meta.get("upsert")
        if upsert is True:
            return self._by_id(resource, item)
        if not isinstance(upsert, list) or not upsert or not all(isinstance(name, str) for name in upsert):
            raise _wrong(item, "upsert", WRONG)
        if by_id_only or tuple(upsert) not in resource.upsert_fields:
            raise _wrong(item, "upsert", BY_FIELD if len(upsert) == 1 else BY_FIELDS)
        return self._by_fields(resource, item, upsert)

    def _by_id(self, resource: ResourceType, item: Item) -> Row | None:
        if not (resource.named or self._identities.is_external(resource.name)):
            raise _wrong(item, "upsert", BY_ID)
        row_id = self._identities.kept(resource.name, item.item_id or "")
        return self._world.store(resource.name).get(row_id) if row_id is not None else None

    def _by_fields(self, resource: ResourceType, item: Item, names: list[str]) -> Row | None:
        wanted = {name: self._value(resource, item, name) for name in names}
        if None in wanted.values():
            return None
        store = self._world.store(resource.name)
        first = names[0]
        held = store.holding(first, wanted[first]) if store.is_indexed(first) else store.ids()
        candidates = [row for row_id in held if (row := store.get(row_id)) is not None]
        found = [row for row in candidates if all(row.get(name) == value for name, value in wanted.items())]
        if len(found) > 1:
            raise conflict(SEVERAL, item.pointer if item.pointer != "/data" else None)
        return found[0] if found else None

    def _value(self, resource: ResourceType, item: Item, name: str) -> Any:
        attribute = resource.attributes.get(name)
        if attribute is None:
            return None
        try:
            trim = self._world.settings.flag("trim")
            return cleaned(attribute, item.attributes.get(name), trim=trim)
        except ValueProblemError as error:
            raise OroError(error.problem(f"{item.pointer}/attributes/{name}")) from error


def _wrong(item: Item, name: str, detail: str) -> OroError:
    return OroError(Problem(400, "value constraint", detail, f"{_meta_pointer(item)}/{name}"))


def _meta_pointer(item: Item) -> str:
    return "/meta" if item.pointer == "/data" else f"{item.pointer}/meta"
