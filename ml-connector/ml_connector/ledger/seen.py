"""Routes, and what was last settled of each source record on its route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ml_connector.ledger import tables

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Route:
    """One stream of the source on its way into one object of the target."""

    id: int
    integration: str
    source: str
    stream: str
    target: str
    object: str


@dataclass(slots=True)
class Seen:
    """The last settled state of a source record. `rejected` is the digest of the one in its open letter."""

    digest: bytes | None = None
    version: str | None = None
    link_id: int | None = None
    rejected: bytes | None = None


class SeenStore:
    """Table `seen` and `route`, through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def route(self, integration: str, source: str, stream: str, target: str, object_name: str) -> Route:
        """The route of these names, made when it is new."""
        names = {
            "integration": integration,
            "source": source,
            "stream": stream,
            "target": target,
            "object": object_name,
        }
        table = tables.route
        query = select(table.c.id).where(*(table.c[name] == value for name, value in names.items()))
        number = self._connection.execute(query).scalar_one_or_none()
        if number is None:
            number = self._connection.execute(
                insert(table).values(**names).returning(table.c.id)
            ).scalar_one()
        return Route(id=number, **names)

    def route_by_id(self, route_id: int) -> Route:
        """The route of this number."""
        table = tables.route
        row = self._connection.execute(
            select(
                table.c.id,
                table.c.integration,
                table.c.source,
                table.c.stream,
                table.c.target,
                table.c.object,
            ).where(table.c.id == route_id)
        ).one()
        return Route(*row)

    def routes_into(self, integration: str, target: str, object_name: str) -> list[Route]:
        """Every route that ends in the object of `target`."""
        table = tables.route
        query = select(
            table.c.id, table.c.integration, table.c.source, table.c.stream, table.c.target, table.c.object
        ).where(table.c.integration == integration, table.c.target == target, table.c.object == object_name)
        return [Route(*row) for row in self._connection.execute(query.order_by(table.c.id))]

    def routes_from(self, integration: str, stream: str, object_name: str) -> list[Route]:
        """Every route of a stream into an object of this name."""
        table = tables.route
        query = select(
            table.c.id, table.c.integration, table.c.source, table.c.stream, table.c.target, table.c.object
        ).where(table.c.integration == integration, table.c.stream == stream, table.c.object == object_name)
        return [Route(*row) for row in self._connection.execute(query.order_by(table.c.id))]

    def mapping(self, route: Route) -> dict[str, str]:
        """Target field -> digest of the expression that the route was last run with."""
        table = tables.route
        body = self._connection.execute(select(table.c.mapping).where(table.c.id == route.id)).scalar_one()
        return msgspec.json.decode(body, type=dict[str, str]) if body else {}

    def set_mapping(self, route: Route, mapping: Mapping[str, str]) -> None:
        """Remember the expressions of this run."""
        body = msgspec.json.encode(mapping, order="sorted").decode()
        self._connection.execute(
            update(tables.route).where(tables.route.c.id == route.id).values(mapping=body)
        )

    def look_up(self, route: Route, raw_keys: Sequence[str]) -> dict[str, Seen]:
        """What is known of these source keys; unknown ones are absent."""
        table = tables.seen
        query = select(
            table.c.raw_key, table.c.digest, table.c.version, table.c.link_id, table.c.rejected
        ).where(
            table.c.route_id == bindparam("route"), table.c.raw_key.in_(bindparam("keys", expanding=True))
        )
        found: dict[str, Seen] = {}
        for start in range(0, len(raw_keys), _CHUNK):
            keys = list(raw_keys[start : start + _CHUNK])
            for key, digest, version, link_id, rejected in self._connection.execute(
                query, {"route": route.id, "keys": keys}
            ):
                found[key] = Seen(digest, version, link_id, rejected)
        return found

    def met(
        self, integration: str, source: str, target: str, object_name: str, raw_keys: Sequence[str]
    ) -> dict[str, bool]:
        """Of these keys, those of records that came on any route into an object of `target`.

        True where a letter keeps the newest one of such a route.
        """
        table, route = tables.seen, tables.route
        query = (
            select(table.c.raw_key, table.c.rejected)
            .join(route, route.c.id == table.c.route_id)
            .where(
                route.c.integration == integration,
                route.c.source == source,
                route.c.target == target,
                route.c.object == object_name,
                table.c.raw_key.in_(bindparam("keys", expanding=True)),
            )
        )
        found: dict[str, bool] = {}
        for start in range(0, len(raw_keys), _CHUNK):
            for key, rejected in self._connection.execute(
                query, {"keys": list(raw_keys[start : start + _CHUNK])}
            ):
                found[key] = found.get(key, False) or rejected is not None
        return found

    def settle(self, entries: Iterable[tuple[Route, str, Seen]]) -> None:
        """Write these rows, in place of what was known."""
        rows = [
            {
                "route_id": route.id,
                "raw_key": raw_key,
                "digest": seen.digest,
                "version": seen.version,
                "link_id": seen.link_id,
                "rejected": seen.rejected,
            }
            for route, raw_key, seen in entries
        ]
        if not rows:
            return
        insert_into = sqlite_insert if self._connection.dialect.name == "sqlite" else postgres_insert
        statement = insert_into(tables.seen)
        columns = ("digest", "version", "link_id", "rejected")
        statement = statement.on_conflict_do_update(
            index_elements=["route_id", "raw_key"],
            set_={column: statement.excluded[column] for column in columns},
        )
        self._connection.execute(statement, rows)

    def drop_rejected(self, route: Route, raw_keys: Sequence[str]) -> None:
        """Nothing of these source records is refused any more."""
        table = tables.seen
        for start in range(0, len(raw_keys), _CHUNK):
            keys = list(raw_keys[start : start + _CHUNK])
            self._connection.execute(
                update(table)
                .where(table.c.route_id == route.id, table.c.raw_key.in_(keys))
                .values(rejected=None)
            )

    def forget_digests(self, link_ids: Iterable[int], source: str) -> None:
        """Make the next record that `source` sends of these links be looked at, changed or not."""
        ids = list(link_ids)
        table = tables.seen
        routes = select(tables.route.c.id).where(tables.route.c.source == source)
        for start in range(0, len(ids), _CHUNK):
            self._connection.execute(
                update(table)
                .where(table.c.link_id.in_(ids[start : start + _CHUNK]), table.c.route_id.in_(routes))
                .values(digest=None)
            )
