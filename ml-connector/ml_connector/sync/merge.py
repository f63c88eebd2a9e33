"""The three-way merge of one record: pure, no ledger and no vendor.

A source field changed when its value differs from the source's snapshot; a mapped field changed when
its expression names a changed source field; a target field changed when the record as it is now differs
from the target's snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ml_connector.ledger import Digester, Side, Snapshot, is_blank
from ml_connector.ledger.digests import split_elements
from ml_connector.sync.fields import (
    base_name,
    concerned,
    covers,
    flatten,
    members_name,
    reach,
    snapshot_name,
)
from ml_connector.sync.policy import Policies
from ml_connector.sync.records import Field, Incoming, ObjectSpec, RemoteRecord
from ml_connector.sync.versions import seconds_of


@dataclass(frozen=True, slots=True)
class Decision:
    """How a policy decided a field that both sides changed: our value, theirs, and who won.

    `winner` is a system, None where both keep their own. `ties`: the times did not tell, so `newest_ties`
    named the winner. `again`: the source lost this field before, and the winner's value is still on its way.
    """

    ours: Any
    theirs: Any
    winner: str | None
    policy: str
    ties: bool = False
    again: bool = False


@dataclass(slots=True)
class Merged:
    """What is to be done with one record, field by field.

    `write`: field -> value. `companions`: fields sent with them, as they are. `drop`: target fields whose
    snapshot is forgotten, so that the other direction carries them. `held`: field -> (our value, theirs).
    `decided`: fields that both sides changed and a policy decided, to be told to people. `unsettled`:
    source fields whose snapshot does not move. `source` and `target`: what moves in the two snapshots
    without being written, by the snapshot's own names. `touched`: mapped fields that were looked at,
    `changed`: source fields that changed, with their digests. `kept`: fields that differ from what the
    source gives, and are the target's own by setting.
    """

    write: dict[str, Any] = field(default_factory=dict)
    companions: dict[str, Any] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    held: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    decided: dict[str, Decision] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    source: Snapshot = field(default_factory=dict)
    target: Snapshot = field(default_factory=dict)
    touched: tuple[str, ...] = ()
    changed: Snapshot = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)


def changed_fields(incoming: Incoming, snapshot: Mapping[str, bytes], digester: Digester) -> Snapshot:
    """The source fields of the record that differ from the snapshot, with their digests."""
    stream = incoming.route.stream
    changed: Snapshot = {}
    for name, value in flatten(incoming.raw).items():
        digest = digester.value(value)
        if snapshot.get(snapshot_name(stream, name)) != digest:
            changed[name] = digest
    return changed


class Merger:
    """Merges the records of one object under the integration's policies."""

    def __init__(self, spec: ObjectSpec, policies: Policies, digester: Digester) -> None:
        self.spec = spec
        self.policies = policies
        self.digester = digester

    def touched(
        self, incoming: Incoming, changed: Mapping[str, bytes], target: Mapping[str, bytes]
    ) -> list[str]:
        """The mapped fields that a change of these source fields may change.

        A constant (an expression that names no field) never changes: it is touched until it is known.
        """
        touched = []
        reached = reach(changed)
        for name in incoming.mapped:
            behind = behind_field(incoming, name)
            if (
                incoming.remap
                or name in incoming.edited
                or concerned(behind, changed, reached)
                or (not behind and self.known_name(name) not in target)
            ):
                touched.append(name)
        return touched

    def known_name(self, name: str) -> str:
        """Under which name the target's snapshot says that a field is known."""
        if self.spec.fields[name].is_set:
            return members_name(self.spec.name, name)
        return snapshot_name(self.spec.name, name)

    def must_read(self, incoming: Incoming, source: Mapping[str, bytes], target: Mapping[str, bytes]) -> bool:
        """Whether the record has to be read before it can be merged, given both snapshots."""
        changed = changed_fields(incoming, source, self.digester)
        return any(
            self.spec.two_way
            or self.known_name(name) not in target
            or self.spec.fields[name].is_set
            or self.spec.fields[name].companions
            or name in incoming.expected
            or not self.policies.always_source(
                self.spec.name, name, incoming.route.stream, behind_field(incoming, name)
            )
            for name in self.touched(incoming, changed, target)
            if self.spec.fields[name].writes == "always"
        )

    def merge(
        self, incoming: Incoming, source: Side | None, target: Side | None, remote: RemoteRecord | None
    ) -> Merged:
        """What to do with the record. `remote` is None for a create, and where `must_read` says no."""
        changed = changed_fields(incoming, source.snapshot if source else {}, self.digester)
        touched = self.touched(incoming, changed, target.snapshot if target else {})
        merged = Merged(changed=changed, touched=tuple(touched))
        for name in touched:
            FieldMerge(self, incoming, name, source, target, remote, merged).run()
        self._companions(merged, remote)
        for name in incoming.withheld:
            merged.unsettled |= behind_field(incoming, name)
        self._move_source(incoming, merged)
        return merged

    def _move_source(self, incoming: Incoming, merged: Merged) -> None:
        """The source's snapshot moves for each field seen, but for those that are not settled."""
        stream, flat = incoming.route.stream, flatten(incoming.raw)
        for name, digest in merged.changed.items():
            if covers(merged.unsettled, name):
                continue
            merged.source[snapshot_name(stream, name)] = digest
            if self.spec.two_way and isinstance(flat[name], (list, tuple)):
                known = carried_members(incoming, name, flat[name])
                merged.source[members_name(stream, name)] = self.digester.elements(known)

    def digest(self, name: str, value: Any) -> bytes:
        """The digest of a target field's value, in the form in which the vendor stores it."""
        return self.shown_digest(name, self.spec.stored(name, value))

    def shown_digest(self, name: str, value: Any) -> bytes:
        """The digest of a target field's value as the vendor shows it."""
        if self.spec.fields[name].is_set:
            return self.digester.elements(value or [])
        return self.digester.value(value)

    def out_of_use(self, remote: RemoteRecord | None) -> Merged:
        """The values that put a record out of use, with their companions."""
        merged = Merged(write=dict(self.spec.inactive))
        self._companions(merged, remote)
        return merged

    def _companions(self, merged: Merged, remote: RemoteRecord | None) -> None:
        if remote is None:
            return
        for name in list(merged.write):
            for companion in self.spec.fields[name].companions:
                if companion not in merged.write and companion in remote.fields:
                    merged.companions[companion] = remote.fields[companion]


