"""The Singer SDK's standard suite for targets; `stream_maps` send its foreign streams to organizations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugin_runs import KEY
from singer_sdk.testing import get_target_test_class
from singer_sdk.testing.target_tests import TargetMultipleStateMessages
from support.target_suite import HELD, left_out
from zendesk_target import ZendeskTarget

from target_zendesk_ml.target import TargetZendesk

# Cases of the suite that are left out, by name, each with its reason.
EXCLUDED: dict[str, str] = {}

METRIC = "{'metric': metric}"


def way(key: str, name: str | None = None, **fields: str) -> dict[str, Any]:
    """A stream on its way to organizations: its key and name as expressions, and further fields."""
    return {
        "__alias__": "organizations",
        "__key_properties__": ["external_id"],
        "external_id": key,
        "name": name or f"'Organization ' + {key}",
        "__else__": "__NULL__",
        **fields,
    }


STREAM_MAPS = {
    "test_array_data": way("str(id)", tags="fruits"),
    "TestCamelcase": way("Id", "clientName"),
    "ForecastingTypeToCategory": way("Id"),
    "test_duplicate_records": way("str(id)", organization_fields=METRIC),
    "test_strings": way("str(id)", details="info"),
    "test_strings_in_objects": way("'o' + str(id)", details="info['value']"),
    "test_strings_in_arrays": way("'a' + str(id)", tags="strings"),
    "test_invalid_schema": way("str(id)"),
    "test_multiple_state_messages_a": way("'a' + str(id)", organization_fields=METRIC),
    "test_multiple_state_messages_b": way("'b' + str(id)", organization_fields=METRIC),
    "test_no_pk": way("str(id)", organization_fields=METRIC),
    "test_optional_attributes": way("str(id)", notes="optional"),
    "example_stream": way("email", "name"),
    "test_record_before_schema": way("str(id)", organization_fields=METRIC),
    "record_missing_fields": way("str(id)", notes="optional"),
    "test_record_missing_key_property": way("str(id)", organization_fields=METRIC),
    "test_object_schema_with_properties": way("str(object_store['id'])"),
    "test_object_schema_no_properties": way("'n' + str(object_store['id'])"),
    "test_schema_updates": way("str(id)", notes="a2"),
    "test:SpecialChars!in?attributes": way("_id", details="d['agent:type']"),
}
FIELDS = [{"key": "metric", "title": "Metric", "type": "integer"}]
CONFIG: dict[str, Any] = {}

Suite = get_target_test_class(TargetZendesk, config=CONFIG, parse_env_config=False)


class TestStandard(Suite):  # type: ignore[valid-type,misc]  # the SDK makes the class at run time
    """Every case of the suite, and a look at the vendor after each."""

    @pytest.fixture(autouse=True)
    def looked_at(
        self,
        target: ZendeskTarget,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        request: pytest.FixtureRequest,
    ) -> Iterator[None]:
        monkeypatch.setenv("ML_CONNECTOR_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("ML_CONNECTOR_KEY", KEY)
        CONFIG.clear()
        CONFIG.update(target.config, stream_maps=STREAM_MAPS, organization_fields=FIELDS)
        yield
        held = target.organizations
        case = request.node.name.removeprefix("test_target_")
        assert set(held) == HELD.get(case, set())
        if case == "duplicate_records":
            assert held["1"]["organization_fields"] == {"metric": 100}
        if case == "encoded_string_data":
            assert held["3"]["details"] == "简单的字串"
        assert (target.folder / "home" / "ledger.db").exists() == bool(held) or case not in HELD


def test_at_most_three_cases_are_left_out() -> None:
    assert left_out(TestStandard) == set(EXCLUDED)
    assert len(EXCLUDED) <= 3


def test_the_sdks_file_of_many_states_ends_with_its_last_one(target: ZendeskTarget) -> None:
    """No case of the suite any more: its wanted states encode when the SDK's own sinks drain."""
    file = TargetMultipleStateMessages().singer_filepath
    settings = {"stream_maps": STREAM_MAPS, "organization_fields": FIELDS}
    run = target.feed(file.read_bytes(), **settings).check(0)
    assert run.states[-1] == {"test_multiple_state_messages_a": 5, "test_multiple_state_messages_b": 6}
    assert run.outcomes == {"created": 12}
