"""What `stream_maps` do to records: fan-out, filters, flags, changes of the mapping itself."""

from __future__ import annotations

from typing import Any

from singer_lines import customer, customers, record, schema, state
from zendesk_target import MAPPING, ZendeskTarget

LATER = "2026-11-21T00:00:00Z"


def balanced(summary: dict[str, Any]) -> bool:
    return bool(summary["read"] == sum(summary["outcomes"].values()) + summary["filtered"])


def test_a_record_that_goes_two_ways_counts_twice(target: ZendeskTarget) -> None:
    branch = {
        **MAPPING,
        "__source__": "customers",
        "external_id": "'B-' + account_number",
        "name": "name + ' (B)'",
    }
    del branch["__alias__"]
    maps = {"customers": MAPPING, "organizations": branch}
    run = target.run([*customers(range(3)), state({"k": 1})], stream_maps=maps).check(0)
    assert (run.summary["read"], run.outcomes, run.states) == (6, {"created": 6}, [{"k": 1}])
    assert set(target.organizations) == {"A0", "A1", "A2", "B-A0", "B-A1", "B-A2"}
    assert target.run(customers(range(3)), stream_maps=maps).check(0).outcomes == {"unchanged": 6}
    assert target.calls() == []


def test_filtered_records_are_counted(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "__filter__": "city == 'Berlin'"}}
    records = [*customers(range(3)), *customers(range(3, 5), city="Paris")]
    run = target.run([*records, state({"k": 1})], stream_maps=maps).check(0)
    assert (run.outcomes, run.summary["filtered"], run.states) == ({"created": 3}, 2, [{"k": 1}])
    assert balanced(run.summary)


def test_a_top_level_else_drops_the_streams_that_are_not_named(target: ZendeskTarget) -> None:
    maps = {"customers": MAPPING, "__else__": "__NULL__"}
    other = [schema("orders"), customer(7, stream="orders")]
    run = target.run([*other, customer(1), state({"k": 1})], stream_maps=maps).check(0)
    assert (run.outcomes, run.summary["filtered"], run.states) == ({"created": 1}, 1, [{"k": 1}])
    assert target.run([*other, customer(1)], stream_maps=maps).check(0).outcomes == {"unchanged": 1}


def test_the_mapping_may_reject_and_never_create(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "_ml_create": "bool(create)", "_ml_reject": "reject"}}
    records = [
        customer(1, create=True, reject=None),
        customer(2, create=False, reject=None),
        customer(3, create=True, reject="no address"),
    ]
    run = target.run(records, stream_maps=maps).check(0)
    assert run.outcomes == {"created": 1, "ignored": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.identity, letter.cause) == ("A3", "mapping")
    assert "no address" in letter.reason
    assert set(target.organizations) == {"A1"}


def test_a_record_of_another_stream_waits_for_the_one_that_creates(target: ZendeskTarget) -> None:
    summaries = {
        "__alias__": "organizations",
        "__key_properties__": ["external_id"],
        "external_id": "account_number",
        "notes": "notes",
        "_ml_create": "False",
        "__else__": "__NULL__",
    }
    maps = {"customers": MAPPING, "summaries": summaries}
    early = customer(1, stream="summaries", notes="42 orders")
    run = target.run([schema("summaries"), early, customer(1), state({"k": 1})], stream_maps=maps).check(0)
    assert (run.outcomes, run.states) == ({"created": 1, "updated": 1}, [{"k": 1}])
    assert target.organizations["A1"]["notes"] == "42 orders"
    again = target.run([schema("summaries"), early, customer(1)], stream_maps=maps).check(0)
    assert (again.outcomes, target.calls()) == ({"unchanged": 2}, [])


def test_a_waiting_letter_is_retried_by_the_target_itself(target: ZendeskTarget) -> None:
    waiting = {"customers": {**MAPPING, "_ml_create": "False"}}
    assert target.run([customer(1)], stream_maps=waiting).check(0).outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["waiting"]
    parent = customer(1, stream="buyers", city="Bonn")
    run = target.run([schema("buyers"), parent], stream_maps={**waiting, "buyers": MAPPING}).check(0)
    assert target.letters() == []
    assert run.outcomes["created"] == 1
    assert (run.summary["read"], balanced(run.summary)) == (2, True)


