"""What every target keeps, whatever the vendor behind it."""

from __future__ import annotations

import json
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from contract.contract_targets import TARGETS, RunnableTarget, TargetCase
from sandbox.openapi_contract import load_contract
from singer_lines import Message, customer, customers, record, schema, state

from ml_connector.settings import COMMON_SETTINGS
from ml_connector.singer.settings import TARGET_SETTINGS
from ml_sandbox.testing import RunningSandbox

REPOSITORY = Path(__file__).resolve().parents[2]
LATER = "2026-11-21T00:00:00Z"


@pytest.fixture(params=TARGETS, ids=lambda case: f"{case.name}-{case.object}")
def case(request: pytest.FixtureRequest) -> TargetCase:
    found: TargetCase = request.param
    return found


@pytest.fixture
def contracted(case: TargetCase, sandbox: RunningSandbox, tmp_path: Path) -> RunnableTarget:
    sandbox.control.clear(case.system)
    return case.make(sandbox, tmp_path)


def writes(target: RunnableTarget) -> int:
    return len(target.requests(writes_only=True))


def test_every_target_of_the_workspace_is_under_this_contract() -> None:
    scripts: set[str] = set()
    for file in REPOSITORY.glob("target-*/pyproject.toml"):
        scripts |= tomllib.loads(file.read_text())["project"]["scripts"].keys()
    assert scripts == {case.name for case in TARGETS}
    assert all(entry_points(group="console_scripts", name=case.name) for case in TARGETS)


def test_settings_and_capabilities(case: TargetCase, contracted: RunnableTarget) -> None:
    about = json.loads(contracted.feed(b"", "--about", "--format", "json").check(0).output)
    properties = about["settings"]["properties"]
    shared = {setting.name for setting in (*TARGET_SETTINGS, *COMMON_SETTINGS)} - case.lacks
    assert shared - {"base_url"} <= properties.keys()
    for setting in (*TARGET_SETTINGS, *COMMON_SETTINGS):
        if setting.name not in {"base_url", *case.own_defaults, *case.lacks}:
            assert properties[setting.name].get("default") == setting.default, setting.name
    assert properties[case.secret]["secret"]
    assert {"about", "stream-maps", "activate-version"} <= set(about["capabilities"])


def test_the_check_of_a_good_set_up(contracted: RunnableTarget) -> None:
    run = contracted.feed(b"", "--check").check(0)
    checks = [json.loads(line) for line in run.output.splitlines()]
    assert {"ledger", "login"} <= {check["check"] for check in checks}
    assert all(check["ok"] for check in checks)
    assert writes(contracted) == 0


def test_create_unchanged_update_lost_ledger(case: TargetCase, contracted: RunnableTarget) -> None:
    assert contracted.run([*customers(range(6)), state({"k": 1})]).check(0).states == [{"k": 1}]
    assert case.held(contracted) == {f"A{n}": (f"Customer {n}", "Berlin") for n in range(6)}
    assert contracted.run([*customers(range(6))]).check(0).outcomes == {"unchanged": 6}
    assert writes(contracted) == 0
    changed = [customer(1, city="Paris", updated=LATER), *customers(range(2, 6))]
    assert contracted.run([*changed]).check(0).outcomes == {"updated": 1, "unchanged": 4}
    assert case.held(contracted)["A1"] == ("Customer 1", "Paris")
    for file in (contracted.folder / "home").glob("ledger.db*"):
        file.unlink()
    assert contracted.run([customer(0), *changed]).check(0).outcomes == {"unchanged": 6}
    assert (writes(contracted), len(case.held(contracted))) == (0, 6)


def scan(numbers: list[int], version: int) -> list[Message]:
    """A tap says that these customers exist, and no others."""
    found = [record({"id": number}, version=version) for number in numbers]
    return [*found, {"type": "ACTIVATE_VERSION", "stream": "customers", "version": version}]


def test_a_record_that_only_exists_is_left_as_it_is(case: TargetCase, contracted: RunnableTarget) -> None:
    contracted.run([*customers(range(3))]).check(0)
    held = case.held(contracted)
    run = contracted.run([*(record({"id": number}, version=1) for number in (0, 1, 99)), state({"k": 1})])
    assert run.check(0).outcomes == {"unchanged": 2, "ignored": 1}
    assert (run.states, writes(contracted), case.held(contracted)) == ([{"k": 1}], 0, held)
    assert contracted.run([*customers(range(3))]).check(0).outcomes == {"unchanged": 3}


