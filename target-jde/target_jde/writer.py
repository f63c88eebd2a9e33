"""Writing records through orchestrations, one call each, and judging what became of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.http import Parallel
from ml_connector.ledger import is_blank
from ml_connector.ledger.digests import canonical
from ml_connector.singer.singly import chunks, settled_singly
from ml_connector.sync import Done, ObjectSpec, RemoteRecord, Sent, WriteEvent, WriteItem, WriteResult
from ml_connector.vendors.jde.client import Client
from target_jde.answers import Answer, ask
from target_jde.orchestrations import KEY, Orchestrations

_AT_ONCE = 100  # how many are noted as sent together: what a killed run has to look for again

Read = Callable[[Sequence[str]], Mapping[str, RemoteRecord]]
# The records that creates may have made, by journal entry: whom a key of ours finds.
FindMade = Callable[[Sequence[WriteItem]], Mapping[int, RemoteRecord]]


@dataclasses.dataclass(slots=True)
class Called(WriteResult):
    """A result with the answer that it was judged by."""

    answer: Answer | None = None


class Writer:
    """Writes the items of one object.

    `key_of` gives the key that an answer tells; `keys` the key inputs of an item; `read` and `find_made` look
    at what is there now. `known_inputs`: the inputs of each orchestration, where the server told them.
    """

    def __init__(
        self,
        client: Client,
        parallel: Parallel,
        orchestrations: Orchestrations,
        spec: ObjectSpec,
        *,
        blank: str,
        key_of: Callable[[WriteItem, Answer], str | None],
        keys: Callable[[WriteItem], Mapping[str, Any]],
        read: Read,
        find_made: FindMade,
    ) -> None:
        self._client = client
        self._parallel = parallel
        self._orchestrations = orchestrations
        self._spec = spec
        self._blank = blank
        self._key_of = key_of
        self._keys = keys
        self._read = read
        self._find_made = find_made
        self.known_inputs: dict[str, frozenset[str] | None] = {}
        self.required: dict[str, frozenset[str]] = {}

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Each item by itself, in pieces that are read back together; after the first fault nothing is
        sent.
        """
        for chunk in chunks(items, _AT_ONCE):
            fence()
            yield Sent(chunk, None)
            for done in settled_singly(self._parallel, self._call, chunk, fence):
                yield Done(self.verified(done.results))

    def complete(
        self,
        results: Sequence[WriteResult],
        rest: Mapping[int, Mapping[str, Any]],
        fence: Callable[[], None],
    ) -> list[WriteResult]:
        """Write further values, by journal entry, into records that were just created another way.

        The records are there: what is refused of these values is a warning.
        """
        name = str(self._orchestrations.update)
        for result in results:
            if values := rest.get(result.item.entry.id):
                fence()
                key = {**self._keys(result.item), KEY: result.key}
                inputs = self._inputs(name, {**self._stored(values), **key})
                answer = ask(self._client, self._orchestrations, name, self._orchestrations.body(inputs))
                fault = answer.fault(self._orchestrations, name)
                if fault is not None and not isinstance(fault, RecordFault):
                    raise fault
                result.warnings = answer.texts
        if not rest or not self._spec.two_way:
            return list(results)
        records = self._read([str(each.key) for each in results if each.item.entry.id in rest])
        return [self._judged(each, records.get(str(each.key))) for each in results]

    # One call

    def _call(self, item: WriteItem) -> WriteResult:
        name = self._name(item)
        if (lack := self._incomplete(item, name)) is not None:
            return WriteResult(item, key=item.key, fault=lack)
        answer = ask(self._client, self._orchestrations, name, self._orchestrations.body(self.inputs(item)))
        fault = answer.fault(self._orchestrations, name)
        if fault is not None and not isinstance(fault, RecordFault):
            raise fault
        key = item.key or self._key_of(item, answer)
        return Called(item, key=key, fault=fault, request_id=answer.request_id, retries=1, answer=answer)

    def _name(self, item: WriteItem) -> str:
        name = self._orchestrations.create if item.kind == "create" else self._orchestrations.update
        assert name is not None  # noqa: S101 - the checker refused to start without it
        return name

    def inputs(self, item: WriteItem) -> dict[str, str]:
        """Input -> text of an item: values as JD Edwards keeps them, the key, constants."""
        return self._inputs(self._name(item), {**self._stored(item.values), **self._keys(item)})

    def _stored(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._spec.stored(name, value) for name, value in values.items()}

    def _inputs(self, name: str, values: Mapping[str, Any]) -> dict[str, str]:
        texts = self._orchestrations.texts(values, self._blank)
        known = self.known_inputs.get(name)
        given = self._orchestrations.given_constants
        return {
            title: text for title, text in texts.items() if known is None or title in known or title in given
        }

    def _incomplete(self, item: WriteItem, name: str) -> RecordFault | None:
        """A required input without a value: the orchestration would refuse it, with a poorer word for it."""
        missing = sorted(field for field in self.required.get(name, ()) if is_blank(item.values.get(field)))
        if not missing:
            return None
        titles = ", ".join(self._orchestrations.inputs[field].name for field in missing)
        return RecordFault(
            f"The orchestration {name} requires {titles}, which the record has no value for.",
            cause="invalid",
            field=missing[0],
            fix="Give the value in the source or the mapping, or a fixed one in "
            f"orchestrations.{self._spec.name}.constants, then replay.",
        )

    # What became of them

    def verified(self, results: Sequence[WriteResult]) -> list[WriteResult]:
        """The results with what is stored of them.

        A failure is none of the record where a part of it was done: then the record is there, and what is
        missing is told as a warning. That is looked up, never guessed.
        """
        made = self._made([each for each in results if each.key is None and _may_be_made(each)])
        for result in results:
            if result.item.entry.id in made:
                result.key = made[result.item.entry.id].key
        looked = [
            str(each.key) for each in results if each.key and (each.fault is not None or self._spec.two_way)
        ]
        records = self._read(list(dict.fromkeys(looked))) if looked else {}
        return [self._judged(each, records.get(str(each.key))) for each in results]

    def _made(self, results: Sequence[WriteResult]) -> Mapping[int, RemoteRecord]:
        return self._find_made([each.item for each in results]) if results else {}

    def _judged(self, result: WriteResult, record: RemoteRecord | None) -> WriteResult:
        answer = result.answer if isinstance(result, Called) else None
        if record is not None:
            if self._spec.two_way:
                result.stored, result.version = record.fields, record.version
            if result.fault is not None and self._partly_done(result.item, record):
                result.fault = None
        if result.fault is None and answer is not None:
            result.warnings = answer.texts
        return result

    def _partly_done(self, item: WriteItem, record: RemoteRecord) -> bool:
        """Whether something that was to be written is there; of a create the record is enough."""
        if item.kind == "create":
            return True
        return any(
            canonical(self._spec.stored(name, item.values[name])) == canonical(record.fields.get(name))
            for name in item.entry.body.fields
            if name in item.values
        )


def _may_be_made(result: WriteResult) -> bool:
    return result.item.kind == "create" and isinstance(result, Called)
