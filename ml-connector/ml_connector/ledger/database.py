"""Opening, upgrading and copying the database behind a ledger."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from ml_connector.errors import LedgerTooNew, PassingFault, SystemFault
from ml_connector.ledger.tables import metadata

log = logging.getLogger(__name__)

READ_ONLY = "ml_read_only"
_BUSY_SECONDS = 30.0
_MIGRATIONS = Path(__file__).parent / "migrations"
# Alembic's own table, beside ours.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", Text))


def normalise_url(url: str) -> str:
    """The URL with the driver this library uses (`postgresql://` means psycopg 3)."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def connect(url: str) -> Engine:
    """An engine for `url`, its folder made when it is an SQLite file.

    Raises:
        SystemFault: the URL is not one of SQLite or PostgreSQL.
    """
    try:
        parsed = make_url(normalise_url(url))
    except ArgumentError as error:
        raise SystemFault(
            f"ledger_url is not a database URL: {error}.",
            fix="Use sqlite:///PATH or postgresql://USER@HOST/NAME.",
        ) from None
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise SystemFault("A ledger cannot live in memory.", fix="Use sqlite:///PATH.")
        _make_private(Path(parsed.database))
        engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return engine
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    raise SystemFault(
        f"A ledger cannot live in {parsed.get_backend_name()}.",
        fix="Use sqlite:///PATH or postgresql://USER@HOST/NAME.",
    )


def _make_private(file: Path) -> None:
    """Make the file for its owner only where it is new: letters hold what people wrote."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise SystemFault(
            f"{file} cannot be opened: {error.strerror}.",
            fix="Name a file that this user may write.",
        ) from None


def _on_sqlite_connect(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling is switched off: it would begin late and commit before DDL.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _on_sqlite_begin(connection: Connection) -> None:
    # A writer that begins as a reader can fail half-way with SQLITE_BUSY; taking the lock first cannot.
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def newest_revision() -> str:
    """The schema revision that this library writes."""
    return max(_known_revisions())


def _known_revisions() -> set[str]:
    # By the names of the files: loading Alembic takes longer than all else that a start does.
    return {file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def revision(engine: Engine) -> str | None:
    """The schema revision of the database, None for an empty one.

    Raises:
        PassingFault: the database cannot be reached.
    """
    # Alembic narrates each step at INFO; what a user wants to know is said below.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
            if not inspect(connection).has_table(_VERSION.name):
                return None
            return connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    except OperationalError as error:
        raise _unreachable(engine, error) from None
    except DatabaseError as error:
        raise SystemFault(
            f"{_shown(engine)} is not a ledger: {_first_line(error)}.",
            fix="Name the ledger's own database in ledger_url.",
        ) from None


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _first_line(error: DatabaseError) -> str:
    return str(error.orig or error).splitlines()[0]


def _unreachable(engine: Engine, error: OperationalError) -> PassingFault:
    return PassingFault(
        f"The ledger {_shown(engine)} cannot be reached: {_first_line(error)}",
        fix="Check ledger_url, and that the database runs and lets this user in.",
    )


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the schema to the newest revision. Returns the revision before and after.

    Raises:
        LedgerTooNew: a newer library wrote this ledger.
        PassingFault: the database cannot be reached.
        SystemFault: it is none of ours, or its user may not change it.
    """
    before = revision(engine)
    newest = newest_revision()
    if before == newest:
        return before, newest
    if before is not None and before not in _known_revisions():
        raise LedgerTooNew(
            f"The ledger is at schema {before}, newer than {newest}, the newest that this version of "
            "ml-connector knows.",
            fix="Upgrade ml-connector on this machine, or restore the backup made before the upgrade.",
        )
    try:
        _migrate(engine)
    except OperationalError as error:
        raise _unreachable(engine, error) from None
    except DatabaseError as error:
        raise SystemFault(
            f"The ledger {_shown(engine)} cannot be upgraded: {_first_line(error)}.",
            fix="Its user must own the ledger's tables and be allowed to create more.",
        ) from None
    log.info("The ledger's schema went from %s to %s.", before or "nothing", newest)
    return before, newest


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


def row_counts(engine: Engine) -> dict[str, int]:
    """How many rows each table of the ledger has."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def backup(engine: Engine, destination: Path | None = None) -> Path:
    """Copy the ledger while it is in use. SQLite: an online copy; PostgreSQL: `pg_dump`.

    Returns the file written, by default `ledger-YYYYmmdd-HHMMSS.{db,sql}` beside the ledger.

    Raises:
        SystemFault: the destination exists, or `pg_dump` is missing or fails.
    """
    sqlite = engine.dialect.name == "sqlite"
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    folder = Path(str(engine.url.database)).parent if sqlite else Path()
    target = destination or folder / f"ledger-{stamp}.{'db' if sqlite else 'sql'}"
    if target.exists():
        raise SystemFault(f"{target} exists already.", fix="Name another file.")
    _make_private(target)
    try:
        if sqlite:
            _backup_sqlite(str(engine.url.database), target)
        else:
            _backup_postgres(engine, target)
    except BaseException:
        target.unlink()
        raise
    return target


def _backup_sqlite(source: str, target: Path) -> None:
    origin = contextlib.closing(sqlite3.connect(source))
    with origin as read, contextlib.closing(sqlite3.connect(target)) as written:
        read.backup(written)


def _backup_postgres(engine: Engine, target: Path) -> None:
    url = engine.url
    arguments: list[str] = ["pg_dump", "--no-owner", "--file", str(target)]
    environment: dict[str, Any] = {"PATH": os.environ.get("PATH", "")}
    names = {"PGHOST": url.host or url.query.get("host"), "PGPORT": url.port, "PGUSER": url.username}
    environment |= {name: str(value) for name, value in names.items() if value}
    if url.password:
        environment["PGPASSWORD"] = str(url.password)  # never on the command line, where others read it
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, arguments are not passed through a shell
            [*arguments, str(url.database)], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise SystemFault(
            "pg_dump is not on the PATH.", fix="Install PostgreSQL's client tools, or back the server up."
        ) from None
    if done.returncode:
        raise SystemFault(f"pg_dump failed: {done.stderr.strip()}", fix="See its message.")
