"""`ml-connector ledger`: the database itself."""

from __future__ import annotations

from pathlib import Path

import click

from ml_connector.commands.common import group, json_option, ledger_option, print_json, print_pairs, say
from ml_connector.ledger import backup as make_backup
from ml_connector.ledger import default_url
from ml_connector.ledger import upgrade as upgrade_schema
from ml_connector.ledger.database import connect, newest_revision, revision, row_counts
from ml_connector.vault import configured_keys

ledger = group("ledger", "Upgrade, back up and describe the ledger's database.")


@ledger.command("upgrade")
@click.option("--backup/--no-backup", "with_backup", default=True, help="Back up an older ledger first.")
@ledger_option
@json_option
def upgrade(*, with_backup: bool, ledger_url: str | None, as_json: bool) -> None:
    """Bring the ledger's schema to the newest revision, after a backup.

    Every run does it by itself and without a backup; this command does it when you choose.
    """
    engine = connect(ledger_url or default_url())
    try:
        before, copy = revision(engine), None
        if with_backup and before not in (None, newest_revision()):
            copy = make_backup(engine)
        before, after = upgrade_schema(engine)
    finally:
        engine.dispose()
    if as_json:
        print_json({"before": before, "after": after, "backup": str(copy) if copy else None})
        return
    if copy:
        say(f"Backed up to {copy}.")
    say(f"The ledger is at {after}." if before == after else f"From {before or 'nothing'} to {after}.")


@ledger.command("backup")
@click.argument("destination", type=click.Path(path_type=Path), required=False)
@ledger_option
@json_option
def backup(destination: Path | None, *, ledger_url: str | None, as_json: bool) -> None:
    """Copy the ledger while it is in use, to DESTINATION or beside it.

    SQLite: a database file. PostgreSQL: the SQL that pg_dump writes. The copy may be read by its owner only.
    """
    engine = connect(ledger_url or default_url())
    try:
        copy = make_backup(engine, destination)
    finally:
        engine.dispose()
    if as_json:
        print_json({"backup": str(copy), "bytes": copy.stat().st_size})
    else:
        say(f"Backed up to {copy} ({copy.stat().st_size} bytes).")


@ledger.command("info")
@ledger_option
@json_option
def info(*, ledger_url: str | None, as_json: bool) -> None:
    """Show where the ledger is, its schema, how many rows it has, and whether letters are encrypted."""
    engine = connect(ledger_url or default_url())
    try:
        shown = engine.url.render_as_string(hide_password=True)
        now, newest = revision(engine), newest_revision()
        rows = row_counts(engine) if now == newest else {}
    finally:
        engine.dispose()
    facts = {"url": shown, "schema": now, "newest_schema": newest, "encrypted": bool(configured_keys())}
    if as_json:
        print_json({**facts, "rows": rows})
        return
    encrypted = (
        "letters are encrypted" if facts["encrypted"] else "no key is set: letters are stored in clear"
    )
    print_pairs([("ledger", shown), ("schema", f"{now or 'none yet'} (newest {newest})"), ("key", encrypted)])
    print_pairs([(name, str(count)) for name, count in rows.items()])
