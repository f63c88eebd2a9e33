"""The three-way merge of one record: pure, no ledger and no vendor.

A source field changed when its value differs from the source's snapshot; a mapped field changed when
its expression names a changed source field; a target field changed when the record as it is now differs
from the target's snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_connector.ledger import Digester, Side, Snapshot, is_blank
from ml_connector.ledger.digests import split_elements
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Field, Incoming, ObjectSpec, RemoteRecord
from ml_connector.sync.versions import seconds_of


@dataclass(slots=True)
class Merged:
    """What is to be done with one record, field by field.

    `write`: field -> value. `companions`: fields sent with them, as they are. `adopt`: target field ->
    digest it is known to hold from now on. `drop`: target fields whose snapshot is forgotten, so that
    the other direction carries them. `held`: field -> (our value, theirs). `unsettled`: source fields
    whose snapshot does not move. `source`: digests of the source's snapshot that do move.
    """

    write: dict[str, Any] = field(default_factory=dict)
    companions: dict[str, Any] = field(default_factory=dict)
    adopt: dict[str, bytes] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    held: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    source: Snapshot = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


def source_name(stream: str, name: str) -> str:
    """How a field of the source is named in its snapshot: several streams may feed one record."""
    return f"{stream}.{name}"


def base_name(stream: str, target_field: str) -> str:
    """Where the source's snapshot keeps the members it last gave to a set field of the target."""
    return f"{stream}.>{target_field}"


def changed_fields(incoming: Incoming, snapshot: Mapping[str, bytes], digester: Digester) -> Snapshot:
    """The source fields of the record that differ from the snapshot, with their digests."""
    stream = incoming.route.stream
    changed: Snapshot = {}
    for name, value in incoming.raw.items():
        if name.startswith("_sdc_"):
            continue
        digest = digester.value(value)
        if snapshot.get(source_name(stream, name)) != digest:
            changed[name] = digest
    return changed


class Merger:
    """Merges the records of one object under the integration's policies."""

    def __init__(self, spec: ObjectSpec, policies: Policies, digester: Digester) -> None:
        self._spec = spec
        self._policies = policies
        self._digester = digester

    def touched(
        self, incoming: Incoming, changed: Mapping[str, bytes], target: Mapping[str, bytes]
    ) -> list[str]:
        """The mapped fields that a change of these source fields may change.

        A constant (an expression that names no field) never changes: it is touched until it is known.
        """
        touched = []
        for name in incoming.mapped:
            behind = behind_field(incoming, name)
            if (
                incoming.remap
                or name in incoming.edited
                or not behind.isdisjoint(changed)
                or (not behind and name not in target)
            ):
                touched.append(name)
        return touched

    def must_read(self, incoming: Incoming, changed: Mapping[str, bytes], target: Snapshot) -> bool:
        """Whether the record has to be read before it can be merged."""
        return any(
            self._spec.two_way
            or name not in target
            or self._spec.fields[name].kind == "set"
            or self._spec.fields[name].companions
            or not self._policies.always_source(
                self._spec.name, name, incoming.route.stream, behind_field(incoming, name)
            )
            for name in self.touched(incoming, changed, target)
        )

    def merge(
        self, incoming: Incoming, source: Side | None, target: Side | None, remote: RemoteRecord | None
    ) -> Merged:
        """What to do with the record. `remote` is None for a create, and where `must_read` says no."""
        known = source.snapshot if source else {}
        changed = changed_fields(incoming, known, self._digester)
        merged = Merged(changed=set(changed))
        for name in self.touched(incoming, changed, target.snapshot if target else {}):
            _FieldMerge(self, incoming, name, source, target, remote, merged).run()
        self._companions(merged, remote)
        for name in incoming.withheld:
            merged.unsettled |= behind_field(incoming, name)
        stream = incoming.route.stream
        merged.source.update(
            {
                source_name(stream, name): digest
                for name, digest in changed.items()
                if name not in merged.unsettled
            }
        )
        return merged

    def digest(self, name: str, value: Any) -> bytes:
        """The digest of a target field's value, in the form in which the vendor stores it."""
        stored = self._spec.stored(name, value)
        if self._spec.fields[name].kind == "set":
            return self._digester.elements(stored or [])
        return self._digester.value(stored)

    def _companions(self, merged: Merged, remote: RemoteRecord | None) -> None:
        if remote is None:
            return
        for name in list(merged.write):
            for companion in self._spec.fields[name].companions:
                if companion not in merged.write and companion in remote.fields:
                    merged.companions[companion] = remote.fields[companion]


