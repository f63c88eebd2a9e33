"""Rows of the tables that set the tools side by side."""

from __future__ import annotations

from bench.floors import OUR_SHARE, Calls, floor
from bench.peers.runs import Run
from bench.peers.tools import TARGET
from bench.tables import Table

COLUMNS = (
    "tool",
    "measured",
    "requests",
    "of them 429",
    "seconds",
    "floor s",
    "of the floor",
    "CPU s",
    "peak MB",
    "right at its end",
    "later",
)


def add(table: Table, tool: str, measured: str, run: Run) -> None:
    """A row of a run."""
    seconds, limit = floor(run.calls, OUR_SHARE if tool.startswith(TARGET) else 1.0)
    table.rows.append(
        (
            tool,
            measured,
            f"{run.calls.requests:,.0f}",
            f"{run.calls.refused:,.0f}",
            f"{run.seconds:,.0f}" if run.seconds >= 10 else f"{run.seconds:.1f}",
            f"{seconds:,.0f} ({limit})" if seconds else "0",
            f"{min(1.0, seconds / run.seconds):.2f}" if seconds else "",
            f"{run.cpu:,.1f}" if run.cpu > 0 else "",  # the line through two small samples may not tell
            f"{run.memory:.0f}",
            f"{run.right:,} of {run.wanted:,}",
            f"{run.later:,}",
        )
    )
    print(f"  {tool}: {run.seconds:.0f} s, exit code {run.code}", flush=True)


def scaled(count: int, small: Run, large: Run) -> Run:
    """What `count` customers would take, on the line through two samples."""
    sizes = (small.wanted / 2, large.wanted / 2)

    def line(first: float, second: float) -> float:
        return second + (second - first) / (sizes[1] - sizes[0]) * (count - sizes[1])

    calls = Calls(
        line(small.calls.requests, large.calls.requests),
        line(small.calls.refused, large.calls.refused),
        line(small.calls.job_seconds, large.calls.job_seconds),
        large.calls.longest_job,
        line(small.calls.user_upserts, large.calls.user_upserts),
    )
    return Run(
        calls,
        line(small.seconds, large.seconds),
        line(small.cpu, large.cpu),
        large.memory,
        large.right,
        large.later,
        large.wanted,
        large.code,
        large.errors,
    )


def together(first: Run, second: Run) -> Run:
    """Two runs, one after the other."""
    calls = Calls(
        first.calls.requests + second.calls.requests,
        first.calls.refused + second.calls.refused,
        first.calls.job_seconds + second.calls.job_seconds,
        max(first.calls.longest_job, second.calls.longest_job),
        first.calls.user_upserts + second.calls.user_upserts,
    )
    return Run(
        calls,
        first.seconds + second.seconds,
        first.cpu + second.cpu,
        max(first.memory, second.memory),
        second.right,
        second.later,
        second.wanted,
        max(first.code, second.code),
        first.errors + second.errors,
    )
