"""Fields of tickets: the standard ones, and custom ones by id or by a name that the settings give.

Facts are from Zendesk's API reference; the names of its sections stand in brackets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.sync import Field
from ml_connector.vendors.zendesk.client import ZendeskClient
from target_zendesk_ml.bulk import TEXT, TEXTS, stored_tags, trimmed
from target_zendesk_ml.fields import FieldDefinitions, field_of

PREFIX = "custom_fields."
# What a ticket field's type is called where organizations and users have it (Ticket Fields).
_SAME_TYPE = {"tagger": "dropdown", "partialcreditcard": "text"}
_NUMBERS = frozenset({"integer", "decimal"})
_NUMBER: Mapping[str, Any] = {"type": ["integer", "null"]}
_TIME: Mapping[str, Any] = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}"}


def stored_time(value: Any) -> Any:
    """A time as Zendesk shows it: UTC, whole seconds, with Z."""
    if not isinstance(value, str):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored_text(value: Any) -> Any:
    """A text as Zendesk keeps it: cut at 64 kB without a word (Tickets), without blanks at its end."""
    if not isinstance(value, str):
        return value
    return value.encode()[:65_536].decode(errors="ignore")


def choice(*values: str) -> Mapping[str, Any]:
    """One of these, or nothing."""
    return {"enum": [*values, None]}


REQUESTER_ELSE = "requester_else"


def person(name: str, *, once: bool = False) -> Field:
    """A field that names a user, who may be an agent as well.

    The two have no kin: users and agents may come from two objects whose numbers mean nothing to each other.
    """
    return Field.reference(name, "users", writes="create" if once else "always")


STANDARD_FIELDS: tuple[Field, ...] = (
    Field("external_id", schema=TEXT, stored_form=trimmed),
    Field("subject", schema=TEXT, stored_form=trimmed),
    Field("type", schema=choice("problem", "incident", "question", "task")),
    Field("priority", schema=choice("urgent", "high", "normal", "low")),
    Field("status", schema=choice("new", "open", "pending", "hold", "solved", "closed")),
    Field("custom_status_id", schema=_NUMBER),
    Field("recipient", schema=TEXT),
    person("requester_id"),
    # Who asks in a new ticket of which nobody is the requester.
    person(REQUESTER_ELSE, once=True),
    person("submitter_id", once=True),
    Field.reference("assignee_id", "agents"),
    Field.reference("organization_id", "organizations"),
    Field.reference("problem_id", "tickets"),
    Field("group_id", schema=_NUMBER),
    Field("brand_id", schema=_NUMBER),
    Field("ticket_form_id", schema=_NUMBER),
    Field("due_at", schema=_TIME, stored_form=stored_time),
    Field("tags", kind="set", schema=TEXTS, stored_form=stored_tags),
    Field("requester.name", schema=TEXT, writes="create"),
    Field("requester.email", schema=TEXT, writes="create"),
    Field("comment.body", schema=TEXT, writes="create", stored_form=stored_text),
    Field("comment.html_body", schema=TEXT, writes="create"),
    Field("comment.public", schema={"type": ["boolean", "null"]}, writes="create"),
    person("comment.author_id", once=True),
)
IMPORTED_FIELDS: tuple[Field, ...] = (
    Field("created_at", schema=_TIME, writes="create", stored_form=stored_time),
    Field("updated_at", schema=_TIME, writes="create", stored_form=stored_time),
    Field("solved_at", schema=_TIME, writes="create", stored_form=stored_time),
    Field(
        "comments",
        schema={"type": ["array", "null"], "items": {"type": "object"}},
        writes="create",
    ),
)


class TicketFieldDefinitions(FieldDefinitions):
    """Custom ticket fields. They have no key: a flat name ends with the field's id, or with a name that the
    settings give to the field of an id or of a title (`ticket_fields`: `key`, and `id` or `title`).
    """

    def __init__(self, client: ZendeskClient, wanted: Sequence[Mapping[str, Any]], *, dry_run: bool) -> None:
        super().__init__(client, "ticket_field", wanted, dry_run=dry_run)
        self.prefix = PREFIX

    def read_known(self) -> dict[str, dict[str, Any]]:
        """Definitions by id and by name; one request shows all (Ticket Fields)."""
        listed: list[dict[str, Any]] = self._client.get(self._path).get("ticket_fields") or []
        known = {str(field["id"]): field for field in listed}
        for key, wanted in self._wanted.items():
            found = self._named(key, wanted, listed)
            if found is not None:
                known[key] = found
        return known

    def _named(
        self, key: str, wanted: Mapping[str, Any], listed: Sequence[dict[str, Any]]
    ) -> dict[str, Any] | None:
        if wanted.get("id") is not None:
            hits = [field for field in listed if str(field["id"]) == str(wanted["id"])]
            if not hits:
                raise SystemFault(
                    f"There is no ticket field {wanted['id']} in Zendesk.",
                    fix=f"Correct the id of {key} in ticket_fields, or name the field by its title.",
                )
        else:
            title = self.title_of(key, wanted).strip().casefold()
            hits = [field for field in listed if str(field.get("title") or "").strip().casefold() == title]
        if len(hits) > 1:
            raise SystemFault(
                f"{len(hits)} ticket fields have the title {self.title_of(key, wanted)}.",
                fix=f"Give {key} in ticket_fields the id of one of them: "
                f"{', '.join(str(field['id']) for field in hits)}.",
            )
        return hits[0] if hits else None

    def body(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        """Without the name, which is ours."""
        return {name: value for name, value in definition.items() if name != "key"}

    def fields(self) -> dict[str, Field]:
        """The definitions as fields of tickets, by flat name."""
        found = {}
        for key, definition in self.known().items():
            kind, name = str(definition.get("type") or "text"), self.prefix + key
            if definition.get("active", True):
                found[name] = field_of(name, {**definition, "type": _SAME_TYPE.get(kind, kind)})
        return found

    def sent(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Values by name as Zendesk takes them: by id."""
        return [{"id": int(self.known()[key]["id"]), "value": value} for key, value in values.items()]

    def shown(self, values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Values by flat name as the engine compares them: numbers come as texts."""
        by_id = {str(item.get("id")): item.get("value") for item in values}
        return {
            self.prefix + key: _number(str(definition.get("type")), by_id.get(str(definition["id"])))
            for key, definition in self.known().items()
            if str(definition.get("id")) in by_id
        }


def _number(kind: str, value: Any) -> Any:
    if kind not in _NUMBERS or not isinstance(value, str):
        return value
    try:
        return int(value) if kind == "integer" else float(value)
    except ValueError:
        return value
