"""The vocabulary of settings, as JSON schema."""

from __future__ import annotations

import jsonschema
import pytest

from ml_connector.errors import SystemFault
from ml_connector.http import HttpConfig
from ml_connector.settings import (
    COMMON_SETTINGS,
    HTTP_SETTINGS,
    Setting,
    secrets_of,
    to_jsonschema,
    with_defaults,
    without,
)


def test_settings_become_a_json_schema() -> None:
    schema = to_jsonschema(
        [
            Setting("client_secret", "Secret.", secret=True, required=True),
            Setting("policy", "Who wins.", allowed=("jde", "zoho"), default="jde"),
            Setting("since", "From.", "date-time"),
            Setting("orgs", "Ids.", "array", items={"type": "integer"}),
            Setting("map", "Table.", "object", items={"type": "string"}),
            Setting("share", "Part.", "number", 0.7, minimum=0, maximum=1),
        ]
    )
    assert schema["required"] == ["client_secret"]
    properties = schema["properties"]
    assert properties["client_secret"] == {
        "type": ["string"],
        "secret": True,
        "writeOnly": True,
        "description": "Secret.",
    }
    assert properties["policy"]["enum"] == ["jde", "zoho", None]
    assert properties["since"] == {"type": ["string", "null"], "format": "date-time", "description": "From."}
    assert properties["orgs"]["items"] == {"type": "integer"}
    assert properties["map"]["additionalProperties"] == {"type": "string"}
    assert (properties["share"]["minimum"], properties["share"]["maximum"]) == (0, 1)
    jsonschema.Draft7Validator.check_schema(schema)


def test_the_common_settings_are_valid_with_their_defaults() -> None:
    schema = to_jsonschema(with_defaults(COMMON_SETTINGS, base_url="https://x.example.com"))
    jsonschema.Draft7Validator.check_schema(schema)
    defaults = {name: item["default"] for name, item in schema["properties"].items() if "default" in item}
    jsonschema.validate(defaults, schema)
    jsonschema.validate(dict.fromkeys(schema["properties"]), schema)
    assert schema["required"] == []


def test_each_default_of_the_transport_is_the_one_in_use() -> None:
    config = HttpConfig("x", "https://x.example.com")
    declared = {setting.name: setting.default for setting in HTTP_SETTINGS if setting.default is not None}
    for name in declared.keys() & {field for field in dir(config) if not field.startswith("_")}:
        assert getattr(config, name) == declared[name], name


def test_every_setting_is_described() -> None:
    for setting in COMMON_SETTINGS:
        assert setting.description.endswith("."), setting.name


def test_declaring_twice_and_unknown_defaults_are_refused() -> None:
    with pytest.raises(SystemFault, match="declared twice"):
        to_jsonschema([Setting("a", "A."), Setting("a", "B.")])
    with pytest.raises(SystemFault, match="No such setting: typo"):
        with_defaults(HTTP_SETTINGS, typo=1)


def test_settings_can_be_left_out() -> None:
    assert "base_url" not in {setting.name for setting in without(HTTP_SETTINGS, "base_url")}


def test_secret_values_are_found_wherever_they_are() -> None:
    declared = [
        Setting("a", "A.", "object", secret=True),
        Setting("b", "B."),
        Setting("c", "C.", secret=True),
    ]
    assert secrets_of(declared, {"a": {"x": ["s1", 5, None, True]}, "b": "open"}) == ["s1", "5"]
