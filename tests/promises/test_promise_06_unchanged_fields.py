"""A field that the source did not change is not written."""

from __future__ import annotations

import pytest
from singer_lines import customer
from zendesk_target import MAPPING, ZendeskTarget

MAPS = {"stream_maps": {"customers": {**MAPPING, "details": "notes", "notes": "'Seat: ' + city"}}}
LATER = "2026-11-21T00:00:00Z"


@pytest.mark.parametrize("two_way", [False, True])
def test_only_what_names_a_changed_source_field_is_sent(target: ZendeskTarget, two_way: bool) -> None:
    """Guard: `Merger.touched` keeps the fields whose expression names a changed source field."""
    target.config["two_way"] = two_way
    target.run([customer(1, notes="n")], **MAPS).check(0)
    row = target.organizations["A1"]
    agents = {"id": row["id"], "name": "Renamed", "details": "Rewritten", "notes": "Overwritten by an agent"}
    target.sandbox.control.put_rows("zendesk", "organizations", [agents])

    assert target.run([customer(1, notes="n", updated=LATER)], **MAPS).check(0).outcomes == {"unchanged": 1}
    assert target.calls() == []

    moved = customer(1, notes="n", city="Paris", updated="2026-11-21T01:00:00Z")
    assert target.run([moved], **MAPS).check(0).outcomes == {"updated": 1}
    (sent,) = target.sent_rows()
    assert set(sent) == {"id", "notes", "organization_fields"}
    row = target.organizations["A1"]
    assert (row["name"], row["details"], row["notes"]) == ("Renamed", "Rewritten", "Seat: Paris")


def test_a_value_that_comes_back_the_same_is_not_sent(target: ZendeskTarget) -> None:
    """Guard: the comparison of the intended value with what the target is known to hold."""
    maps = {"stream_maps": {"customers": {**MAPPING, "details": "notes.lower()"}}}
    target.run([customer(1, notes="Same")], **maps).check(0)
    assert target.run([customer(1, notes="SAME", updated=LATER)], **maps).check(0).outcomes == {
        "unchanged": 1
    }
    assert target.calls() == []
