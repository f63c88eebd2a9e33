"""The Singer SDK's standard suite for targets; `stream_maps` send its foreign streams to cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from oro_target import OroTarget
from plugin_runs import KEY
from singer_sdk.testing import get_target_test_class
from support.target_suite import HELD, left_out

from target_oro_crm.target import TargetOroCrm

# Cases of the suite that are left out, by name, each with its reason.
EXCLUDED: dict[str, str] = {}


def way(key: str, name: str | None = None, **fields: str) -> dict[str, Any]:
    """A stream on its way to cases: its key and subject as expressions, and further fields."""
    return {
        "__alias__": "cases",
        "__key_properties__": ["ticket_number"],
        "ticket_number": key,
        "subject": name or f"'Case ' + {key}",
        "__else__": "__NULL__",
        **fields,
    }


STREAM_MAPS = {
    "test_array_data": way("str(id)"),
    "TestCamelcase": way("Id", "clientName"),
    "ForecastingTypeToCategory": way("Id"),
    "test_duplicate_records": way("str(id)", resolution="str(metric)"),
    "test_strings": way("str(id)", description="info"),
    "test_strings_in_objects": way("'o' + str(id)", description="info['value']"),
    "test_strings_in_arrays": way("'a' + str(id)"),
    "test_invalid_schema": way("str(id)"),
    "test_multiple_state_messages_a": way("'a' + str(id)", resolution="str(metric)"),
    "test_multiple_state_messages_b": way("'b' + str(id)", resolution="str(metric)"),
    "test_no_pk": way("str(id)", resolution="str(metric)"),
    "test_optional_attributes": way("str(id)", description="optional"),
    "example_stream": way("email[:20]", "name"),
    "test_record_before_schema": way("str(id)", resolution="str(metric)"),
    "record_missing_fields": way("str(id)", description="optional"),
    "test_record_missing_key_property": way("str(id)", resolution="str(metric)"),
    "test_object_schema_with_properties": way("str(object_store['id'])"),
    "test_object_schema_no_properties": way("'n' + str(object_store['id'])"),
    "test_schema_updates": way("str(id)", description="str(a2)"),
    "test:SpecialChars!in?attributes": way("_id", description="d['agent:type']"),
}
CONFIG: dict[str, Any] = {}

Suite = get_target_test_class(TargetOroCrm, config=CONFIG, parse_env_config=False)


class TestStandard(Suite):  # type: ignore[valid-type,misc]  # the SDK makes the class at run time
    """Every case of the suite, and a look at the vendor after each."""

    @pytest.fixture(autouse=True)
    def looked_at(
        self,
        target: OroTarget,
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
        held = {row["externalId"]: row for row in target.rows()}
        assert set(held) == HELD.get(case, set())
        if case == "duplicate_records":
            assert held["1"]["resolution"] == "100"
        if case == "encoded_string_data":
            assert held["3"]["description"] == "简单的字串"


def test_at_most_three_cases_are_left_out() -> None:
    assert left_out(TestStandard) == set(EXCLUDED)
    assert len(EXCLUDED) <= 3
