"""`ml-connector status`: the last run of each direction, and what is open."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any

import click

from ml_connector.ages import show_age
from ml_connector.commands.common import (
    ago,
    integration_option,
    iso,
    json_option,
    ledger_option,
    opened,
    print_json,
    print_table,
    say,
    show_time,
)
from ml_connector.ledger import Run, Transaction

_RUN_COLUMNS = (
    "run",
    "integration",
    "plugin",
    "started",
    "took",
    "state",
    "read",
    "outcomes",
    "requests",
    "quota used",
    "bookmark",
)
# A run beats every few seconds; one that was silent for so long is stuck or dead.
_SILENT_SECONDS = 60.0


@click.command("status")
@click.option("--running", is_flag=True, help="Only runs under way, with their progress.")
@integration_option
@click.option("--runs", type=click.IntRange(1, 1000), help="The last so many runs, dry ones included.")
@ledger_option
@json_option
def status(
    *, running: bool, integration: str | None, runs: int | None, ledger_url: str | None, as_json: bool
) -> None:
    """Show the last run of each direction, open letters and pauses.

    Counts are records per outcome. `quota used` is the share of the vendor's quota that the run left used,
    `bookmark` how old the newest record read is. Below the table is said how many conflicts a policy
    decided in each run.
    """
    with opened(ledger_url) as ledger, ledger.read() as tx:
        found = _runs(tx, integration, running=running, limit=runs)
        letters = tx.letters.open_counts()
        pauses = {row["integration"]: row for row in tx.runs.pauses() if row["paused"]}
    if as_json:
        print_json(_report(found, letters, pauses, integration))
    elif running:
        _print_running(found)
    else:
        _print_runs(found)
        _print_open(letters, pauses, integration)


def _runs(tx: Transaction, integration: str | None, *, running: bool, limit: int | None) -> list[Run]:
    if running:
        return list(tx.runs.latest(integration=integration, running=True, limit=limit or 1000))
    if limit is not None:
        return list(tx.runs.latest(integration=integration, limit=limit))
    return list(tx.runs.latest_each(integration=integration))


def _report(
    runs: list[Run],
    letters: Mapping[tuple[str, str], int],
    pauses: Mapping[str, Mapping[str, Any]],
    integration: str | None,
) -> dict[str, Any]:
    return {
        "runs": [run_as_json(run) for run in runs],
        "open_letters": [
            {"integration": name, "target": target, "letters": count}
            for (name, target), count in letters.items()
            if integration in (None, name)
        ],
        "paused": [
            {"integration": name, "since": iso(row["changed_at"]), "reason": row["reason"]}
            for name, row in pauses.items()
            if integration in (None, name)
        ],
    }


def run_as_json(run: Run) -> dict[str, Any]:
    """A run with everything that its summary says."""
    return {
        "id": run.id,
        "integration": run.integration,
        "plugin": run.plugin,
        "dry": run.dry,
        "state": state_of(run),
        "started_at": iso(run.started_at),
        "ended_at": iso(run.ended_at),
        "seconds": round(_seconds(run), 1),
        "exit_code": run.exit_code,
        "reason": run.reason,
        "process": run.pid,
        "host": run.host,
        "bookmark_age_seconds": _bookmark_age(run.summary),
        "seconds_left": _seconds_left(run.summary),
        "decided_conflicts": _decided(run.summary),
        "summary": run.summary,
    }


def state_of(run: Run) -> str:
    """`running`, `silent`, `died`, `settled`, or `exit N`."""
    if run.ended_at is None:
        return "silent" if time.time() - run.beat_at > _SILENT_SECONDS else "running"
    if run.exit_code is None:
        return run.reason or "died"
    return "settled" if run.exit_code == 0 else f"exit {run.exit_code}"


def _seconds(run: Run) -> float:
    return (run.ended_at or time.time()) - run.started_at


def show_outcomes(summary: Mapping[str, Any]) -> str:
    """`12 created, 900 unchanged, 3 filtered, 2 missing`."""
    outcomes = summary.get("outcomes")
    counts = dict(outcomes) if isinstance(outcomes, Mapping) else {}
    counts["filtered"] = summary.get("filtered") or 0
    missing = summary.get("missing")
    counts["missing"] = sum(missing.values()) if isinstance(missing, Mapping) else 0
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"


def _decided(summary: Mapping[str, Any]) -> int:
    """How many fields were in conflict and a policy decided; runs of earlier versions did not count them."""
    count = summary.get("decided_conflicts")
    return count if isinstance(count, int) else 0


def _quota(summary: Mapping[str, Any]) -> str | None:
    quota = summary.get("quota")
    if not isinstance(quota, Mapping):
        return None
    used, limit, remaining = (quota.get(name) for name in ("used_share", "limit", "remaining"))
    if not isinstance(used, (int, float)) and limit and remaining is not None:
        used = 1 - float(remaining) / float(limit)
    return f"{used:.0%}" if isinstance(used, (int, float)) else None


def _bookmark_age(summary: Mapping[str, Any]) -> float | None:
    try:
        bookmark = dt.datetime.fromisoformat(str(summary.get("bookmark")))
    except ValueError:
        return None
    aware = bookmark if bookmark.tzinfo else bookmark.replace(tzinfo=dt.UTC)
    return round(max(time.time() - aware.timestamp(), 0), 1)


def _progress(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    progress = summary.get("progress")
    return progress if isinstance(progress, Mapping) else {}


def _seconds_left(summary: Mapping[str, Any]) -> float | None:
    progress = _progress(summary)
    done, expected, rate = (progress.get(name) for name in ("done", "expected", "rate"))
    if not expected or not rate or done is None:
        return None
    return round(max(float(expected) - float(done), 0) / float(rate), 1)


def _print_runs(runs: list[Run]) -> None:
    if not runs:
        say("No run is known to this ledger.")
        return
    print_table(_RUN_COLUMNS, [_run_row(run) for run in runs])
    for run in runs:
        for batch in run.summary.get("batches") or ():
            say(f"Run {run.id}: {show_batch(batch)}")
        for warning in run.summary.get("warnings") or ():
            say(f"Run {run.id}: {warning}")
        if run.reason and run.exit_code != 0:
            say(f"Run {run.id}: {run.reason}")
        if decided := _decided(run.summary):
            by = f"ml-connector conflicts list -i {run.integration}"
            say(f"Run {run.id}: a policy decided {decided} fields that both sides changed ({by}).")


def show_batch(batch: Mapping[str, Any]) -> str:
    """`batch ML0A1 (job 4711) ended with D: 10 rows, 2 failed`."""
    job, status = batch.get("job"), batch.get("status")
    name = f"batch {batch.get('batch')}" + (f" (job {job})" if job else "")
    return f"{name} ended with {status or 'no job'}: {batch.get('rows')} rows, {batch.get('failed')} failed."


def _run_row(run: Run) -> tuple[Any, ...]:
    age = _bookmark_age(run.summary)
    return (
        run.id,
        run.integration,
        f"{run.plugin} (dry)" if run.dry else run.plugin,
        show_time(run.started_at),
        show_age(_seconds(run)),
        state_of(run),
        run.summary.get("read"),
        show_outcomes(run.summary),
        run.summary.get("requests"),
        _quota(run.summary),
        None if age is None else f"{show_age(age)} old",
    )


def _print_running(runs: list[Run]) -> None:
    if not runs:
        say("Nothing is running.")
        return
    columns = (
        "run",
        "integration",
        "plugin",
        "running for",
        "state",
        "done",
        "records/s",
        "left",
        "outcomes",
    )
    rows = []
    for run in runs:
        progress, left = _progress(run.summary), _seconds_left(run.summary)
        done = progress.get("done")
        expected = progress.get("expected")
        rows.append(
            (
                run.id,
                run.integration,
                f"{run.plugin} (process {run.pid} on {run.host})",
                show_age(_seconds(run)),
                f"silent since {ago(run.beat_at)}" if state_of(run) == "silent" else "running",
                f"{done} of {expected}" if expected else done,
                progress.get("rate"),
                None if left is None else show_age(left),
                show_outcomes(run.summary),
            )
        )
    print_table(columns, rows)


def _print_open(
    letters: Mapping[tuple[str, str], int],
    pauses: Mapping[str, Mapping[str, Any]],
    integration: str | None,
) -> None:
    for (name, target), count in sorted(letters.items()):
        if integration in (None, name):
            say(f"{name}: {count} open letters of {target} (ml-connector letters list -i {name}).")
    for name, row in sorted(pauses.items()):
        if integration in (None, name):
            why = f": {row['reason']}" if row["reason"] else ""
            say(f"{name}: paused {ago(row['changed_at'])}{why} (ml-connector resume {name}).")
