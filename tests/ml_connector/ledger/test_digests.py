"""One digest per value, whatever its spelling."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ml_connector.ledger import Digester, is_blank
from ml_connector.ledger.digests import split_elements

digester = Digester(b"key of this test")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, "  "),
        ("", []),
        ({}, None),
        (1, 1.0),
        (Decimal("2.50"), 2.5),
        (Decimal("1E+3"), 1000),
        ({"a": 1, "b": ""}, {"b": None, "a": 1.0}),
        ({"x", "y"}, frozenset({"y", "x"})),
        ([1, 2], (1.0, 2)),
    ],
)
def test_equal_values_have_one_digest(one: Any, other: Any) -> None:
    assert digester.value(one) == digester.value(other)


@pytest.mark.parametrize(
    ("one", "other"), [("a", "A"), ([1, 2], [2, 1]), (0, None), (False, None), (1, "x"), (2**70, 2**70 + 1)]
)
def test_other_values_have_another(one: Any, other: Any) -> None:
    assert digester.value(one) != digester.value(other)


def test_a_record_has_one_digest_in_any_order_of_its_fields() -> None:
    assert digester.record({"a": 1, "b": {"c": 2, "d": 3}}) == digester.record(
        {"b": {"d": 3, "c": 2}, "a": 1}
    )
    assert digester.record({"a": 1}) != digester.record({"a": 2})
    assert digester.record({"a": None}) != digester.record({})


def test_set_fields_have_one_digest_per_element() -> None:
    assert digester.elements(["b", "a", "a", ""]) == digester.elements({"a", "b"})
    assert split_elements(digester.elements(["a", "b"])) == {digester.value("a"), digester.value("b")}
    assert digester.elements([]) == b""


@pytest.mark.parametrize(
    ("value", "blank"), [(None, True), (" \t", True), ([], True), (0, False), (False, False), ("0", False)]
)
def test_blank_is_what_holds_nothing(value: Any, blank: bool) -> None:
    assert is_blank(value) is blank
