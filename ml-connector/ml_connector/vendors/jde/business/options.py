"""What a site decides about customers, suppliers and contacts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

from ml_connector.settings import Setting

BUSINESS_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "company",
        "Company (CO) of the row of F03012 that is a customer's: its line of business.",
        default="00000",
    ),
    Setting(
        "current_address",
        "Which row of F0116 is the current address. `master`: that of F0101.EFTB, else the newest that has "
        "begun. `date`: always the newest that has begun.",
        default="master",
        allowed=("master", "date"),
    ),
    Setting(
        "fax_types",
        "Phone types (PHTP) of fax numbers.",
        "array",
        default=["FAX"],
        items={"type": ["string"]},
    ),
    Setting(
        "mobile_types",
        "Phone types (PHTP) of mobile numbers.",
        "array",
        default=["CAR", "CELL"],
        items={"type": ["string"]},
    ),
    Setting(
        "email_types",
        "Types (ETP) of e-mail addresses.",
        "array",
        default=["E"],
        items={"type": ["string"]},
    ),
    Setting(
        "website_types",
        "Types (ETP) of internet addresses.",
        "array",
        default=["I"],
        items={"type": ["string"]},
    ),
    Setting(
        "contact_search_types",
        "Search types (F0101.AT1) of the address numbers whose contacts are read, such as `[C, V]`. By "
        "default those of all.",
        "array",
        items={"type": ["string"]},
    ),
)
"""Settings of whoever reads business records."""

_DEFAULTS = {setting.name: setting.default for setting in BUSINESS_SETTINGS}


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """The settings of `BUSINESS_SETTINGS`; `search_types` are those of contacts, none for all."""

    company: str
    address_by_date: bool
    fax: frozenset[str]
    mobile: frozenset[str]
    email: frozenset[str]
    website: frozenset[str]
    search_types: frozenset[str]

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Build it from a plugin's settings; absent and null ones are defaults."""

        def given(name: str) -> Any:
            value = settings.get(name)
            return _DEFAULTS[name] if value is None else value

        def types(name: str) -> frozenset[str]:
            return frozenset(str(each).strip() for each in given(name) or ())

        return cls(
            company=str(given("company")),
            address_by_date=given("current_address") == "date",
            fax=types("fax_types"),
            mobile=types("mobile_types"),
            email=types("email_types"),
            website=types("website_types"),
            search_types=types("contact_search_types"),
        )
