"""How stored records look in answers (REC)."""

from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.fields import USER_TYPES, Field
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization

RICH_TEXT_CUT = 500
STATE_FIELDS = {
    "$converted": False,
    "$approved": True,
    "$approval_state": "approved",
    "$editable": True,
    "$in_merge": False,
    "$locked_for_me": False,
    "$review_process": None,
    "$currency_symbol": "$",
    "$field_states": None,
    "$orchestration": False,
}
"""Keys of system state, which a call has to ask for by name, with what most records have."""


class Shapes:
    """Shows records of an organisation."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def record(self, module: Module, row: Row, names: list[str]) -> Row:
        """A record with its id and these fields."""
        shown: Row = {"id": row["id"]}
        for name in names:
            shown[name] = self.value(module, row, name)
        return shown

    def whole(self, module: Module, row: Row) -> Row:
        """A record with every field that the user may see, and its system state."""
        names = [found.api_name for found in module.fields.values() if found.visible]
        return self.record(module, row, [*names, *STATE_FIELDS])

    def value(self, module: Module, row: Row, name: str) -> Any:
        """One value of a record."""
        if name in STATE_FIELDS:
            return row.get(name, STATE_FIELDS[name])
        if name == "Layout":
            return {"name": "Standard", "id": self._organization.layout_ids[module.api_name]}
        if name == "Tag":
            return [self._tag(tag) for tag in row.get(name) or []]
        return self.field_value(module.fields[name], row.get(name))

    def field_value(self, found: Field, value: Any) -> Any:
        """A stored value as an answer shows it."""
        kind = found.value_type
        if value is None:
            return [] if kind == "subform" else None
        if kind == "datetime":
            return self._organization.shown_time(value)
        if kind in USER_TYPES:
            return self._organization.person(value, email=True)
        if kind == "lookup":
            return self.lookup(found, value)
        if kind == "subform":
            return [self._subrow(found, row) for row in value]
        return value

    def lookup(self, found: Field, record_id: str) -> Row:
        """A lookup with the present name of its record; a deleted one keeps its name."""
        target = self._organization.modules.get(found.lookup_module or "")
        row = target.records.get(record_id) if target is not None else None
        if row is None:
            gone = self._organization.deleted.get(record_id)
            row = gone["record"] if gone is not None else None
        name = target.name_of(row) if target is not None and row is not None else None
        return {"name": name, "id": record_id}

    def _subrow(self, found: Field, row: Row) -> Row:
        shown: Row = {"id": row["id"]}
        for sub in found.subfields:
            shown[sub.api_name] = self.field_value(sub, row.get(sub.api_name))
        return shown

    def _tag(self, name: str) -> Row:
        tag = self._organization.tags.get(name)
        return {"name": name, "id": tag["id"] if tag else None, "color_code": None}
