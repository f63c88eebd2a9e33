"""`--check`: login, context, grants, tables, package, grammar, clock and zone, before a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ml_connector.errors import ConnectorError
from ml_connector.singer.clock import CLOCK_TOLERANCE, clock_check
from ml_connector.singer.command import Check, tried
from tap_oracle_ebs.catalog.tables import TABLES, Table
from tap_oracle_ebs.reading.plsql import PackageReader
from tap_oracle_ebs.reading.rest_get import TableReader
from tap_oracle_ebs.reading.selection import Selection
from tap_oracle_ebs.streams.base import EbsStream
from tap_oracle_ebs.streams.raw import RawStream

if TYPE_CHECKING:
    from tap_oracle_ebs.tap import TapOracleEbs

_FAR = dt.timedelta(days=365 * 50)


def run(tap: TapOracleEbs) -> Iterator[Check]:
    """Yield what was looked at; ends after a refused login, since every further call would repeat it."""
    login = tried("login", tap.client.log_in, "the user may log in")
    yield login
    if not login.ok:
        return
    yield _check_gateway(tap)
    discovery = tried("streams", lambda: tap.streams, "the streams are known")
    if not discovery.ok:
        yield discovery
        return
    streams = [stream for stream in tap.streams.values() if isinstance(stream, EbsStream) and stream.selected]
    by_get = [stream for stream in streams if stream.access == "rest_get"]
    by_package = [stream.name for stream in streams if stream.access == "plsql"]
    if by_get:
        yield from _check_tables(tap.reader, _tables_of(by_get))
    if by_package:
        yield from _check_package(tap, by_package)


def _tables_of(streams: Sequence[EbsStream]) -> list[Table]:
    found: dict[str, Table] = {}
    for stream in streams:
        tables = [stream.table] if isinstance(stream, RawStream) else [TABLES[name] for name in stream.tables]
        found.update({table.name: table for table in tables})
    return list(found.values())


def _check_gateway(tap: TapOracleEbs) -> Check:
    """Ask the health check of the metadata provider: for information, since few sites deploy it."""
    try:
        detail = f"provider/isActive/ answers {tap.client.is_active()[:40]}"
    except ConnectorError:
        detail = "provider/isActive/ is not deployed or not granted here, which does no harm"
    return Check("gateway", ok=True, detail=detail)


def _check_tables(reader: TableReader, tables: Sequence[Table]) -> Iterator[Check]:
    readable = []
    for table in tables:
        what, detail = f"table {table.name}", f"readable at {reader.path(table)}"
        check = tried(what, partial(_probe, reader, table), detail)
        yield check
        if check.ok:
            readable.append(table)
    for table in readable:
        yield from _check_unit(reader, table)
    yield clock_check(reader.client.server_time())
    dated = [table for table in readable if table.is_dated]
    if dated:
        yield tried("filter", partial(_probe_filter, reader, dated[0]), "conditions are obeyed")
        yield _check_zone(reader, dated)


def _check_package(tap: TapOracleEbs, names: Sequence[str]) -> Iterator[Check]:
    package, callable_names = tap.package, []
    for name in names:
        operation = tap.package_operation(name)
        probe = partial(package.call, operation, {"P_LIMIT": "1"}, {})
        check = tried(f"package {name}", probe, f"callable at {package.path(operation)}")
        yield check
        if check.ok:
            callable_names.append(operation)
    if callable_names:
        yield clock_check(tap.client.server_time())
        yield _check_package_zone(package, tap.client.server_time())


def _check_package_zone(package: PackageReader, header: dt.datetime | None) -> Check:
    """Compare what the package says, a local time, with the Date header, which is an instant."""
    what, own = "package server_timezone", package.own_time()
    if own is None or header is None:
        missing = "X_SERVER_TIME" if own is None else "a Date header"
        return Check(what, ok=True, detail=f"not compared: the server sends no {missing}")
    difference = own - header
    if abs(difference) <= CLOCK_TOLERANCE:
        return Check(what, ok=True, detail=f"X_SERVER_TIME fits {package.zone.name}")
    return Check(
        what,
        ok=False,
        detail=f"X_SERVER_TIME read as {package.zone.name} differs from the Date header by "
        f"{difference.total_seconds() / 3600:+.1f} hours",
        fix="Set `server_timezone` to the site profile Server Timezone.",
    )


def _probe(reader: TableReader, table: Table) -> None:
    """Read one row with everything a run sends: columns, filter, sort order."""
    since = Selection(start=dt.datetime(1970, 1, 2, tzinfo=dt.UTC)) if table.is_dated else Selection()
    conditions = reader.conditions(table, since)
    reader.fetch(table, conditions, table.key, None, 1)


def _probe_filter(reader: TableReader, table: Table) -> None:
    """Ask for what cannot be there; the pages themselves name a server that gives it."""
    beyond = Selection(start=dt.datetime.now(dt.UTC) + _FAR)
    for _ in reader.read(table, beyond):
        pass


def _check_unit(reader: TableReader, table: Table) -> Iterator[Check]:
    if not reader.needs_unit(table):
        return
    what = f"operating unit {table.name}"
    try:
        seen = any(reader.read_first(table))
    except ConnectorError as error:
        yield Check(what, ok=False, detail=error.message, fix=error.fix)
        return
    yield Check(
        what,
        ok=seen,
        detail="rows are visible" if seen else f"{reader.operation(table)} shows no row",
        fix="" if seen else "Set `org_ids` to units that the responsibility may see.",
    )


def _check_zone(reader: TableReader, tables: Sequence[Table]) -> Check:
    """Look for rows of the future: they tell that `server_timezone` lies west of the true one."""
    now = reader.client.server_time() or dt.datetime.now(dt.UTC)
    future = Selection(start=now + CLOCK_TOLERANCE)
    try:
        late = [table.name for table in tables if reader.first(table, future).rows]
    except ConnectorError as error:
        return Check("server_timezone", ok=False, detail=error.message, fix=error.fix)
    if not late:
        return Check("server_timezone", ok=True, detail=f"no row of {reader.zone.name} lies in the future")
    return Check(
        "server_timezone",
        ok=False,
        detail=f"rows of {', '.join(late)} lie in the future when read as {reader.zone.name}",
        fix="Set `server_timezone` to the site profile Server Timezone.",
    )