def test_what_a_complete_scan_does_not_find_is_deleted(case: TargetCase, contracted: RunnableTarget) -> None:
    contracted.config["on_delete"] = "flag"
    contracted.run([*customers(range(5))]).check(0)
    run = contracted.run([*scan([0, 1, 2, 4], 1), state({"k": 1})]).check(0)
    assert (run.outcomes, run.summary["missing"]) == ({"unchanged": 4}, {"deleted": 1})
    assert (run.states, run.summary["read"]) == ([{"k": 1}], 4)
    assert len(case.held(contracted)) == 5, "nothing is deleted at the vendor"
    changed = customers(range(5), city="Paris", updated=LATER)
    assert contracted.run([*changed]).check(0).outcomes == {"updated": 4, "ignored": 1}
    again = contracted.run([*changed], on_missing="recreate").check(0)
    assert sum(again.outcomes.values()) == 5
    # A version of which an earlier run saw the beginning tells nothing.
    contracted.run([record({"id": 0}, version=2)]).check(0)
    assert contracted.run([*scan([1], 2)]).check(0).summary["missing"] == {}


def test_more_missing_than_allowed_stops_the_run(case: TargetCase, contracted: RunnableTarget) -> None:
    contracted.config["on_delete"] = "flag"
    contracted.run([*customers(range(5))]).check(0)
    run = contracted.run([*scan([0, 1, 2], 1), state({"k": 1})], max_deleted=1).check(5)
    assert (run.states, run.summary["missing"]) == ([], {})
    assert "2 of 5 linked records of customers" in run.errors
    changed = customers(range(5), city="Paris", updated=LATER)
    assert contracted.run([*changed]).check(0).outcomes == {"updated": 5}, "none was marked"


def test_a_dry_run_writes_nothing(case: TargetCase, contracted: RunnableTarget) -> None:
    run = contracted.run([*customers(range(3)), state({"k": 1})], dry_run=True).check(0)
    assert (run.outcomes, run.states, writes(contracted)) == ({"created": 3}, [], 0)
    assert case.held(contracted) == {}
    assert run.summary["plan"]["create"] == 3


def test_a_lost_answer_is_settled_by_the_next_run(case: TargetCase, contracted: RunnableTarget) -> None:
    contracted.sandbox.control.faults(
        {
            "system": case.system,
            "method": case.bulk_method,
            "path": case.bulk_path,
            "fault": "lost_response",
            "times": case.lost_answers,
        }
    )
    rows = case.bulk_rows
    run = contracted.run([*customers(range(rows)), state({"k": 1})]).check(4)
    assert (run.states, contracted.journal()) == ([], rows)
    assert contracted.run([*customers(range(rows)), state({"k": 1})]).check(0).states == [{"k": 1}]
    assert (len(case.held(contracted)), contracted.journal()) == (rows, 0)


def test_a_wrong_record_is_a_letter_and_a_wrong_line_an_error(
    case: TargetCase, contracted: RunnableTarget
) -> None:
    run = contracted.run([customer(1), customer(2, name={"a": 1}), state({"k": 2}), "nonsense"]).check(1)
    assert (run.outcomes, run.states) == ({"created": 1, "rejected": 1}, [{"k": 2}])
    assert len(contracted.letters()) == 1
    assert set(case.held(contracted)) == {"A1"}


def test_unknown_streams_and_fields_are_refused(case: TargetCase, contracted: RunnableTarget) -> None:
    assert "Known objects" in contracted.raw([schema("unheard_of")]).check(5).errors
    maps = {"customers": {**case.maps["customers"], "unheard_of": "city"}}
    assert "Known fields" in contracted.run([customer(1)], stream_maps=maps).check(5).errors


def test_the_secret_is_never_shown(case: TargetCase, contracted: RunnableTarget) -> None:
    secret = str(contracted.config[case.secret])
    runs = [contracted.run([customer(1)]), contracted.run([customer(1)], **{case.secret: "wrong-" + secret})]
    assert [run.exit_code for run in runs] == [0, 5]
    assert all(secret not in run.errors and secret.encode() not in run.output for run in runs)


def test_all_its_requests_hold_against_the_vendors_document(
    case: TargetCase, contracted: RunnableTarget
) -> None:
    if case.system != "zendesk":
        pytest.skip("this vendor publishes no such document")
    contract = load_contract()
    control = contracted.sandbox.control
    contracted.feed(b"", "--check").check(0)
    control.put_rows("zendesk", case.object, [case.stranger])
    control.faults({"system": "zendesk", "path": "*/create_many", "fault": "job_partial", "rows": [0]})
    contracted.run([*customers(range(case.bulk_rows + 1))]).check(0)
    logged = control.requests("zendesk")
    control.faults({"system": "zendesk", "path": "*/update_many", "fault": "lost_response"})
    contracted.run([*customers(range(case.bulk_rows + 1), city="Paris", updated=LATER)]).check(4)
    logged += control.requests("zendesk")
    contracted.run([*customers(range(case.bulk_rows + 1), city="Paris", updated=LATER)]).check(0)
    logged += control.requests("zendesk")
    called = {request["path"].rpartition("/")[2] for request in logged}
    assert {"create_many", "update_many", case.singly, "job_statuses", *case.look_ups} <= called
    assert contract.request_problems(logged) == []
