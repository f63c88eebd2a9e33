"""Which record an upsert changes (UPS, UPX)."""

from collections.abc import Sequence
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import flat, invalid_body
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization

Match = tuple[Row | None, str | None]


class Snapshot:
    """Matches taken before a batch began: equal keys of one batch do not see each other then."""

    def __init__(self, matches: Sequence[tuple[Row, Match]]) -> None:
        self._matches = {id(item): match for item, match in matches}

    def match(self, item: Row) -> Match:
        """The record that an item matched."""
        return self._matches[id(item)]


class Matching:
    """Finds records by unique fields and the system field."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._settings = organization.settings

    def order(self, module: Module, asked: Any) -> list[str]:
        """The fields in the order in which they are checked.

        A list never limits the check to its members: the remaining unique fields follow. The system field is
        ignored unless it is listed, or no list was given.
        """
        unique = [found.api_name for found in module.unique_fields()]
        system = [module.duplicate_field] if module.duplicate_field in module.fields else []
        if asked is None:
            return [*[str(name) for name in system if name not in unique], *unique]
        if not isinstance(asked, list):
            raise invalid_body("$.duplicate_check_fields", "jsonarray")
        for position, name in enumerate(asked):
            if name not in unique and name not in system:
                details = {
                    "api_name": "duplicate_check_fields",
                    "json_path": f"$.duplicate_check_fields[{position}]",
                    "supported_values": [*[str(known) for known in system], *unique],
                }
                raise flat(400, "INVALID_DATA", "invalid data", details)
        return list(dict.fromkeys([*(str(name) for name in asked), *unique]))

    def before(self, module: Module, data: list[Row], order: list[str]) -> Snapshot | None:
        """The matches of all items before anything is written, where the organisation works so."""
        if self._settings.text("upsert_twins") == "update":
            return None
        return Snapshot([(item, self.find(module, item, order)) for item in data])

    def find(self, module: Module, item: Row, order: list[str]) -> Match:
        """The record that an item changes and the field that matched; None for a new record."""
        given = item.get("id")
        if given not in (None, "") and self._settings.flag("upsert_id_first"):
            return module.records.get(str(given)), None
        for name in order:
            value = item.get(name)
            holders = module.holders(name, value) if isinstance(value, str | int) else []
            if holders:
                newest = self._settings.text("upsert_several") == "newest"
                return holders[-1 if newest else 0], name
        if given not in (None, ""):
            return module.records.get(str(given)), None
        return None, None
