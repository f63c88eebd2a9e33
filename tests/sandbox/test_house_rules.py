"""The sandbox stands alone."""

import ast
from pathlib import Path

import ml_sandbox

PACKAGE = Path(ml_sandbox.__file__).parent
FOREIGN = ("ml_connector", "tap_", "target_")


def test_nothing_of_the_library_or_the_plugins_is_imported() -> None:
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [(path.name, name) for name in names if name.startswith(FOREIGN)]
    assert found == []
