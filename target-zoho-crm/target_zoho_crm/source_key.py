"""The unique field in which a module keeps the key of the source's record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Self

from ml_connector.errors import SystemFault
from ml_connector.vendors.zoho import metadata
from target_zoho_crm.ladder import KeyRung


@dataclasses.dataclass(frozen=True, slots=True)
class SourceKey:
    """`field` of `module`, by which records are created and found again."""

    module: str
    field: str

    @classmethod
    def of(cls, rungs: Iterable[KeyRung], module: str) -> Self | None:
        """The source key of a ladder; None where it has none."""
        named = next((rung.field for rung in rungs if rung.kind == "source_key"), None)
        return None if named is None else cls(module, named)

    def check(self, known: Mapping[str, metadata.Field]) -> None:
        """Make sure that it is there, writable and unique.

        Raises:
            SystemFault: with the steps that make it so.
        """
        fault = self.fault(known)
        if fault is not None:
            raise fault

    def fault(self, known: Mapping[str, metadata.Field]) -> SystemFault | None:
        """What is wrong with it, and how to mend it."""
        found = known.get(self.field)
        if found is None:
            return SystemFault(
                f"{self.module} has no field {self.field}, which is to hold the source's key.",
                fix=f"{self._steps('add a Single Line field')} Its API name must be {self.field} "
                f"(Setup, Developer Hub, APIs, API names); or name another field in source_key.",
            )
        if not found.unique and not found.external:
            return SystemFault(
                f"{self.module}.{self.field} is not unique, so no upsert can find records by it.",
                fix=f"{self._steps(f'edit the field {found.label or self.field}')} No value may be there "
                "twice before.",
            )
        if found.read_only or not (found.creatable and found.updatable):
            return SystemFault(
                f"{self.module}.{self.field} is read-only for the user of this token.",
                fix="Setup, Users and Control, Profiles: give the user's profile edit rights on the field.",
            )
        return None

    def _steps(self, what: str) -> str:
        return (
            f"In Zoho: Setup, Customization, Modules and Fields, {self.module}, the layout in use: {what}, "
            "tick `Do not allow duplicate values`, save the layout, and let the profile of the token's user "
            "edit it."
        )
