"""A module: its fields, its records and how the metadata show it (MOD)."""

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.fields import Field
from ml_sandbox.zoho.ordered import Records

JSON = dict[str, Any]


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
        self.records = Records()
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
        records = Records(indexes=indexed)
        for row in self.records:
            records.put(row)
        self.records = records

    def holders(self, name: str, value: Any) -> list[Row]:
        """The records that hold this value in a unique or the system field, oldest first."""
        compared = compared_value(self.fields[name], value)
        if compared is None:
            return []
        found = self.records.find(name, compared)
        return sorted(found, key=lambda row: int(row["id"])) if len(found) > 1 else found

    def name_of(self, row: Row) -> str | None:
        """What names a record in lookups."""
        name = row.get(self.name_field)
        return str(name) if name is not None else None


def compared_value(found: Field, value: Any) -> Hashable | None:
    """A value as uniqueness compares it; None for what is empty."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    return text if found.case_sensitive else text.casefold()


def _comparing(found: Field) -> Callable[[Row], Hashable | None]:
    return lambda row: compared_value(found, row.get(found.api_name))
