"""docs/jde-zoho.md says what meltano.yml maps, row by row, and which columns and types are behind it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_connector.vendors.jde.business import fields
from ml_sandbox.zoho import standard_fields

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))
JDE = {"customers": fields.CUSTOMER, "suppliers": fields.SUPPLIER, "contacts": fields.CONTACT}
ZOHO = {
    "Accounts": standard_fields.accounts(),
    "Vendors": standard_fields.vendors(),
    "Contacts": standard_fields.contacts(),
}
PAIRS = {
    "Accounts and customers": ("Accounts", "customers"),
    "Vendors and suppliers": ("Vendors", "suppliers"),
    "Contacts": ("Contacts", "contacts"),
}
HEADINGS = list(PAIRS)
ROW = r"^\| `(\w+)` \| ([\w ]+) \| ([^|]+) \| `([\w.]+)` \| (both|to Zoho|to JDE) \| ([^|]+) \|$"
Pairs = set[tuple[str, str]]


def table(heading: str) -> list[tuple[str, str, list[str], str, str]]:
    """Zoho's field, its type, JD Edwards' fields, their column, and the way, of each row."""
    text = (ROOT / "docs" / "jde-zoho.md").read_text("utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(ROW, section, re.MULTILINE)
    assert len(rows) == section.count("\n| `")
    return [
        (zoho, kind, re.findall(r"`(\w+)`", names), column, way) for zoho, kind, names, column, way, _ in rows
    ]


def documented(heading: str, way: str) -> Pairs:
    """(field of Zoho, field of JD Edwards) that the document lets go one way."""
    rows = table(heading)
    return {(zoho, name) for zoho, _, names, _, ways in rows for name in names if ways in ("both", way)}


def mapped(target: str, stream: str, known: set[str]) -> dict[str, set[str]]:
    """Target field -> the stream's fields behind it, by meltano.yml. A key that is only passed on is none."""
    (config,) = (each["config"] for each in PROJECT["plugins"]["loaders"] if each["name"] == target)
    found: dict[str, set[str]] = {}
    for name, expression in config["stream_maps"][stream].items():
        if name.startswith("_") or name == expression in {"id", "address_number", "line_number"}:
            continue
        nodes = ast.walk(ast.parse(expression.strip(), mode="eval"))
        found[name] = {node.id for node in nodes if isinstance(node, ast.Name)} & known
    return found


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_table_is_the_mapping_in_both_directions(heading: str) -> None:
    module, stream = PAIRS[heading]
    columns = {field.api_name for field in ZOHO[module]} | {"id"}
    to_zoho = mapped("target-zoho-crm", stream, set(JDE[stream]))
    to_jde = mapped("target-jde", module, columns)
    assert documented(heading, "to Zoho") == {(zoho, name) for zoho in to_zoho for name in to_zoho[zoho]}
    assert documented(heading, "to JDE") == {(zoho, name) for name in to_jde for zoho in to_jde[name]}


@pytest.mark.parametrize("heading", HEADINGS)
def test_columns_and_types_are_those_of_the_vendors(heading: str) -> None:
    module, stream = PAIRS[heading]
    types = {field.api_name: field.data_type for field in ZOHO[module]}
    for zoho, kind, names, column, _ in table(heading):
        assert kind == types.get(zoho, {"id": "bigint"}.get(zoho, "no field")), zoho
        behind = {JDE[stream][name] for name in names}
        assert behind == {column} or {each.partition(".")[0] for each in behind} == {column}, names


def test_what_jd_edwards_wins_is_said_of_each_field() -> None:
    (config,) = (each["config"] for each in PROJECT["plugins"]["loaders"] if each["name"] == "target-jde")
    rules = config["policies"]["jde"]
    ruled = {f"{stream}.{name}" for stream in rules for name in rules[stream] if rules[stream][name] == "jde"}
    text = (ROOT / "docs" / "jde-zoho.md").read_text("utf-8")
    said: set[str] = set()
    for heading, (_, stream) in PAIRS.items():
        section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        rows = re.findall(ROW, section, re.MULTILINE)
        won = [names for _, _, names, _, _, form in rows if "JD Edwards wins" in form]
        said |= {f"{stream}.{name}" for names in won for name in re.findall(r"`(\w+)`", names)}
    assert said == ruled


def test_both_targets_say_the_same_of_the_integration() -> None:
    first, second = (
        next(each["config"] for each in PROJECT["plugins"]["loaders"] if each["name"] == name)
        for name in ("target-jde", "target-zoho-crm")
    )
    for name in (
        "integration",
        "policies",
        "authority",
        "newest_ties",
        "clock_tolerance",
        "stream_map_config",
    ):
        assert first[name] == second[name], name
    assert {first["source_system"], second["source_system"]} == {"jde", "zoho"}
