"""The settings `policies` and `authority`, flat and nested."""

from __future__ import annotations

from typing import Any

import pytest

from ml_connector.errors import SystemFault
from ml_connector.singer.options import policies_of
from ml_connector.sync import Policies

FLAT = {"default": "newest", "b.people": "hold", "b.people.limit": "b", "a.rows.note": "a"}
NESTED = {
    "default": "newest",
    "b": {"people": {"default": "hold", "limit": "b"}},
    "a": {"rows": {"note": "a"}},
}


def rules_of(**settings: Any) -> Policies:
    return policies_of({"source_system": "a", "newest_ties": "a", **settings}, "b")


@pytest.mark.parametrize("rules", [FLAT, NESTED])
def test_rules_are_found_by_field_object_and_default(rules: dict[str, Any]) -> None:
    policies = rules_of(policies=rules)
    assert policies.policy("people", "limit", "rows", ["limit"]) == "b"
    assert policies.policy("people", "name", "rows", ["name"]) == "hold"
    assert policies.policy("others", "text", "rows", ["note"]) == "a"
    assert policies.policy("others", "text", "lines", ["note"]) == "newest"


def test_nested_rules_are_the_same_text_as_flat_ones() -> None:
    flat, nested = (rules_of(policies=rules) for rules in (FLAT, NESTED))
    assert flat.digest() == nested.digest()
    assert flat.body() == nested.body()


@pytest.mark.parametrize("rule", ["oro", 5, ["a"], None, {"people": "nobody"}, {"people": {"name": ["a"]}}])
def test_a_rule_that_names_nobody_is_refused_by_its_name(rule: Any) -> None:
    with pytest.raises(SystemFault, match=r"policies: b.* is .*"):
        rules_of(policies={"default": "a", "b": rule})


def test_authority_is_nested_too() -> None:
    policies = rules_of(authority={"default": "a", "b": {"people": {"name": "b"}}})
    assert not policies.source_speaks_first("people", "name", "rows", [])
    assert policies.source_speaks_first("people", "limit", "rows", [])