def test_deletes_are_ignored_or_flag_the_link(target: ZendeskTarget) -> None:
    target.run([customer(1)]).check(0)
    gone = record(
        {"id": 1, "account_number": "A1", "_sdc_deleted_at": "2026-11-21T00:00:00Z", "updated": LATER}
    )
    assert target.run([gone]).check(0).outcomes == {"ignored": 1}
    assert "A1" in target.organizations
    later = record(
        {
            "id": 1,
            "account_number": "A1",
            "_sdc_deleted_at": "2026-11-21T01:00:00Z",
            "updated": "2026-11-21T01:00:00Z",
        }
    )
    assert target.run([later], on_delete="flag").check(0).outcomes == {"deleted": 1}
    assert (target.calls(), "A1" in target.organizations) == ([], True)
    back = customer(1, city="Paris", updated="2026-11-21T02:00:00Z")
    assert target.run([back], on_delete="flag").check(0).outcomes == {"ignored": 1}
    anew = customer(1, city="Rome", updated="2026-11-21T03:00:00Z")
    assert target.run([anew], on_missing="recreate").check(0).outcomes == {"updated": 1}


def test_a_changed_mapping_is_said_and_applies_from_the_next_change_or_at_once(target: ZendeskTarget) -> None:
    target.run(customers(range(3))).check(0)
    maps = {"customers": {**MAPPING, "notes": "'City: ' + city"}}
    run = target.run(customers(range(3)), stream_maps=maps).check(0)
    assert run.outcomes == {"unchanged": 3}
    (warning,) = run.summary["warnings"]
    assert "changed (notes)" in warning
    assert "remap" in warning
    assert target.run(customers(range(3)), stream_maps=maps).check(0).summary["warnings"] == []

    moved = customer(1, city="Paris", updated=LATER)
    assert target.run([moved], stream_maps=maps).check(0).outcomes == {"updated": 1}
    assert target.organizations["A1"]["notes"] == "City: Paris"
    run = target.run([customer(0), moved, customer(2)], stream_maps=maps, remap=True).check(0)
    assert run.outcomes["updated"] == 2
    assert {row["notes"] for row in target.organizations.values()} == {"City: Berlin", "City: Paris"}
    assert all(set(row) == {"id", "notes"} for row in target.sent_rows())


def test_a_field_that_the_source_did_not_change_is_not_written(target: ZendeskTarget) -> None:
    target.run([customer(1)]).check(0)
    row = target.organizations["A1"]
    target.sandbox.control.put_rows("zendesk", "organizations", [{"id": row["id"], "name": "By an agent"}])
    touched = customer(1, notes="not mapped", updated=LATER)
    assert target.run([touched]).check(0).outcomes == {"unchanged": 1}
    assert target.run([customer(1, city="Paris", updated="2026-11-21T01:00:00Z")]).check(0).outcomes == {
        "updated": 1
    }
    assert target.organizations["A1"]["name"] == "By an agent"


def test_the_summary_is_one_json_line_that_balances(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "__filter__": "city != 'Nowhere'"}}
    target.run([customer(1), customer(2)], stream_maps=maps).check(0)
    records = [
        customer(1),
        customer(2, city="Paris", updated=LATER),
        customer(3),
        customer(3),
        customer(4, name=4),
        customer(5, city="Nowhere"),
    ]
    summary = target.run(records, stream_maps=maps).check(0).summary
    wanted = {"unchanged": 1, "updated": 1, "created": 1, "superseded": 1, "rejected": 1}
    assert {name: count for name, count in summary["outcomes"].items() if count} == wanted
    assert (summary["read"], summary["filtered"], summary["new_letters"]) == (6, 1, 1)
    assert balanced(summary)
    assert {"integration", "run", "seconds", "bookmark", "requests", "quota", "exit_code"} <= summary.keys()


def test_a_letter_goes_back_the_way_it_came(target: ZendeskTarget) -> None:
    """One record went two ways; the letter of one of them is replayed without touching the other."""
    branch = {**MAPPING, "__source__": "customers", "external_id": "'B-' + account_number", "name": "notes"}
    del branch["__alias__"]
    maps = {"customers": MAPPING, "organizations": branch}
    assert target.run([customer(1, notes=None)], stream_maps=maps).check(0).outcomes == {
        "created": 1,
        "rejected": 1,
    }
    (letter,) = target.letters()
    assert letter.identity == "B-A1"
    overlay = {"id": letter.id, "overlay": {"name": "Mended"}}
    run = target.run([customer(1, notes=None, _ml_letter=overlay)], stream_maps=maps).check(0)
    assert (run.summary["read"], run.outcomes) == (1, {"created": 1})
    names = {key: row["name"] for key, row in target.organizations.items()}
    assert names == {"A1": "Customer 1", "B-A1": "Mended"}
    assert target.letters() == []
