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
from target_zendesk_ml.bulk import Tools
from target_zendesk_ml.client import SYSTEM, ZendeskClient
from target_zendesk_ml.fields import FieldDefinitions
from target_zendesk_ml.jobs import JobRunner, Pace
from target_zendesk_ml.organizations import Organizations
from target_zendesk_ml.users import UserRules, Users

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
    Setting(
        "user_fields",
        "User fields that the mapping writes, in the form of organization_fields. Absent ones are created.",
        "array",
        items={"type": "object", "required": ["key"]},
    ),
    Setting(
        "send_verification",
        "Let Zendesk send a verification mail to new users and new e-mail addresses.",
        "boolean",
        False,
    ),
    Setting(
        "allow_agents",
        "Write to users who are agents or admins, and permit these roles to new users. Otherwise a record "
        "whose user is one becomes a letter.",
        "boolean",
        False,
    ),
    Setting(
        "old_email",
        "The former address of a user whose address changed: keep it as a secondary one, or remove it.",
        default="keep",
        allowed=("keep", "remove"),
    ),
    Setting(
        "on_moved",
        "A user whose record names another organization: leave the user where they are and report it, or "
        "move. A moved user has the new organization only: Zendesk takes them out of all others.",
        default="leave",
        allowed=("leave", "move"),
    ),
    Setting(
        "on_ended",
        "A user whose record says `ended`: leave them and report it, or suspend (and free them again when "
        "the record goes on).",
        default="leave",
        allowed=("leave", "suspend"),
    ),
    Setting(
        "parallel",
        "How many single calls may be under way at once, where there is no job for it.",
        "integer",
        4,
        minimum=1,
        maximum=32,
    ),
    Setting("two_way", "Somebody else changes mapped fields too: read before each write.", "boolean", False),
    Setting("job_first_poll", "Seconds before a job is first looked at.", "number", 5, minimum=0.05),
    Setting("job_poll", "Seconds between looks at running jobs.", "number", 3, minimum=0.05),
    Setting("job_timeout", "Seconds after which a job counts as stuck.", "number", 900, minimum=1),
    *without(COMMON_SETTINGS, "base_url"),
    *TARGET_SETTINGS,
)


class TargetZendesk(ConnectorTarget):
    """Writes organizations and users to Zendesk in bulk and verifies what became of each record."""

    name = "target-zendesk-ml"
    system = SYSTEM
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(SETTINGS)
    _users: Users | None = None

    @cached_property
    def client(self) -> ZendeskClient:
        """The session with the account, opened when first needed."""
        return ZendeskClient(self.config)

    @cached_property
    def organization_fields(self) -> FieldDefinitions:
        """The account's organization fields."""
        return self._definitions("organization_field")

    @cached_property
    def user_fields(self) -> FieldDefinitions:
        """The account's user fields."""
        return self._definitions("user_field")

    def _definitions(self, wrapper: str) -> FieldDefinitions:
        wanted = self.config.get(f"{wrapper}s") or []
        return FieldDefinitions(self.client, wrapper, wanted, dry_run=bool(self.config.get("dry_run")))

    def make_objects(self) -> Mapping[str, VendorObject]:
        """Organizations and users."""
        pace = Pace(
            first_poll=float(self.config["job_first_poll"]),
            poll=float(self.config["job_poll"]),
            timeout=float(self.config["job_timeout"]),
        )
        tools = Tools(self.client, JobRunner(self.client, pace), int(self.config["parallel"]))
        two_way = bool(self.config.get("two_way"))
        organizations = Organizations(
            tools, self.organization_fields, name_taken=str(self.config["name_taken"]), two_way=two_way
        )
        rules = UserRules(
            allow_agents=bool(self.config["allow_agents"]),
            send_verification=bool(self.config["send_verification"]),
            remove_old_email=self.config["old_email"] == "remove",
            move=self.config["on_moved"] == "move",
            suspend=self.config["on_ended"] == "suspend",
        )
        self._users = Users(tools, self.user_fields, organizations, rules, two_way=two_way)
        return {"organizations": organizations, "users": self._users}

    def numbers(self) -> Mapping[str, Any]:
        """Requests, retries and quota; and that bulk user imports are off, where that was found."""
        numbers = self.client.numbers() if "client" in self.__dict__ else {}
        imports_off = self._users is not None and self._users.imports_off
        return numbers | ({"bulk_user_imports": False} if imports_off else {})

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
        yield from self._check_definitions(self.organization_fields)
        if self.config.get("user_fields"):
            yield from self._check_definitions(self.user_fields)

    def _check_definitions(self, definitions: FieldDefinitions) -> Iterable[Check]:
        try:
            known = definitions.known()
        except ConnectorError as error:
            yield Check(definitions.container, ok=False, detail=error.message, fix=error.fix)
            return
        for wanted in self.config.get(definitions.container) or []:
            key, kind = str(wanted["key"]), str(wanted.get("type") or "text")
            present = known.get(key)
            ok = present is None or present.get("type") == kind
            detail = "will be created" if present is None else f"is of type {present.get('type')}"
            fix = "" if ok else f"The settings say {kind}: use another key, or delete the field in Zendesk."
            yield Check(f"{definitions.kind} {key}", ok=ok, detail=detail, fix=fix)

    def close(self) -> None:
        """End the session."""
        if "client" in self.__dict__:
            self.client.close()
