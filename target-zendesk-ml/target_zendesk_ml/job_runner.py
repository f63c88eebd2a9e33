"""Batches as jobs: started together up to the limit, looked at many at a time, every item read."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from requests import Response

from ml_connector.errors import ConnectorError, PassingFault
from ml_connector.http import Parallel, Ticket
from ml_connector.vendors.zendesk.client import ZendeskClient
from ml_connector.vendors.zendesk.faults import ImportsOff, TooManyJobs
from target_zendesk_ml.jobs import Batch, Ended, Jobs, Pace, Refused, Started, runs

log = logging.getLogger(__name__)

_UNSEEN = 3  # polls in which a job may be absent before it counts as forgotten
_REMEMBERED = 50
_SOONER = 0.95  # a look is a little early: one that is always late would never see that jobs got faster
_PART = 4  # while rows wait for a place, the part of the running jobs that makes a look worth its request
_LONGEST_NAP = 15.0

Told = Started | Refused | Ended


@dataclasses.dataclass(slots=True)
class _Running:
    batch: Batch
    started_at: float
    ticket: Ticket
    unseen: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class _Answer:
    """What became of the request that starts a batch."""

    batch: Batch
    ticket: Ticket
    response: Response | None = None
    error: Exception | None = None


class JobRunner(Jobs):
    """Runs batches as jobs on one account, and remembers from one call to the next how long they take."""

    def __init__(self, client: ZendeskClient, pace: Pace, parallel: int = 1) -> None:
        super().__init__(client, pace)
        self.parallel = Parallel(parallel, client.session)
        self.durations: deque[float] = deque(maxlen=_REMEMBERED)
        self.accepted: set[str] = set()

    def run(self, batches: Sequence[Batch], fence: Callable[[], None]) -> Iterator[Told]:
        """Start all batches, as many at once as the account may have, and tell of each as it goes.

        Raises:
            PassingFault: a job did not end in time; its rows stay in the journal.
        """
        run = _Run(self, batches, fence)
        try:
            yield from run.tell()
        finally:
            run.close()


class _Run:
    """One call of `JobRunner.run`."""

    def __init__(self, runner: JobRunner, batches: Sequence[Batch], fence: Callable[[], None]) -> None:
        self._runner = runner
        self._client = runner.client
        self._pace = runner.pace
        self._fence = fence
        self._waiting = deque(batches)
        self._running: dict[str, _Running] = {}
        self._starting: list[Ticket] = []
        self._full = self._halted = False
        self._error: Exception | None = None
        self._progress_at = time.monotonic()

    def close(self) -> None:
        """Free the places of all jobs."""
        for ticket in (*self._starting, *(job.ticket for job in self._running.values())):
            ticket.close()

    def tell(self) -> Iterator[Told]:
        """Free places go to new jobs before the ended ones are read: that takes its time.

        What ended is told even where nothing more can be started.
        """
        ended: list[Ended] = []
        while self._waiting or self._running or ended:
            fault: ConnectorError | None = self._overdue()
            if fault is None:
                try:
                    yield from self._start()
                except ConnectorError as error:
                    fault = error
            yield from ended
            if fault is not None:
                raise fault
            ended = self._look() if self._running else []

    # Starting

    def _start(self) -> Iterator[Started | Refused]:
        self._full = False
        while self._waiting and not self._full and (not self._running or self._has_room()):
            # Whether a kind of job is switched off is found out by one request, not by many at once.
            self._halted = False
            alone = self._waiting[0].path not in self._runner.accepted
            answers = map(self._send, self._places(1)) if alone else self._send_many()
            for answer in answers:
                yield from self._told(answer)
            if self._error is not None:
                raise self._error
        if self._full and not self._running:
            self._wait_for_others()

    def _send_many(self) -> Iterator[_Answer]:
        return self._runner.parallel.map(self._send, self._places(len(self._waiting)))

    def _has_room(self) -> bool:
        return self._client.quota.has_room("jobs")

    def _places(self, most: int) -> Iterator[tuple[Batch, Ticket]]:
        """Batches with the place of each, while there are places."""
        for number in range(most):
            first = number == 0 and not self._running
            if not self._waiting or self._halted or not (first or self._has_room()):
                return
            self._fence()
            ticket = self._client.quota.hold("jobs")
            self._starting.append(ticket)
            yield self._waiting.popleft(), ticket

    def _send(self, place: tuple[Batch, Ticket]) -> _Answer:
        batch, ticket = place
        try:
            response = self._client.send(batch.method, batch.path, batch.body, idempotent=False)
        except Exception as error:
            self._halted = True  # what is not under way yet waits until this is looked at
            return _Answer(batch, ticket, error=error)
        return _Answer(batch, ticket, response=response)

    def _told(self, answer: _Answer) -> Iterator[Started | Refused]:
        batch, ticket = answer.batch, answer.ticket
        self._starting.remove(ticket)
        if answer.response is None:
            ticket.close()
            yield from self._not_sent(batch, answer.error)
            return
        fault = self._client.fault_of(answer.response)
        if fault is not None:
            ticket.close()
            yield Refused(batch, fault)
            return
        job_id = str(self._client.object_of(answer.response)["job_status"]["id"])
        self._progress_at = time.monotonic()
        self._running[job_id] = _Running(batch, self._progress_at, ticket)
        self._runner.accepted.add(batch.path)
        yield Started(batch, job_id)

    def _not_sent(self, batch: Batch, error: Exception | None) -> Iterator[Refused]:
        if isinstance(error, TooManyJobs):
            self._waiting.appendleft(batch)
            self._full = True
        elif isinstance(error, ImportsOff):
            self._runner.accepted.discard(batch.path)
            yield Refused(batch, error)
            for alike in [other for other in self._waiting if other.path == batch.path]:
                self._waiting.remove(alike)
                yield Refused(alike, error)
        else:
            self._error = self._error or error  # raised once the others that were under way are told

    def _wait_for_others(self) -> None:
        # The jobs are somebody else's: there is nothing of ours to look at.
        if time.monotonic() - self._progress_at > self._pace.timeout:
            raise PassingFault(
                f"Others keep all the jobs that Zendesk allows busy for {self._pace.timeout:.0f} s.",
                fix="Run again later; nothing of the waiting rows was sent.",
            )
        log.info("All jobs that Zendesk allows are in use by others; waiting.")
        time.sleep(self._pace.poll)

    # Looking

    def _nap(self) -> float:
        """Seconds until a look at the running jobs is worth its request."""
        now, poll = time.monotonic(), self._pace.poll
        started = sorted(job.started_at for job in self._running.values())
        # Jobs that are all old end when they like: looks become rarer, and none is much later than its job.
        least = min((now - started[-1]) / 10, _LONGEST_NAP)
        if not self._runner.durations:
            return max(least, poll, started[0] + self._pace.first_poll - now)
        expected = _SOONER * min(self._runner.durations)
        worth_it = len(started) // _PART if self._waiting else len(started) - 1
        return max(least, poll / 3, started[worth_it] + expected - now)

    def _look(self) -> list[Ended]:
        """The jobs that have ended since the last look."""
        time.sleep(self._nap())
        statuses = self._runner.statuses(list(self._running))
        seen_at = time.monotonic()
        seen = {str(status.get("id")) for status in statuses}
        for job_id, job in self._running.items():
            job.unseen = 0 if job_id in seen else job.unseen + 1
        ended = []
        for status in statuses:
            job_id = str(status.get("id"))
            if runs(status) or job_id not in self._running:
                continue
            job = self._running.pop(job_id)
            job.ticket.close()
            results = [item for item in status.get("results") or [] if isinstance(item, dict)]
            seconds = seen_at - job.started_at
            self._runner.durations.append(seconds)
            ended.append(Ended(job.batch, job_id, str(status.get("status")), results, seconds))
        return ended

    def _overdue(self) -> PassingFault | None:
        """What is wrong with a running job. Zendesk may forget a job early; its records tell what it did."""
        for job_id, job in self._running.items():
            if job.unseen >= _UNSEEN:
                return PassingFault(
                    f"Zendesk no longer knows its job {job_id}.",
                    fix="Run again: the next run looks what became of its rows before it writes anything.",
                )
            if time.monotonic() - job.started_at > self._pace.timeout:
                return PassingFault(
                    f"Zendesk's job {job_id} did not end within {self._pace.timeout:.0f} s.",
                    fix="Run again: the next run looks what became of it before it writes anything.",
                )
        return None
