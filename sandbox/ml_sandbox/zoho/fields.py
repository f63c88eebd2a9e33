"""What a field is, and how the metadata shows it (FLD)."""

from dataclasses import dataclass, field, replace
from typing import Any

JSON = dict[str, Any]

JSON_TYPES = {
    "integer": "integer",
    "double": "double",
    "currency": "double",
    "percent": "double",
    "boolean": "boolean",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "userlookup": "jsonobject",
    "multiselectpicklist": "jsonarray",
    "multiselectlookup": "jsonarray",
    "multiuserlookup": "jsonarray",
    "subform": "jsonarray",
    "fileupload": "jsonarray",
    "imageupload": "jsonarray",
}
"""By data type; all others are strings."""

DATA_TYPES = frozenset(
    {
        *JSON_TYPES, "text", "textarea", "email", "phone", "website", "picklist", "date", "datetime",
        "bigint", "autonumber", "formula", "rollup_summary", "profileimage", "address", "event_reminder",
        "RRULE", "ALARM",
    }
)  # fmt: skip

DEFAULT_LENGTHS = {
    "text": 255,
    "textarea": 32_000,
    "email": 100,
    "phone": 30,
    "website": 450,
    "picklist": 120,
    "multiselectpicklist": 2_000,
    "integer": 9,
    "bigint": 18,
    "double": 16,
    "currency": 16,
    "percent": 5,
    "date": 20,
    "datetime": 120,
    "lookup": 120,
    "ownerlookup": 120,
    "userlookup": 120,
    "autonumber": 120,
}

SMALL_TEXT = 2_000
COMPUTED = frozenset({"formula", "rollup_summary", "autonumber"})
UNIQUE_TYPES = frozenset({"text", "email", "phone", "integer", "bigint", "website"})
DECIMAL_TYPES = frozenset({"double", "currency", "percent"})
USER_TYPES = frozenset({"ownerlookup", "userlookup"})
INSIDE_ONLY = frozenset({"subform", "multiselectlookup", "multiuserlookup"})
"""Types whose values only the call for one record gives."""


@dataclass(frozen=True)
class Field:
    """One field of a module.

    Attributes:
        length: most characters, or most digits before the point for numbers.
        decimals: digits after the point, for decimal types.
        mandatory: ``system_mandatory``.
        create, update: whether the API may write it then.
        unique: whether no two records may hold the same value.
        case_sensitive: how values of a unique field are compared.
        external: ``user`` or ``org`` for external fields.
        lookup_module: the module that a lookup points to.
        options: the actual values of a pick list.
        return_type: the data type of a formula or roll-up; ``rich`` for a textarea with formatted text.
        subfields: the fields of a subform's rows.
        used: whether a layout shows it.
        visible: whether the user's profile may see it; hidden ones are in no answer.
        with_json_type: False leaves ``json_type`` out of the metadata, as some fields do.
    """

    api_name: str
    data_type: str
    id: str = ""
    label: str = ""
    length: int = 0
    decimals: int | None = None
    mandatory: bool = False
    custom: bool = False
    create: bool = True
    update: bool = True
    unique: bool = False
    case_sensitive: bool = False
    external: str | None = None
    lookup_module: str | None = None
    options: tuple[str, ...] = ()
    return_type: str | None = None
    subfields: tuple["Field", ...] = ()
    used: bool = True
    visible: bool = True
    with_json_type: bool = True
    modified_time: int | None = None

    @property
    def writable(self) -> bool:
        """Whether the API may write it at all."""
        return self.create or self.update

    @property
    def value_type(self) -> str:
        """The data type of its values: for formulas and roll-ups that of the result."""
        return self.return_type or "text" if self.data_type in COMPUTED else self.data_type

    @property
    def text_kind(self) -> str:
        """How long the text of a textarea may be, and whether it is formatted (``return_type`` rich)."""
        if self.return_type == "rich":
            return "rich_text"
        return "small" if self.length <= SMALL_TEXT else "large"

    @property
    def json_type(self) -> str:
        """The JSON type of its values."""
        return JSON_TYPES.get(self.value_type, "string")


def define(api_name: str, data_type: str, **values: Any) -> Field:
    """A field with the defaults of its type."""
    values.setdefault("label", api_name.removesuffix("__s").replace("_", " "))
    values.setdefault("length", DEFAULT_LENGTHS.get(data_type, 120))
    if data_type in DECIMAL_TYPES:
        values.setdefault("decimals", 2)
    if data_type in COMPUTED:
        values.update(create=False, update=False)
    return Field(api_name, data_type, **values)


