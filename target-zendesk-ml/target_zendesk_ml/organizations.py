"""Organizations: looked up and written in hundreds, every row of every job verified."""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import ConnectorError, RecordFault
from ml_connector.ledger import is_blank
from ml_connector.singer.mapping import unflatten
from ml_connector.singer.objects import VendorObject
from ml_connector.sync import (
    Done,
    Field,
    Incoming,
    ObjectSpec,
    RemoteRecord,
    Rung,
    Sent,
    WriteEvent,
    WriteItem,
    WriteResult,
    as_version,
)
from target_zendesk_ml.client import SHOW_MANY, ZendeskClient
from target_zendesk_ml.fields import PREFIX, FieldDefinitions, day_of
from target_zendesk_ml.jobs import Batch, Ended, JobRunner, Refused, Started

log = logging.getLogger(__name__)

_PATH = "/api/v2/organizations"
_QUERY_BYTES = 12_000
_TEXT: Mapping[str, Any] = {"type": ["string", "null"]}
_TEXTS: Mapping[str, Any] = {"type": ["array", "null"], "items": {"type": "string"}}


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _tags(values: Any) -> Any:
    """Tags as Zendesk keeps them: lower case, no blanks inside."""
    return ["_".join(str(value).lower().split()) for value in values or []]


def _domains(values: Any) -> Any:
    return [str(value).strip().lower() for value in values or []]


STANDARD_FIELDS: tuple[Field, ...] = (
    Field("name", schema={"type": "string", "minLength": 1}, unique=True, stored_form=_trimmed),
    Field("external_id", schema=_TEXT, stored_form=_trimmed),
    Field("details", schema=_TEXT),
    Field("notes", schema=_TEXT),
    Field("group_id", schema={"type": ["integer", "null"]}),
    Field("shared_tickets", schema={"type": "boolean"}),
    Field("shared_comments", schema={"type": "boolean"}),
    Field("tags", kind="set", schema=_TEXTS, stored_form=_tags),
    Field("domain_names", kind="set", schema=_TEXTS, stored_form=_domains),
)


