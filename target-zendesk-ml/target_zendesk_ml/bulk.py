"""What organizations and users share: looked up and written in hundreds, every row of every job verified."""

from __future__ import annotations

import abc
import dataclasses
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from requests import Response

from ml_connector.errors import ConnectorError, RecordFault
from ml_connector.http import Parallel
from ml_connector.ledger import is_blank
from ml_connector.singer.mapping import unflatten
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.singly import chunks, written_singly
from ml_connector.sync import (
    Done,
    Field,
    ObjectSpec,
    RemoteRecord,
    Rung,
    Sent,
    WriteEvent,
    WriteItem,
    WriteResult,
    as_version,
)
from ml_connector.vendors.zendesk.client import SHOW_MANY, ZendeskClient
from target_zendesk_ml.fields import FieldDefinitions, day_of
from target_zendesk_ml.job_runner import JobRunner
from target_zendesk_ml.jobs import Batch, Ended, Refused, Started
from target_zendesk_ml.stamps import Stamps

_QUERY_BYTES = 12_000
TEXT: Mapping[str, Any] = {"type": ["string", "null"]}
TEXTS: Mapping[str, Any] = {"type": ["array", "null"], "items": {"type": "string"}}
FLAG: Mapping[str, Any] = {"type": "boolean"}


def trimmed(value: Any) -> Any:
    """A text as Zendesk keeps names and ids: without blanks around it."""
    return value.strip() if isinstance(value, str) else value


def stored_tags(values: Any) -> Any:
    """Tags as Zendesk keeps them: lower case, no blanks inside."""
    return ["_".join(str(value).lower().split()) for value in values or []]


@dataclasses.dataclass(frozen=True, slots=True)
class Tools:
    """What every object writes with. `parallel`: how many single calls may be under way at once."""

    client: ZendeskClient
    runner: JobRunner
    parallel: int = 4
    stamps: Stamps = dataclasses.field(default_factory=Stamps)


