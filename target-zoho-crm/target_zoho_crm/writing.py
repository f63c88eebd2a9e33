"""Writing records of one module: in hundreds, each item of each answer read.

New records go by upsert on the source key, which may be repeated, or by insert where they hold values of
other unique fields; linked ones by their id, since an upsert would create a deleted one anew (Upsert
records).
"""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

from requests import Response

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.singer.singly import chunks, written_singly
from ml_connector.sync import Done, Sent, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.zoho import api_credits
from ml_connector.vendors.zoho.client import HEAVY
from target_zoho_crm.answers import TOO_LARGE, Answered, read_answer
from target_zoho_crm.bulk import BulkWriter
from target_zoho_crm.tools import RUN_ALL

if TYPE_CHECKING:
    from target_zoho_crm.module import ModuleObject

log = logging.getLogger(__name__)

_LIGHT = 10  # writes of more records count as heavy calls (API limits)
_CALLS_PER_JOB = 4  # upload, start, one look, result
Kind = Literal["insert", "upsert", "update"]


@dataclasses.dataclass(frozen=True, slots=True)
class Batch:
    """Records of one request."""

    kind: Kind
    items: Sequence[WriteItem]


class Writer:
    """Writes the records of one module."""

    def __init__(self, module: ModuleObject) -> None:
        self._module = module
        self._tools = module.tools
        self._client = module.tools.client
        self._rules = module.tools.rules
        self._bulk = BulkWriter(module)

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Tell of each item what became of it; the cost in credits is told, and held against the reserve,
        before the first request.
        """
        self._announce(items)
        locked, batched = self._split(items)
        if self._bulk.takes(batched):
            left: list[WriteItem] = []
            yield from self._bulk.write(batched, fence, left)
            batched = left
        yield from self._write_batches(self._batches(batched), fence)
        if any(item.kind == "create" for item in items):
            self._module.reader.created()
        if locked:
            self._learn_times(locked)
            yield from written_singly(self._tools.parallel(), self._write_locked, locked, fence)

    # Batches

    def _split(self, items: Sequence[WriteItem]) -> tuple[list[WriteItem], list[WriteItem]]:
        """Those that are written one by one, and the others."""
        single = self._rules.strict_locking
        locked = [item for item in items if single and item.kind == "update"]
        return locked, [item for item in items if not single or item.kind != "update"]

    def _batches(self, items: Sequence[WriteItem]) -> list[Batch]:
        found: list[Batch] = []
        kinds: dict[Kind, list[WriteItem]] = {}
        for item in items:
            kinds.setdefault(self._kind(item), []).append(item)
        for kind, chosen in kinds.items():
            parts = chunks(chosen, self._rules.write_batch) if kind == "update" else self._apart(chosen)
            found += [Batch(kind, part) for part in parts]
        return found

    def _kind(self, item: WriteItem) -> Kind:
        if item.kind == "update":
            return "update"
        if is_blank(self._source_key(item)) or self._names_others(item):
            return "insert"
        return "upsert"

    def _names_others(self, item: WriteItem) -> bool:
        """Whether it holds values of other unique fields.

        An upsert would go on to these and overwrite whichever record holds one (Upsert records); an insert
        is refused, with the record named.
        """
        known = self._module.fields.known
        own = self._module.source_key.field if self._module.source_key else None
        others = [name for name in item.values if name != own and not is_blank(item.values[name])]
        return any(known[name].unique or known[name].external for name in others if name in known)

    def _source_key(self, item: WriteItem) -> Any:
        named = self._module.source_key
        return item.values.get(named.field) if named else None

    def _apart(self, items: Sequence[WriteItem]) -> Iterator[Sequence[WriteItem]]:
        """Chunks in which no source key occurs twice: what Zoho makes of twins is not documented."""
        open_parts: list[tuple[set[str], list[WriteItem]]] = []
        for item in items:
            key = str(self._source_key(item) or "").strip().casefold()
            part = next((part for part in open_parts if not key or key not in part[0]), None)
            if part is None:
                part = (set(), [])
                open_parts.append(part)
            part[0].add(key)
            part[1].append(item)
            if len(part[1]) >= self._rules.write_batch:
                open_parts.remove(part)
                yield part[1]
        yield from (chosen for _, chosen in open_parts)

    def _write_batches(self, batches: Sequence[Batch], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        parallel = self._tools.parallel() if batches else None
        for group in chunks(batches, self._tools.width):
            fence()
            for batch in group:
                yield Sent(batch.items, None)
            assert parallel is not None  # noqa: S101 - there are batches
            ended = parallel.settle(self._send, group)
            for each in ended:
                if each.result is not None:
                    yield Done(each.result[0])
            # What was done is told before a fault ends the run.
            faults = [each.error or (each.result[1] if each.result else None) for each in ended]
            if (fault := next((fault for fault in faults if fault is not None), None)) is not None:
                raise fault

    def _send(self, batch: Batch) -> tuple[list[WriteResult], Exception | None]:
        path = f"{self._module.name}/upsert" if batch.kind == "upsert" else self._module.name
        response = self._client.send(
            "PUT" if batch.kind == "update" else "POST",
            path,
            self._body(batch),
            what=batch.kind,
            cost=api_credits.write(len(batch.items)),
            idempotent=self._may_repeat(batch),
            quota=(HEAVY,) if len(batch.items) > _LIGHT else (),
        )
        if response.status_code == TOO_LARGE:
            return self._send_halves(batch)
        answered = self._answered(response, batch.items)
        return self._module.stored(answered.results), answered.fault

    def _answered(self, response: Response, items: Sequence[WriteItem]) -> Answered:
        answered = read_answer(response, items, self._client.session.request_id_of(response))
        self._module.duplicates.update(answered.duplicates)
        for result in answered.results:
            if result.taken is not None and not self._module.looks_up(result.taken):
                result.taken = None  # Zoho's own words name the holder
        return answered

    def _may_repeat(self, batch: Batch) -> bool:
        """A new record with a source key may be sent twice: the second time Zoho names the first."""
        return batch.kind != "update" and not any(is_blank(self._source_key(item)) for item in batch.items)

    def _send_halves(self, batch: Batch) -> tuple[list[WriteResult], Exception | None]:
        if len(batch.items) == 1:
            fault = RecordFault("Zoho CRM takes no record of this size.", cause="too_large")
            return [WriteResult(batch.items[0], key=batch.items[0].key, fault=fault)], None
        middle = len(batch.items) // 2
        results: list[WriteResult] = []
        for part in (batch.items[:middle], batch.items[middle:]):
            done, failure = self._send(Batch(batch.kind, part))
            results += done
            if failure is not None:
                return results, failure
        return results, None

    def _body(self, batch: Batch) -> dict[str, Any]:
        body: dict[str, Any] = {"data": [self.row(item) for item in batch.items]}
        if RUN_ALL not in self._rules.trigger:
            body["trigger"] = list(self._rules.trigger)
        if batch.kind == "upsert" and self._module.source_key:
            body["duplicate_check_fields"] = [self._module.source_key.field]
        return body

    def row(self, item: WriteItem) -> dict[str, Any]:
        """An item as Zoho takes it."""
        row = {name: self._module.fields.sent(name, value) for name, value in item.values.items()}
        return {"id": item.key, **row} if item.key is not None else row

    # One by one, under a lock

    def _learn_times(self, items: Sequence[WriteItem]) -> None:
        """The engine read what it merged; what it did not need to read is read now."""
        unread = [item.key for item in items if item.key and item.key not in self._module.modified]
        if unread:
            self._module.read(unread)

    def _write_locked(self, item: WriteItem) -> WriteResult:
        # Whatever is read from now on is of another merge.
        known = self._module.modified.pop(str(item.key), None)
        response = self._client.send(
            "PUT",
            f"{self._module.name}/{item.key}",
            self._body(Batch("update", [item])),
            what="update",
            cost=api_credits.write(1),
            idempotent=False,
            headers={"If-Unmodified-Since": known} if known else {},
        )
        answered = self._answered(response, [item])
        if answered.fault is not None:
            raise answered.fault
        if not answered.results:
            raise SystemFault("Zoho CRM answered a write without saying what became of it.")
        return self._module.stored(answered.results)[0]

    # Cost

    def _announce(self, items: Sequence[WriteItem]) -> None:
        cost, calls = self.cost(items)
        client, name = self._client, self._module.name
        left = client.credits.remaining
        log.info(
            "Writing %d records of %s: %d requests, %d credits%s.",
            len(items),
            name,
            calls,
            cost,
            "" if left is None else f" of {left:g} that remain",
        )
        client.credits.require(cost, f"writing {len(items)} records of {name}")

    def cost(self, items: Sequence[WriteItem]) -> tuple[int, int]:
        """Credits and requests that these writes take, with what is read back."""
        locked, left = self._split(items)
        jobs, back = 0, 0
        if self._bulk.takes(left):
            jobs = self._bulk.jobs(left)
            left = [item for item in left if not self._bulk.fits(item)]
        sizes = [*(len(batch.items) for batch in self._batches(left)), *([1] * len(locked))]
        if self._rules.two_way:
            back = len(locked) + math.ceil((len(items) - len(locked)) / self._rules.read_batch)
        cost = jobs * api_credits.BULK_WRITE + sum(map(api_credits.write, sizes)) + back * api_credits.LIST
        return cost, jobs * _CALLS_PER_JOB + len(sizes) + back

    def planned_credits(self, creates: int, updates: int) -> int:
        """Credits for so many writes, with the reads before and after them."""
        size, write = self._rules.write_batch, api_credits.write
        batches = [*_sizes(creates, size), *_sizes(updates, 1 if self._rules.strict_locking else size)]
        reads, batched = 0, creates + (0 if self._rules.strict_locking else updates)
        if 0 < self._rules.bulk_from <= batched:
            rows = self._rules.bulk_rows
            jobs = math.ceil(creates / rows) + math.ceil((batched - creates) / rows)
            return jobs * api_credits.BULK_WRITE + updates - (batched - creates)
        if self._rules.two_way:
            reads = math.ceil(updates / self._rules.read_batch)
            reads += math.ceil((creates + updates) / self._rules.read_batch)
        return sum(map(write, batches)) + reads * api_credits.LIST

    def request_cost(self, creates: int, updates: int) -> int:
        """Requests for so many writes: in hundreds, with `two_way` those that read before and after too."""
        size = self._rules.write_batch
        single = self._rules.strict_locking
        writes = math.ceil(creates / size) + (updates if single else math.ceil(updates / size))
        if not self._rules.two_way:
            return writes
        size = self._rules.read_batch
        return writes + math.ceil(creates / size) + 2 * math.ceil(updates / size)

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """Bulk jobs of a dead run have ended."""
        self._bulk.wait_until_idle(references)


def _sizes(count: int, size: int) -> list[int]:
    """How many records each of the batches holds."""
    return [size] * (count // size) + ([count % size] if count % size else [])
