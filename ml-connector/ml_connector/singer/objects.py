"""The base of a target's objects: what a plugin declares, and defaults for what it need not."""

from __future__ import annotations

import abc
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.singer.key_index import KeyIndex
from ml_connector.sync import Incoming, ObjectSpec, RemoteRecord, Rung, WriteEvent, WriteItem


class VendorObject(abc.ABC):
    """One object of the target system; implements `sync.Remote` for the engine.

    A plugin gives `spec`, `read`, `find` and `write`; see `sync.records.Remote` for their contracts.
    """

    spec: ObjectSpec

    @abc.abstractmethod
    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """These records as they are now; missing ones are absent."""

    @abc.abstractmethod
    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Candidates per value of the rung's field."""

    @abc.abstractmethod
    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Send items in bulk and tell what became of each."""

    def attach(self, index: KeyIndex) -> None:
        """Called once, before everything else: the ledger's index of dedupe keys, for objects that use it."""

    def prepare(self, fields: Sequence[str]) -> None:
        """Called once per stream before its first record, with the fields it will write.

        The place for definitions that must exist. Does nothing by default.
        """

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """Return when no job of ours runs. A vendor without jobs is idle."""

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """Whether an unlinked candidate of a lazy rung may be linked. No by default."""
        return False

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """Why a candidate must not be linked. Nothing speaks against it by default."""
        return None

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Keys of parents that have no link, by identity. None are known by default."""
        return {}

    def fallback(self, field_name: str) -> str | None:
        """The key of the record that a reference names where all its candidates were passed over.

        None, the default, leaves the field out of the write: the target keeps what it has.
        """
        return None

    def rename(self, field_name: str, incoming: Incoming) -> Any:
        """Another value for a unique field whose value is taken. None, so rejected, by default."""
        return None

    def request_cost(self, creates: int, updates: int) -> int:
        """How many requests that many writes cost, look-ups and polls not counted."""
        size = self.spec.batch_size
        return math.ceil(creates / size) + math.ceil(updates / size)

    def credit_cost(self, creates: int, updates: int) -> int:
        """How many of the vendor's credits that many writes cost. A vendor without credits: 0."""
        return 0
