"""A resource type of OroCRM as a stream."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch, ConnectorStream
from ml_connector.singer.windows import Window
from ml_connector.vendors.oro.client import Page
from ml_connector.vendors.oro.records import Included, Record, Resource, flat
from tap_oro_crm.linked import FOLLOWS, has_people_of_cases, people_of
from tap_oro_crm.memory import Memory, Unfinished, digest_of, note_position
from tap_oro_crm.people import People
from tap_oro_crm.reading import SHORT, STAMPS, Form, Reader, changed_at, instant_of, is_within
from tap_oro_crm.schema import CHANGED_AT, Shape

if TYPE_CHECKING:
    from tap_oro_crm.tap import TapOroCrm


class DictionaryStream(ConnectorStream):
    """A short list, such as casestatuses: read whole in each run."""

    finds_deletes = False

    def __init__(self, tap: TapOroCrm, shape: Shape) -> None:
        self._oro = tap
        super().__init__(tap, name=shape.kind.name, schema=shape.schema)
        self.primary_keys = ["id"]
        self.replication_key = None

    def windows(self) -> list[Window]:
        """Return one window; none where `record_ids` names records."""
        return [] if self._oro.config.get("record_ids") else [Window()]

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the list."""
        extracted = dt.datetime.now(dt.UTC)
        names = self.schema["properties"]
        records = [flat(resource) for resource in self._oro.client.dictionary(self.name)]
        yield Batch([{name: record.get(name) for name in names} for record in records], extracted)


