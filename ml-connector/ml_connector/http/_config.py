"""What a session needs to know about the way to one system."""

from __future__ import annotations

import dataclasses
import ipaddress
import logging
import os
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from ml_connector import redaction
from ml_connector.errors import SystemFault

logger = logging.getLogger(__name__)

_PLAIN_NAMES = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})


@dataclasses.dataclass(frozen=True, slots=True)
class HttpConfig:
    """Address, timeouts, retries and trust for one system. Times are seconds.

    `system` names the system in messages (`zendesk`). `base_url` is prefixed to relative paths.
    `allowed_hosts` are the further hosts that the vendor may name in its answers: `host`, `host:port`, or
    `.suffix` for every name below it. TLS certificates are always verified.

    Raises SystemFault for an address that is none, for `http://` to another machine without
    `allow_plain_http`, and for certificate files that are missing.
    """

    system: str
    base_url: str
    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    max_retries: int = 5
    backoff: float = 1.0
    backoff_max: float = 60.0
    retry_after_max: float = 300.0
    retry_after_default: float = 60.0
    ca_bundle: str | None = None
    proxy: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    allow_plain_http: bool = False
    user_agent: str = "ml-connector"
    allowed_hosts: Sequence[str] = ()
    pool_size: int = 16

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", self.base_url.strip().rstrip("/"))
        parts = _split(self.base_url, self.system)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            self._judge_plain_http(parts.hostname or "")
        for name in ("ca_bundle", "client_cert", "client_key"):
            value = getattr(self, name)
            if value and not Path(value).exists():
                raise SystemFault(
                    f"{self.system}: no such file: {value}.", fix=f"Correct the setting `{name}`."
                )
        if self.client_key and not self.client_cert:
            raise SystemFault(f"{self.system}: `client_key` is set without `client_cert`.", fix="Set both.")

    @classmethod
    def from_settings(
        cls,
        settings: Mapping[str, Any],
        *,
        system: str,
        base_url: str | None = None,
        allowed_hosts: Sequence[str] = (),
        user_agent: str | None = None,
    ) -> Self:
        """Build it from a plugin's settings (`settings.HTTP_SETTINGS`); absent and null ones are defaults.

        `base_url` serves plugins that compute their address (a subdomain, a data centre); the setting wins.
        """
        address = settings.get("base_url") or base_url
        if not address:
            raise SystemFault(
                f"{system}: the setting `base_url` is missing.", fix="Set the system's address."
            )
        names = {field.name for field in dataclasses.fields(cls)} - {"system", "base_url", "allowed_hosts"}
        given = {name: settings[name] for name in names if settings.get(name) is not None}
        if user_agent and "user_agent" not in given:
            given["user_agent"] = user_agent
        proxy = given.get("proxy")
        if proxy:
            redaction.register(urllib.parse.urlsplit(str(proxy)).password)
        return cls(system=system, base_url=str(address), allowed_hosts=tuple(allowed_hosts), **given)

    @property
    def timeouts(self) -> tuple[float, float]:
        """Connect and read timeout, as requests takes them."""
        return (self.connect_timeout, self.read_timeout)

    @property
    def verify(self) -> bool | str:
        """The authorities to trust: `ca_bundle`, else those of the environment, else the built-in ones."""
        named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
        return self.ca_bundle or named or True

    @property
    def certificate(self) -> str | tuple[str, str] | None:
        """The client certificate, as requests takes it."""
        if self.client_cert and self.client_key:
            return (self.client_cert, self.client_key)
        return self.client_cert

    @property
    def host(self) -> str:
        """Host name of `base_url`."""
        return _split(self.base_url, self.system).hostname or ""

    def url(self, path: str) -> str:
        """Return `path` below `base_url`; a whole address is returned as it is."""
        if "://" in path.partition("?")[0]:
            return path
        return f"{self.base_url}/{path.lstrip('/')}"

    def is_own(self, url: str) -> bool:
        """Tell whether `url` may be sent credentials: the origin of `base_url`, or an allowed host.

        Neither a way back from TLS nor, but for a plain step up to TLS, another port is the same origin.
        """
        target, own = _split(url, self.system), _split(self.base_url, self.system)
        if _origin(target) == _origin(own):
            return True
        if target.scheme != "https" and own.scheme == "https":
            return False
        if _is_upgrade(own, target):
            return True
        return any(_matches(target, allowed) for allowed in self.allowed_hosts)

    def check_host(self, url: str) -> str:
        """Return `url` (a next link, an `api_domain`) if it is the vendor's own; SystemFault otherwise."""
        if not self.is_own(url):
            host = _split(url, self.system).netloc.rpartition("@")[2]
            raise SystemFault(
                f"{self.system} named an address on {host}, none of its own hosts: it is not called.",
                fix=f"Check `base_url`; known hosts: {', '.join([self.host, *self.allowed_hosts])}.",
            )
        return url

    def _judge_plain_http(self, host: str) -> None:
        if not self.allow_plain_http:
            raise SystemFault(
                f"{self.system}: http://{host} would send credentials in clear.",
                fix="Use https://, or permit it with `allow_plain_http: true`.",
            )
        logger.warning(
            "%s: http://%s is used without TLS: anybody on the way can read it.", self.system, host
        )


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this machine."""
    if host.lower().rstrip(".") in _PLAIN_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _split(url: str, system: str) -> urllib.parse.SplitResult:
    try:
        parts = urllib.parse.urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise SystemFault(
            f"{system}: {redaction.redact(url)!r} is not an address.",
            fix="Give one like https://host.example.com.",
        )
    return parts


def _origin(parts: urllib.parse.SplitResult) -> tuple[str, str, int]:
    default = 443 if parts.scheme == "https" else 80
    return (parts.scheme, (parts.hostname or "").lower().rstrip("."), parts.port or default)


def _is_upgrade(own: urllib.parse.SplitResult, target: urllib.parse.SplitResult) -> bool:
    to_tls = (own.scheme, target.scheme) == ("http", "https")
    return to_tls and own.hostname == target.hostname and {own.port, target.port} <= {None, 80, 443}


def _matches(target: urllib.parse.SplitResult, allowed: str) -> bool:
    _, host, port = _origin(target)
    name, _, wanted = allowed.lower().partition(":")
    if port != (int(wanted) if wanted else 443 if target.scheme == "https" else 80):
        return False
    return host.endswith(name) if name.startswith(".") else host == name
