"""Records that would become twins: several new ones of a run that the ladder would find by each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.sync import Rung, WriteItem, WriteResult
from target_jde.finding import letters_and_digits, mail_form

_Place = tuple[str, str, str]


class Twins:
    """Which record of this run was given which key.

    The ladder asks before anything of a batch is written, so two new records with one tax number would both
    be created. The first one is; the second is told whom it meets.
    """

    def __init__(self, rungs: Sequence[Rung]) -> None:
        self._rungs = rungs
        self._given: dict[_Place, str] = {}

    def refusals(self, items: Sequence[WriteItem]) -> dict[int, RecordFault]:
        """By journal entry: the creates that hold a key of another one."""
        found: dict[int, RecordFault] = {}
        for item in items:
            if item.kind == "create" and (fault := self._claim(item)) is not None:
                found[item.entry.id] = fault
        return found

    def give_back(self, results: Sequence[WriteResult]) -> None:
        """What was refused holds nothing."""
        for result in results:
            if result.fault is not None:
                for place in self._places(result.item):
                    if self._given.get(place) == result.item.incoming.identity:
                        del self._given[place]

    def _claim(self, item: WriteItem) -> RecordFault | None:
        identity, places = item.incoming.identity, list(self._places(item))
        for place in places:
            other = self._given.get(place)
            if other not in (None, identity):
                return RecordFault(
                    f"The new record {other} of this run holds the same {place[0]}.",
                    cause="linked",
                    field=place[0],
                    fix="Give one of the two source records another value, then replay.",
                )
        self._given.update(dict.fromkeys(places, identity))
        return None

    def _places(self, item: WriteItem) -> Iterator[_Place]:
        mapped = item.incoming.mapped
        for rung in self._rungs:
            if rung.value(mapped) is None:
                continue
            key = _form(rung.field, mapped[rung.field])
            if key:
                yield rung.field, _form("", mapped.get(rung.within or "", "")), key


def _form(field: str, value: Any) -> str:
    return mail_form(str(value)) if field == "email" else letters_and_digits(str(value))
