"""The references of records that are planned: which of them matter, and what is written in their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ml_connector.ledger import Link, Transaction
from ml_connector.sync.kin import Kin
from ml_connector.sync.merge import Merger, changed_fields
from ml_connector.sync.pointers import LEFT_OUT, Guide, Pointers, Reading
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Incoming, Remote


class References:
    """Follows the references of one object's records, each with its link where it has one.

    `recreates`: a linked record may turn out to be gone, and be created anew with all its fields.
    """

    def __init__(
        self, remote: Remote, kin: Kin, policies: Policies, merger: Merger, *, recreates: bool
    ) -> None:
        self._guide = Guide(remote, kin)
        self._sides = (policies.source, policies.target)
        self._merger = merger
        self._recreates = recreates

    def follow(self, tx: Transaction, records: Sequence[tuple[Incoming, Link | None]]) -> list[Pointers]:
        """Where the reference fields of these records lead."""
        readings = [self._reading(record, link) for record, link in records]
        here = {record.identity for record, link in records if link is None}
        return self._guide.follow(tx, readings, here)

    def _reading(self, record: Incoming, link: Link | None) -> Reading:
        # What a person decided is in the target's own keys already.
        mapped = {name: value for name, value in record.mapped.items() if name not in record.expected}
        is_new = link is None and (record.may_create or not record.optional)
        return Reading(mapped, self._moving(record, mapped, link), is_new)

    def _moving(
        self, record: Incoming, mapped: Mapping[str, Any], link: Link | None
    ) -> Collection[str] | None:
        """The mapped fields that may be written; None where it may be any, or where it does not matter."""
        if link is None or self._recreates or not self._guide.has_candidates(mapped):
            return None
        source, target = (link.sides[name].snapshot for name in self._sides)
        changed = changed_fields(record, source, self._merger.digester)
        return self._merger.touched(record, changed, target)


def pointed(record: Incoming, pointers: Pointers) -> Incoming:
    """The record with the target's keys; a reference that leads nowhere is not mapped."""
    values = {**record.mapped, **{name: pointer.value for name, pointer in pointers.items()}}
    mapped = {name: value for name, value in values.items() if value is not LEFT_OUT}
    many = {name: pointer for name, pointer in pointers.items() if pointer.field.kind == "references"}
    unknown = {name: pointer.lost for name, pointer in many.items() if pointer.lost}
    return replace(record, mapped=mapped, unknown=unknown)
