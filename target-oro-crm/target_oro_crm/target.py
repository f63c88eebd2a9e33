"""target-oro-crm: settings, objects, checks."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.settings import to_jsonschema
from ml_connector.singer.command import Check
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.target import ConnectorTarget
from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.features import Features
from ml_connector.vendors.oro.login import SYSTEM
from target_oro_crm import zendesk_records
from target_oro_crm.accounts import Accounts
from target_oro_crm.case_comments import ZENDESK_COMMENTS, CaseComments
from target_oro_crm.cases import Cases
from target_oro_crm.contacts import Contacts
from target_oro_crm.guard import check_native
from target_oro_crm.references import References, by_address
from target_oro_crm.settings import SETTINGS
from target_oro_crm.ticket_numbers import TICKETS, TicketNumbers
from target_oro_crm.tools import Rules, Tools
from target_oro_crm.users import UserDirectory, Users

log = logging.getLogger(__name__)


class TargetOroCrm(ConnectorTarget):
    """Writes to OroCRM and verifies what became of each record."""

    name = "target-oro-crm"
    system = SYSTEM
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(SETTINGS)

    @cached_property
    def client(self) -> OroClient:
        """The server, logged in when first needed."""
        return OroClient(self.config)

    @cached_property
    def features(self) -> Features:
        """What the server can do."""
        return Features(self.client)

    @cached_property
    def directory(self) -> UserDirectory:
        """The server's users."""
        return UserDirectory(self.client)

    @cached_property
    def owner(self) -> str | None:
        """The id of the default owner."""
        named = self.config.get("default_user_owner")
        return self.directory.owner(str(named)) if named else None

    @cached_property
    def tools(self) -> Tools:
        """What the objects work with."""
        rules = Rules(
            two_way=bool(self.config["two_way"]),
            organization=_text(self.config.get("organization_id")),
            channel=_text(self.config.get("oro_channel_id")),
            ticket_number_field=_text(self.config.get("ticket_number_field")),
            case_fields={name: own for name, own in (self.config.get("case_fields") or {}).items() if own},
            time_in_message=self.config["comment_time"] == "message",
            allow_empty_ledger=bool(self.config["allow_empty_ledger"]),
        )
        return Tools(
            self.client,
            self.features,
            rules,
            lambda: self.owner,
            int(self.config["parallel"]),
            References(),
        )

    @property
    def _with_zendesk(self) -> list[str]:
        """The types of Zendesk's records that are written.

        Raises:
            SystemFault: the settings require them and the server has not all of them.
        """
        wanted = self.config["zendesk_records"]
        if wanted == "off":
            return []
        installed = self.features.has(TICKETS)
        found = [kind for kind in zendesk_records.ALL if installed and self.features.has(kind)]
        missing = [kind for kind in zendesk_records.ALL if kind not in found]
        if missing and wanted == "require":
            raise SystemFault(
                f"The server has no {', '.join(missing)}, which zendesk_records: require asks for.",
                fix="Install OroCRM's Zendesk integration (oro/crm-zendesk), or set zendesk_records: auto.",
            )
        return found

    def make_objects(self) -> Mapping[str, VendorObject]:
        """The server's objects.

        Raises:
            SystemFault: OroCRM's own Zendesk integration would work beside us; see `guard`. There is no
            such default owner, or no such record that `inactive_values` could put out of use.
        """
        check_native(self.config, installed=self.features.has(TICKETS))
        _ = self.owner  # an unknown one stops the run before anything is written
        tools = self.tools
        numbers = TicketNumbers(tools)
        inactive: Mapping[str, Any] = self.config.get("inactive_values") or {}
        cases = Cases(tools, numbers, inactive.get("cases"))
        contacts = Contacts(tools, inactive.get("contacts"))
        tools.references.register("users", by_address(self.directory.keys_of))
        tools.references.register("contacts", by_address(contacts.keys_of))
        tools.references.register("cases", cases.by_numbers)
        objects: dict[str, VendorObject] = {
            "users": Users(tools, self.directory),
            "contacts": contacts,
            "accounts": Accounts(tools, inactive.get("accounts")),
            "cases": cases,
            "casecomments": CaseComments(tools),
        }
        if unknown := sorted(inactive.keys() - {"cases", "contacts", "accounts"}):
            raise SystemFault(
                f"inactive_values names {', '.join(unknown)}, which cannot be put out of use.",
                fix="It takes cases, contacts and accounts.",
            )
        made: dict[str, VendorObject] = {
            TICKETS: zendesk_records.ZendeskTickets(tools, numbers.kept_tickets),
            ZENDESK_COMMENTS: zendesk_records.ZendeskComments(tools),
            zendesk_records.ZENDESK_USERS: zendesk_records.ZendeskUsers(tools),
        }
        objects |= {kind: made[kind] for kind in self._with_zendesk}
        self.features.say()
        return objects

    @cached_property
    def _left_out(self) -> set[str]:
        return set()

    def leaves_out(self, stream: str, object_name: str) -> bool:
        """Zendesk's own records, where the server has no place for them; said once for each."""
        if object_name not in zendesk_records.ALL or object_name in self.run.object_names:
            return False
        if object_name not in self._left_out:
            self._left_out.add(object_name)
            off = self.config["zendesk_records"] == "off"
            why = "by the setting zendesk_records" if off else "the server does not have this type"
            log.info("Stream %s into %s is left out: %s.", stream, object_name, why)
        return True

    def numbers(self) -> Mapping[str, Any]:
        """Requests and retries."""
        if "client" not in self.__dict__:
            return {}
        total = self.client.session.counters.total
        return {
            "requests": total.requests,
            "retries": total.retries,
            "throttled": total.throttled,
            "seconds_waited": round(total.seconds_waited, 3),
        }

    # Checks

    def checks(self) -> Iterable[Check]:
        """Ledger, login, API, rights, owner, channel, native sync, and what the server can."""
        yield from super().checks()
        for name, look in (("login", self._signed_in), ("api", self._api_on)):
            check = self._checked(name, look)
            yield check
            if not check.ok:
                return
        for kind in ("cases", "casecomments", "contacts", "accounts"):
            yield self._checked(f"{kind}", lambda kind=kind: self._may_read(kind))
        yield self._checked("default_user_owner", self._owner_found)
        yield self._checked("native sync", self._native)
        yield self._checked("ticket numbers", self._ticket_numbers)
        yield self._checked("features", self._offered)

    def _checked(self, name: str, look: Any) -> Check:
        try:
            return Check(name, ok=True, detail=str(look()))
        except ConnectorError as error:
            return Check(name, ok=False, detail=error.message, fix=error.fix)

    def _signed_in(self) -> str:
        self.client.log_in()
        return f"signed in at {self.config['base_url']}"

    def _api_on(self) -> str:
        self.features.has("users")
        return f"the web API is on at {self.client.prefix}"

    def _may_read(self, kind: str) -> str:
        self.features.has(kind)
        return "can be read"

    def _owner_found(self) -> str:
        return "the login's own user" if self.owner is None else f"user {self.owner}"

    def _native(self) -> str:
        installed = self.features.has(TICKETS)
        check_native(self.config, installed=installed)
        if not installed:
            return "OroCRM's own Zendesk integration is not installed"
        channel = str(self.config["oro_channel_id"])
        return f"OroCRM's own Zendesk integration is installed, channel {channel}, its two-way sync is off"

    def _ticket_numbers(self) -> str:
        numbers = TicketNumbers(self.tools)
        if numbers.attribute:
            return f"kept in {numbers.attribute} of cases"
        if numbers.has_tickets:
            return "kept by zendesktickets"
        if not self.tools.rules.allow_empty_ledger:
            raise SystemFault(
                "Only the ledger knows which case is which ticket.",
                fix="Name an attribute of cases in ticket_number_field, or set allow_empty_ledger: true for "
                "the first run.",
            )
        return "known to the ledger alone"

    def _offered(self) -> str:
        features = self.features
        external = [kind for kind in ("cases", "contacts", "accounts") if features.has_external_id(kind)]
        batches = [kind for kind in ("contacts", "accounts") if features.batches(kind)]
        zendesk = [kind for kind in zendesk_records.ALL if features.has(TICKETS) and features.has(kind)]
        return "; ".join(
            f"{title}: {', '.join(kinds) or 'none'}"
            for title, kinds in (("externalId", external), ("batches", batches), ("Zendesk's", zendesk))
        )

    def close(self) -> None:
        """End the session."""
        if "client" in self.__dict__:
            self.client.close()


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
