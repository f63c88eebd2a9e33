"""Resources as the API shows them: JSON:API, and the plain JSON of other media types."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from ml_sandbox.core.table import Row
from ml_sandbox.oro.call import Call
from ml_sandbox.oro.errors import JSON
from ml_sandbox.oro.query import Query, Tree
from ml_sandbox.oro.schema import Attribute, Kind, Relation, ResourceType

MEDIA_TYPE = "application/vnd.api+json"
MetaOf = dict[str, Any]


class Documents:
    """Makes the documents of one call.

    Args:
        call: the call.
        query: what it asks for.
    """

    def __init__(self, call: Call, query: Query) -> None:
        self._call = call
        self._world = call.world
        self._query = query
        self._links = "noHateoas" not in call.wanted
        self._most = self._world.settings.integer("max_related_entities")
        self._objects = self._world.settings.text("user_emails") == "objects"
        self._shown: dict[str, tuple[list[Attribute], list[Relation]]] = {}

    def one(self, resource: ResourceType, row: Row | None) -> Any:
        """The document of one record."""
        if self._call.plain:
            return self.flat(resource, row, self._query.include) if row is not None else None
        shown = self.resource(resource, row) if row is not None else None
        included = self._included(resource, [row] if row is not None else [])
        return {"data": shown} | ({"included": included} if included else {})

    def many(self, resource: ResourceType, rows: Sequence[Row], links: JSON) -> Any:
        """The document of a list."""
        if self._call.plain:
            return [self.flat(resource, row, self._query.include) for row in rows]
        document: JSON = {"data": [self.resource(resource, row) for row in rows]}
        included = self._included(resource, rows)
        if included:
            document["included"] = included
        return document | ({"links": links} if self._links else {})

    def resource(self, resource: ResourceType, row: Row, meta: MetaOf | None = None) -> JSON:
        """One resource object; ``meta`` tells more about it."""
        attributes, relations = self._parts(resource)
        name = resource.name
        shown_id = self._call.identities.shown(name, row["id"])
        shown: JSON = {"type": name, "id": shown_id}
        address = f"{self._call.base}/{name}/{shown_id}"
        if self._links:
            shown["links"] = {"self": address}
        if self._query.title and resource.title:
            meta = {"title": title_of(resource, row), **(meta or {})}
        if meta:
            shown["meta"] = meta
        values = {item.name: self._value(item, row) for item in attributes}
        if self._call.identities.is_external(name):
            values["dbId"] = int(row["id"])
        if values:
            shown["attributes"] = values
        if relations:
            shown["relationships"] = {
                item.name: self._relationship(resource, row, item, address) for item in relations
            }
        return shown

    def flat(self, resource: ResourceType, row: Row, tree: Tree) -> JSON:
        """One record as the plain API shows it."""
        attributes, relations = self._parts(resource)
        shown: JSON = {"id": self._plain_id(resource.name, row["id"])}
        shown |= {item.name: self._value(item, row) for item in attributes}
        for relation in relations:
            ids = self._related(resource, row, relation)
            found = [self._plain_related(relation, row_id, tree) for row_id in ids]
            shown[relation.name] = found if relation.many else (found[0] if found else None)
        return shown

    def identifiers(self, resource: ResourceType, row: Row, relation: Relation) -> Any:
        """What a relationship shows: identifiers, at most so many, or one, or null."""
        return self._identified(relation, self._related(resource, row, relation))

    def all_identifiers(self, resource: ResourceType, row: Row, relation: Relation) -> Any:
        """All that a relationship holds."""
        return self._identified(relation, self._world.related(resource, row, relation))

    def _identified(self, relation: Relation, ids: list[str]) -> Any:
        shown = [
            {"type": relation.target, "id": self._call.identities.shown(relation.target, i)} for i in ids
        ]
        return shown if relation.many else (shown[0] if shown else None)

    def answer(self, document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """The HTTP answer of a document."""
        media_type = "application/json" if self._call.plain else MEDIA_TYPE
        return Response(msgspec.json.encode(document), status, headers, media_type)

    def _relationship(self, resource: ResourceType, row: Row, relation: Relation, address: str) -> JSON:
        shown: JSON = {}
        if self._links:
            shown["links"] = {
                "self": f"{address}/relationships/{relation.name}",
                "related": f"{address}/{relation.name}",
            }
        shown["data"] = self.identifiers(resource, row, relation)
        return shown

    def _related(self, resource: ResourceType, row: Row, relation: Relation) -> list[str]:
        if not relation.many:
            held = row.get(relation.name)
            ids = [held] if held is not None else []
        else:
            ids = self._world.related(resource, row, relation)[: self._most]
        if self._call.identities.is_external(relation.target):
            ids = [
                row_id for row_id in ids if self._call.identities.shown(relation.target, row_id) is not None
            ]
        return ids

    def _parts(self, resource: ResourceType) -> tuple[list[Attribute], list[Relation]]:
        if resource.name not in self._shown:
            only = self._query.fields.get(resource.name)
            self._shown[resource.name] = (
                [
                    item
                    for item in resource.attributes.values()
                    if _wanted(item.name, only) and not item.hidden
                ],
                [i for i in resource.relations.values() if _wanted(i.name, only) and not i.hidden],
            )
        return self._shown[resource.name]

    def _value(self, attribute: Attribute, row: Row) -> Any:
        value = row.get(attribute.name)
        if attribute.kind is Kind.ITEMS:
            key = attribute.item or ("email" if self._objects else "")
            return [{key: text} for text in value or ()] if key else list(value or ())
        return value

    def _included(self, resource: ResourceType, rows: Sequence[Row]) -> list[JSON]:
        if not self._query.include:
            return []
        seen = {(resource.name, row["id"]) for row in rows}
        found: list[JSON] = []
        self._collect(resource, rows, self._query.include, (seen, found))
        return found

    def _collect(
        self, resource: ResourceType, rows: Iterable[Row], tree: Tree, into: tuple[set[Any], list[JSON]]
    ) -> None:
        seen, found = into
        only = self._query.fields.get(resource.name)
        for name, below in tree.items():
            relation = resource.relations[name]
            target = self._world.types.get(relation.target)
            if target is None or not _wanted(name, only):
                continue
            store = self._world.store(target.name)
            ids = dict.fromkeys(row_id for row in rows for row_id in self._related(resource, row, relation))
            targets = [
                row for row_id in ids if (row := store.get(row_id)) is not None and self._call.sees(row)
            ]
            for row in targets:
                if (target.name, row["id"]) not in seen:
                    seen.add((target.name, row["id"]))
                    found.append(self.resource(target, row))
            self._collect(target, targets, below, into)

    def _plain_related(self, relation: Relation, row_id: str, tree: Tree) -> Any:
        target = self._world.types.get(relation.target)
        row = self._world.store(relation.target).get(row_id) if target is not None else None
        if relation.name in tree and target is not None and row is not None:
            return self.flat(target, row, tree[relation.name])
        return self._plain_id(relation.target, row_id)

    def _plain_id(self, type_name: str, row_id: str) -> int | str | None:
        shown = self._call.identities.shown(type_name, row_id)
        own = self._call.identities.is_named(type_name) or self._call.identities.is_external(type_name)
        return shown if own or shown is None else int(shown)


def title_of(resource: ResourceType, row: Row) -> str:
    """What a person calls a record."""
    return " ".join(str(row[name]) for name in resource.title if row.get(name))


def _wanted(name: str, only: frozenset[str] | None) -> bool:
    return only is None or name in only
