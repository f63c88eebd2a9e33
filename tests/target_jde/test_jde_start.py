"""What is checked before anything is written: orchestrations, inputs, the source's key, settings."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from jde_target import MAPPING, JdeTarget
from singer_lines import customer, customers, schema

from ml_connector.errors import SystemFault
from ml_connector.vendors.jde.client import Client
from ml_sandbox.testing import RunningSandbox
from target_jde.checking import Catalogue, Checker
from target_jde.descriptions import descriptions
from target_jde.items import ITEMS
from target_jde.orchestrations import Orchestrations

NO_KEY = {"customers": {**MAPPING, "__key_properties__": ["name"], "long_address": None}}


def changed(**parts: Any) -> dict[str, Any]:
    return {"orchestrations": {"customers": parts}}


def test_what_cannot_work_is_refused_before_anything_is_written(target: JdeTarget) -> None:
    run = target.run([customer(1)], **changed(inputs={"city": "Town"})).check(5)
    assert "it has no input Town; its inputs are" in run.errors
    assert "orchestrations.customers.inputs" in run.errors
    assert target.calls() == []


FIELDS = ("long_address", "name", "city", "address_effective_date")
LADDER = ("long_address", "tax_id", "email")


def checked(target: JdeTarget, told: Any, fields: Sequence[str] = FIELDS, **parts: Any) -> None:
    """What is checked when the stream of customers comes, against what the server told."""
    settings = Orchestrations.from_settings(changed(**parts), "customers")
    checker = Checker(settings, Catalogue(lambda: told), str(target.config.get("source_key", "long_address")))
    checker.check_lookup(LADDER)
    checker.check_update(fields)
    checker.check_create(fields)


def test_each_fault_of_the_settings_is_named_with_what_to_do(target: JdeTarget) -> None:
    with contextlib.closing(Client(target.config | {"token_store": str(target.folder)})) as client:
        told = client.discover()
    checked(target, told)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"create": "ML_Nothing"}, "no orchestration ML_Nothing"),
        ({"update": "ML_Nothing"}, "no orchestration ML_Nothing"),
        ({"lookup": "ML_Nothing"}, "no orchestration ML_Nothing"),
        ({"lookup": "ML_StageAddressBook"}, "looks for none of the fields"),
        ({"update": None}, "No orchestration is named that may update"),
        ({"create": None}, "No orchestration is named that may create"),
        ({"inputs": {"city": None}}, "no input carries city"),
        ({"inputs": {"colour": "Colour"}}, "does not have: colour"),
        ({"inputs": {"long_address": None}}, "no input carries long_address"),
        ({"inputs": {"long_address": "Secret Key"}}, "it has no input Secret Key"),
        ({"inputs": {"address_effective_date": {"date_format": "week"}}}, "'week'"),
        ({"inputs": {"city": {"colour": "red"}}}, "unknown parts: colour"),
        ({"constants": {"Nonsense": 1}}, "it has no input Nonsense"),
        ({"required": ["Blood Group"]}, "requires Blood Group"),
        ({"input_format": "jde_standard"}, "takes its inputs as generic"),
        ({"api_version": "v9"}, "v3 or v2"),
        ({"craete": "X"}, "unknown parts: craete"),
    ]
    for parts, words in wrong:
        with pytest.raises(SystemFault, match=re.escape(words)) as refused:
            checked(target, told, **parts)
        assert refused.value.fix, words
    with pytest.raises(SystemFault, match="no value for long_address, which keeps the source's key"):
        checked(target, told, ("name", "city"))
    target.config["source_key"] = "additional_tax_id"
    with pytest.raises(SystemFault, match="no value for additional_tax_id"):
        checked(target, told)
    with pytest.raises(SystemFault, match="holds no list"):
        checked(target, {"orchestrations": "none"})


def test_unknown_objects_and_a_batch_route_without_a_key(target: JdeTarget) -> None:
    run = target.run([customer(1)], orchestrations={"orders": {}}).check(5)
    assert "unknown objects: orders" in run.errors
    run = target.run([customer(1)], source_key="none", batch_from=5).check(5)
    assert "set batch_from: 0" in run.errors
    assert target.calls() == []


def test_creates_stop_after_the_first_that_does_not_store_the_key(target: JdeTarget) -> None:
    target.sandbox.control.settings(jde={"stores_long_address": False})
    for two_way in (True, False):
        target.sandbox.control.clear("jde", "F0101")
        (target.folder / "home" / "ledger.db").unlink(missing_ok=True)
        run = target.run(customers(range(4)), two_way=two_way).check(5)
        assert "without its long_address" in run.errors
        assert target.calls() == ["ML_CreateCustomer"]
        assert len(target.rows("F0101")) == 1
    again = target.run([customer(0)]).check(0)
    assert again.outcomes == {"unchanged": 1}, "it is linked by the number that the answer told"


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
    device = {"device_name": "loader-7", "jas_server": "http://jas.example.com:8080"}
    target.run([customer(1)], stream_maps=maps, **settings, **device).check(0)
    login = target.sandbox.control.requests("jde")[0]["body"]
    assert (login["deviceName"], login["jasserver"]) == tuple(device.values())
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
