"""`audit`, `forget` and `prune`: what the ledger knows of records, and letting go of it."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import click

from ml_connector.ages import parse_age
from ml_connector.commands.common import (
    confirm,
    integration_option,
    iso,
    json_option,
    ledger_option,
    opened,
    print_json,
    print_table,
    say,
    show_time,
    yes_option,
)
from ml_connector.errors import SystemFault
from ml_connector.ledger import AuditRow, Ledger

_AUDIT_COLUMNS = (
    "at",
    "run",
    "integration",
    "stream",
    "key",
    "object",
    "key there",
    "outcome",
    "fields",
    "reason",
    "request",
    "retries",
    "seconds",
)


@click.command("audit")
@click.argument("key")
@integration_option
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Newest rows to show.")
@ledger_option
@json_option
def audit(key: str, *, integration: str | None, limit: int, ledger_url: str | None, as_json: bool) -> None:
    """Show what happened to the record with KEY, its key in either system, oldest first.

    Records that were unchanged are counted per run and not listed here.
    """
    with opened(ledger_url) as ledger, ledger.read() as tx:
        rows = tx.runs.history(key, integration=integration, limit=limit)
    if as_json:
        print_json([audit_as_json(row) for row in rows])
    elif rows:
        print_audit(rows)
    else:
        say(f"Nothing is noted of a record with the key {key}.")


def audit_as_json(row: AuditRow) -> dict[str, Any]:
    """An audit row with its time as ISO 8601."""
    return dataclasses.asdict(row) | {"at": iso(row.at)}


def print_audit(rows: list[AuditRow]) -> None:
    """Audit rows as a table."""
    print_table(
        _AUDIT_COLUMNS,
        [
            (
                show_time(row.at),
                row.run_id,
                row.integration,
                row.stream,
                row.source_key,
                row.object,
                row.target_key,
                row.outcome,
                ", ".join(sorted(row.fields)),
                row.reason,
                row.request_id,
                row.retries or None,
                None if row.seconds is None else f"{row.seconds:.2f}",
            )
            for row in rows
        ],
    )


@click.command("forget")
@click.argument("key")
@integration_option
@yes_option
@ledger_option
@json_option
def forget(key: str, *, integration: str | None, yes: bool, ledger_url: str | None, as_json: bool) -> None:
    """Delete all that the ledger holds of the record with KEY: a person's right.

    That is its links, snapshots, letters, audit rows and dedupe keys, here and in the linked system. The
    record itself stays in both systems; when it is read again, it is matched anew. Name the integration when
    several use the same keys.
    """
    with opened(ledger_url) as ledger:
        if not yes:
            counts = _try_to_forget(ledger, key, integration)
            confirm(f"Forget {_show_counts(counts)}?", yes=False)
        with ledger.write("", "") as tx:
            counts = tx.runs.forget(key, integration=integration)
    if as_json:
        print_json(counts)
    else:
        say(f"Forgotten: {_show_counts(counts)}.")


class _RolledBackError(Exception):
    """Ends a transaction that was only to count."""


def _try_to_forget(ledger: Ledger, key: str, integration: str | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    try:
        with ledger.write("", "") as tx:
            counts = tx.runs.forget(key, integration=integration)
            raise _RolledBackError
    except _RolledBackError:
        return counts


def _show_counts(counts: dict[str, int]) -> str:
    words = {"audit": "audit rows", "keys": "dedupe keys", "seen": "source records"}
    return ", ".join(f"{count} {words.get(name, name)}" for name, count in counts.items())


@click.command("prune")
@click.option("--older-than", required=True, help="Age of what goes: 90d, 12w.")
@ledger_option
@json_option
def prune(*, older_than: str, ledger_url: str | None, as_json: bool) -> None:
    """Delete audit rows, ended runs and closed letters that are old.

    Links, snapshots and open letters stay whatever their age.
    """
    seconds = parse_age(older_than)
    if seconds <= 0:
        raise SystemFault("--older-than must be longer than nothing.", fix="Write such as 90d.")
    with opened(ledger_url) as ledger, ledger.write("", "") as tx:
        counts = tx.runs.prune(before=time.time() - seconds)
    if as_json:
        print_json(counts)
    else:
        say(f"Pruned: {_show_counts(counts)}.")
