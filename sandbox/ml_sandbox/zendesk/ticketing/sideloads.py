"""What answers about tickets hold beside them, where ``include`` asks for it (IE, TKT)."""

from collections.abc import Sequence
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.user_writes import shown_user

PEOPLE = ("requester_id", "submitter_id", "assignee_id")


def users_beside(account: Account, tickets: Sequence[Row], url: str) -> list[dict[str, Any]]:
    """The requesters, submitters, assignees and collaborators of tickets, each once."""
    keys: dict[Any, None] = {}
    for ticket in tickets:
        keys |= dict.fromkeys(ticket[name] for name in PEOPLE)
        keys |= dict.fromkeys(ticket["collaborator_ids"])
    found = (account.users.get(key) for key in keys if key is not None)
    return [shown_user(account, row, url) for row in found if row is not None]


def groups_beside(account: Account, tickets: Sequence[Row], url: str) -> list[dict[str, Any]]:
    """The groups of tickets, each once."""
    keys = dict.fromkeys(ticket["group_id"] for ticket in tickets if ticket["group_id"] is not None)
    groups = account.ticketing.collections["groups"]
    found = (groups.get(key) for key in keys)
    return [{"url": f"{url}/api/v2/groups/{row['id']}.json", **row} for row in found if row is not None]
