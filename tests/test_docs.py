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
from tap_oracle_ebs.business.schemas import CUSTOMERS
from target_zendesk_ml.organizations import STANDARD_FIELDS

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))
DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
STANDARD_TYPES = {"external_id": "text", "name": "text"}


def field_table() -> dict[str, tuple[str, set[str]]]:
    """Zendesk's field -> its type and the stream's fields, by docs/ebs-zendesk.md."""
    text = (ROOT / "docs" / "ebs-zendesk.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return {name: (kind, set(re.findall(r"`(\w+)`", fields))) for name, kind, fields, _, _ in rows}


def loader() -> dict[str, Any]:
    """The configuration of target-zendesk-ml in meltano.yml."""
    loaders: list[dict[str, Any]] = PROJECT["plugins"]["loaders"]
    config: dict[str, Any] = next(
        plugin["config"] for plugin in loaders if plugin["name"] == "target-zendesk-ml"
    )
    return config


def stream_fields(expression: ast.AST) -> set[str]:
    """The fields of the stream that an expression names."""
    names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
    return names & set(CUSTOMERS["properties"])


def mapping() -> dict[str, set[str]]:
    """Zendesk's field -> the stream's fields, by the mapping itself."""
    block = loader()["stream_maps"]["customers"]
    found: dict[str, set[str]] = {}
    for name, expression in block.items():
        if name.startswith("_"):
            continue
        tree = ast.parse(expression.strip(), mode="eval").body
        if isinstance(tree, ast.Dict):
            keys = [ast.literal_eval(key) for key in tree.keys if key is not None]
            found |= {key: stream_fields(value) for key, value in zip(keys, tree.values, strict=True)}
        else:
            found[name] = stream_fields(tree)
    return found


def test_the_field_table_is_the_mapping() -> None:
    assert {name: fields for name, (_, fields) in field_table().items()} == mapping()


def test_the_field_table_has_the_types_that_are_created() -> None:
    created = {field["key"]: field["type"] for field in loader()["organization_fields"]}
    assert {name: kind for name, (kind, _) in field_table().items()} == STANDARD_TYPES | created
    kinds = {field.name: field.kind for field in STANDARD_FIELDS}
    assert {name: kinds[name] == "set" for name in STANDARD_TYPES} == {
        name: kind == "set" for name, kind in STANDARD_TYPES.items()
    }


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
