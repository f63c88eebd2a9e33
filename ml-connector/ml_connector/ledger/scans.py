"""Scans of a source: which records a tap said to exist, and which of those that we know it did not.

A scan belongs to a route and has a version. Its keys are kept until it is over; the version stays, so that
a later run knows that it did not see the beginning of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ml_connector.ledger import tables
from ml_connector.ledger.seen import Route, Seen

_CHUNK = 500
_COLUMNS = tuple(tables.seen.c[name] for name in ("raw_key", "digest", "version", "link_id", "rejected"))


@dataclass(frozen=True, slots=True)
class Absent:
    """A source record that a scan did not find. `identity` names it in its link, where it has one."""

    raw_key: str
    seen: Seen
    identity: str | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is looked for. `gone`: the digest that a missing record is settled with.

    `again`: those that are settled so are judged anew as long as their link is in use.
    """

    route: Route
    gone: bytes
    again: bool


class ScanStore:
    """Tables `scan` and `present`, through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, route_id: int, version: int, run_id: int) -> bool:
        """A record with this version came. False where an earlier run saw some of them already."""
        table = tables.scan
        known = self._connection.execute(select(table).where(table.c.route_id == route_id)).first()
        if known is not None and known.version == version:
            return bool(known.run_id == run_id)
        self.forget(route_id)
        values = {"route_id": route_id, "version": version, "run_id": run_id, "started_at": time.time()}
        self._connection.execute(insert(table).values(**values))
        return True

    def mark(self, places: Iterable[tuple[int, str]]) -> None:
        """These source records, by route and raw key, exist."""
        rows = [{"route_id": route_id, "raw_key": raw_key} for route_id, raw_key in places]
        if rows:
            insert_into = sqlite_insert if self._connection.dialect.name == "sqlite" else postgres_insert
            self._connection.execute(insert_into(tables.present).on_conflict_do_nothing(), rows)

    def clear(self, route_id: int) -> None:
        """The scan is over, or void: forget whom it found."""
        self._connection.execute(delete(tables.present).where(tables.present.c.route_id == route_id))

    def forget(self, route_id: int) -> None:
        """Forget the scan wholly, its version too."""
        self.clear(route_id)
        self._connection.execute(delete(tables.scan).where(tables.scan.c.route_id == route_id))

    # Who is missing

    def live(self, absence: Absence) -> int:
        """How many source records of the route have a link in use that is the stream's own."""
        return self._count(_linked(absence))

    def lost(self, absence: Absence) -> int:
        """How many of these the scan did not find."""
        return self._count(_unseen(absence, _linked(absence)))

    def lost_links(self, absence: Absence, after: str) -> list[Absent]:
        """The next of those, in order of their raw keys."""
        return self._next(_unseen(absence, _linked(absence)), after)

    def lost_letters(self, absence: Absence, after: str) -> list[Absent]:
        """The next records with an open letter that the scan did not find, whatever their link."""
        seen = tables.seen
        query = select(*_COLUMNS, seen.c.raw_key.label("identity")).where(
            seen.c.route_id == absence.route.id,
            seen.c.rejected.is_not(None),
            seen.c.rejected != absence.gone,
            ~_is_present(seen.c.raw_key, absence.route.id),
        )
        return self._next(query, after)

    def _count(self, query: Select[Any]) -> int:
        return self._connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()

    def _next(self, query: Select[Any], after: str) -> list[Absent]:
        key = tables.seen.c.raw_key
        rows = self._connection.execute(query.where(key > after).order_by(key).limit(_CHUNK))
        return [
            Absent(row.raw_key, Seen(row.digest, row.version, row.link_id, row.rejected), row.identity)
            for row in rows
        ]


def _linked(absence: Absence) -> Select[Any]:
    """Rows whose link is in use and was made by a record of this stream."""
    seen, link, side = tables.seen, tables.link, tables.side
    route = absence.route
    query = (
        select(*_COLUMNS, side.c.key.label("identity"))
        .join(link, link.c.id == seen.c.link_id)
        .join(side, (side.c.link_id == link.c.id) & (side.c.system == route.source))
        .where(seen.c.route_id == route.id, link.c.mark.is_(None), side.c.object == route.stream)
        .where(or_(seen.c.rejected.is_(None), seen.c.rejected != absence.gone))
    )
    return (
        query if absence.again else query.where(or_(seen.c.digest.is_(None), seen.c.digest != absence.gone))
    )


def _unseen(absence: Absence, query: Select[Any]) -> Select[Any]:
    # A record that came under another key of its own keeps the link that both lead to.
    seen, twin = tables.seen, tables.seen.alias("twin")
    other = (
        select(twin.c.raw_key)
        .where(twin.c.link_id == seen.c.link_id, twin.c.route_id == absence.route.id)
        .where(_is_present(twin.c.raw_key, absence.route.id))
    )
    return query.where(~_is_present(seen.c.raw_key, absence.route.id), ~other.exists())


def _is_present(raw_key: ColumnElement[str], route_id: int) -> ColumnElement[bool]:
    present = tables.present
    found = select(present.c.raw_key).where(present.c.route_id == route_id, present.c.raw_key == raw_key)
    return found.exists()
