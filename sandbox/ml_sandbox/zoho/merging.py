"""What people do to records besides writing and deleting: merging duplicates, converting leads."""

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row
from ml_sandbox.zoho import seed
from ml_sandbox.zoho.deleting import Deleting
from ml_sandbox.zoho.errors import RecordError
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.records import Records, Write

FROM_LEAD = {
    "Accounts": {"Company": "Account_Name", "Phone": "Phone", "Website": "Website", "Industry": "Industry"},
    "Contacts": {"First_Name": "First_Name", "Last_Name": "Last_Name", "Email": "Email", "Phone": "Phone"},
}
"""What a conversion takes over from a lead; which fields those are is set up per organisation."""


class Merging:
    """Merges and conversions."""

    def __init__(self, organization: Organization, records: Records) -> None:
        self._organization = organization
        self._records = records
        self._deleting = Deleting(organization)

    def merge(self, given: Row) -> Row:
        """Let a master take in other records: they go, and what pointed to them points to the master.

        Args:
            given: ``module``, ``master`` (an id) and ``merged`` (ids of other records).
        """
        module = self._module(given.get("module"))
        master = self._record(module, given.get("master"))
        merged = given.get("merged")
        if not isinstance(merged, list) or not merged or master["id"] in merged:
            raise ControlError("A merge needs 'merged': ids of other records than the master.")
        gone = {self._record(module, record_id)["id"] for record_id in merged}
        for record_id in gone:
            self._remove(module, record_id)
        self._point_elsewhere(module, gone, master["id"])
        if self._organization.settings.flag("merge_touches"):
            self._store(module, {**master, "Modified_Time": self._organization.now()})
        return given

    def convert(self, given: Row) -> Row:
        """Make an account and a contact of a lead, which is read only when asked for from then on.

        Args:
            given: ``lead`` (an id), optionally ``account`` and ``contact`` (ids of present records).
        """
        leads = self._module("Leads")
        lead = self._record(leads, given.get("lead"))
        if lead.get("$converted"):
            raise ControlError(f"Lead {lead['id']} was converted before.")
        account = self._made("Accounts", lead, given.get("account"), {})
        contact = self._made("Contacts", lead, given.get("contact"), {"Account_Name": {"id": account}})
        now = self._organization.now()
        converted: Row = {"$converted": True, "Converted__s": True, "Converted_Date_Time": now}
        converted |= {"Converted_Account": account, "Converted_Contact": contact}
        if self._organization.settings.flag("convert_touches"):
            converted["Modified_Time"] = now
        self._store(leads, {**lead, **converted})
        return {"lead": lead["id"], "account": account, "contact": contact}

    def _made(self, name: str, lead: Row, present: object, more: Row) -> str:
        module = self._module(name)
        if present is not None:
            return str(self._record(module, present)["id"])
        values = {to: lead[of] for of, to in FROM_LEAD[name].items() if lead.get(of) is not None}
        try:
            row = self._records.create(module, {**values, **more}, "$", Write(seed.USER_ID, ()))
        except RecordError as error:
            raise ControlError(f"Zoho would not convert this lead: {error.item}.") from error
        return str(row["id"])

    def _remove(self, module: Module, record_id: str) -> None:
        kind = self._organization.settings.text("merge_delete_type")
        if kind == "none":
            module.records.delete(record_id)
            return
        try:
            self._deleting.delete(module, record_id, seed.USER_ID, "$.id", kind=kind)
        except RecordError as error:
            raise ControlError(f"Zoho would not merge this record: {error.item}.") from error

    def _point_elsewhere(self, target: Module, gone: set[str], master: str) -> None:
        for module in self._organization.modules.values():
            names = [name for name, found in module.fields.items() if found.lookup_module == target.api_name]
            for row in module.records:
                moved = {name: master for name in names if row.get(name) in gone}
                if moved:
                    self._store(module, {**row, **moved})

    def _store(self, module: Module, row: Row) -> None:
        module.records.put(row)
        self._organization.index.note(module.api_name, row)

    def _module(self, name: object) -> Module:
        module = self._organization.modules.get(str(name))
        if module is None:
            raise ControlError(f"There is no module {name!r}.", self._organization.modules)
        return module

    def _record(self, module: Module, record_id: object) -> Row:
        row = module.records.get(str(record_id))
        if row is None:
            raise ControlError(f"There is no record {record_id!r} in {module.api_name}.")
        return row
