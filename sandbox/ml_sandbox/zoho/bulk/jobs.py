"""Jobs in the background: added, queued, worked on, ended (BR, BW)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.faults import Fault
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.core.table import Row

QUEUED_SHARE = 0.1
WORKING_SHARE = 0.4


@dataclass
class Job:
    """One job; times are vendor seconds.

    Attributes:
        work: does it, once it is due.
        begun, working, due: when it is queued, worked on and done.
        failing: whether an injected fault lets it, or these rows of it, fail.
        result: the file that it made, and what the job tells about it.
    """

    id: str
    operation: str
    user_id: str
    created: int
    work: Callable[["Job"], None]
    begun: float
    working: float
    due: float
    fault: Fault | None = None
    file: bytes | None = None
    file_name: str = ""
    about: Row = field(default_factory=dict)
    ended: bool = False
    failed: bool = False

    def state(self, now: float) -> str:
        """``ADDED``, ``QUEUED``, ``IN PROGRESS``, ``COMPLETED`` or ``FAILURE``."""
        if self.ended:
            return "FAILURE" if self.failed else "COMPLETED"
        if now < self.begun:
            return "ADDED"
        return "QUEUED" if now < self.working else "IN PROGRESS"


class Jobs:
    """All jobs of one kind."""

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._jobs: dict[str, Job] = {}

    def start(
        self,
        job_id: str,
        operation: str,
        user_id: str,
        rows: int,
        work: Callable[[Job], None],
        fault: Fault | None,
    ) -> Job:
        """Add a job that works on so many rows."""
        now = self._clock.monotonic()
        seconds = self._settings.number("bulk_seconds") + rows * self._settings.number("bulk_row_seconds")
        if fault is not None and fault.fault == "job_stuck":
            seconds += float(fault.parameters["seconds"]) or float("inf")
        created = int(self._clock.timestamp())
        begun, working = now + seconds * QUEUED_SHARE, now + seconds * WORKING_SHARE
        job = Job(job_id, operation, user_id, created, work, begun, working, now + seconds, fault)
        self._jobs[job_id] = job
        return job

    def running(self) -> int:
        """How many jobs have not ended."""
        return sum(not job.ended for job in self._jobs.values())

    def get(self, job_id: str) -> Job | None:
        """The job of this id."""
        return self._jobs.get(job_id)

    def state(self, job: Job) -> str:
        """A job's present state."""
        return job.state(self._clock.monotonic())

    def all(self) -> list[Job]:
        """All jobs, oldest first."""
        return list(self._jobs.values())

    def advance(self) -> None:
        """Do what fell due."""
        now = self._clock.monotonic()
        for job in list(self._jobs.values()):
            if not job.ended and job.due <= now:
                job.work(job)
                job.ended = True

    def clear(self) -> None:
        """Drop all jobs with what they have not done yet."""
        self._jobs.clear()
