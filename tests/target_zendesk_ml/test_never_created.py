"""`_ml_create`: records and streams that write to an organization but never make one."""

from __future__ import annotations

from typing import Any

from singer_lines import customer, schema
from zendesk_target import MAPPING, SYSTEM, ZendeskTarget

BY_RECORD = {"stream_maps": {"customers": {**MAPPING, "_ml_create": "create"}}}
BY_STREAM = {
    "stream_maps": {
        "customers": MAPPING,
        "cities": {
            "__alias__": "organizations",
            "__key_properties__": ["external_id"],
            "external_id": "account_number",
            "organization_fields": "{'ebs_city': city}",
            "_ml_create": "False",
            "__else__": "__NULL__",
        },
    }
}


def city(number: int, name: str, **more: Any) -> dict[str, Any]:
    return customer(number, city=name, stream="cities", **more)


def test_a_record_that_may_not_be_created_is_ignored(target: ZendeskTarget) -> None:
    run = target.run([customer(1, create=False), customer(2, create=True)], **BY_RECORD).check(0)
    assert run.outcomes == {"created": 1, "ignored": 1}
    assert list(target.organizations) == ["A2"]
    assert target.letters() == []
    again = target.run([customer(1, create=False)], **BY_RECORD).check(0)
    assert again.outcomes == {"unchanged": 1}


def test_a_record_that_may_not_be_created_is_linked_where_zendesk_has_it(target: ZendeskTarget) -> None:
    rows = [{"name": "Customer 1", "external_id": "A1"}]
    target.sandbox.control.put_rows(SYSTEM, "organizations", rows)
    run = target.run([customer(1, create=False, city="Paris")], **BY_RECORD).check(0)
    assert run.outcomes == {"updated": 1}
    assert target.organizations["A1"]["organization_fields"]["ebs_city"] == "Paris"


def test_a_stream_that_never_creates_waits_for_the_one_that_does(target: ZendeskTarget) -> None:
    cities = schema("cities")
    run = target.run([cities, city(1, "Rome"), customer(1)], **BY_STREAM).check(0)
    assert run.outcomes == {"created": 1, "updated": 1}
    late = target.run([cities, city(2, "Rome")], **BY_STREAM).check(0)
    assert set(late.outcomes) == {"rejected"}
    assert [letter.cause for letter in target.letters()] == ["waiting"]


def test_a_stream_that_never_creates_may_leave_single_records_alone(target: ZendeskTarget) -> None:
    by_stream = BY_STREAM["stream_maps"]
    cities = {**by_stream["cities"], "_ml_create": "None if city == 'Rome' else False"}
    maps = {"stream_maps": {**by_stream, "cities": cities}}
    run = target.run([schema("cities"), city(1, "Rome"), city(2, "Bonn")], **maps).check(0)
    assert run.outcomes == {"ignored": 1, "rejected": 1}
    assert [(letter.raw_key, letter.cause) for letter in target.letters()] == [("2", "waiting")]


def test_a_stream_that_never_creates_pairs_none(target: ZendeskTarget) -> None:
    """Else its records would decide when the pair ends."""
    rows = [{"name": "Customer 1", "external_id": "A1"}]
    target.sandbox.control.put_rows(SYSTEM, "organizations", rows)
    by_stream = BY_STREAM["stream_maps"]
    cities = {**by_stream["cities"], "_ml_create": "None if city == 'Rome' else False"}
    customers = {**by_stream["customers"], "_ml_create": "create", "organization_fields": None}
    maps = {"stream_maps": {"customers": customers, "cities": cities}}
    run = target.run([schema("cities"), city(1, "Rome")], **maps).check(0)
    assert (run.outcomes, target.sent_rows()) == ({"ignored": 1}, [])
    both = [schema("cities"), city(1, "Rome", notes="n"), customer(1, create=False)]
    run = target.run(both, **maps).check(0)
    assert run.outcomes == {"unchanged": 1, "updated": 1}
    assert target.organizations["A1"]["organization_fields"]["ebs_city"] == "Rome"
