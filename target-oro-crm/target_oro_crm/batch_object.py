"""Objects that OroCRM takes in batches: at once where the server can, else by an operation that is polled.

An operation may end well with errors: its list names each record by its place (Batch API). A batch that is
done at once is done wholly or not at all: what is refused is taken out, and the rest is sent again.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.ledger import is_blank
from ml_connector.sync import Done, RemoteRecord, Sent, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.oro.batches import SYNC_RECORDS, Answer, Batches
from ml_connector.vendors.oro.faults import ApiError, ApiRefusal, TypeMissing, record_fault
from ml_connector.vendors.oro.records import Record, Resource, resource
from target_oro_crm.oro_object import OroObject

log = logging.getLogger(__name__)

FEW_WRITES = 2  # so few go singly, where nothing has to be polled
_AT_ONCE = 1000  # records of one operation
# A body that is refused as a whole, without a word of which record is at fault.
_OF_THE_BODY = frozenset({400, 413, 422})


class BatchObject(OroObject):
    """An object of a type with `update_list`."""

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """In batches; few records, and new ones that could not be found again, one by one."""
        batched = [item for item in items if item.kind == "update" or self._key_rung(item) is not None]
        if len(batched) <= FEW_WRITES or not self.tools.features.batches(self.kind):
            batched = []
        in_batches = {item.entry.id for item in batched}
        left = [item for item in items if item.entry.id not in in_batches]
        waiting = list(batched)
        while waiting:
            size = _AT_ONCE if self.tools.features.synchronous is False else SYNC_RECORDS
            chunk, waiting = waiting[:size], waiting[size:]
            yield from self._write_batch(chunk, fence, left)
        yield from self.write_singly(left, fence)

    def _key_rung(self, item: WriteItem) -> str | None:
        """On which rung a new record is found by a key."""
        for rung in self.spec.rungs:
            if rung.exclusive and rung.value(item.incoming.mapped) is not None:
                return rung.field
        return None

    def _write_batch(
        self, items: Sequence[WriteItem], fence: Callable[[], None], left: list[WriteItem]
    ) -> Iterator[WriteEvent]:
        """What a batch leaves undone without saying why is put into `left`: alone it tells."""
        batches, features = Batches(self.tools.client), self.tools.features
        while items:
            fence()
            asked = features.synchronous
            body = [self._resource(item) for item in items]
            try:
                answer = batches.send(self.kind, body, synchronous=asked is not False)
            except ApiRefusal as refusal:
                if refusal.status not in _OF_THE_BODY:
                    raise
                log.warning("A batch of %s goes one by one: %s", self.kind, refusal.message)
                left += items
                return
            if answer.operation is not None:
                if asked is None:
                    features.learn_synchronous(done=False)
                yield Sent(items, answer.operation)
                yield Done(self._of_operation(batches, answer.operation, items, left))
                return
            if asked is None:
                features.learn_synchronous(done=True)
            yield Sent(items, None)
            results, items = self._of_answer(answer, items)
            if results:
                yield Done(results)

    def _resource(self, item: WriteItem) -> Resource:
        meta = {"update": True} if item.key is not None else None
        return resource(self.kind, self.body(item), item.key, meta=meta, links=self.fields.links)

    # Done at once

    def _of_answer(
        self, answer: Answer, items: Sequence[WriteItem]
    ) -> tuple[list[WriteResult], Sequence[WriteItem]]:
        """The results, and what is to be sent again without those that were refused."""
        if answer.errors:
            refused = self._refused(answer.errors, items)
            again = [item for place, item in enumerate(items) if place not in refused]
            return list(refused.values()), again
        made = [self.result(item, found) for item, found in zip(items, answer.resources, strict=False)]
        unsaid = items[len(made) :]
        return [*made, *(_unsaid(item) for item in unsaid)], []

    def _refused(self, errors: Iterable[ApiError], items: Sequence[WriteItem]) -> dict[int, WriteResult]:
        by_place: dict[int, list[ApiError]] = {}
        for error in errors:
            if error.index is not None and error.index < len(items):
                by_place.setdefault(error.index, []).append(error)
        return {
            place: self.refused(items[place], record_fault(said)) for place, said in sorted(by_place.items())
        }

    # Done by an operation

    def _of_operation(
        self, batches: Batches, identifier: str, items: Sequence[WriteItem], left: list[WriteItem]
    ) -> list[WriteResult]:
        operation = batches.wait(identifier)
        errors = batches.errors(identifier) if operation.error_count or operation.status != "success" else []
        refused = self._refused(errors, items)
        log.info(
            "Operation %s on %d records of %s: %s, %d errors.",
            *(identifier, len(items), self.kind, operation.status, operation.error_count),
        )
        good = [item for place, item in enumerate(items) if place not in refused]
        told = list(refused.values())
        for item, record in self._read_back(good):
            if record is not None:
                told.append(
                    WriteResult(
                        item,
                        key=record.key,
                        stored=record.fields,
                        version=record.version,
                        request_id=identifier,
                    )
                )
            else:
                left.append(item)
        return told

    def _read_back(self, items: Sequence[WriteItem]) -> Iterator[tuple[WriteItem, RemoteRecord | None]]:
        """Each item with its record where that shows what was written; order and ids are not told."""
        records = dict(self.read([item.key for item in items if item.key]))
        found: dict[str, Mapping[Any, Sequence[RemoteRecord]]] = {}
        creates = [item for item in items if item.key is None]
        for rung in self.spec.rungs:
            chosen = [item for item in creates if rung.exclusive and self._key_rung(item) == rung.field]
            if chosen and rung.field not in found:
                values = [rung.value(item.incoming.mapped) for item in chosen]
                found[rung.field] = self.find(rung, list(dict.fromkeys(values)))
        for item in items:
            record = records.get(item.key) if item.key else self._created(item, found)
            yield item, record if record is not None and self._shows(item, record) else None

    def _created(
        self, item: WriteItem, found: Mapping[str, Mapping[Any, Sequence[RemoteRecord]]]
    ) -> RemoteRecord | None:
        name = str(self._key_rung(item))
        rung = next(rung for rung in self.spec.rungs if rung.exclusive and rung.field == name)
        hits = found[name].get(rung.value(item.incoming.mapped), ())
        return hits[0] if len(hits) == 1 else None

    def _shows(self, item: WriteItem, record: RemoteRecord) -> bool:
        """Whether an update was done; who is found by a key of a create was created."""
        if item.key is None:
            return True
        return all(_same(record.fields.get(name), value) for name, value in self._written(item).items())

    def _written(self, item: WriteItem) -> Record:
        return {
            name: self.spec.stored(name, value)
            for name, value in item.values.items()
            if self.fields.known[name].own and not self.spec.fields[name].is_set
        }

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """Operations of a dead run have ended, or are so old that the server forgot them (30 days)."""
        batches = Batches(self.tools.client)
        for reference in references:
            if not reference or not reference.isdecimal():
                continue
            try:
                batches.wait(reference)
            except ApiRefusal as refusal:
                if refusal.status != 404 or isinstance(refusal, TypeMissing):
                    raise

    def request_cost(self, creates: int, updates: int) -> int:
        """A hundred each."""
        return math.ceil(creates / SYNC_RECORDS) + math.ceil(updates / SYNC_RECORDS)

    # Finding

    def _by(
        self, rows: Iterable[Record], by_text: Mapping[str, Any], keys_of: Callable[[Record], Sequence[Any]]
    ) -> dict[Any, list[RemoteRecord]]:
        """Rows by the values that were asked for, letter case and blanks around left aside."""
        wanted = {text.strip().casefold(): value for text, value in by_text.items()}
        found: dict[Any, dict[str, RemoteRecord]] = {}
        for row in rows:
            for key in keys_of(row):
                value = wanted.get(str(key or "").strip().casefold())
                if value is not None:
                    found.setdefault(value, {})[str(row["id"])] = self.record(row)
        return {value: list(hits.values()) for value, hits in found.items()}


def _same(shown: Any, written: Any) -> bool:
    return (is_blank(shown) and is_blank(written)) or shown == written


def _unsaid(item: WriteItem) -> WriteResult:
    fault = RecordFault(
        "OroCRM's answer to a batch does not say what became of this record.",
        cause="unverified",
        fix="Look whether it is there: replay the letter if it is not, else discard it.",
    )
    return WriteResult(item, key=item.key, fault=fault)
