"""target-zendesk-ml: settings, objects, checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.settings import to_jsonschema
from ml_connector.singer.command import Check
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.target import ConnectorTarget
from ml_connector.vendors.zendesk.client import SYSTEM, ZendeskClient
from target_zendesk_ml.agents import Agents
from target_zendesk_ml.bulk import Tools
from target_zendesk_ml.closed_tickets import FollowUps
from target_zendesk_ml.fields import FieldDefinitions
from target_zendesk_ml.job_runner import JobRunner
from target_zendesk_ml.jobs import Pace
from target_zendesk_ml.memberships import Memberships
from target_zendesk_ml.organizations import Organizations
from target_zendesk_ml.people import People, PeopleRules
from target_zendesk_ml.references import References
from target_zendesk_ml.settings import SETTINGS
from target_zendesk_ml.stamps import Stamps
from target_zendesk_ml.ticket_comments import CommentRules, TicketComments
from target_zendesk_ml.ticket_fields import TicketFieldDefinitions
from target_zendesk_ml.tickets import TicketRules, Tickets
from target_zendesk_ml.users import UserRules, Users


class TargetZendesk(ConnectorTarget):
    """Writes to Zendesk in bulk and verifies what became of each record."""

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

    @cached_property
    def ticket_fields(self) -> TicketFieldDefinitions:
        """The account's ticket fields."""
        dry_run = bool(self.config.get("dry_run"))
        return TicketFieldDefinitions(self.client, self._wanted("ticket_fields"), dry_run=dry_run)

    @cached_property
    def stamps(self) -> Stamps:
        """The fields that get the run's number and the time of each write."""
        return Stamps(self.config.get("audit_field"), self.config.get("synced_at_field"))

    def _definitions(self, wrapper: str) -> FieldDefinitions:
        dry_run = bool(self.config.get("dry_run"))
        return FieldDefinitions(self.client, wrapper, self._wanted(f"{wrapper}s"), dry_run=dry_run)

    def _wanted(self, setting: str) -> list[Mapping[str, Any]]:
        given: list[Mapping[str, Any]] = self.config.get(setting) or []
        keys = {field["key"] for field in given}
        return [*given, *(field for field in self.stamps.wanted if field["key"] not in keys)]

    def make_objects(self) -> Mapping[str, VendorObject]:
        """Organizations, users, agents, memberships, tickets and their comments."""
        pace = Pace(
            first_poll=float(self.config["job_first_poll"]),
            poll=float(self.config["job_poll"]),
            timeout=float(self.config["job_timeout"]),
        )
        parallel = int(self.config["parallel"])
        tools = Tools(self.client, JobRunner(self.client, pace, parallel), parallel, stamps=self.stamps)
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
        references = References(organizations, self._users)
        agents = Agents(self.client)
        people = People(self.client, references, self._users, agents, self._people_rules())
        memberships = Memberships(
            tools,
            references,
            default=self.config["default_organization"] == "set",
            remove=self.config["on_membership_ended"] == "remove",
        )
        return {
            "organizations": organizations,
            "users": self._users,
            "agents": agents,
            memberships.spec.name: memberships,
            **self._tickets(tools, references, people, two_way=two_way),
        }

    def _people_rules(self) -> PeopleRules:
        email = self.config.get("default_zendesk_user_email")
        return PeopleRules(email, create=bool(self.config["create_requesters"]))

    def _tickets(
        self, tools: Tools, references: References, people: People, *, two_way: bool
    ) -> dict[str, VendorObject]:
        way_back = bool(self.config.get("way_back"))
        follow_ups = FollowUps(self.client, allowed=self.config["closed_tickets"] == "follow_up")
        rules = TicketRules(
            safe_update=bool(self.config["safe_update"]),
            use_imports=bool(self.config["use_imports"]),
            write_timeout=float(self.config["write_timeout"]),
            publishable=way_back,
            new_external_ids_only=self.config["external_ids"] == "new",
        )
        tickets = Tickets(tools, self.ticket_fields, references, people, follow_ups, rules, two_way=two_way)
        changed = self.config.get("changed_comments") or ("keep" if way_back else "letter")
        comment_rules = CommentRules(
            use_jobs=bool(self.config["comments_in_jobs"]),
            keep_changed=changed == "keep",
            by_text=way_back,
        )
        comments = TicketComments(tools, tickets, people, follow_ups, comment_rules)
        return {"tickets": tickets, "ticket_comments": comments}

    def numbers(self) -> Mapping[str, Any]:
        """Requests, retries and quota; and that bulk user imports are off, where that was found."""
        numbers = self.client.numbers() if "client" in self.__dict__ else {}
        imports_off = self._users is not None and self._users.imports_off
        return numbers | ({"bulk_user_imports": False} if imports_off else {})

    def checks(self) -> Iterable[Check]:
        """Ledger, login, role, scope, field definitions."""
        yield from super().checks()
        try:
            user = self.client.get("/api/v2/users/me").get("user") or {}
        except ConnectorError as error:
            yield Check("login", ok=False, detail=error.message, fix=error.fix)
            return
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
        yield from self._check_default_user()

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
        for definitions in (self.user_fields, self.ticket_fields):
            if self.config.get(definitions.container):
                yield from self._check_definitions(definitions)

    def _check_default_user(self) -> Iterable[Check]:
        address = self.config.get("default_zendesk_user_email")
        if not address:
            return
        try:
            self.make_objects()["tickets"].fallback("requester_id")
        except SystemFault as fault:
            yield Check("default user", ok=False, detail=fault.message, fix=fault.fix)
            return
        yield Check("default user", ok=True, detail=f"{address} is there")

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
