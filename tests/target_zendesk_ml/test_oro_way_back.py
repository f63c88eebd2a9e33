"""The way back from OroCRM: off until it is switched on; who wins; agents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from zendesk_from_oro import LATER, OroTarget, case, comment, user
from zendesk_target import SYSTEM

from ml_connector.errors import SystemFault
from ml_connector.singer.options import policies_of
from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    return OroTarget(sandbox, tmp_path)


def test_nothing_is_sent_not_even_a_login_while_two_way_is_off(target: OroTarget) -> None:
    target.config["two_way"] = None
    given = [user(20, seed.AGENT_EMAIL), case(1), comment(5, 1), case(2, _sdc_deleted_at=LATER)]
    run = target.send([*given, {"type": "STATE", "value": {"k": 1}}], publish=["1"]).check(0)
    assert (run.outcomes, run.states) == ({"ignored": 4}, [{"k": 1}])
    assert target.sandbox.control.requests(SYSTEM) == []
    assert [line.count("two_way is off") for line in run.errors.splitlines() if "WARNING" in line] == [1]
    assert target.history("5") == ["ignored"]
    assert target.send(given, dry_run=True).check(0).outcomes == {"ignored": 4}
    assert target.sandbox.control.requests(SYSTEM) == []
    target.config["two_way"] = True
    assert target.send([case(1)], publish=["1"]).check(0).outcomes == {"created": 1}


@pytest.mark.parametrize("priority", ["remote_wins", "local_wins"])
def test_the_priority_gives_both_directions_the_same_policies(priority: str) -> None:
    settings: dict[str, Any] = {"sync_priority": priority}
    there = policies_of({**settings, "source_system": "zendesk"}, "oro")
    back = policies_of({**settings, "source_system": "oro"}, "zendesk")
    assert there.digest() == back.digest()
    winner = {"remote_wins": "zendesk", "local_wins": "oro"}[priority]
    assert back.policy("tickets", "status", "cases", ["status"]) == winner
    assert not back.source_speaks_first("tickets", "status", "cases", ["status"])
    rules = {"default": "hold", "zendesk": {"tickets": {"subject": "oro"}}}
    own = policies_of({**settings, "policies": rules, "source_system": "oro"}, "zendesk")
    assert own.policy("tickets", "status", "cases", ["status"]) == "hold"
    assert own.policy("tickets", "subject", "cases", ["subject"]) == "oro"


def test_a_priority_without_orocrm_is_refused() -> None:
    with pytest.raises(SystemFault, match="source_system: oro"):
        policies_of({"sync_priority": "local_wins", "source_system": "ebs"}, "zendesk")


def test_agents_are_matched_by_any_address_and_never_written(target: OroTarget) -> None:
    rita = target.put("users", name="Rita", email="rita@example.com", role="agent")
    target.put("users", name="Eve", email="eve@example.com")
    target.put("identities", user_id=rita["id"], type="email", value="rita@private.example")
    given = [
        user(20, seed.AGENT_EMAIL.upper()),
        user(21, "someone@example.com", "else@example.com", "rita@private.example"),
        user(22, "eve@example.com"),
        user(23, None),
    ]
    run = target.send(given).check(0)
    assert run.outcomes == {"unchanged": 2, "ignored": 2}
    keys = {key: int(link.sides[SYSTEM].key) for key, link in target.links("agents").items()}
    assert keys == {"20": seed.AGENT_ID, "21": rita["id"]}
    assert target.requests(writes_only=True) == []
    again = target.send([*given[1:], user(20, "new@example.com", at=LATER)]).check(0)
    assert (again.outcomes, target.requests()) == ({"unchanged": 4}, [])
    assert again.summary["kept"] == {}
