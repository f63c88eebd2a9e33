"""The objects of the target: customers, suppliers and contacts of the address book."""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.http import Parallel
from ml_connector.singer.objects import VendorObject
from ml_connector.sync import (
    Done,
    Field,
    ObjectSpec,
    RemoteRecord,
    Rung,
    WriteEvent,
    WriteItem,
    WriteResult,
    as_version,
)
from ml_connector.vendors.jde.client import Client
from ml_connector.vendors.jde.reading import TableReader
from target_jde.answers import Answer, number_of
from target_jde.checking import Catalogue, Checker
from target_jde.finding import Finder
from target_jde.items import ITEMS
from target_jde.orchestrations import KEY, LINE, Orchestrations
from target_jde.records import Records
from target_jde.twins import Twins
from target_jde.writer import Writer

NUMBER: Mapping[str, Any] = {"type": ["integer", "string", "null"]}


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The settings of all objects; see the target's settings of the same names."""

    source_key: str | None = "long_address"
    match_by: tuple[str, ...] = ("tax_id", "email")
    creates: bool = True
    two_way: bool = True
    recreate: bool = False
    blank: str = " "
    write_blanks: frozenset[str] = frozenset()
    inactive: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    inactivates: bool = False
    singly: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Tools:
    """What every object works with."""

    client: Client
    parallel: Parallel
    reader: TableReader
    records: Records
    finder: Finder
    catalogue: Catalogue


class AddressBookObject(VendorObject, abc.ABC):
    """What the objects share: checked at start, read by the data service, written by orchestrations."""

    def __init__(
        self,
        tools: Tools,
        orchestrations: Orchestrations,
        rules: Rules,
        *,
        keys: Sequence[Field],
        rungs: tuple[Rung, ...],
        depends_on: tuple[str, ...] = (),
    ) -> None:
        name = orchestrations.object_name
        self._tools = tools
        self._rules = rules
        self._orchestrations = orchestrations
        items = {item.name: item.field(write_blanks=item.name in rules.write_blanks) for item in ITEMS[name]}
        self._fields: dict[str, Field] = {field.name: field for field in keys} | items
        self.spec = ObjectSpec(
            name=name,
            fields=self._fields,
            rungs=rungs,
            depends_on=depends_on,
            two_way=rules.two_way,
            batch_size=1,
            inactive=(rules.inactive.get(name) or {}) if rules.inactivates else {},
        )
        self._twins = Twins(rungs)
        self._checker = Checker(orchestrations, tools.catalogue, self.source_key)
        self.writer = Writer(
            tools.client,
            tools.parallel,
            orchestrations,
            self.spec,
            blank=rules.blank,
            key_of=self.key_of,
            keys=self.key_values,
            read=self.read,
            find_made=self.find_made,
        )

    @property
    def source_key(self) -> str | None:
        """The field that keeps the source's key."""
        return self._rules.source_key

    # Start

    def prepare(self, fields: Sequence[str]) -> None:
        """Hold the orchestrations against the server, and learn which inputs they require.

        Raises:
            SystemFault: one is missing, or an input is, or nothing keeps the source's key.
        """
        written = [name for name in fields if self._is_written(name)]
        settings = self._orchestrations
        self._checker.check_lookup([rung.field for rung in self.spec.rungs if rung.within is None])
        changed = dict.fromkeys([*(name for name in written if name not in (KEY, LINE)), *self.spec.inactive])
        required = self._checker.check_update(changed)
        self._note(str(settings.update), required - set(fields))
        for name in (*written, *self.spec.inactive):
            companions = tuple(sorted(required - {name}))
            self._fields[name] = dataclasses.replace(self._fields[name], companions=companions)
        if self._rules.creates:
            needed = self._checker.check_create(self.created_with(written))
            self._note(str(settings.create), needed)

    def created_with(self, written: Sequence[str]) -> Sequence[str]:
        """The fields that a create sends."""
        return written

    def _is_written(self, name: str) -> bool:
        return name in self._fields and self._fields[name].writes != "never"

    def _note(self, name: str, required: frozenset[str]) -> None:
        described = self._tools.catalogue.of(name)
        self.writer.known_inputs[name] = described.inputs if described else None
        if name == self._orchestrations.create:
            self.writer.required[name] = required

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """These records as the tap's stream of the object shows them, 100 a query."""
        found = self._tools.records.by_key(self.spec.name, [self.key_parts(key) for key in keys])
        return {record.key: record for record in map(self.record, found)}

    def record(self, row: Mapping[str, Any]) -> RemoteRecord:
        """A joined record as the engine compares it."""
        fields = {name: row.get(name) for name in self._fields}
        return RemoteRecord(self.key_in(row), fields, as_version(row.get("updated_at")))

    @abc.abstractmethod
    def key_parts(self, key: str) -> tuple[int, ...]:
        """A key as the numbers that it is made of."""

    @abc.abstractmethod
    def key_in(self, row: Mapping[str, Any]) -> str:
        """The key of a joined record."""

    @abc.abstractmethod
    def key_of(self, item: WriteItem, answer: Answer) -> str | None:
        """The key that the answer to a create tells; None where it tells none."""

    @abc.abstractmethod
    def key_values(self, item: WriteItem) -> Mapping[str, Any]:
        """The key fields that an item is sent with."""

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """All that may be written; who is refused here is not sent."""
        refused = {item.entry.id: fault for item in items if (fault := self.refusal(item)) is not None}
        left = [item for item in items if item.entry.id not in refused]
        refused |= self._twins.refusals(left)
        if refused:
            told = [item for item in items if item.entry.id in refused]
            yield Done([WriteResult(item, fault=refused[item.entry.id]) for item in told])
        for event in self.send([item for item in items if item.entry.id not in refused], fence):
            yield event
            if isinstance(event, Done):
                self._twins.give_back(event.results)

    def send(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """One orchestration call each."""
        return self.writer.write(items, fence)

    def refusal(self, item: WriteItem) -> RecordFault | None:
        """Why an item must not be sent; None where it may be."""
        if item.kind != "create" or self._rules.creates:
            return None
        return RecordFault(
            f"No record of {self.spec.name} matches, and none is created (setting creates).",
            cause="missing_partner",
            fix="Create it in JD Edwards, or set creates: true, then replay.",
        )

    def find_made(self, items: Sequence[WriteItem]) -> Mapping[int, RemoteRecord]:
        """The records that creates may have made, by journal entry: whom an exclusive rung finds now."""
        found: dict[int, RemoteRecord] = {}
        for rung in self.spec.rungs:
            values = {
                item.entry.id: value
                for item in items
                if rung.exclusive
                and item.entry.id not in found
                and (value := rung.value(item.incoming.mapped)) is not None
            }
            hits = self.find(rung, list(dict.fromkeys(values.values()))) if values else {}
            found |= {
                entry: hits[value][0] for entry, value in values.items() if len(hits.get(value, ())) == 1
            }
        return found

    def request_cost(self, creates: int, updates: int) -> int:
        """A call each; reading back is shared."""
        return creates + updates


def as_number(value: Any) -> Any:
    """A key as the number that it is; what is none comes back as it is."""
    return number_of(value) or value
