"""What the Singer SDK's standard suite for targets leaves at a vendor, for the suites of all targets."""

from __future__ import annotations

from singer_sdk.testing.suites import target_tests

HELD: dict[str, set[str]] = {
    "array_data": {"1", "2", "3", "4"},
    "camelcase": {"1", "2"},
    "duplicate_records": {"1", "2"},
    "encoded_string_data": {
        *(f"{prefix}{number}" for number in range(1, 12) for prefix in ("", "o")),
        *(f"a{number}" for number in range(1, 7)),
    },
    "no_primary_keys": {"1", "2", "3"},
    "optional_attributes": {"1", "2", "3", "4"},
    "pk_updates": {"alice@example.com", "bob@example.com"},
    "record_missing_fields": {"1", "2"},
    "schema_no_properties": {"1", "2", "n1", "n2"},
    "schema_updates": {"1", "2", "3", "4", "5", "6"},
    "special_chars_in_attributes": {"a2e98886"},
}
"""The source's keys of all records after a case; none after any other. Keys are those of the mappings."""


def left_out(suite: type) -> set[str]:
    """The cases of the SDK's suite that a class does not run."""
    run = {name.removeprefix("test_target_") for name in dir(suite) if name.startswith("test_target_")}
    cases = {str(case.name) for case in target_tests.tests}
    assert len(cases) >= 16, "The SDK's suite has shrunk: look which cases are gone."
    return cases - run
