"""The documentation agrees with what it describes."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from ml_connector.cli import main as command_line
from tap_oracle_ebs.business import schemas, schemas_documents

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
OBJECTS = ("organizations", "users")
STANDARD_TYPES = {
    "organizations": {"external_id": "text", "name": "text"},
    "users": {
        "external_id": "text",
        "name": "text",
        "email": "text",
        "phone": "text",
        "organization_external_id": "text",
        "ended": "checkbox",
    },
}
STREAM_SCHEMAS: dict[str, dict[str, Any]] = {
    "customers": schemas.CUSTOMERS,
    "customer_contacts": schemas.CONTACTS,
    "customer_summaries": schemas_documents.SUMMARIES,
}
Table = dict[tuple[str, str], tuple[str, set[str]]]


def field_table(heading: str) -> Table:
    """Stream and Zendesk's field -> its type and the stream's fields, by docs/ebs-zendesk.md."""
    text = (ROOT / "docs" / "ebs-zendesk.md").read_text("utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    row = r"^\| `(\w+)` \| (\w+) \| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$"
    rows = re.findall(row, section, re.MULTILINE)
    assert len(rows) == len({(stream, name) for name, _, stream, *_ in rows})
    return {
        (stream, name): (kind, set(re.findall(r"`(\w+)`", fields)))
        for name, kind, stream, fields, _, _ in rows
    }


def loader() -> dict[str, Any]:
    """The configuration of target-zendesk-ml in meltano.yml."""
    loaders: list[dict[str, Any]] = PROJECT["plugins"]["loaders"]
    config: dict[str, Any] = next(
        plugin["config"] for plugin in loaders if plugin["name"] == "target-zendesk-ml"
    )
    return config


def stream_fields(stream: str, expression: ast.AST) -> set[str]:
    """The fields of the stream that an expression names."""
    names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
    return names & set(STREAM_SCHEMAS[stream]["properties"])


def mapping(object_name: str) -> dict[tuple[str, str], set[str]]:
    """Stream and Zendesk's field -> the stream's fields, by the mapping; what only rejects is left out."""
    found: dict[tuple[str, str], set[str]] = {}
    for stream, block in loader()["stream_maps"].items():
        if block["__alias__"] != object_name or "_ml_reject" in block:
            continue
        for name, expression in block.items():
            if name.startswith("_"):
                continue
            tree = ast.parse(expression.strip(), mode="eval").body
            if isinstance(tree, ast.Dict):
                for key, value in zip(tree.keys, tree.values, strict=True):
                    assert key is not None
                    found[stream, ast.literal_eval(key)] = stream_fields(stream, value)
            else:
                found[stream, name] = stream_fields(stream, tree)
    return found


@pytest.mark.parametrize("name", OBJECTS)
def test_the_field_table_is_the_mapping(name: str) -> None:
    assert {place: fields for place, (_, fields) in field_table(name.capitalize()).items()} == mapping(name)


@pytest.mark.parametrize("name", OBJECTS)
def test_the_field_table_has_the_types_that_are_created(name: str) -> None:
    created = {field["key"]: field["type"] for field in loader()[f"{name[:-1]}_fields"]}
    shown = {field: kind for (_, field), (kind, _) in field_table(name.capitalize()).items()}
    assert shown == STANDARD_TYPES[name] | created


def in_code(document: Path) -> str:
    """What a document has in code: fenced blocks and spans."""
    text = document.read_text("utf-8")
    return "\n".join((*re.findall(r"```\w*\n(.*?)```", text, re.DOTALL), *re.findall(r"`([^`\n]+)`", text)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_code_exist(document: Path) -> None:
    assert isinstance(command_line, click.Group)
    code = in_code(document)
    for call in re.findall(r"(?<![\w./-])ml-connector ([a-z]+(?: [a-z]+)?)", code):
        name, _, second = call.partition(" ")
        command = command_line.commands.get(name)
        assert command is not None, f"ml-connector {name}"
        if isinstance(command, click.Group):
            assert second in command.commands, f"ml-connector {call}"
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_something(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        if not link.startswith("http"):
            assert (document.parent / link).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_variables_are_those_of_settings(document: Path) -> None:
    text = document.read_text("utf-8")
    declared = {
        f"{name}_{setting}".upper().replace("-", "_")
        for path in (ROOT / "plugins").rglob("*.lock")
        for name, setting in _settings(path)
    }
    prefixes = "TAP_ORACLE_EBS|TAP_DEAD_LETTERS|TARGET_ZENDESK_ML"
    assert set(re.findall(rf"\b((?:{prefixes})_[A-Z_]+[A-Z])\b", text)) <= declared


def _settings(path: Path) -> list[tuple[str, str]]:
    definition = yaml.safe_load(path.read_text("utf-8"))
    return [(definition["name"], setting["name"]) for setting in definition["settings"]]
