"""Bulk Write: a CSV in a ZIP, a job, and a result file whose every row is read (Bulk Write API).

What the names of the result's columns are, and whether workflows run, Zoho does not publish. A row that the
file does not name is verified by reading it back; one that was not done goes the normal way, which tells why.
"""

from __future__ import annotations

import csv
import io
import logging
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from requests import RequestException

from ml_connector.errors import PassingFault, RequestFailed, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.singer.singly import chunks
from ml_connector.sync import Done, Sent, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.zoho.faults import ApiRefusal, refusal_of
from target_zoho_crm.fields import DATE, DATETIME, LOOKUP

if TYPE_CHECKING:
    from target_zoho_crm.module import ModuleObject

log = logging.getLogger(__name__)

_REFERENCE = "bulk:"
_DONE = frozenset({"added", "updated", "success"})
_STATUS = frozenset({"status"})
_RECORD = frozenset({"record_id", "recordid", "record id"})
_MAX_BYTES = 25_000_000
_ENDED, _FAILED = "COMPLETED", frozenset({"FAILED", "FAILURE"})


class BulkWriter:
    """Writes many records of one module by jobs."""

    def __init__(self, module: ModuleObject) -> None:
        self._module = module
        self._client = module.tools.client
        self._rules = module.tools.rules

    def takes(self, items: Sequence[WriteItem]) -> bool:
        """Whether so many records go by jobs."""
        return 0 < self._rules.bulk_from <= len(items)

    def jobs(self, items: Sequence[WriteItem]) -> int:
        """How many jobs that makes."""
        return sum(1 for _ in self._parts([item for item in items if self.fits(item)]))

    def write(
        self, items: Sequence[WriteItem], fence: Callable[[], None], left: list[WriteItem]
    ) -> Iterator[WriteEvent]:
        """One job after another; what a CSV cannot carry, and what a job did not do, is put into `left`."""
        left += [item for item in items if not self.fits(item)]
        for kind, part in self._parts([item for item in items if self.fits(item)]):
            fence()
            job = self._start(kind, part)
            yield Sent(part, _REFERENCE + job)
            results, undone = self._results(job, self._wait(job), part)
            log.info("Bulk job %s: %d of %d rows done.", job, len(results), len(part))
            left += undone
            for chunk in chunks(results):
                yield Done(self._module.stored(chunk))

    def _parts(self, items: Sequence[WriteItem]) -> Iterator[tuple[str, Sequence[WriteItem]]]:
        for kind in ("create", "update"):
            chosen = [item for item in items if item.kind == kind]
            for part in chunks(chosen, self._rules.bulk_rows):
                yield kind, part

    def fits(self, item: WriteItem) -> bool:
        """Whether a CSV can say it: no blank that clears, no list, no instant, and a key to find it by."""
        if item.kind == "create" and is_blank(self._key(item)):
            return False
        known = self._module.fields.known
        return not any(
            is_blank(value) or isinstance(value, list) or known[name].data_type == DATETIME
            for name, value in item.values.items()
        )

    def _key(self, item: WriteItem) -> Any:
        if item.kind == "update":
            return item.key
        named = self._module.source_key
        return item.values.get(named.field) if named else None

    # Starting

    def _start(self, kind: str, items: Sequence[WriteItem]) -> str:
        columns = sorted({name for item in items for name in item.values})
        if kind == "update":
            columns.insert(0, "id")
        content = self._zip(columns, items)
        organisation = str(self._client.organisation.get("zgid") or "")
        uploaded = self._details(self._client.upload(f"{self._module.name}.zip", content, organisation))
        body = {
            "operation": "update" if kind == "update" else "upsert",
            "ignore_empty": True,
            "resource": [
                {
                    "type": "data",
                    "module": {"api_name": self._module.name},
                    "file_id": str(uploaded.get("file_id")),
                    "find_by": self._find_by(kind),
                    "field_mappings": [self._mapping(name, number) for number, name in enumerate(columns)],
                }
            ],
        }
        return str(self._details(self._client.start_bulk_write(body)).get("id"))

    def _find_by(self, kind: str) -> str:
        return "id" if kind == "update" or not self._module.source_key else self._module.source_key.field

    def _mapping(self, name: str, number: int) -> dict[str, Any]:
        field = self._module.fields.known.get(name)
        mapping: dict[str, Any] = {"api_name": name, "index": number}
        if field is not None and field.data_type == LOOKUP:
            mapping["find_by"] = "id"
        if field is not None and field.data_type == DATE:
            mapping["format"] = "yyyy-MM-dd"
        return mapping

    def _zip(self, columns: Sequence[str], items: Sequence[WriteItem]) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        for item in items:
            row = {"id": item.key, **{name: self._cell(name, value) for name, value in item.values.items()}}
            writer.writerow([row.get(name, "") for name in columns])
        content = text.getvalue().encode()
        if len(content) > _MAX_BYTES:
            raise SystemFault(
                f"A bulk job of {len(items)} records of {self._module.name} has {len(content)} bytes; Zoho "
                f"takes {_MAX_BYTES}.",
                fix="Lower bulk_rows.",
            )
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
            opened.writestr(f"{self._module.name}.csv", content)
        return archive.getvalue()

    def _cell(self, name: str, value: Any) -> Any:
        sent = self._module.fields.sent(name, value)
        if isinstance(sent, Mapping):
            return sent["id"]
        return {True: "true", False: "false"}.get(sent, sent) if isinstance(sent, bool) else sent

    def _details(self, response: Any) -> Mapping[str, Any]:
        try:
            body = self._client.object_of(response)
        except ApiRefusal as refusal:
            raise _explained(refusal) from None
        first = (body.get("data") or [body])[0]
        details: Mapping[str, Any] = first.get("details") or {}
        if first.get("status") == "error" or not details:
            raise _explained(refusal_of(response))
        return details

    # Waiting

    def _wait(self, job: str) -> Mapping[str, Any]:
        began, pause = time.monotonic(), self._rules.job_first_poll
        while True:
            self._client.wait(pause)
            found = self._client.bulk_job("write", job)
            found = (found.get("data") or [found])[0]
            status = str(found.get("status") or found.get("state") or "").upper()
            if status == _ENDED or status in _FAILED:
                return dict(found)
            if time.monotonic() - began > self._rules.job_timeout:
                raise PassingFault(
                    f"Bulk job {job} of {self._module.name} did not end in {self._rules.job_timeout:g} s.",
                    fix="The next run waits for it and looks what became of its records.",
                )
            if self._client.session.stopping.is_set():
                raise PassingFault("The run is asked to end while a bulk job is under way.")
            pause = min(max(pause * 1.5, self._rules.job_first_poll), self._rules.job_poll)

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """These jobs have ended."""
        for reference in references:
            if reference.startswith(_REFERENCE):
                self._wait(reference.removeprefix(_REFERENCE))

    # Results

    def _results(
        self, job: str, ended: Mapping[str, Any], items: Sequence[WriteItem]
    ) -> tuple[list[WriteResult], list[WriteItem]]:
        """The rows that were done, and those that were not or of which nothing is known."""
        rows = self._result_rows(ended)
        keys = self._told(rows, items)
        unnamed = [item for number, item in enumerate(items) if number not in keys]
        keys |= self._verified(items, [number for number in range(len(items)) if number not in keys])
        done = [
            WriteResult(item, key=key, request_id=_REFERENCE + job)
            for number, item in enumerate(items)
            if (key := keys.get(number))
        ]
        if unnamed:
            log.info("Bulk job %s: %d rows were looked at one by one.", job, len(unnamed))
        return done, [item for number, item in enumerate(items) if not keys.get(number)]

    def _result_rows(self, ended: Mapping[str, Any]) -> list[dict[str, str]]:
        result = ended.get("result")
        address = result.get("download_url") if isinstance(result, Mapping) else None
        if not address:
            return []
        try:
            response = self._client.download(str(address))
            with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
                texts = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
        except (zipfile.BadZipFile, UnicodeDecodeError, RequestException, RequestFailed, ApiRefusal) as error:
            log.warning("The result of a bulk job could not be read (%s): its records are read back.", error)
            return []
        return [row for text in texts for row in csv.DictReader(io.StringIO(text))]

    def _told(self, rows: Sequence[Mapping[str, str]], items: Sequence[WriteItem]) -> dict[int, str]:
        """Row number -> id of the record for rows that are done by the file; empty for those that failed."""
        numbers = {str(self._key(item)).strip(): number for number, item in enumerate(items)}
        named = self._find_by(items[0].kind) if items else "id"
        keys: dict[int, str] = {}
        for place, row in enumerate(rows):
            cells = {str(name).strip().lower(): (value or "").strip() for name, value in row.items() if name}
            number = numbers.get(cells.get(named.lower(), ""))
            if number is None and named.lower() not in cells and len(rows) == len(items):
                number = place
            status = next((cells[name] for name in _STATUS if name in cells), None)
            if number is None or status is None:
                continue
            record = next((cells[name] for name in _RECORD if cells.get(name)), items[number].key or "")
            keys[number] = record if status.lower() in _DONE else ""
        return keys

    def _verified(self, items: Sequence[WriteItem], numbers: Sequence[int]) -> dict[int, str]:
        """Of rows that nothing is known of, those that show what was sent."""
        ids = {number: item.key for number in numbers if (item := items[number]).key}
        named = self._module.source_key
        if named is not None:
            wanted = {
                str(self._key(items[number])).strip(): number for number in numbers if number not in ids
            }
            rung = next(rung for rung in self._module.reader.rungs if rung.kind == "source_key")
            hits = self._module.reader.query(rung, list(wanted)) if wanted else {}
            ids |= {wanted[value]: keys[0] for value, keys in hits.items() if len(keys) == 1}
        records = self._module.read(sorted({key for key in ids.values() if key})) if ids else {}
        spec = self._module.spec
        return {
            number: key
            for number, key in ids.items()
            if key in records
            and all(
                spec.stored(name, value) == records[key].fields.get(name)
                for name, value in items[number].values.items()
            )
        }


def _explained(refusal: ApiRefusal) -> SystemFault:
    return SystemFault(
        f"Zoho CRM took no bulk job: {refusal.message}",
        fix=f"{refusal.fix} Or set bulk_from: 0 to write without jobs; the token needs the scopes "
        "ZohoCRM.bulk.ALL and ZohoFiles.files.ALL.",
    )
