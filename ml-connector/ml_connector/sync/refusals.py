"""Why the planner refuses a record, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ml_connector.errors import RecordFault


def unknown_create() -> RecordFault:
    """A create whose outcome nobody knows is not repeated."""
    return RecordFault(
        "A create of this record was sent by a run that died, and its outcome is unknown.",
        cause="unknown",
        fix="Look whether the record exists. If it does not, replay this letter; else discard it.",
    )


def unchangeable(object_name: str, fields: Collection[str]) -> RecordFault:
    """A record that only grows by new ones cannot take a change."""
    return RecordFault(
        f"The source changed {', '.join(sorted(fields))}, but what is written to {object_name} stays.",
        cause="unchangeable",
        field=min(fields),
        fix="Correct it by hand in the target where it matters, then discard this letter.",
    )


def waits_for(identity: str, object_name: str, field_name: str | None = None) -> RecordFault:
    """The parent is not there yet."""
    return RecordFault(
        f"Waits for the {object_name} record of {identity}.", cause="waiting", field=field_name
    )


def unknown_object(field_name: str, object_name: str, known: Collection[str]) -> RecordFault:
    """A candidate of a reference is not of this target."""
    return RecordFault(
        f"{field_name} names a record of {object_name}, an object that the target does not have.",
        cause="mapping",
        field=field_name,
        fix=f"Name one of {', '.join(sorted(known))} in stream_maps, then replay.",
    )


def same_candidate(key: str, given: Mapping[str, str]) -> RecordFault:
    """Two records of one batch cannot be the same one."""
    return RecordFault(
        f"Two records of this batch match the same record {key}; the other is {given[key]}.",
        cause="ambiguous",
        fix="Give one of them another key, then replay.",
    )
