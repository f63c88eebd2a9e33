"""What the contract suite needs to know of a target. A new target registers itself in `TARGETS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jde_target
import oro_target
import zoho_target
from plugin_runs import Run
from singer_lines import Message
from zendesk_target import CITY, MAPPING, SYSTEM, ZendeskTarget

from ml_connector.ledger import Letter
from ml_sandbox.testing import RunningSandbox


class RunnableTarget(Protocol):
    """A target in a folder, against a sandbox; see `zendesk_target.ZendeskTarget`."""

    config: dict[str, Any]
    folder: Path
    sandbox: RunningSandbox

    def run(self, messages: list[Message | str | bytes], **changes: Any) -> Run: ...

    def raw(self, messages: list[Message | str | bytes], **changes: Any) -> Run: ...

    def feed(self, given: bytes, *options: str, **changes: Any) -> Run: ...

    def requests(self, *, writes_only: bool = False) -> list[dict[str, Any]]: ...

    def letters(self, *, only_open: bool = True) -> list[Letter]: ...

    def journal(self) -> int: ...


@dataclass(frozen=True)
class TargetCase:
    """One target, or one object of it: how it is made, and where its customers end.

    `held` gives what the vendor holds by the key of the source: (name, city). `bulk_path` is where its bulk
    creates go, `secret` a setting that must never be shown, `system` the vendor's name in the sandbox,
    `object` where the customers go, `stranger` a row there that stands in the way of customer 2, `singly`
    where single creates go, `bulk_rows` how many records go in bulk, `look_ups` how it finds records,
    `lost_answers` after how many lost answers it gives up, `own_defaults` settings whose default is its own,
    `lacks` settings that mean nothing to this vendor, `bulk_method` tells bulk creates from other requests.
    """

    name: str
    system: str
    make: Callable[[RunningSandbox, Path], RunnableTarget]
    held: Callable[[RunnableTarget], dict[str, tuple[str, str | None]]]
    bulk_path: str
    secret: str
    maps: dict[str, Any]
    object: str
    stranger: dict[str, Any]
    singly: str
    bulk_rows: int = 3
    look_ups: frozenset[str] = frozenset({"show_many", "search"})
    lost_answers: int = 1
    own_defaults: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    bulk_method: str = "*"


def zendesk_held(target: RunnableTarget) -> dict[str, tuple[str, str | None]]:
    rows = target.sandbox.control.rows(SYSTEM, "organizations")
    return {row["external_id"]: (row["name"], row["organization_fields"].get("ebs_city")) for row in rows}


ZENDESK = TargetCase(
    name="target-zendesk-ml",
    system=SYSTEM,
    make=ZendeskTarget,
    held=zendesk_held,
    bulk_path="*/create_many",
    secret="client_secret",
    maps={"customers": MAPPING},
    object="organizations",
    stranger={"name": "Customer 2", "external_id": "stranger"},
    singly="create_or_update",
)


class CustomersAsUsers(ZendeskTarget):
    """The plugin with customers that become users."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config |= {"user_fields": [CITY], "stream_maps": {"customers": USERS_MAPPING}}


def zendesk_users_held(target: RunnableTarget) -> dict[str, tuple[str, str | None]]:
    rows = target.sandbox.control.rows(SYSTEM, "users")
    users = {row["external_id"]: row for row in rows if row["external_id"]}
    return {key: (row["name"], row["user_fields"].get("ebs_city")) for key, row in users.items()}


USERS_MAPPING = {
    "__alias__": "users",
    "__key_properties__": ["external_id"],
    "external_id": "account_number",
    "name": "name",
    "email": "account_number + '@acme.example'",
    "user_fields": "{'ebs_city': city}",
    "__else__": "__NULL__",
}
ZENDESK_USERS = TargetCase(
    name="target-zendesk-ml",
    system=SYSTEM,
    make=CustomersAsUsers,
    held=zendesk_users_held,
    bulk_path="*/create_many",
    secret="client_secret",
    maps={"customers": USERS_MAPPING},
    object="users",
    stranger={"name": "Stranger", "email": "a2@acme.example", "external_id": "stranger"},
    singly="users",
)


