"""New and changed customers: created, changed, left; refused; with what an orchestration requires."""

from __future__ import annotations

from typing import Any

import pytest
from jde_target import MAPPING, JdeTarget
from singer_lines import customer, customers, state

LATER = "2026-11-21T00:00:00Z"
EVEN_LATER = "2026-11-21T01:00:00Z"


def mapped(**more: str) -> dict[str, Any]:
    return {"customers": {**MAPPING, **more}}


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


def test_values_are_those_that_jde_keeps(target: JdeTarget) -> None:
    """What JDE cuts, rounds or writes in capitals comes back as no change of anybody."""
    maps = mapped(
        country="'de '",
        credit_limit="1234.5",
        search_type="'c'",
        phone="'030 1234567'",
        email="'a@b.example'",
    )
    name = " " + "Long name " * 6
    run = target.run([customer(1, name=name)], stream_maps=maps).check(0)
    assert run.outcomes == {"created": 1}
    assert target.by_key()["A1"]["ALPH"] == ("Long name " * 4).strip()
    assert (target.by_key("F0116")["A1"]["CTR"], target.by_key("F03012")["A1"]["ACL"]) == ("DE", 1235)
    again = target.run([customer(1, name=name, updated=LATER)], stream_maps=maps, remap=True).check(0)
    assert (again.outcomes, target.calls()) == ({"unchanged": 1}, [])
    too_long = target.run([customer(2)], stream_maps=mapped(country="'Germany'")).check(0)
    assert too_long.outcomes == {"rejected": 1}
    assert target.letters()[0].field == "country"


def test_what_jde_stores_counts_not_what_was_sent(target: JdeTarget) -> None:
    """A value that JDE changes without our knowing: the answer is read back, so it is no change of theirs."""
    target.config["two_way"] = True
    target.sandbox.control.settings(jde={"stores_long_address": True})
    maps = mapped(phone="'030 123456789012345678'")
    target.run([customer(1)], stream_maps=maps).check(0)
    stored = target.by_key("F0115")["A1"]
    assert (stored["AR1"], stored["PH1"]) == ("030", "123456789012345678")
    target.put("F0115", {**stored, "PH1": "555"})
    run = target.run([customer(1, city="Paris", updated=LATER)], stream_maps=maps).check(0)
    assert run.outcomes == {"updated": 1}
    assert target.by_key("F0115")["A1"]["PH1"] == "555", "their change is not undone"


def test_a_conflict_is_decided_by_the_policy(target: JdeTarget) -> None:
    target.config |= {"policies": {"default": "jde"}}
    target.run([customer(1)]).check(0)
    address = target.by_key("F0116")["A1"]
    target.put("F0116", {**address, "CTY1": "Rome"})
    target.run([customer(1, city="Paris", updated=LATER)]).check(0)
    assert (target.by_key("F0116")["A1"]["CTY1"], target.calls()) == ("Rome", [])


def test_required_inputs_that_did_not_change_are_sent_as_they_are(target: JdeTarget) -> None:
    target.run([customer(1)]).check(0)
    target.sandbox.control.settings(jde={"update_required_inputs": "Name,Postal Code"})
    number = target.by_key()["A1"]["AN8"]
    target.put("F0116", {**target.by_key("F0116")["A1"], "ADDZ": "10115"})
    target.put("F0101", {"AN8": number, "ALPH": "Their own name"})
    run = target.run([customer(1, city="Paris", updated=LATER)]).check(0)
    assert run.outcomes == {"updated": 1}
    sent = {"Address Number": str(number), "City": "Paris", "Company": "00000"}
    assert target.bodies() == [{**sent, "Name": "Their own name", "Postal Code": "10115"}]


def test_a_required_input_without_a_value_is_a_letter(target: JdeTarget) -> None:
    run = target.run([customer(1, name=" "), customer(2)]).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.field, "requires Name" in letter.reason, target.calls()) == (
        "name",
        True,
        ["ML_CreateCustomer"],
    )


SHAPES = ("http", "form_errors", "errors_warnings", "continued", "sys_errors")


