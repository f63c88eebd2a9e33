"""What the control API reads and writes of the organisation, past permissions and limits."""

from collections.abc import Callable
from dataclasses import fields as attributes_of
from dataclasses import replace
from typing import Any

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.core.table import Row
from ml_sandbox.zoho import seed, standard_fields
from ml_sandbox.zoho.deleting import Deleting
from ml_sandbox.zoho.errors import RecordError
from ml_sandbox.zoho.fields import DATA_TYPES, UNIQUE_TYPES, Field, define, with_ids
from ml_sandbox.zoho.merging import Merging
from ml_sandbox.zoho.metadata import shown_module
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.records import Records, Write
from ml_sandbox.zoho.shapes import Shapes
from ml_sandbox.zoho.times import read_time
from ml_sandbox.zoho.tokens import scopes_of
from ml_sandbox.zoho.values import Values

Reader = Callable[[], list[Row]]
Writer = Callable[[Row], Row]
STAMPS = ("Created_Time", "Modified_Time", "Last_Activity_Time")
PEOPLE = ("Owner", "Created_By", "Modified_By")
FIELD_KEYS = {attribute.name for attribute in attributes_of(Field)} - {"id", "data_type", "modified_time"}


class Seeding:
    """Reads and writes for ``/control``."""

    def __init__(self, organization: Organization, records: Records) -> None:
        self._organization = organization
        self._records = records
        self._shapes = Shapes(organization)
        self._values = Values(organization)
        self._deleting = Deleting(organization)
        self._merging = Merging(organization, records)

    def readers(self) -> dict[str, Reader]:
        """How to read each object."""
        modules = {name: self._reader(module) for name, module in self._organization.modules.items()}
        return {
            **modules,
            "modules": lambda: [
                shown_module(self._organization, module) for module in self._organization.modules.values()
            ],
            "fields": self._fields,
            "users": lambda: list(self._organization.users),
            "deleted": lambda: [self._shown_deleted(entry) for entry in self._organization.deleted],
            "workflow_runs": lambda: list(self._organization.workflow_runs),
            "oauth_clients": lambda: [{**row, "client_secret": "***"} for row in self._organization.clients],
            "refresh_tokens": self._refresh_tokens,
            "access_tokens": self._access_tokens,
            "grant_codes": list,
            "merges": list,
            "conversions": list,
        }

    def writers(self) -> dict[str, Writer]:
        """How to upsert a row of each object that can be written."""
        modules = {name: self._writer(module) for name, module in self._organization.modules.items()}
        return {
            **modules,
            "modules": self._put_module,
            "fields": self._put_field,
            "users": self._put_user,
            "deleted": self._put_deleted,
            "oauth_clients": self._put_client,
            "refresh_tokens": self._put_refresh_token,
            "grant_codes": self._put_code,
            "merges": self._merging.merge,
            "conversions": self._merging.convert,
        }

    def clearers(self) -> dict[str, Callable[[], None]]:
        """How to empty each object."""
        organization = self._organization
        modules = {name: module.records.clear for name, module in organization.modules.items()}
        return {
            **modules,
            "modules": self._clear_modules,
            "fields": self._clear_modules,
            "deleted": organization.deleted.clear,
            "workflow_runs": organization.workflow_runs.clear,
            "access_tokens": organization.tokens.expire,
        }

    def _reader(self, module: Module) -> Reader:
        return lambda: [self._shapes.whole(module, row) for row in module.records.by_key()]

    def _writer(self, module: Module) -> Writer:
        return lambda given: self._put_record(module, given)

    def _put_record(self, module: Module, given: Row) -> Row:
        stored = self._present(module, given)
        known = {name for name in given if name.startswith("$")} | set(module.fields)
        for name in given:
            require_known(f"field of {module.api_name}:", name, known)
        write = Write(seed.USER_ID, ())
        try:
            row = self._put(module, stored, given, write)
            computed = self._computed(module, given)
        except RecordError as error:
            raise ControlError(f"Zoho could not hold this record: {error.item}.") from error
        # A new row: the one that is stored already must not change under its indexes.
        row = {**row, **computed, **{name: value for name, value in given.items() if name.startswith("$")}}
        module.records.put(row)
        self._organization.index.note(module.api_name, row)
        self._organization.record_ids.pass_over(row["id"])
        return self._shapes.whole(module, row)

    def _put(self, module: Module, stored: Row | None, given: Row, write: Write) -> Row:
        """What a person would write; computed and system values follow."""
        written = {
            name: value
            for name, value in given.items()
            if name in module.fields and module.fields[name].writable
        }
        if stored is None:
            row = self._records.create(module, written, "$", write)
            wanted = given.get("id")
            if wanted is not None:
                module.records.delete(row["id"])
                row = {**row, "id": str(wanted)}
            return row
        if set(written) <= {"id"}:
            return dict(stored)
        unlocked = {
            name: value for name, value in stored.items() if name not in {"$blocked_by", "$converted"}
        }
        kept = {name: value for name, value in stored.items() if name in {"$blocked_by", "$converted"}}
        changed = self._records.update(module, {**unlocked, "Locked__s": False}, written, "$", write)
        return {**changed, **kept, "Locked__s": stored.get("Locked__s", False)}

    def _present(self, module: Module, given: Row) -> Row | None:
        if given.get("id") is not None:
            if not str(given["id"]).isdigit():
                raise ControlError(f"The id {given['id']!r} of a record must be a text of digits.")
            return module.records.get(str(given["id"]))
        for found in module.unique_fields():
            holders = module.holders(found.api_name, given.get(found.api_name))
            if holders:
                return holders[0]
        return None

    def _computed(self, module: Module, given: Row) -> Row:
        """Values that only the vendor writes: times, people, formulas, flags."""
        computed: Row = {}
        for name, value in given.items():
            found = module.fields.get(name)
            if found is None or found.writable or name == "id":
                continue
            if name in PEOPLE or name in STAMPS or found.value_type in {"datetime", "lookup"}:
                computed[name] = self._values.stored(
                    replace(found, data_type=found.value_type), value, f"$.{name}"
                )
            else:
                computed[name] = value
        return computed

    def _put_field(self, given: Row) -> Row:
        module = self._organization.modules.get(str(given.get("module")))
        if module is None:
            raise ControlError(
                f"A field needs 'module', not {given.get('module')!r}.", self._organization.modules
            )
        found = self._field(given, module.fields.get(str(given.get("api_name"))))
        if found.unique:
            self._check_unique(module, found)
        found = with_ids(replace(found, modified_time=self._organization.now()), self._organization.ids)
        module.define(found)
        return {"module": module.api_name, **self._organization.field_view().shown(found)}

    def _field(self, given: Row, present: Field | None = None) -> Field:
        values = {
            name: value for name, value in given.items() if name not in {"module", "api_name", "data_type"}
        }
        for name in values:
            require_known("key of a field:", name, FIELD_KEYS)
        for name in ("options", "subfields"):
            if name in values:
                values[name] = tuple(values[name])
        if "subfields" in values:
            values["subfields"] = tuple(self._field(sub) for sub in values["subfields"])
        if present is not None:
            return replace(present, **values)
        api_name, kind = given.get("api_name"), given.get("data_type")
        if not isinstance(api_name, str) or not api_name:
            raise ControlError("A field needs 'api_name' as text.")
        require_known("data type", str(kind), DATA_TYPES)
        if values.get("unique") and kind not in UNIQUE_TYPES:
            raise ControlError(f"A field of type {kind} cannot be unique.", sorted(UNIQUE_TYPES))
        return define(api_name, str(kind), **{"custom": True, **values})

    def _check_unique(self, module: Module, found: Field) -> None:
        values = [row[found.api_name] for row in module.records if row.get(found.api_name) is not None]
        if len({str(value).strip().casefold() for value in values}) < len(values):
            raise ControlError(f"{found.api_name} cannot be unique: records share values.")

    def _put_module(self, given: Row) -> Row:
        api_name = given.get("api_name")
        if not isinstance(api_name, str) or not api_name:
            raise ControlError("A module needs 'api_name' as text.")
        present = self._organization.modules.get(api_name)
        flags = {name: value for name, value in given.items() if name not in {"api_name", "timestamps"}}
        if present is not None:
            present.flags |= flags
            return shown_module(self._organization, present)
        with_times = bool(given.get("timestamps", True))
        fields = [*standard_fields.system_fields(with_times=with_times), *standard_fields.custom_module()]
        module = self._organization.add_module(api_name, fields, "Name", "Name", custom=True, flags=flags)
        return shown_module(self._organization, module)

    def _put_user(self, given: Row) -> Row:
        for name in ("id", "name", "email"):
            if not isinstance(given.get(name), str):
                raise ControlError(f"A user needs {name!r} as text.")
        return self._organization.users.put(dict(given))

    def _put_deleted(self, given: Row) -> Row:
        """Delete a record as a person would, end its stay in the bin, or restore it."""
        record_id, kind = str(given.get("id")), given.get("type", "recycle")
        if kind == "restored":
            row = self._deleting.restore(record_id)
            if row is None:
                raise ControlError(f"{record_id} is not in the recycle bin.")
            return {"id": record_id, "type": "restored"}
        if kind not in {"recycle", "permanent"}:
            raise ControlError(f"'type' cannot be {kind!r}.", ("recycle", "permanent", "restored"))
        entry = self._organization.deleted.get(record_id) or self._delete(record_id)
        time = (
            read_time(given["deleted_time"], zulu=True) if "deleted_time" in given else entry["deleted_time"]
        )
        if time is None:
            raise ControlError(f"'deleted_time' cannot be {given['deleted_time']!r}.")
        return self._shown_deleted(
            self._organization.deleted.put({**entry, "type": kind, "deleted_time": time})
        )

    def _delete(self, record_id: str) -> Row:
        for module in self._organization.modules.values():
            if record_id in module.records:
                try:
                    return self._deleting.delete(module, record_id, seed.USER_ID, "$.id")
                except RecordError as error:
                    raise ControlError(f"Zoho would not delete this record: {error.item}.") from error
        raise ControlError(f"There is no record {record_id}.")

    def _shown_deleted(self, entry: Row) -> Row:
        shown = {name: value for name, value in entry.items() if name != "record"}
        return {**shown, "deleted_time": self._organization.shown_time(entry["deleted_time"])}

    def _put_client(self, given: Row) -> Row:
        client_id, secret = given.get("client_id"), given.get("client_secret")
        if not isinstance(client_id, str) or not isinstance(secret, str):
            raise ControlError("An OAuth client needs 'client_id' and 'client_secret' as texts.")
        fresh: dict[str, Any] = {"self_client": False, "redirect_uris": []}
        return {**self._organization.clients.put({**fresh, **given}), "client_secret": "***"}

    def _put_refresh_token(self, given: Row) -> Row:
        client_id, user_id, scopes = self._grantee(given)
        text = given.get("refresh_token")
        token = self._organization.tokens.add_refresh(client_id, user_id, scopes, text)
        return {**given, "refresh_token": token.text}

    def _put_code(self, given: Row) -> Row:
        """A code as the API console makes it for a self client, by default for three minutes."""
        client_id, user_id, scopes = self._grantee(given)
        seconds = float(given.get("seconds", 180))
        return {**given, "code": self._organization.tokens.add_code(client_id, user_id, scopes, seconds).text}

    def _grantee(self, given: Row) -> tuple[str, str, frozenset[str]]:
        client_id, user_id = given.get("client_id", seed.CLIENT_ID), given.get("user_id", seed.USER_ID)
        require_known("OAuth client", client_id, [row["client_id"] for row in self._organization.clients])
        require_known("user", user_id, [row["id"] for row in self._organization.users])
        return client_id, user_id, scopes_of(given.get("scope", ",".join(seed.SCOPES)))

    def _refresh_tokens(self) -> list[Row]:
        return [
            {
                "client_id": token.client_id,
                "user_id": token.user_id,
                "scope": " ".join(sorted(token.scopes)),
                "granted": token.granted,
            }
            for token in self._organization.tokens.all_refresh()
        ]

    def _access_tokens(self) -> list[Row]:
        now = self._organization.clock.monotonic()
        return [
            {"client_id": token.client_id, "user_id": token.user_id, "living": now < token.ends}
            for token in self._organization.tokens.all_access()
        ]

    def _fields(self) -> list[Row]:
        view = self._organization.field_view()
        return [
            {"module": module.api_name, **view.shown(found)}
            for module in self._organization.modules.values()
            for found in module.fields.values()
        ]

    def _clear_modules(self) -> None:
        self._organization.modules.clear()
        self._organization.seed_modules()
