"""Links: which record here is which record there, and what both were last known to hold."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from ml_connector.ledger import tables
from ml_connector.ledger.snapshots import FieldNumbers, Snapshot

_CHUNK = 500


@dataclass(slots=True)
class Side:
    """One record of one system: its object and key there, and what it was last known to hold.

    `other` is the object at the link's other side: with it a key is unique, so that one record may be
    linked with one record each of several objects. `version` is the record's own, as last seen;
    `written_at` the time of our last write to it, `written_version` the version that it left, where known.
    """

    object: str
    key: str
    other: str
    snapshot: Snapshot = field(default_factory=dict)
    version: str | None = None
    written_at: float | None = None
    written_version: str | None = None


@dataclass(slots=True)
class Link:
    """A known pairing. `sides` by system name; `mark` says why it is out of use."""

    id: int
    sides: dict[str, Side] = field(default_factory=dict)
    mark: str | None = None


class LinkStore:
    """Tables `link` and `side` of one integration, through one connection."""

    def __init__(self, connection: Connection, integration: str, numbers: dict[str, FieldNumbers]) -> None:
        self._connection = connection
        self._integration = integration
        self._numbers = numbers

    def by_key(self, system: str, object_name: str, keys: Sequence[str]) -> dict[str, Link]:
        """The links of these records of an object of `system`, by key; unlinked ones are absent."""
        return self._by(system, tables.side.c.object == object_name, keys)

    def by_partner(self, system: str, other: str, keys: Sequence[str]) -> dict[str, Link]:
        """The links of records of `system` with a record of the object `other`, by the former's key."""
        return self._by(system, tables.side.c.other == other, keys)

    def _by(self, system: str, condition: ColumnElement[bool], keys: Sequence[str]) -> dict[str, Link]:
        side = tables.side
        query = select(side.c.key, side.c.link_id).where(
            side.c.integration == self._integration,
            side.c.system == system,
            condition,
            side.c.key.in_(bindparam("keys", expanding=True)),
        )
        ids: dict[str, int] = {}
        for start in range(0, len(keys), _CHUNK):
            rows = self._connection.execute(query, {"keys": list(keys[start : start + _CHUNK])})
            ids.update((row.key, row.link_id) for row in rows)
        links = self.by_id(ids.values())
        return {key: links[link_id] for key, link_id in ids.items()}

    def by_id(self, link_ids: Iterable[int]) -> dict[int, Link]:
        """These links, whole."""
        ids = list(dict.fromkeys(link_ids))
        links: dict[int, Link] = {}
        for start in range(0, len(ids), _CHUNK):
            self._load(ids[start : start + _CHUNK], links)
        return links

    def _load(self, ids: list[int], links: dict[int, Link]) -> None:
        link, side = tables.link, tables.side
        query = (
            select(
                link.c.id,
                link.c.mark,
                side.c.system,
                side.c.object,
                side.c.key,
                side.c.other,
                side.c.snapshot,
                side.c.version,
                side.c.written_at,
                side.c.written_version,
            )
            .join(side, side.c.link_id == link.c.id)
            .where(link.c.id.in_(bindparam("ids", expanding=True)))
        )
        for row in self._connection.execute(query, {"ids": ids}):
            number, mark, system, object_name, key, other, packed, *versions = row
            snapshot = self._of(system).unpack(self._connection, packed)
            found = links.setdefault(number, Link(id=number, mark=mark))
            found.sides[system] = Side(object_name, key, other, snapshot, *versions)

    def _of(self, system: str) -> FieldNumbers:
        return self._numbers.setdefault(system, FieldNumbers(self._integration, system))

    def create(self, sides: dict[str, Side]) -> Link:
        """A new link between these two records.

        Raises:
            sqlalchemy.exc.IntegrityError: one of them is linked already.
        """
        number = self._connection.execute(
            insert(tables.link)
            .values(integration=self._integration, linked_at=time.time())
            .returning(tables.link.c.id)
        ).scalar_one()
        link = Link(id=number, sides=dict(sides))
        self._connection.execute(
            insert(tables.side),
            [
                {
                    "link_id": number,
                    "system": system,
                    "integration": self._integration,
                    "object": side.object,
                    "key": side.key,
                    "other": side.other,
                    "version": side.version,
                    "snapshot": self._of(system).pack(self._connection, side.snapshot),
                    "written_at": side.written_at,
                    "written_version": side.written_version,
                }
                for system, side in sides.items()
            ],
        )
        return link

    def save(self, links: Iterable[Link]) -> None:
        """Write the sides of these links: keys, snapshots, write times."""
        rows = [
            {
                "b_link": link.id,
                "b_system": system,
                "b_key": side.key,
                "b_snapshot": self._of(system).pack(self._connection, side.snapshot),
                "b_version": side.version,
                "b_written": side.written_at,
                "b_written_version": side.written_version,
                "b_object": side.object,
            }
            for link in links
            for system, side in link.sides.items()
        ]
        if not rows:
            return
        side = tables.side
        self._connection.execute(
            update(side)
            .where(side.c.link_id == bindparam("b_link"), side.c.system == bindparam("b_system"))
            .values(
                key=bindparam("b_key"),
                snapshot=bindparam("b_snapshot"),
                version=bindparam("b_version"),
                written_at=bindparam("b_written"),
                written_version=bindparam("b_written_version"),
                object=bindparam("b_object"),
            ),
            rows,
        )

    def set_mark(self, link_id: int, mark: str | None) -> None:
        """Put a pair out of use (`deleted`, `merged`), or back in use with None."""
        self._connection.execute(
            update(tables.link)
            .where(tables.link.c.id == link_id)
            .values(mark=mark, marked_at=time.time() if mark else None)
        )

    def remove(self, link_ids: Iterable[int]) -> None:
        """Forget these pairings."""
        ids = list(link_ids)
        self._connection.execute(delete(tables.side).where(tables.side.c.link_id.in_(ids)))
        self._connection.execute(delete(tables.link).where(tables.link.c.id.in_(ids)))

    def keys_of(self, system: str, object_name: str) -> Iterable[tuple[str, int]]:
        """Every linked key of an object of `system` with its link, in order of the key."""
        side = tables.side
        query = (
            select(side.c.key, side.c.link_id)
            .where(
                side.c.integration == self._integration,
                side.c.system == system,
                side.c.object == object_name,
            )
            .order_by(side.c.key)
        )
        return ((row.key, row.link_id) for row in self._connection.execute(query))
