"""The joined records as a target needs them: also of who has no row of the role yet."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ml_connector.vendors.jde.answers import Row
from ml_connector.vendors.jde.business.compose import Around, Record, Rows
from ml_connector.vendors.jde.business.objects import BusinessObject, business_object
from ml_connector.vendors.jde.business.options import Options
from ml_connector.vendors.jde.business.reading import BusinessReader
from ml_connector.vendors.jde.reading import TableReader
from target_jde.items import ITEMS

_ROLES = {"customers": "F03012", "suppliers": "F0401"}


class Records:
    """Reads joined records by their numbers.

    An address book record that is no customer or supplier yet counts as one whose columns of that role are
    blank: it is the one to write to, not a reason for another address number.
    """

    def __init__(self, reader: TableReader, settings: Mapping[str, Any]) -> None:
        options = Options.from_settings(settings)
        self._readers = {
            name: BusinessReader(reader, _open(business_object(name, options), options), options)
            for name in ITEMS
        }

    def by_key(self, object_name: str, keys: Iterable[tuple[int, ...]]) -> list[Record]:
        """The records of these keys; missing ones are absent."""
        wanted = set(keys)
        return self._read(object_name, [key[0] for key in wanted], wanted) if wanted else []

    def contacts_of(self, numbers: Sequence[int]) -> list[Record]:
        """All contacts of address numbers."""
        return self._read("contacts", numbers, None)

    def _read(self, name: str, numbers: Iterable[int], wanted: set[tuple[int, ...]] | None) -> list[Record]:
        return [record for part in self._readers[name].by_numbers(numbers, wanted) for record in part.records]


def _open(kind: BusinessObject, options: Options) -> BusinessObject:
    """The kind with records for address numbers that have no row of its role."""
    role = _ROLES.get(kind.name)
    if role is None:
        return kind
    compose = kind.compose
    table = next(source.table for source in kind.sources if source.table.name == role)
    blank: Row = {column.name: None for column in table.columns}
    if role == "F03012":
        blank["CO"] = options.company

    def composed(rows: Rows, around: Around) -> list[Record]:
        return compose(rows if rows[role] else {**rows, role: [blank]}, around)

    return dataclasses.replace(kind, compose=composed)
