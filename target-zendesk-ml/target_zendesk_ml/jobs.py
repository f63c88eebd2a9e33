"""Zendesk's background jobs: what one does, what is told of it, and how jobs are asked after.

`completed` does not mean that every row worked (Job Statuses), so a row without a success item failed.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import PassingFault
from ml_connector.vendors.zendesk.client import SHOW_MANY, ZendeskClient

log = logging.getLogger(__name__)

_RUNNING = frozenset({"queued", "working"})


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What one job does: a request, and the rows behind it (at most 100)."""

    method: str
    path: str
    body: Mapping[str, Any]
    rows: Sequence[Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Started:
    """The vendor accepted the batch as a job."""

    batch: Batch
    job_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The vendor refused to start the job; `fault` is about the batch as a whole."""

    batch: Batch
    fault: Exception


@dataclasses.dataclass(frozen=True, slots=True)
class Ended:
    """The job ended. `status` is the vendor's word, `results` its items, `seconds` how long it took."""

    batch: Batch
    job_id: str
    status: str
    results: list[dict[str, Any]]
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: before a job is first looked at, between polls, and until a job counts as stuck.

    Once jobs have ended, looks come when the next ones are due, a third of `poll` apart at least.
    """

    first_poll: float = 5.0
    poll: float = 3.0
    timeout: float = 900.0


class Jobs:
    """The jobs of one account."""

    def __init__(self, client: ZendeskClient, pace: Pace) -> None:
        self.client = client
        self.pace = pace

    def statuses(self, job_ids: Sequence[str]) -> list[dict[str, Any]]:
        """The present status of these jobs, 100 per request; jobs older than a day are unknown and absent."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(job_ids), SHOW_MANY):
            ids = ",".join(job_ids[start : start + SHOW_MANY])
            found += self.client.get("/api/v2/job_statuses/show_many", ids=ids).get("job_statuses") or []
        return found

    def wait_until_idle(self, job_ids: Sequence[str]) -> None:
        """Return when none of these jobs, and no other job that the account still shows, is running.

        A run that was killed may have started a job and not noted its id, so all running jobs count.

        Raises:
            PassingFault: they did not end in time.
        """
        deadline = time.monotonic() + self.pace.timeout
        while True:
            jobs = [*self.client.pages("/api/v2/job_statuses", "job_statuses"), *self.statuses(job_ids)]
            running = {str(job.get("id")) for job in jobs if runs(job)}
            if not running:
                return
            if time.monotonic() > deadline:
                raise PassingFault(f"Zendesk's jobs {', '.join(sorted(running))} do not end.")
            log.info("Waiting for %d jobs that an earlier run started.", len(running))
            time.sleep(self.pace.poll)


def runs(job: Mapping[str, Any]) -> bool:
    """Whether a job's status says that it has not ended."""
    return job.get("status") in _RUNNING
