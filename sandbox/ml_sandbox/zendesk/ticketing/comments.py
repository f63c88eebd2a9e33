"""Comments of tickets (COM)."""

import html
import re
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid
from ml_sandbox.zendesk.record_rules import add
from ml_sandbox.zendesk.ticketing.users import user_by_id

MAX_COMMENTS = 5000
MAX_BODY_BYTES = 65_536
VIA: dict[str, Any] = {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
_TAG = re.compile(r"<[^>]+>")


def new_comment(account: Account, ticket: Row, given: Any, author: int, details: Details) -> Row | None:
    """The comment that a write carries, not stored yet; None without a text."""
    given = given if isinstance(given, dict) else {}
    text = given.get("html_body") or given.get("body") or given.get("value")
    if not isinstance(text, str) or not text.strip():
        return None
    # A body above 64 kB is cut without a word (TKT).
    text = text.encode()[:MAX_BODY_BYTES].decode(errors="ignore")
    author = given.get("author_id") or author
    if user_by_id(account, author) is None:
        add(details, "author", "Author: is invalid", "InvalidValue")
    if len(account.ticketing.comments.find("ticket_id", ticket["id"])) >= MAX_COMMENTS:
        add(details, "base", f"Comments: a ticket has no more than {MAX_COMMENTS}", "InvalidValue")
    if given.get("public") is not None and not isinstance(given["public"], bool):
        add(details, "comment.public", "Public: must be true or false", "InvalidValue")
    if details:
        raise RecordInvalid(details)
    plain = html.unescape(_TAG.sub("", text)) if given.get("html_body") else text
    marked = text if given.get("html_body") else f"<p>{html.escape(text)}</p>"
    return {
        "id": account.ticketing.event_ids.take(),
        "ticket_id": ticket["id"],
        "type": "Comment",
        "author_id": author,
        "body": plain,
        "html_body": f'<div class="zd-comment" dir="auto">{marked}</div>',
        "plain_body": plain,
        "public": _is_public(account, ticket, given),
        "attachments": [],
        "audit_id": 0,
        "via": VIA,
        "created_at": account.now(),
        "metadata": {"system": {}, "custom": {}},
    }


def shown_comment(row: Row) -> Row:
    """A comment as listings show it: it does not name its ticket."""
    return {name: value for name, value in row.items() if name != "ticket_id"}


def _is_public(account: Account, ticket: Row, given: dict[str, Any]) -> bool:
    """As given; else as the ticket began (OAS)."""
    if given.get("public") is not None:
        return bool(given["public"])
    earlier = account.ticketing.comments_of(ticket["id"])
    return bool(earlier[0]["public"]) if earlier else True
