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

_MASTER_STEPS = (
    (
        "Address book",
        "form",
        "P01012, W01012A",
        "F0101, F0111 line 0, F0116: adds or revises the address book record.",
    ),
    ("Phones", "form", "P0115, W0115A", "F0115: the first row of each phone type; others stay."),
    (
        "Electronic addresses",
        "form",
        "P01111, W0111A",
        "F01151: the first row of type E and of type I; others stay.",
    ),
)
_STEPS: Mapping[str, Iterable[tuple[str, str, str, str]]] = {
    "customers": (
        *_MASTER_STEPS,
        ("Customer master", "form", "P03013, W03013A", "F03012: the row of the company."),
    ),
    "suppliers": (
        *_MASTER_STEPS,
        ("Supplier master", "form", "P04012, W04012A", "F0401: the supplier's row."),
    ),
    "contacts": (
        ("Who's who", "form", "P0111, W0111A", "F0111: the contact's line, one above the highest for a new one."),
        ("Phones", "form", "P0115, W0115A", "F0115: the rows of the contact's line."),
        ("Electronic addresses", "form", "P01111, W0111A", "F01151: the rows of the contact's line."),
    ),
}  # fmt: skip


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
            f"Changes one of the {name}. An input that is left out leaves its column as it is; one that holds "
            "a single blank clears it.",
            [*keys, *company, *(_input(item) for item in items)],
            _STEPS[name],
            outputs,
        )


def _lookup() -> dict[str, Any]:
    inputs = [_input(item) for item in CUSTOMER_ITEMS if item.name in ("long_address", "tax_id", "email")]
    steps = [("Find", "data request", "F0101, F01151", "Of the inputs that are given, all have to be met.")]
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
    steps = [
        ("Stage", "repeated form or business function", "F0101Z2", "Adds one row per element, EDSP blank.")
    ]
    purpose = "Adds rows to F0101Z2 for R01010Z, which is started afterwards by report/execute."
    made = _description(STAGE, purpose, [], steps, [STAGE_ROWS])
    return made | {"arrays": [{"name": STAGE_ROWS, "inputs": row}]}


def _description(
    name: str,
    purpose: str,
    inputs: Iterable[Mapping[str, Any]],
    steps: Iterable[tuple[str, str, str, str]],
    outputs: Iterable[str],
) -> dict[str, Any]:
    return {
        "name": name,
        "description": purpose,
        "inputFormat": "Generic",
        "inputs": list(inputs),
        "steps": [dict(zip(("name", "kind", "uses", "does"), step, strict=True)) for step in steps],
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
