"""The batch route: new records staged in F0101Z2, processed by a report, each row read back.

A report that is done ended; what became of a row stands in its EDSP: `Y` where it was processed (Oracle,
Address Book: "Understanding the Address Book Batch Upload Process").
"""

from __future__ import annotations

import dataclasses
import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import PassingFault, RecordFault, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.singer.singly import chunks
from ml_connector.sync import Done, RemoteRecord, Sent, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.jde.client import Client
from ml_connector.vendors.jde.reading import Selection, TableReader
from ml_connector.vendors.jde.tables import Table, columns_of
from target_jde.answers import ask, number_of
from target_jde.descriptions import DATE_FORMAT
from target_jde.items import ITEMS
from target_jde.orchestrations import Input, Orchestrations

log = logging.getLogger(__name__)

STAGED = Table("F0101Z2", ("EDUS", "EDBT", "EDTN", "EDLN"), columns_of("EDUS EDBT EDTN EDSP", numbers="EDLN"))
_DONE, _FAILED = "D", "E"  # jobStatus (UDC 98/JS)
_PROCESSED = "Y"
_STARTING = "?"  # in the journal: the report may have been started, its job is not known yet
_MOST_TOLD = 50
UNPROCESSED = "unprocessed"  # the cause of a row that the report left
_PHONE_LENGTH = 20


Fence = Callable[[], None]


@dataclasses.dataclass(frozen=True, slots=True)
class BatchRules:
    """The settings of the batch route; see the target's settings that begin with `batch_`. Times in
    seconds.
    """

    least: int = 0
    rows: int = 1000
    orchestration: str = ""
    array: str = ""
    report: str = ""
    version: str = ""
    queue: str | None = None
    selection: Mapping[str, Any] | None = None
    user: str = ""
    poll: float = 5.0
    timeout: float = 3600.0

    @classmethod
    def from_settings(cls, config: Mapping[str, Any]) -> BatchRules:
        """Build it from the target's settings."""
        return cls(
            least=int(config["batch_from"]),
            rows=int(config["batch_max_rows"]),
            orchestration=str(config["batch_orchestration"]),
            array=str(config["batch_array"]),
            report=str(config["batch_report"]),
            version=str(config["batch_version"]),
            queue=config.get("batch_queue"),
            selection=config.get("batch_selection"),
            user=str(config.get("batch_user") or config["username"]).upper()[:10],
            poll=float(config["batch_poll"]),
            timeout=float(config["batch_timeout"]),
        )


@dataclasses.dataclass(slots=True)
class Batch:
    """One staged batch: its number (EDBT), its job and how that ended, its rows by transaction (EDTN)."""

    number: str
    items: Sequence[WriteItem]
    job: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    status: str = ""
    refused: str = ""
    processed: int = 0

    @property
    def reference(self) -> str:
        """How the journal and the audit trail name it."""
        job = self.job.get("jobNumber")
        return (
            self.number
            if job is None
            else f"{self.number} {job} {self.job.get('executionServer') or ''}".strip()
        )

    def told(self) -> dict[str, Any]:
        """As the run's summary tells it."""
        return {
            "batch": self.number,
            "job": self.job.get("jobNumber"),
            "status": self.status,
            "rows": len(self.items),
            "failed": len(self.items) - self.processed,
        }


class Reports:
    """Starts the report and waits for its end."""

    def __init__(self, client: Client, rules: BatchRules) -> None:
        self._client = client
        self._rules = rules

    def start(self, batch: str) -> Mapping[str, Any]:
        """Submit the report for a batch; gives its job."""
        body: dict[str, Any] = {
            "reportName": self._rules.report,
            "reportVersion": self._rules.version,
            "fireAndForget": True,
        }
        if self._rules.queue:
            body["queueName"] = self._rules.queue
        if self._rules.selection:
            body["dataSelection"] = _filled(self._rules.selection, batch)
        job = self._client.execute_report(body)
        if not isinstance(job, Mapping) or number_of(job.get("jobNumber")) is None:
            raise SystemFault(
                f"The server started {self._rules.report} {self._rules.version} without naming a job.",
                fix="Check batch_report and batch_version, and that the user may run them.",
            )
        return job

    def wait(self, job: Mapping[str, Any]) -> str:
        """The status in which a job ended: D or E.

        Raises:
            PassingFault: it did not end within `batch_timeout`.
        """
        asked = {name: job[name] for name in ("jobNumber", "executionServer") if job.get(name)}
        end = time.monotonic() + self._rules.timeout
        while True:
            answer = self._client.report_status(asked)
            status = str(answer.get("jobStatus") or "") if isinstance(answer, Mapping) else ""
            if status in (_DONE, _FAILED):
                return status
            if time.monotonic() >= end:
                raise PassingFault(
                    f"Job {asked.get('jobNumber')} of {self._rules.report} has status {status or 'unknown'} "
                    f"after {self._rules.timeout:.0f} s.",
                    fix="Look at the job in EnterpriseOne (P986110B); the next run waits for it again.",
                )
            self._client.pause(self._rules.poll)


