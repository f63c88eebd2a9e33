"""The measurements' own arithmetic, and that the page is made of the results that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import results
from bench.__main__ import MEASUREMENTS, main
from bench.floors import Calls, calls_of, floor
from bench.tables import Table

API = "/api/v2/"


def request(path: str, rows: int = 0, *, status: int = 200, write: bool = True) -> dict[str, Any]:
    """An entry of the sandbox's log."""
    body: dict[str, Any] | None = {path.partition("/")[0]: [{}] * rows} if rows else None
    return {"path": API + path, "status": status, "write": write, "body": body}


def test_calls_are_counted_by_the_limit_that_they_use() -> None:
    log = [
        request("organizations/show_many", write=False),
        request("organizations/create_many.json", 100),
        request("users/create_or_update_many", 50),
        request("users/create_or_update_many", 50, status=429),
        request("users/create_or_update.json", status=201),
        request("users/create_or_update.json", status=429),
        request("users", status=201),
    ]
    assert calls_of(log) == Calls(requests=7, refused=2, job_seconds=13.0, longest_job=7.0, user_upserts=1)


@pytest.mark.parametrize(
    ("calls", "share", "expected"),
    [
        (Calls(requests=700), 1.0, 0.0),
        (Calls(requests=701), 1.0, 60.0),
        (Calls(requests=700), 0.7, 60.0),
        (Calls(requests=20, job_seconds=7, longest_job=7), 1.0, 7.0),
        (Calls(requests=400, job_seconds=1400, longest_job=7), 1.0, 1400 / 30),
        (Calls(requests=200, user_upserts=100), 1.0, 99.0),
    ],
)
def test_the_tightest_limit_is_the_floor(calls: Calls, share: float, expected: float) -> None:
    assert floor(calls, share)[0] == pytest.approx(expected)


def test_one_result_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    for name, figure in (("first", 1), ("second", 2), ("first", 3)):
        results.keep(name, Table(name, ("figure",), [(figure,)]), 1.0, tmp_path)
    page = results.page(["first", "second", "never measured"], tmp_path)
    assert (page.count("## first"), page.count("## second")) == (1, 1)
    assert "| 3 |" in page
    assert "| 2 |" in page
    assert "| 1 |" not in page


def test_the_page_is_made_of_the_results() -> None:
    assert {path.stem for path in results.FRAGMENTS.glob("*.md")} <= MEASUREMENTS.keys()
    assert results.PAGE.read_text("utf-8") == results.page(MEASUREMENTS)


def test_an_unknown_measurement_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "initial" in capsys.readouterr().err
