"""Deleting records, and the ways by which they leave or come back (DEL)."""

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.records import BLOCKED, Records
from ml_sandbox.zoho.values import unknown_id

DAY = 86_400
RECYCLED_DAYS = 60
PERMANENT_DAYS = 120


class Deleting:
    """The recycle bin."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def delete(
        self, module: Module, record_id: str, user_id: str, path: str, *, kind: str = "recycle"
    ) -> Row:
        """Take a record out; :class:`RecordError` when there is none, or it is locked."""
        row = module.records.get(record_id)
        if row is None:
            raise unknown_id(path, "id")
        if row.get(BLOCKED) or row.get("Locked__s"):
            Records(self._organization).check_state(row, path)
        module.records.delete(record_id)
        entry = {
            "id": record_id,
            "module": module.api_name,
            "display_name": module.name_of(row),
            "type": kind,
            "deleted_time": self._organization.now(),
            "deleted_by": user_id,
            "created_by": row["Created_By"],
            "record": row,
        }
        return self._organization.deleted.put(entry)

    def restore(self, record_id: str) -> Row | None:
        """Put a record of the recycle bin back; None when it is not there."""
        entry = self._organization.deleted.get(record_id)
        if entry is None or entry["type"] != "recycle":
            return None
        self._organization.deleted.delete(record_id)
        row = dict(entry["record"])
        if self._organization.settings.flag("restore_touches"):
            row["Modified_Time"] = self._organization.now()
        module = self._organization.modules[entry["module"]]
        self._organization.index.note(module.api_name, row)
        return module.records.put(row)

    def forget_old(self) -> None:
        """Let entries go on: out of the bin after 60 days, forgotten 120 days after that."""
        now = self._organization.now()
        for entry in self._organization.deleted:
            if entry["type"] == "recycle" and now - entry["deleted_time"] >= RECYCLED_DAYS * DAY:
                ended = entry["deleted_time"] + RECYCLED_DAYS * DAY
                entry = self._organization.deleted.put({**entry, "type": "permanent", "deleted_time": ended})
            if entry["type"] == "permanent" and now - entry["deleted_time"] >= PERMANENT_DAYS * DAY:
                self._organization.deleted.delete(entry["id"])
