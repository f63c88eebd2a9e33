"""A write of ours is never taken for a change of theirs: after any exchange two idle rounds make 0 writes."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import Message, customer
from zendesk_target import MAPPING, ZendeskTarget

MAPS = {"customers": {**MAPPING, "tags": "tags", "details": "notes"}}
T0, T1, T2 = "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-21T01:00:00Z"


def version(name: str, updated: str, **fields: Any) -> list[Message]:
    return [customer(1, name=name, updated=updated, **fields)]


@pytest.mark.parametrize("policy", ["hold", "newest", "ebs", "zendesk"])
def test_what_the_vendor_made_of_our_value_is_no_change_of_theirs(target: ZendeskTarget, policy: str) -> None:
    """Guard: the target's snapshot takes the value in the form in which the vendor stores it.

    The vendor trims names and lowers tags. Under every policy the second change goes through, since nobody
    else changed anything.
    """
    settings: dict[str, Any] = {"two_way": True, "stream_maps": MAPS, "policies": {"default": policy}}
    first = version("  Acme  ", T0, tags=["Key Account"], notes="one")
    second = version("  Acme Ltd  ", T1, tags=["Key Account", "B C"], notes="one")
    assert target.run(first, **settings).check(0).outcomes == {"created": 1}
    run = target.run(second, **settings).check(0)
    assert run.outcomes == {"updated": 1}
    row = target.organizations["A1"]
    assert (row["name"], set(row["tags"])) == ("Acme Ltd", {"key_account", "b_c"})
    assert target.letters() == []
    for updated in (T1, T2):  # the second round comes with a newer time and nothing else
        idle = version("  Acme Ltd  ", updated, tags=["Key Account", "B C"], notes="one")
        target.run(idle, **settings).check(0)
        assert target.calls() == []


def test_a_change_of_theirs_in_between_is_kept_and_seen(target: ZendeskTarget) -> None:
    """Guard: the target's snapshot is what it was known to hold, so that their change shows against it."""
    settings: dict[str, Any] = {"two_way": True, "stream_maps": MAPS, "policies": {"default": "zendesk"}}
    target.run(version("Acme", T0, notes="one"), **settings).check(0)
    row = target.organizations["A1"]
    target.sandbox.control.put_rows("zendesk", "organizations", [{"id": row["id"], "name": "Theirs"}])
    target.run(version("Ours", T1, notes="two"), **settings).check(0)
    row = target.organizations["A1"]
    assert (row["name"], row["details"]) == ("Theirs", "two")
    for _ in range(2):
        target.run(version("Ours", T1, notes="two"), **settings).check(0)
        assert target.calls() == []
