"""Modules and fields of an organisation (Modules metadata, Fields metadata). They differ per organisation."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Self

from ml_connector.vendors.zoho import api_credits
from ml_connector.vendors.zoho.client import ZohoClient

MODIFIED = "Modified_Time"

DEEP_TYPES = frozenset(
    {
        "subform",
        "multiselectlookup",
        "multiuserlookup",
        "fileupload",
        "imageupload",
        "profileimage",
    }
)
"""Types whose values only a read of one record shows, or that COQL does not know."""


@dataclasses.dataclass(frozen=True, slots=True)
class Module:
    """A module, by its API name, and what the user may do with it."""

    api_name: str
    label: str = ""
    api_supported: bool = True
    viewable: bool = True
    creatable: bool = True
    editable: bool = True
    deletable: bool = True
    generated_type: str = "default"

    @classmethod
    def from_answer(cls, item: Mapping[str, Any]) -> Self:
        """Read one of `modules[]`."""
        flags = {
            name: item.get(name) is not False
            for name in ("api_supported", "viewable", "creatable", "editable", "deletable")
        }
        return cls(
            api_name=str(item.get("api_name") or item.get("module_name") or ""),
            label=str(item.get("plural_label") or item.get("module_name") or ""),
            generated_type=str(item.get("generated_type") or "default"),
            **flags,
        )

    @property
    def is_readable(self) -> bool:
        """Whether records of it can be read by the API."""
        return bool(self.api_name) and self.api_supported and self.viewable


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A field of a module. `length`: longest text, None where not told. `picklist`: its stored values.

    `returns`: type of the value of a formula or roll-up. `lookup_module`: whose ids a lookup holds.
    `rich`: formatted text, of which lists give the beginning only.
    """

    api_name: str
    data_type: str
    json_type: str = ""
    label: str = ""
    length: int | None = None
    decimal_place: int | None = None
    custom: bool = False
    mandatory: bool = False
    read_only: bool = False
    visible: bool = True
    virtual: bool = False
    unique: bool = False
    case_sensitive: bool = False
    external: str | None = None
    lookup_module: str | None = None
    picklist: tuple[str, ...] = ()
    creatable: bool = True
    updatable: bool = True
    returns: str = ""
    rich: bool = False

    @classmethod
    def from_answer(cls, item: Mapping[str, Any]) -> Self:
        """Read one of `fields[]`; parts that are missing have the answers that forbid least."""
        operation = _object(item.get("operation_type"))
        unique = _object(item.get("unique"))
        external = _object(item.get("external"))
        calculated = _object(item.get("formula")) or _object(item.get("rollup_summary"))
        return cls(
            api_name=str(item.get("api_name") or ""),
            data_type=str(item.get("data_type") or ""),
            json_type=str(item.get("json_type") or ""),
            label=str(item.get("field_label") or item.get("display_label") or ""),
            length=_number(item.get("length")),
            decimal_place=_number(item.get("decimal_place")),
            custom=item.get("custom_field") is True,
            mandatory=item.get("system_mandatory") is True,
            read_only=item.get("read_only") is True or item.get("field_read_only") is True,
            visible=item.get("visible") is not False,
            virtual=item.get("virtual_field") is True,
            unique=bool(unique),
            case_sensitive=str(unique.get("case_sensitive", unique.get("casesensitive"))).lower() == "true",
            external=str(external["type"]) if external.get("type") else None,
            lookup_module=_module_of(item.get("lookup")),
            picklist=_values(item.get("pick_list_values")),
            creatable=operation.get("api_create") is not False,
            updatable=operation.get("api_update") is not False,
            returns=str(calculated.get("return_type") or ""),
            rich=_object(item.get("textarea")).get("type") == "rich_text",
        )

    @property
    def is_deep(self) -> bool:
        """Whether only a read of the single record shows its value."""
        return self.data_type.lower() in DEEP_TYPES

    @property
    def is_calculated(self) -> bool:
        """Whether its value changes without a new Modified_Time (formulas; roll-ups are taken as such)."""
        return self.data_type in {"formula", "rollup_summary"}


def modules(client: ZohoClient) -> list[Module]:
    """All modules of the organisation, as the user sees them."""
    answer = client.get("settings/modules", what="modules", cost=api_credits.METADATA)
    return [Module.from_answer(item) for item in answer.get("modules") or ()]


def fields(client: ZohoClient, module: str) -> list[Field]:
    """All fields of a module, by API name in Zoho's order; none for a module without metadata (204)."""
    answer = client.get(
        "settings/fields", {"module": module, "type": "all"}, what="fields", cost=api_credits.METADATA
    )
    found = [Field.from_answer(item) for item in answer.get("fields") or ()]
    return list({field.api_name: field for field in found if field.api_name}.values())


def is_dated(found: Sequence[Field]) -> bool:
    """Whether a module tells when its records changed."""
    return any(field.api_name == MODIFIED for field in found)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _module_of(lookup: Any) -> str | None:
    module = _object(lookup).get("module")
    name = _object(module).get("api_name") if isinstance(module, Mapping) else module
    return str(name) if name else None


def _values(items: Any) -> tuple[str, ...]:
    if not isinstance(items, list):
        return ()
    named = (_object(item).get("actual_value", _object(item).get("display_value")) for item in items)
    return tuple(str(value) for value in named if value is not None)
