"""The Singer SDK's standard suite for targets; `stream_maps` send its foreign streams to customers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jde_target import JdeTarget
from plugin_runs import KEY
from singer_sdk.testing import get_target_test_class
from support.target_suite import HELD, left_out

from target_jde.target import TargetJde


def way(key: str, name: str | None = None, **fields: str) -> dict[str, Any]:
    """A stream on its way to customers: its key and name as expressions, and further fields."""
    return {
        "__alias__": "customers",
        "__key_properties__": ["long_address"],
        "long_address": key,
        "name": name or f"'Customer ' + {key}",
        "__else__": "__NULL__",
        **fields,
    }


STREAM_MAPS = {
    "test_array_data": way("str(id)", category_code_01="fruits[0][:3] if fruits else None"),
    "TestCamelcase": way("Id", "clientName"),
    "ForecastingTypeToCategory": way("Id"),
    "test_duplicate_records": way("str(id)", credit_limit="metric"),
    "test_strings": way("str(id)", address_line_1="info"),
    "test_strings_in_objects": way("'o' + str(id)", address_line_1="info['value']"),
    "test_strings_in_arrays": way("'a' + str(id)", address_line_1="strings[0]"),
    "test_invalid_schema": way("str(id)"),
    "test_no_pk": way("str(id)", credit_limit="metric"),
    "test_optional_attributes": way("str(id)", city="optional"),
    "example_stream": way("email[:20]", "name"),
    "test_record_before_schema": way("str(id)", credit_limit="metric"),
    "record_missing_fields": way("str(id)", city="optional"),
    "test_record_missing_key_property": way("str(id)", credit_limit="metric"),
    "test_object_schema_with_properties": way("str(object_store['id'])"),
    "test_object_schema_no_properties": way("'n' + str(object_store['id'])"),
    "test_schema_updates": way("str(id)", city="str(a2) if a2 else None"),
    "test:SpecialChars!in?attributes": way("_id", city="d['agent:type']"),
}
CONFIG: dict[str, Any] = {}

Suite = get_target_test_class(TargetJde, config=CONFIG, parse_env_config=False)


class TestStandard(Suite):  # type: ignore[valid-type,misc]  # the SDK makes the class at run time
    """Every case of the suite, and a look at the address book after each."""

    @pytest.fixture(autouse=True)
    def looked_at(
        self,
        target: JdeTarget,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        request: pytest.FixtureRequest,
    ) -> Iterator[None]:
        monkeypatch.setenv("ML_CONNECTOR_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("ML_CONNECTOR_KEY", KEY)
        CONFIG.clear()
        CONFIG.update(target.config, stream_maps=STREAM_MAPS, two_way=False)
        yield
        case = request.node.name.removeprefix("test_target_")
        rows = {row["ALKY"]: row for row in target.rows("F0101")}
        assert set(rows) == HELD.get(case, set())
        if case == "duplicate_records":
            assert target.by_key("F03012")["1"]["ACL"] == 100
        if case == "encoded_string_data":
            assert target.by_key("F0116")["3"]["ADD1"] == "简单的字串"


def test_no_case_is_left_out() -> None:
    assert left_out(TestStandard) == set()
