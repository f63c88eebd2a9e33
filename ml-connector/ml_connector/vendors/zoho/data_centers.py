"""Where an organisation lives: the hosts of Zoho's data centres (Multi DC, official SDK).

A suffix cannot be derived from another: they are a table.
"""

from __future__ import annotations

import dataclasses
import logging
import urllib.parse
from collections.abc import Mapping
from typing import Any, Self

from ml_connector.errors import SystemFault

logger = logging.getLogger(__name__)

ENVIRONMENTS = {"production": "www.", "sandbox": "sandbox.", "developer": "developer."}
"""Environment -> the first part of its API host."""


@dataclasses.dataclass(frozen=True, slots=True)
class DataCenter:
    """Hosts of one data centre; `content` (file upload) is None where no public page names it."""

    accounts: str
    api: str
    content: str | None

    def api_in(self, environment: str) -> str:
        """The API host of an environment."""
        return ENVIRONMENTS[environment] + self.api.removeprefix("www.")


DATA_CENTERS: dict[str, DataCenter] = {
    "us": DataCenter("accounts.zoho.com", "www.zohoapis.com", "content.zohoapis.com"),
    "eu": DataCenter("accounts.zoho.eu", "www.zohoapis.eu", "content.zohoapis.eu"),
    "in": DataCenter("accounts.zoho.in", "www.zohoapis.in", "content.zohoapis.in"),
    "au": DataCenter("accounts.zoho.com.au", "www.zohoapis.com.au", "content.zohoapis.com.au"),
    "jp": DataCenter("accounts.zoho.jp", "www.zohoapis.jp", "content.zohoapis.jp"),
    "cn": DataCenter("accounts.zoho.com.cn", "www.zohoapis.com.cn", "content.zohoapis.com.cn"),
    "ca": DataCenter("accounts.zohocloud.ca", "www.zohoapis.ca", "upload.zohocloud.ca"),
    "sa": DataCenter("accounts.zoho.sa", "www.zohoapis.sa", "files.zoho.sa"),
    "uk": DataCenter("accounts.zoho.uk", "www.zohoapis.uk", None),
}
"""Data centre -> hosts. Those of `uk` but for the first follow the others; no public page confirms them."""


@dataclasses.dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses that one installation uses, without a slash at the end.

    `api_is_given`, `content_is_given`: by a setting, which nothing that Zoho answers replaces.
    """

    accounts: str
    api: str
    content: str | None
    api_is_given: bool = False
    content_is_given: bool = False
    environment: str = "production"

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Build them from `data_center`, `environment`, and `accounts_url`, `api_url`, `content_url`."""
        name = str(settings.get("data_center") or "us")
        center = DATA_CENTERS.get(name)
        if center is None:
            raise SystemFault(
                f"zoho-crm: no data centre is named {name!r}.", fix=f"Known: {', '.join(DATA_CENTERS)}."
            )
        accounts, api, content = (_given(settings, f"{kind}_url") for kind in ("accounts", "api", "content"))
        environment = str(settings.get("environment") or "production")
        host = center.api_in(environment)
        return cls(
            accounts or f"https://{center.accounts}",
            api or f"https://{host}",
            content or (f"https://{center.content}" if center.content else None),
            bool(api),
            bool(content),
            environment,
        )

    def led_by(self, api_domain: str | None) -> Self:
        """The addresses after a login that named `api_domain`.

        It is honoured where it is a host of the table; a setting stays what it is. Any other is never called.
        Where another environment than production is set, it chooses the data centre alone: a run that is
        meant for a sandbox must not reach the organisation itself.
        """
        named = (api_domain or "").rstrip("/")
        if not named or named == self.api or self.api_is_given:
            return self
        center = _center_of(named)
        if center is None:
            host = urllib.parse.urlsplit(named).netloc or named
            logger.warning(
                "zoho-crm: the login named the API host %s, none of Zoho's: %s is used. "
                "Set `api_url` if it is yours.",
                host[:100],
                self.api,
            )
            return self
        content = self.content
        if not self.content_is_given:
            content = f"https://{center.content}" if center.content else None
        if self.environment != "production":
            named = f"https://{center.api_in(self.environment)}"
        return dataclasses.replace(self, api=named, content=content)


def _given(settings: Mapping[str, Any], name: str) -> str | None:
    value = settings.get(name)
    return str(value).strip().rstrip("/") if value else None


def _center_of(address: str) -> DataCenter | None:
    return next(
        (
            center
            for center in DATA_CENTERS.values()
            if address in {f"https://{center.api_in(environment)}" for environment in ENVIRONMENTS}
        ),
        None,
    )
