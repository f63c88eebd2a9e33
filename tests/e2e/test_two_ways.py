"""JD Edwards and Zoho CRM, both ways, with the mapping of meltano.yml."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.agreement import Books
from e2e.edits import Edits
from e2e.jde_zoho import JdeZoho
from fixtures.sandboxes import running_sandbox

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def filled() -> Iterator[RunningSandbox]:
    """A sandbox with twenty generated companies in JD Edwards and nobody in Zoho."""
    with running_sandbox(customers=20, seed=11, time_scale=100) as running:
        yield running


@pytest.fixture
def rounds(filled: RunningSandbox, tmp_path: Path) -> JdeZoho:
    """Both directions."""
    return JdeZoho(filled, tmp_path)


def test_northwind_is_on_both_sides_once_and_field_by_field(northwind: Path, tmp_path: Path) -> None:
    with running_sandbox(data=northwind, time_scale=100) as trading:
        rounds = JdeZoho(trading, tmp_path)
        rounds.round()
        books = Books(trading.control)
        assert (len(books.accounts), len(books.vendors)) == (93, 29)
        assert books.differences() == []
        assert rounds.idle() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_edits_on_both_sides_three_rounds_agree_and_two_more_write_nothing(
    rounds: JdeZoho, seed: int
) -> None:
    rounds.round()
    edits = Edits(rounds.sandbox.control, seed)
    for _ in range(20):
        edits.make_one()
    for _ in range(3):
        rounds.round()
    assert Books(rounds.sandbox.control).differences() == [], edits.made
    assert (rounds.idle(), rounds.idle()) == ([], []), edits.made
    assert rounds.letters("jde") == rounds.letters("zoho") == []
