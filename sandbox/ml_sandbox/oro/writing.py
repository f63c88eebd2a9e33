"""Creating, changing and deleting records, whichever way they come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.oro import rules
from ml_sandbox.oro.bodies import Item
from ml_sandbox.oro.errors import OroError, Problem, conflict, raise_all
from ml_sandbox.oro.identities import EXTERNAL, Identities
from ml_sandbox.oro.schema import Relation, ResourceType
from ml_sandbox.oro.values import ValueProblemError, blank, cleaned
from ml_sandbox.oro.world import World

NO_ENTITY = "The entity does not exist."
USED = "This value is already used."


@dataclass
class Writing:
    """Who writes, and the ids that the records of one request get.

    Attributes:
        allocated: the ids of records to be made, by type and the id in the request.
    """

    world: World
    user: Row
    identities: Identities
    allocated: dict[tuple[str, str], str] = field(default_factory=dict)

    def target(self, relation: Relation, identifier: Any) -> str | None:
        """The id that a resource identifier names; None when there is no such record."""
        if not isinstance(identifier, Mapping) or identifier.get("type") != relation.target:
            return None
        text = identifier.get("id")
        if not isinstance(text, str):
            return None
        new = self.allocated.get((relation.target, text))
        return new if new is not None else self.identities.kept(relation.target, text)


class Records:
    """Writes records of one installation."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, resource: ResourceType, item: Item, writing: Writing) -> Row:
        """Store a new record; :class:`OroError` with all that is wrong with it."""
        store = self._world.store(resource.name)
        new = writing.allocated.get((resource.name, item.item_id or ""))
        row = self._world.completed(resource.name, {"id": new or store.next_id()})
        for relation in resource.relations.values():
            if relation.default in {"user", "organization"}:
                row[relation.name] = writing.user["id" if relation.default == "user" else "organization"]
        item = self._with_external_id(resource, item, writing)
        return self._write(resource, None, row, item, writing)

    def update(self, resource: ResourceType, row: Row, item: Item, writing: Writing) -> Row:
        """Change a record; :class:`OroError` with all that is wrong with it."""
        return self._write(resource, row, dict(row), item, writing)

    def delete(self, resource: ResourceType, row: Row) -> None:
        """Remove a record: what belongs to it goes too, what points to it points nowhere."""
        if row["id"] not in self._world.store(resource.name):
            return
        for relation in resource.relations.values():
            for row_id in self._world.related(resource, row, relation) if relation.orphans else ():
                store = self._world.store(relation.target)
                child = store.get(row_id)
                if child is not None:
                    self.delete(store.resource, child)
        self._world.store(resource.name).delete(row["id"])
        self._unlink(resource.name, row["id"])

    def set_related(self, resource: ResourceType, row: Row, relation: Relation, ids: list[str]) -> None:
        """Let a relationship hold exactly these records."""
        if not relation.inverse:
            value = tuple(dict.fromkeys(ids)) if relation.many else (ids[0] if ids else None)
            self._world.store(resource.name).put({**row, relation.name: value})
            return
        store = self._world.store(relation.target)
        target = self._world.types.get(relation.target, store.resource)
        before = self._world.related(resource, row, relation)
        for row_id in before:
            if row_id not in ids and (other := store.get(row_id)) is not None:
                if relation.orphans:
                    self.delete(target, other)
                else:
                    store.put({**other, relation.inverse: _without(other[relation.inverse], row["id"])})
        for row_id in ids:
            if row_id not in before and (other := store.get(row_id)) is not None:
                store.put({**other, relation.inverse: _with(other[relation.inverse], row["id"])})

    def _write(self, resource: ResourceType, old: Row | None, row: Row, item: Item, writing: Writing) -> Row:
        problems: list[Problem] = []
        given = self._attributes(resource, row, item, problems)
        later = self._relationships(resource, row, item, writing, problems)
        problems += self._missing(resource, row, old, {problem.pointer for problem in problems})
        problems += rules.settle_primaries(resource, row, given)
        problems += rules.check_contact(resource, row)
        problems += self._used(resource, row)
        raise_all(problem.below(item.pointer) for problem in problems)
        self._check_database(resource, row, item)
        if resource.name == "cases":
            rules.stamp_closing(self._world, old, row, given)
        self._store(resource, old, row, writing)
        for relation, ids in later:
            self.set_related(resource, row, relation, ids)
        return self._world.store(resource.name).get(row["id"]) or row

    def _store(self, resource: ResourceType, old: Row | None, row: Row, writing: Writing) -> None:
        if old is not None and _unchanged(resource, old, row):
            self._world.store(resource.name).put(row)
            return
        if old is not None and "updatedAt" in resource.attributes:
            row["updatedAt"] = self._world.now()
        author = "updatedBy" if old is not None else "createdBy"
        if author in resource.relations:
            row[author] = writing.user["id"]
        self._world.store(resource.name).put(row)
        if resource.name == "cases":
            rules.note_native_export(self._world, old, row)

    def _attributes(
        self, resource: ResourceType, row: Row, item: Item, problems: list[Problem]
    ) -> dict[str, Any]:
        trim = self._world.settings.flag("trim")
        given: dict[str, Any] = {}
        unknown = [name for name in item.attributes if name not in resource.attributes]
        unknown += [name for name in item.relationships if name not in resource.relations]
        for name, value in item.attributes.items():
            attribute = resource.attributes.get(name)
            if attribute is None or attribute.read_only:
                continue
            try:
                given[name] = row[name] = cleaned(attribute, value, trim=trim)
            except ValueProblemError as error:
                problems.append(error.problem(f"/attributes/{name}"))
        if unknown:
            listed = ", ".join(f'"{name}"' for name in unknown)
            detail = f"This form should not contain extra fields: {listed}."
            problems.append(Problem(400, "extra fields constraint", detail))
        return given

    def _relationships(
        self, resource: ResourceType, row: Row, item: Item, writing: Writing, problems: list[Problem]
    ) -> list[tuple[Relation, list[str]]]:
        later = []
        for name, value in item.relationships.items():
            relation = resource.relations.get(name)
            if relation is None or relation.read_only:
                continue
            try:
                ids = resolved(relation, value["data"], writing)
            except ValueProblemError as error:
                problems.append(error.problem(f"/relationships/{name}/data"))
                continue
            if relation.inverse:
                later.append((relation, ids))
            else:
                row[name] = tuple(ids) if relation.many else (ids[0] if ids else None)
        return later

    def _missing(
        self, resource: ResourceType, row: Row, old: Row | None, told: set[str | None]
    ) -> list[Problem]:
        missing = [
            f"/attributes/{a.name}"
            for a in resource.attributes.values()
            if a.required and row.get(a.name) is None
        ]
        missing += [
            f"/relationships/{r.name}/data"
            for r in resource.relations.values()
            if r.required and row.get(r.name) is None
        ]
        return [blank().problem(pointer) for pointer in missing if pointer not in told]

    def _used(self, resource: ResourceType, row: Row) -> list[Problem]:
        store = self._world.store(resource.name)
        problems = []
        for name, attribute in resource.attributes.items():
            value = row.get(name) if attribute.unique else None
            if value is not None and set(store.holding(name, value)) - {row["id"]}:
                problems.append(Problem(400, "unique entity constraint", USED, f"/attributes/{name}"))
        return problems

    def _check_database(self, resource: ResourceType, row: Row, item: Item) -> None:
        """What only the database keeps unique: one-to-one relationships and keys of several columns."""
        store = self._world.store(resource.name)
        groups = [*resource.unique_together, *((r.name,) for r in resource.relations.values() if r.unique)]
        for group in groups:
            values = [row[name] for name in group]
            if None in values:
                continue
            holders = set.intersection(
                *(set(store.holding(name, value)) for name, value in zip(group, values, strict=True))
            )
            if holders - {row["id"]}:
                raise conflict(
                    "The entity already exists.", item.pointer if item.pointer != "/data" else None
                )

    def _with_external_id(self, resource: ResourceType, item: Item, writing: Writing) -> Item:
        """Under external ids the id of a new record is its external one."""
        if not writing.identities.is_external(resource.name) or item.item_id is None:
            return item
        attributes = {EXTERNAL: item.item_id, **item.attributes}
        return Item(item.type_name, item.item_id, attributes, item.relationships, item.pointer, item.meta)

    def _unlink(self, type_name: str, row_id: str) -> None:
        for store in self._world.stores.values():
            for relation in store.resource.relations.values():
                if relation.inverse or relation.target != type_name:
                    continue
                for holder_id in store.holding(relation.name, row_id):
                    holder = store.get(holder_id)
                    if holder is not None:
                        store.put({**holder, relation.name: _without(holder[relation.name], row_id)})


