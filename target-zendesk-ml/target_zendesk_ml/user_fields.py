"""The standard fields of users, and between which names they are translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_connector.sync import Field
from target_zendesk_ml.bulk import FLAG, TEXT, TEXTS, stored_tags, trimmed
from target_zendesk_ml.emails import stored_email

ORGANIZATION = "organization_external_id"
ENDED = "ended"
_EMAIL: Mapping[str, Any] = {"type": ["string", "null"], "pattern": r"^\s*([^@\s]+@[^@\s]+)?\s*$"}


def _ended(value: Any) -> Any:
    """Only an end says something: a contact who goes on is no reason to free a suspended user."""
    return True if value else None


def standard_fields(*, allow_agents: bool, move: bool, suspend: bool) -> tuple[Field, ...]:
    """Role, suspension, verification and organization are given to new users only.

    `move`: the organization of existing users follows. `suspend`: so does `ended`, as their suspension.
    """
    roles = ["end-user", "agent", "admin", None] if allow_agents else ["end-user", None]
    return (
        Field("name", schema={"type": "string", "pattern": r"\S"}, stored_form=trimmed),
        Field("email", schema=_EMAIL, unique=True, stored_form=stored_email),
        Field("external_id", schema=TEXT, stored_form=trimmed),
        Field(
            ORGANIZATION,
            kind="reference",
            refers_to="organizations",
            schema={"type": ["string", "integer", "null"]},
            writes="always" if move else "create",
        ),
        Field("phone", schema=TEXT, stored_form=trimmed),
        Field("alias", schema=TEXT),
        Field("details", schema=TEXT),
        Field("notes", schema=TEXT),
        Field("tags", kind="set", schema=TEXTS, stored_form=stored_tags),
        Field("time_zone", schema=TEXT),
        Field("locale", schema=TEXT),
        Field("role", schema={"enum": roles}, writes="create"),
        Field("suspended", schema=FLAG, writes="create"),
        Field("verified", schema=FLAG, writes="create"),
        Field(
            ENDED,
            schema={"type": ["boolean", "null"]},
            stored_form=_ended,
            writes="always" if suspend else "never",
            write_blanks=True,
        ),
    )


def shown(name: str, row: Mapping[str, Any]) -> Any:
    """What a row of Zendesk shows of a field."""
    if name == "email":
        return stored_email(row.get("email"))
    if name == ORGANIZATION:
        return row.get("organization_id")
    if name == ENDED:
        return _ended(row.get("suspended"))
    return row.get(name)


def sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by Zendesk's names."""
    named = dict(values)
    if ORGANIZATION in named:
        named["organization_id"] = named.pop(ORGANIZATION)
    if ENDED in named:
        named["suspended"] = bool(named.pop(ENDED))
    return named