class Organizations(VendorObject):
    """The object `organizations`.

    Ladder: external id, then the same name with an empty external id (asked only when the vendor says
    that the name is taken), then create. `name_taken`: `suffix` appends the external id, `reject` makes a
    letter.
    """

    def __init__(
        self,
        client: ZendeskClient,
        runner: JobRunner,
        definitions: FieldDefinitions,
        *,
        name_taken: str,
        two_way: bool,
    ) -> None:
        self._client = client
        self._runner = runner
        self._definitions = definitions
        self._name_taken = name_taken
        self._fields = {field.name: field for field in STANDARD_FIELDS}
        self._fields_known = False
        self.spec = ObjectSpec(
            name="organizations",
            fields=self._fields,
            rungs=(Rung("external_id", exclusive=True), Rung("name", lazy=True)),
            two_way=two_way,
            batch_size=SHOW_MANY,
        )

    def prepare(self, fields: Sequence[str]) -> None:
        """Make sure that the organization fields which a stream writes exist."""
        keys = [name.removeprefix(PREFIX) for name in fields if name.startswith(PREFIX)]
        if keys:
            self._definitions.require(keys)
            self._learn_fields()

    def _learn_fields(self) -> None:
        self._fields.update(self._definitions.fields())
        self._fields_known = True

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """`show_many?ids=`, 100 per request."""
        return {record.key: record for record in self._show_many("ids", keys)}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """External ids by `show_many`, 100 a request; names singly by `search`, exact but for letter case."""
        if rung.field == "external_id":
            return self._by_external_id([str(value) for value in values])
        return {value: hits for value in values if (hits := self._by_name(str(value)))}

    def _by_external_id(self, values: Sequence[str]) -> dict[Any, list[RemoteRecord]]:
        # Zendesk compares external ids without regard to letter case (Organizations).
        wanted = {value.strip().casefold(): value for value in values}
        found: dict[Any, list[RemoteRecord]] = {}
        # A comma separates ids in show_many, so an id that contains one is looked up by itself.
        plain = [value for value in values if "," not in value]
        single = (record for value in values if "," in value for record in self._search(external_id=value))
        for record in itertools.chain(self._show_many("external_ids", plain), single):
            value = wanted.get(str(record.fields.get("external_id") or "").casefold())
            if value is not None:
                found.setdefault(value, []).append(record)
        return found

    def _by_name(self, name: str) -> list[RemoteRecord]:
        wanted = name.strip().casefold()
        found = self._search(name=name)
        return [record for record in found if str(record.fields.get("name", "")).casefold() == wanted]

    def _search(self, **by: str) -> list[RemoteRecord]:
        page = self._client.get(f"{_PATH}/search", **by)
        return [self._record(row) for row in page.get("organizations") or []]

    def _show_many(self, parameter: str, values: Sequence[str]) -> Iterator[RemoteRecord]:
        for chosen in _query_lists(values):
            page = self._client.get(f"{_PATH}/show_many", **{parameter: chosen})
            yield from (self._record(row) for row in page.get("organizations") or [])

    def _record(self, row: Mapping[str, Any]) -> RemoteRecord:
        if not self._fields_known:  # recovery reads before any stream is known
            self._learn_fields()
        fields = {name: row.get(name) for name in self._fields if not name.startswith(PREFIX)}
        for key, value in (row.get("organization_fields") or {}).items():
            definition = self._definitions.known().get(key, {})
            fields[PREFIX + key] = day_of(value) if definition.get("type") == "date" else value
        return RemoteRecord(str(row["id"]), fields, as_version(row.get("updated_at")))

    # Judging

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """An organization of the same name is ours only if nobody gave it an external id."""
        return is_blank(candidate.fields.get("external_id"))

    def rename(self, field_name: str, incoming: Incoming) -> Any:
        """`name (external id)` where names may be given a suffix."""
        external_id = incoming.mapped.get("external_id")
        if field_name != "name" or self._name_taken != "suffix" or is_blank(external_id):
            return None
        name, suffix = str(incoming.mapped["name"]).strip(), f" ({external_id})"
        return name if name.endswith(suffix) else name + suffix

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Jobs of up to 100 rows. A row that a job refused is sent once more by itself: only a single
        request tells the reason by field and code.
        """
        batches = [*self._batches("create", items), *self._batches("update", items)]
        for event in self._runner.run(batches, fence):
            if isinstance(event, Started):
                yield Sent(event.batch.rows, event.job_id)
                continue
            failed = list(event.batch.rows) if isinstance(event, Refused) else []
            if isinstance(event, Ended):
                results, failed = self._results(event)
                yield Done(results)
            for item in failed:
                fence()
                yield Done([self._write_singly(item)])

    def _batches(self, kind: str, items: Sequence[WriteItem]) -> list[Batch]:
        rows = [item for item in items if item.kind == kind]
        method, path = ("POST", "create_many") if kind == "create" else ("PUT", "update_many")
        return [
            Batch(method, f"{_PATH}/{path}", {"organizations": [_row(item) for item in chunk]}, chunk)
            for chunk in (rows[start : start + SHOW_MANY] for start in range(0, len(rows), SHOW_MANY))
        ]

    def _results(self, job: Ended) -> tuple[list[WriteResult], list[WriteItem]]:
        """The rows that the job did, and those that it did not."""
        keys = self._keys_of(job)
        stored = self.read(list(keys.values())) if self.spec.two_way and keys else {}
        done: list[WriteResult] = []
        failed: list[WriteItem] = []
        for number, item in enumerate(job.batch.rows):
            key = keys.get(number)
            if key is None:
                failed.append(item)
                continue
            record = stored.get(key)
            done.append(
                WriteResult(
                    item,
                    key=key,
                    stored=record.fields if record else None,
                    version=record.version if record else None,
                    request_id=job.job_id,
                    seconds=round(job.seconds, 3),
                )
            )
        return done, failed

    def _keys_of(self, job: Ended) -> dict[int, str]:
        """Row number -> id of the organization, for every row with a success item.

        Items name their row by `index`, by `id`, or not at all (Job Statuses: the shapes differ by job).
        """
        rows: Sequence[WriteItem] = job.batch.rows
        by_id = {item.key: number for number, item in enumerate(rows) if item.key}
        keys: dict[int, str] = {}
        nameless = 0
        for item in job.results:
            if "id" not in item or item.get("success") is False or item.get("error"):
                continue
            key = str(item["id"])
            number = by_id.get(key, item.get("index"))
            if isinstance(number, int) and 0 <= number < len(rows):
                keys[number] = key
            else:
                nameless += 1
        if nameless:
            keys |= self._read_back(rows, [n for n in range(len(rows)) if n not in keys])
        return keys

    def _read_back(self, rows: Sequence[WriteItem], numbers: Sequence[int]) -> dict[int, str]:
        by_external_id = {
            str(external_id): number
            for number in numbers
            if not is_blank(external_id := rows[number].values.get("external_id"))
        }
        found = self._by_external_id(list(by_external_id))
        return {by_external_id[value]: hits[0].key for value, hits in found.items()}

    def _write_singly(self, item: WriteItem) -> WriteResult:
        body = {"organization": _row(item)}
        upsert = item.kind == "create" and not is_blank(item.values.get("external_id"))
        if item.kind == "update":
            response = self._client.send("PUT", f"{_PATH}/{item.key}", body, idempotent=True)
        else:
            path = f"{_PATH}/create_or_update" if upsert else _PATH
            response = self._client.send("POST", path, body, idempotent=upsert)
        fault = self._client.fault_of(response)
        request_id = self._client.request_id(response)
        if isinstance(fault, RecordFault):
            taken = fault.field if fault.cause == "taken" else None
            return WriteResult(item, key=item.key, fault=fault, taken=taken, request_id=request_id)
        if isinstance(fault, ConnectorError):
            raise fault
        record = self._record(self._client.object_of(response)["organization"])
        return WriteResult(
            item,
            key=record.key,
            stored=record.fields,
            version=record.version,
            request_id=request_id,
            retries=1,
        )

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """No job of the account runs any more."""
        self._runner.wait_until_idle([name for name in references if name])

    def request_cost(self, creates: int, updates: int) -> int:
        """Jobs, a look-up and a read-back per hundred creates, and polls."""
        jobs = math.ceil(creates / SHOW_MANY) + math.ceil(updates / SHOW_MANY)
        return jobs + math.ceil(creates / SHOW_MANY) + (2 if jobs else 0)


def _query_lists(values: Sequence[str]) -> Iterator[str]:
    """Comma-separated lists of at most 100 values, short enough for the path of any proxy in between."""
    chosen: list[str] = []
    length = 0
    for value in values:
        size = 3 * len(value.encode()) + 1  # percent-encoded at worst
        if chosen and (len(chosen) == SHOW_MANY or length + size > _QUERY_BYTES):
            yield ",".join(chosen)
            chosen, length = [], 0
        chosen.append(value)
        length += size
    if chosen:
        yield ",".join(chosen)


def _row(item: WriteItem) -> dict[str, Any]:
    row = unflatten(item.values)
    if item.key is not None:
        row["id"] = int(item.key)
    return row
