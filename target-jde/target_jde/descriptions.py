"""Descriptions of the orchestrations that this target expects where the settings name no others.

    python -m tools.definitions

writes them to target-jde/orchestrations/. Inputs, their columns and the default input maps have one source:
`items`. JD Edwards brings no orchestration for the address book, so none of these names is Oracle's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from target_jde.items import CONTACT_ITEMS, CUSTOMER_ITEMS, ITEMS, SUPPLIER_ITEMS, Item

ADDRESS_NUMBER = "Address Number"
LINE_NUMBER = "Line Number"
COMPANY = "Company"
ADDRESS_NUMBER_OUTPUT = "AddressNumber"
LINE_NUMBER_OUTPUT = "LineNumber"
LOOKUP = "ML_LookupAddress"
STAGE = "ML_StageAddressBook"
STAGE_ROWS = "Rows"
DATE_FORMAT = "YYYY-MM-DD"

# The key of F0101Z2, and the action, in each row that is staged.
STAGE_KEYS = ("EDUS", "EDBT", "EDTN", "EDLN", "TNAC")

_SINGULAR = {"customers": "Customer", "suppliers": "Supplier", "contacts": "Contact"}
_TYPES = {"number": "Numeric", "date": "Date"}

# What each step may be made of: forms and master business functions that write these tables.
_ADDRESS = ("Address book", "F0101, line 0 of F0111, F0116", "P01012, or N0100041, N0100087 and N0100059")
_PHONES = ("Phones", "F0115: the first row of each type; other rows stay", "N0100087")
_MAILS = ("Electronic addresses", "F01151: the first row of type E and of type I; others stay", "N0100087")
_STEPS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "customers": (_ADDRESS, _PHONES, _MAILS, ("Customer master", "F03012: the company's row", "P03013")),
    "suppliers": (_ADDRESS, _PHONES, _MAILS, ("Supplier master", "F0401", "P04012")),
    "contacts": (
        ("Who's who", "F0111: the contact's line; a new one is above the highest", "N0100087"),
        _PHONES,
        _MAILS,
    ),
}


def create_name(object_name: str) -> str:
    """The orchestration that creates."""
    return f"ML_Create{_SINGULAR[object_name]}"


def update_name(object_name: str) -> str:
    """The orchestration that changes."""
    return f"ML_Update{_SINGULAR[object_name]}"


def descriptions() -> dict[str, dict[str, Any]]:
    """All descriptions by name."""
    found = [*_of_objects(), _lookup(), _stage()]
    return {description["name"]: description for description in found}


def _of_objects() -> Iterable[dict[str, Any]]:
    for name, items in ITEMS.items():
        keys = _contact_keys() if name == "contacts" else [_key(ADDRESS_NUMBER, "F0101.AN8")]
        parent = keys[:1] if name == "contacts" else []
        company = [_constant(COMPANY, "F03012.CO")] if name == "customers" else []
        outputs = [ADDRESS_NUMBER_OUTPUT, *([LINE_NUMBER_OUTPUT] if name == "contacts" else [])]
        inputs = [_input(item, required=item.name == "name") for item in items]
        yield _description(
            create_name(name),
            f"Creates one of the {name}. Every input that is left out is left blank.",
            [*parent, *company, *inputs],
            _STEPS[name],
            outputs,
        )
        yield _description(
            update_name(name),
            f"Changes one of the {name}. An input that is left out leaves its column as it is; one that "
            "holds a single blank clears it.",
            [*keys, *company, *(_input(item) for item in items)],
            _STEPS[name],
            outputs,
        )


def _lookup() -> dict[str, Any]:
    inputs = [_input(item) for item in CUSTOMER_ITEMS if item.name in ("long_address", "tax_id", "email")]
    steps = [("Find", "reads F0101 and F01151; all inputs that are given have to be met", "data request")]
    purpose = "Finds an address number; 0 where there is none. More than one match is an error."
    return _description(LOOKUP, purpose, inputs, steps, [ADDRESS_NUMBER_OUTPUT])


def _stage() -> dict[str, Any]:
    row = [
        {"name": name, "type": "String", "required": True, "column": f"F0101Z2.{name}"} for name in STAGE_KEYS
    ]
    staged = {item.staged: item for item in (*CUSTOMER_ITEMS, *SUPPLIER_ITEMS, *CONTACT_ITEMS) if item.staged}
    row += [
        {
            "name": str(alias),
            "type": _TYPES.get(item.kind, "String"),
            "required": False,
            "column": f"F0101Z2.{alias}",
        }
        for alias, item in staged.items()
    ]
    steps = [("Stage", "F0101Z2: one row per element, EDSP blank", "a form or business function, repeated")]
    purpose = "Adds rows to F0101Z2 for R01010Z, which is started afterwards by report/execute."
    made = _description(STAGE, purpose, [], steps, [STAGE_ROWS])
    return made | {"arrays": [{"name": STAGE_ROWS, "inputs": row}]}


def _description(
    name: str,
    purpose: str,
    inputs: Iterable[Mapping[str, Any]],
    steps: Iterable[tuple[str, str, str]],
    outputs: Iterable[str],
) -> dict[str, Any]:
    return {
        "name": name,
        "description": purpose,
        "inputFormat": "Generic",
        "inputs": list(inputs),
        "steps": [dict(zip(("name", "writes", "by"), step, strict=True)) for step in steps],
        "outputs": [{"name": output, "type": "Numeric"} for output in outputs],
    }


def _input(item: Item, *, required: bool = False) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": item.title,
        "type": _TYPES.get(item.kind, "String"),
        "required": required,
        "column": item.column,
    }
    if item.length:
        described["length"] = item.length
    if item.kind == "date":
        described["format"] = DATE_FORMAT
    return described


def _key(name: str, column: str) -> dict[str, Any]:
    return {"name": name, "type": "Numeric", "required": True, "column": column}


def _contact_keys() -> list[dict[str, Any]]:
    return [_key(ADDRESS_NUMBER, "F0111.AN8"), _key(LINE_NUMBER, "F0111.IDLN")]


def _constant(name: str, column: str) -> dict[str, Any]:
    return {"name": name, "type": "String", "required": False, "column": column}
