"""`strict_locking`: nobody's change is overwritten unseen, also not one that comes right before the write."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from singer_lines import customer, customers
from zoho_target import LATER, SYSTEM, ZohoTarget

ONE = "^/crm/v8/Accounts/[0-9]+$"


def edits_before_the_write(target: ZohoTarget, **values: Any) -> Callable[[int], None]:
    """Change the record while the vendor holds up the write that was merged with it as it was before."""
    target.sandbox.control.faults({"system": SYSTEM, "path": ONE, "fault": "latency", "seconds": 2})

    def edit(process: int) -> None:
        end = time.monotonic() + 30
        while "PUT" not in {request["method"] for request in target.requests()} and time.monotonic() < end:
            time.sleep(0.005)
        target.sandbox.control.jump(2)
        target.put("Accounts", {"id": target.rows()[0]["id"], **values})

    return edit


@pytest.fixture
def locked(target: ZohoTarget) -> ZohoTarget:
    target.config |= {"strict_locking": True, "two_way": True, "stream_maps": target.map(Phone="phone")}
    target.run([customer(1, phone="1")]).check(0)
    return target


@pytest.mark.parametrize(
    ("policy", "theirs", "outcome", "city", "writes"),
    [
        ("source", {"Phone": "2"}, "updated", "Rome", 2),
        ("source", {"Billing_City": "Oslo"}, "updated", "Rome", 2),
        ("zoho", {"Billing_City": "Oslo"}, "unchanged", "Oslo", 1),
        ("hold", {"Billing_City": "Oslo"}, "held", "Oslo", 1),
    ],
)
def test_a_change_in_between_is_merged(
    locked: ZohoTarget, policy: str, theirs: dict[str, str], outcome: str, city: str, writes: int
) -> None:
    edit = edits_before_the_write(locked, **theirs)
    policies = {"default": "jde" if policy == "source" else policy}
    run = locked.run_and(edit, [customer(1, phone="1", city="Rome", updated=LATER)], policies=policies)
    assert run.check(0).outcomes == {outcome: 1}
    (row,) = locked.rows()
    assert (row["Billing_City"], row["Phone"]) == (city, theirs.get("Phone", "1"))
    assert [request["method"] for request in locked.requests(writes_only=True)] == ["PUT"] * writes


def test_a_record_that_never_rests_becomes_a_letter(locked: ZohoTarget) -> None:
    body = {"data": [{"code": "ALREADY_MODIFIED", "status": "error", "message": "changed", "details": {}}]}
    restless = {"system": SYSTEM, "path": ONE, "fault": "status", "status": 412, "body": body, "times": None}
    locked.sandbox.control.faults(restless)
    run = locked.run([customer(1, phone="1", city="Rome", updated=LATER)]).check(0)
    assert run.outcomes == {"rejected": 1}
    assert len(locked.requests(writes_only=True)) == 3
    assert [letter.cause for letter in locked.letters()] == ["conflict_at_vendor"]


def test_one_way_the_time_is_read_before_the_write(locked: ZohoTarget) -> None:
    locked.config["two_way"] = False
    locked.run(customers([2, 3], phone="1")).check(0)
    edit = edits_before_the_write(locked, Phone="2")
    run = locked.run_and(edit, [customer(1, phone="1", city="Rome", updated=LATER)]).check(0)
    assert (run.outcomes, run.summary["credits"]["by_call"]["update"]) == ({"updated": 1}, 2)
    row = locked.accounts["A1"]
    assert (row["Billing_City"], row["Phone"]) == ("Rome", "2")