class RecordStream(ConnectorStream):
    """The records of one type, by their ids; see `Reader` for how changed ones are found."""

    def __init__(self, tap: TapOroCrm, shape: Shape) -> None:
        self._oro = tap
        self._shape = shape
        super().__init__(tap, name=shape.kind.name, schema=shape.schema)
        self.primary_keys = ["id"]
        self.replication_key = CHANGED_AT
        self._named_here = self._named_ids(self.name)
        if tap.config.get("record_ids"):
            # Such a run is beside the bookmark for every stream, also for one that none of the ids is of.
            self.rules = dataclasses.replace(self.rules, keys=tuple(self._named_here) or ("",))
        self._upper: dt.datetime | None = None
        self._memory: Memory | None = None
        self._resume: Unfinished | None = None
        self._position: int | None = None

    def system_time(self) -> dt.datetime:
        """Return the server's time by its last answer, or this machine's where it does not tell."""
        return self._oro.client.server_time() or super().system_time()

    def windows(self) -> list[Window]:
        """Return the windows of this run: the one that a killed run left, and what changed since."""
        if self._oro.config.get("record_ids"):
            named = bool(self._named_here or self._linked_ids or self._people_ids)
            return [Window(keys=tuple(self._named_here) or ("",), moves_bookmark=False)] if named else []
        found = self._planned()
        self._upper = found[-1].end if found else None
        return found

    def _planned(self) -> list[Window]:
        left = None if self.rules.is_extra else Unfinished.of(self.stream_state)
        if left is None:
            return super().windows()
        self._resume = left
        first = Window(left.start, left.end, number=1, total=2)
        return [
            first,
            *(
                dataclasses.replace(window, number=2, total=2)
                for window in self.rules.plan(left.end, self.system_time())
            ),
        ]

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the records that changed in a window, or the named ones."""
        if window.keys:
            yield from self._read_named()
            return
        # Only a search for deleted records has no end: it wants all, sent before or not.
        scanning = window.end is None
        upper = window.end or self._upper or self.system_time()
        extra = not window.moves_bookmark
        memory = Memory.of(self.stream_state, upper - self.rules.look_back, blank=extra)
        after = self._after(window)
        self._memory, self._position = memory, None
        end = window.end if extra else None
        for found in self._found(window, end, memory, after):
            for resource in found.page.resources:
                memory.saw(str(resource["id"]))
            wanted = [
                resource
                for resource in found.page.resources
                if is_within(resource, window.start, end) or memory.is_new(str(resource["id"]))
            ]
            records = self._fresh(wanted, found.page.included, memory, again=scanning)
            self._position = found.position
            self._note_changed(window, records)
            yield Batch(records, found.page.extracted)
        yield from self._followed(window)

    def _note_changed(self, window: Window, records: Iterable[Record]) -> None:
        """A first reading brings everything anyhow; later ones tell who changed."""
        if window.start is not None:
            self._oro.changed.setdefault(self.name, set()).update(str(record["id"]) for record in records)

    def _followed(self, window: Window) -> Iterator[Batch]:
        """The records of parents that changed in this run, but for those that were sent as changed."""
        if window.start is None or self.name not in FOLLOWS or not self._oro.config.get("follow_cases"):
            return
        parent, relationship = FOLLOWS[self.name]
        changed, sent = self._oro.changed.get(parent, set()), self._oro.changed.get(self.name, set())
        for page in self._reader.named(sorted(changed, key=int), relationship):
            unsent = [resource for resource in page.resources if str(resource["id"]) not in sent]
            yield Batch([self._record(each, page.included) for each in unsent], page.extracted)

    def read_keys(self) -> Iterator[Batch]:
        """Yield the ids of all records that exist."""
        client, fields = self._oro.client, {self.name: self._form.stamps[:1]}
        for page in client.pages(self.name, fields=fields, size=client.page_size * SHORT):
            yield Batch([{"id": str(resource["id"])} for resource in page.resources], page.extracted)

    def _found(self, window: Window, end: dt.datetime | None, memory: Memory, after: int | None) -> Any:
        if window.start is None:
            return self._reader.whole(after)
        if window.end is None:
            # Also what has a date of its own that nobody can filter by: all are read and compared.
            return self._reader.whole(after)
        return self._reader.changed(window.start, end, memory, after)

    def _fresh(
        self, resources: Iterable[Resource], included: Included, memory: Memory, *, again: bool
    ) -> list[Record]:
        """The records that were not sent before as they are."""
        fresh = []
        for resource in resources:
            record = self._record(resource, included)
            digest, identifier = digest_of(record), record["id"]
            if again or memory.differs(identifier, digest):
                fresh.append(record)
            memory.note(identifier, instant_of(resource), digest)
        return fresh

    def _record(self, resource: Resource, included: Included) -> Record:
        whole = flat(resource, self._shape.kind.without)
        whole |= self._form.people.fields(resource, included)
        whole[CHANGED_AT] = changed_at(resource)
        return {name: whole.get(name) for name in self._chosen}

    def _read_named(self) -> Iterator[Batch]:
        seen: set[str] = set()
        pages: list[Iterator[Page]] = [self._reader.named([*self._named_here, *self._people_ids])]
        if linked := self._linked_ids:
            pages.append(self._reader.named(linked, FOLLOWS[self.name][1]))
        for listed in pages:
            for page in listed:
                fresh = [resource for resource in page.resources if str(resource["id"]) not in seen]
                seen.update(str(resource["id"]) for resource in fresh)
                yield Batch([self._record(each, page.included) for each in fresh], page.extracted)
        missing = [identifier for identifier in self._named_here if identifier not in seen]
        if missing:
            self.logger.warning(
                "%s: %d of the %d ids of `record_ids` are not there.",
                self.name,
                len(missing),
                len(self._named_here),
            )

    def _named_ids(self, stream: str, *, only_named: bool = False) -> list[str]:
        """The ids of `record_ids` that are of a stream, or may be unless `only_named`."""
        ids = []
        for text in self._oro.config.get("record_ids") or ():
            kind, colon, identifier = str(text).rpartition(":")
            if not identifier.isdecimal():
                raise SystemFault(
                    f"The setting `record_ids` has {text!r}, which is no id of OroCRM.",
                    fix="Give numbers like 22, or cases:22.",
                )
            if kind == stream or (not colon and not only_named):
                ids.append(identifier)
        return ids

    @cached_property
    def _linked_ids(self) -> list[str]:
        linked = FOLLOWS.get(self.name)
        return self._named_ids(linked[0], only_named=True) if linked else []

    @cached_property
    def _people_ids(self) -> list[str]:
        """Who belongs to the named cases."""
        cases = self._named_ids("cases", only_named=True) if has_people_of_cases(self.name) else []
        return people_of(self._oro.client, self.name, cases) if cases else []

    @cached_property
    def _chosen(self) -> list[str]:
        """The fields that are selected, and those that reading needs."""
        needed = {"id", CHANGED_AT}
        return [
            name
            for name in self.schema["properties"]
            if name in needed or self.mask.get(("properties", name), True)
        ]

    @cached_property
    def _form(self) -> Form:
        people, kinds = People.wanted(self.name, self._chosen), self._shape.kinds
        stamps = [name for name in STAMPS if name in kinds]
        if not self._shape.is_sampled:
            return Form(self.name, None, people, stamps)
        names = [name for name in self._chosen if name in kinds]
        more = [name for name in (*stamps, *people.include) if name not in names and name in kinds]
        return Form(self.name, [*names, *more], people, stamps)

    @cached_property
    def _reader(self) -> Reader:
        wants = self._oro.config.get("server_filters")
        return Reader(
            self._oro.client, self._oro.features, self._form, server_filters=wants is None or bool(wants)
        )

    def _after(self, window: Window) -> int | None:
        """The id after which a window that was left goes on."""
        left, self._resume = self._resume, None
        if left is None or left.end != window.end:
            return None
        self.logger.info("%s: going on after id %d, where an earlier run ended", self.name, left.after)
        return left.after

    def _advance(self, window: Window, until: dt.datetime | None, *, write_messages: bool) -> None:
        super()._advance(window, until, write_messages=write_messages)
        if not window.moves_bookmark or self._position is None:
            return
        note_position(self.stream_state, window, self._position)
        if write_messages:
            self.save_state()

    def _finish(self, window: Window, *, write_messages: bool) -> None:
        if window.moves_bookmark and self._memory is not None:
            self._memory.save(self.stream_state)
        super()._finish(window, write_messages=write_messages)
