"""One module of Zoho CRM as an object of the target."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.singer.key_index import KeyIndex
from ml_connector.singer.objects import VendorObject
from ml_connector.sync import (
    Field,
    Incoming,
    ObjectSpec,
    RemoteRecord,
    Rung,
    WriteEvent,
    WriteItem,
    WriteResult,
    as_version,
)
from ml_connector.vendors.zoho.metadata import MODIFIED
from target_zoho_crm.fields import ModuleFields
from target_zoho_crm.ladder import CONTACTS, KeyRung, columns_of
from target_zoho_crm.parents import Parents
from target_zoho_crm.reading import Reader
from target_zoho_crm.source_key import SourceKey
from target_zoho_crm.tools import Tools
from target_zoho_crm.writing import Writer

log = logging.getLogger(__name__)

ACCOUNT = "Account_Name"  # the lookup of a Contact that names its Account


def _nothing(value: Any) -> Any:
    """A field that only serves to find records holds nothing."""
    return None


class ModuleObject(VendorObject):
    """A module: found by its ladder, created by upsert on its source key, changed by id.

    `rungs` are the eager ones. `modified`: with `strict_locking`, when each record that was read was last
    changed, as Zoho spells it, until it is written.
    """

    def __init__(
        self,
        tools: Tools,
        module: str,
        rungs: Sequence[KeyRung],
        modules: Mapping[str, ModuleObject],
        *,
        depends_on: tuple[str, ...] = (),
        inactive: Mapping[str, Any] | None = None,
    ) -> None:
        self.name = module
        self.tools = tools
        self._modules = modules
        self._eager = list(rungs)
        extra = {
            rung.field: Field(
                rung.field, schema={"type": ["string", "null"]}, stored_form=_nothing, writes="never"
            )
            for rung in rungs
            if rung.kind == "contact_email"
        }
        self.fields = ModuleFields(tools.client, module, extra, tools.rules.write_blanks)
        self.reader = Reader(tools, module, self.fields, rungs)
        self.source_key = SourceKey.of(rungs, module)
        self._writer = Writer(self)
        self._parents = Parents(modules)
        self._mapped: set[str] = set()
        self._rungs: list[Rung] = list(rungs)
        self.duplicates: dict[tuple[str, str], list[str]] = {}
        self.modified: dict[str, str] = {}
        self.spec = ObjectSpec(
            name=module,
            fields=self.fields,
            rungs=self._rungs,
            depends_on=depends_on,
            two_way=tools.rules.two_way,
            inactive=dict(inactive or {}),
        )

    def attach(self, index: KeyIndex) -> None:
        """Where the key index lives."""
        self.reader.attach(index)

    def prepare(self, fields: Sequence[str]) -> None:
        """Hold the mapping against the metadata: nothing that cannot be written is mapped.

        Raises:
            SystemFault: read-only fields, or a source key that is absent or not unique.
        """
        wrong = [reason for name in fields if (reason := self.fields.refusal(name)) is not None]
        if wrong:
            raise SystemFault(
                f"The mapping writes to fields of {self.name} that cannot be written: {'; '.join(wrong)}.",
                fix="Leave them out of stream_maps: NAME: __NULL__.",
            )
        if unknown := sorted(self.spec.inactive.keys() - self.fields.keys()):
            raise SystemFault(
                f"inactive_values names fields that {self.name} does not have: {', '.join(unknown)}.",
                fix="They take API names of fields.",
            )
        if unknown := self.fields.unknown_blanks:
            raise SystemFault(
                f"write_blanks names fields that {self.name} does not have: {', '.join(unknown)}.",
                fix="It takes API names of fields, as FIELD or MODULE.FIELD.",
            )
        if self.source_key is not None:
            self.source_key.check(self.fields.known)
        self._mapped |= set(fields)
        self._rungs[:] = [*self._eager, *self._lazy_rungs()]

    def _lazy_rungs(self) -> Iterator[KeyRung]:
        """Asked when Zoho says that another record holds a value: of unique fields, and of those that the
        ladder uses, for a duplicate check preference refuses these too.
        """
        used = {rung.field for rung in self._eager if rung.kind in ("email", "phone")}
        for field in self.fields.known.values():
            if field.unique or field.api_name in used:
                yield KeyRung(field.api_name, lazy=True, kind="unique", case_sensitive=field.case_sensitive)

    def looks_up(self, name: str) -> bool:
        """Whether the ladder permits to link the record that holds a taken value of this field."""
        return any(rung.lazy and rung.field == name for rung in self._rungs)

    # Reading

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """By id, 100 in a request."""
        rows = self.reader.rows(list(keys), self._columns())
        return {key: self.record(row) for key, row in rows.items()}

    def record(self, row: Mapping[str, Any]) -> RemoteRecord:
        """A row as the engine compares it."""
        key, stamp = str(row["id"]), row.get(MODIFIED)
        if stamp and self.tools.rules.strict_locking:
            self.modified[key] = str(stamp)
        fields = {name: self.fields.shown(name, row) for name in self._columns()}
        return RemoteRecord(key, fields, as_version(stamp))

    def _columns(self) -> list[str]:
        """The fields that are looked at: what streams write, what finds records, what puts them out of use.

        All that can be written where no stream is known yet: a dead run may have written any.
        """
        mapped = self._mapped or {name for name, field in self.fields.items() if field.writes != "never"}
        wanted = [*sorted(mapped), *columns_of(self._eager), *self.spec.inactive]
        known = self.fields.known
        return [name for name in dict.fromkeys(wanted) if name in known and not known[name].is_deep]

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Candidates by the index, or by query where few source keys are asked for; each confirmed by id."""
        if not isinstance(rung, KeyRung) or not values:
            return {}
        asked = [str(value) for value in values]
        holders = self._holders(rung, asked)
        records = self.read(sorted({key for keys in holders.values() for key in keys}))
        found: dict[Any, list[RemoteRecord]] = {}
        for value, keys in holders.items():
            hits = [records[key] for key in dict.fromkeys(keys) if key in records]
            if kept := [hit for hit in hits if self._is_candidate(rung, value, hit)]:
                found[value] = kept
        return found

    def _holders(self, rung: KeyRung, values: Sequence[str]) -> Mapping[str, list[str]]:
        if rung.kind == "contact_email":
            contacts = self._modules.get(CONTACTS)
            return contacts.accounts_by_email(values) if contacts else {}
        if rung.kind == "unique":
            named = {value: self.duplicates.get((rung.field, value), []) for value in values}
            unnamed = [value for value, keys in named.items() if not keys]
            asked = self.reader.query(rung, unnamed) if unnamed else {}
            return {value: keys for value, keys in {**named, **asked}.items() if keys}
        return self.reader.holders(rung, values)

    def _is_candidate(self, rung: KeyRung, value: str, record: RemoteRecord) -> bool:
        """Below the source key, a record with a source key of its own is another record of the source."""
        if rung.kind in ("source_key", "unique"):
            return rung.same(value, rung.value(record.fields))
        own = self.source_key.field if self.source_key else None
        if own is not None and own in self._mapped and not is_blank(record.fields.get(own)):
            return False
        return rung.kind == "contact_email" or rung.same(value, rung.value(record.fields))

    def accounts_by_email(self, values: Sequence[str]) -> dict[str, list[str]]:
        """Accounts whose Contacts have these addresses, by address. Only for the module of Contacts."""
        rung = KeyRung("Email", kind="email")
        holders = self.reader.holders(rung, values)
        rows = self.reader.rows(
            sorted({key for keys in holders.values() for key in keys}), ["Email", ACCOUNT]
        )
        found: dict[str, list[str]] = {}
        for value, keys in holders.items():
            held = [rows[key] for key in keys if key in rows and rung.same(value, rung.value(rows[key]))]
            accounts = [str(self.fields.shown(ACCOUNT, row)) for row in held if row.get(ACCOUNT)]
            if accounts:
                found[value] = list(dict.fromkeys(accounts))
        return found

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Records that a lookup names and that have no link: by `id:NUMBER` or source key."""
        return self._parents.find(self.fields[field_name].refers_to, identities)

    # Judging

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """A record of another source key is another record of the source."""
        own = self.source_key.field if self.source_key else None
        if own is None:
            return None
        ours, theirs = incoming.mapped.get(own), candidate.fields.get(own)
        if is_blank(ours) or is_blank(theirs) or str(ours).strip().casefold() == str(theirs).casefold():
            return None
        return RecordFault(
            f"The record {candidate.key} of {self.name} has another {own} ({theirs}).",
            cause="linked",
            field=own,
            fix="Give one of the two another key, or clear the field in Zoho, then replay.",
        )

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """The holder of a unique value may be the same record where no source key says otherwise."""
        return self.objection(candidate, incoming) is None

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """In hundreds; see `Writer`."""
        yield from self._writer.write(items, fence)

    def stored(self, results: Sequence[WriteResult]) -> list[WriteResult]:
        """Results with what is stored of them, where that matters: read back by id.

        A record that somebody changed after our write does not show what we wrote: its value is not taken.
        """
        keys = [result.key for result in results if result.key and result.fault is None]
        if not self.spec.two_way or not keys:
            return list(results)
        records = self.read(keys)
        for result in results:
            record = records.get(result.key or "") if result.fault is None else None
            if record is not None and (result.version is None or record.version == result.version):
                result.stored, result.version = record.fields, record.version
        return list(results)

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """Bulk jobs of a dead run are waited for."""
        self._writer.wait_until_idle(references)

    def request_cost(self, creates: int, updates: int) -> int:
        """Writes in hundreds; with `two_way` reads before and after."""
        return self._writer.request_cost(creates, updates)

    def credit_cost(self, creates: int, updates: int) -> int:
        """One per ten records, and those of the reads or jobs."""
        return self._writer.planned_credits(creates, updates)
