"""Which module may import which, and how long files and functions may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "ml-connector" / "ml_connector"
PACKAGES = {
    "ml_connector": LIBRARY,
    "tap_jde": ROOT / "tap-jde" / "tap_jde",
    "tap_oracle_ebs": ROOT / "tap-oracle-ebs" / "tap_oracle_ebs",
    "tap_oro_crm": ROOT / "tap-oro-crm" / "tap_oro_crm",
    "tap_zendesk_ml": ROOT / "tap-zendesk-ml" / "tap_zendesk_ml",
    "tap_zoho_crm": ROOT / "tap-zoho-crm" / "tap_zoho_crm",
    "target_jde": ROOT / "target-jde" / "target_jde",
    "target_oro_crm": ROOT / "target-oro-crm" / "target_oro_crm",
    "target_zendesk_ml": ROOT / "target-zendesk-ml" / "target_zendesk_ml",
    "target_zoho_crm": ROOT / "target-zoho-crm" / "target_zoho_crm",
    "ml_sandbox": ROOT / "sandbox" / "ml_sandbox",
}
PLUGINS = (
    "tap_jde",
    "tap_oracle_ebs",
    "tap_oro_crm",
    "tap_zendesk_ml",
    "tap_zoho_crm",
    "target_jde",
    "target_oro_crm",
    "target_zendesk_ml",
    "target_zoho_crm",
)
OURS = ("ml_connector", *PLUGINS)
HOMES = {
    "singer_sdk": {"singer", "letters"},
    "requests": {"http", "auth", "vendors"},
    "urllib3": {"http"},
    "sqlalchemy": {"ledger"},
    "psycopg": {"ledger"},
    "alembic": {"ledger"},
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
GENERATED = "migrations/versions/"


def sources(folder: Path) -> list[Path]:
    """Every module below a folder."""
    return sorted(folder.rglob("*.py"))


def imports(module: Path) -> Iterator[str]:
    """The absolute name of everything that a module imports, also where it is imported late."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: Path) -> str:
    """The room of the library that a module is in."""
    return module.relative_to(LIBRARY).parts[0].removesuffix(".py")


def arrows() -> dict[str, set[str]]:
    """Room -> rooms that its modules import."""
    found: dict[str, set[str]] = {}
    for module in sources(LIBRARY):
        own = room_of(module)
        to = {name.split(".")[1] for name in imports(module) if name.startswith("ml_connector.")}
        found.setdefault(own, set()).update(to - {own})
    found.pop("__init__", None)
    return found


def documented() -> dict[str, set[str]]:
    """The table of docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("| room of ml_connector")[2].partition("\n\n")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    return {row[1].strip(" `"): set(re.findall(r"`(\w+)`", row[2])) for row in rows}


def test_rooms_import_exactly_what_the_documentation_names() -> None:
    assert arrows() == documented()


def test_arrows_point_one_way() -> None:
    left = documented()
    while left:
        free = {room for room, to in left.items() if not to & left.keys()}
        assert free, f"a circle among {sorted(left)}"
        left = {room: to for room, to in left.items() if room not in free}


@pytest.mark.parametrize("library", HOMES)
def test_a_third_party_library_is_imported_in_its_rooms_only(library: str) -> None:
    used = {
        room_of(module)
        for module in sources(LIBRARY)
        if any(name.split(".")[0] == library for name in imports(module))
    }
    assert used <= HOMES[library]


@pytest.mark.parametrize("package", OURS)
def test_the_library_and_the_plugins_know_nothing_of_the_sandbox(package: str) -> None:
    for module in sources(PACKAGES[package]):
        assert not [name for name in imports(module) if name.startswith("ml_sandbox")], module


def test_the_sandbox_knows_nothing_of_the_library_and_the_plugins() -> None:
    for module in sources(PACKAGES["ml_sandbox"]):
        assert not [name for name in imports(module) if name.split(".")[0] in OURS], module


def test_the_library_knows_no_plugin_and_plugins_know_no_other() -> None:
    for package in OURS:
        foreign = set(PLUGINS) - {package}
        for module in sources(PACKAGES[package]):
            assert not [name for name in imports(module) if name.split(".")[0] in foreign], module


@pytest.mark.parametrize("package", PACKAGES)
def test_files_and_functions_are_short(package: str) -> None:
    for module in sources(PACKAGES[package]):
        if GENERATED in module.as_posix():
            continue
        text = module.read_text("utf-8")
        assert len(text.splitlines()) < LONGEST_FILE, module
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length < LONGEST_FUNCTION, f"{module}: {node.name} has {length} lines"
