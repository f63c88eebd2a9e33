"""Customers and suppliers: the address book's entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.sync import (
    Done,
    Field,
    Incoming,
    RemoteRecord,
    Rung,
    WriteEvent,
    WriteItem,
    WriteResult,
)
from target_jde.answers import Answer, ask, number_of
from target_jde.batch import UNPROCESSED, BatchRoute, BatchRules
from target_jde.objects import NUMBER, AddressBookObject, Rules, Tools, as_number
from target_jde.orchestrations import KEY, Orchestrations

BY_NUMBER = "id:"  # `id:6001` names a record by its address number


class Masters(AddressBookObject):
    """The objects `customers` and `suppliers`.

    Ladder: address number, the field that keeps the source's key, what `match_by` lists, then create.
    """

    def __init__(self, tools: Tools, orchestrations: Orchestrations, rules: Rules, batch: BatchRules) -> None:
        number = Field(KEY, schema=NUMBER, stored_form=as_number, writes="never")
        super().__init__(tools, orchestrations, rules, keys=(number,), rungs=_ladder(rules))
        self._proved = False
        self._batches = batch
        self.batch = BatchRoute(
            tools.client,
            tools.reader,
            orchestrations,
            batch,
            stored=self.spec.stored,
            made=self.find_made,
            complete=self.writer.complete,
        )

    def prepare(self, fields: Sequence[str]) -> None:
        """The orchestration that stages is checked too, where batches are staged."""
        super().prepare(fields)
        if self._batches.least and self._rules.creates:
            self._checker.check_stage(self._batches.orchestration, self._batches.array)

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

    # Writing

    def send(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Many new ones in batches where the settings say so; all others by one call each."""
        staged = self.batch.chosen(items)
        chosen = {item.entry.id for item in staged}
        again: list[WriteItem] = []
        for event in self.batch.write(staged, fence):
            yield self._kept(event, again)
        singly = [*(item for item in items if item.entry.id not in chosen), *again]
        for part in self._with_first(singly):
            for event in super().send(part, fence):
                yield event
                self._learn(event)
                self._prove(event)

    def _with_first(self, items: Sequence[WriteItem]) -> Iterator[Sequence[WriteItem]]:
        """The first create goes by itself, as long as nobody knows that the source's key is stored."""
        first = next((item for item in items if item.kind == "create"), None)
        if first is None or self._proved or self.source_key is None:
            yield items
            return
        yield [first]
        yield [item for item in items if item is not first]

    def _prove(self, event: WriteEvent) -> None:
        """Stop after a create that did not store the source's key: none after it could be found again."""
        if self._proved or self.source_key is None or not isinstance(event, Done):
            return
        for result in event.results:
            if result.item.kind != "create" or result.fault is not None or result.key is None:
                continue
            if not self._kept_key(self.source_key, result):
                raise SystemFault(
                    f"The orchestration {self._orchestrations.create} created address number {result.key} "
                    f"without its {self.source_key}, so that a create whose answer is lost could never be "
                    "found again. It is linked; nothing else was created.",
                    fix=f"Let the orchestration store {self.source_key}, name the field that it stores in "
                    "`source_key`, or set creates: false.",
                )
            self._proved = True
            return

    def _kept_key(self, name: str, result: WriteResult) -> Any:
        if result.stored is not None:
            return result.stored.get(name)
        return self._tools.finder.value(name, int(str(result.key)))

    def _kept(self, event: WriteEvent, again: list[WriteItem]) -> WriteEvent:
        """The results of a batch; with `batch_refused: singly` its unprocessed rows are sent once more."""
        if isinstance(event, Done):
            self._learn(event)
            if self._rules.singly:
                again += [each.item for each in event.results if _is_unprocessed(each)]
                return Done([each for each in event.results if not _is_unprocessed(each)])
        return event

    def refusal(self, item: WriteItem) -> RecordFault | None:
        """Why nothing is created for an item; None where it may be."""
        refused = super().refusal(item)
        if refused is not None or item.kind != "create":
            return refused
        number = number_of(item.incoming.mapped.get(KEY))
        if number is None or self._rules.recreate:
            return None
        return RecordFault(
            f"The record names address number {number}, which is not in JD Edwards.",
            cause="unknown_number",
            field=KEY,
            fix="Correct or empty the number in the source, or set on_missing: recreate, then replay.",
        )

    def _learn(self, event: WriteEvent) -> None:
        if isinstance(event, Done):
            for result in event.results:
                if result.item.kind == "create" and result.key and result.fault is None:
                    self._tools.finder.learn(int(result.key), result.item.values)

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """The batches of a dead run are brought to their end."""
        self.batch.wait_until_idle(references)

    # Reading

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
        if rung.within is not None:
            pairs = {value: value.partition("/") for value in values}
            return finder.by_name({value: (code, name) for value, (code, _, name) in pairs.items()})
        if self._checker.looks_up(rung.field):
            return self._looked_up(rung.field, values)
        return self._browsed(rung.field, values)

    def _browsed(self, field: str, values: Sequence[str]) -> Mapping[str, Sequence[int]]:
        finder = self._tools.finder
        return finder.by_mail(values) if field == "email" else finder.by_column(field, values)

    def _looked_up(self, field: str, values: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """By the lookup orchestration, one call for each value. Where it fails, as it does for several
        matches, the tables tell who they are.
        """
        settings, name = self._orchestrations, str(self._orchestrations.lookup)
        found: dict[str, Sequence[int]] = {}
        for value in values:
            body = settings.body({settings.inputs[field].name: value.strip()})
            answer = ask(self._tools.client, settings, name, body, idempotent=True)
            fault = answer.fault(settings, name)
            if fault is None:
                number = answer.number(settings.output)
                found |= {value: [number]} if number is not None else {}
            elif isinstance(fault, RecordFault):
                hits = self._browsed(field, [value])
                if len(hits.get(value, ())) < 2:
                    raise SystemFault(
                        fault.message,
                        fix=f"Mend it, or take it out of orchestrations.{self.spec.name}.lookup.",
                    )
                found |= hits
            else:
                raise fault
        return found

    def by_source_key(self, identities: Sequence[str]) -> dict[str, str]:
        """Address numbers, as keys, by the source's key; `id:6001` names one by itself."""
        named = {
            text: number_of(text.removeprefix(BY_NUMBER)) for text in identities if text.startswith(BY_NUMBER)
        }
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


def _is_unprocessed(result: WriteResult) -> bool:
    return result.fault is not None and result.fault.cause == UNPROCESSED
