"""The measurements' own arithmetic, and that the page is made of the results that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import results
from bench.__main__ import MEASUREMENTS, main
from bench.floors import Calls, calls_of, floor
from bench.peers import zoho
from bench.tables import Table
from bench.two_ways import calls as two_ways
from bench.two_ways import companies, project, rounds

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


def call(system: str, path: str, records: int = 0, **logged: Any) -> dict[str, Any]:
    """An entry of the sandbox's log of JD Edwards or Zoho CRM."""
    body: dict[str, Any] | None = {"data": [{}] * records} if records else None
    return {
        "system": system,
        "path": path,
        "body": body,
        "write": bool(records),
        "status": 200,
        "quota_left": None,
        **logged,
    }


def test_calls_of_both_vendors_are_counted_with_their_weight_and_credits() -> None:
    log = [
        call("jde", "/jderest/v2/dataservice"),
        call("jde", "/jderest/v3/orchestrator/ML_UpdateCustomer", write=True),
        call("zoho", "/oauth/v2/token"),
        call("zoho", "/crm/v8/org", quota_left=59_999),
        call("zoho", "/crm/v8/coql", body={"select_query": "select id from Accounts"}, quota_left=59_996),
        call("zoho", "/crm/v8/Accounts/upsert", 100, quota_left=59_996, status=429),
        call("zoho", "/crm/v8/Accounts/upsert", 100, quota_left=59_986),
        call("zoho", "/crm/v8/Accounts", 10, quota_left=59_985),
    ]
    assert two_ways.calls_of(log) == two_ways.Calls(
        jde=2, zoho=6, heavy=3, writes=4, credits=15, refused=1, queries=1
    )


def test_a_run_without_zoho_costs_no_credits() -> None:
    assert two_ways.calls_of([call("jde", "/jderest/v2/dataservice")]) == two_ways.Calls(jde=1, zoho=0)


@pytest.mark.parametrize(
    ("calls", "seconds", "limit"),
    [
        (two_ways.Calls(jde=100, zoho=100), 5.0, "JDE one by one"),
        (two_ways.Calls(jde=0, zoho=100, heavy=10), 0.25, "Zoho calls"),
        (two_ways.Calls(jde=0, zoho=100, heavy=100), 0.5, "Zoho heavy calls"),
        (two_ways.Calls(jde=1, zoho=1, credits=60_000), 0.05, "JDE one by one"),
        (two_ways.Calls(jde=1, zoho=1, credits=60_001), 86_400.0, "Zoho credits"),
    ],
)
def test_the_slower_vendor_is_the_floor(calls: two_ways.Calls, seconds: float, limit: str) -> None:
    least, name = two_ways.floor(calls)
    assert least == pytest.approx(seconds)
    assert name == limit


def test_one_by_one_is_scaled_on_the_line_through_two_samples() -> None:
    def sample(wanted: int) -> zoho.Run:
        calls = two_ways.Calls(jde=0, zoho=4 + wanted, writes=wanted, credits=3 + wanted)
        return zoho.Run(calls, 1.0 + wanted / 10, 0.5 + wanted / 100, 70.0, wanted, wanted)

    scaled = zoho.scaled(1_000, sample(10), sample(50))
    assert scaled.calls == two_ways.Calls(jde=0, zoho=1_004, writes=1_000, credits=1_003)
    assert scaled.seconds == pytest.approx(101.0)
    assert scaled.cpu == pytest.approx(10.5)
    assert (scaled.right, scaled.wanted) == (50, 50)


def test_the_goals_are_held_against_calls_for_a_thousand_records() -> None:
    assert rounds.per_thousand(95, 3_000) == "31.7 for 1,000"


def test_an_unlinked_account_has_the_tax_id_of_its_customer_in_another_spelling() -> None:
    (account,) = companies.unlinked(1)
    (linked,) = [companies.linked_account(companies.FIRST)]
    assert account["VAT_Number"] != linked["VAT_Number"]
    assert account["VAT_Number"].replace(" ", "") == linked["VAT_Number"]
    assert "JDE_Address_Number" not in account


def test_the_plugins_are_set_as_meltano_yml_says_on_the_sandbox() -> None:
    target = project.settings("target-zoho-crm", "http://127.0.0.1:1")
    assert target["two_way"] is True
    assert target["api_url"] == "http://127.0.0.1:1/zoho/api"
    assert project.settings("tap-jde", "http://127.0.0.1:1")["base_url"] == "http://127.0.0.1:1/jde"
    assert project.streams("tap-jde") == ["customers", "suppliers", "contacts"]
