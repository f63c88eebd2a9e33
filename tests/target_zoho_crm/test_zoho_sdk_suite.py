"""The Singer SDK's standard suite for targets; `stream_maps` send its foreign streams to Accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import KEY
from singer_sdk.testing import get_target_test_class
from support.target_suite import HELD, left_out
from zoho_target import NUMBER, ZohoTarget

from target_zoho_crm.target import TargetZohoCrm

# Cases of the suite that are left out, by name, each with its reason.
EXCLUDED: dict[str, str] = {}


def way(key: str, name: str | None = None, **fields: str) -> dict[str, Any]:
    """A stream on its way to Accounts: its key and name as expressions, and further fields."""
    return {
        "__alias__": "Accounts",
        "__key_properties__": [NUMBER],
        NUMBER: key,
        "Account_Name": name or f"'Account ' + {key}",
        "__else__": "__NULL__",
        **fields,
    }


STREAM_MAPS = {
    "test_array_data": way("str(id)"),
    "TestCamelcase": way("Id", "clientName"),
    "ForecastingTypeToCategory": way("Id"),
    "test_duplicate_records": way("str(id)", Employees="metric"),
    "test_strings": way("str(id)", Description="info"),
    "test_strings_in_objects": way("'o' + str(id)", Description="info['value']"),
    "test_strings_in_arrays": way("'a' + str(id)"),
    "test_invalid_schema": way("str(id)"),
    "test_multiple_state_messages_a": way("'a' + str(id)", Employees="metric"),
    "test_multiple_state_messages_b": way("'b' + str(id)", Employees="metric"),
    "test_no_pk": way("str(id)", Employees="metric"),
    "test_optional_attributes": way("str(id)", Description="optional"),
    "example_stream": way("email[:20]", "name"),
    "test_record_before_schema": way("str(id)", Employees="metric"),
    "record_missing_fields": way("str(id)", Description="optional"),
    "test_record_missing_key_property": way("str(id)", Employees="metric"),
    "test_object_schema_with_properties": way("str(object_store['id'])"),
    "test_object_schema_no_properties": way("'n' + str(object_store['id'])"),
    "test_schema_updates": way("str(id)", Description="str(a2)"),
    "test:SpecialChars!in?attributes": way("_id", Description="d['agent:type']"),
}
CONFIG: dict[str, Any] = {}

Suite = get_target_test_class(TargetZohoCrm, config=CONFIG, parse_env_config=False)


class TestStandard(Suite):  # type: ignore[valid-type,misc]  # the SDK makes the class at run time
    """Every case of the suite, and a look at the vendor after each."""

    @pytest.fixture(autouse=True)
    def looked_at(
        self,
        target: ZohoTarget,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        request: pytest.FixtureRequest,
    ) -> Iterator[None]:
        monkeypatch.setenv("ML_CONNECTOR_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("ML_CONNECTOR_KEY", KEY)
        CONFIG.clear()
        CONFIG.update(target.config, stream_maps=STREAM_MAPS)
        yield
        case = request.node.name.removeprefix("test_target_")
        held = target.accounts
        assert set(held) == HELD.get(case, set())
        if case == "duplicate_records":
            assert held["1"]["Employees"] == 100
        if case == "encoded_string_data":
            assert held["3"]["Description"] == "简单的字串"


def test_at_most_three_cases_are_left_out() -> None:
    assert left_out(TestStandard) == set(EXCLUDED)
    assert len(EXCLUDED) <= 3