def resolved(relation: Relation, data: Any, writing: Writing) -> list[str]:
    """The ids that a relationship names; :class:`ValueProblemError` when one does not exist."""
    if relation.many != isinstance(data, list):
        raise ValueProblemError("form constraint", "This value is not valid.")
    ids = []
    for identifier in data if relation.many else [data] if data is not None else []:
        found = writing.target(relation, identifier)
        if found is None:
            raise ValueProblemError("form constraint", NO_ENTITY)
        ids.append(found)
    return ids


def conflicting(resource: ResourceType, item: Item, path_id: str | None) -> OroError | None:
    """What of a body contradicts the address."""
    problems: list[Problem] = []
    if item.type_name != resource.name:
        text = "The 'type' property should match the requested resource"
        problems += conflict(text, f"{item.pointer}/type").problems
    if path_id is not None and item.item_id is not None and item.item_id != path_id:
        text = "The 'id' property should match the 'id' parameter of the query string"
        problems += conflict(text, f"{item.pointer}/id").problems
    return OroError(*problems) if problems else None


def _unchanged(resource: ResourceType, old: Row, row: Row) -> bool:
    """Whether a write changed nothing of the record itself; lists of others are not part of it."""
    many = {relation.name for relation in resource.relations.values() if relation.many}
    return all(old.get(name) == value for name, value in row.items() if name not in many)


def _without(held: Any, row_id: str) -> Any:
    return tuple(one for one in held if one != row_id) if isinstance(held, tuple) else None


def _with(held: Any, row_id: str) -> Any:
    return (*held, row_id) if isinstance(held, tuple) else row_id