def behind_field(incoming: Incoming, name: str) -> frozenset[str]:
    """The source fields that a mapped field is made from; all of them where its expression does not say."""
    names = incoming.names.get(name)
    return frozenset(incoming.raw) if names is None else names


class _FieldMerge:
    """The merge of one field; `run` notes the result in `merged`."""

    def __init__(
        self,
        merger: Merger,
        incoming: Incoming,
        name: str,
        source: Side | None,
        target: Side | None,
        remote: RemoteRecord | None,
        merged: Merged,
    ) -> None:
        self.spec: ObjectSpec = merger._spec
        self.policies: Policies = merger._policies
        self.digester: Digester = merger._digester
        self.field: Field = self.spec.fields[name]
        self.name = name
        self.incoming = incoming
        self.source, self.target, self.remote = source, target, remote
        self.merged = merged
        self.value = incoming.mapped[name]
        self.behind = behind_field(incoming, name)

    def run(self) -> None:
        if self.field.kind == "set":
            self._merge_set()
        elif self.target is None and self.remote is None:
            self._create()
        else:
            self._merge_value()

    def _create(self) -> None:
        if not is_blank(self.value):
            self.merged.write[self.name] = self.value
        else:
            self.merged.adopt[self.name] = self.digester.value(None)

    def _merge_value(self) -> None:
        intended = self.digester.value(self.spec.stored(self.name, self.value))
        known = self.target.snapshot.get(self.name) if self.target else None
        current, current_digest = self._current(known)
        if intended == current_digest:
            self.merged.adopt[self.name] = intended
        elif is_blank(self.value) and not self._may_clear(known):
            self._keep_theirs(known)
        elif known is None:
            self._first_contact(current)
        elif known == current_digest or self.name in self.incoming.edited:
            self.merged.write[self.name] = self.value
        else:
            self._conflict(current)

    def _current(self, known: bytes | None) -> tuple[Any, bytes | None]:
        """What the target holds; the snapshot where nobody has to look."""
        if self.remote is None:
            return None, known
        current = self.remote.fields.get(self.name)
        return current, self.digester.value(current)

    def _may_clear(self, known: bytes | None) -> bool:
        # A blank never overwrites at first contact, whatever the settings.
        return known is not None and self.field.write_blanks

    def _keep_theirs(self, known: bytes | None) -> None:
        if known is None:
            self.merged.unsettled |= self.behind

    def _first_contact(self, current: Any) -> None:
        first = self.policies.source_speaks_first(
            self.spec.name, self.name, self.incoming.route.stream, self.behind
        )
        if first or is_blank(current) or self.name in self.incoming.edited:
            self.merged.write[self.name] = self.value
        else:
            self.merged.unsettled |= self.behind

    def _conflict(self, current: Any) -> None:
        policy = self.policies.policy(self.spec.name, self.name, self.incoming.route.stream, self.behind)
        verdict = self.policies.decide(policy, self._source_interval(), self._target_interval())
        if verdict == "source" or (verdict == "fill_blanks" and is_blank(current)):
            self.merged.write[self.name] = self.value
        elif verdict == "hold":
            self.merged.held[self.name] = (self.value, current)
            self.merged.unsettled |= self.behind
        else:
            self.merged.drop.add(self.name)

    def _source_interval(self) -> tuple[float | None, float | None]:
        before = self.incoming.seen.version if self.incoming.seen else None
        before = before or (self.source.version if self.source else None)
        return seconds_of(before), seconds_of(self.incoming.version)

    def _target_interval(self) -> tuple[float | None, float | None]:
        before = self.target.version if self.target else None
        return seconds_of(before), seconds_of(self.remote.version if self.remote else None)

    def _merge_set(self) -> None:
        """Members are added and removed one by one; what others put there stays."""
        digest = self.digester.value
        stored = self.spec.stored(self.name, self.value) or []
        ours = {digest(member): member for member in stored if not is_blank(member)}
        theirs_now = (self.remote.fields.get(self.name) if self.remote else None) or []
        theirs = {digest(member): member for member in theirs_now if not is_blank(member)}
        base_key = base_name(self.incoming.route.stream, self.name)
        base = split_elements(self.source.snapshot.get(base_key, b"")) if self.source else set()
        removed = base - ours.keys()
        added = ours.keys() - base - theirs.keys()
        result = {key: member for key, member in theirs.items() if key not in removed}
        result |= {key: ours[key] for key in added}
        if result.keys() != theirs.keys():
            self.merged.write[self.name] = list(result.values())
        self.merged.adopt[self.name] = b"".join(sorted(result))
        self.merged.source[base_key] = b"".join(sorted(ours))
