"""Background jobs: queued, worked on row by row as time passes, kept for a day (JOB)."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.faults import Fault
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.zendesk.errors import too_many_jobs
from ml_sandbox.zendesk.quota import MINUTE, Quota

Item = dict[str, Any]
KEPT_SECONDS = 86_400.0
QUEUED_SHARE = 0.2


@dataclass(frozen=True)
class RowFailed:
    """A row that the job could not work on.

    Attributes:
        error: the error code of the result item.
        details: its text.
        identity: what else the item names (``id``, ``action``).
    """

    error: str
    details: str
    identity: dict[str, Any] = field(default_factory=dict)


Work = Callable[[Any], Item | RowFailed]


@dataclass
class Job:
    """One job; times are vendor seconds.

    Attributes:
        rows: what is to be worked on, in order.
        work: does one row and gives its result item.
        failing: positions of rows that an injected fault lets fail.
        starts: when it changes from queued to working.
        begins: when it begins with its first row.
        results: the items of the rows done so far.
    """

    id: str
    job_type: str
    rows: Sequence[Any]
    work: Work
    starts: float
    begins: float
    seconds_per_row: float
    failing: set[int] = field(default_factory=set)
    failure: tuple[str, str] = ("", "")
    results: list[Item] = field(default_factory=list)
    failed: int = 0
    ended: float | None = None
    message: str | None = None

    def due(self) -> float:
        """When the next row is done."""
        return self.begins + self.seconds_per_row * (len(self.results) + 1)

    def status(self, now: float) -> str:
        """``queued``, ``working``, ``completed``, or ``failed`` when no row worked."""
        if self.ended is None:
            return "working" if now >= self.starts else "queued"
        return "failed" if self.failed == len(self.rows) else "completed"


class Jobs:
    """All jobs of the account.

    Rows are worked on when they fall due, in the order of all jobs' due times; :meth:`advance` does what
    fell due since it was last called, and has to be called before the account's state is looked at.

    Attributes:
        working_at: the wall time of the row that is being worked on, None outside of a job.
    """

    def __init__(self, clock: SandboxClock, settings: VendorSettings, quota: Quota) -> None:
        self._clock = clock
        self._settings = settings
        self._quota = quota
        self._jobs: dict[str, Job] = {}
        self._in_flight: dict[str, Job] = {}
        self.working_at: float | None = None

    def start(self, job_type: str, rows: Sequence[Any], work: Work, fault: Fault | None) -> Job:
        """Queue a job; 429 when as many as allowed are in flight."""
        in_flight = self.in_flight()
        if len(in_flight) >= self._settings.integer("job_limit"):
            headers = {**self.headers(), "Retry-After": str(self._resets())}
            raise too_many_jobs(job_type, [job.id for job in in_flight], headers)
        now = self._clock.monotonic()
        wait = self._settings.number("job_seconds")
        per_row = self._settings.number("job_row_seconds")
        starts = now + wait * QUEUED_SHARE
        job = Job(secrets.token_hex(16), job_type, rows, work, starts, now + wait, per_row)
        _apply_fault(job, fault)
        self._jobs[job.id] = self._in_flight[job.id] = job
        return job

    def as_json(self, job: Job, url: str) -> dict[str, Any]:
        """A job as the vendor shows it; results come with its end."""
        return {
            "id": job.id,
            "job_type": job.job_type,
            "url": f"{url}/api/v2/job_statuses/{job.id}.json",
            "total": len(job.rows),
            "progress": len(job.results),
            "status": job.status(self._clock.monotonic()),
            "message": job.message,
            "results": job.results if job.ended is not None else None,
        }

    def headers(self) -> dict[str, str]:
        """The header that tells how many jobs may still be started."""
        total = self._settings.integer("job_limit")
        remaining = max(0, total - len(self.in_flight()))
        value = f"total={total}; remaining={remaining}; resets={self._resets()}"
        return {"zendesk-ratelimit-inflight-jobs": value}

    def in_flight(self) -> list[Job]:
        """Jobs that are queued or running."""
        return list(self._in_flight.values())

    def get(self, job_id: str) -> Job | None:
        """A job that is in flight or ended less than a day ago."""
        return self._jobs.get(job_id)

    def all(self) -> list[Job]:
        """All jobs that are kept, in the order of their start."""
        return list(self._jobs.values())

    def clear(self) -> None:
        """Drop all jobs with what they have not done yet."""
        self._jobs.clear()
        self._in_flight.clear()

    def advance(self) -> None:
        """Do what fell due."""
        now = self._clock.monotonic()
        while ready := [job for job in self._in_flight.values() if job.due() <= now]:
            self._work_on(min(ready, key=Job.due), now)
        while self._jobs and _too_old(next(iter(self._jobs.values())), now):
            self._jobs.pop(next(iter(self._jobs)))

    def _work_on(self, job: Job, now: float) -> None:
        due = job.due()
        position = len(job.results)
        self.working_at = self._clock.timestamp() - self._clock.real_seconds(now - due)
        try:
            outcome = self._outcome(job, position)
            job.results.append(self._item(outcome, position))
            job.failed += isinstance(outcome, RowFailed)
            if len(job.results) == len(job.rows):
                job.ended = due
                del self._in_flight[job.id]
                ended = datetime.fromtimestamp(self.working_at, UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
                job.message = f"Completed at {ended}"
        finally:
            self.working_at = None

    def _outcome(self, job: Job, position: int) -> Item | RowFailed:
        row = job.rows[position]
        return RowFailed(*job.failure, identity=_identity(row)) if position in job.failing else job.work(row)

    def _item(self, outcome: Item | RowFailed, position: int) -> Item:
        shown = self._settings.text("job_result_index")
        if isinstance(outcome, RowFailed):
            index = {} if shown == "never" else {"index": position}
            return {**outcome.identity, **index, "error": outcome.error, "details": outcome.details}
        return {**outcome, "index": position} if shown == "always" else outcome

    def _resets(self) -> int:
        return self._quota.real_seconds_until(self._clock.monotonic() + MINUTE)


def _apply_fault(job: Job, fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.fault == "job_stuck":
        seconds = float(fault.parameters["seconds"])
        job.begins += seconds if seconds > 0 else float("inf")
    elif fault.fault == "job_partial":
        job.failing = fault.failing_rows(len(job.rows))
        error = fault.parameters["error"] or f"{job.job_type}Failed"
        job.failure = (error, fault.parameters["details"] or "Something went wrong, try again later")


def _identity(row: Any) -> dict[str, Any]:
    return {"id": row["id"]} if isinstance(row, dict) and "id" in row else {}


def _too_old(job: Job, now: float) -> bool:
    return job.ended is not None and now - job.ended > KEPT_SECONDS
