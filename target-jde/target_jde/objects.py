"""The objects of the target: customers, suppliers and contacts of the address book."""

from __future__ import annotations

import abc
import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.http import Parallel
from ml_connector.ledger import is_blank
from ml_connector.singer.objects import VendorObject
from ml_connector.sync import (
    Field,
    Incoming,
    ObjectSpec,
    RemoteRecord,
    Rung,
    WriteEvent,
    WriteItem,
    as_version,
)
from ml_connector.vendors.jde.business import Records
from ml_connector.vendors.jde.client import Client
from target_jde.answers import Answer, ask, number_of
from target_jde.checking import Catalogue, Checker
from target_jde.finding import Finder
from target_jde.items import ITEMS
from target_jde.orchestrations import KEY, LINE, Orchestrations
from target_jde.writer import Writer

BY_NUMBER = "id:"  # `id:6001` names a record by its address number
READ_AT_ONCE = 100
_NUMBER: Mapping[str, Any] = {"type": ["integer", "string", "null"]}


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


@dataclasses.dataclass(frozen=True, slots=True)
class Tools:
    """What every object works with."""

    client: Client
    parallel: Parallel
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
            inactive=rules.inactive.get(name) or {},
        )
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
        self._checker.check_lookup()
        required = self._checker.check_update([name for name in written if name not in (KEY, LINE)])
        self._note(str(settings.update), required - set(fields))
        for name in written:
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
        """One orchestration call each."""
        return self.writer.write(items, fence)

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
            found |= {entry: hits[value][0] for entry, value in values.items() if len(hits.get(value, ())) == 1}
        return found

    def request_cost(self, creates: int, updates: int) -> int:
        """A call each; reading back is shared."""
        return creates + updates


