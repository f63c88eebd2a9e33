"""Fields of OroCRM's records, as the engine knows them, and how their values are stored.

Names and values are those of the flat records of `tap-oro-crm`. A virtual field is none of the record's own:
it finds records, or is made into other fields when one is created.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ml_connector.sync import Field
from ml_connector.vendors.oro.records import Record

TEXT: Mapping[str, Any] = {"type": ["string", "null"]}
NAME_OR_ID: Mapping[str, Any] = {"type": ["string", "integer", "null"]}
FLAG: Mapping[str, Any] = {"type": ["boolean", "null"]}
INSTANT: Mapping[str, Any] = {"type": ["string", "null"], "format": "date-time"}
TEXTS: Mapping[str, Any] = {"type": ["array", "null"], "items": {"type": ["string", "null"]}}
ANY: Mapping[str, Any] = {}
# Whoever of Zendesk is on the way into one of them is known: end users into contacts, agents into users.
PEOPLE = ("contacts", "users")

_NOT_STORED = re.compile("[\x00\ud800-\udfff]")

# Stored forms


def nothing(value: Any) -> Any:
    """A field that only serves to find records holds nothing."""
    return None


def same(value: Any) -> Any:
    """Whatever it is."""
    return value


def id_text(value: Any) -> Any:
    """An id as text: those of JSON:API are. Of `TYPE:12`, the key of a record of Zendesk's, it is 12."""
    if value in (None, "") or isinstance(value, (Mapping, list)):
        return None
    return str(value).rpartition(":")[2]


def id_texts(values: Any) -> Any:
    """Ids as texts."""
    return [id_text(value) for value in values or []]


def trimmed(value: Any) -> Any:
    """A text without the blanks around it, which OroCRM's forms take off, and as a database can hold it:
    without NUL, and with a mark for each half of a surrogate pair.
    """
    return _NOT_STORED.sub(_mark, value).strip() if isinstance(value, str) else value


def _mark(found: re.Match[str]) -> str:
    return "" if found[0] == "\0" else "\ufffd"


def cut(length: int) -> Callable[[Any], Any]:
    """A text of so many characters at most, without blanks around it."""
    return lambda value: trimmed(value)[:length].strip() if isinstance(value, str) else value


def instant(value: Any) -> Any:
    """An instant as OroCRM shows it, in whole seconds of UTC; other texts stay as they are."""
    if not isinstance(value, str):
        return value
    try:
        found = dt.datetime.fromisoformat(value.strip())
        aware = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
        utc = aware.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return value
    return f"{utc.replace(microsecond=0, tzinfo=None).isoformat()}Z"


# Makers


@dataclasses.dataclass(frozen=True, slots=True)
class OroField:
    """A field of an object, under which name OroCRM knows it, and where it leads if it is a relationship.

    `own` is empty for a virtual field. `to` is needed for relationships that not every server has.
    """

    field: Field
    own: str
    to: str = ""


def text(name: str, length: int | None = None, **more: Any) -> OroField:
    """A text; a longer one is cut."""
    stored = cut(length) if length else trimmed
    return OroField(Field(name, schema=TEXT, stored_form=stored, **more), name)


def flag(name: str) -> OroField:
    """True or false."""
    return OroField(Field(name, schema=FLAG), name)


def time(name: str, **more: Any) -> OroField:
    """An instant."""
    return OroField(Field(name, schema=INSTANT, stored_form=instant, **more), name)


def plain(name: str, own: str = "") -> OroField:
    """An attribute of whatever type, such as a custom one."""
    return OroField(Field(name, schema=ANY, stored_form=trimmed), own or name)


def key(name: str, own: str = "") -> OroField:
    """An attribute by which the record is known elsewhere: a name, or a number as JSON:API shows it."""
    return OroField(Field(name, schema=NAME_OR_ID, stored_form=_key_text), own or name)


def _key_text(value: Any) -> Any:
    return None if value is None else trimmed(str(value))


def to_one(name: str) -> OroField:
    """A relationship by OroCRM's own id: a dictionary's name, an organization."""
    return OroField(Field(name, schema=NAME_OR_ID, stored_form=id_text), name)


def reference(name: str, to: str, kin: tuple[str, ...] = (), *, part_of: bool = False) -> OroField:
    """A relationship by the source's key of the record that it names, or by candidates."""
    return OroField(Field.reference(name, to, kin=kin, part_of=part_of, stored_form=id_text), name, to)


def references(name: str, to: str, kin: tuple[str, ...] = ()) -> OroField:
    """A to-many relationship by the source's keys."""
    made = Field.reference(name, to, kin=kin, many=True, stored_form=id_texts)
    return OroField(made, name, to)


def texts(name: str, primary: str) -> OroField:
    """A set of addresses or numbers; OroCRM wants the primary one among them."""
    return OroField(Field(name, kind="set", schema=TEXTS, companions=(primary,)), name)


def virtual(name: str, schema: Mapping[str, Any] = ANY) -> OroField:
    """A field that the record does not have."""
    return OroField(Field(name, schema=schema, writes="never", stored_form=nothing), "")


class Fields:
    """The fields of one object."""

    def __init__(self, fields: Iterable[OroField]) -> None:
        self.known = {field.field.name: field for field in fields}
        self.engine: dict[str, Field] = {name: field.field for name, field in self.known.items()}

    def own(self, names: Iterable[str]) -> list[str]:
        """What to ask OroCRM for, so that these fields are shown."""
        found = (self.known[name].own for name in names if name in self.known)
        return list(dict.fromkeys(name for name in found if name))

    def shown(self, record: Record, names: Iterable[str]) -> dict[str, Any]:
        """These fields of a flat record; virtual ones are left out."""
        known = {name: self.known[name].own for name in names if name in self.known}
        return {name: record.get(own) for name, own in known.items() if own}

    def sent(self, values: Mapping[str, Any]) -> Record:
        """Values by OroCRM's names in their stored form; virtual ones are left out."""
        sent: Record = {}
        for name, value in values.items():
            field = self.known.get(name)
            if field is not None and field.own:
                sent[field.own] = field.field.stored_form(value)
        return sent

    @property
    def links(self) -> dict[str, str]:
        """Relationships with the types that they lead to, where a field says so."""
        return {field.own: field.to for field in self.known.values() if field.to and field.own}
