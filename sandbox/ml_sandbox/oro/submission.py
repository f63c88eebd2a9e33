"""Writing the records of one body: the primary ones with those that are included, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.oro.bodies import Item
from ml_sandbox.oro.call import permit
from ml_sandbox.oro.errors import (
    OroError,
    Problem,
    action_not_allowed,
    bad_data,
    not_found,
    raise_all,
    unknown_type,
)
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.upserts import Options
from ml_sandbox.oro.world import World
from ml_sandbox.oro.writing import Records, Writing

UNCONNECTED = (
    "The entity should have a relationship with the primary entity "
    "and this should be explicitly specified in the request"
)
Key = tuple[str, str]


@dataclass(frozen=True)
class Written:
    """A record that was written.

    Attributes:
        item: what was sent for it.
        created: whether it is new.
    """

    resource: ResourceType
    row: Row
    item: Item
    created: bool


@dataclass
class Outcome:
    """What a submission wrote."""

    primaries: list[Written] = field(default_factory=list)
    included: list[Written] = field(default_factory=list)


class Submission:
    """Writes for one request.

    Args:
        records: the installation's records.
        writing: who writes.
    """

    def __init__(self, world: World, records: Records, writing: Writing) -> None:
        self._world = world
        self._records = records
        self._writing = writing
        self._options = Options(world, writing.identities)

    def save(self, primaries: Sequence[Item], included: Sequence[Item], *, keep: bool = True) -> Outcome:
        """Write all, or none with :class:`OroError`; without ``keep`` it is only tried."""
        exports = len(self._world.native_exports)
        kept = False
        self._world.journal.begin()
        try:
            outcome = self._write(primaries, included)
            kept = keep
            return outcome
        finally:
            if kept:
                self._world.journal.keep()
            else:
                self._world.journal.take_back()
                del self._world.native_exports[exports:]

    def _write(self, primaries: Sequence[Item], included: Sequence[Item]) -> Outcome:
        outcome, problems = Outcome(), unconnected(primaries, included)
        for item in (*included, *primaries):
            self._allocate(item)
        for item, into in (
            *((item, outcome.included) for item in included),
            *((item, outcome.primaries) for item in primaries),
        ):
            try:
                into.append(self._one(self._options.checked(item), is_included=into is outcome.included))
            except OroError as error:
                problems += [_placed(problem, item) for problem in error.problems]
        raise_all(problems)
        return outcome

    def _one(self, item: Item, *, is_included: bool) -> Written:
        resource = self._world.types.get(item.type_name)
        if resource is None:
            raise unknown_type(item.type_name)
        if is_included and item.item_id is None:
            raise bad_data("The 'id' property is required", f"{item.pointer}/id")
        row = self._existing(resource, item)
        action = "create" if row is None else "update"
        if not resource.allows(action):
            raise action_not_allowed(action)
        permit(self._world, resource.name, action)
        if row is None:
            return Written(resource, self._records.create(resource, item, self._writing), item, created=True)
        return Written(
            resource, self._records.update(resource, row, item, self._writing), item, created=False
        )

    def _existing(self, resource: ResourceType, item: Item) -> Row | None:
        if item.meta.get("upsert"):
            return self._options.existing(resource, item)
        if not item.flag("update"):
            return None
        if item.item_id is None:
            raise bad_data("The 'id' property is required", f"{item.pointer}/id")
        row_id = self._writing.identities.kept(resource.name, item.item_id)
        row = self._world.store(resource.name).get(row_id) if row_id is not None else None
        if row is None:
            raise not_found()
        return row

    def _allocate(self, item: Item) -> None:
        """Give a record to be made its id before it is, so that others can point to it."""
        store = self._world.stores.get(item.type_name)
        new = not (item.meta.get("update") or item.meta.get("upsert"))
        if store is not None and not store.resource.named and item.item_id is not None and new:
            self._writing.allocated[item.type_name, item.item_id] = store.next_id()


def belonging(primary: Item, included: Sequence[Item]) -> list[Item]:
    """The included records that are connected with a primary one."""
    reached, todo = {_key(primary)}, [primary]
    found: list[Item] = []
    while todo:
        item = todo.pop()
        named = set(_named(item))
        for other in included:
            if other in found:
                continue
            if _key(other) in named or _key(item) in _named(other):
                found.append(other)
                reached.add(_key(other))
                todo.append(other)
    return [item for item in included if item in found]


def unconnected(primaries: Sequence[Item], included: Sequence[Item]) -> list[Problem]:
    """What is included without a connection to anything primary."""
    if not included:
        return []
    found = [item for primary in primaries for item in belonging(primary, included)]
    return [
        Problem(400, "request data constraint", UNCONNECTED, item.pointer)
        for item in included
        if item not in found
    ]


def _placed(problem: Problem, item: Item) -> Problem:
    """The place of a problem in the body: that of the record when it has none of its own."""
    if problem.pointer is None and item.pointer != "/data":
        return Problem(problem.status, problem.title, problem.detail, item.pointer)
    return problem


def _key(item: Item) -> Key:
    return item.type_name, item.item_id or f"\0{item.pointer}"


def _named(item: Item) -> list[Key]:
    datas: list[Any] = [value["data"] for value in item.relationships.values()]
    identifiers = [one for data in datas for one in (data if isinstance(data, list) else [data])]
    return [(str(one.get("type")), str(one.get("id"))) for one in identifiers if isinstance(one, dict)]