class Masters(AddressBookObject):
    """The objects `customers` and `suppliers`.

    Ladder: address number, the field that keeps the source's key, what `match_by` lists, then create.
    """

    def __init__(self, tools: Tools, orchestrations: Orchestrations, rules: Rules) -> None:
        number = Field(KEY, schema=_NUMBER, stored_form=_as_number, writes="never")
        super().__init__(tools, orchestrations, rules, keys=(number,), rungs=_ladder(rules))

    def key_parts(self, key: str) -> tuple[int, ...]:
        """The address number."""
        return (int(key),)

    def key_in(self, row: Mapping[str, Any]) -> str:
        """The address number."""
        return str(row[KEY])

    def key_of(self, item: WriteItem, answer: Answer) -> str | None:
        """The new address number, where the settings say that it is."""
        number = answer.number(self._orchestrations.output)
        return None if number is None else str(number)

    def key_values(self, item: WriteItem) -> Mapping[str, Any]:
        """The address number of a change; JD Edwards gives new ones."""
        return {KEY: item.key} if item.key else {}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Keys and tax numbers in lists of 100, or by the lookup orchestration where one is named; what is
        spelled otherwise in an index of all. Hits are read before they count.
        """
        texts = {str(value): value for value in values}
        numbers = self._numbers(rung, list(texts))
        records = self.read([str(number) for number in {n for hits in numbers.values() for n in hits}])
        found: dict[Any, Sequence[RemoteRecord]] = {}
        for text, hits in numbers.items():
            known = [records[str(number)] for number in hits if str(number) in records]
            if known:
                found[texts[text]] = known
        return found

    def _numbers(self, rung: Rung, values: Sequence[str]) -> Mapping[str, Sequence[int]]:
        finder = self._tools.finder
        if rung.field == KEY:
            wanted = {value: number for value in values if (number := number_of(value)) is not None}
            there = finder.exists(list(dict.fromkeys(wanted.values()))) if wanted else set()
            return {value: [number] for value, number in wanted.items() if number in there}
        if self._orchestrations.lookup is not None and rung.within is None:
            return self._looked_up(rung.field, values)
        if rung.within is not None:
            pairs = {value: value.partition("/") for value in values}
            return finder.by_name({value: (code, name) for value, (code, _, name) in pairs.items()})
        if rung.field == "email":
            return finder.by_mail(values)
        return finder.by_column(rung.field, values)

    def _looked_up(self, field: str, values: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """By the lookup orchestration, one call for each value."""
        settings, name = self._orchestrations, str(self._orchestrations.lookup)
        found: dict[str, Sequence[int]] = {}
        for value in values:
            body = settings.body({settings.inputs[field].name: value.strip()})
            answer = ask(self._tools.client, settings, name, body, idempotent=True)
            if (fault := answer.fault(settings, name)) is not None:
                raise fault
            number = answer.number(settings.output)
            if number is not None:
                found[value] = [number]
        return found

    def by_source_key(self, identities: Sequence[str]) -> dict[str, str]:
        """Address numbers, as keys, by the source's key; `id:6001` names one by itself."""
        named = {text: number_of(text.removeprefix(BY_NUMBER)) for text in identities if text.startswith(BY_NUMBER)}
        numbers = [number for number in named.values() if number is not None]
        there = self._tools.finder.exists(numbers) if numbers else set()
        found = {text: str(number) for text, number in named.items() if number in there}
        rest = [text for text in identities if text not in named]
        if rest and self._rules.source_key is not None:
            hits = self._tools.finder.by_column(self._rules.source_key, rest)
            found |= {text: str(each[0]) for text, each in hits.items() if len(each) == 1}
        return found

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """A record that keeps another key of the source is somebody else's."""
        key = self._rules.source_key
        if key is None:
            return None
        own, theirs = incoming.mapped.get(key), candidate.fields.get(key)
        if is_blank(own) or is_blank(theirs) or str(own).strip().casefold() == str(theirs).strip().casefold():
            return None
        if self._same_number(candidate, incoming):
            return None
        return RecordFault(
            f"The address number {candidate.key} matches, but its {key} is {theirs}, another record's.",
            cause="linked",
            field=key,
            fix=f"Correct {key} in JD Edwards or the matching value in the source, then replay.",
        )

    def _same_number(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        return str(number_of(incoming.mapped.get(KEY)) or "") == candidate.key


class Contacts(AddressBookObject):
    """The object `contacts`: lines of the who's who above 0, each known by address number and line.

    Ladder: its line, then e-mail address and name within the address number, then create. The two latter are
    asked before a create, so that who is found by them after a lost answer was made by it.
    """

    def __init__(self, tools: Tools, orchestrations: Orchestrations, rules: Rules, customers: Masters) -> None:
        parent = Field(
            KEY,
            kind="reference",
            refers_to=customers.spec.name,
            schema={"type": ["integer", "string"]},
            writes="create",
        )
        line = Field(LINE, schema=_NUMBER, stored_form=_as_number, writes="never")
        rungs = [Rung(LINE, within=KEY)]
        if "email" in rules.match_by:
            rungs.append(Rung("email", exclusive=True, within=KEY))
        rungs.append(Rung("name", exclusive=True, within=KEY))
        self._customers = customers
        super().__init__(
            tools,
            orchestrations,
            rules,
            keys=(parent, line),
            rungs=tuple(rungs),
            depends_on=(customers.spec.name,),
        )

    @property
    def source_key(self) -> str | None:
        """None: a line of the who's who has no column for it."""
        return None

    def created_with(self, written: Sequence[str]) -> Sequence[str]:
        """The address number too."""
        return list(dict.fromkeys((KEY, *written)))

    def key_parts(self, key: str) -> tuple[int, ...]:
        """Address number and line; a key of two parts is a JSON list, as taps and targets name it."""
        number, line = json.loads(key)
        return int(number), int(line)

    def key_in(self, row: Mapping[str, Any]) -> str:
        """Address number and line."""
        return _pair(row[KEY], row[LINE])

    def key_of(self, item: WriteItem, answer: Answer) -> str | None:
        """The new line, under the address number that was sent."""
        line = answer.number(self._orchestrations.line_output)
        return None if line is None else _pair(item.values[KEY], line)

    def key_values(self, item: WriteItem) -> Mapping[str, Any]:
        """Address number, and of a change the line."""
        if item.key is None:
            return {KEY: item.values[KEY]}
        number, line = self.key_parts(item.key)
        return {KEY: number, LINE: line}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """All contacts of the address numbers, 100 numbers a query."""
        wanted = {str(value): (str(value).partition("/")[0], str(value).partition("/")[2]) for value in values}
        numbers = sorted({number for parent, _ in wanted.values() if (number := number_of(parent))})
        rows = self._tools.records.contacts_of(numbers) if numbers else ()
        by_parent: dict[str, list[RemoteRecord]] = {}
        for row in rows:
            by_parent.setdefault(str(row[KEY]), []).append(self.record(row))
        found: dict[Any, Sequence[RemoteRecord]] = {}
        for value in values:
            parent, text = wanted[str(value)]
            hits = [
                each
                for each in by_parent.get(parent, ())
                if _folded(each.fields.get(rung.field)) == _folded(self.spec.stored(rung.field, text))
            ]
            if hits:
                found[value] = hits
        return found

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Customers that are there without a link of ours, by the source's key."""
        return self._customers.by_source_key(identities)


def _ladder(rules: Rules) -> tuple[Rung, ...]:
    rungs = [Rung(KEY)]
    if rules.source_key is not None:
        rungs.append(Rung(rules.source_key, exclusive=True))
    for name in rules.match_by:
        if name == "name_and_postal_code":
            rungs.append(Rung("name", within="postal_code"))
        elif name != rules.source_key:
            # Nobody had this tax number before a create: who has it afterwards was made by it.
            rungs.append(Rung(name, exclusive=name != "email"))
    return tuple(rungs)


def _pair(number: Any, line: Any) -> str:
    return json.dumps([str(number), str(line)], separators=(",", ":"))


def _as_number(value: Any) -> Any:
    return number_of(value) or value


def _folded(value: Any) -> str:
    return " ".join(str(value if value is not None else "").split()).casefold()
