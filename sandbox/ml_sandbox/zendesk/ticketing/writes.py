"""Creating, changing and importing tickets; each write leaves an audit (TKT, AUD, IMP)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid
from ml_sandbox.zendesk.record_rules import add
from ml_sandbox.zendesk.ticketing.audits import Written, keep_audit
from ml_sandbox.zendesk.ticketing.comments import VIA, new_comment
from ml_sandbox.zendesk.ticketing.field_values import shown_values
from ml_sandbox.zendesk.ticketing.people import apply_people
from ml_sandbox.zendesk.ticketing.rules import apply_status, apply_values, check_given, check_open
from ml_sandbox.zendesk.ticketing.users import user_by_id

AI_AGENT = "ai_agent"
HIDDEN = frozenset(
    {"values", "archived", "deleted_by", "deleted_at", "deleted_from", "scrubbed", "support_type"}
)


def create_ticket(account: Account, given: Row, actor: int) -> Written:
    """Store a new ticket; :class:`RecordInvalid` when it is refused."""
    check_given(given)
    row, details = blank_ticket(account), Details()
    source = _followed(account, given, row, details)
    _apply(account, row, None, given, actor, details)
    row["submitter_id"] = _submitter(account, given, actor, details)
    comment = new_comment(account, row, given.get("comment"), row["submitter_id"], details)
    if comment is None:
        add(details, "base", "Description: cannot be blank", "BlankValue")
    if details or comment is None:
        raise RecordInvalid(details)
    row["id"] = comment["ticket_id"] = account.ticketing.ticket_ids.take()
    row["description"], row["is_public"] = comment["body"], comment["public"]
    row["subject"] = row["subject"] or comment["body"][:80]
    if source is not None:
        account.ticketing.tickets.put({**source, "followup_ids": [*source["followup_ids"], row["id"]]})
    return keep_audit(account, None, stamped(account, row), [comment], given.get("metadata"), actor)


def update_ticket(
    account: Account, stored: Row, given: Row, actor: int, *, via: dict[str, Any] | None = None
) -> Written:
    """Store changes; :class:`RecordInvalid` when they are refused. ``via``: what made them, if no call."""
    check_open(stored)
    check_given(given)
    row, details = {**stored}, Details()
    _apply(account, row, stored, given, actor, details)
    comment = new_comment(account, row, given.get("comment"), actor, details)
    if details:
        raise RecordInvalid(details)
    if comment is not None:
        row["is_public"] = row["is_public"] or comment["public"]
    elif row == stored:
        return keep_audit(account, stored, stored, [], given.get("metadata"), actor)
    comments = [comment | ({"via": via} if via else {})] if comment else []
    return keep_audit(account, stored, stamped(account, row), comments, given.get("metadata"), actor, via)


def import_ticket(account: Account, given: Row, actor: int, *, archive: bool) -> Written:
    """Store a ticket of the past: with its times and comments, and without business rules (IMP)."""
    check_given(given)
    row, details = blank_ticket(account), Details()
    _apply(account, row, None, given, actor, details)
    row["submitter_id"] = _submitter(account, given, row["requester_id"] or actor, details)
    row["id"] = account.ticketing.ticket_ids.take()
    texts = given.get("comments") or [given.get("comment") or {"body": given.get("description")}]
    comments = []
    for text in texts:
        author = row["requester_id"] or actor
        comment = new_comment(account, row, text, author, details)
        if comment is not None:
            comments.append(comment | _times(account, text, "created_at"))
    if not comments:
        add(details, "base", "Description: cannot be blank", "BlankValue")
    if details:
        raise RecordInvalid(details)
    row["description"] = given.get("description") or comments[0]["body"]
    row["is_public"] = any(comment["public"] for comment in comments)
    row["archived"] = archive and row["status"] == "closed"
    row |= _times(account, given, "created_at", "updated_at")
    return keep_audit(account, None, generated(account, row), comments, given.get("metadata"), actor)


def delete_ticket(account: Account, stored: Row, actor: int) -> None:
    """Delete softly: exports show the ticket as deleted, nothing else shows it (IE)."""
    told = {"deleted_by": actor, "deleted_at": account.now(), "deleted_from": stored["status"]}
    account.ticketing.tickets.put(stamped(account, {**stored, **told, "status": "deleted"}))


def shown_ticket(account: Account, row: Row, url: str) -> dict[str, Any]:
    """A ticket as the vendor shows it."""
    shown = {name: value for name, value in row.items() if name not in HIDDEN}
    if row["status"] != "closed":
        shown["followup_ids"] = []
    link = f"{url}/api/v2/tickets/{row['id']}.json"
    return {"url": link, **shown, "custom_fields": shown_values(account, row["values"])}


def _apply(account: Account, row: Row, stored: Row | None, given: Row, actor: int, details: Details) -> None:
    apply_people(account, row, given, actor, details)
    apply_values(account, row, given, details)
    apply_status(account, row, stored, given, details)
    row["raw_subject"] = row["subject"]


def _submitter(account: Account, given: Row, actor: int, details: Details) -> int:
    """The author of the first comment (TKT)."""
    chosen = given.get("submitter_id") or (given.get("comment") or {}).get("author_id") or actor
    if user_by_id(account, chosen) is None:
        add(details, "submitter", "Submitter: is invalid", "InvalidValue")
    return int(chosen)


def _followed(account: Account, given: Row, row: Row, details: Details) -> Row | None:
    """The closed ticket that this one follows up on; its subject and fields are the beginning."""
    source_id = given.get("via_followup_source_id")
    if source_id is None:
        return None
    source = account.ticketing.living(source_id)
    if source is None or source["status"] != "closed":
        add(details, "via_followup_source_id", "Follow-up source: is not a closed ticket", "InvalidValue")
        return None
    inherited = (
        "subject",
        "requester_id",
        "organization_id",
        "group_id",
        "tags",
        "values",
        "priority",
        "type",
    )
    row |= {name: source[name] for name in inherited}
    origin = {"ticket_id": source_id, "subject": source["subject"], "channel": source["via"]["channel"]}
    row["via"] = {"channel": "api", "source": {"from": origin, "to": {}, "rel": "follow_up"}}
    return source


def _times(account: Account, given: Mapping[str, Any], *names: str) -> dict[str, str]:
    found = {}
    for name in names:
        if isinstance(given.get(name), str):
            try:
                moment = datetime.fromisoformat(given[name])
            except ValueError as error:
                details: Details = {}
                add(details, name, f"{name}: is not a date", "InvalidFormat")
                raise RecordInvalid(details) from error
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            found[name] = zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return found


def stamped(account: Account, row: Row) -> Row:
    """A ticket that somebody changed now."""
    return generated(account, {**row, "updated_at": account.now()})


def generated(account: Account, row: Row) -> Row:
    """A ticket with the time that moves with every change, system changes included (IE)."""
    return {**row, "generated_timestamp": int(datetime.fromisoformat(account.now()).timestamp())}


def blank_ticket(account: Account) -> Row:
    """A ticket to which nothing was given."""
    now = account.now()
    return {
        "id": 0,
        "external_id": None,
        "via": VIA,
        "created_at": now,
        "updated_at": now,
        "generated_timestamp": 0,
        "type": None,
        "subject": None,
        "raw_subject": None,
        "description": None,
        "priority": None,
        "status": "new",
        "custom_status_id": None,
        "recipient": None,
        "requester_id": None,
        "submitter_id": None,
        "assignee_id": None,
        "organization_id": None,
        "group_id": None,
        "collaborator_ids": [],
        "follower_ids": [],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": True,
        "due_at": None,
        "tags": [],
        "values": {},
        "satisfaction_rating": None,
        "sharing_agreement_ids": [],
        "followup_ids": [],
        "ticket_form_id": None,
        "brand_id": None,
        "from_messaging_channel": False,
        "allow_channelback": False,
        "allow_attachments": True,
        "archived": False,
    }
