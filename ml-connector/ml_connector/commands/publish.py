"""`ml-connector publish`: cases that people name become tickets."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import click

from ml_connector.commands.common import (
    json_option,
    ledger_option,
    opened,
    print_json,
    print_table,
    refuse,
    say,
)
from ml_connector.commands.project import is_set_up_fault, project_here, run_meltano, told
from ml_connector.errors import EXIT_SYSTEM, ConnectorError, PassingFault, SystemFault
from ml_connector.ledger import Ledger, LetterFilter, Run
from ml_connector.project import Task, way_back_task

STREAM, OBJECT = "cases", "tickets"
_UNKNOWN = "the tap did not send it: there is no such case, or its user may not see it"
_OFF = "two_way is off"
_ROWS = 10_000


@click.command("publish")
@click.argument("cases", nargs=-1, required=True, metavar="CASE_ID...")
@click.option(
    "-i",
    "--integration",
    default="zendesk-oro",
    show_default=True,
    help="The integration, a job in meltano.yml.",
)
@ledger_option
@json_option
def publish(cases: tuple[str, ...], *, integration: str, ledger_url: str | None, as_json: bool) -> None:
    """Make tickets of the cases with these ids, with their comments, and tell the tickets' numbers.

    It runs the tap and the target of the way back for these cases alone; no bookmark moves. A case that has
    a ticket keeps it. Ends with exit code 5 when a case got none.
    """
    ids = list(dict.fromkeys(_id(case) for case in cases))
    project = project_here()
    task = way_back_task(project, integration)
    with opened(ledger_url) as ledger:
        before, last = _tickets(ledger, integration, ids), _last_run(ledger)
    settings = {
        f"{_prefix(task.tap)}_RECORD_IDS": json.dumps([f"{STREAM}:{each}" for each in ids]),
        f"{_prefix(task.target)}_PUBLISH": json.dumps(ids),
    }
    if ledger_url:
        settings[f"{_prefix(task.target)}_LEDGER_URL"] = ledger_url
    done = run_meltano(project, "run", "--no-state-update", task.tap, task.target, **settings)
    with opened(ledger_url) as ledger:
        run = _run_since(ledger, integration, last)
        if done.returncode or run is None:
            raise _failure(task, done)
        after = _tickets(ledger, integration, ids)
        reasons = _reasons(ledger, integration, run, [each for each in ids if each not in after])
    _tell(ids, before, after, reasons, as_json=as_json)
    if any(reason.startswith(_OFF) for reason in reasons.values()):
        click.echo(f"Set two_way: true of {task.target}, or {_prefix(task.target)}_TWO_WAY=true.", err=True)
    if len(after) < len(ids):
        raise click.exceptions.Exit(EXIT_SYSTEM)


def _id(case: str) -> str:
    given = case.strip()
    if not (given.isascii() and given.isdecimal()):
        refuse(f"{case!r} is no id of a case: give the number that ends the address of its page in OroCRM.")
    return str(int(given))


def _prefix(plugin: str) -> str:
    return plugin.upper().replace("-", "_")


def _last_run(ledger: Ledger) -> int:
    with ledger.read() as tx:
        return max((run.id for run in tx.runs.latest(limit=1)), default=0)


def _run_since(ledger: Ledger, integration: str, last: int) -> Run | None:
    with ledger.read() as tx:
        runs = [run for run in tx.runs.latest(limit=50) if run.id > last and run.integration == integration]
    return runs[0] if runs else None


def _failure(task: Task, done: subprocess.CompletedProcess[str]) -> ConnectorError:
    kind = SystemFault if is_set_up_fault(done) else PassingFault
    return kind(
        f"The run of {task} failed.\n{told(done)}",
        fix="Set it right and repeat the command: no case gets a second ticket.",
    )


def _tickets(ledger: Ledger, integration: str, ids: Sequence[str]) -> dict[str, str]:
    """Case -> number of its ticket, for those that have one."""
    found: dict[str, str] = {}
    with ledger.read(integration) as tx:
        for route in tx.seen.routes_from(integration, STREAM, OBJECT):
            seen = tx.seen.look_up(route, ids)
            links = tx.links.by_id([each.link_id for each in seen.values() if each.link_id is not None])
            for case, each in seen.items():
                link = links.get(each.link_id or 0)
                if link is not None and not link.mark:
                    found[case] = link.sides[route.target].key
    return found


def _reasons(ledger: Ledger, integration: str, run: Run, ids: Sequence[str]) -> dict[str, str]:
    """Case -> why it has no ticket, by the letter that keeps it or the run's audit."""
    with ledger.read(integration) as tx:
        rows = tx.runs.rows_of(run.id, limit=_ROWS)
        reasons = {row.source_key: row.reason for row in rows if row.stream == STREAM and row.reason}
        targets = {route.target for route in tx.seen.routes_from(integration, STREAM, OBJECT)}
    for target in targets:
        with ledger.read(integration, target) as tx:
            for letter in tx.letters.select(LetterFilter(streams=[STREAM])):
                reasons[letter.raw_key] = f"letter {letter.id}: {letter.reason}"
    return {each: reasons.get(each, _UNKNOWN) for each in ids}


def _tell(
    ids: Sequence[str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    reasons: Mapping[str, str],
    *,
    as_json: bool,
) -> None:
    told: list[dict[str, Any]] = [
        {
            "case": each,
            "ticket": after.get(each),
            "published": each in after and each not in before,
            "reason": reasons.get(each),
        }
        for each in ids
    ]
    if as_json:
        print_json(told)
        return
    rows = [(one["case"], one["ticket"], _word(one), one["reason"]) for one in told]
    print_table(("case", "ticket", "result", "reason"), rows)
    if any(one["published"] for one in told):
        say("The tickets' details come to OroCRM with the next run of the other direction.")


def _word(one: Mapping[str, Any]) -> str:
    if one["ticket"] is None:
        return "NOT PUBLISHED"
    return "published" if one["published"] else "had its ticket"
