"""Definitions of organization and user fields: read once, created when absent, never changed in type.

A write of an unknown key or a wrong option is not refused for certain (Organization Fields), so both are
known before anything is written.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.sync import Field
from ml_connector.vendors.zendesk.client import ZendeskClient

log = logging.getLogger(__name__)

# The JSON type of a value by the definition's type (Organization Fields: "Field types").
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "textarea": {"type": ["string", "null"]},
    "regexp": {"type": ["string", "null"]},
    "date": {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}"},
    "integer": {"type": ["integer", "null"]},
    "lookup": {"type": ["integer", "string", "null"]},
    "decimal": {"type": ["number", "null"]},
    "checkbox": {"type": ["boolean", "null"]},
    "dropdown": {"type": ["string", "null"]},
    "multiselect": {"type": ["array", "null"], "items": {"type": "string"}},
}
_OPTIONS = frozenset({"dropdown", "tagger", "multiselect"})


def day_of(value: Any) -> Any:
    """A date as Zendesk compares it: `2012-07-23T00:00:00Z` is the 23rd."""
    return value[:10] if isinstance(value, str) else value


class FieldDefinitions:
    """The custom fields of one object (`organization_field`, `user_field`), and those that the settings want.

    `container` is where a record and the settings keep them, `prefix` how their flat names begin.
    """

    def __init__(
        self, client: ZendeskClient, wrapper: str, wanted: Sequence[Mapping[str, Any]], *, dry_run: bool
    ) -> None:
        self._client = client
        self._wrapper = wrapper
        self.kind = wrapper.replace("_", " ")
        self.container = f"{wrapper}s"
        self.prefix = f"{self.container}."
        self._path = f"/api/v2/{self.container}"
        self._wanted = {str(field.get("key")): dict(field) for field in wanted}
        self._dry_run = dry_run
        self._known: dict[str, dict[str, Any]] | None = None

    def known(self) -> dict[str, dict[str, Any]]:
        """Definitions by key, as the account has them."""
        if self._known is None:
            self._known = self.read_known()
        return self._known

    def read_known(self) -> dict[str, dict[str, Any]]:
        """Ask the account."""
        listed = self._client.pages(self._path, self.container)
        return {str(field["key"]): field for field in listed}

    def title_of(self, key: str, wanted: Mapping[str, Any]) -> str:
        """The title of a field that is to be created."""
        return str(wanted.get("title") or key.replace("_", " ").capitalize())

    def body(self, definition: Mapping[str, Any]) -> Mapping[str, Any]:
        """A definition as Zendesk takes it."""
        return definition

    def require(self, keys: Sequence[str]) -> None:
        """Make sure that these keys exist with the type the settings name; create what is absent.

        Raises:
            SystemFault: a type clash, or a definition that cannot be created.
        """
        for key in keys:
            wanted, present = self._wanted.get(key), self.known().get(key)
            if wanted is not None and present is None:
                self._create(key, wanted)
            elif wanted is not None and present is not None:
                self._check_type(key, wanted, present)
                self._add_options(key, wanted, present)

    def _create(self, key: str, wanted: Mapping[str, Any]) -> None:
        definition = {"type": "text", **wanted, "title": self.title_of(key, wanted)}
        if self._dry_run:
            log.info("Would create the %s %s (%s).", self.kind, key, definition["type"])
            self.known()[key] = definition
            return
        response = self._client.send(
            "POST", self._path, {self._wrapper: self.body(definition)}, idempotent=False
        )
        fault = self._client.fault_of(response)
        if fault is not None:
            raise self._cannot_create(key, fault)
        self.known()[key] = self._client.object_of(response)[self._wrapper]
        log.info("Created the %s %s (%s).", self.kind, key, definition["type"])

    def _add_options(self, key: str, wanted: Mapping[str, Any], present: dict[str, Any]) -> None:
        """Add missing options; all present ones are sent too, since the vendor drops what is left out."""
        if present.get("type") not in _OPTIONS:
            return
        have = present.get("custom_field_options") or []
        values = {option.get("value") for option in have}
        missing = [
            option for option in wanted.get("custom_field_options") or [] if option["value"] not in values
        ]
        if not missing:
            return
        options = [*have, *missing]
        if not self._dry_run:
            kept = [
                {name: option.get(name) for name in ("id", "name", "value") if name in option}
                for option in options
            ]
            body = {self._wrapper: {"custom_field_options": kept}}
            response = self._client.send("PUT", f"{self._path}/{present['id']}", body, idempotent=True)
            present.update(self._client.object_of(response)[self._wrapper])
        else:
            present["custom_field_options"] = options
        log.info("Added %d options to the %s %s.", len(missing), self.kind, key)

    def fields(self) -> dict[str, Field]:
        """The definitions as fields of the object, by flat name."""
        return {
            self.prefix + key: field_of(self.prefix + key, definition)
            for key, definition in self.known().items()
            if definition.get("active", True)
        }

    def _check_type(self, key: str, wanted: Mapping[str, Any], present: Mapping[str, Any]) -> None:
        kind = str(wanted.get("type") or "text")
        if present.get("type") != kind:
            raise SystemFault(
                f"{self.kind.capitalize()} {key} is of type {present.get('type')} in Zendesk, {kind} in the "
                "settings.",
                fix="Types cannot be changed in Zendesk: use another key, or delete the field there.",
            )

    def _cannot_create(self, key: str, fault: ConnectorError) -> SystemFault:
        return SystemFault(
            f"The {self.kind} {key} could not be created: {fault.message}",
            fix=f"Correct its definition in {self.container}, or create it in Zendesk's admin center.",
        )


def field_of(name: str, definition: Mapping[str, Any]) -> Field:
    """A definition as a field of its object."""
    kind = str(definition.get("type") or "text")
    schema = dict(_VALUES.get(kind, {}))
    values = [str(option["value"]) for option in definition.get("custom_field_options") or []]
    if kind == "dropdown":
        schema["enum"] = [*values, None]
    elif kind == "multiselect":
        schema["items"] = {"type": "string", "enum": values}
    if kind == "date":
        return Field(name, schema=schema, stored_form=day_of)
    return Field(name, kind="set" if kind == "multiselect" else "value", schema=schema)