class BatchRoute:
    """Creates the items of one object in batches.

    `made` gives the records that creates made, by journal entry. `complete` writes what F0101Z2 has no column
    for into those that were made: results, values by journal entry, fence.
    """

    def __init__(
        self,
        client: Client,
        reader: TableReader,
        orchestrations: Orchestrations,
        rules: BatchRules,
        *,
        stored: Callable[[str, Any], Any],
        made: Callable[[Sequence[WriteItem]], Mapping[int, RemoteRecord]],
        complete: Callable[
            [Sequence[WriteResult], Mapping[int, Mapping[str, Any]], Fence], Sequence[WriteResult]
        ],
    ) -> None:
        self._client = client
        self._reader = reader
        self._orchestrations = orchestrations
        self._rules = rules
        self._stored = stored
        self._made = made
        self._complete = complete
        self._reports = Reports(client, rules)
        self._items = {item.name: item for item in ITEMS[orchestrations.object_name]}
        self.batches: list[dict[str, Any]] = []

    def chosen(self, items: Sequence[WriteItem]) -> list[WriteItem]:
        """The items that go this way; none where they are fewer than `batch_from`."""
        fit = [item for item in items if item.kind == "create"]
        return fit if self._rules.least and len(fit) >= self._rules.least else []

    def _rest(self, item: WriteItem) -> dict[str, Any]:
        """The values that F0101Z2 has no column for."""
        return {
            name: value
            for name, value in item.values.items()
            if not is_blank(value) and not self._column(name, value)
        }

    def _column(self, name: str, value: Any) -> str | None:
        too_long = name == "phone" and len(str(value)) > _PHONE_LENGTH
        return None if too_long or name not in self._items else self._items[name].staged

    def write(self, items: Sequence[WriteItem], fence: Fence) -> Iterator[WriteEvent]:
        """Stage, start the report, wait, read each row. One batch after the other: they share a report."""
        for chunk in chunks(items, self._rules.rows):
            batch = Batch(f"ML{secrets.token_hex(6)}".upper(), chunk)
            fence()
            # Noted before it is staged: a run that follows a kill looks for rows of this number.
            yield Sent(chunk, batch.number)
            self._stage(batch)
            states = self._states(batch.number)
            if states:
                fence()
                # From here on nobody but the rows can tell whether the report runs, until it has a job.
                yield Sent(chunk, f"{batch.number} {_STARTING}")
                batch.job = self._reports.start(batch.number)
                yield Sent(chunk, batch.reference)
                batch.status = self._reports.wait(batch.job)
                states = self._states(batch.number)
            results = self._results(batch, states)
            self._tell(batch)
            rest = {each.item.entry.id: self._rest(each.item) for each in results if each.fault is None}
            yield Done(
                self._complete(results, {entry: values for entry, values in rest.items() if values}, fence)
            )
            self._require_keys(batch, results)

    def _stage(self, batch: Batch) -> None:
        rows = [self._row(batch, number, item) for number, item in enumerate(batch.items, 1)]
        settings, name = self._orchestrations, self._rules.orchestration
        answer = ask(self._client, settings, name, self._body(rows))
        fault = answer.fault(settings, name)
        if fault is not None and not isinstance(fault, RecordFault):
            raise fault
        batch.refused = fault.message if fault is not None else ""

    def _body(self, rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        if self._orchestrations.input_format == "generic":
            return {self._rules.array: list(rows)}
        repeated = [{"inputs": [{"name": n, "value": v} for n, v in row.items()]} for row in rows]
        return {"inputs": [], "detailInputs": [{"name": self._rules.array, "repeatingInputs": repeated}]}

    def _row(self, batch: Batch, number: int, item: WriteItem) -> dict[str, str]:
        row = {
            "EDUS": self._rules.user,
            "EDBT": batch.number,
            "EDTN": str(number),
            "EDLN": "1",
            "TNAC": "A",
        }
        for name, value in item.values.items():
            stored = self._stored(name, value)
            if not is_blank(stored) and (column := self._column(name, stored)):
                row[column] = Input(column, DATE_FORMAT).text(self._items[name].kind, stored)
        return row

    def _states(self, batch: str) -> dict[str, str]:
        """EDSP by EDTN of the rows of a batch."""
        rows = self._reader.rows(STAGED, Selection(column="EDBT", values=[batch]))
        return {str(row["EDTN"]).strip(): str(row["EDSP"] or "").strip() for row in rows}

    # What became of the rows

    def _results(self, batch: Batch, states: Mapping[str, str]) -> list[WriteResult]:
        processed = {
            item.entry.id
            for number, item in enumerate(batch.items, 1)
            if states.get(str(number)) == _PROCESSED
        }
        batch.processed = len(processed)
        made = self._made([item for item in batch.items if item.entry.id in processed]) if processed else {}
        results = []
        for number, item in enumerate(batch.items, 1):
            record = made.get(item.entry.id)
            fault = None
            if record is None:
                fault = self._fault(batch, states.get(str(number)), done=item.entry.id in processed)
            results.append(
                WriteResult(
                    item,
                    key=record.key if record else None,
                    stored=record.fields if record else None,
                    version=record.version if record else None,
                    fault=fault,
                    request_id=batch.reference,
                )
            )
        return results

    def _require_keys(self, batch: Batch, results: Sequence[WriteResult]) -> None:
        """Stop after a batch of which no record is found: the next one would not be either."""
        if batch.processed and not any(result.key for result in results):
            raise SystemFault(
                f"Batch {batch.number} of {self._rules.report} {self._rules.version} was processed, but none "
                "of its records holds its source key, so that nobody can tell which they are.",
                fix="Look whether the version of the report stores the field of `source_key`, or set "
                "batch_from: 0.",
            )

    def _fault(self, batch: Batch, state: str | None, *, done: bool) -> RecordFault:
        name = f"batch {batch.number} of {self._rules.report} {self._rules.version}"
        if done:
            return RecordFault(
                f"The {name} processed the row, but no record has its source key.",
                cause="unknown",
                fix="Look whether the record exists and keeps its key. If it does not, replay this letter.",
            )
        if state is None:
            return RecordFault(
                f"The row was not staged for {name}. {batch.refused}".strip(),
                cause=UNPROCESSED,
                fix="Mend the cause, then replay.",
            )
        job = batch.job.get("jobNumber")
        return RecordFault(
            f"The {name} (job {job}, status {batch.status}) left the row unprocessed (EDSP "
            f"{state or 'blank'}).",
            cause=UNPROCESSED,
            request_id=batch.reference,
            fix="The work center of EnterpriseOne says why; where duplicate checking is set to error, one "
            "row refuses the whole batch. Mend the cause, then replay.",
        )

    def _tell(self, batch: Batch) -> None:
        told = batch.told()
        level = logging.WARNING if told["failed"] else logging.INFO
        text = "Batch %(batch)s, job %(job)s ended with %(status)s: %(failed)d of %(rows)d rows failed."
        log.log(level, text, told)
        self._keep(told)

    def _keep(self, told: dict[str, Any]) -> None:
        if len(self.batches) < _MOST_TOLD:
            self.batches.append(told)

    # After a kill

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """Bring the batches of a dead run to their end: what was staged is processed before anybody looks."""
        for reference in references:
            number, job, server = (*reference.split(" ", 2), "", "")[:3]
            if job and job != _STARTING:
                self._told_again(number, {"jobNumber": int(job), "executionServer": server})
            elif self._is_open(number, may_run=job == _STARTING):
                log.info("Batch %s was staged by a run that died; it is processed now.", number)
                self._told_again(number, self._reports.start(number))

    def _told_again(self, number: str, job: Mapping[str, Any]) -> None:
        """Wait for a job of a dead run, and tell of its batch in the summary of this one."""
        status = self._reports.wait(job)
        states = self._states(number)
        failed = sum(state != _PROCESSED for state in states.values())
        self._keep(
            {
                "batch": number,
                "job": job.get("jobNumber"),
                "status": status,
                "rows": len(states),
                "failed": failed,
            }
        )

    def _is_open(self, batch: str, *, may_run: bool) -> bool:
        """Whether rows of a batch are left for which no report runs. One that may have been started gets the
        time after which it counts as stuck: two of them at once would make every record twice.
        """
        end = time.monotonic() + (self._rules.timeout if may_run else 0)
        while any(not state for state in self._states(batch).values()):
            if time.monotonic() >= end:
                return True
            self._client.pause(min(self._rules.poll, max(0.05, end - time.monotonic())))
        return False


def _filled(value: Any, batch: str) -> Any:
    """The setting with the batch's number in place of `{batch}`."""
    if isinstance(value, str):
        return value.replace("{batch}", batch)
    if isinstance(value, Mapping):
        return {name: _filled(item, batch) for name, item in value.items()}
    return [_filled(item, batch) for item in value] if isinstance(value, list) else value
