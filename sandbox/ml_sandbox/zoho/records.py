"""Storing records: what every way of writing shares."""

from dataclasses import dataclass, field
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import RecordError
from ml_sandbox.zoho.fields import Field
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.values import Values, unknown_id, wrong_type

TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration")
STATE_MESSAGES = {
    "RECORD_LOCKED": "Sorry, you cannot perform this operation as the record is locked.",
    "NOT_APPROVED": "Cannot update record that is not approved yet",
    "NOT_REVIEWED": "record in review",
    "RECORD_IN_BLUEPRINT": "cannot update record as it is in a blueprint",
    "CONVERTED_RECORD": "cannot update a converted record",
}
BLOCKED = "$blocked_by"
"""The key of a row that says why the vendor refuses to write the record: one of STATE_MESSAGES."""


@dataclass(frozen=True)
class Write:
    """Who writes, and what happens besides.

    Attributes:
        user_id: the user for whom the call acts.
        triggers: what runs because of the write.
        ignored: filled with the names that the vendor drops.
    """

    user_id: str
    triggers: tuple[str, ...] = TRIGGERS
    ignored: list[str] = field(default_factory=list)


class Records:
    """Creates and changes records of an organisation."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._settings = organization.settings
        self._values = Values(organization)

    def create(self, module: Module, item: Row, path: str, write: Write) -> Row:
        """Store a new record; :class:`RecordError` when it cannot be."""
        values = self._checked(module, item, path, write, None)
        now = self.organization.now()
        row: Row = {"id": self.organization.record_ids(), "Owner": write.user_id, **values}
        row |= {"Created_Time": now, "Modified_Time": now}
        row |= {"Created_By": write.user_id, "Modified_By": write.user_id, "Record_Status__s": "Available"}
        row |= {"Locked__s": False}
        self._add_numbers(module, row)
        return self._stored(module, row, "insert", write)

    def update(self, module: Module, row: Row, item: Row, path: str, write: Write) -> Row:
        """Change a record; :class:`RecordError` when it cannot be."""
        self.check_state(row, path)
        values = self._checked(module, item, path, write, row)
        changed = {**row, **values}
        if changed == row and not self._settings.flag("unchanged_touches"):
            return row
        changed |= {"Modified_Time": self.organization.now(), "Modified_By": write.user_id}
        return self._stored(module, changed, "update", write)

    def check_state(self, row: Row, path: str) -> None:
        """:class:`RecordError` when the record's state forbids a write."""
        state = row.get(BLOCKED) or ("CONVERTED_RECORD" if row.get("$converted") else None)
        if state is None and row.get("Locked__s"):
            state = "RECORD_LOCKED"
        if state is not None:
            details = {"api_name": "id", "json_path": f"{path}.id"}
            details |= {"action": "record_locking"} if state == "RECORD_LOCKED" else {}
            raise RecordError(state, STATE_MESSAGES[state], details)

    def _stored(self, module: Module, row: Row, action: str, write: Write) -> Row:
        if "Full_Name" in module.fields:
            names = (row.get("First_Name"), row.get("Last_Name"))
            row["Full_Name"] = " ".join(str(name) for name in names if name) or None
        module.records.put(row)
        self.organization.index.note(module.api_name, row)
        for trigger in write.triggers:
            self.organization.note_run(module, row, trigger, action)
        return row

    def _checked(self, module: Module, item: Row, path: str, write: Write, present: Row | None) -> Row:
        errors: list[RecordError] = []
        values: Row = {}
        wrong: set[str] = set()
        for name, value in item.items():
            try:
                self._take(module, name, value, f"{path}.{name}", write, present, values)
            except RecordError as error:
                errors.append(error)
                wrong.add(name)
        self._apply_appends(module, item, present, values)
        missing = self._missing(module, values, path, present)
        errors += [error for error in missing if error.item["details"]["api_name"] not in wrong]
        if not errors:
            errors += self.duplicates(module, values, path, present)
        if errors:
            raise self._together(errors)
        return values

    def _take(
        self, module: Module, name: str, value: Any, path: str, write: Write, present: Row | None, values: Row
    ) -> None:
        if name == "id" or name == "Layout" or name.startswith("$"):
            return
        found = module.fields.get(name)
        if found is None or not found.visible:
            self._refuse(name, path, write, "unknown_field")
        elif not (found.create if present is None else found.update):
            self._refuse(name, path, write, "read_only_field")
        elif name == "Tag":
            values[name] = self._tags(found, value, path)
        elif found.data_type == "subform":
            values[name] = self._subrows(found, value, path, present)
        elif value is not None or self._settings.flag("null_clears"):
            values[name] = self._values.stored(found, value, path)

    def _refuse(self, name: str, path: str, write: Write, setting: str) -> None:
        if self._settings.text(setting) == "error":
            raise RecordError("INVALID_DATA", "invalid data", {"api_name": name, "json_path": path})
        write.ignored.append(name)

    def _missing(self, module: Module, values: Row, path: str, present: Row | None) -> list[RecordError]:
        missing = []
        for found in module.fields.values():
            name = found.api_name
            absent = name not in values if present is None else False
            emptied = name in values and values[name] is None
            if found.mandatory and (absent or emptied):
                details = {"api_name": name, "json_path": f"{path}.{name}"}
                details |= {"id": present["id"]} if present is not None else {}
                missing.append(RecordError("MANDATORY_NOT_FOUND", "required field not found", details))
        return missing

    def duplicates(self, module: Module, values: Row, path: str, present: Row | None) -> list[RecordError]:
        """What is wrong because other records hold the values of unique fields (UPS)."""
        found_errors = []
        for found in module.unique_fields():
            holders = module.holders(found.api_name, values.get(found.api_name))
            others = [row for row in holders if present is None or row["id"] != present["id"]]
            if others:
                found_errors.append(self._duplicate(module, found, others, f"{path}.{found.api_name}"))
        return found_errors

    def _duplicate(self, module: Module, found: Field, others: list[Row], path: str) -> RecordError:
        other = others[0]
        record = {
            "Owner": self.organization.person(other["Owner"]),
            "module": {"api_name": module.api_name, "id": module.id},
            "id": other["id"],
        }
        details = {
            "api_name": found.api_name,
            "duplicate_record": record,
            "json_path": path,
            "id": other["id"],
            "more_records": len(others) > 1,
        }
        return RecordError("DUPLICATE_DATA", "duplicate data", details)

    def _together(self, errors: list[RecordError]) -> RecordError:
        if len(errors) == 1 or self._settings.text("multiple_errors") == "first":
            return errors[0]
        details = {"errors": [error.item for error in errors]}
        return RecordError("MULTIPLE_OR_MULTI_ERRORS", "Multiple errors in the request", details)

    def _tags(self, found: Field, value: Any, path: str) -> list[str]:
        right = isinstance(value, list) and all(
            isinstance(tag, dict) and isinstance(tag.get("name"), str) for tag in value
        )
        if not right:
            raise wrong_type(found, path, "jsonarray")
        for tag in value:
            if tag["name"] not in self.organization.tags:
                self.organization.tags.put({"name": tag["name"], "id": self.organization.ids()})
        return [tag["name"] for tag in value]

    def _subrows(self, found: Field, value: Any, path: str, present: Row | None) -> list[Row]:
        held: dict[str, Row] = {row["id"]: row for row in (present or {}).get(found.api_name) or []}
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise wrong_type(found, path, "jsonarray")
        for position, item in enumerate(value):
            self._put_subrow(found, held, item, f"{path}[{position}]")
        return list(held.values())

    def _put_subrow(self, found: Field, held: dict[str, Row], item: Row, path: str) -> None:
        row_id = item.get("id")
        if row_id is not None and row_id not in held:
            raise unknown_id(f"{path}.id", "id")
        if row_id is not None and "_delete" in item:
            del held[row_id]
            return
        row: Row = dict(held.get(row_id, {})) if row_id is not None else {"id": self.organization.ids()}
        for sub in found.subfields:
            if sub.api_name in item:
                row[sub.api_name] = self._values.stored(sub, item[sub.api_name], f"{path}.{sub.api_name}")
        held[row["id"]] = row

    def _apply_appends(self, module: Module, item: Row, present: Row | None, values: Row) -> None:
        appended = item.get("$append_values")
        for name in appended if isinstance(appended, dict) else ():
            found = module.fields.get(name)
            if present is None or found is None or found.data_type != "multiselectpicklist":
                continue
            if item["$append_values"][name] is True and values.get(name):
                held = present.get(name) or []
                values[name] = [*held, *(value for value in values[name] if value not in held)]

    def _add_numbers(self, module: Module, row: Row) -> None:
        for found in module.fields.values():
            if found.data_type == "autonumber":
                row[found.api_name] = str(len(module.records) + 1)
