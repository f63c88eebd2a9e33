"""What there is around tickets: groups, forms, brands, macros, SLA policies, ratings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import IdSequence, Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.operations import ADMIN, STAFF


@dataclass(frozen=True)
class Collection:
    """One kind of record.

    Attributes:
        name: how the API calls a list of them, and the table of :attr:`Ticketing.collections`.
        wrapper: how it calls one.
        path: relative to ``/api/v2/``.
        needed: fields that a row cannot be without.
        defaults: the others.
        scope: the narrow scope that suffices; "" for the global one.
        filters: by query parameter, the field that it narrows down.
        sorts: what ``sort_by`` takes.
        counted: whether there is a count of them.
        pages: how a listing is cut: ``both`` dialects, ``offset`` only, or ``asked``: everything at once
            unless pages are asked for.
    """

    name: str
    wrapper: str
    path: str
    needed: tuple[str, ...]
    defaults: Mapping[str, Any]
    scope: str = ""
    roles: frozenset[str] = STAFF
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sorts: tuple[str, ...] = ()
    counted: bool = False
    pages: str = "both"


COLLECTIONS = {
    item.name: item
    for item in (
        Collection(
            "brands",
            "brand",
            "brands",
            ("name",),
            {
                "subdomain": "acme",
                "brand_url": "https://acme.zendesk.com",
                "active": True,
                "default": False,
                "has_help_center": False,
                "help_center_state": "disabled",
                "is_deleted": False,
                "ticket_form_ids": [],
                "signature_template": "{{agent.signature}}",
            },
        ),
        Collection(
            "groups",
            "group",
            "groups",
            ("name",),
            {"description": "", "default": False, "deleted": False, "is_public": True},
            counted=True,
        ),
        Collection(
            "group_memberships",
            "group_membership",
            "group_memberships",
            ("user_id", "group_id"),
            {"default": False},
            filters={"user_id": "user_id", "group_id": "group_id"},
        ),
        Collection(
            "macros",
            "macro",
            "macros",
            ("title",),
            {
                "active": True,
                "default": False,
                "description": None,
                "position": 9999,
                "actions": [],
                "restriction": None,
            },
            scope="macros",
            filters={"active": "active"},
            sorts=("created_at", "updated_at", "position"),
        ),
        Collection(
            "satisfaction_ratings",
            "satisfaction_rating",
            "satisfaction_ratings",
            ("ticket_id", "score"),
            {"assignee_id": None, "group_id": None, "requester_id": None, "comment": None, "reason": ""},
            scope="satisfaction_ratings",
            roles=ADMIN,
            counted=True,
        ),
        Collection(
            "sla_policies",
            "sla_policy",
            "slas/policies",
            ("title",),
            {"description": "", "position": 1, "filter": {"all": [], "any": []}, "policy_metrics": []},
            roles=ADMIN,
            pages="offset",
        ),
        Collection(
            "ticket_forms",
            "ticket_form",
            "ticket_forms",
            ("name",),
            {
                "active": True,
                "default": False,
                "end_user_visible": True,
                "position": 1,
                "in_all_brands": True,
                "restricted_brand_ids": [],
                "ticket_field_ids": [],
                "agent_conditions": [],
                "end_user_conditions": [],
            },
            filters={"active": "active", "end_user_visible": "end_user_visible"},
            pages="asked",
        ),
    )
}
FIRST_IDS = {name: 26363700000001 + place * 10_000_000 for place, name in enumerate(COLLECTIONS)}


def shown_record(collection: Collection, row: Row, url: str) -> Row:
    """A record as the vendor shows it."""
    return {"url": f"{url}/api/v2/{collection.path}/{row['id']}.json", **row}


def put_record(account: Account, name: str, given: Row) -> Row:
    """Upsert a record by its id, for the control API."""
    collection, table = COLLECTIONS[name], account.ticketing.collections[name]
    stored = table.get(given["id"]) if isinstance(given.get("id"), int) else None
    missing = [] if stored else [field for field in collection.needed if given.get(field) is None]
    if missing:
        raise ControlError(f"A {collection.wrapper} needs {', '.join(missing)}.")
    now = account.now()
    fresh = {**_named(name, given), "created_at": now, "updated_at": now}
    row = {**(stored or {**collection.defaults, **fresh}), "updated_at": now, **given}
    ids = account.ticketing.collection_ids.setdefault(name, IdSequence(FIRST_IDS[name], 3))
    row["id"] = row.get("id") or ids.take()
    ids.pass_over(row["id"])
    table.put(row)
    if name == "group_memberships":
        _follow_membership(account, row)
    return row


def seed_collections(account: Account) -> None:
    """What every account begins with: a group, a brand and a form."""
    put_record(account, "groups", {"name": "Support", "default": True})
    put_record(account, "brands", {"name": "Acme", "default": True})
    put_record(account, "ticket_forms", {"name": "Default Ticket Form", "default": True})


def _named(name: str, given: Row) -> Row:
    if name != "ticket_forms":
        return {}
    title = given.get("name")
    return {"raw_name": title, "display_name": title, "raw_display_name": title}


def _follow_membership(account: Account, row: Row) -> None:
    """An agent has one default group."""
    table = account.ticketing.collections["group_memberships"]
    user = account.users.get(row["user_id"])
    if user is None or not row["default"]:
        return
    for other in table:
        if other["user_id"] == row["user_id"] and other["default"] and other["id"] != row["id"]:
            table.put({**other, "default": False})
    if user["default_group_id"] != row["group_id"]:
        account.users.put({**user, "default_group_id": row["group_id"], "updated_at": account.now()})
