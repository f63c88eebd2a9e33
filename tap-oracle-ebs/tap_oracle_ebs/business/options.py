"""What the settings say about business records."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

from ml_connector.errors import SystemFault

PURCHASING, ORDER_MANAGEMENT, BOTH = "purchasing", "order_management", "both"


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """Units in order of preference, routes of documents, time windows, currencies, the GL check."""

    units: tuple[int, ...] = ()
    orders_from: str = PURCHASING
    validate_gl: bool = True
    currency: str | None = None
    rate_type: str = "Corporate"
    recent_days: int = 90
    document_limit: int = 100
    po_types: tuple[str, ...] = ("STANDARD",)
    po_statuses: tuple[str, ...] = ("APPROVED", "PRE-APPROVED", "IN PROCESS", "REQUIRES REAPPROVAL")
    credit_currency: str | None = None

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Build it from the tap's settings; absent and null ones are defaults."""
        given = {name: settings.get(name) for name in ("orders_from", "validate_gl", "rate_type")}
        given |= {name: settings.get(name) for name in ("recent_days", "document_limit", "credit_currency")}
        given["currency"] = settings.get("summary_currency")
        # An empty text, as an environment variable may have, is no currency.
        given |= {name: given[name] or None for name in ("currency", "credit_currency", "rate_type")}
        for name in ("po_types", "po_statuses"):
            given[name] = _listed(settings, name)
        given["units"] = tuple(int(unit) for unit in settings.get("org_ids") or ())
        return cls(**{name: value for name, value in given.items() if value is not None})

    @property
    def from_purchasing(self) -> bool:
        """Whether purchase orders and supplier invoices count."""
        return self.orders_from in {PURCHASING, BOTH}

    @property
    def from_order_management(self) -> bool:
        """Whether sales orders and receivables count."""
        return self.orders_from in {ORDER_MANAGEMENT, BOTH}

    def preference(self, unit: int | None) -> int:
        """Return the place of an operating unit in the order of preference."""
        return self.units.index(unit) if unit in self.units else len(self.units)


def _listed(settings: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    listed = settings.get(name)
    if listed is None:
        return None
    values = tuple(str(item).strip() for item in listed)
    if not values or not all(values) or any("," in value for value in values):
        raise SystemFault(
            f"The setting `{name}` is {list(listed)!r}, by which no purchase order could count.",
            fix="Name those that count, one by one, or leave it out for the usual ones.",
        )
    return values
