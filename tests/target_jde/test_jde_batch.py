"""New records in batches: staged in F0101Z2, processed by a report, each row read back."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from jde_target import MAPPING, JdeTarget
from plugin_runs import WhileRunning, run_plugin
from singer_lines import Message, customer, customers, schema, state
from support.kills import kill_when, slow_from

LATER = "2026-11-21T00:00:00Z"
STAGE, EXECUTE, STATUS = "*/ML_StageAddressBook", "*/report/execute", "*/report/status"
TERMS = {
    **MAPPING,
    "payment_terms": "'N30'",
    "phone": "'030 1234567'",
    "fax": "'030 99'",
    "address_effective_date": "'2026-08-01'",
}


@pytest.fixture
def batched(target: JdeTarget) -> JdeTarget:
    quick = {"report_wait_seconds": 0.05, "report_seconds": 0.1, "report_row_milliseconds": 0.5}
    target.sandbox.control.settings(jde=quick)
    selected = {
        "criteria": [{"subject": {"view": "F0101Z2", "alias": "EDBT"}, "predicate": {"values": ["{batch}"]}}]
    }
    target.config |= {
        "batch_from": 4,
        "batch_version": "ML0001",
        "batch_selection": selected,
        "stream_maps": {"customers": TERMS},
    }
    return target


def lost(path: str, **more: Any) -> dict[str, Any]:
    return {"system": "jde", "path": path, "fault": "lost_response", "times": 1, **more}


def held(target: JdeTarget) -> dict[str, str]:
    return {key: row["TRAR"] for key, row in target.by_key("F03012").items()}


def test_many_new_ones_are_staged_and_each_row_is_read(batched: JdeTarget) -> None:
    given = [*customers(range(10)), state({"k": 1})]
    run = batched.run(given, batch_max_rows=6, batch_queue="QB", batch_user="loader").check(0)
    assert (run.outcomes, run.states) == ({"created": 10}, [{"k": 1}])
    calls = batched.calls()
    assert [calls.count(name) for name in ("ML_StageAddressBook", "execute", "ML_CreateCustomer")] == [
        2,
        2,
        0,
    ]
    assert calls.count("ML_UpdateCustomer") == 10, "what F0101Z2 has no column for"
    rows = batched.rows("F0101Z2")
    assert {(row["EDUS"], row["EDSP"], row["TNAC"]) for row in rows} == {("LOADER", "Y", "A")}
    assert len({row["EDBT"] for row in rows}) == 2
    executed = [body for body in batched.bodies() if "reportName" in body]
    assert {(each["reportName"], each["reportVersion"], each["queueName"]) for each in executed} == {
        ("R01010Z", "ML0001", "QB")
    }
    assert {each["dataSelection"]["criteria"][0]["predicate"]["values"][0] for each in executed} == {
        row["EDBT"] for row in rows
    }
    assert held(batched) == {f"A{n}": "N30" for n in range(10)}
    addresses = batched.rows("F0116")
    assert {(row["CTY1"], row["EFTB"]) for row in addresses} == {("Berlin", "2026-08-01")}
    phones = {(row["PHTP"], row["AR1"], row["PH1"]) for row in batched.rows("F0115")}
    assert phones == {("", "030", "1234567"), ("FAX", "030", "99")}
    told = run.summary["batches"]
    assert [(each["rows"], each["failed"], each["status"]) for each in told] == [(6, 0, "D"), (4, 0, "D")]
    assert {reference for _, _, reference in batched.history("A1")} == {
        f"{told[0]['batch']} {told[0]['job']} entserver"
    }
    shown = run_plugin("ml-connector", ["status"], b"", batched.folder).check(0).output.decode()
    assert f"batch {told[1]['batch']} (job {told[1]['job']}) ended with D: 4 rows, 0 failed." in shown
    idle = batched.run([*customers(range(10))]).check(0)
    assert (idle.outcomes, batched.calls()) == ({"unchanged": 10}, [])


@pytest.mark.parametrize("refused", ["letter", "singly"])
def test_refused_rows_are_letters_or_are_sent_once_more(batched: JdeTarget, refused: str) -> None:
    batched.sandbox.control.faults({"system": "jde", "path": EXECUTE, "fault": "job_partial", "rows": [1, 3]})
    run = batched.run([*customers(range(5)), state({"k": 1})], batch_refused=refused).check(0)
    assert run.states == [{"k": 1}]
    (told,) = run.summary["batches"]
    assert (told["rows"], told["failed"]) == (5, 2)
    if refused == "singly":
        assert (run.outcomes, batched.calls().count("ML_CreateCustomer")) == ({"created": 5}, 2)
        assert len(batched.rows("F0101")) == 5
        return
    assert run.outcomes == {"created": 3, "rejected": 2}
    letters = batched.letters()
    assert {letter.cause for letter in letters} == {"unprocessed"}
    assert all(told["batch"] in letter.reason and "EDSP N" in letter.reason for letter in letters)
    again = batched.run(customers(range(5), city="Paris", updated=LATER)).check(0)
    assert again.outcomes == {"created": 2, "updated": 3}
    assert (len(batched.rows("F0101")), batched.letters()) == (5, [])


def test_a_batch_that_is_refused_as_a_whole(batched: JdeTarget) -> None:
    """By the stage, by the report's duplicate check, by the report's own end: always row by row a letter."""
    batched.config["match_by"] = []
    maps = {"customers": {**TERMS, "tax_id": "notes"}}
    batched.put("F0101", {"AN8": 900, "ALPH": "Somebody", "TAX": "DE1"})
    batched.sandbox.control.settings(jde={"duplicate_check": "error"})
    run = batched.run([*customers(range(3)), customer(3, notes="DE1")], stream_maps=maps).check(0)
    assert (run.outcomes, len(batched.rows("F0101"))) == ({"rejected": 4}, 1)
    batched.sandbox.control.settings(jde={"duplicate_check": "off", "report_ends": "E"})
    run = batched.run(customers(range(4), updated=LATER)).check(0)
    assert run.outcomes == {"rejected": 4}
    assert run.summary["batches"][0]["status"] == "E"
    assert "EDSP blank" in batched.letters()[0].reason
    batched.sandbox.control.settings(jde={"report_ends": "D"})
    batched.sandbox.control.clear("jde", "F0101Z2")
    refusal = {"message": "F0101Z2 is locked for maintenance", "exception": "X"}
    stop = {"system": "jde", "path": STAGE, "fault": "status", "status": 500, "body": refusal}
    batched.sandbox.control.faults(stop)
    run = batched.run(customers(range(4), city="Rome", updated=LATER)).check(0)
    assert (run.outcomes, batched.calls()) == ({"rejected": 4}, ["ML_StageAddressBook"])
    assert "locked for maintenance" in batched.letters()[0].reason


def test_a_report_that_does_not_store_the_key_stops_after_one_batch(batched: JdeTarget) -> None:
    batched.sandbox.control.settings(jde={"stores_long_address": False})
    run = batched.run(customers(range(8)), batch_max_rows=4).check(5)
    assert "none of its records holds its source key" in run.errors
    assert batched.calls().count("ML_StageAddressBook") == 1
    assert {letter.cause for letter in batched.letters()} == {"unknown"}


def test_a_report_that_does_not_end(batched: JdeTarget) -> None:
    """The run stops and says where to look; the next one waits for the same job."""
    batched.sandbox.control.settings(jde={"report_seconds": 2.0})
    run = batched.run([*customers(range(4)), state({"k": 1})], batch_timeout=1).check(4)
    assert "P986110B" in run.errors
    assert (run.states, batched.journal()) == ([], 4)
    after = batched.run([*customers(range(4)), state({"k": 1})]).check(0)
    assert (after.states, len(batched.rows("F0101"))) == ([{"k": 1}], 4)
    assert after.summary["batches"][0]["status"] == "D"
    assert not {"ML_StageAddressBook", "execute", "ML_CreateCustomer"} & set(batched.calls())
    assert held(batched) == {f"A{n}": "N30" for n in range(4)}


@pytest.mark.parametrize(
    ("path", "more"),
    [
        (STAGE, {"fault": "reset"}),
        (EXECUTE, {"fault": "reset"}),
        (STATUS, {"fault": "status", "status": 503, "times": 9}),
        ("*/ML_UpdateCustomer", {"after": 2}),
    ],
    ids=["not staged", "not started", "status storm", "completing"],
)
def test_lost_answers_make_nobody_twice(batched: JdeTarget, path: str, more: dict[str, Any]) -> None:
    batched.config["batch_timeout"] = 2
    batched.sandbox.control.faults(lost(path, **more))
    given = [*customers(range(6)), state({"k": 1})]
    first = batched.run(given).check(4)
    assert (first.states, batched.journal() > 0) == ([], True)
    batched.sandbox.control.faults()
    second = batched.run(given).check(0)
    assert second.states == [{"k": 1}]
    assert sorted(batched.by_key()) == [f"A{n}" for n in range(6)]
    assert (len(batched.rows("F0101")), batched.journal(), batched.letters()) == (6, 0, [])
    assert held(batched) == {f"A{n}": "N30" for n in range(6)}
    assert {row["EDSP"] for row in batched.rows("F0101Z2")} == {"Y"}


def killing(target: JdeTarget, path: str, reached: int) -> WhileRunning:
    """Kill while so many calls of a path are under way."""

    return kill_when(lambda: sum(each["path"].endswith(path) for each in target.requests()) >= reached)


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("dataservice", 1),
        ("ML_StageAddressBook", 1),
        ("report/execute", 1),
        ("report/status", 1),
        ("ML_UpdateCustomer", 1),
        ("ML_UpdateCustomer", 4),
    ],
)
def test_killed_in_a_batch_and_run_again(batched: JdeTarget, path: str, reached: int) -> None:
    batched.config["batch_timeout"] = 2
    batched.sandbox.control.faults(slow_from("jde", f"*/{path}", reached))
    given: list[Message] = [schema(), *customers(range(6)), state({"k": 1})]
    killed = batched.raw_and(killing(batched, path, reached), given)
    assert (killed.exit_code, killed.states) == (-signal.SIGKILL, [])
    batched.sandbox.control.faults()
    assert batched.raw(given).check(0).states == [{"k": 1}]
    assert sorted(batched.by_key()) == [f"A{n}" for n in range(6)]
    assert (len(batched.rows("F0101")), batched.journal(), batched.letters()) == (6, 0, [])
    assert held(batched) == {f"A{n}": "N30" for n in range(6)}


def test_suppliers_in_the_standard_form(batched: JdeTarget) -> None:
    batched.sandbox.control.settings(jde={"input_format": "JDE Standard"})
    maps = {
        "customers": {**MAPPING, "__alias__": "suppliers", "search_type": "'V'", "payment_terms": "'N30'"}
    }
    settings = {"orchestrations": {"suppliers": {"input_format": "jde_standard"}}, "stream_maps": maps}
    assert batched.run(customers(range(4)), **settings).check(0).outcomes == {"created": 4}
    assert {row["TRAP"] for row in batched.rows("F0401")} == {"N30"}
    staged = next(body for body in batched.bodies() if "detailInputs" in body)
    assert len(staged["detailInputs"][0]["repeatingInputs"]) == 4


def test_a_batch_route_that_cannot_work(batched: JdeTarget) -> None:
    run = batched.run(customers(range(4)), batch_array="Lines").check(5)
    assert "no array Lines" in run.errors
    run = batched.run(customers(range(4)), batch_orchestration="ML_Nothing").check(5)
    assert "no orchestration ML_Nothing" in run.errors
    assert batched.calls() == []
    assert "Report R0" in batched.run(customers(range(4)), batch_report="R0").check(4).errors
    assert batched.rows("F0101") == []
