"""Rows of the control API: flat, attributes and relationships by name."""

from collections.abc import Callable

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.core.table import Row
from ml_sandbox.oro.identities import is_number
from ml_sandbox.oro.model import ALL_TYPES
from ml_sandbox.oro.rules import settle_primaries, stamp_closing
from ml_sandbox.oro.schema import Kind, Relation, ResourceType
from ml_sandbox.oro.values import ValueProblemError, cleaned
from ml_sandbox.oro.world import World
from ml_sandbox.oro.writing import Records

REDACTED = "***"


class ControlRows:
    """What the control API reads and writes."""

    def __init__(self, world: World, records: Records) -> None:
        self._world = world
        self._records = records

    @property
    def objects(self) -> tuple[str, ...]:
        """Every type, and what steers the installation."""
        return (*ALL_TYPES, "oauth_clients", "native_exports")

    def rows(self, name: str) -> list[Row]:
        """All rows of an object."""
        if name == "oauth_clients":
            return [{**row, "client_secret": REDACTED} for row in self._world.clients]
        if name == "native_exports":
            return list(self._world.native_exports)
        resource = self._resource(name)
        return [self._shown(resource, row) for row in self._world.store(name)]

    def put(self, name: str, rows: list[Row]) -> list[Row]:
        """Upsert rows by id."""
        if name in {"native_exports", "asyncoperations", "asyncoperationerrors"}:
            raise ControlError(f"{name} of oro are what the server did; they cannot be written.")
        put = self._put_client if name == "oauth_clients" else self._putter(name)
        return [put(row) for row in rows]

    def clear(self, name: str) -> None:
        """Empty an object, down to its first rows."""
        if name in {"asyncoperations", "asyncoperationerrors"}:
            raise ControlError(f"{name} of oro go when the whole system is emptied.")
        if name == "native_exports":
            self._world.native_exports.clear()
        elif name == "oauth_clients":
            self._world.clients.clear()
            self._world.seed_clients()
        else:
            resource = self._resource(name)
            for row in list(self._world.store(name)):
                self._records.delete(resource, row)
            self._world.store(name).clear()
            self._world.seed(name)

    def _resource(self, name: str) -> ResourceType:
        return self._world.types.get(name, ALL_TYPES[name])

    def _shown(self, resource: ResourceType, row: Row) -> Row:
        shown: Row = {"id": row["id"]}
        for name, attribute in resource.attributes.items():
            value = row.get(name)
            shown[name] = list(value or ()) if attribute.kind is Kind.ITEMS else value
        for name, relation in resource.relations.items():
            ids = self._world.related(resource, row, relation)
            shown[name] = ids if relation.many else (ids[0] if ids else None)
        return shown | ({"password": REDACTED} if "password" in shown else {})

    def _putter(self, name: str) -> Callable[[Row], Row]:
        resource = self._resource(name)
        return lambda given: self._put(resource, given)

    def _put(self, resource: ResourceType, given: Row) -> Row:
        store = self._world.store(resource.name)
        row_id = self._id(resource, given)
        old = store.get(row_id)
        row = dict(old) if old is not None else self._world.completed(resource.name, {"id": row_id})
        if old is not None and "updatedAt" in resource.attributes:
            row["updatedAt"] = self._world.now()
        later = [pair for name, value in given.items() if (pair := self._set(resource, row, name, value))]
        settle_primaries(resource, row, given)
        if resource.name == "cases" and given.get("closedAt") is None:
            stamp_closing(self._world, old, row, given)
        store.put(row)
        for relation, ids in later:
            self._records.set_related(resource, row, relation, ids)
        return self._shown(resource, store.get(row_id) or row)

    def _id(self, resource: ResourceType, given: Row) -> str:
        if given.get("id") is None:
            if resource.named:
                raise ControlError(f"A row of {resource.name} needs its 'id', a name.")
            return self._world.store(resource.name).next_id()
        text = str(given["id"])
        if not resource.named and not is_number(text):
            raise ControlError(f"The id {text!r} of {resource.name} must be a whole number.")
        return text

    def _set(
        self, resource: ResourceType, row: Row, name: str, value: object
    ) -> tuple[Relation, list[str]] | None:
        if name == "id":
            return None
        require_known(f"field of {resource.name}:", name, [*resource.attributes, *resource.relations])
        relation = resource.relations.get(name)
        if relation is None:
            row[name] = self._attribute(resource, name, value)
            return None
        if relation.many != isinstance(value, list):
            raise ControlError(
                f"{name!r} of {resource.name} must be {'a list of ids' if relation.many else 'an id'}."
            )
        ids = [str(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
        if relation.inverse:
            return relation, ids
        row[name] = tuple(ids) if relation.many else (ids[0] if ids else None)
        return None

    def _attribute(self, resource: ResourceType, name: str, value: object) -> object:
        attribute = resource.attributes[name]
        if attribute.item and isinstance(value, list):
            value = [one if isinstance(one, dict) else {attribute.item: one} for one in value]
        try:
            return cleaned(attribute, value, trim=False)
        except ValueProblemError as error:
            raise ControlError(f"{name!r} of {resource.name} cannot be {value!r}: {error.detail}") from error

    def _put_client(self, given: Row) -> Row:
        client_id, secret = given.get("client_id"), given.get("client_secret")
        if not isinstance(client_id, str) or not isinstance(secret, str):
            raise ControlError("An OAuth client needs 'client_id' and 'client_secret' as texts.")
        fresh: Row = {"grants": ["client_credentials"], "user": "1"}
        row = {**fresh, **given, "user": str(given.get("user", "1"))}
        require_known("user", row["user"], [user["id"] for user in self._world.store("users")])
        return {**self._world.clients.put(row), "client_secret": REDACTED}
