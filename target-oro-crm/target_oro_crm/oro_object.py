"""What the objects share: read by lists of ids, written one by one, each answer read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.ledger import is_blank
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.singly import written_singly
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
from ml_connector.vendors.oro.records import Record, Resource, document, flat
from target_oro_crm.fields import Fields, OroField, id_text
from target_oro_crm.tools import STAMPS, Tools, numbers


class OroObject(VendorObject):
    """An object. A subclass gives `kind`, its fields and rungs, and finds candidates.

    `owned`: new records get the owner and the organization of the settings.
    """

    kind: ClassVar[str]
    owned: ClassVar[bool] = True

    def __init__(
        self,
        tools: Tools,
        fields: Sequence[OroField],
        rungs: Sequence[Rung],
        *,
        depends_on: tuple[str, ...] = (),
        inactive: Mapping[str, Any] | None = None,
        match_only: bool = False,
    ) -> None:
        self.tools = tools
        self.fields = Fields(fields)
        self.mapped: set[str] = set()
        self.prepared = False
        self.spec = ObjectSpec(
            name=self.kind,
            fields=self.fields.engine,
            rungs=tuple(rungs),
            depends_on=depends_on,
            two_way=tools.rules.two_way and not match_only,
            inactive=dict(inactive or {}),
            match_only=match_only,
        )

    def prepare(self, fields: Sequence[str]) -> None:
        """From now on these fields are looked at.

        Raises:
            SystemFault: `inactive_values` names fields that the object does not have.
        """
        if unknown := sorted(self.spec.inactive.keys() - self.fields.known.keys()):
            raise SystemFault(
                f"inactive_values names fields that {self.kind} does not have: {', '.join(unknown)}.",
                fix=f"Known fields: {', '.join(sorted(self.fields.known))}.",
            )
        self.mapped |= set(fields)
        self.prepared = True

    # Reading

    def columns(self) -> list[str]:
        """The fields that are looked at; all of them before a stream is known: a dead run may have written
        any.
        """
        if not self.prepared:
            return list(self.fields.known)
        companions = [more for name in self.mapped for more in self._field(name).companions]
        return list(dict.fromkeys([*sorted(self.mapped), *companions, *self.spec.inactive]))

    def _field(self, name: str) -> Field:
        return self.fields.engine.get(name) or Field(name)

    def names(self) -> list[str]:
        """What to ask OroCRM for."""
        return [*self.fields.own(self.columns()), *STAMPS]

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """By lists of ids, a hundred in a request."""
        found = self.tools.listed(self.kind, "id", numbers(map(id_text, keys)), self.names())
        records = [self.record(row) for row in found]
        return {record.key: record for record in records}

    def key_of(self, row: Record) -> str:
        """The key by which the ledger knows a record: its id."""
        return str(row["id"])

    def record(self, row: Record) -> RemoteRecord:
        """A flat row as the engine compares it. Cases have no `updatedAt` until they are changed."""
        stamp = row.get("updatedAt") or row.get("createdAt")
        return RemoteRecord(self.key_of(row), self.shown(row), as_version(stamp))

    def shown(self, row: Record) -> dict[str, Any]:
        """The fields of a flat row that are looked at."""
        return self.fields.shown(row, self.columns())

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Candidates by the rung's value, each as it is now."""
        return {}

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """Who holds a unique value of ours is the record, unless something speaks against it."""
        return self.objection(candidate, incoming) is None

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """`id:123` names a record by OroCRM's id, an address a person; see `References`."""
        field = self.fields.known.get(field_name)
        return self.tools.references.find(field.to if field else "", identities)

    def fallback(self, field_name: str) -> str | None:
        """Who is named where nobody that the source names is known: users only, see default_user_owner."""
        field = self.fields.known.get(field_name)
        return self.tools.owner() if field is not None and field.to == "users" else None

    # Writing

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """One by one, several at once."""
        yield from self.write_singly(items, fence)

    def write_singly(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """One request for each item."""
        yield from written_singly(self.tools.parallel(), self.write_one, items, fence)

    def write_one(self, item: WriteItem) -> WriteResult:
        """Create or change one record."""
        values = self.body(item)
        try:
            made = self._send(item, values)
        except RecordFault as fault:
            return self.refused(item, fault)
        return self.result(item, made)

    def _send(self, item: WriteItem, values: Record) -> Resource:
        key = id_text(item.key)
        body = document(self.kind, values, key, links=self.fields.links)
        if key is None:
            return self.tools.client.create(self.kind, body)
        return self.tools.client.update(self.kind, key, body)

    def body(self, item: WriteItem) -> Record:
        """What is sent of an item, by OroCRM's names; a new record with what it needs besides."""
        values = self.fields.sent(item.values)
        if item.kind == "create":
            needed = {name: value for name, value in self.defaults(item).items() if value is not None}
            values |= {name: value for name, value in needed.items() if is_blank(values.get(name))}
        return values

    def defaults(self, item: WriteItem) -> Record:
        """What a new record gets where the mapping gives nothing."""
        if not self.owned:
            return {}
        return {"owner": self.tools.owner(), "organization": self.tools.rules.organization}

    def result(self, item: WriteItem, made: Resource) -> WriteResult:
        """What the answer says: the record as it is stored."""
        if not made.get("id"):
            return WriteResult(item, key=item.key)
        record = self.record(flat(made))
        return WriteResult(item, key=record.key, stored=record.fields, version=record.version)

    def refused(self, item: WriteItem, fault: RecordFault) -> WriteResult:
        """The record is refused: the field at fault by its name in the mapping, a taken value as such."""
        known = self.fields.known.items()
        name = next((name for name, field in known if field.own and field.own == fault.field), None)
        fault.field = name or fault.field
        taken = name if fault.cause == "taken" and self._looks_up(name) else None
        return WriteResult(item, key=item.key, fault=fault, taken=taken, request_id=fault.request_id)

    def _looks_up(self, name: str | None) -> bool:
        return any(rung.lazy and rung.field == name for rung in self.spec.rungs)

    def request_cost(self, creates: int, updates: int) -> int:
        """One each."""
        return creates + updates
