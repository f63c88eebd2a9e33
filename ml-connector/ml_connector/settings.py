"""One vocabulary of settings: the same name, type, default and meaning in every plugin.

A plugin lists its own `Setting`s beside the common ones and turns them into the JSON schema that Singer and
Meltano read:

    SETTINGS = (*with_defaults(HTTP_SETTINGS, base_url="https://example.com"), *STORE_SETTINGS,
                Setting("client_secret", "Secret of the OAuth client.", secret=True, required=True))
    config_jsonschema = to_jsonschema(SETTINGS)
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from ml_connector.errors import SystemFault

Kind = Literal["string", "integer", "number", "boolean", "date-time", "object", "array"]


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a plugin.

    `secret` keeps the value out of logs and marks it sensitive for Meltano. `allowed` lists the only values
    that are accepted. `minimum`, `maximum` bound numbers, both inclusive. `items` is the JSON schema of an
    array's elements, or of an object's values.
    """

    name: str
    description: str
    kind: Kind = "string"
    default: Any = None
    secret: bool = False
    required: bool = False
    allowed: Sequence[Any] = ()
    minimum: float | None = None
    maximum: float | None = None
    items: Mapping[str, Any] | None = None

    def to_property(self) -> dict[str, Any]:
        """Return the JSON-schema property of this setting; one that is not required may be null."""
        kind = "string" if self.kind == "date-time" else self.kind
        prop: dict[str, Any] = {"type": [kind] if self.required else [kind, "null"]}
        if self.kind == "date-time":
            prop["format"] = "date-time"
        if self.kind == "array":
            prop["items"] = dict(self.items or {"type": ["string"]})
        if self.kind == "object" and self.items is not None:
            prop["additionalProperties"] = dict(self.items)
        if self.allowed:
            prop["enum"] = [*self.allowed, *([] if self.required else [None])]
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        prop.update({word: bound for word, bound in bounds.items() if bound is not None})
        if self.default is not None:
            prop["default"] = self.default
        if self.secret:
            prop.update(secret=True, writeOnly=True)
        prop["description"] = self.description
        return prop


def to_jsonschema(settings: Iterable[Setting]) -> dict[str, Any]:
    """Return the JSON schema object of `settings`; a name declared twice is a SystemFault."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for setting in settings:
        if setting.name in properties:
            raise SystemFault(f"The setting {setting.name!r} is declared twice.", fix="Declare it once.")
        properties[setting.name] = setting.to_property()
        if setting.required:
            required.append(setting.name)
    return {"type": "object", "properties": properties, "required": required}


def with_defaults(settings: Iterable[Setting], **defaults: Any) -> tuple[Setting, ...]:
    """Return `settings` with other defaults; a name that is not among them is a SystemFault.

    A setting that gets a default is no longer required.
    """
    known = tuple(settings)
    unknown = defaults.keys() - {setting.name for setting in known}
    if unknown:
        raise SystemFault(f"No such setting: {', '.join(sorted(unknown))}.")
    return tuple(
        dataclasses.replace(setting, default=defaults[setting.name], required=False)
        if setting.name in defaults
        else setting
        for setting in known
    )


def without(settings: Iterable[Setting], *names: str) -> tuple[Setting, ...]:
    """Return `settings` but for those of these names."""
    return tuple(setting for setting in settings if setting.name not in names)


def secrets_of(settings: Iterable[Setting], values: Mapping[str, Any]) -> list[str]:
    """Return the values that must never be shown: those of the secret settings, nested ones included."""
    found: list[str] = []
    for setting in settings:
        if setting.secret:
            found.extend(_texts(values.get(setting.name)))
    return found


def secrets_in(schema: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """As `secrets_of`, for settings that are given as their JSON schema."""
    properties = schema.get("properties", {})
    secret = [name for name, prop in properties.items() if prop.get("secret")]
    return [text for name in secret for text in _texts(values.get(name))]


def typed(schema: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return `values` with texts as numbers and booleans where `schema` wants those, without Decimals.

    A setting that is null is one that is not set: it is left out, so that its default counts.
    The vault and environment variables hold text only; a text that is no such value stays as it is, for
    validation to name it. The Singer SDK reads fractions as Decimal, and Decimal("0.05") is less than a
    minimum of 0.05.
    """
    properties = schema.get("properties", {})
    return {
        name: _typed(properties.get(name, {}), _plain(value))
        for name, value in values.items()
        if value is not None
    }


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested members by their full names: Meltano takes every dot in a name for a level."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": member for inner, member in flat(value).items()}
        else:
            found[name] = value
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _typed(prop: Mapping[str, Any], value: Any) -> Any:
    kinds = prop.get("type", ())
    if not isinstance(value, str) or "string" in kinds:
        return value
    text = value.strip()
    if "boolean" in kinds:
        return {"true": True, "false": False}.get(text.lower(), value)
    try:
        if "integer" in kinds or "number" in kinds:
            return int(text)
    except ValueError:
        with contextlib.suppress(ValueError):
            return float(text) if "number" in kinds else value
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return [] if value is None or isinstance(value, bool) or value == "" else [str(value)]


HTTP_SETTINGS: tuple[Setting, ...] = (
    Setting("base_url", "Address of the system, such as https://host.example.com.", required=True),
    Setting("connect_timeout", "Seconds to wait for a connection.", "number", 10, minimum=0.1),
    Setting("read_timeout", "Seconds to wait for each part of an answer.", "number", 120, minimum=0.1),
    Setting(
        "max_retries", "How often a request that failed in passing is repeated.", "integer", 5, minimum=0
    ),
    Setting(
        "backoff",
        "Seconds before the first repetition; each further one waits twice as long, with jitter.",
        "number",
        1,
        minimum=0,
    ),
    Setting("backoff_max", "Longest wait of the backoff, in seconds.", "number", 60, minimum=0),
    Setting("retry_after_max", "Longest Retry-After that is obeyed, in seconds.", "number", 300, minimum=0),
    Setting(
        "retry_after_default",
        "Seconds to wait after a 429 that names no time.",
        "number",
        60,
        minimum=0,
    ),
    Setting(
        "quota_share",
        "Share of the vendor's quota that this plugin may use; the rest stays free for others.",
        "number",
        0.7,
        minimum=0.01,
        maximum=1,
    ),
    Setting(
        "quota_max_wait",
        "Seconds to wait for the quota at most; a longer wait stops the run.",
        "number",
        900,
        minimum=0,
    ),
    Setting("ca_bundle", "File with the certificates of the authorities to trust (PEM)."),
    Setting("proxy", "Address of an HTTP proxy, such as http://proxy.example.com:3128.", secret=True),
    Setting("client_cert", "File with the client certificate (PEM)."),
    Setting("client_key", "File with the key of the client certificate (PEM)."),
    Setting(
        "allow_plain_http",
        "Permit http:// to a host other than this machine. Credentials then travel in clear.",
        "boolean",
        False,
    ),
    Setting("user_agent", "User-Agent header of each request."),
)
"""Settings of the transport, read by `ml_connector.http.HttpConfig.from_settings`."""

STORE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "token_store",
        "Folder of the encrypted tokens; by default `tokens` in $ML_CONNECTOR_HOME or in .ml-connector.",
    ),
    Setting(
        "login_retry_after",
        "Seconds in which refused credentials are not tried again, by any process.",
        "number",
        900,
        minimum=0,
    ),
)
"""Settings of the token store and the login gate, read by `ml_connector.auth`."""

COMMON_SETTINGS: tuple[Setting, ...] = (*HTTP_SETTINGS, *STORE_SETTINGS)
"""What every plugin that talks to a vendor declares."""
