"""Every setting of every plugin is given in some test; those of the library may be tested there."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
DEFINITIONS = {
    path.name.partition("--")[0]: path for path in sorted((TESTS.parent / "plugins").rglob("*.lock"))
}


@cache
def names_in_tests() -> frozenset[str]:
    """Every name that a test writes as a text of its own or as a keyword, as settings are given."""
    found = set()
    for module in TESTS.rglob("*.py"):
        if module == Path(__file__).resolve():
            continue
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
    return frozenset(found)


@pytest.mark.parametrize("plugin", DEFINITIONS)
def test_every_setting_is_given_in_a_test(plugin: str) -> None:
    definition = json.loads(DEFINITIONS[plugin].read_text("utf-8"))
    settings = {setting["name"] for setting in definition["settings"]}
    assert len(settings) > 5
    assert settings - names_in_tests() == set()


def test_the_plugins_are_those_that_are_there() -> None:
    assert {"tap-oracle-ebs", "tap-dead-letters", "target-zendesk-ml"} <= DEFINITIONS.keys()
    assert "surely_no_test_gives_this" not in names_in_tests()
