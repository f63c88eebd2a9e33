"""From RECORD messages to records for the engine: key, digest, look-up, map, validate.

The order saves work: the digest of the raw record comes first, so that an unchanged record is neither
mapped nor validated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from singer_sdk.exceptions import MissingKeyPropertiesError

from ml_connector.errors import RecordFault, SystemFault
from ml_connector.ledger import Digester, Route, Seen, is_blank
from ml_connector.singer.mapping import StreamMapping, flatten
from ml_connector.singer.validation import Validator
from ml_connector.sync import CREATE_FLAG, REJECT_FLAG, Incoming, ObjectSpec, as_version

DELETED_AT = "_sdc_deleted_at"


class MissingKey(SystemFault, MissingKeyPropertiesError):
    """A record without a value of its key: nothing can be said of it again."""


@dataclass(slots=True)
class StreamRoute:
    """A stream on its way into one object, ready to take records."""

    stream: str
    route: Route
    spec: ObjectSpec
    mapping: StreamMapping
    validator: Validator
    names: Mapping[str, frozenset[str] | None]
    schema: Mapping[str, Any]  # the SCHEMA message, for letters
    raw_keys: tuple[str, ...]
    bookmark: str | None
    key_suffix: str = ""  # tells apart several ways of one stream into one object

    def is_key_alone(self, record: Mapping[str, Any]) -> bool:
        """Whether a record holds no more than its key, although the stream has more fields."""
        keys = set(self.raw_keys)
        named = {name for name in record if not name.startswith("_sdc_") or name == DELETED_AT}
        return bool(keys) and named <= keys and not self.schema["schema"]["properties"].keys() <= keys

    @property
    def only_adds(self) -> bool:
        """Whether the stream adds to records which another one creates: the mapping creates none, nor can
        a person have them created.
        """
        return self.mapping.creates_none and not self.spec.publishable

    def raw_key(self, line: Line) -> str:
        """The key of a line on this way."""
        return line.key + self.key_suffix if self.key_suffix else line.key


@dataclass(slots=True)
class Line:
    """One RECORD message in hand. `digest` and `key` belong to the raw record."""

    position: int
    message: Mapping[str, Any]
    key: str
    digest: bytes
    letter: Mapping[str, Any] | None = None
    only_exists: bool = False  # it says that the record is there, and nothing else

    @property
    def version(self) -> int | None:
        """The version of the stream that it came with."""
        return self.message.get("version")


@dataclass(slots=True)
class Sifted:
    """What a batch of lines came to. `unchanged`, `refused`, `filtered`, `ignored`: positions.

    `dropped`: keys of records with an open letter whose newer version the mapping filters out.
    """

    incoming: list[Incoming] = field(default_factory=list)
    faults: list[tuple[Incoming, RecordFault]] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    ignored: list[int] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def key_of(stream: str, names: tuple[str, ...], record: Mapping[str, Any], position: int) -> str:
    """The key of a record as text: a JSON list where it has several parts.

    Raises:
        MissingKey: with stream, line and field.
    """
    values = [record.get(name) for name in names]
    for name, value in zip(names, values, strict=True):
        if is_blank(value):
            raise MissingKey(
                f"Stream {stream}, line {position}: the record has no value for its key {name}.",
                fix="Correct key_properties in the tap's SCHEMA, or the tap.",
            )
    if len(values) == 1:
        return str(values[0])
    return msgspec.json.encode([str(value) for value in values]).decode()


def raw_line(
    stream: str, keys: tuple[str, ...], message: Mapping[str, Any], position: int, digester: Digester
) -> Line:
    """A RECORD message with its key and digest."""
    record = message["record"]
    for name in record:
        if name.startswith("_sdc_"):
            record = {
                key: value
                for key, value in record.items()
                if not key.startswith("_sdc_") or key == DELETED_AT
            }
            break
    digest = digester.record(record)
    # A stream without a key of its own is known by its content: the mapping gives it an identity later.
    key = key_of(stream, keys, record, position) if keys else digest.hex()
    return Line(position, message, key, digest, message.get("_ml_letter"))


class Intake:
    """Takes the lines of one stream's way into one object.

    `publish`: raw keys of records that a person wants to be created, where the object is one of which the
    mapping leaves that to people. What has no link yet is then looked at again, changed or not.
    """

    def __init__(
        self, way: StreamRoute, *, gone: bytes, remap: bool, publish: frozenset[str] = frozenset()
    ) -> None:
        self._way = way
        self._gone = gone
        self._remap = remap
        self._publish = publish

    def sift(self, lines: list[Line], known: Mapping[str, Seen], pending: Mapping[str, bytes]) -> Sifted:
        """Sort out what needs no work; map and validate the rest.

        `pending`: keys of this route that are in hand already. A record that equals what was settled may
        still be the newest of several versions in hand, so those are never taken for unchanged.
        """
        sifted = Sifted()
        in_hand = dict(pending)
        for line in lines:
            key = self._way.raw_key(line)
            seen = known.get(key)
            if line.only_exists:
                linked = seen is not None and seen.link_id is not None and seen.digest != self._gone
                (sifted.unchanged if linked or key in in_hand else sifted.ignored).append(line.position)
                continue
            again = self._remap or (self._publish and seen is not None and seen.link_id is None)
            if line.letter is None and not again and seen is not None and key not in in_hand:
                if seen.digest == line.digest:
                    sifted.unchanged.append(line.position)
                    continue
                if seen.rejected == line.digest:
                    sifted.refused.append(line.position)
                    continue
            in_hand[key] = line.digest
            self._take(line, seen, sifted)
        return sifted

    def _take(self, line: Line, seen: Seen | None, sifted: Sifted) -> None:
        way = self._way
        incoming = self._incoming(line, seen)
        if incoming.deleted and seen is not None:
            self._take_deleted(incoming, sifted)
            return
        try:
            mapped = way.mapping.apply(incoming.raw)
            if mapped is None:
                self._filter(incoming, sifted)
                return
            self._fill(incoming, mapped, line)
            if not incoming.deleted:
                way.validator.check(incoming.mapped)
        except (RecordFault, MissingKey) as fault:
            if incoming.deleted:
                self._take_deleted(incoming, sifted)
            elif isinstance(fault, RecordFault):
                sifted.faults.append((incoming, fault))
            else:
                raise
            return
        sifted.incoming.append(incoming)

    def _take_deleted(self, incoming: Incoming, sifted: Sifted) -> None:
        """What is gone is not mapped: its last record may hold no more than its key."""
        incoming.may_create = not self._way.only_adds
        incoming.mapped = {}
        sifted.incoming.append(incoming)

    @staticmethod
    def _filter(incoming: Incoming, sifted: Sifted) -> None:
        sifted.filtered.append(incoming.position)
        if incoming.letter_id is None and incoming.seen is not None and incoming.seen.rejected is not None:
            sifted.dropped.append(incoming.raw_key)

    def _incoming(self, line: Line, seen: Seen | None) -> Incoming:
        way, raw = self._way, line.message["record"]
        extracted = line.message.get("time_extracted")
        version = as_version(raw.get(way.bookmark)) if way.bookmark else None
        return Incoming(
            position=line.position,
            route=way.route,
            raw_key=way.raw_key(line),
            raw=raw,
            digest=line.digest,
            mapped={},
            names=way.names,
            identity=line.key,
            schema=way.schema,
            version=version or as_version(extracted),
            extracted_at=_seconds(extracted),
            deleted=not is_blank(raw.get(DELETED_AT)),
            seen=seen,
            letter_id=line.letter.get("id") if line.letter else None,
            remap=self._remap,
        )

    def _fill(self, incoming: Incoming, mapped: dict[str, Any], line: Line) -> None:
        way = self._way
        overlay = (line.letter or {}).get("overlay") or {}
        reason = mapped.pop(REJECT_FLAG, None)
        create = mapped.pop(CREATE_FLAG, True)
        if way.mapping.has_own_key:
            incoming.identity = key_of(
                way.stream, tuple(way.mapping.key_properties), mapped, incoming.position
            )
        flat = flatten(mapped, way.spec)
        dropped = {name for name in flat if name.startswith("_sdc_") or self._names_the_record(name)}
        incoming.mapped = {name: value for name, value in flat.items() if name not in dropped} | dict(overlay)
        incoming.edited = frozenset(overlay)
        decision = (line.letter or {}).get("decision") or {}
        incoming.expected = {name: bytes.fromhex(text) for name, text in decision.get("expect", {}).items()}
        incoming.carried_back = frozenset(decision.get("carry_back") or ())
        published = way.spec.publishable and line.key in self._publish
        incoming.may_create = bool(create) or published
        incoming.optional = way.mapping.creates_some
        if way.mapping.creates_none:
            incoming.only_adds = way.only_adds
            incoming.optional = create is None and not incoming.deleted
        if not is_blank(reason):
            raise RecordFault(str(reason), cause="mapping", fix="The mapping rejects this record.")

    def _names_the_record(self, name: str) -> bool:
        """A key property that the object has no field for: it names the record and is not sent."""
        way = self._way
        return name not in way.spec.fields and (name in way.mapping.key_properties or name in way.raw_keys)


def _seconds(time_extracted: Any) -> float | None:
    if not time_extracted:
        return None
    try:
        parsed = dt.datetime.fromisoformat(str(time_extracted))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=dt.UTC)).timestamp()