class CustomersAsTickets(ZendeskTarget):
    """The plugin with customers that become tickets."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        field = {"key": "ebs_city", "title": "City", "type": "text"}
        self.config |= {"ticket_fields": [field], "stream_maps": {"customers": TICKETS_MAPPING}}


def zendesk_tickets_held(target: RunnableTarget) -> dict[str, tuple[str, str | None]]:
    rows = target.sandbox.control.rows(SYSTEM, "tickets")
    tickets = {row["external_id"]: row for row in rows if row["external_id"]}
    return {
        key: (row["subject"], next((item["value"] for item in row["custom_fields"]), None))
        for key, row in tickets.items()
    }


TICKETS_MAPPING = {
    "__alias__": "tickets",
    "__key_properties__": ["external_id"],
    "external_id": "account_number",
    "subject": "name",
    "comment": "{'body': 'Hello'}",
    "custom_fields": "{'ebs_city': city}",
    "__else__": "__NULL__",
}
ZENDESK_TICKETS = TargetCase(
    name="target-zendesk-ml",
    system=SYSTEM,
    make=CustomersAsTickets,
    held=zendesk_tickets_held,
    bulk_path="*/create_many",
    secret="client_secret",
    maps={"customers": TICKETS_MAPPING},
    object="tickets",
    stranger={"subject": "Customer 2"},
    singly="tickets",
    bulk_rows=8,
    look_ups=frozenset({"tickets"}),
)


def zoho_held(target: RunnableTarget) -> dict[str, tuple[str, str | None]]:
    rows = target.sandbox.control.rows(zoho_target.SYSTEM, "Accounts")
    return {row[zoho_target.NUMBER]: (row["Account_Name"], row["Billing_City"]) for row in rows}


ZOHO = TargetCase(
    name="target-zoho-crm",
    system=zoho_target.SYSTEM,
    make=zoho_target.ZohoTarget,
    held=zoho_held,
    bulk_path="*/upsert",
    secret="refresh_token",
    maps={"customers": zoho_target.MAPPING},
    object="Accounts",
    stranger={"Account_Name": "Customer 2"},
    singly="upsert",
    look_ups=frozenset({"Accounts"}),
    lost_answers=3,
    own_defaults=frozenset({"max_retries", "retry_after_default"}),
)


def jde_held(target: RunnableTarget) -> dict[str, tuple[str, str | None]]:
    rows = target.sandbox.control.rows(jde_target.SYSTEM, "F0101")
    cities = {row["AN8"]: row["CTY1"] for row in target.sandbox.control.rows(jde_target.SYSTEM, "F0116")}
    return {row["ALKY"]: (row["ALPH"], cities[row["AN8"]]) for row in rows}


JDE = TargetCase(
    name="target-jde",
    system=jde_target.SYSTEM,
    make=jde_target.JdeTarget,
    held=jde_held,
    bulk_path="*/ML_CreateCustomer",
    secret="password",
    maps={"customers": jde_target.MAPPING},
    object="customers",
    stranger={"AN8": 900, "ALPH": "Customer 2"},
    singly="ML_CreateCustomer",
    look_ups=frozenset({"dataservice"}),
    own_defaults=frozenset({"max_retries", "read_timeout"}),
    # The vendor knows no quota of requests, only calls at a time (concurrency).
    lacks=frozenset({"quota_share", "quota_max_wait"}),
)


def oro_held(target: RunnableTarget) -> dict[str, tuple[str, str | None]]:
    rows = target.sandbox.control.rows(oro_target.SYSTEM, "cases")
    return {row["externalId"]: (row["subject"], row["description"]) for row in rows}


ORO = TargetCase(
    name="target-oro-crm",
    system=oro_target.SYSTEM,
    make=oro_target.OroTarget,
    held=oro_held,
    bulk_path="*/api/cases",
    bulk_method="POST",
    secret="client_secret",
    maps={"customers": oro_target.MAPPING},
    object="cases",
    stranger={"subject": "Customer 2"},
    singly="cases",
    look_ups=frozenset({"cases"}),
    lost_answers=3,
    own_defaults=frozenset({"on_missing", "retry_after_default"}),
)

TARGETS = [ZENDESK, ZENDESK_USERS, ZENDESK_TICKETS, ZOHO, JDE, ORO]
