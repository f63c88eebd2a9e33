"""A module: its fields, its records and how the metadata show it (MOD)."""

import bisect
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zoho.fields import Field

JSON = dict[str, Any]
SortKey = tuple[int, int]


class Module:
    """One module of the organisation.

    Args:
        api_name: its name in paths.
        module_id: its own id.
        fields: its fields.
        name_field: the field that names a record in lookups.
        duplicate_field: the system field that an upsert checks (UPS); None when it has none.
        flags: what the metadata say otherwise than usual (``viewable``, ``api_supported``, ...).

    Records are rows with the key ``id``: instants as Unix seconds, lookups and users as ids.
    """

    def __init__(
        self,
        api_name: str,
        module_id: str,
        fields: Iterable[Field],
        *,
        name_field: str,
        duplicate_field: str | None = None,
        custom: bool = False,
        singular: str | None = None,
        flags: JSON | None = None,
    ) -> None:
        self.api_name = api_name
        self.id = module_id
        self.fields = {found.api_name: found for found in fields}
        self.name_field = name_field
        self.duplicate_field = duplicate_field
        self.custom = custom
        self.singular = singular or api_name.removesuffix("s").replace("_", " ")
        self.flags = dict(flags or {})
        self.records = Table()
        self._ordered: dict[str, tuple[int, list[tuple[SortKey, Row]]]] = {}
        self.index()

    @property
    def has_times(self) -> bool:
        """Whether records tell when they were modified."""
        return "Modified_Time" in self.fields

    def unique_fields(self) -> list[Field]:
        """The fields whose values no two records share, in the order of their definition."""
        return [found for found in self.fields.values() if found.unique]

    def define(self, found: Field) -> None:
        """Add a field, or put it in the place of the one with its name."""
        self.fields[found.api_name] = found
        self.index()

    def index(self) -> None:
        """Build the indexes of unique fields and of the system field anew."""
        indexed = {found.api_name: _comparing(found) for found in self.unique_fields()}
        if self.duplicate_field in self.fields:
            name = str(self.duplicate_field)
            indexed.setdefault(name, _comparing(self.fields[name]))
        records = Table(indexes=indexed)
        for row in self.records:
            records.put(row)
        self.records = records
        self._ordered.clear()

    def holders(self, name: str, value: Any) -> list[Row]:
        """The records that hold this value in a unique or the system field, oldest first."""
        compared = compared_value(self.fields[name], value)
        return self.records.find(name, compared) if compared is not None else []

    def ordered(self, sort_by: str) -> list[tuple[SortKey, Row]]:
        """All records in ascending order of ``id``, ``Created_Time`` or ``Modified_Time``; do not change."""
        version, held = self._ordered.get(sort_by, (-1, []))
        if version != self.records.version:
            held = sorted(((sort_key(row, sort_by), row) for row in self.records), key=_first)
            self._ordered[sort_by] = (self.records.version, held)
        return held

    def since(self, seconds: int) -> list[tuple[SortKey, Row]]:
        """The records modified at this instant or later, in ascending order of Modified_Time."""
        ordered = self.ordered("Modified_Time")
        return ordered[bisect.bisect_left(ordered, (seconds, 0), key=_first) :]

    def name_of(self, row: Row) -> str | None:
        """What names a record in lookups."""
        name = row.get(self.name_field)
        return str(name) if name is not None else None


def sort_key(row: Row, sort_by: str) -> SortKey:
    """What a list is sorted by; equal instants are told apart by the id."""
    number = int(row["id"])
    return (number, number) if sort_by == "id" else (row.get(sort_by) or 0, number)


def compared_value(found: Field, value: Any) -> Hashable | None:
    """A value as uniqueness compares it; None for what is empty."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    return text if found.case_sensitive else text.casefold()


def _comparing(found: Field) -> Callable[[Row], Hashable | None]:
    return lambda row: compared_value(found, row.get(found.api_name))


def _first(entry: tuple[SortKey, Row]) -> SortKey:
    return entry[0]
