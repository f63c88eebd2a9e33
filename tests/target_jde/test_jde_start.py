"""What is checked before anything is written: orchestrations, inputs, the source's key, settings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jde_target import MAPPING, JdeTarget
from singer_lines import customer, schema

from ml_sandbox.testing import RunningSandbox
from target_jde.descriptions import descriptions
from target_jde.items import ITEMS
from target_jde.orchestrations import Orchestrations

NO_KEY = {"customers": {**MAPPING, "__key_properties__": ["name"], "long_address": None}}


def changed(**parts: Any) -> dict[str, Any]:
    return {"orchestrations": {"customers": parts}}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (changed(create="ML_Nothing"), "no orchestration ML_Nothing"),
        (changed(update="ML_Nothing"), "no orchestration ML_Nothing"),
        (changed(lookup="ML_Nothing"), "no orchestration ML_Nothing"),
        (changed(update=None), "orchestrations.customers.update"),
        (changed(create=None), "creates: false"),
        (changed(inputs={"city": "Town"}), "it has no input Town"),
        (changed(inputs={"city": None}), "no input carries city"),
        (changed(inputs={"colour": "Colour"}), "does not have: colour"),
        (changed(inputs={"long_address": None}), "no input carries long_address"),
        (changed(inputs={"address_effective_date": {"date_format": "week"}}), "'week'"),
        (changed(constants={"Nonsense": 1}), "it has no input Nonsense"),
        (changed(required=["Blood Group"]), "requires Blood Group"),
        (changed(input_format="jde_standard"), "input_format: generic"),
        (changed(api_version="v9"), "v3 or v2"),
        (changed(craete="X"), "unknown parts: craete"),
        ({"orchestrations": {"orders": {}}}, "unknown objects: orders"),
        ({"stream_maps": NO_KEY}, "no value for long_address, which keeps the source's key"),
        ({"source_key": "additional_tax_id"}, "no value for additional_tax_id"),
        ({"source_key": "none", "batch_from": 5}, "set batch_from: 0"),
    ],
)
def test_what_cannot_work_is_refused_at_start(
    target: JdeTarget, settings: dict[str, Any], words: str
) -> None:
    run = target.run([customer(1)], **settings).check(5)
    assert words in run.errors
    assert target.calls() == []


def test_required_inputs_that_nobody_gives_are_named(target: JdeTarget) -> None:
    target.sandbox.control.settings(jde={"update_required_inputs": "Price Group"})
    lost = changed(inputs={"price_group": None})
    assert "requires Price Group" in target.run([customer(1)], **lost).check(5).errors
    given = changed(inputs={"price_group": None}, constants={"Price Group": "P1"})
    target.run([customer(1)], **given).check(0)
    assert target.by_key("F03012")["A1"]["CPGP"] == "P1"


def test_without_creates_no_create_orchestration_is_needed(target: JdeTarget) -> None:
    settings = {**changed(create=None), "creates": False, "stream_maps": NO_KEY}
    run = target.run([customer(1)], **settings).check(0)
    assert (run.outcomes, target.letters()[0].cause) == ({"rejected": 1}, "missing_partner")


def test_checks_can_be_switched_off(target: JdeTarget) -> None:
    target.sandbox.control.faults({"system": "jde", "path": "*/discover", "fault": "status", "status": 403})
    assert target.run([customer(1)], check_orchestrations=False).check(0).outcomes == {"created": 1}


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_the_standard_input_form(target: JdeTarget, version: str) -> None:
    target.sandbox.control.settings(jde={"input_format": "JDE Standard", "input_date_format": "milliseconds"})
    settings = changed(
        input_format="jde_standard",
        api_version=version,
        inputs={"address_effective_date": {"date_format": "milliseconds"}},
    )
    maps = {"customers": {**MAPPING, "address_effective_date": "'2026-08-01'"}}
    target.run([customer(1)], stream_maps=maps, **settings).check(0)
    assert target.by_key("F0116")["A1"]["EFTB"] == "2026-08-01"
    assert {"name": "Address Effective Date", "value": "1785542400000"} in target.bodies()[0]["inputs"]
    assert f"/{version}/orchestrator/" in target.requests(writes_only=True)[0]["path"]


def test_the_check_names_what_is_missing(target: JdeTarget) -> None:
    target.sandbox.control.settings(jde={"missing_orchestrations": "ML_UpdateSupplier"})
    run = target.feed(b"", "--check").check(5)
    checks = {check["check"]: check for check in map(json.loads, run.output.splitlines())}
    assert not checks["suppliers ML_UpdateSupplier"]["ok"]
    assert checks["customers ML_CreateCustomer"]["ok"]


def test_descriptions_default_inputs_and_the_server_agree(sandbox: RunningSandbox, target: JdeTarget) -> None:
    """The descriptions name the inputs that the default maps use, and each of them does what it says."""
    made = descriptions()
    for name in ITEMS:
        settings = Orchestrations.from_settings({}, name)
        used = {item.name for item in settings.inputs.values()} | settings.constants.keys()
        described = {part["name"] for part in made[str(settings.update)]["inputs"]}
        assert described == used
        new = {part["name"] for part in made[str(settings.create)]["inputs"]}
        assert new | {"Address Number", "Line Number"} >= used >= new
    maps = {
        "customers": {**MAPPING, **{item.name: "'1'" for item in ITEMS["customers"] if item.kind == "code"}}
    }
    target.raw([schema(), customer(1)], stream_maps=maps).check(0)
    row = {**target.by_key()["A1"], **target.by_key("F03012")["A1"], **target.by_key("F0116")["A1"]}
    codes = [item.column.partition(".")[2] for item in ITEMS["customers"] if item.kind == "code"]
    assert {alias: row[alias] for alias in codes if alias != "PHTP"} == {
        alias: "1" for alias in codes if alias != "PHTP"
    }
