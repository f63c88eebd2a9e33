"""Organization fields of the simulated Zendesk: definitions and values."""

from typing import Any

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox


def with_field(zendesk: ZendeskApi, key: str, value: Any) -> Any:
    """What is stored of a value that is written on create."""
    answer = zendesk.post(
        "/organizations", {"organization": {"name": "Acme", "organization_fields": {key: value}}}
    )
    if answer.status_code == 201:
        return answer.json()["organization"]["organization_fields"].get(key)
    return answer.json()["details"][f"organization_fields.{key}"][0]["error"]


def test_a_missing_definition_is_created_and_found_by_key_or_id(zendesk: ZendeskApi) -> None:
    assert zendesk.get("/organization_fields/erp_tier").status_code == 404
    field = zendesk.define("erp_tier", "dropdown", "gold", "silver")
    assert [option["value"] for option in field["custom_field_options"]] == ["gold", "silver"]
    for name in ("erp_tier", field["id"], f"{field['id']}.json"):
        assert zendesk.get(f"/organization_fields/{name}").json()["organization_field"] == field
    listed = zendesk.get("/organization_fields").json()
    assert (listed["count"], listed["organization_fields"]) == (1, [field])


@pytest.mark.parametrize(
    ("field", "wrong", "error"),
    [
        ({"key": "7"}, "key", "InvalidFormat"),
        ({"key": "a-b"}, "key", "InvalidFormat"),
        ({"key": None}, "key", "BlankValue"),
        ({"key": "taken"}, "key", "DuplicateValue"),
        ({"title": ""}, "title", "BlankValue"),
        ({"type": "tagger"}, "type", "InvalidValue"),
        ({"type": "lookup"}, "relationship_target_type", "InvalidValue"),
        (
            {"type": "dropdown", "custom_field_options": [{"name": "A"}]},
            "custom_field_options",
            "InvalidValue",
        ),
        (
            {"type": "dropdown", "custom_field_options": [{"name": "A", "value": "a"}] * 2},
            "custom_field_options",
            "DuplicateValue",
        ),
    ],
)
def test_refused_definitions(zendesk: ZendeskApi, field: JSON, wrong: str, error: str) -> None:
    zendesk.define("taken")
    body = {"organization_field": {"key": "fresh", "title": "Fresh", **field}}
    answer = zendesk.post("/organization_fields", body)
    assert answer.status_code == 422
    assert answer.json()["details"][wrong][0]["error"] == error


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", "a", "a"),
        ("text", "", None),
        ("text", 5, "InvalidValue"),
        ("textarea", "a\nb", "a\nb"),
        ("checkbox", True, True),
        ("checkbox", None, False),
        ("checkbox", "yes", "InvalidValue"),
        ("date", "2026-11-21", "2026-11-21T00:00:00Z"),
        ("date", "2026-11-21T10:11:12Z", "2026-11-21T00:00:00Z"),
        ("date", "2026-13-21", "InvalidValue"),
        ("integer", 5, 5),
        ("integer", 5.5, "InvalidValue"),
        ("integer", True, "InvalidValue"),
        ("decimal", 5.5, 5.5),
        ("decimal", "5.5", "InvalidValue"),
    ],
)
def test_values_by_type(zendesk: ZendeskApi, kind: str, value: Any, stored: Any) -> None:
    zendesk.define("field", kind)
    assert with_field(zendesk, "field", value) == stored


def test_a_regexp_field_checks_its_values(zendesk: ZendeskApi) -> None:
    zendesk.define("code", "regexp", regexp_for_validation=r"\A\d+\z".replace(r"\z", r"\Z"))
    assert with_field(zendesk, "code", "12a") == "InvalidValue"
    assert with_field(zendesk, "code", "12") == "12"


def test_options_are_strings_and_multiselect_is_a_list(zendesk: ZendeskApi) -> None:
    zendesk.define("tier", "dropdown", "gold")
    zendesk.define("regions", "multiselect", "north", "south")
    fields = {"tier": "gold", "regions": ["south", "north", "south"]}
    organization = zendesk.create("Acme", organization_fields=fields)
    assert organization["organization_fields"] == {"tier": "gold", "regions": ["south", "north"]}


def test_unknown_fields_and_options_vanish_silently_by_default(zendesk: ZendeskApi) -> None:
    zendesk.define("tier", "dropdown", "gold")
    assert zendesk.create("Acme", organization_fields={"tier": "tin", "nope": 1})["organization_fields"] == {
        "tier": None
    }


def test_unknown_fields_and_options_can_be_refused(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.define("tier", "dropdown", "gold")
    sandbox.control.settings(zendesk={"unknown_field": "error"})
    assert with_field(zendesk, "tier", "tin") == "InvalidValue"
    assert with_field(zendesk, "nope", 1) == "InvalidValue"


def test_a_written_field_leaves_the_others_alone(zendesk: ZendeskApi) -> None:
    zendesk.define("one")
    zendesk.define("two")
    organization = zendesk.create("Acme", organization_fields={"one": "1", "two": "2"})
    path = f"/organizations/{organization['id']}"
    changed = zendesk.put(path, {"organization": {"organization_fields": {"two": None}}}).json()[
        "organization"
    ]
    assert changed["organization_fields"] == {"one": "1", "two": None}


def test_type_and_key_never_change(zendesk: ZendeskApi) -> None:
    field = zendesk.define("tier")
    path = f"/organization_fields/{field['id']}"
    for change in ({"type": "integer"}, {"key": "other"}):
        assert zendesk.put(path, {"organization_field": change}).status_code == 422
    assert zendesk.put(path, {"organization_field": {"title": "T", "type": "text"}}).status_code == 200


def test_an_option_that_is_left_out_goes_from_the_records_too(zendesk: ZendeskApi) -> None:
    field = zendesk.define("tier", "dropdown", "gold", "silver")
    gold, silver = (zendesk.create(tier, organization_fields={"tier": tier}) for tier in ("gold", "silver"))
    options = [field["custom_field_options"][1], {"id": None, "name": "Tin", "value": "tin"}]
    body = {"organization_field": {"custom_field_options": options}}
    changed = zendesk.put("/organization_fields/tier", body).json()["organization_field"][
        "custom_field_options"
    ]
    assert changed[0]["id"] == field["custom_field_options"][1]["id"]
    assert changed[1]["id"] not in {None, field["custom_field_options"][0]["id"]}
    stored = {
        row["id"]: row["organization_fields"] for row in zendesk.get("/organizations").json()["organizations"]
    }
    assert stored == {gold["id"]: {"tier": None}, silver["id"]: {"tier": "silver"}}


def test_a_deleted_definition_takes_its_values_along(zendesk: ZendeskApi) -> None:
    zendesk.define("note")
    organization = zendesk.create("Acme", organization_fields={"note": "n"})
    assert zendesk.delete("/organization_fields/note").status_code == 204
    zendesk.define("note")
    shown = zendesk.get(f"/organizations/{organization['id']}").json()["organization"]
    assert shown["organization_fields"] == {"note": None}


def test_a_chosen_option_is_a_tag_of_the_record(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.define("tier", "dropdown", "gold", "silver")
    organization = zendesk.create("Acme", tags=["own"], organization_fields={"tier": "gold"})
    assert organization["tags"] == ["own", "gold"]
    path = f"/organizations/{organization['id']}"
    changed = zendesk.put(path, {"organization": {"organization_fields": {"tier": "silver"}}}).json()
    assert changed["organization"]["tags"] == ["own", "silver"]
    sandbox.control.settings(zendesk={"field_tags": False})
    assert zendesk.create("B", organization_fields={"tier": "gold"})["tags"] == []
