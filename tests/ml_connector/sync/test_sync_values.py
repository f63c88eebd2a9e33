"""Versions compare as text, digests forget how a value was written, intervals decide who is newer."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_connector.errors import SystemFault
from ml_connector.ledger import Digester, canonical
from ml_connector.ledger.digests import split_elements
from ml_connector.sync import Policies, as_version
from ml_connector.sync.versions import just_after, older, seconds_of

DIGESTER = Digester(b"key")
ZONES = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30))])
INSTANTS = st.datetimes(timezones=ZONES)
NUMBERS = st.one_of(st.integers(-(10**20), 10**20), st.decimals(-(10**9), 10**9, allow_nan=False, places=6))


@given(INSTANTS, INSTANTS)
def test_instants_compare_whatever_their_zone(first: dt.datetime, second: dt.datetime) -> None:
    versions = as_version(first.isoformat()), as_version(second)
    assert versions[0] is not None
    assert versions[1] is not None
    if versions[0][0] == versions[1][0] == "t":
        assert older(*versions) == (first < second)


@given(NUMBERS, NUMBERS)
def test_numbers_compare_as_numbers_also_as_text(first: Any, second: Any) -> None:
    assert older(as_version(first), as_version(second)) == (first < second)
    assert older(as_version(format(Decimal(first), "f")), as_version(second)) == (first < second)


@given(st.one_of(st.text(), st.none(), st.booleans(), st.floats(), NUMBERS, INSTANTS))
def test_any_value_is_a_version_or_none(value: Any) -> None:
    version = as_version(value)
    assert version is None or version[0] in "tns"
    assert not older(version, version)
    assert seconds_of(version) is None or version is not None


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_just_after_comes_before_every_later_version(first: int, second: int) -> None:
    version, other = as_version(first), as_version(second)
    assert older(version, just_after(version))
    assert older(just_after(version), other) == (first < second)


def test_versions_of_different_kinds_are_not_compared() -> None:
    assert not older(as_version(5), as_version("2026-01-01"))
    assert not older(as_version("2026-01-01"), as_version(5))
    assert not older(None, as_version(5))


@given(INSTANTS)
def test_instant_behind_a_version(instant: dt.datetime) -> None:
    version = as_version(instant)
    if version is not None and version.startswith("t"):
        assert seconds_of(version) == pytest.approx(instant.timestamp(), abs=0.001)


# Digests

PLAIN = st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none())


@pytest.mark.parametrize("blank", [None, "", "  ", "\t\n", [], {}, ()])
def test_blanks_are_one_value(blank: Any) -> None:
    assert DIGESTER.value(blank) == DIGESTER.value(None)


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_numbers_are_one_value_however_written(number: int, zeros: int) -> None:
    written = Decimal(f"{number}.{'0' * zeros}") if zeros else Decimal(number)
    assert DIGESTER.value(written) == DIGESTER.value(number)
    assert DIGESTER.value(float(number)) == DIGESTER.value(number)


@given(st.decimals(allow_nan=False, allow_infinity=False), st.decimals(allow_nan=False, allow_infinity=False))
def test_different_numbers_differ(first: Decimal, second: Decimal) -> None:
    assert (DIGESTER.value(first) == DIGESTER.value(second)) == (first == second)


@pytest.mark.parametrize(("first", "second"), [(1, True), (0, False), (1, "1"), (1.5, "1.5"), ("a", "A")])
def test_values_of_different_kinds_differ(first: Any, second: Any) -> None:
    assert DIGESTER.value(first) != DIGESTER.value(second)


@given(st.dictionaries(st.text(max_size=3), PLAIN, max_size=4))
def test_order_of_keys_is_no_difference(values: dict[str, Any]) -> None:
    turned = dict(reversed(list(values.items())))
    assert DIGESTER.value(values) == DIGESTER.value(turned)
    assert DIGESTER.record(values) == DIGESTER.record(turned)


@given(st.lists(PLAIN, max_size=6), st.randoms())
def test_members_have_no_order_and_no_doubles(members: list[Any], random: Any) -> None:
    shuffled = [*members, *members]
    random.shuffle(shuffled)
    digests = DIGESTER.elements(members)
    assert DIGESTER.elements(shuffled) == digests
    assert split_elements(digests) == {DIGESTER.value(m) for m in members if canonical(m) is not None}


def test_digests_of_two_ledgers_differ() -> None:
    assert Digester(b"one").value("x") != Digester(b"two").value("x")


# Policies

TIMES = st.integers(0, 20)


@given(TIMES, TIMES, TIMES, TIMES, st.integers(0, 5))
def test_newest_is_never_wrong(a0: int, a1: int, b0: int, b1: int, tolerance: int) -> None:
    """Whenever it names a winner, every moment of the winner's interval lies after the loser's."""
    source, target = (min(a0, a1), max(a0, a1)), (min(b0, b1), max(b0, b1))
    for ties in ("a", "b"):
        rules = Policies(
            "a", "b", policies={"default": "newest"}, newest_ties=ties, clock_tolerance=tolerance
        )
        verdict = rules.decide("newest", source, target)
        if verdict != {"a": "source", "b": "target"}[ties]:
            winner, loser = (source, target) if verdict == "source" else (target, source)
            assert winner[0] >= loser[1]
            assert winner[0] - loser[1] >= tolerance


def test_newest_without_times_is_a_tie() -> None:
    rules = Policies("a", "b", newest_ties="b")
    assert rules.decide("newest", (None, 5.0), (1.0, 2.0)) == "target"


@pytest.mark.parametrize("setting", ["policies", "authority"])
def test_policy_that_names_no_system_is_refused(setting: str) -> None:
    with pytest.raises(SystemFault, match="default is 'c'"):
        Policies("a", "b", **{setting: {"default": "c"}})  # type: ignore[arg-type]


def test_both_directions_have_one_digest() -> None:
    rules: dict[str, Any] = {"policies": {"default": "newest"}, "authority": {"default": "a"}}
    assert Policies("a", "b", **rules).digest() == Policies("b", "a", **rules).digest()
