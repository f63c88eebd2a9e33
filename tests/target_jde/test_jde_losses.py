"""Lost answers and kills: no address number twice, nothing lost."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from jde_target import MAPPING, JdeTarget
from plugin_runs import WhileRunning
from singer_lines import Message, customer, customers, schema, state
from support.kills import kill_when, slow_from

LATER = "2026-11-21T00:00:00Z"
CREATE = "*/ML_CreateCustomer"
BY_TAX: dict[str, Any] = {
    "source_key": "tax_id",
    "stream_maps": {
        "customers": {
            **MAPPING,
            "__key_properties__": ["tax_id"],
            "tax_id": "account_number",
            "long_address": None,
        }
    },
}
LOOKED_UP: dict[str, Any] = {
    "match_by": [],
    "orchestrations": {"customers": {"lookup": "ML_LookupAddress"}},
}


@pytest.mark.parametrize(
    "settings",
    [{}, BY_TAX, {**LOOKED_UP, "two_way": False}],
    ids=["long address", "tax id", "lookup orchestration, one way"],
)
def test_a_create_whose_answer_is_lost_is_looked_up_before_any_repeat(
    target: JdeTarget, settings: dict[str, Any]
) -> None:
    target.config |= settings
    target.sandbox.control.faults(
        {"system": "jde", "path": CREATE, "fault": "lost_response", "after": 1, "times": 1}
    )
    given: list[Message] = [*customers(range(3)), state({"k": 1})]
    first = target.run(given).check(4)
    assert (first.states, target.journal()) == ([], 2)
    assert len(target.rows("F0101")) == 2
    second = target.run(given).check(0)
    assert second.states == [{"k": 1}]
    assert target.calls().count("ML_CreateCustomer") == 1, "only the one that was never sent"
    assert (len(target.rows("F0101")), target.journal(), target.letters()) == (3, 0, [])


def test_without_any_key_the_outcome_is_unknown_and_nothing_is_repeated(target: JdeTarget) -> None:
    maps = {"customers": {**MAPPING, "__key_properties__": ["name"], "long_address": None}}
    target.config |= {"source_key": "none", "match_by": ["email"], "stream_maps": maps}
    target.sandbox.control.faults({"system": "jde", "path": CREATE, "fault": "lost_response"})
    target.run([customer(1)]).check(4)
    run = target.run([customer(1), customer(2)]).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["unknown"]
    assert len(target.rows("F0101")) == 2


def test_a_page_of_a_proxy_after_the_work_was_done(target: JdeTarget) -> None:
    done = {"system": "jde", "path": CREATE, "fault": "status", "status": 502, "done": True}
    target.sandbox.control.faults({**done, "body": "<html>Bad Gateway</html>"})
    target.run([customer(1)]).check(4)
    assert target.run([customer(1)]).check(0).outcomes == {"unchanged": 1}
    assert len(target.rows("F0101")) == 1


def test_an_answer_without_the_number_is_looked_up(target: JdeTarget) -> None:
    target.sandbox.control.settings(jde={"output_mapping": False})
    assert target.run([customer(1)]).check(0).outcomes == {"created": 1}
    target.sandbox.control.clear_requests()
    path = "ServiceRequest1.fs_P01012_W01012A.data.z_AN8_21.value"
    named = {"customers": {"output": path}}
    run = target.run([customer(2)], orchestrations=named, two_way=False).check(0)
    assert run.outcomes == {"created": 1}
    assert {key for key, _ in ((row["ALKY"], row) for row in target.rows("F0101"))} == {"A1", "A2"}


def killing(target: JdeTarget, path: str, reached: int) -> WhileRunning:
    """Kill while so many calls of a path are under way."""

    return kill_when(lambda: sum(each["path"].endswith(path) for each in target.requests()) >= reached)


@pytest.mark.parametrize(
    ("path", "reached"),
    [
        ("ML_CreateCustomer", 1),
        ("ML_CreateCustomer", 3),
        ("ML_UpdateCustomer", 2),
        ("dataservice", 9),
        ("dataservice", 14),
    ],
)
def test_killed_and_run_again(target: JdeTarget, tmp_path: Path, path: str, reached: int) -> None:
    target.run([*customers(range(2))]).check(0)
    given: list[Message] = [
        schema(),
        *customers(range(2), city="Paris", updated=LATER),
        *customers(range(2, 6)),
        state({"k": 1}),
    ]
    target.sandbox.control.faults(slow_from("jde", f"*/{path}", reached))
    killed = target.raw_and(killing(target, path, reached), given)
    assert killed.exit_code == -signal.SIGKILL
    assert killed.states == []
    target.sandbox.control.faults()
    assert target.raw(given).check(0).states == [{"k": 1}]
    held = {key: row["CTY1"] for key, row in target.by_key("F0116").items()}
    assert held == {f"A{n}": "Paris" if n < 2 else "Berlin" for n in range(6)}
    assert (len(target.rows("F0101")), target.journal(), target.letters()) == (6, 0, [])


def test_storms_and_dead_tokens_make_nobody_twice(target: JdeTarget) -> None:
    """Of 444 nothing was done, so it is tried once more; of 503 nobody knows, so the next run looks."""
    faults = target.sandbox.control.faults
    dead = {"system": "jde", "path": CREATE, "fault": "expire_token", "after": 1}
    faults(dead)
    assert target.run(customers(range(3))).check(0).outcomes == {"created": 3}
    logins = [each["path"] for each in target.sandbox.control.requests("jde")].count(
        "/jderest/v2/tokenrequest"
    )
    assert (logins, len(target.rows("F0101"))) == (2, 3)
    refused = {"system": "jde", "path": CREATE, "fault": "status", "status": 444, "times": None}
    faults(refused)
    assert "also a new one" in target.run([customer(3)]).check(5).errors
    storm = {"system": "jde", "path": CREATE, "fault": "status", "status": 503, "times": 4}
    faults({**storm, "body": "<html>busy</html>", "done": True})
    assert target.run([customer(4)]).check(4).states == []
    faults({"system": "jde", "path": "*/tokenrequest", "fault": "status", "status": 429, "times": None})
    assert target.run([customer(4)], retry_after_default=0.1).check(4).states == []
    faults()
    assert target.run([customer(3), customer(4), state({"k": 1})]).check(0).states == [{"k": 1}]
    assert sorted(target.by_key()) == [f"A{n}" for n in range(5)]
    assert len(target.rows("F0101")) == 5


def test_a_lookup_that_finds_several_names_them(target: JdeTarget) -> None:
    for number in (501, 502):
        target.put("F0101", {"AN8": number, "ALPH": "Twin", "TAX": "DE1"})
    maps = {"customers": {**MAPPING, "tax_id": "notes"}}
    settings = {**LOOKED_UP, "match_by": ["tax_id"], "stream_maps": maps}
    run = target.run([customer(1, notes="DE1"), customer(2, notes="DE2")], **settings).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.cause, "501, 502" in letter.reason) == ("ambiguous", True)
    assert target.calls().count("ML_CreateCustomer") == 1
