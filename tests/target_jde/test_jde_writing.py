"""New and changed customers: created, changed, left; refusals; required inputs."""

from __future__ import annotations

import pytest
from jde_target import MAPPING, JdeTarget
from singer_lines import customer, customers, state

LATER = "2026-11-21T00:00:00Z"


def test_created_changed_and_left(target: JdeTarget) -> None:
    run = target.run([*customers(range(3)), state({"k": 1})]).check(0)
    assert (run.outcomes, run.states) == ({"created": 3}, [{"k": 1}])
    assert {key: row["ALPH"] for key, row in target.by_key().items()} == {
        f"A{n}": f"Customer {n}" for n in range(3)
    }
    assert {row["CTY1"] for row in target.rows("F0116")} == {"Berlin"}
    assert [row["CO"] for row in target.rows("F03012")] == ["00000"] * 3
    assert target.run([*customers(range(3))]).check(0).outcomes == {"unchanged": 3}
    assert target.calls() == []
    changed = [customer(1, city="Paris", updated=LATER), customer(2)]
    assert target.run(changed).check(0).outcomes == {"updated": 1, "unchanged": 1}
    number = target.by_key()["A1"]["AN8"]
    assert target.bodies() == [{"Address Number": str(number), "City": "Paris", "Company": "00000"}]
    assert target.by_key("F0116")["A1"]["CTY1"] == "Paris"