def test_every_shape_of_a_failure_is_one(target: JdeTarget) -> None:
    target.run([customer(1)]).check(0)
    target.put("F0101", {"AN8": 999, "ALKY": "A9", "ALPH": "Somebody", "TAX": "DE1"})
    # Nobody looks for tax numbers here, so that only JD Edwards notices the duplicate.
    maps = {"stream_maps": mapped(tax_id="'DE1'"), "match_by": [], "remap": True}
    for number, shape in enumerate(SHAPES):
        target.sandbox.control.settings(
            jde={"failure_shape": shape, "message_is_object": shape == "http", "duplicate_check": "error"}
        )
        when = f"2026-11-21T00:0{number}:00Z"
        run = target.run([customer(1, updated=when), customer(2, updated=when)], **maps).check(0)
        assert run.outcomes == {"rejected": 2}, shape
        assert sorted(target.calls()) == ["ML_CreateCustomer", "ML_UpdateCustomer"], shape
        letters = target.letters()
        assert all("same TAX" in letter.reason and letter.cause == "vendor" for letter in letters), shape
        assert (len(letters), len(target.rows("F0101"))) == (2, 2), shape
    target.sandbox.control.settings(jde={"duplicate_check": "off"})
    again = target.run([customer(1, updated=EVEN_LATER), customer(2, updated=EVEN_LATER)], **maps)
    assert again.check(0).outcomes == {"created": 1, "updated": 1}
    assert target.letters() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"message": "The HTML server is not available", "exception": "X"}, 4),
        ({"message": "Authorization Failure", "exception": "X"}, 5),
        ({"message": "Category Code 01 QQQ is not valid", "exception": "X"}, 0),
    ],
)
def test_failures_that_are_none_of_the_record(target: JdeTarget, body: dict[str, str], code: int) -> None:
    fault = {"system": "jde", "path": "*/ML_CreateCustomer", "fault": "status", "status": 500, "times": 9}
    target.sandbox.control.faults({**fault, "body": body})
    maps = mapped(category_code_01="'QQQ'", category_code_02="'A'")
    run = target.run([customer(1), customer(2), state({"k": 1})], stream_maps=maps).check(code)
    assert run.states == ([] if code else [{"k": 1}])
    assert [letter.field for letter in target.letters()] == ([] if code else ["category_code_01"] * 2)


@pytest.mark.parametrize("rule", ["warning", "continue", "stop"])
def test_a_record_without_its_phone_is_one_outcome_with_a_warning(target: JdeTarget, rule: str) -> None:
    target.sandbox.control.settings(jde={"refused_phones": "666", "refused_channel": rule})
    maps = mapped(phone="'030 ' + notes")
    run = target.run([customer(1, notes="666"), customer(2, notes="555")], stream_maps=maps).check(0)
    assert run.outcomes == {"created": 2}
    assert run.summary["warned"] == {"customers": 1}
    assert (len(target.rows("F0101")), target.letters()) == (2, [])
    ((outcome, reason, _),) = target.history("A1")
    assert (outcome, "The phone number 030 666 is not valid" in str(reason)) == ("created", True)
    if rule == "continue":
        return
    changed = target.run([customer(2, notes="666", city="Rome", updated=LATER)], stream_maps=maps).check(0)
    assert (changed.outcomes, changed.summary["warned"]) == ({"updated": 1}, {"customers": 1})
    assert target.by_key("F0116")["A2"]["CTY1"] == "Rome"
    assert target.by_key("F0115")["A2"]["PH1"] == "555"
    only = target.run([customer(2, notes="6667", city="Rome", updated=EVEN_LATER)], stream_maps=maps).check(0)
    # What the answer itself calls a warning is none of a failure, although nothing was stored.
    assert only.outcomes == ({"updated": 1} if rule == "warning" else {"rejected": 1})
    assert [letter.field for letter in target.letters()] == ([] if rule == "warning" else ["phone"])


def test_a_dry_run_writes_nothing(target: JdeTarget) -> None:
    run = target.run([*customers(range(3)), state({"k": 1})], dry_run=True).check(0)
    assert (run.outcomes, run.states, target.calls()) == ({"created": 3}, [], [])
    assert run.summary["plan"] == {"create": 3, "update": 0, "leave": 0, "reject": 0, "requests": 3}


def test_deleted_records_are_put_out_of_use_never_deleted(target: JdeTarget) -> None:
    target.config |= {"on_delete": "inactivate", "inactive": {"customers": {"search_type": "X"}}}
    target.run([*customers(range(2))]).check(0)
    run = target.run([customer(1, _sdc_deleted_at=LATER, updated=LATER)]).check(0)
    assert (run.outcomes, target.by_key()["A1"]["AT1"]) == ({"deleted": 1}, "X")
    assert len(target.rows("F0101")) == 2
    target.sandbox.control.settings(jde={"update_required_inputs": "Name,City"})
    run = target.run([customer(0, _sdc_deleted_at=LATER, updated=LATER)]).check(0)
    assert (run.outcomes, target.by_key()["A0"]["AT1"]) == ({"deleted": 1}, "X")
    (body,) = target.bodies()
    assert (body["Name"], body["City"], body["Search Type"]) == ("Customer 0", "Berlin", "X")
    unknown = target.run([customer(1)], inactive={"customers": {"colour": "red"}}).check(5)
    assert "unknown fields: colour" in unknown.errors


def test_blanks_clear_only_the_fields_that_are_named(target: JdeTarget) -> None:
    """The input that clears one carries the setting `blank`; the row of F03012 is that of `company`."""
    target.config |= {"write_blanks": ["city"], "blank": "  ", "company": "00010"}
    maps = mapped(county="notes")
    target.run([customer(1, notes="Mitte")], stream_maps=maps).check(0)
    run = target.run([customer(1, notes=None, city=None, updated=LATER)], stream_maps=maps).check(0)
    assert run.outcomes == {"updated": 1}
    row = target.by_key("F0116")["A1"]
    assert (row["CTY1"].strip(), row["COUN"]) == ("", "Mitte")
    assert (target.bodies()[0]["City"], target.by_key("F03012")["A1"]["CO"]) == ("  ", "00010")
