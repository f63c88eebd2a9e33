"""Batch operations as the message consumer works on them (B8)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.core.faults import Fault
from ml_sandbox.oro.bodies import Item, read_item
from ml_sandbox.oro.errors import JSON, OroError, Problem, conflict
from ml_sandbox.oro.submission import Submission, belonging
from ml_sandbox.oro.world import World
from ml_sandbox.oro.writing import Records, Writing

EXPIRE_SECONDS = 30 * 24 * 3600.0
INCLUDED_CHUNK = 50
PARTIAL = "The server refused this record."


@dataclass
class Operation:
    """One batch operation; times are vendor seconds.

    Attributes:
        data: the primary resource objects, as they were sent.
        included: those that they bring with them.
        worked: for how long the consumer has worked on it.
        seen: until when that is counted.
        waits: how long it does nothing at first, by a fault.
        failing: positions that a fault lets fail.
        done: chunks that are finished.
        brought: pointers of included records that an earlier record brought.
    """

    operation_id: str
    type_name: str
    data: list[Any]
    included: list[Item]
    writing: Writing
    began: float
    seen: float
    chunks: list[range]
    waits: float = 0.0
    failing: frozenset[int] = frozenset()
    failure: tuple[str, str] = ("", "")
    worked: float = 0.0
    done: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("read", "create", "update"), 0))
    errors: int = 0
    brought: set[str] = field(default_factory=set)

    @property
    def status(self) -> str:
        """What a client sees."""
        if self.done == len(self.chunks):
            return "success"
        return "running" if self.worked > 0 else "new"


class Operations:
    """All operations of the installation."""

    def __init__(self, world: World, records: Records) -> None:
        self._world = world
        self._records = records
        self._open: dict[str, Operation] = {}
        self._began: dict[str, float] = {}

    def clear(self) -> None:
        """Forget all."""
        self._open.clear()
        self._began.clear()

    def start(
        self, type_name: str, data: list[Any], included: list[Item], writing: Writing, fault: Fault | None
    ) -> str:
        """Take on an operation and give its id."""
        now = self._world.clock.monotonic()
        store = self._world.store("asyncoperations")
        operation = Operation(
            store.next_id(),
            type_name,
            data,
            included,
            writing,
            now,
            now,
            self._chunks(len(data), len(included)),
        )
        if fault is not None:
            _harm(operation, fault)
        self._open[operation.operation_id] = operation
        self._began[operation.operation_id] = now
        created = self._world.now()
        self._show(operation, {"createdAt": created, "updatedAt": created})
        return operation.operation_id

    def advance(self) -> None:
        """Let the consumer do what it has had time for."""
        now = self._world.clock.monotonic()
        running = self._world.settings.flag("consumer_running")
        for operation in list(self._open.values()):
            passed, operation.seen = now - operation.seen, now
            if not running:
                continue
            idle = min(operation.waits, passed)
            operation.waits -= idle
            operation.worked += passed - idle
            self._work(operation)
        for operation_id, began in list(self._began.items()):
            if now - began > EXPIRE_SECONDS:
                self._expire(operation_id)

    def _work(self, operation: Operation) -> None:
        before = operation.done
        seconds = self._world.settings.number("chunk_seconds")
        due = len(operation.chunks) if seconds <= 0 else math.floor(operation.worked / seconds)
        # Chunks are messages of their own: several consumers take them in any order.
        while operation.done < min(due, len(operation.chunks)):
            number = len(operation.chunks) - operation.done
            self._work_chunk(operation, number)
            operation.done += 1
        self._show(operation, {"updatedAt": self._world.now()} if operation.done != before else {})
        if operation.done == len(operation.chunks):
            del self._open[operation.operation_id]

    def _work_chunk(self, operation: Operation, number: int) -> None:
        problems: list[Problem] = []
        for position in operation.chunks[number - 1]:
            operation.counts["read"] += 1
            try:
                self._work_item(operation, position)
            except OroError as error:
                problems += error.problems
        for n, problem in enumerate(problems, 1):
            self._world.store("asyncoperationerrors").put(
                {
                    "id": f"{operation.operation_id}-{number}-{n}",
                    "operation": operation.operation_id,
                    "status": problem.status,
                    "title": problem.title,
                    "detail": problem.detail,
                    "source": problem.source(),
                }
            )
        operation.errors += len(problems)

    def _work_item(self, operation: Operation, position: int) -> None:
        item = batch_item(operation.data[position], f"/data/{position}", operation.type_name)
        if position in operation.failing:
            title, detail = operation.failure
            raise OroError(Problem(400, title, detail, item.pointer))
        more = [one for one in belonging(item, operation.included) if one.pointer not in operation.brought]
        submission = Submission(self._world, self._records, operation.writing)
        (written,) = submission.save([item], more).primaries
        operation.brought |= {one.pointer for one in more}
        operation.counts["create" if written.created else "update"] += 1

    def _show(self, operation: Operation, changes: Mapping[str, Any]) -> None:
        store = self._world.store("asyncoperations")
        user = operation.writing.user
        row = store.get(operation.operation_id) or {
            "id": operation.operation_id,
            "entityType": operation.type_name,
            "owner": user["id"],
            "organization": user.get("organization"),
        }
        store.put({**row, **changes, **self._state(operation)})

    def _state(self, operation: Operation) -> JSON:
        started = operation.worked > 0
        summary = {
            "aggregateTime": round(operation.worked * 1000),
            "readCount": operation.counts["read"],
            "writeCount": operation.counts["create"] + operation.counts["update"],
            "errorCount": operation.errors,
            "createCount": operation.counts["create"],
            "updateCount": operation.counts["update"],
        }
        return {
            "status": operation.status,
            "progress": round(operation.done / len(operation.chunks), 2),
            "elapsedTime": math.ceil(operation.worked),
            "summary": summary if started else None,
        }

    def _chunks(self, count: int, included: int) -> list[range]:
        """Chunks of so many primary records; of fewer when those bring many included ones."""
        size = self._world.settings.integer("chunk_size")
        if included > INCLUDED_CHUNK:
            size = max(1, min(size, count * INCLUDED_CHUNK // included))
        return [range(start, min(start + size, count)) for start in range(0, count, size)]

    def _expire(self, operation_id: str) -> None:
        self._open.pop(operation_id, None)
        del self._began[operation_id]
        errors = self._world.store("asyncoperationerrors")
        for error_id in errors.holding("operation", operation_id):
            errors.delete(error_id)
        self._world.store("asyncoperations").delete(operation_id)


def batch_item(value: Any, pointer: str, type_name: str) -> Item:
    """A primary resource object of a batch, which has to be of the type in the path."""
    item = read_item(value, pointer)
    if item.type_name != type_name:
        text = "The 'type' property should match the requested resource"
        raise conflict(text, f"{pointer}/type")
    return item


def _harm(operation: Operation, fault: Fault) -> None:
    if fault.fault == "job_stuck":
        operation.waits = float(fault.parameters["seconds"]) or math.inf
        return
    operation.failing = frozenset(fault.failing_rows(len(operation.data)))
    title, detail = fault.parameters["error"], fault.parameters["details"]
    operation.failure = (title or "form constraint", detail or PARTIAL)
