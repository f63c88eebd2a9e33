"""`--check`: login, server, tables, conditions on dates, clock and zone, before a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ml_connector.errors import ConnectorError
from ml_connector.singer.clock import clock_check
from ml_connector.singer.command import Check, tried
from ml_connector.vendors.jde.reading import DayRange, TableReader
from ml_connector.vendors.jde.tables import UPDATED, Table
from tap_jde.business import BusinessStream
from tap_jde.raw import RawStream

if TYPE_CHECKING:
    from tap_jde.tap import TapJde


def run(tap: TapJde) -> Iterator[Check]:
    """Yield what was looked at; ends after a refused login, since every further call would repeat it."""
    login = tried("login", lambda: tap.client.log_in(), "the user may log in")
    yield login
    if not login.ok:
        return
    yield _check_server(tap)
    discovery = tried("streams", lambda: tap.streams, "the streams are known")
    if not discovery.ok:
        yield discovery
        return
    readable = []
    for table in _tables_of(tap):
        check = tried(f"table {table.name}", partial(tap.reader.probe, table), "readable")
        yield check
        if check.ok:
            readable.append(table)
    yield clock_check(tap.client.server_time())
    dated = [table for table in readable if table.is_dated]
    for table in dated:
        what = f"date filter {table.name}"
        yield tried(what, partial(tap.reader.prove, table, UPDATED), "conditions are obeyed")
    if dated:
        yield _check_zone(tap.reader, dated)


def _tables_of(tap: TapJde) -> list[Table]:
    found: dict[str, Table] = {}
    for stream in tap.streams.values():
        if not stream.selected:
            continue
        if isinstance(stream, RawStream):
            found.setdefault(stream.table.name, stream.table)
        elif isinstance(stream, BusinessStream):
            for source in stream.records.kind.sources:
                found.setdefault(source.table.name, source.table)
    return list(found.values())


def _check_server(tap: TapJde) -> Check:
    """Ask the server what it is: for information, since a proxy may not pass that address on."""
    try:
        told = tap.client.default_config()
    except ConnectorError:
        return Check("server", ok=True, detail="defaultconfig is not served here, which does no harm")
    version = told.get("aisVersion") if isinstance(told, Mapping) else None
    return Check("server", ok=True, detail=f"AIS server {version or 'of unknown version'}")


def _check_zone(reader: TableReader, tables: list[Table]) -> Check:
    """Look for rows of days to come: they tell that `server_timezone` lies west of the true one."""
    late = []
    for table in tables:
        ahead = DayRange(UPDATED, reader.today(table) + dt.timedelta(days=1))
        try:
            if reader.has_rows(table, ahead):
                late.append(table.name)
        except ConnectorError as error:
            return Check("server_timezone", ok=False, detail=error.message, fix=error.fix)
    if not late:
        return Check("server_timezone", ok=True, detail=f"no row was changed tomorrow in {reader.zone.name}")
    return Check(
        "server_timezone",
        ok=False,
        detail=f"rows of {', '.join(late)} were changed tomorrow, by the days of {reader.zone.name}",
        fix="Set `server_timezone` to the zone of the clock that writes UPMJ and UPMT.",
    )
