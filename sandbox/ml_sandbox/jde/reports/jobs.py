"""Submitted reports, and the states that they go through as time passes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.faults import Fault
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.store import Row

SERVER = "entserver"
FIRST_JOB = 4_711
WAITING, PROCESSING, DONE, ERROR = "W", "P", "D", "E"


@dataclass
class Job:
    """One submitted report; times are vendor seconds.

    Attributes:
        number: its job number.
        report, version, queue, user, environment: how it was submitted.
        submitted: the server's time of the submission.
        rows: what it will process.
        process: does all rows when the report ends.
        starts, ends: when it changes to processing, and when it is over.
        fault: an injected fault.
        status: UDC 98/JS: W, P, D or E.
        last: the server's time of the latest change.
    """

    number: int
    report: str
    version: str
    queue: str
    user: str
    environment: str
    submitted: datetime
    rows: Sequence[Row]
    process: Callable[[Sequence[Row], set[int]], None]
    starts: float
    ends: float | None
    fault: Fault | None = None
    status: str = WAITING
    last: datetime | None = None
    failing: set[int] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """Give the job as execute and status answer (F, C)."""
        last = self.last or self.submitted
        return {
            "reportName": self.report,
            "reportVersion": self.version,
            "jobNumber": self.number,
            "executionServer": SERVER,
            "actualServer": SERVER,
            "port": 6017,
            "jobStatus": self.status,
            "objectType": "UBE",
            "user": self.user,
            "environment": self.environment,
            "submitDate": f"{self.submitted:%Y%m%d}",
            "lastDate": f"{last:%Y%m%d}",
            "submitTime": int(f"{self.submitted:%H%M%S}"),
            "lastTime": int(f"{last:%H%M%S}"),
            "oid": f"{self.report}_{self.version}_{self.number}",
            "queueName": self.queue,
        }


class Jobs:
    """All submitted reports; :meth:`advance` has to be called before tables are looked at."""

    def __init__(
        self, clock: SandboxClock, settings: VendorSettings, server_time: Callable[[], datetime]
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._server_time = server_time
        self._jobs: dict[int, Job] = {}
        self._open: list[Job] = []

    def submit(
        self,
        named: tuple[str, str, str],
        caller: tuple[str, str],
        rows: Sequence[Row],
        process: Callable[[Sequence[Row], set[int]], None],
        fault: Fault | None,
    ) -> Job:
        """Submit a report; ``named`` is report, version and queue, ``caller`` user and environment."""
        starts = self._clock.monotonic() + self._settings.number("report_wait_seconds")
        work = self._settings.number("report_seconds")
        work += len(rows) * self._settings.number("report_row_milliseconds") / 1000
        ends: float | None = starts + work
        if fault is not None and fault.fault == "job_stuck":
            stuck = float(fault.parameters["seconds"])
            ends = ends + stuck if ends is not None and stuck else None
        number = FIRST_JOB + len(self._jobs)
        job = Job(number, *named, *caller, self._server_time(), rows, process, starts, ends, fault)
        if fault is not None and fault.fault == "job_partial":
            job.failing = fault.failing_rows(len(rows))
        self._jobs[number] = job
        self._open.append(job)
        return job

    def get(self, number: int) -> Job | None:
        """Give a job in its present state."""
        self.advance()
        return self._jobs.get(number)

    def rows(self) -> list[dict[str, Any]]:
        """Give all jobs as the control API shows them."""
        self.advance()
        return [job.as_json() for job in self._jobs.values()]

    def advance(self) -> None:
        """Let what fell due happen."""
        if not self._open:
            return
        now = self._clock.monotonic()
        for job in list(self._open):
            if job.status == WAITING and now >= job.starts:
                job.status, job.last = PROCESSING, self._server_time()
            if job.ends is not None and now >= job.ends:
                self._open.remove(job)
                self._end(job)

    def _end(self, job: Job) -> None:
        job.status = self._settings.text("report_ends")
        job.last = self._server_time()
        if job.status == DONE:
            job.process(job.rows, job.failing)

    def clear(self) -> None:
        """Forget all jobs."""
        self._jobs.clear()
        self._open.clear()
