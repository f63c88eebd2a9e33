"""The run's audit id and the time of the write, in custom fields of the records that are written.

They are no mapped fields, so nothing compares them and no record is written for their sake.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any, Protocol

from ml_connector.errors import SystemFault

_DAY = "%Y-%m-%d"
_SECOND = "%Y-%m-%dT%H:%M:%SZ"


class Definitions(Protocol):
    """The custom fields of one object."""

    kind: str

    def known(self) -> Mapping[str, Mapping[str, Any]]:
        """Definitions by key."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stamps:
    """The keys of the two fields; None writes none."""

    audit_field: str | None = None
    synced_at_field: str | None = None

    @property
    def keys(self) -> list[str]:
        """The fields that are wanted."""
        return [key for key in (self.audit_field, self.synced_at_field) if key]

    @property
    def wanted(self) -> list[dict[str, Any]]:
        """Their definitions, where they are created."""
        return [{"key": key, "type": "text"} for key in self.keys if not key.isdecimal()]

    def check(self, definitions: Definitions) -> None:
        """Refuse a field that is not there and cannot be created.

        Raises:
            SystemFault: it names the field.
        """
        missing = [key for key in self.keys if key not in definitions.known()]
        if missing:
            raise SystemFault(
                f"There is no {definitions.kind} {', '.join(missing)} in Zendesk.",
                fix="Correct audit_field or synced_at_field.",
            )

    def values(self, definitions: Definitions, run_id: int) -> dict[str, Any]:
        """The values of a write now, by key: of a date field the day."""
        if not self.keys:
            return {}
        found: dict[str, Any] = {}
        if self.audit_field:
            kind = definitions.known()[self.audit_field].get("type")
            found[self.audit_field] = run_id if kind in ("integer", "decimal") else str(run_id)
        if self.synced_at_field:
            kind = definitions.known()[self.synced_at_field].get("type")
            found[self.synced_at_field] = time.strftime(_DAY if kind == "date" else _SECOND, time.gmtime())
        return found
