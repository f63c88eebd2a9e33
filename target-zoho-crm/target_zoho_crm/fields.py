"""The fields of a module, by its metadata: what may be written, in which form, and how Zoho stores it.

They are read when first needed. What the metadata forbids is known before anything is written (Fields
metadata).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.sync import Field
from ml_connector.vendors.zoho import metadata
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.values import WrongValue, converter, instant_text

NUMBERS = frozenset({"double", "currency", "percent"})
LOOKUP, SUBFORM = "lookup", "subform"
USERS = frozenset({"ownerlookup", "userlookup"})
MULTISELECT = "multiselectpicklist"
DATE, DATETIME, BOOLEAN, INTEGER = "date", "datetime", "boolean", "integer"
# What no plain value can be written to: other calls or other modules hold it.
UNWRITABLE = (metadata.DEEP_TYPES - {SUBFORM}) | {
    "formula",
    "rollup_summary",
    "autonumber",
    "event_reminder",
    "RRULE",
    "ALARM",
}
# Names of Zoho's own, which name a record or say how the API sees it.
NOT_FIELDS = frozenset({"id", "Tag", "Layout"})
_PATTERNS = {"email": r"^\s*([^@\s]+@[^@\s]+)?\s*$", "bigint": r"^\s*-?[0-9]*\s*$"}
_DAY = r"^\d{4}-\d{2}-\d{2}"


def id_of(value: Any) -> Any:
    """The id of a lookup's value, in whichever form it came."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return None if found in (None, "") else str(found)


def text_of(value: Any) -> Any:
    """A text as Zoho keeps it: without blanks around it; None for an empty one."""
    if value is None or isinstance(value, (Mapping, list)):
        return value
    return str(value).strip() or None


def instant_of(value: Any) -> Any:
    """An instant in one form, in whole seconds of UTC; other texts stay as they are."""
    if not isinstance(value, str):
        return value
    try:
        found = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    aware = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return instant_text(aware.replace(microsecond=0))


def day_of(value: Any) -> Any:
    """The day of a date that was given as an instant."""
    return value.strip()[:10] if isinstance(value, str) else value