class BulkObject(VendorObject, abc.ABC):
    """An object with `show_many`, `create_many` and `update_many`, and with custom fields.

    A subclass names its `wrapper` and tells how a single record is created; `shown` and `sent` translate
    between the engine's flat fields and Zendesk's where they differ.
    """

    wrapper: ClassVar[str]

    def __init__(
        self,
        tools: Tools,
        definitions: FieldDefinitions,
        fields: Sequence[Field],
        rungs: tuple[Rung, ...],
        *,
        depends_on: tuple[str, ...] = (),
        two_way: bool,
        publishable: bool = False,
    ) -> None:
        self.client = tools.client
        self._runner = tools.runner
        self._parallel = Parallel(tools.parallel, tools.client.session)
        self._stamps = tools.stamps
        self.definitions = definitions
        self._fields = {field.name: field for field in fields}
        self._fields_known = False
        self.plural = f"{self.wrapper}s"
        self.path = f"/api/v2/{self.plural}"
        self.spec = ObjectSpec(
            name=self.plural,
            fields=self._fields,
            rungs=rungs,
            depends_on=depends_on,
            two_way=two_way,
            batch_size=SHOW_MANY,
            publishable=publishable,
        )

    def prepare(self, fields: Sequence[str]) -> None:
        """Make sure that the custom fields which a stream writes exist."""
        prefix = self.definitions.prefix
        keys = [name.removeprefix(prefix) for name in fields if name.startswith(prefix)]
        if keys or self._stamps.keys:
            self.definitions.require([*keys, *self._stamps.keys])
            self._stamps.check(self.definitions)
            self._learn_fields()

    def _learn_fields(self) -> None:
        self._fields.update(self.definitions.fields())
        self._fields_known = True

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """`show_many?ids=`, 100 per request."""
        return {record.key: record for record in self._show_many("ids", keys)}

    def by_external_id(self, values: Sequence[str]) -> dict[Any, list[RemoteRecord]]:
        """The records with these external ids, by the values as they were given."""
        # Zendesk compares external ids without regard to letter case (Organizations, Users).
        wanted = {value.strip().casefold(): value for value in values}
        found: dict[Any, list[RemoteRecord]] = {}
        # A comma separates ids in show_many, so an id that contains one is looked up by itself.
        plain = [value for value in values if "," not in value]
        single = (record for value in values if "," in value for record in self.search(external_id=value))
        for record in itertools.chain(self._show_many("external_ids", plain), single):
            value = wanted.get(str(record.fields.get("external_id") or "").casefold())
            if value is not None:
                found.setdefault(value, []).append(record)
        return found

    def search(self, **by: str) -> list[RemoteRecord]:
        """What the object's own search finds."""
        page = self.client.get(f"{self.path}/search", **by)
        return self.records(page.get(self.plural) or [])

    def _show_many(self, parameter: str, values: Sequence[str]) -> Iterator[RemoteRecord]:
        for page in self._parallel.map(
            lambda chosen: self.client.get(f"{self.path}/show_many", **{parameter: chosen}),
            _query_lists(values),
        ):
            yield from self.records(page.get(self.plural) or [])

    def records(self, rows: Iterable[Mapping[str, Any]]) -> list[RemoteRecord]:
        """Rows as the engine compares them; deleted ones are left out."""
        return [self.record(row) for row in rows if row.get("active") is not False]

    def record(self, row: Mapping[str, Any]) -> RemoteRecord:
        """One row as the engine compares it."""
        if not self._fields_known:  # recovery reads before any stream is known
            self._learn_fields()
        prefix = self.definitions.prefix
        fields = {name: self.shown(name, row) for name in self._fields if not name.startswith(prefix)}
        for key, value in (row.get(self.definitions.container) or {}).items():
            definition = self.definitions.known().get(key, {})
            fields[prefix + key] = day_of(value) if definition.get("type") == "date" else value
        return RemoteRecord(str(row["id"]), fields, as_version(row.get("updated_at")))

    def shown(self, name: str, row: Mapping[str, Any]) -> Any:
        """What a row shows of a standard field."""
        return row.get(name)

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Jobs of up to 100 rows. A row that a job refused is sent once more by itself: only a single
        request tells the reason by field and code. That comes last, so that the jobs are polled meanwhile.
        """
        failed: list[WriteItem] = []
        batches = [*self._batches("create", items), *self._batches("update", items)]
        for event in self._runner.run(batches, fence):
            if isinstance(event, Started):
                yield Sent(event.batch.rows, event.job_id)
            elif isinstance(event, Refused):
                self.refused(event)
                failed += event.batch.rows
            else:
                results, undone = self._results(event)
                failed += undone
                yield Done(results)
        yield from self.write_singly(failed, fence)

    def refused(self, event: Refused) -> None:
        """Hear that a job was not started; its rows are sent singly."""

    def _batches(self, kind: str, items: Sequence[WriteItem]) -> list[Batch]:
        rows = [item for item in items if item.kind == kind]
        method, path = ("POST", self.creates_at) if kind == "create" else ("PUT", f"{self.path}/update_many")
        return [
            Batch(method, path, {self.plural: [self.row(item) for item in chunk]}, chunk)
            for chunk in chunks(rows)
        ]

    @property
    def creates_at(self) -> str:
        """Where jobs that create are started."""
        return f"{self.path}/create_many"

    def _results(self, job: Ended) -> tuple[list[WriteResult], list[WriteItem]]:
        """The rows that the job did, and those that it did not."""
        keys = self._keys_of(job)
        rows: Sequence[WriteItem] = job.batch.rows
        done = [(item, keys[number]) for number, item in enumerate(rows) if number in keys]
        undone = [item for number, item in enumerate(rows) if number not in keys]
        return self.results(done, request_id=job.job_id, seconds=round(job.seconds, 3)), undone

    def results(
        self, done: Sequence[tuple[WriteItem, str]], request_id: str | None, seconds: float | None
    ) -> list[WriteResult]:
        """Items that were written, with what is stored of them where that matters."""
        stored = self.read([key for _, key in done]) if self.spec.two_way and done else {}
        return [
            WriteResult(
                item,
                key=key,
                stored=stored[key].fields if key in stored else None,
                version=stored[key].version if key in stored else None,
                request_id=request_id,
                seconds=seconds,
            )
            for item, key in done
        ]

    def _keys_of(self, job: Ended) -> dict[int, str]:
        """Row number -> id of the record, for every row with a success item.

        Items name their row by `index`, by `id`, by what `named` reads, or not at all (Job Statuses: the
        shapes differ by job).
        """
        rows: Sequence[WriteItem] = job.batch.rows
        by_id = {item.key: number for number, item in enumerate(rows) if item.key}
        by_name = self.named(rows)
        keys: dict[int, str] = {}
        nameless = 0
        for item in job.results:
            if not is_success(item):
                continue
            key = str(item["id"])
            number = by_id.get(key, item.get("index"))
            if number is None:
                number = next((by_name[name] for name in self.names(item) if name in by_name), None)
            if isinstance(number, int) and 0 <= number < len(rows):
                keys[number] = key
            else:
                nameless += 1
        if nameless:
            keys |= self._read_back(rows, [n for n in range(len(rows)) if n not in keys])
        return keys

    def named(self, rows: Sequence[WriteItem]) -> Mapping[tuple[str, str], int]:
        """Row number by what a success item may name it by; see `names`."""
        return {}

    def names(self, item: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """What a success item names its row by, besides index and id."""
        return ()

    def _read_back(self, rows: Sequence[WriteItem], numbers: Sequence[int]) -> dict[int, str]:
        by_external_id = {
            str(external_id): number
            for number in numbers
            if not is_blank(external_id := rows[number].values.get("external_id"))
        }
        found = self.by_external_id(list(by_external_id))
        return {by_external_id[value]: hits[0].key for value, hits in found.items()}

    # Single calls

    def write_singly(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Each item by itself."""
        return written_singly(self._parallel, self._write_one, items, fence)

    def _write_one(self, item: WriteItem) -> WriteResult:
        body = {self.wrapper: self.row(item)}
        if item.kind == "update":
            response = self.client.send("PUT", f"{self.path}/{item.key}", body, idempotent=True)
        else:
            response = self.create_one(item, body)
        return self.answer(item, response)

    def answer(self, item: WriteItem, response: Response) -> WriteResult:
        """What a single call's answer says of its item."""
        fault = self.client.fault_of(response)
        request_id = self.client.request_id(response)
        if isinstance(fault, RecordFault):
            return refusal(item, fault, request_id)
        if isinstance(fault, ConnectorError):
            raise fault
        record = self.record(self.client.object_of(response)[self.wrapper])
        return WriteResult(
            item,
            key=record.key,
            stored=record.fields,
            version=record.version,
            request_id=request_id,
            retries=1,
        )

    @abc.abstractmethod
    def create_one(self, item: WriteItem, body: Mapping[str, Any]) -> Response:
        """Create a single record."""

    def row(self, item: WriteItem) -> dict[str, Any]:
        """An item as Zendesk takes it."""
        row = unflatten(self.sent(item))
        if stamps := self._stamps.values(self.definitions, item.entry.run_id):
            row.setdefault(self.definitions.container, {}).update(stamps)
        if item.key is not None:
            row["id"] = int(item.key)
        return row

    def sent(self, item: WriteItem) -> Mapping[str, Any]:
        """The values of an item by Zendesk's names, flat."""
        return item.values

    # The account

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """No job of the account runs any more."""
        self._runner.wait_until_idle([name for name in references if name])

    def request_cost(self, creates: int, updates: int) -> int:
        """Jobs, a look-up and a read-back per hundred creates, and polls."""
        jobs = math.ceil(creates / SHOW_MANY) + math.ceil(updates / SHOW_MANY)
        return jobs + math.ceil(creates / SHOW_MANY) + (2 if jobs else 0)


def is_success(item: Mapping[str, Any]) -> bool:
    """Whether a job's item says that its row was done; one that does not say so was not (Job Statuses)."""
    if not item.get("id") or item.get("success") is False or item.get("error"):
        return False
    return item.get("status") in (None, "Created", "Updated")


def refusal(item: WriteItem, fault: RecordFault, request_id: str | None) -> WriteResult:
    """The result of an item that Zendesk refused."""
    taken = fault.field if fault.cause == "taken" else None
    return WriteResult(item, key=item.key, fault=fault, taken=taken, request_id=request_id)


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
