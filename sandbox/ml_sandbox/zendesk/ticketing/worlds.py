"""Generated worlds of tickets, put straight into the account: no rules, no mails, no quota."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial

from ml_sandbox.core.errors import ControlError, require_known
from ml_sandbox.core.table import Row
from ml_sandbox.data.tickets import World, write_tickets
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid
from ml_sandbox.zendesk.organization_rules import new_organization
from ml_sandbox.zendesk.ticketing.collections import COLLECTIONS, put_record
from ml_sandbox.zendesk.ticketing.field_definitions import put_ticket_field
from ml_sandbox.zendesk.ticketing.removal import scrub_ticket
from ml_sandbox.zendesk.ticketing.writes import blank_ticket
from ml_sandbox.zendesk.user_defaults import DEFAULTS, STAFF_DEFAULTS

STAFF = frozenset({"agent", "admin"})
MAX_TICKETS = 1_000_000
Loader = Callable[[Row], object]


def put_world(account: Account, given: Row) -> Row:
    """Generate a world by the names of :class:`World`; tells what there is of each object then."""
    names = [field.name for field in fields(World)]
    for name in given:
        require_known("name of a ticket world:", name, names)
    world = World(**_checked(given))
    newest = account.clock.now().replace(minute=0, second=0, microsecond=0)
    if account.ticketing.tickets.get(world.first_id) is not None:
        raise ControlError("There is a ticket of that first_id already: give another.")
    loaders = _loaders(account)
    try:
        write_tickets(world, newest, lambda table, row: loaders[table](row))
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this world: {error.summary}.") from error
    return {"id": 1, **given, **counts(account)}


def counts(account: Account) -> Row:
    """How much there is of what a world is made of."""
    held = {
        "tickets": account.ticketing.tickets,
        "ticket_comments": account.ticketing.comments,
        "ticket_audits": account.ticketing.audits,
        "users": account.users,
        "organizations": account.organizations,
    }
    return {name: len(table) for name, table in held.items()}


def _checked(given: Row) -> Row:
    if not isinstance(given.get("tickets"), int) or not 1 <= given["tickets"] <= MAX_TICKETS:
        raise ControlError(f"A ticket world needs 'tickets': a whole number from 1 to {MAX_TICKETS}.")
    for name, least in (("comments", 1), ("seed", 0), ("first_id", 1), ("days", 1), ("same_second", 0)):
        value = given.get(name, least)
        whole = isinstance(value, int | float if name == "comments" else int) and not isinstance(value, bool)
        if not whole or value < least:
            raise ControlError(f"{name!r} of a ticket world must be a number from {least}.")
    return given


def _loaders(account: Account) -> dict[str, Loader]:
    ticketing = account.ticketing
    blank = blank_ticket(account)
    return {
        "users": partial(_load_user, account),
        "identities": partial(_load_identity, account),
        "organizations": partial(_load_organization, account),
        "organization_memberships": partial(_load_membership, account),
        "ticket_fields": lambda row: put_ticket_field(account, ticketing.fields.get(row["id"]), row),
        "custom_statuses": lambda row: ticketing.put_status(row, account.now()),
        "tickets": lambda row: _load_ticket(account, {**blank, **row}),
        "ticket_comments": ticketing.comments.put,
        "ticket_audits": partial(_load_audit, account),
        **{name: partial(put_record, account, name) for name in COLLECTIONS},
    }


def _load_user(account: Account, row: Row) -> None:
    staff = STAFF_DEFAULTS if row.get("role") in STAFF else {}
    account.user_ids.pass_over(row["id"])
    account.users.put({**DEFAULTS, **staff, **row})


def _load_identity(account: Account, row: Row) -> None:
    mail = {"undeliverable_count": 0, "deliverable_state": "deliverable"} if row["type"] == "email" else {}
    account.identity_ids.pass_over(row["id"])
    account.identities.put({"verification_method": "low", "verified_at": None, **row, **mail})


def _load_organization(account: Account, row: Row) -> None:
    account.organization_ids.pass_over(row["id"])
    times = {name: row[name] for name in ("id", "created_at", "updated_at")}
    account.organizations.put({**new_organization(account, row), **times})


def _load_membership(account: Account, row: Row) -> None:
    account.membership_ids.pass_over(row["id"])
    account.memberships.put(row)


def _load_audit(account: Account, row: Row) -> None:
    account.ticketing.event_ids.pass_over(row["events"][-1]["id"])
    account.ticketing.audits.put(row)


def _load_ticket(account: Account, row: Row) -> None:
    ticketing = account.ticketing
    ticketing.ticket_ids.pass_over(row["id"])
    default = ticketing.default_status(row.get("deleted_from") or row["status"])
    row["custom_status_id"] = row.pop("custom_status") or (default["id"] if default else None)
    row["raw_subject"] = row["subject"]
    moved = row["generated_timestamp"]
    ticketing.tickets.put(row)
    if row.get("scrubbed"):
        scrub_ticket(account, row)
        ticketing.tickets.put({**(ticketing.tickets.get(row["id"]) or row), "generated_timestamp": moved})