def with_ids(found: Field, take: "IdSource") -> Field:
    """The field with an id, and its subfields too."""
    subfields = tuple(with_ids(sub, take) for sub in found.subfields)
    return replace(found, id=found.id or take(), subfields=subfields)


class IdSource:
    """Gives ids of nineteen digits in rising order."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._next = first

    def __call__(self) -> str:
        """The next id."""
        self._next += 1
        return str(self._next)

    def pass_over(self, used: str) -> None:
        """Never give an id up to this one."""
        self._next = max(self._next, int(used))

    def reset(self) -> None:
        """Begin again."""
        self._next = self._first


@dataclass
class FieldView:
    """How metadata are shown: what differs from organisation to organisation."""

    unique_key: str = "case_sensitive"
    module_ids: dict[str, str] = field(default_factory=dict)
    times: Any = None

    def shown(self, found: Field, name_field: str | None = None) -> JSON:
        """A field as ``/settings/fields`` gives it; one of them names the module's records."""
        read_only = not found.writable
        described: JSON = {
            "id": found.id,
            "api_name": found.api_name,
            "field_label": found.label,
            "display_label": found.label,
            "display_field": found.api_name == name_field,
            "data_type": found.data_type,
            "json_type": found.json_type,
            "length": found.length,
            "decimal_place": found.decimals,
            "custom_field": found.custom,
            "system_mandatory": found.mandatory,
            "read_only": read_only,
            "field_read_only": read_only,
            "visible": found.visible,
            "virtual_field": False,
            "unique": {self.unique_key: found.case_sensitive} if found.unique else {},
            "external": {"type": found.external, "show": True} if found.external else None,
            "lookup": self._lookup(found),
            "pick_list_values": [self._option(found, n, o) for n, o in enumerate(found.options, 1)],
            "operation_type": _operations(found),
            "view_type": {"view": True, "edit": not read_only, "quick_create": False, "create": found.create},
            "formula": self._formula(found),
            "rollup_summary": {"return_type": found.return_type}
            if found.data_type == "rollup_summary"
            else {},
            "crypt": None,
            **self._constant(found),
        }
        if not found.with_json_type:
            del described["json_type"]
        return described

    def _lookup(self, found: Field) -> JSON:
        if not found.lookup_module:
            return {}
        module_id = self.module_ids.get(found.lookup_module, "0")
        module = {"api_name": found.lookup_module, "id": module_id, "crypt": False}
        return {
            "api_name": found.api_name,
            "display_label": found.label,
            "id": found.id,
            "module": module,
            "revalidate_filter_during_edit": False,
            "query_details": {"system_query_id": None},
        }

    def _option(self, found: Field, number: int, option: str) -> JSON:
        return {
            "id": str(int(found.id or "0") + 100_000 + number),
            "display_value": option,
            "actual_value": option,
            "reference_value": option,
            "sequence_number": number,
            "type": "used",
        }

    def _formula(self, found: Field) -> JSON:
        if found.data_type != "formula":
            return {}
        return {"return_type": found.value_type, "expression": found.label}

    def _constant(self, found: Field) -> JSON:
        changed = self.times(found.modified_time) if self.times and found.modified_time is not None else None
        return {
            "associated_module": None,
            "association_details": None,
            "auto_number": {"prefix": "", "suffix": "", "start_number": 1}
            if found.data_type == "autonumber"
            else {},
            "blueprint_supported": True,
            "businesscard_supported": True,
            "colour_code_enabled_by_system": False,
            "convert_mapping": {"Contacts": None, "Deals": None, "Accounts": None},
            "created_source": "custom" if found.custom else "default",
            "created_time": changed,
            "currency": {"rounding_option": "normal", "precision": 2}
            if found.data_type == "currency"
            else {},
            "display_type": -1,
            "email_parser": {"fields_update_supported": True, "record_operations_supported": True},
            "enable_colour_code": False,
            "filterable": found.data_type not in {"textarea", "subform"},
            "history_tracking": None,
            "history_tracking_enabled": False,
            "mass_update": found.update,
            "modified_time": changed,
            "multi_module_lookup": {},
            "multiselectlookup": {},
            "pick_list_values_sorted_lexically": False,
            "profiles": [],
            "public": False,
            "range": None,
            "searchable": True,
            "separator": False,
            "sortable": found.data_type not in {"textarea", "subform"},
            **({"textarea": {"type": found.text_kind}} if found.data_type == "textarea" else {}),
            "tooltip": None,
            "type": "used" if found.used else "unused",
            "ui_type": 1,
            "webhook": True,
        }


def _operations(found: Field) -> JSON:
    return {
        "web_create": found.create,
        "web_update": found.update,
        "api_create": found.create,
        "api_update": found.update,
    }
