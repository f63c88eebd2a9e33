"""20,000 tickets with 60,000 comments out of Zendesk, by tap-zendesk-ml and by singer-io's tap-zendesk."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.tables import Table
from bench.tickets import taps, world
from bench.tickets.limits import ENTERPRISE, HIGH_VOLUME, Calls, Plan, floor, minutes
from bench.tickets.runs import Run, run, scaled
from ml_sandbox.testing import RunningSandbox

TICKETS = 20_000
COMMENTS = 3 * TICKETS
ON_ENTERPRISE = TICKETS // 4
"""So many of them, those that changed last, are read with 10 exports a minute, too."""
SAMPLES = (500, 980)
"""The peer sleeps after each 460 tickets that are not deleted: both samples end shortly behind a sleep."""
_GOAL_REQUESTS, _GOAL_OF_FLOOR = 0.1, 1.1
_COLUMNS = (
    "tool, plan",
    "measured",
    "records",
    "requests",
    "of them exports",
    "of them 429",
    "minutes of quota",
    "seconds",
    "floor s",
    "seconds / floor",
    "records per second",
    "CPU s",
    "peak MB",
    "right",
)
_NOTE = f"""\
`tap-zendesk` 2.8.2 (AGPL-3.0) is singer-io's tap, run unmodified as a process of its own. Both read the
streams users, tickets and ticket_comments of one account through `ml-sandbox exec`, with TLS, 50 ms
latency and a time scale of 1: tap-zendesk-ml the comments from the export of ticket events, the peer
from the audits of each ticket that is not deleted, 20 at a time and some 450 a minute of its own accord,
whatever the plan. *Scaled*: the line through samples of {SAMPLES[0]} and {SAMPLES[1]} tickets, those
that changed last; peak and *right* are then of the larger one. *Minutes of quota*: requests by those of
the plan in a minute, or exports by those of the plan ({ENTERPRISE.requests} and {ENTERPRISE.exports} of
Enterprise, {HIGH_VOLUME.requests:,} and {HIGH_VOLUME.exports} with the High Volume add-on), whichever is
more. *Floor*: of tap-zendesk-ml that of the pages of 1,000 rows that the three exports have, of the peer
that of its calls, in whole minutes, the first of which costs nothing. *Right*: users, tickets and
comments that came, of those that the account holds. Goals: fewer than a tenth of the peer's requests,
within {_GOAL_OF_FLOOR} of the floor."""


@dataclass(frozen=True)
class Row:
    """A run, the plan of its account, and the calls that are needed at least."""

    run: Run
    plan: Plan
    least: Calls

    @property
    def floor(self) -> tuple[float, str]:
        """Seconds, and the limit that they come from."""
        return floor(self.least, self.plan)

    @property
    def of_floor(self) -> str:
        """How often the floor fits into the run; empty where there is no floor."""
        seconds = self.floor[0]
        return f"{self.run.seconds / seconds:.2f}" if seconds else ""


def measure() -> Table:
    """Our tap with both plans, and two samples of the peer."""
    table = Table(f"{TICKETS:,} tickets with {COMMENTS:,} comments out of Zendesk", _COLUMNS, note=_NOTE)
    with tempfile.TemporaryDirectory() as name, world.served(HIGH_VOLUME) as sandbox:
        folder = Path(name)
        account = world.filled(sandbox.control, TICKETS, COMMENTS)
        print(f"  {len(account.tickets):,} tickets are there", flush=True)
        whole = _ours(sandbox, folder, account, TICKETS, HIGH_VOLUME)
        _add(table, taps.OURS, f"{TICKETS:,}", whole)
        sample = [_peer(sandbox, folder, account, size) for size in SAMPLES]
        scale = scaled(TICKETS, *sample)
        theirs = Row(scale, HIGH_VOLUME, scale.calls)
        _add(table, taps.PEER, f"{SAMPLES[1]}, scaled", theirs)
        sandbox.control.settings(zendesk={"high_volume": False})
        part = _ours(sandbox, folder, account, ON_ENTERPRISE, ENTERPRISE)
        _add(table, taps.OURS, f"{ON_ENTERPRISE:,}", part)
    table.rows.append(per_record(part.run, whole.run))
    table.note += f" {verdict(whole, part, theirs)}"
    return table


def per_record(small: Run, large: Run) -> tuple[str, ...]:
    """CPU of a record between two runs: without what every run costs."""
    cpu = (large.cpu - small.cpu) / (large.records - small.records)
    label = f"{taps.OURS}: a further record"
    return (label, *("",) * (_COLUMNS.index("CPU s") - 1), f"{cpu * 1e6:.1f} µs", "", "")


def verdict(whole: Row, part: Row, theirs: Row) -> str:
    """What became of the goals."""
    share = whole.run.calls.requests / theirs.run.calls.requests
    kept = "kept" if share < _GOAL_REQUESTS else "missed"
    floors = f"{whole.of_floor or 'no wait'} and {part.of_floor or 'no wait'}"
    return f"Reached: {share:.4f} of its requests ({kept}), {floors} of the floor."


def _ours(sandbox: RunningSandbox, folder: Path, account: world.World, size: int, plan: Plan) -> Row:
    command = taps.ours(sandbox.url, folder, account.since(size), {"exports_per_minute": plan.exports})
    pages = account.pages(size)
    return Row(run(sandbox, command, size, account.changed(size)), plan, Calls(pages, pages))


def _peer(sandbox: RunningSandbox, folder: Path, account: world.World, size: int) -> Run:
    command = taps.peer(sandbox.url, folder, account.since(size), world.access_token(sandbox.url))
    done = run(sandbox, command, size, account.of_tickets(size))
    print(f"  {taps.PEER}, {size} tickets: {done.seconds:.0f} s", flush=True)
    return done


def _add(table: Table, tool: str, measured: str, row: Row) -> None:
    run, (least, limit) = row.run, row.floor
    table.rows.append(
        (
            f"{tool}, {row.plan.name}",
            measured,
            f"{run.records:,.0f}",
            f"{run.calls.requests:,.0f}",
            f"{run.calls.exports:,.0f}",
            f"{run.calls.refused:,.0f}",
            f"{minutes(run.calls, row.plan):.1f}",
            f"{run.seconds:,.0f}",
            f"{least:,.0f} ({limit})" if least else "0",
            row.of_floor,
            f"{run.records / run.seconds:,.0f}",
            f"{run.cpu:,.1f}",
            f"{run.memory:.0f}",
            f"{run.right:,} of {run.wanted:,}",
        )
    )
    print(f"  {tool}, {row.plan.name}, {measured}: {run.seconds:.0f} s", flush=True)