def behind_field(incoming: Incoming, name: str) -> frozenset[str]:
    """The source fields that a mapped field is made from; all of them where its expression does not say."""
    names = incoming.names.get(name)
    return frozenset(incoming.raw) if names is None else names


def carried_members(incoming: Incoming, name: str, members: Sequence[Any]) -> list[Any]:
    """Of a list in the source, what the target was given: who has no partner there stays our own affair.

    Otherwise the other direction would miss them in the target, and take them out of the source.
    """
    unknown: set[str] = set()
    for target_field, identities in incoming.unknown.items():
        if covers(behind_field(incoming, target_field), name):
            unknown |= identities
    return [member for member in members if str(member) not in unknown]


class FieldMerge:
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
        self.spec = merger.spec
        self.policies = merger.policies
        self.digester = merger.digester
        self.field: Field = self.spec.fields[name]
        self.name = name
        self.known_as = snapshot_name(self.spec.name, name)
        self.incoming = incoming
        self.source, self.target, self.remote = source, target, remote
        self.merged = merged
        self.value = incoming.mapped[name]
        self.stored = self.spec.stored(name, self.value)
        self.blank = is_blank(self.value) or is_blank(self.stored)
        self.behind = behind_field(incoming, name)

    def run(self) -> None:
        """Merge the field."""
        new = self.target is None and self.remote is None
        if self.field.writes == "never" or (self.field.writes == "create" and not new):
            self._keep()
        elif self.field.is_set:
            self._merge_set()
        elif new:
            self._create()
        else:
            self._merge_value()

    def _create(self) -> None:
        if not self.blank:
            self.merged.write[self.name] = self.value
        else:
            self._adopt(None)

    def _adopt(self, value: Any) -> None:
        self.merged.target[self.known_as] = self.digester.value(value)

    def _keep(self) -> None:
        """The target's own by setting: what it holds is noted, and that it is not what the source gives."""
        known = self.target.snapshot.get(self.known_as) if self.target else None
        current, digest = self._current(known)
        if self.remote is not None:
            self._adopt(current)
        if not self.blank and digest != self.digester.value(self.stored):
            self.merged.kept.add(self.name)

    def _merge_value(self) -> None:
        intended = self.digester.value(self.stored)
        known = self.target.snapshot.get(self.known_as) if self.target else None
        current, current_digest = self._current(known)
        if intended == current_digest:
            self.merged.target[self.known_as] = intended
        elif self.incoming.expected.get(self.name, current_digest) != current_digest:
            # The target moved after a person decided: the decision was about another value.
            self._hold(current)
        elif self.blank and not self._may_clear(known):
            self._keep_theirs(known)
        elif known is None:
            self._first_contact(current)
        elif known and self._is_first_sight() and not self._speaks_first(current):
            self.merged.kept.add(self.name)
        elif known == current_digest or self.name in self.incoming.edited:
            self.merged.write[self.name] = self.value
        else:
            self._conflict(current, again=known == b"")

    def _current(self, known: bytes | None) -> tuple[Any, bytes | None]:
        """What the target holds; the snapshot where nobody has to look."""
        if self.remote is None:
            return None, known
        current = self.remote.fields.get(self.name)
        return current, self.digester.value(current)

    def _may_clear(self, known: bytes | None) -> bool:
        # A blank never overwrites at first contact, whatever the settings.
        if self.name in self.incoming.edited:
            return True
        return known is not None and self.field.write_blanks and not self._is_first_sight()

    def _keep_theirs(self, known: bytes | None) -> None:
        if known is None:
            self.merged.unsettled |= self.behind

    def _first_contact(self, current: Any) -> None:
        if self._speaks_first(current):
            self.merged.write[self.name] = self.value
        else:
            self.merged.unsettled |= self.behind

    def _speaks_first(self, current: Any) -> bool:
        """Whether the source's value is written where nothing was known of it."""
        rule = (self.spec.name, self.name, self.incoming.route.stream, self.behind)
        filled = is_blank(current) or self.name in self.incoming.edited
        return filled or self.policies.source_speaks_first(*rule)

    def _is_first_sight(self) -> bool:
        """Whether the source's fields were never seen, though the target's was, by the other direction.

        That one does not carry it back, or it would be known here too: so what the source holds counts as
        settled from now on, and its next change as a change.
        """
        if not self.spec.two_way or self.source is None:
            return False
        stream, known = self.incoming.route.stream, self.source.snapshot
        seen = (snapshot_name(stream, name) in known for name in self._source_fields())
        return not any(seen)

    def _source_fields(self) -> list[str]:
        return [name for name in flatten(self.incoming.raw) if covers(self.behind, name)]

    def _conflict(self, current: Any, *, again: bool) -> None:
        policy = self.policies.policy(self.spec.name, self.name, self.incoming.route.stream, self.behind)
        verdict, ties = self.policies.judge(policy, self._source_interval(), self._target_interval())
        winner: str | None = self.policies.target
        if verdict == "hold":
            self._hold(current)
            return
        if verdict == "source" or (verdict == "fill_blanks" and is_blank(current)):
            self.merged.write[self.name] = self.value
            winner = self.policies.source
        elif verdict == "fill_blanks" and not self.blank:
            # Neither is blank: both keep their own, and what each holds now is known.
            self._adopt(current)
            winner = None
        else:
            self.merged.drop.add(self.name)
        # Where the source always wins one way, nobody looks at the target: it is seen by chance only.
        if self.spec.two_way or policy != self.policies.source:
            decision = Decision(self.value, current, winner, policy, ties, again)
            self.merged.decided[self.name] = decision

    def _hold(self, current: Any) -> None:
        self.merged.held[self.name] = (self.value, current)
        self.merged.unsettled |= self.behind

    def _source_interval(self) -> tuple[float | None, float | None]:
        before = self.incoming.seen.version if self.incoming.seen else None
        before = before or (self.source.version if self.source else None)
        return seconds_of(before), seconds_of(self.incoming.version)

    def _target_interval(self) -> tuple[float | None, float | None]:
        before = self.target.version if self.target else None
        return seconds_of(before), seconds_of(self.remote.version if self.remote else None)

    def _merge_set(self) -> None:
        """Members are added and removed one by one; what others put there stays.

        What the source no longer has is removed only where both sides were known to have it.
        """
        ours = self._members(self.stored)
        theirs = self._members(self.remote.fields.get(self.name) if self.remote else None)
        base = self._base()
        silent = not ours and not self._may_empty()
        removed = set() if silent else base - ours.keys()
        added = ours.keys() - base - theirs.keys()
        result = {key: member for key, member in theirs.items() if key not in removed}
        result |= {key: ours[key] for key in ours if key in added}
        if result.keys() != theirs.keys():
            self.merged.write[self.name] = list(result.values())
        agreed = b"".join(sorted(base if silent else ours))
        self.merged.target[members_name(self.spec.name, self.name)] = agreed
        self.merged.source[base_name(self.incoming.route.stream, self.name)] = agreed
        # Unless both hold the same now, the other direction is to look at the set again.
        self.merged.target[self.known_as] = b""
        if self.name not in self.merged.write and result.keys() == ours.keys() and self.remote:
            self._adopt(self.remote.fields.get(self.name))

    def _may_empty(self) -> bool:
        """One way a blank says nothing of a set either; of two ways both have to agree in the end."""
        return self.spec.two_way or self.field.write_blanks or self.name in self.incoming.edited

    def _members(self, values: Any) -> dict[bytes, Any]:
        return {self.digester.value(member): member for member in values or () if not is_blank(member)}

    def _base(self) -> set[bytes]:
        """The members that both sides were last known to have.

        One way these are the members that this stream gave: the rest belongs to others, and stays.
        """
        if self.spec.two_way:
            known = self.target.snapshot.get(members_name(self.spec.name, self.name)) if self.target else None
        else:
            base = base_name(self.incoming.route.stream, self.name)
            known = self.source.snapshot.get(base) if self.source else None
        return split_elements(known or b"")
