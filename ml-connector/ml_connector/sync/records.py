"""What the engine works with: objects of a target, incoming records, writes and their results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from ml_connector.errors import RecordFault
from ml_connector.ledger import Entry, Link, Route, Seen, is_blank

OutcomeKind = Literal[
    "created",
    "updated",
    "unchanged",
    "echoed",
    "superseded",
    "held",
    "rejected",
    "deleted",
    "ignored",
]
OUTCOMES: tuple[OutcomeKind, ...] = (
    "created",
    "updated",
    "unchanged",
    "echoed",
    "superseded",
    "held",
    "rejected",
    "deleted",
    "ignored",
)

Writes = Literal["always", "create", "never"]

# One identity, `{OBJECT: identity}`, or a list of such candidates; of many each member is one of these.
_IDENTITY = {"type": ["string", "integer", "null"]}
_CANDIDATE = {"type": ["string", "integer", "null", "object"], "additionalProperties": _IDENTITY}
REFERENCE_SCHEMA: Mapping[str, Any] = {
    "type": ["string", "integer", "null", "object", "array"],
    "additionalProperties": _IDENTITY,
    "items": _CANDIDATE,
}
REFERENCES_SCHEMA: Mapping[str, Any] = {"type": ["array", "null"], "items": REFERENCE_SCHEMA}

# In a mapping: false means that this stream never creates the record; a text rejects it with that reason.
CREATE_FLAG = "_ml_create"
REJECT_FLAG = "_ml_reject"


def same_value(value: Any) -> Any:
    """The stored form of a value that the vendor stores as it is."""
    return value


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose ledger rows these are: one direction of one integration, in one run."""

    integration: str
    source: str
    target: str
    run_id: int


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object of the target, in its flat name (`organization_fields.city`).

    `stored_form` turns a value into what the vendor will show after storing it (cut, rounded, in its own
    spelling), so that equal things compare equal. `kind` is `set` where order means nothing and members
    are merged one by one, `reference` where the value names a parent by its key in the source, `references`
    where it names many, merged as a set of the target's keys. `writes`: a field of `create` is given to new
    records only, one of `never` to none; who changed it there keeps it.

    `refers_to`: the object whose records are named. `kin`: objects of the target that know the same keys of
    the source, so that one seen on its way into any of them is known; see `sync.candidates`. `needed`: a
    record of which no candidate leads anywhere is ignored as a whole. `part_of`: the record is a part of the
    one that is named; where that is out of use, the record is ignored.
    """

    name: str
    kind: Literal["value", "set", "reference", "references"] = "value"
    schema: Mapping[str, Any] = field(default_factory=dict)
    unique: bool = False
    write_blanks: bool = False
    companions: tuple[str, ...] = ()
    refers_to: str | None = None
    writes: Writes = "always"
    stored_form: Callable[[Any], Any] = same_value
    kin: tuple[str, ...] = ()
    part_of: bool = False
    needed: bool = False

    @classmethod
    def reference(
        cls,
        name: str,
        refers_to: str,
        *,
        kin: tuple[str, ...] = (),
        many: bool = False,
        needed: bool = False,
        write_blanks: bool = False,
        writes: Writes = "always",
        part_of: bool = False,
        stored_form: Callable[[Any], Any] = same_value,
    ) -> Field:
        """A field that names a record of `refers_to`, or `many`, with the schema of all their forms.

        What the engine writes is the target's key, an int where it is decimal: a vendor that shows texts
        needs a `stored_form` that makes them; of `many` it is given the list.
        """
        return cls(
            name,
            kind="references" if many else "reference",
            schema=REFERENCES_SCHEMA if many else REFERENCE_SCHEMA,
            refers_to=refers_to,
            kin=kin,
            needed=needed,
            write_blanks=write_blanks,
            writes=writes,
            part_of=part_of,
            stored_form=stored_form,
        )

    @property
    def is_set(self) -> bool:
        """Whether order means nothing, and members are merged one by one."""
        return self.kind in ("set", "references")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the match ladder: records whose `field` holds the value are candidates.

    A lazy rung is asked only when the vendor, or the index of taken values, refuses a create for it.
    `exclusive` rungs hold a key of ours: a create can be looked up by it after a lost answer. Where the
    key is looked up `within` the parent that this reference field names, the two are asked for as one
    text, `PARENT/KEY`. `in_order`: several records may hold the value; those without a link are paired one
    by one, in the order in which both sides have them.
    """

    field: str
    lazy: bool = False
    exclusive: bool = False
    within: str | None = None
    in_order: bool = False

    def value(self, mapped: Mapping[str, Any]) -> Any:
        """What of a mapped record is looked up on this rung; None where it is blank."""
        value = mapped.get(self.field)
        if isinstance(value, list):  # several keys of one record: any of them will do
            value = tuple(each for each in value if not is_blank(each))
        if self.within is None or is_blank(value):
            return None if is_blank(value) else value
        parent = mapped.get(self.within)
        return None if is_blank(parent) else f"{parent}/{value}"


