"""Every endpoint that writes records: what becomes of an answer that is lost, or of a 503."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers, state
from zoho_target import LATER, SYSTEM, ZohoTarget

# How records get there, the endpoint, and whether its call may be repeated within the run.
WAYS: dict[str, tuple[str, str, bool]] = {
    "upsert": ("*/Accounts/upsert", "POST", True),
    "insert": ("^/crm/v8/Accounts$", "POST", True),
    "update": ("^/crm/v8/Accounts$", "PUT", False),
    "update one": ("^/crm/v8/Accounts/[0-9]+$", "PUT", False),
}


def settings_of(target: ZohoTarget, way: str) -> dict[str, Any]:
    if way == "insert":
        # Values of a further unique field: an upsert could overwrite the record that holds one.
        target.put("fields", {"module": "Accounts", "api_name": "VAT_Number", "unique": True})
        return {"stream_maps": target.map(VAT_Number="'V' + account_number")}
    return {"strict_locking": True} if way == "update one" else {}


@pytest.mark.parametrize(
    ("way", "times"),
    [("upsert", 1), ("upsert", 99), ("insert", 1), ("insert", 99), ("update", 1), ("update one", 1)],
)
def test_nothing_is_lost_and_nothing_is_there_twice(target: ZohoTarget, way: str, times: int) -> None:
    path, method, repeats = WAYS[way]
    target.config |= settings_of(target, way)
    changes = way.startswith("update")
    if changes:
        target.run(customers(range(5))).check(0)
    given = [*customers(range(5), **({"city": "Rome", "updated": LATER} if changes else {})), state({"k": 1})]
    lost = {"system": SYSTEM, "path": path, "method": method, "fault": "lost_response", "times": times}
    target.sandbox.control.faults(lost)
    run = target.run(given)
    assert target.sandbox.control.present_faults()[0]["fired"] >= 1
    ends = repeats and times == 1
    assert (run.exit_code, run.states) == ((0, [{"k": 1}]) if ends else (4, []))
    target.sandbox.control.faults({**lost, "fault": "status", "status": 503, "times": 1})
    for _ in range(3):
        if (run := target.run(given)).exit_code == 0:
            break
    target.sandbox.control.faults()
    assert run.check(0).states == [{"k": 1}]
    idle = target.run(given).check(0)
    assert (idle.outcomes, target.requests(writes_only=True)) == ({"unchanged": 5}, [])
    cities = [row["Billing_City"] for row in target.rows()]
    assert (cities, target.letters(), target.journal()) == (["Rome" if changes else "Berlin"] * 5, [], 0)


def test_a_create_without_any_key_is_never_repeated(target: ZohoTarget) -> None:
    target.config["source_key"] = {}
    target.sandbox.control.faults(
        {"system": SYSTEM, "path": "^/crm/v8/Accounts$", "method": "POST", "fault": "lost_response"}
    )
    assert target.run([customer(1), state({"k": 1})]).check(4).states == []
    run = target.run([customer(1), state({"k": 1})]).check(0)
    assert (run.outcomes, [letter.cause for letter in target.letters()]) == ({"rejected": 1}, ["unknown"])
    assert len(target.rows()) == 1
    # With a rung that finds it there is nothing to ask anybody.
    target.config["dedupe"] = {"Accounts": {"name": "Account_Name", "postal_code": "Billing_Code"}}
    target.config["stream_maps"] = target.map(Billing_Code="postal_code")
    target.sandbox.control.faults(
        {"system": SYSTEM, "path": "^/crm/v8/Accounts$", "method": "POST", "fault": "lost_response"}
    )
    assert target.run([customer(2, postal_code="10115")]).check(4).states == []
    run = target.run([customer(2, postal_code="10115")]).check(0)
    assert (run.outcomes, len(target.rows())) == ({"unchanged": 1}, 2)
