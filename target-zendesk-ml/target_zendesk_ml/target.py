"""target-zendesk-ml: settings, objects, checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import ConnectorError
from ml_connector.settings import COMMON_SETTINGS, Setting, to_jsonschema, without
from ml_connector.singer.command import Check
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.settings import TARGET_SETTINGS
from ml_connector.singer.target import ConnectorTarget
from target_zendesk_ml.client import SYSTEM, ZendeskClient
from target_zendesk_ml.fields import FieldDefinitions
from target_zendesk_ml.jobs import JobRunner, Pace
from target_zendesk_ml.organizations import Organizations

SETTINGS: tuple[Setting, ...] = (
    Setting("subdomain", "The account: the part of its address before .zendesk.com."),
    Setting("base_url", "Address of the account, instead of the subdomain."),
    Setting(
        "auth_mode",
        "How to log in: client_credentials (an OAuth client of an admin), refresh_token, or api_token.",
        default="client_credentials",
        allowed=("client_credentials", "refresh_token", "api_token"),
    ),
    Setting("client_id", "Identifier of the OAuth client."),
    Setting("client_secret", "Secret of the OAuth client.", secret=True),
    Setting("refresh_token", "First refresh token; later ones are kept in the token store.", secret=True),
    Setting("scope", "Scopes to ask for, separated by blanks.", default="read write"),
    Setting(
        "token_lifetime",
        "Seconds that an access token is asked to live.",
        "integer",
        7200,
        minimum=300,
        maximum=172800,
    ),
    Setting("email", "E-mail of the user behind the API token."),
    Setting("api_token", "API token, for accounts that still have one.", secret=True),
    Setting(
        "organization_fields",
        "Organization fields that the mapping writes: key, title, type, custom_field_options as in Zendesk's "
        "API. Absent ones are created.",
        "array",
        items={"type": "object", "required": ["key"]},
    ),
    Setting(
        "name_taken",
        "A name that another organization holds: suffix appends the external id, reject makes a letter.",
        default="suffix",
        allowed=("suffix", "reject"),
    ),
    Setting("two_way", "Somebody else changes mapped fields too: read before each write.", "boolean", False),
    Setting("job_first_poll", "Seconds before a job is first looked at.", "number", 5, minimum=0.05),
    Setting("job_poll", "Seconds between looks at running jobs.", "number", 3, minimum=0.05),
    Setting("job_timeout", "Seconds after which a job counts as stuck.", "number", 900, minimum=1),
    *without(COMMON_SETTINGS, "base_url"),
    *TARGET_SETTINGS,
)


class TargetZendesk(ConnectorTarget):
    """Writes organizations to Zendesk in bulk and verifies what became of each record."""

    name = "target-zendesk-ml"
    system = SYSTEM
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(SETTINGS)

    @cached_property
    def client(self) -> ZendeskClient:
        """The session with the account, opened when first needed."""
        return ZendeskClient(self.config)

    @cached_property
    def definitions(self) -> FieldDefinitions:
        """The account's organization fields."""
        wanted = self.config.get("organization_fields") or []
        return FieldDefinitions(self.client, wanted, dry_run=bool(self.config.get("dry_run")))

    def make_objects(self) -> Mapping[str, VendorObject]:
        """Organizations."""
        pace = Pace(
            first_poll=float(self.config["job_first_poll"]),
            poll=float(self.config["job_poll"]),
            timeout=float(self.config["job_timeout"]),
        )
        organizations = Organizations(
            self.client,
            JobRunner(self.client, pace),
            self.definitions,
            name_taken=str(self.config["name_taken"]),
            two_way=bool(self.config.get("two_way")),
        )
        return {"organizations": organizations}

    def numbers(self) -> Mapping[str, Any]:
        """Requests, retries and quota."""
        return self.client.numbers() if "client" in self.__dict__ else {}

    def checks(self) -> Iterable[Check]:
        """Ledger, login, role, scope, field definitions."""
        yield from super().checks()
        user = self.client.get("/api/v2/users/me").get("user") or {}
        yield Check("login", ok=bool(user.get("id")), detail=f"signed in as {user.get('email')}")
        role = user.get("role")
        yield Check(
            "role",
            ok=role == "admin",
            detail=f"the user is {role}",
            fix=""
            if role == "admin"
            else "Give the client an admin as its user: fields and bulk jobs need one.",
        )
        yield self._check_write_scope()
        yield from self._check_fields()

    def _check_write_scope(self) -> Check:
        if self.config.get("auth_mode") == "api_token":
            return Check("scope", ok=True, detail="an API token has the rights of its user")
        token = self.client.get("/api/v2/oauth/tokens/current").get("token") or {}
        scopes = [str(scope) for scope in token.get("scopes") or []]
        ok = {"read", "write"} <= set(scopes)
        fix = "" if ok else "Set scope to `read write` and allow both on the OAuth client."
        return Check("scope", ok=ok, detail=f"the token has {' '.join(scopes) or 'no scopes'}", fix=fix)

    def _check_fields(self) -> Iterable[Check]:
        try:
            known = self.definitions.known()
        except ConnectorError as error:
            yield Check("organization_fields", ok=False, detail=error.message, fix=error.fix)
            return
        for wanted in self.config.get("organization_fields") or []:
            key, kind = str(wanted["key"]), str(wanted.get("type") or "text")
            present = known.get(key)
            ok = present is None or present.get("type") == kind
            detail = "will be created" if present is None else f"is of type {present.get('type')}"
            fix = "" if ok else f"The settings say {kind}: use another key, or delete the field in Zendesk."
            yield Check(f"organization field {key}", ok=ok, detail=detail, fix=fix)

    def close(self) -> None:
        """End the session."""
        if "client" in self.__dict__:
            self.client.close()
