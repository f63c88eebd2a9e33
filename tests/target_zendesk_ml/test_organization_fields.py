"""Definitions of organization fields, and the values that they permit."""

from typing import Any

from singer_lines import customer, schema
from zendesk_target import CITY, MAPPING, ZendeskTarget

OPTIONS = [{"name": "Gold", "value": "gold"}, {"name": "Silver", "value": "silver"}]
TIER = {"key": "tier", "title": "Tier", "type": "dropdown", "custom_field_options": OPTIONS}


def put_field(target: ZendeskTarget, **definition: Any) -> None:
    target.sandbox.control.put_rows("zendesk", "organization_fields", [definition])


def fields(target: ZendeskTarget) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in target.sandbox.control.rows("zendesk", "organization_fields")}


def mapped(expression: str) -> dict[str, Any]:
    return {"customers": {**MAPPING, "organization_fields": expression}}


def test_absent_fields_are_created_once_and_only_those_that_are_mapped(target: ZendeskTarget) -> None:
    wanted = [CITY, TIER, {"key": "unused", "type": "text"}]
    maps = mapped("{'ebs_city': city, 'tier': notes}")
    run = target.run([customer(1, notes="gold")], organization_fields=wanted, stream_maps=maps).check(0)
    assert run.outcomes == {"created": 1}
    assert set(fields(target)) == {"ebs_city", "tier"}
    assert [option["value"] for option in fields(target)["tier"]["custom_field_options"]] == [
        "gold",
        "silver",
    ]
    again = target.run([customer(1, notes="gold")], organization_fields=wanted, stream_maps=maps).check(0)
    assert (again.outcomes, target.calls()) == ({"unchanged": 1}, [])


def test_a_field_of_another_type_stops_the_run(target: ZendeskTarget) -> None:
    put_field(target, key="ebs_city", title="City", type="integer")
    run = target.run([customer(1)]).check(5)
    assert "ebs_city is of type integer in Zendesk, text in the settings" in run.errors
    assert "use another key" in run.errors
    assert (target.calls(), run.states) == ([], [])


def test_options_are_added_without_losing_any(target: ZendeskTarget) -> None:
    bronze = {"name": "Bronze", "value": "bronze"}
    put_field(target, **{**TIER, "custom_field_options": [bronze]})
    before = fields(target)["tier"]["custom_field_options"][0]
    target.sandbox.control.put_rows(
        "zendesk", "organizations", [{"name": "Old", "organization_fields": {"tier": "bronze"}}]
    )
    maps = mapped("{'tier': notes}")
    target.run([customer(1, notes="gold")], organization_fields=[TIER], stream_maps=maps).check(0)
    options = fields(target)["tier"]["custom_field_options"]
    assert {option["value"] for option in options} == {"bronze", "gold", "silver"}
    assert before in options, "the option kept its id"
    assert target.organizations["Old"]["organization_fields"] == {"tier": "bronze"}
    assert target.organizations["A1"]["organization_fields"] == {"tier": "gold"}


def test_a_value_that_is_no_option_is_a_letter_that_names_the_field(target: ZendeskTarget) -> None:
    maps = mapped("{'tier': notes}")
    records = [customer(1, notes="gold"), customer(2, notes="platinum"), customer(3, notes=None)]
    run = target.run(records, organization_fields=[TIER], stream_maps=maps).check(0)
    assert run.outcomes == {"created": 2, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.identity, letter.field) == ("A2", "organization_fields.tier")
    assert "gold" in letter.reason


def test_an_unknown_field_is_refused_with_the_known_ones(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "organization_fields": "{'colour': city}", "shoe_size": "city"}}
    run = target.run([customer(1)], organization_fields=None, stream_maps=maps).check(5)
    assert "organizations has no field organization_fields.colour, shoe_size" in run.errors
    for known in ("external_id", "name", "domain_names", "tags"):
        assert known in run.errors
    assert target.calls() == []


def test_an_unknown_stream_is_refused_with_the_known_objects(target: ZendeskTarget) -> None:
    run = target.raw([schema("orders"), schema("customers")]).check(5)
    assert "Stream orders goes to orders, which target-zendesk-ml does not know" in run.errors
    assert "Known objects: agents, organization_memberships, organizations" in run.errors
    assert target.requests() == []


def test_a_stream_that_is_mapped_to_null_is_dropped(target: ZendeskTarget) -> None:
    maps = {**target.config["stream_maps"], "orders": None}
    orders = {"type": "RECORD", "stream": "orders", "record": {"id": 5}}
    run = target.raw([schema("orders"), orders, schema(), customer(1)], stream_maps=maps).check(0)
    assert run.outcomes == {"created": 1}
    assert (run.summary["read"], run.summary["filtered"]) == (2, 1)


def test_dates_and_numbers_are_compared_as_the_vendor_keeps_them(target: ZendeskTarget) -> None:
    wanted = [
        {"key": "since", "type": "date"},
        {"key": "limit", "type": "decimal"},
        {"key": "active", "type": "checkbox"},
    ]
    maps = mapped("{'since': updated, 'limit': float(id) * 1.5, 'active': create}")
    settings = {"organization_fields": wanted, "stream_maps": maps}
    run = target.run([customer(3, create=True)], **settings).check(0)
    assert run.outcomes == {"created": 1}
    stored = target.organizations["A3"]["organization_fields"]
    assert str(stored["since"]).startswith("2026-11-20")
    assert (float(stored["limit"]), stored["active"]) == (4.5, True)
    for file in (target.folder / "home").glob("ledger.db*"):
        file.unlink()
    assert target.run([customer(3, create=True)], **settings).check(0).outcomes == {"unchanged": 1}
