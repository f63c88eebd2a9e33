"""Contacts: the lines of an address number's who's who."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.sync import Field, RemoteRecord, Rung, WriteItem
from target_jde.answers import Answer, number_of
from target_jde.masters import Masters
from target_jde.objects import NUMBER, AddressBookObject, Rules, Tools, as_number
from target_jde.orchestrations import KEY, LINE, Orchestrations


class Contacts(AddressBookObject):
    """The object `contacts`: lines of the who's who above 0, each known by address number and line.

    Ladder: its line, then e-mail address and name within the address number, then create. The two latter are
    asked before a create, so that who is found by them after a lost answer was made by it.
    """

    def __init__(
        self, tools: Tools, orchestrations: Orchestrations, rules: Rules, customers: Masters
    ) -> None:
        parent = Field(
            KEY,
            kind="reference",
            refers_to=customers.spec.name,
            schema={"type": ["integer", "string"]},
            writes="create",
        )
        line = Field(LINE, schema=NUMBER, stored_form=as_number, writes="never")
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
        wanted = {
            str(value): (str(value).partition("/")[0], str(value).partition("/")[2]) for value in values
        }
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


def _pair(number: Any, line: Any) -> str:
    return json.dumps([str(number), str(line)], separators=(",", ":"))


def _folded(value: Any) -> str:
    return " ".join(str(value if value is not None else "").split()).casefold()