@dataclass(frozen=True, slots=True)
class ObjectSpec:
    """What the engine knows of an object: its fields, its ladder, what must be settled before it.

    `two_way`: somebody else's changes of mapped fields count, so records are read before they are
    written, and values are kept as stored. `inactive`: the values that put a record out of use there.
    `append_only`: the vendor never changes such a record, so it is not read, and a change is refused.
    `match_only`: records are only paired with those that are there, never created. `publishable`: where
    the mapping creates none, people may have single ones created.
    """

    name: str
    fields: Mapping[str, Field]
    rungs: Sequence[Rung]
    depends_on: tuple[str, ...] = ()
    two_way: bool = False
    batch_size: int = 100
    inactive: Mapping[str, Any] = field(default_factory=dict)
    append_only: bool = False
    match_only: bool = False
    publishable: bool = False

    def stored(self, name: str, value: Any) -> Any:
        """The form in which the vendor will show this value."""
        return self.fields[name].stored_form(value)


@dataclass(slots=True)
class Incoming:
    """One mapped record on its way. `mapped` is flat; `names` says which raw fields each value comes from.

    `position` is the number of its input line. None in `names` means: any field may be behind it.
    `edited` holds mapped fields that a person laid over the mapping; they count as changed. `withheld`
    holds pointers that a second pass will set. Without `may_create` the record needs a partner: it is
    `optional` where the lack of one only means that there is nothing to do, else it waits for one; one that
    `only_adds` is never paired itself, for it would then decide over the end of the pair. Of a
    resolved conflict, `expected` holds digests of what the target showed when it was decided,
    `carried_back` the fields whose decided value both sides must take. `unknown`: per field of many
    references the named ones that have no partner, so that the value stands for less than the source holds.
    """

    position: int
    route: Route
    raw_key: str
    raw: Mapping[str, Any]
    digest: bytes
    mapped: dict[str, Any]
    names: Mapping[str, frozenset[str] | None]
    identity: str
    schema: Mapping[str, Any]
    version: str | None = None
    extracted_at: float | None = None
    may_create: bool = True
    optional: bool = False
    only_adds: bool = False
    deleted: bool = False
    seen: Seen | None = None
    letter_id: int | None = None
    edited: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    expected: Mapping[str, bytes] = field(default_factory=dict)
    carried_back: frozenset[str] = frozenset()
    unknown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    remap: bool = False

    @property
    def settled_version(self) -> str | None:
        """The version that counts once it is settled: its own, else the one that was settled before."""
        return self.version or (self.seen.version if self.seen else None)

    @property
    def never_creates(self) -> bool:
        """Whether it is of a stream that only adds to records which another one creates."""
        return not self.may_create and not self.optional


@dataclass(slots=True)
class RemoteRecord:
    """A record of the target as it is now, flat. `version` compares with that of its own stream."""

    key: str
    fields: dict[str, Any]
    version: str | None = None


@dataclass(slots=True)
class WriteItem:
    """One write. `values` are the changed fields and companions, flat; `key` is None for a create."""

    kind: Literal["create", "update"]
    key: str | None
    values: dict[str, Any]
    incoming: Incoming
    entry: Entry


@dataclass(slots=True)
class WriteResult:
    """What the vendor did with one item.

    `stored`: flat values as stored, where the answer shows them. `fault`: it was refused; `taken` names
    the unique field whose value another record holds. `request_id`: the vendor's own id of the answer.
    `warnings`: what the vendor did not do of it, or said beside; the record counts as written.
    """

    item: WriteItem
    key: str | None = None
    stored: dict[str, Any] | None = None
    version: str | None = None
    fault: RecordFault | None = None
    taken: str | None = None
    request_id: str | None = None
    retries: int = 0
    seconds: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """The vendor accepted these items, as the job or request `reference`."""

    items: Sequence[WriteItem]
    reference: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """The vendor's answer for these items is known, one by one."""

    results: Sequence[WriteResult]


WriteEvent = Sent | Done


class Remote(Protocol):
    """What the engine asks of one object of the target system. Implemented by a plugin's sinks.

    All methods raise PassingFault or SystemFault where no single record is at fault.
    """

    spec: ObjectSpec

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        """These records as they are now; missing ones are absent."""

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """Candidates per value of the rung's field; values without any are absent."""

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        """Send items in the vendor's bulk form; yield `Sent` as batches are accepted, `Done` as they end.

        `fence` is called before each request that writes; it raises when the lease is lost. Every item
        ends in exactly one result, or the iterator raises.
        """

    def wait_until_idle(self, references: Sequence[str]) -> None:
        """Return when the vendor runs no job of ours; `references` are those we know of."""

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """Whether an unlinked candidate of a lazy rung may be linked."""

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """Why a candidate must not be linked with this record; None where it may be."""

    def rename(self, field_name: str, incoming: Incoming) -> Any:
        """Another value for a unique field whose value is taken, or None where it is to be rejected."""

    def parents(self, field_name: str, identities: Sequence[str]) -> Mapping[str, str]:
        """Keys of parents that a reference field names and that have no link; unknown ones are absent."""

    def fallback(self, field_name: str) -> str | None:
        """The key of the record that a reference names where none of its candidates is known."""


@dataclass(slots=True)
class Outcome:
    """How one record ended. `kept`: fields that the source changed and the target keeps by setting.

    `warnings`: what the vendor said beside, of a record that it wrote, perhaps not as a whole.
    """

    kind: OutcomeKind
    incoming: Incoming
    key: str | None = None
    link: Link | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    fault: RecordFault | None = None
    request_id: str | None = None
    retries: int = 0
    seconds: float | None = None
    reason: str | None = None
    kept: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
