"""`--check`: login, context, grants, tables, grammar, clock and zone, before a run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ml_connector.errors import ConnectorError
from ml_connector.singer.command import Check
from tap_oracle_ebs.catalog.tables import TABLES, Table
from tap_oracle_ebs.reading.rest_get import TableReader
from tap_oracle_ebs.reading.selection import Selection

_CLOCK_TOLERANCE = dt.timedelta(minutes=5)
_FAR = dt.timedelta(days=365 * 50)


def run(reader: TableReader, names: Sequence[str]) -> Iterator[Check]:
    """Yield what was looked at; ends after a refused login, since every further call would repeat it."""
    login = _guarded("login", reader.client.log_in, "the user may log in")
    yield login
    if not login.ok:
        return
    readable = []
    for name in names:
        table = TABLES[name]
        check = _guarded(f"table {name}", partial(_probe, reader, table), f"readable at {reader.path(table)}")
        yield check
        if check.ok:
            readable.append(table)
    for table in readable:
        yield from _check_unit(reader, table)
    yield _check_clock(reader)
    if readable:
        yield _guarded("filter", partial(_probe_filter, reader, readable[0]), "conditions are obeyed")
        yield _check_zone(reader, readable)


def _guarded(what: str, action: Callable[[], object], detail: str) -> Check:
    try:
        action()
    except ConnectorError as error:
        return Check(what, ok=False, detail=error.message, fix=error.fix)
    return Check(what, ok=True, detail=detail)


def _probe(reader: TableReader, table: Table) -> None:
    """Read one row with everything a run sends: columns, filter, sort order."""
    conditions = reader.conditions(table, Selection(start=dt.datetime(1970, 1, 2, tzinfo=dt.UTC)))
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


def _check_clock(reader: TableReader) -> Check:
    server = reader.client.server_time()
    if server is None:
        return Check("clock", ok=True, detail="the server sends no Date header; this machine's clock is used")
    difference = abs(server - dt.datetime.now(dt.UTC))
    ok = difference <= _CLOCK_TOLERANCE
    return Check(
        "clock",
        ok=ok,
        detail=f"server and this machine differ by {difference.total_seconds():.0f} s",
        fix=""
        if ok
        else "Set both clocks by NTP: bookmarks follow the server, extraction times this machine.",
    )


def _check_zone(reader: TableReader, tables: Sequence[Table]) -> Check:
    """Look for rows of the future: they tell that `server_timezone` lies west of the true one."""
    now = reader.client.server_time() or dt.datetime.now(dt.UTC)
    future = Selection(start=now + _CLOCK_TOLERANCE)
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