def rounded(places: int | None) -> Callable[[Any], Any]:
    """A number with so many decimals, as Zoho keeps it."""

    def stored(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
            return value
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        if places is None or not exact.is_finite():
            return exact
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

    return stored


def is_writable(field: metadata.Field) -> bool:
    """Whether a plain value can be written to the field of a new record by anybody.

    One that can be changed later only would be dropped from new records without a word.
    """
    if field.data_type in UNWRITABLE or field.virtual or field.read_only:
        return False
    return field.creatable


def field_of(field: metadata.Field, *, write_blanks: bool = False) -> Field:
    """The field as the engine knows it. The rows of a subform are given to new records only: lists and
    queries do not show them, so nobody could tell who changed one.
    """
    known: dict[str, Any] = {"unique": field.unique, "write_blanks": write_blanks}
    if not field.updatable or field.data_type == SUBFORM:
        known["writes"] = "create"
    if field.data_type == SUBFORM:
        rows = {"type": ["array", "null"], "items": {"type": "object"}}
        return Field(field.api_name, schema=rows, **known)
    if field.data_type == LOOKUP and field.lookup_module:
        return Field(
            field.api_name,
            kind="reference",
            refers_to=field.lookup_module,
            schema={"type": ["string", "integer", "null"]},
            stored_form=id_of,
            **known,
        )
    if field.data_type == MULTISELECT:
        items: dict[str, Any] = {"type": "string"}
        if field.picklist:
            items["enum"] = list(field.picklist)
        schema = {"type": ["array", "null"], "items": items}
        return Field(field.api_name, kind="set", schema=schema, **known)
    schema, stored = _plain(field)
    return Field(field.api_name, schema=schema, stored_form=stored, **known)


def _plain(field: metadata.Field) -> tuple[dict[str, Any], Callable[[Any], Any]]:
    """The JSON schema of a value, and its stored form."""
    kind = field.data_type
    if kind in USERS or kind == LOOKUP:
        return {"type": ["string", "integer", "object", "null"]}, id_of
    if kind == BOOLEAN:
        return {"type": ["boolean", "null"]}, lambda value: value
    if kind == INTEGER or kind in NUMBERS:
        whole = kind == INTEGER
        schema: dict[str, Any] = {"type": ["integer" if whole else "number", "null"]}
        if field.length:
            schema |= {"maximum": 10**field.length - 1, "minimum": 1 - 10**field.length}
        return schema, rounded(0 if whole else field.decimal_place)
    if kind == DATE:
        return {"type": ["string", "null"], "pattern": _DAY}, day_of
    if kind == DATETIME:
        return {"type": ["string", "null"], "format": "date-time"}, instant_of
    return _text(field), text_of


def _text(field: metadata.Field) -> dict[str, Any]:
    if field.data_type == "picklist" and field.picklist:
        return {"enum": [*field.picklist, None]}
    schema: dict[str, Any] = {"type": ["string", "integer", "null"]}
    if field.length:
        schema["maxLength"] = field.length
    if field.data_type in _PATTERNS:
        schema["pattern"] = _PATTERNS[field.data_type]
    return schema


class ModuleFields(Mapping[str, Field]):
    """The writable fields of one module by API name, read from Zoho when first looked at.

    `extra` are fields that only serve to find records and that the module does not have. A blank clears
    those of `write_blanks`, which are named as FIELD or MODULE.FIELD.
    """

    def __init__(
        self,
        client: ZohoClient,
        module: str,
        extra: Mapping[str, Field],
        write_blanks: Collection[str] = (),
    ) -> None:
        self._client = client
        self._module = module
        self._extra = extra
        self._blanks = {name.removeprefix(f"{module}.") for name in write_blanks}
        own = [name for name in write_blanks if name.startswith(f"{module}.")]
        self._own_blanks = [name.removeprefix(f"{module}.") for name in own]
        self._known: dict[str, metadata.Field] | None = None
        self._fields: dict[str, Field] = {}

    @property
    def known(self) -> Mapping[str, metadata.Field]:
        """All fields of the module, also those that cannot be written.

        Raises:
            SystemFault: the module has none for this user.
        """
        if self._known is None:
            found = {field.api_name: field for field in metadata.fields(self._client, self._module)}
            if not found:
                raise SystemFault(
                    f"Zoho CRM shows no fields of {self._module}.",
                    fix="The edition or the user's profile does not offer this module by the API.",
                )
            self._known = found
            self._fields = {
                **{name: field for name, field in self._extra.items() if name not in found},
                **{
                    name: field_of(field, write_blanks=name in self._blanks)
                    if is_writable(field)
                    else Field(name, writes="never")
                    for name, field in found.items()
                    if name not in NOT_FIELDS
                },
            }
        return self._known

    @property
    def unknown_blanks(self) -> list[str]:
        """What `write_blanks` names of this very module and it does not have."""
        return sorted(name for name in self._own_blanks if name not in self.known)

    def refusal(self, name: str) -> str | None:
        """Why a field of this name cannot be written, None where it can."""
        field = self.known.get(name)
        if field is None or is_writable(field):
            return None
        if field.updatable and not field.read_only and field.data_type not in UNWRITABLE:
            return f"{name} cannot be given to new records (api_create is false)"
        return f"{name} is read-only ({field.data_type})"

    def shown(self, name: str, row: Mapping[str, Any]) -> Any:
        """What a row shows of a field, in the form in which tap-zoho-crm gives it; of a lookup the id.

        A value that is none of its type is shown as it is: so it differs from any that is written.
        """
        field = self.known.get(name)
        if field is None:
            return None
        try:
            value = converter(field)(row.get(name))
        except WrongValue:
            return row.get(name)
        return id_of(value) if isinstance(value, Mapping) else value

    def sent(self, name: str, value: Any) -> Any:
        """A value as Zoho takes it."""
        field = self.known[name]
        if field.data_type == LOOKUP or field.data_type in USERS:
            found = id_of(value)
            return None if found is None else {"id": found}
        if field.data_type in (MULTISELECT, SUBFORM):
            return list(value or [])
        stored = self._fields[name].stored_form(value)
        if field.data_type == DATETIME and isinstance(stored, str):
            return stored.replace("Z", "+00:00")
        if isinstance(stored, Decimal) and stored == stored.to_integral_value():
            return int(stored)
        return stored

    def __getitem__(self, name: str) -> Field:
        _ = self.known
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        _ = self.known
        return iter(self._fields)

    def __len__(self) -> int:
        _ = self.known
        return len(self._fields)
