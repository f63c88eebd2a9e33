"""What the control API reads and writes of tickets."""

from collections.abc import Callable
from functools import partial

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk import seed
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid
from ml_sandbox.zendesk.ticketing.automations import AUTOMATIONS, run_automation
from ml_sandbox.zendesk.ticketing.collections import put_record
from ml_sandbox.zendesk.ticketing.field_definitions import put_ticket_field, shown_ticket_field
from ml_sandbox.zendesk.ticketing.worlds import counts, put_world
from ml_sandbox.zendesk.ticketing.writes import create_ticket, shown_ticket, update_ticket

URL = seed.ACCOUNT_URL
# Taken as given, past all rules.
FORCED = (
    "created_at",
    "updated_at",
    "generated_timestamp",
    "status",
    "archived",
    "via",
    "satisfaction_rating",
    "support_type",
    "from_messaging_channel",
)


def ticket_readers(account: Account) -> dict[str, Callable[[], list[Row]]]:
    """How to read each object; comments with the id of their ticket."""
    ticketing = account.ticketing
    return {
        "tickets": lambda: [shown_ticket(account, row, URL) for row in ticketing.tickets.by_key()],
        "ticket_comments": lambda: list(ticketing.comments.by_key()),
        "ticket_audits": lambda: list(ticketing.audits.by_key()),
        "ticket_fields": lambda: [shown_ticket_field(row, URL) for row in ticketing.fields.by_key()],
        "custom_statuses": lambda: list(ticketing.statuses.by_key()),
        "ticket_worlds": lambda: [{"id": 1, **counts(account)}],
        "automations": lambda: [{"id": name, "name": name} for name in AUTOMATIONS],
        **{name: table.by_key for name, table in ticketing.collections.items()},
    }


def ticket_writers(account: Account) -> dict[str, Callable[[Row], Row]]:
    """How to upsert a row: tickets by id or external_id, a comment is added to its ticket_id."""
    return {
        "tickets": lambda row: _put_ticket(account, row),
        "ticket_comments": lambda row: _put_comment(account, row),
        "ticket_fields": lambda row: _put_field(account, row),
        "custom_statuses": lambda row: account.ticketing.put_status(row, account.now()),
        "ticket_worlds": lambda row: put_world(account, row),
        "automations": lambda row: run_automation(account, row),
        **{name: partial(put_record, account, name) for name in account.ticketing.collections},
    }


def ticket_clearers(account: Account) -> dict[str, Callable[[], None]]:
    """How to empty each object; without tickets there are no comments and audits."""
    ticketing = account.ticketing

    def clear_tickets() -> None:
        for table in (ticketing.tickets, ticketing.comments, ticketing.audits):
            table.clear()
        ticketing.idempotency.clear()

    collections = {name: table.clear for name, table in ticketing.collections.items()}
    ours = {
        "automations": lambda: None,
        "ticket_worlds": clear_tickets,
        "custom_statuses": ticketing.reset_statuses,
    }
    return {**ours, "tickets": clear_tickets, "ticket_fields": ticketing.fields.clear, **collections}


def _put_ticket(account: Account, given: Row) -> Row:
    stored = _ticket(account, given)
    try:
        if stored is None:
            text = given.get("description") or given.get("subject") or "-"
            written = create_ticket(account, {"comment": {"body": text}, **given}, seed.ADMIN_ID)
        else:
            written = update_ticket(account, {**stored, "status": "open"}, given, seed.ADMIN_ID)
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this ticket: {error.summary}.") from error
    forced = {name: given[name] for name in FORCED if name in given}
    if stored is not None:
        forced.setdefault("status", stored["status"])
    row = {**written.ticket, **forced}
    if stored is None and "via" in given:
        _follow_channel(account, row)
    if stored is None and isinstance(given.get("id"), int):
        row = _renumbered(account, row, given["id"])
    return shown_ticket(account, account.ticketing.tickets.put(row), URL)


def _follow_channel(account: Account, row: Row) -> None:
    """A new ticket's comment and audit came as the ticket did."""
    for table in (account.ticketing.comments, account.ticketing.audits):
        for child in table.find("ticket_id", row["id"]):
            table.put({**child, "via": row["via"]})


def _renumbered(account: Account, row: Row, ticket_id: int) -> Row:
    ticketing = account.ticketing
    ticketing.tickets.delete(row["id"])
    for table in (ticketing.comments, ticketing.audits):
        for child in table.find("ticket_id", row["id"]):
            table.put({**child, "ticket_id": ticket_id})
    ticketing.ticket_ids.pass_over(ticket_id)
    return {**row, "id": ticket_id}


def _ticket(account: Account, given: Row) -> Row | None:
    if isinstance(given.get("id"), int):
        return account.ticketing.tickets.get(given["id"])
    found = account.ticketing.tickets.find("external_id", given.get("external_id") or "")
    return found[0] if found else None


def _put_comment(account: Account, given: Row) -> Row:
    ticket_id = given.get("ticket_id")
    stored = account.ticketing.living(ticket_id) if isinstance(ticket_id, int) else None
    if stored is None:
        raise ControlError(f"The comment's ticket_id {ticket_id!r} is no ticket.")
    try:
        written = update_ticket(account, stored, {"comment": given}, seed.ADMIN_ID)
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this comment: {error.summary}.") from error
    return account.ticketing.comments_of(written.ticket["id"])[-1]


def _put_field(account: Account, given: Row) -> Row:
    stored = account.ticketing.fields.get(given["id"]) if isinstance(given.get("id"), int) else None
    try:
        return shown_ticket_field(put_ticket_field(account, stored, given), URL)
    except RecordInvalid as error:
        raise ControlError(f"Zendesk could not hold this ticket field: {error.summary}.") from error
