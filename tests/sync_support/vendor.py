"""A vendor in memory: rows, versions that move with each write, stored forms, unique values, jobs, deaths.

It keeps its own rules of storing (`forms`), apart from what an ObjectSpec says of them, and tells nothing
but what a vendor's API tells.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ml_connector.errors import PassingFault, RecordFault
from ml_connector.sync import (
    Done,
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

EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Death(BaseException):
    """The process is killed here."""


class Clock:
    """The vendor's clock: it moves with every change, and whenever it is told to."""

    def __init__(self) -> None:
        self._seconds = itertools.count(1)

    def tick(self) -> str:
        return (EPOCH + dt.timedelta(seconds=next(self._seconds))).isoformat()


@dataclass
class Moments:
    """Every point at which a process can be killed; `fatal` is the number of the one at which it is."""

    fatal: int | None = None
    passed: int = 0
    names: list[str] = field(default_factory=list)

    def at(self, name: str) -> None:
        self.passed += 1
        self.names.append(name)
        if self.passed == self.fatal:
            raise Death(name)


def as_it_is(value: Any) -> Any:
    return value


class VendorObject:
    """One object of a vendor, as the engine's Remote and as people's screen (`edit`, `add`)."""

    def __init__(
        self,
        spec: ObjectSpec,
        *,
        forms: Mapping[str, Callable[[Any], Any]] | None = None,
        clock: Clock | None = None,
        moments: Moments | None = None,
        prefix: str = "",
        tells_versions: bool = True,
        tells_stored: bool = True,
        jobs: bool = False,
    ) -> None:
        self.spec = spec
        self.forms = dict(forms or {})
        self.clock = clock or Clock()
        self.moments = moments or Moments()
        self.prefix = prefix
        self.tells_versions, self.tells_stored, self.jobs = tells_versions, tells_stored, jobs
        self.rows: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, str] = {}
        self.writes = 0
        self.calls: Counter[str] = Counter()
        self.sent: list[tuple[str, str | None, dict[str, Any]]] = []
        self.refuses: Callable[[WriteItem], RecordFault | None] = lambda item: None
        self.renames: Callable[[str, Incoming], Any] = lambda name, incoming: None
        self.adopts: Callable[[RemoteRecord, Incoming], bool] = lambda candidate, incoming: False
        self.objects: Callable[[RemoteRecord, Incoming], RecordFault | None] = lambda found, incoming: None
        self.strangers: dict[str, str] = {}
        self.asked_for: list[tuple[str, list[str]]] = []
        self.fallbacks: dict[str, str] = {}
        self.merges_into: str | None = None
        self.forgets = 0
        self.lost_answers = 0
        self.waited_for: list[Sequence[str]] = []
        self._numbers = itertools.count(1)

    # People

    def add(self, **values: Any) -> str:
        key = f"{self.prefix}{next(self._numbers)}"
        self._store(key, values)
        return key

    def edit(self, key: str, **values: Any) -> None:
        self._store(key, values)

    def delete(self, key: str) -> None:
        del self.rows[key], self.versions[key]

    def _store(self, key: str, values: Mapping[str, Any]) -> None:
        row = self.rows.setdefault(key, dict.fromkeys(self.spec.fields))
        row.update({name: self.forms.get(name, as_it_is)(value) for name, value in values.items()})
        self.versions[key] = self.clock.tick()

    def row(self, key: str) -> dict[str, Any]:
        """A raw record as a tap sends it."""
        return {"id": key, **self.rows[key], "updated_at": self.versions[key]}

    # The engine

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        self.calls["read"] += 1
        self.moments.at("read")
        return {key: self._record(key) for key in keys if key in self.rows}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        self.calls["find"] += 1
        self.moments.at("find")
        found: dict[Any, list[RemoteRecord]] = {}
        for key, row in self.rows.items():
            if row.get(rung.field) in values:
                found.setdefault(row[rung.field], []).append(self._record(key))
        return found

    def _record(self, key: str) -> RemoteRecord:
        return RemoteRecord(key, dict(self.rows[key]), as_version(self.versions[key]))

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        size = self.spec.batch_size
        for start in range(0, len(items), size):
            batch = items[start : start + size]
            fence()
            self.calls["write"] += 1
            self.moments.at("before commit")
            reference = f"job-{self.calls['write']}" if self.jobs else None
            if self.jobs:
                yield Sent(batch, reference)
                self.moments.at("job accepted")
            results = []
            for item in batch:
                results.append(self._commit(item))
                self.moments.at("committed one")
            self.moments.at("after commit")
            if self.lost_answers:
                self.lost_answers -= 1
                raise PassingFault("The answer got lost.")
            yield Done(results[self.forgets :])
            self.moments.at("after settling")

    def _commit(self, item: WriteItem) -> WriteResult:
        self.sent.append((item.kind, item.key, dict(item.values)))
        fault = self.refuses(item)
        if fault is not None:
            return WriteResult(item, fault=fault, request_id="request-1")
        if item.kind == "update" and item.key not in self.rows:
            return WriteResult(item, fault=RecordFault("There is no such record.", cause="missing"))
        for name, spec in self.spec.fields.items():
            if spec.unique and item.values.get(name) is not None and self._holder(name, item) is not None:
                return WriteResult(item, fault=RecordFault(f"{name} is taken.", cause="taken"), taken=name)
        key = item.key or self.merges_into or f"{self.prefix}{next(self._numbers)}"
        self._store(key, item.values)
        self.writes += 1
        return WriteResult(
            item,
            key=key,
            stored=dict(self.rows[key]) if self.tells_stored else None,
            version=as_version(self.versions[key]) if self.tells_versions else None,
            request_id="request-1",
        )

    def _holder(self, name: str, item: WriteItem) -> str | None:
        value = self.forms.get(name, as_it_is)(item.values[name])
        return next((key for key, row in self.rows.items() if row[name] == value and key != item.key), None)

    def wait_until_idle(self, references: Sequence[str]) -> None:
        self.moments.at("wait until idle")
        self.waited_for.append(references)

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        return self.adopts(candidate, incoming)

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        return self.objects(candidate, incoming)

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        self.calls["parents"] += 1
        self.asked_for.append((field_name, list(identities)))
        return {identity: self.strangers[identity] for identity in identities if identity in self.strangers}

    def fallback(self, field_name: str) -> str | None:
        return self.fallbacks.get(field_name)

    def rename(self, field_name: str, incoming: Incoming) -> Any:
        return self.renames(field_name, incoming)
