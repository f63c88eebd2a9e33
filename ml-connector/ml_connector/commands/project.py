"""`ml-connector check` and `plan`: an integration of this Meltano project, before it runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from ml_connector.commands.common import json_option, ledger_option, opened, print_json, print_table, say
from ml_connector.commands.records import audit_as_json
from ml_connector.errors import EXIT_SYSTEM, PassingFault, SystemFault
from ml_connector.ledger import AuditRow, Run
from ml_connector.project import FILE, Task, find_project, tasks_of
from ml_connector.redaction import redact

_TAIL_LINES = 12
# A line of Meltano's log that a plugin wrote, not Meltano itself.
_COMPLAINT = re.compile(r"\[(?:error|critical) *\] ((?:tap|target)-.*)")
_SET_UP = f'"exit_code": {EXIT_SYSTEM},'


def project_here() -> Path:
    """The folder of the Meltano project.

    Raises:
        SystemFault: there is none.
    """
    project = find_project()
    if project is None:
        raise SystemFault(
            f"There is no {FILE} here or further up.", fix="Call the command in the Meltano project."
        )
    return project


def _tasks(integration: str) -> tuple[Path, list[Task]]:
    project = project_here()
    return project, tasks_of(project, integration)


def run_meltano(project: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run Meltano in the project, with these variables besides.

    Raises:
        SystemFault: it is not installed.
    """
    # Beside this Python first: a virtual environment need not be activated.
    beside = Path(sys.executable).with_name("meltano")
    command = [str(beside) if beside.exists() else "meltano", *arguments]
    environment = {**os.environ, **settings}
    try:
        return subprocess.run(  # noqa: S603 - a fixed program, its arguments pass no shell
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise SystemFault("meltano is not installed.", fix="Install it: pip install meltano.") from None


@click.command("check")
@click.argument("integration")
@json_option
def check(integration: str, *, as_json: bool) -> None:
    """Test login, permissions and definitions of every tap and target of INTEGRATION. Writes nothing.

    INTEGRATION is the name of a job in meltano.yml. Ends with exit code 5 when a check fails.
    """
    project, tasks = _tasks(integration)
    plugins = list(dict.fromkeys(name for task in tasks for name in (task.tap, task.target)))
    results = [result for plugin in plugins for result in _check(project, plugin)]
    failed = [result for result in results if not result["ok"]]
    if as_json:
        print_json({"integration": integration, "ok": not failed, "checks": results})
    else:
        rows = [
            (one["plugin"], one["check"], "ok" if one["ok"] else "FAILED", one["detail"], one["fix"])
            for one in results
        ]
        print_table(("plugin", "check", "result", "detail", "how to mend it"), rows)
    if failed:
        raise click.exceptions.Exit(EXIT_SYSTEM)


def _check(project: Path, plugin: str) -> list[dict[str, Any]]:
    done = run_meltano(project, "--log-level=warning", "invoke", plugin, "--check")
    found = [result for line in done.stdout.splitlines() if (result := _result(line)) is not None]
    results = [
        {
            "plugin": plugin,
            "check": str(one["check"]),
            "ok": bool(one["ok"]),
            "detail": str(one.get("detail") or ""),
            "fix": str(one.get("fix") or ""),
        }
        for one in found
    ]
    if done.returncode and all(one["ok"] for one in results):
        # It ended before it could say what is wrong: settings, or a plugin that is not installed.
        results.append(
            {
                "plugin": plugin,
                "check": "start",
                "ok": False,
                "detail": tail(done.stderr) or f"It ended with exit code {done.returncode}.",
                "fix": f"Try it alone: meltano invoke {plugin} --check",
            }
        )
    return results


def _result(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and {"check", "ok"} <= value.keys() else None


def told(done: subprocess.CompletedProcess[str]) -> str:
    """What the plugins of a run complained of; without a complaint the last lines of all."""
    text = done.stdout + done.stderr
    found = [match[1] for line in text.splitlines() if (match := _COMPLAINT.search(line))]
    return redact("\n".join(found)) if found else tail(text)


def is_set_up_fault(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether a plugin of a run ended with the exit code of what has to be set right."""
    text = done.stdout + done.stderr
    return any(" run summary {" in line and _SET_UP in line for line in text.splitlines())


def tail(text: str) -> str:
    """The last lines of what a program said, without secrets."""
    return redact("\n".join(text.strip().splitlines()[-_TAIL_LINES:]))


@click.command("plan")
@click.argument("integration")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="Records to list.")
@ledger_option
@json_option
def plan(integration: str, *, limit: int, ledger_url: str | None, as_json: bool) -> None:
    """Show what a run of INTEGRATION would create, update, leave and reject, and its requests.

    It runs the tap and the target with dry_run: everything is read, matched and merged, nothing is written
    and no bookmark moves. INTEGRATION is the name of a job in meltano.yml.
    """
    project, tasks = _tasks(integration)
    plans = [_plan(project, task, ledger_url, limit) for task in tasks]
    if as_json:
        print_json({"integration": integration, "plans": plans})
        return
    for one in plans:
        _print_plan(one)


def _plan(project: Path, task: Task, ledger_url: str | None, limit: int) -> dict[str, Any]:
    with opened(ledger_url) as ledger, ledger.read() as tx:
        before = max((run.id for run in tx.runs.latest(limit=1)), default=0)
    prefix = task.target.upper().replace("-", "_")
    settings = {f"{prefix}_DRY_RUN": "true"}
    if ledger_url:
        settings[f"{prefix}_LEDGER_URL"] = ledger_url
    done = run_meltano(project, "run", "--no-state-update", task.tap, task.target, **settings)
    with opened(ledger_url) as ledger, ledger.read() as tx:
        runs = [run for run in tx.runs.latest(limit=50) if run.id > before and run.dry]
        rows = tx.runs.rows_of(runs[0].id, limit=limit) if runs else []
    if done.returncode or not runs:
        kind = SystemFault if is_set_up_fault(done) else PassingFault
        raise kind(
            f"The dry run of {task} failed.\n{told(done)}",
            fix=f"Check it first: ml-connector check, or try: meltano run {task}",
        )
    return _as_json(task, runs[0], rows)


def _as_json(task: Task, run: Run, rows: list[AuditRow]) -> dict[str, Any]:
    counts = run.summary.get("plan")
    if not isinstance(counts, dict):
        counts = dict(Counter(row.outcome.removeprefix("would ") for row in rows))
    return {
        "tap": task.tap,
        "target": task.target,
        "run": run.id,
        "read": run.summary.get("read"),
        "plan": counts,
        "warnings": run.summary.get("warnings") or [],
        "records": [audit_as_json(row) for row in rows],
    }


def _print_plan(plan_: dict[str, Any]) -> None:
    counts = ", ".join(f"{count} {name}" for name, count in plan_["plan"].items())
    say(f"{plan_['tap']} to {plan_['target']}: {plan_['read']} records read; {counts or 'nothing to do'}.")
    for warning in plan_["warnings"]:
        say(warning)
    rows = [
        (
            row["outcome"],
            row["stream"],
            row["source_key"],
            row["object"],
            row["target_key"],
            ", ".join(sorted(row["fields"])),
            row["reason"],
        )
        for row in plan_["records"]
    ]
    if rows:
        print_table(("outcome", "stream", "key", "object", "key there", "fields", "reason"), rows)
