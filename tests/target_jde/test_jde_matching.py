"""Who is meant by a record without a link; suppliers; contacts under their address number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jde_target import MAPPING, JdeTarget
from singer_lines import Message, customer, customers, record, schema, state

LATER = "2026-11-21T00:00:00Z"
MATCHED = {
    "customers": {
        **MAPPING,
        "address_number": "tags[0] if tags else None",
        "tax_id": "notes",
        "email": "domains[0] if domains else None",
        "postal_code": "'10115'",
    }
}
CONTACT = {
    name: {"type": ["string", "null"]} for name in ("id", "account", "last", "mail", "call", "updated")
}
CONTACTS = {
    "__alias__": "contacts",
    "__key_properties__": ["id"],
    "id": "id",
    "address_number": "account",
    "name": "last",
    "surname": "last",
    "email": "mail",
    "mobile": "call",
    "__else__": "__NULL__",
}


def somebody(target: JdeTarget, number: int, **columns: Any) -> None:
    """An address book record that was there before, with no role yet."""
    name = columns.pop("name", f"Somebody {number}")
    mail = columns.pop("mail", None)
    target.put("F0101", {"AN8": number, "ALPH": name, "EFTB": "2020-01-01", **columns})
    target.put("F0111", {"AN8": number, "IDLN": 0, "MLNM": name, "ALPH": name})
    target.put("F0116", {"AN8": number, "EFTB": "2020-01-01", "CTY1": "Berlin", "ADDZ": "10115"})
    if mail:
        target.put("F01151", {"AN8": number, "IDLN": 0, "RCK7": 1, "ETP": "E", "EMAL": mail})


def people(*rows: dict[str, Any]) -> list[Message]:
    return [schema("people", CONTACT, bookmark="updated"), *(record(row, "people") for row in rows)]


def test_records_that_are_there_are_found_by_what_they_hold(target: JdeTarget) -> None:
    somebody(target, 501, ALKY="A1")
    somebody(target, 502, TAX="DE 123.456-789")
    somebody(target, 503, mail="Info@Acme.Example")
    somebody(target, 504)
    somebody(target, 505, name="CUSTOMER 5")
    given = [
        customer(1),
        customer(2, notes="DE123456789"),
        customer(3, domains=["info@acme.example"]),
        customer(4, tags=["504"]),
        customer(5),
    ]
    order = ["tax_id", "email", "name_and_postal_code"]
    run = target.run(given, stream_maps=MATCHED, match_by=order).check(0)
    assert run.outcomes == {"updated": 5}
    assert {row["AN8"]: row["ALPH"] for row in target.rows("F0101")} == {
        501: "Somebody 501",
        502: "Somebody 502",
        503: "Somebody 503",
        504: "Somebody 504",
        505: "CUSTOMER 5",
    } | {500 + n: f"Customer {n}" for n in range(1, 6)}
    assert {row["AN8"] for row in target.rows("F03012")} <= {501, 502, 503, 504, 505}
    idle = target.run(given, stream_maps=MATCHED, match_by=order).check(0)
    assert (idle.outcomes, target.calls()) == ({"unchanged": 5}, [])


def test_without_a_scan_only_the_usual_spellings_are_found(target: JdeTarget) -> None:
    somebody(target, 501, TAX="DE123456789")
    somebody(target, 502, TAX="DE 999")
    given = [customer(1, notes="de123456789"), customer(2, notes="DE999")]
    run = target.run(given, stream_maps=MATCHED, match_scan=False).check(0)
    assert run.outcomes == {"created": 1, "updated": 1}


def test_several_or_somebody_elses_are_letters(target: JdeTarget) -> None:
    somebody(target, 501, TAX="DE1")
    somebody(target, 502, TAX="DE-1")
    somebody(target, 503, TAX="DE3", ALKY="ANOTHER")
    given = [
        customer(1, notes="DE1", updated=LATER),
        customer(2, tags=["777"]),
        customer(3, notes="DE3"),
    ]
    run = target.run(given, stream_maps=MATCHED, remap=True).check(0)
    assert run.outcomes == {"rejected": 3}
    found = {letter.cause: letter.reason for letter in target.letters()}
    assert found.keys() == {"ambiguous", "unknown_number", "linked"}
    assert "501, 502" in found["ambiguous"]
    assert "777" in found["unknown_number"]
    assert "ANOTHER" in found["linked"]
    assert len(target.rows("F0101")) == 3


def test_what_was_created_in_this_run_is_found_too(target: JdeTarget) -> None:
    """All tax numbers were read before the first of the two was created."""
    somebody(target, 501, TAX="OTHER")
    run = target.run([customer(1, notes="DE-1"), customer(2, notes="DE1")], stream_maps=MATCHED)
    assert run.check(0).outcomes == {"created": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.cause, letter.field, "new record A1" in letter.reason) == ("linked", "tax_id", True)
    again = target.run([customer(2, notes="DE2", updated=LATER)], stream_maps=MATCHED).check(0)
    assert (again.outcomes, target.letters()) == ({"created": 1}, [])


def test_suppliers(target: JdeTarget) -> None:
    maps = {"customers": {**MAPPING, "__alias__": "suppliers", "payment_terms": "'n30'", "tax_id": "notes"}}
    target.run([*customers(range(2))], stream_maps=maps).check(0)
    assert {row["TRAP"] for row in target.rows("F0401")} == {"N30"}
    assert (target.rows("F03012"), target.calls()) == ([], ["ML_CreateSupplier"] * 2)
    run = target.run([customer(1, notes="DE1", updated=LATER)], stream_maps=maps).check(0)
    assert (run.outcomes, target.by_key()["A1"]["TAX"]) == ({"updated": 1}, "DE1")


def test_contacts_wait_for_their_customer_and_are_known_by_their_line(target: JdeTarget) -> None:
    target.config["stream_maps"] = {"customers": MAPPING, "people": CONTACTS}
    ada = {"id": "c1", "account": "A1", "last": "Lovelace", "mail": "ada@acme.example", "call": "0170 1"}
    ada["updated"] = "2026-11-20T00:00:00Z"
    bob = {"id": "c2", "account": "A2", "last": "Babbage", "mail": None, "call": None}
    run = target.raw([*people(ada, bob), schema(), customer(1), state({"k": 1})]).check(0)
    assert run.outcomes == {"created": 2, "rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["waiting"]
    run = target.raw([schema(), customer(2)]).check(0)
    assert run.outcomes == {"created": 2}
    lines = {row["ALPH"]: row["IDLN"] for row in target.rows("F0111") if row["IDLN"]}
    assert lines == {"Lovelace": 1, "Babbage": 1}
    assert [(row["PHTP"], row["AR1"], row["PH1"]) for row in target.rows("F0115")] == [("CAR", "0170", "1")]
    number = target.by_key()["A1"]["AN8"]
    changed = target.raw(people({**ada, "mail": "ada@new.example", "updated": LATER})).check(0)
    assert changed.outcomes == {"updated": 1}
    assert target.bodies() == [
        {"Address Number": str(number), "Line Number": "1", "Email": "ada@new.example"}
    ]
    idle = target.raw(people({**ada, "mail": "ada@new.example", "updated": LATER}, bob)).check(0)
    assert (idle.outcomes, target.calls()) == ({"unchanged": 2}, [])


def test_a_contact_whose_answer_is_lost_is_not_there_twice(target: JdeTarget) -> None:
    target.config["stream_maps"] = {"customers": MAPPING, "people": CONTACTS}
    target.raw([schema(), customer(1)]).check(0)
    ada = {"id": "c1", "account": "A1", "last": "Lovelace", "mail": "ada@acme.example"}
    bob = {"id": "c2", "account": "A1", "last": "Babbage"}
    lost = {"system": "jde", "path": "*/ML_CreateContact", "fault": "lost_response"}
    target.sandbox.control.faults(lost, {**lost, "after": 1})
    codes = [target.raw(people(ada, bob)).exit_code for _ in range(3)]
    assert codes == [4, 4, 0]
    assert sorted(row["ALPH"] for row in target.rows("F0111") if row["IDLN"]) == ["Babbage", "Lovelace"]
    (target.folder / "home" / "ledger.db").unlink()
    again = target.raw([schema(), customer(1), *people(ada, bob)]).check(0)
    assert (again.outcomes, target.calls()) == ({"unchanged": 3}, [])


def test_the_other_direction_sees_no_change_in_what_was_written(target: JdeTarget, tmp_path: Path) -> None:
    """What the tap's stream shows of a record is what the target noted of it, value for value."""
    from tap_jde.tap import TapJde

    assert TapJde.name == "tap-jde"
    maps = {"customers": {**MAPPING, "phone": "'030 1234567'", "credit_limit": "'10.50'", "country": "'de'"}}
    target.run([customer(1, name="Long name " * 6)], stream_maps=maps).check(0)
    with target.ledger() as ledger, ledger.read(target.integration, "jde") as tx:
        (link,) = tx.links.by_partner("crm", "customers", ["A1"]).values()
        digester = ledger.digester
    side = link.sides["jde"]
    shown = {
        "long_address": "A1",
        "name": ("Long name " * 4).strip(),
        "city": "Berlin",
        "phone": "030 1234567",
        "credit_limit": 11,
        "country": "DE",
    }
    assert side.key == str(target.by_key()["A1"]["AN8"])
    assert side.snapshot == {f"customers.{name}": digester.value(value) for name, value in shown.items()}
    assert side.version is not None


@pytest.mark.parametrize("own", [True, False])
def test_parents_by_address_number(target: JdeTarget, own: bool) -> None:
    somebody(target, 501, ALKY="A1")
    target.config["stream_maps"] = {"people": CONTACTS}
    account = "id:501" if own else "A1"
    run = target.raw(people({"id": "c1", "account": account, "last": "Lovelace"})).check(0)
    assert run.outcomes == {"created": 1}
    assert [row["AN8"] for row in target.rows("F0111") if row["IDLN"]] == [501]
