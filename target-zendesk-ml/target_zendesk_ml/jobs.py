"""Zendesk's background jobs: started together up to the limit, polled many at a time, every item read.

`completed` does not mean that every row worked (Job Statuses), so a row without a success item failed.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import PassingFault
from ml_connector.http import Ticket
from target_zendesk_ml.client import SHOW_MANY, ZendeskClient
from target_zendesk_ml.faults import ImportsOff, TooManyJobs

log = logging.getLogger(__name__)

_RUNNING = frozenset({"queued", "working"})
_UNSEEN = 3  # polls in which a job may be absent before it counts as forgotten


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


@dataclasses.dataclass(slots=True)
class _Running:
    batch: Batch
    started_at: float
    ticket: Ticket
    unseen: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: before a job is first looked at, between polls, and until a job counts as stuck."""

    first_poll: float = 5.0
    poll: float = 3.0
    timeout: float = 900.0


class JobRunner:
    """Runs batches as jobs on one account."""

    def __init__(self, client: ZendeskClient, pace: Pace) -> None:
        self._client = client
        self._pace = pace
        self._progress_at = time.monotonic()

    def run(self, batches: Sequence[Batch], fence: Callable[[], None]) -> Iterator[Started | Refused | Ended]:
        """Start all batches, as many at once as the account may have, and tell of each as it goes.

        Raises:
            PassingFault: a job did not end in time; its rows stay in the journal.
        """
        waiting, running = deque(batches), dict[str, _Running]()
        self._progress_at = time.monotonic()
        try:
            while waiting or running:
                yield from self._start(waiting, running, fence)
                yield from self._poll(running)
        finally:
            for job in running.values():
                job.ticket.close()

    def _start(
        self, waiting: deque[Batch], running: dict[str, _Running], fence: Callable[[], None]
    ) -> Iterator[Started | Refused]:
        while waiting and (not running or self._client.quota.has_room("jobs")):
            fence()
            ticket = self._client.quota.hold("jobs")
            batch = waiting[0]
            try:
                response = self._client.send(batch.method, batch.path, batch.body, idempotent=False)
            except TooManyJobs:
                ticket.close()
                self._wait_for_room(running)
                return
            except ImportsOff as refusal:
                ticket.close()
                yield from _refuse_alike(waiting, refusal)
                continue
            except BaseException:
                ticket.close()
                raise
            waiting.popleft()
            fault = self._client.fault_of(response)
            if fault is not None:
                ticket.close()
                yield Refused(batch, fault)
                continue
            job_id = str(self._client.object_of(response)["job_status"]["id"])
            self._progress_at = time.monotonic()
            running[job_id] = _Running(batch, self._progress_at, ticket)
            yield Started(batch, job_id)

    def _wait_for_room(self, running: Mapping[str, _Running]) -> None:
        if running:
            return
        # The jobs are somebody else's: there is nothing of ours to poll.
        if time.monotonic() - self._progress_at > self._pace.timeout:
            raise PassingFault(
                f"Others keep all the jobs that Zendesk allows busy for {self._pace.timeout:.0f} s.",
                fix="Run again later; nothing of the waiting rows was sent.",
            )
        log.info("All jobs that Zendesk allows are in use by others; waiting.")
        time.sleep(self._pace.poll)

    def _poll(self, running: dict[str, _Running]) -> Iterator[Ended]:
        if not running:
            return
        oldest = min(job.started_at for job in running.values())
        now = time.monotonic()
        time.sleep(max(self._pace.poll, oldest + self._pace.first_poll - now))
        statuses = self.statuses(list(running))
        self._check_known(running, {str(status.get("id")) for status in statuses})
        for status in statuses:
            job_id = str(status.get("id"))
            if status.get("status") in _RUNNING or job_id not in running:
                continue
            job = running.pop(job_id)
            job.ticket.close()
            results = [item for item in status.get("results") or [] if isinstance(item, dict)]
            yield Ended(
                job.batch, job_id, str(status.get("status")), results, time.monotonic() - job.started_at
            )
        self._check_stuck(running)

    def _check_known(self, running: Mapping[str, _Running], seen: set[str]) -> None:
        """Zendesk may forget a job early; whether it did its work is then to be told from the records."""
        for job_id, job in running.items():
            job.unseen = 0 if job_id in seen else job.unseen + 1
            if job.unseen >= _UNSEEN:
                raise PassingFault(
                    f"Zendesk no longer knows its job {job_id}.",
                    fix="Run again: the next run looks what became of its rows before it writes anything.",
                )

    def _check_stuck(self, running: Mapping[str, _Running]) -> None:
        for job_id, job in running.items():
            if time.monotonic() - job.started_at > self._pace.timeout:
                raise PassingFault(
                    f"Zendesk's job {job_id} did not end within {self._pace.timeout:.0f} s.",
                    fix="Run again: the next run looks what became of it before it writes anything.",
                )

    def statuses(self, job_ids: Sequence[str]) -> list[dict[str, Any]]:
        """The present status of these jobs, 100 per request; jobs older than a day are unknown and absent."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(job_ids), SHOW_MANY):
            ids = ",".join(job_ids[start : start + SHOW_MANY])
            found += self._client.get("/api/v2/job_statuses/show_many", ids=ids).get("job_statuses") or []
        return found

    def wait_until_idle(self, job_ids: Sequence[str]) -> None:
        """Return when none of these jobs, and no other job that the account still shows, is running.

        A run that was killed may have started a job and not noted its id, so all running jobs count.

        Raises:
            PassingFault: they did not end in time.
        """
        deadline = time.monotonic() + self._pace.timeout
        while True:
            jobs = [*self._client.pages("/api/v2/job_statuses", "job_statuses"), *self.statuses(job_ids)]
            running = {str(job.get("id")) for job in jobs if _runs(job)}
            if not running:
                return
            if time.monotonic() > deadline:
                raise PassingFault(f"Zendesk's jobs {', '.join(sorted(running))} do not end.")
            log.info("Waiting for %d jobs that an earlier run started.", len(running))
            time.sleep(self._pace.poll)


def _refuse_alike(waiting: deque[Batch], fault: Exception) -> Iterator[Refused]:
    """The first batch and all that would go the same way."""
    path = waiting[0].path
    alike = [batch for batch in waiting if batch.path == path]
    for batch in alike:
        waiting.remove(batch)
        yield Refused(batch, fault)


def _runs(job: Mapping[str, Any]) -> bool:
    return job.get("status") in _RUNNING
