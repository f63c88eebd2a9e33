"""Whatever comes in ends in a clear error or in a letter, and what came before it is settled."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers, lines, record, schema, state
from zendesk_target import MAPPING, ZendeskTarget

GOOD = [*customers(range(3)), state({"good": 3})]

# What the line is, the exit code, and what the message says.
FATAL: dict[str, tuple[Any, int, str]] = {
    "no JSON": (b"Traceback of some tap, secret=hunter2", 1, "Line 6 (37 bytes) is not JSON"),
    "not UTF-8": (b'{"type": "STATE", "value": "\xff\xfe"}', 1, "is not JSON"),
    "a list": ("[1, 2]", 1, "is not a Singer message: it has no type"),
    "no type": ('{"stream": "customers"}', 1, "is not a Singer message: it has no type"),
    "an unknown type": ({"type": "REKORD"}, 1, "unknown message type 'REKORD'"),
    "not a number": ('{"type": "RECORD", "stream": "customers", "record": {"id": NaN}}', 1, "is not JSON"),
    "too deep": ("[" * 100_000, 1, "is not JSON"),
    "before its schema": (
        customer(9, stream="orders"),
        1,
        "a record of stream orders came before its SCHEMA",
    ),
    "no record": ({"type": "RECORD", "stream": "customers", "record": None}, 1, "needs stream and record"),
    "no stream": ({"type": "RECORD", "record": {"id": 1}}, 1, "needs stream and record"),
    "no letter": (customer(9, _ml_letter="7"), 1, "_ml_letter is no reference to a letter"),
    "no overlay": (customer(9, _ml_letter={"id": 7, "overlay": [1]}), 1, "_ml_letter is no reference"),
    "no state": ({"type": "STATE"}, 1, "a STATE needs a value"),
    "no properties": (
        {"type": "SCHEMA", "stream": "customers", "schema": {}, "key_properties": ["id"]},
        1,
        "needs stream, schema and schema.properties",
    ),
    "no key": (record({"account_number": "A9", "name": "Nine"}), 5, "has no value for its key id"),
    "a blank key": (customer(9, id=""), 5, "has no value for its key id"),
    "no mapped key": (customer(9, account_number=None), 5, "has no value for its key external_id"),
    "a batch": (
        {"type": "BATCH", "stream": "customers", "encoding": {"format": "jsonl"}, "manifest": []},
        5,
        "BATCH messages are not taken",
    ),
}


@pytest.mark.parametrize("case", FATAL)
def test_a_line_that_ends_the_run(target: ZendeskTarget, case: str) -> None:
    line, code, message = FATAL[case]
    run = target.run([*GOOD, line, *customers(range(10, 12)), state({"late": 5})]).check(code)
    assert message in run.errors
    assert "hunter2" not in run.errors, "the content of a line is never shown"
    if code == 1:
        assert set(target.organizations) == {"A0", "A1", "A2"}, "what came before is settled"
        assert run.states == [{"good": 3}]
        assert run.outcomes == {"created": 3}
    assert {"late": 5} not in run.states
    assert run.summary["exit_code"] == code


def test_a_cut_last_line(target: ZendeskTarget) -> None:
    whole = lines([schema(), *GOOD])
    run = target.feed(whole + b'{"type": "RECORD", "stream": "customers", "record": {"id": 4, "na').check(1)
    assert "Line 6 (65 bytes) has no end" in run.errors
    assert '"na' not in run.errors
    assert (run.outcomes, run.states) == ({"created": 3}, [{"good": 3}])


def test_empty_input_and_empty_lines(target: ZendeskTarget) -> None:
    run = target.feed(b"").check(0)
    assert (run.states, run.summary["read"], target.requests()) == ([], 0, [])
    run = target.feed(b"\n   \n" + lines([schema(), "", *GOOD, "\t"])).check(0)
    assert (run.outcomes, run.states) == ({"created": 3}, [{"good": 3}])


def test_a_schema_without_any_key_is_refused(target: ZendeskTarget) -> None:
    maps = {"customers": {"__alias__": "organizations", "name": "name", "__else__": "__NULL__"}}
    run = target.raw([schema(keys=())], stream_maps=maps).check(5)
    assert "Stream customers has no key" in run.errors
    assert "key_properties" in run.errors


def test_a_wrong_mapping_is_a_fault_of_the_set_up(target: ZendeskTarget) -> None:
    broken = {"customers": {**MAPPING, "name": "name +"}}
    run = target.run(GOOD, stream_maps=broken).check(5)
    assert "stream_maps" in run.errors
    unknown = {"customers": {**MAPPING, "__key_properties__": ["no_such_field"]}}
    assert "no_such_field" in target.run(GOOD, stream_maps=unknown).check(5).errors


def test_wrong_types_are_letters_that_name_the_field(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "notes": "notes", "tags": "tags"}}
    records = [
        customer(1),
        customer(2, name=None),
        customer(3, name=17),
        customer(4, tags="not a list"),
        customer(5, notes={"a": 1}),
        customer(6, name=["a"]),
        customer(7, city=5.25),
    ]
    run = target.run([*records, state({"k": 1})], stream_maps=maps).check(0)
    letters = {letter.identity: letter for letter in target.letters()}
    assert {key: letter.field for key, letter in letters.items()} == {
        "A2": "name",
        "A3": "name",
        "A4": "tags",
        "A5": "notes",
        "A6": "name",
        "A7": "organization_fields.ebs_city",
    }
    assert all(letter.cause == "invalid" for letter in letters.values())
    assert (run.outcomes, run.states) == ({"created": 1, "rejected": 6}, [{"k": 1}])
    assert letters["A3"].raw["name"] == 17, "the letter keeps the record as it came"


def test_values_of_every_size_and_alphabet(target: ZendeskTarget) -> None:
    ids = [2**31, 2**53 + 1, 2**63 - 1, 2**64 - 1, 2**64, 10**40, -(2**70)]
    records = [customer(number, account_number=str(number)) for number in ids]
    odd = [
        "Ünïcode \U0001f680 Ltd",
        "日本株式会社",
        "a\u0000b",
        "tab\tand\nline",
        '"quoted", comma',
        "\u202eright",
    ]
    records += [customer(100 + number, name=name) for number, name in enumerate(odd)]
    records += [customer(200, city="x" * 60_000), customer(201, name="n" * 70_000)]
    run = target.run([*records, state({"id": 10**40, "share": 0.1})]).check(0)
    created = run.outcomes["created"]
    assert created + run.outcomes.get("rejected", 0) == len(records)
    assert run.states == [{"id": 10**40, "share": 0.1}]
    held = target.organizations
    assert {str(number) for number in ids} <= set(held)
    assert held["A100"]["name"] == odd[0]
    again = target.run(records).check(0)
    assert again.outcomes.get("unchanged") == created
    assert target.calls() == []


def test_a_field_that_the_object_lacks_is_a_letter(target: ZendeskTarget) -> None:
    maps = {"customers": {"__alias__": "organizations", "__key_properties__": ["external_id"]}}
    properties = {"id": {"type": "integer"}, "external_id": {"type": "string"}, "name": {"type": "string"}}
    records = [
        record({"id": 1, "external_id": "A1", "name": "One"}),
        record({"id": 2, "external_id": "A2", "name": "Two", "surprise": 5}),
    ]
    # The key `id` only names the record; `surprise` is not in the SCHEMA, so it is seen with the record.
    run = target.raw([schema(properties=properties, bookmark=None), *records], stream_maps=maps).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.identity, letter.field) == ("A2", "surprise")


def test_what_a_record_lacks_is_not_written(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "notes": "notes", "organization_fields": "{'ebs_city': city.upper()}"}}
    target.run([customer(1, notes="first")], stream_maps=maps).check(0)
    sparse = record({"id": 1, "account_number": "A1", "notes": "second", "updated": "2026-11-21T00:00:00Z"})
    assert target.run([sparse], stream_maps=maps).check(0).outcomes == {"updated": 1}
    assert [set(row) for row in target.sent_rows()] == [{"id", "notes"}]
    row = target.organizations["A1"]
    assert (row["name"], row["organization_fields"]) == ("Customer 1", {"ebs_city": "BERLIN"})


def test_an_expression_that_fails_on_one_record_is_a_letter(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "name": "name.upper()", "notes": "str(10 / int(notes))"}}
    records = [
        customer(1, notes="5"),
        customer(2, notes="0"),
        customer(3, notes=None),
        customer(4, notes="x"),
    ]
    run = target.run([*records, state({"k": 1})], stream_maps=maps).check(0)
    assert (run.outcomes, run.states) == ({"created": 1, "rejected": 3}, [{"k": 1}])
    reasons = {letter.raw["id"]: letter.reason for letter in target.letters()}
    assert "ZeroDivisionError" in reasons[2]
    assert all("stream_maps" in reason for reason in reasons.values())


def test_duplicate_keys_in_a_batch(target: ZendeskTarget) -> None:
    records = [customer(1, city="A"), customer(1, city="B"), customer(1, city="B"), customer(2)]
    run = target.run([*records, state({"k": 1})]).check(0)
    assert run.outcomes == {"created": 2, "superseded": 2}
    assert target.organizations["A1"]["organization_fields"] == {"ebs_city": "B"}


def test_a_letter_is_written_once_and_closed_by_a_newer_version(target: ZendeskTarget) -> None:
    wrong = customer(1, name=5)
    assert target.run([wrong]).check(0).summary["new_letters"] == 1
    again = target.run([wrong]).check(0)
    assert (again.outcomes, again.summary["new_letters"]) == ({"rejected": 1}, 0)
    assert target.calls(writes_only=False) == ["GET organization_fields"]
    mended = customer(1, updated="2026-11-21T00:00:00Z")
    assert target.run([mended]).check(0).outcomes == {"created": 1}
    assert target.letters() == []
    assert [letter.closed_as for letter in target.letters(only_open=False)] == ["superseded"]


def test_too_many_rejected_stop_the_run(target: ZendeskTarget) -> None:
    wrong = [customer(number, name=number) for number in range(5)]
    run = target.run([*wrong, state({"k": 1})], max_rejected=3).check(3)
    assert "5 records were newly rejected; max_rejected allows 3" in run.errors
    assert run.summary["exit_code"] == 3
    again = target.run([*wrong, state({"k": 1})], max_rejected=3).check(0)
    assert (again.outcomes, again.states) == ({"rejected": 5}, [{"k": 1}])
    few = [*customers(range(100, 196)), *(customer(n, name=n) for n in range(200, 204)), state({"k": 2})]
    assert target.run(few, max_rejected=0.05).check(0).outcomes == {"created": 96, "rejected": 4}
