"""One lease per integration and both directions, freed by the operating system when its holder dies.

SQLite: an OS lock on a file beside the ledger. PostgreSQL: a session's advisory lock. Every grant has a
rising number in the ledger; a holder whose number is no longer the newest has lost the lease and must
not send anything more.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from ml_connector.errors import LeaseHeld, SystemFault
from ml_connector.ledger import tables
from ml_connector.ledger.database import READ_ONLY

_POLL_SECONDS = 0.2


class LeaseLost(SystemFault):
    """Another run was granted the lease; this one must send nothing more."""


class Lease:
    """A granted lease. `number` rises with every grant of the integration."""

    def __init__(self, integration: str, number: int) -> None:
        self.integration = integration
        self.number = number

    def check(self, connection: Connection) -> None:
        """Make sure that this is still the newest grant.

        Raises:
            LeaseLost: it is not.
        """
        table = tables.lease
        row = connection.execute(
            select(table.c.grant_no, table.c.holder).where(table.c.integration == self.integration)
        ).one()
        if row.grant_no != self.number:
            raise LeaseLost(
                f"The lease of {self.integration} went to {row.holder} (grant {row.grant_no}, ours was "
                f"{self.number}).",
                fix="Nothing more was sent. The next run of this integration goes on.",
            )


@contextlib.contextmanager
def hold(engine: Engine, integration: str, *, holder: str, wait_seconds: float) -> Iterator[Lease]:
    """Hold the lease of `integration`, waiting up to `wait_seconds` for another run to end.

    Raises:
        LeaseHeld: it is still held by then; the message says by whom and since when.
    """
    lock = _file_lock if engine.dialect.name == "sqlite" else _advisory_lock
    with lock(engine, integration) as try_lock:
        deadline = time.monotonic() + wait_seconds
        while not try_lock():
            if time.monotonic() >= deadline:
                raise _held(engine, integration)
            time.sleep(_POLL_SECONDS)
        yield Lease(integration, _grant(engine, integration, holder))


def describe_holder(plugin: str) -> str:
    """How this process is named to others who wait: plugin, process id, host."""
    return f"{plugin} (process {os.getpid()} on {socket.gethostname()})"


def _grant(engine: Engine, integration: str, holder: str) -> int:
    table = tables.lease
    with engine.begin() as connection:
        number = connection.execute(
            select(table.c.grant_no).where(table.c.integration == integration)
        ).scalar_one_or_none()
        values = {"grant_no": (number or 0) + 1, "holder": holder, "granted_at": time.time()}
        if number is None:
            connection.execute(insert(table).values(integration=integration, **values))
        else:
            connection.execute(update(table).where(table.c.integration == integration).values(**values))
    return (number or 0) + 1


def _held(engine: Engine, integration: str) -> LeaseHeld:
    table = tables.lease
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        row = connection.execute(select(table).where(table.c.integration == integration)).one_or_none()
    who = row.holder if row else "another process"
    since = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(row.granted_at)) if row else "a moment ago"
    return LeaseHeld(
        f"Integration {integration} is being run by {who} since {since}.",
        fix="Wait for it to end, or raise lease_wait.",
    )


@contextlib.contextmanager
def _file_lock(engine: Engine, integration: str) -> Iterator[Callable[[], bool]]:
    path = Path(f"{engine.url.database}.{_safe(integration)}.lease")
    with path.open("a") as file:
        yield lambda: _flock(file)


def _flock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


@contextlib.contextmanager
def _advisory_lock(engine: Engine, integration: str) -> Iterator[Callable[[], bool]]:
    number = int.from_bytes(
        hashlib.blake2b(f"ml-connector:{integration}".encode(), digest_size=8).digest(), "big", signed=True
    )
    # Outside of any transaction, so that the server's idle-in-transaction limit does not end the session.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        query = text("SELECT pg_try_advisory_lock(:number)")
        try:
            yield lambda: bool(connection.execute(query, {"number": number}).scalar_one())
        finally:
            # A session that broke has freed the lock already.
            with contextlib.suppress(DBAPIError):
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
