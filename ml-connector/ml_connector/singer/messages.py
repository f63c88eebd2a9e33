"""Whether messages have the members that a target reads. What is wrong is named, never its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from singer_sdk.exceptions import RecordsWithoutSchemaException

from ml_connector.singer.lines import BadInput


class RecordBeforeSchema(BadInput, RecordsWithoutSchemaException):
    """A message about records of a stream that had no SCHEMA yet."""


def before_schema(what: str, stream: str, position: int) -> RecordBeforeSchema:
    """The error for it."""
    return RecordBeforeSchema(
        f"Line {position}: {what} of stream {stream} came before its SCHEMA.",
        fix="Correct the tap: SCHEMA comes first.",
    )


def check_schema(message: Mapping[str, Any], position: int) -> None:
    """Raise BadInput for a SCHEMA that lacks a member."""
    stream, schema = message.get("stream"), message.get("schema")
    if not isinstance(stream, str) or not isinstance(schema, dict) or "properties" not in schema:
        raise BadInput(
            f"Line {position}: a SCHEMA needs stream, schema and schema.properties"
            f"{f' (stream {stream})' if stream else ''}.",
            fix="Correct the tap.",
        )


def check_record(message: Mapping[str, Any], position: int) -> None:
    """Raise BadInput for a RECORD that lacks a member, or has one of another form."""
    if not isinstance(message.get("stream"), str) or not isinstance(message.get("record"), dict):
        raise BadInput(f"Line {position}: a RECORD needs stream and record.", fix="Correct the tap.")
    if not _is_letter(message.get("_ml_letter")):
        raise BadInput(
            f"Line {position}: _ml_letter is no reference to a letter (id, overlay).",
            fix="Correct the tap; only tap-dead-letters sets it.",
        )
    version = message.get("version")
    if version is not None and not _is_version(version):
        raise BadInput(f"Line {position}: the version of a RECORD is a whole number.", fix="Correct the tap.")


def check_activation(message: Mapping[str, Any], position: int) -> None:
    """Raise BadInput for an ACTIVATE_VERSION that lacks a member."""
    if not isinstance(message.get("stream"), str) or not _is_version(message.get("version")):
        raise BadInput(
            f"Line {position}: an ACTIVATE_VERSION needs stream and version, a whole number.",
            fix="Correct the tap.",
        )


def _is_version(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_letter(value: Any) -> bool:
    """Whether a message carries no letter, or a well-formed one."""
    if value is None:
        return True
    if not isinstance(value, dict) or not isinstance(value.get("id"), int):
        return False
    return value.get("overlay") is None or isinstance(value["overlay"], dict)
