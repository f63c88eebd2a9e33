"""Created by upsert on the source key, changed by id, left alone when nothing changed."""

from __future__ import annotations

from singer_lines import customer, customers, state
from zoho_target import LATER, NUMBER, ZohoTarget


def test_created_unchanged_changed(target: ZohoTarget) -> None:
    run = target.run([*customers(range(250)), state({"k": 1})]).check(0)
    assert (run.outcomes, run.states) == ({"created": 250}, [{"k": 1}])
    assert target.calls() == ["POST upsert"] * 3
    body = target.requests(writes_only=True)[0]["body"]
    assert (len(body["data"]), body["trigger"], body["duplicate_check_fields"]) == (100, [], [NUMBER])
    assert target.accounts["A7"]["Billing_City"] == "Berlin"
    assert target.run([*customers(range(250))]).check(0).outcomes == {"unchanged": 250}
    assert target.requests(writes_only=True) == []
    run = target.run([customer(7, city="Paris", updated=LATER), *customers(range(8, 20))]).check(0)
    assert run.outcomes == {"updated": 1, "unchanged": 12}
    assert target.sent() == [{"id": target.accounts["A7"]["id"], "Billing_City": "Paris"}]
    assert target.calls() == ["PUT Accounts"]
