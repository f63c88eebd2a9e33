"""The types that the installation has now: by version, bundle and what an administrator configured."""

from collections.abc import Mapping
from dataclasses import replace

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.oro.crm_types import CRM_TYPES
from ml_sandbox.oro.operation_types import OPERATION_TYPES
from ml_sandbox.oro.schema import Attribute, Kind, ResourceType, by_name
from ml_sandbox.oro.zendesk_types import ZENDESK_TYPES

ALL_TYPES: dict[str, ResourceType] = {
    item.name: item for item in (*CRM_TYPES, *ZENDESK_TYPES, *OPERATION_TYPES)
}
STEERING = ("version", "bundle", "extra_filters", "extra_actions", "extra_upserts", "case_attributes")
LONG = (Kind.TEXT,)


class Model:
    """The present types.

    Args:
        settings: those of the installation; a change of them changes the model at once.
    """

    def __init__(self, settings: VendorSettings) -> None:
        self._settings = settings
        self._built: tuple[tuple[object, ...], dict[str, ResourceType]] = ((), {})

    @property
    def version(self) -> tuple[int, ...]:
        """The release as numbers."""
        return tuple(int(part) for part in self._settings.text("version").split("."))

    @property
    def has_upsert(self) -> bool:
        """Whether ``meta.upsert`` is known (B1)."""
        return self.version >= (6, 0) or self._settings.flag("patched")

    @property
    def has_sync_batch(self) -> bool:
        """Whether ``X-Mode: sync`` is known (B1)."""
        return self.version >= (6, 1) or (self.version >= (6, 0) and self._settings.flag("patched"))

    @property
    def has_validate(self) -> bool:
        """Whether ``meta.validate`` is known (B1)."""
        return self.version >= (6, 1)

    @property
    def types(self) -> Mapping[str, ResourceType]:
        """Every type by name."""
        key = tuple(self._settings[name] for name in STEERING)
        if self._built[0] != key:
            self._built = (key, {name: self._present(item) for name, item in self._installed().items()})
        return self._built[1]

    def _installed(self) -> dict[str, ResourceType]:
        bundle = self._settings.flag("bundle")
        return {name: item for name, item in ALL_TYPES.items() if bundle or not item.bundle}

    def _present(self, item: ResourceType) -> ResourceType:
        filters = self._listed("extra_filters", item.name)
        custom = self._custom() if item.name == "cases" else ()
        attributes = [
            replace(attribute, filterable=attribute.filterable or attribute.name in filters)
            for attribute in (*item.attributes.values(), *custom)
            if self.version >= attribute.since
        ]
        upserts = {(attribute.name,) for attribute in attributes if attribute.database_unique}
        upserts |= {(name,) for name in self._listed("extra_upserts", item.name)}
        return replace(
            item,
            attributes=by_name(attributes),
            actions=item.actions | self._listed("extra_actions", item.name),
            upsert_fields=frozenset(upserts),
        )

    def _custom(self) -> tuple[Attribute, ...]:
        return tuple(
            _custom(text) for text in self._settings.text("case_attributes").split(",") if text.strip()
        )

    def _listed(self, setting: str, type_name: str) -> frozenset[str]:
        pairs = [text.strip().partition(".") for text in self._settings.text(setting).split(",")]
        return frozenset(name for owner, _, name in pairs if owner == type_name)


def _custom(text: str) -> Attribute:
    name, _, kind = text.strip().partition(":")
    found = Kind(kind.strip())
    return Attribute(name.strip(), found, 255 if found is Kind.STRING else None)
