"""How long tickets took, told from their audits: ticket metrics (the metric set of a ticket)."""

from collections.abc import Iterator, Sequence
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.ticketing.safety import seconds_of

FIRST_METRIC_ID = 26363690000000
WAITING_FOR_AGENT = frozenset({"new", "open"})
WAITING_FOR_REQUESTER = frozenset({"pending"})
DONE = frozenset({"solved", "closed"})
STAFF = frozenset({"agent", "admin"})

Change = tuple[str, Any, Any]


def ticket_metric(account: Account, ticket: Row, url: str) -> dict[str, Any]:
    """The metric set of a ticket; its id is told from the ticket's."""
    number = FIRST_METRIC_ID + ticket["id"]
    audits = account.ticketing.audits_of(ticket["id"])
    return {
        "url": f"{url}/api/v2/ticket_metrics/{number}.json",
        "id": number,
        "ticket_id": ticket["id"],
        "created_at": ticket["created_at"],
        "updated_at": ticket["updated_at"],
        **_moments(account, ticket, audits),
        **_durations(account, ticket, audits),
    }


def metric_ticket_id(metric_id: int) -> int:
    """The ticket whose metric set has this id."""
    return metric_id - FIRST_METRIC_ID


def changes_of(audit: Row) -> Iterator[tuple[str, Any, Any]]:
    """Name, value before and value after of each field that an audit changed."""
    for event in audit["events"]:
        if event["type"] in {"Create", "Change"}:
            yield str(event["field_name"]), event.get("previous_value"), event["value"]


def is_reply(account: Account, audit: Row) -> bool:
    """Whether an audit holds a public comment of staff."""
    for event in audit["events"]:
        author = account.users.get(event["author_id"]) if event["type"] == "Comment" else None
        if author is not None and event["public"] and author["role"] in STAFF:
            return True
    return False


def _moments(account: Account, ticket: Row, audits: Sequence[Row]) -> dict[str, Any]:
    """Times of changes and how many there were; null for what never happened."""
    found: dict[str, Any] = dict.fromkeys(
        ("assigned_at", "initially_assigned_at", "assignee_updated_at", "requester_updated_at", "solved_at")
    )
    found |= {"status_updated_at": ticket["created_at"], "custom_status_updated_at": ticket["created_at"]}
    found |= {"latest_comment_added_at": None, "reopens": 0, "replies": 0}
    found |= {"assignee_stations": 0, "group_stations": 0}
    for number, audit in enumerate(audits):
        when = audit["created_at"]
        if any(event["type"] == "Comment" for event in audit["events"]):
            found["latest_comment_added_at"] = when
            concerned = audit["author_id"]
            for name in ("requester", "assignee"):
                if concerned == ticket[f"{name}_id"]:
                    found[f"{name}_updated_at"] = when
            found["replies"] += number > 0 and is_reply(account, audit)
        for change in changes_of(audit):
            _note(found, change, when)
    return found


def _note(found: dict[str, Any], change: Change, when: str) -> None:
    name, before, after = change
    if name == "assignee_id" and after is not None:
        found["assigned_at"] = when
        found["initially_assigned_at"] = found["initially_assigned_at"] or when
        found["assignee_stations"] += 1
    elif name == "group_id" and after is not None:
        found["group_stations"] += 1
    elif name == "custom_status_id":
        found["custom_status_updated_at"] = when
    elif name == "status":
        found["status_updated_at"] = when
        if after in DONE and before not in DONE:
            found["solved_at"] = when
        found["reopens"] += before == "solved" and after not in DONE


def _durations(account: Account, ticket: Row, audits: Sequence[Row]) -> dict[str, Any]:
    spans, now = _spans(audits), seconds_of(account.now())
    waited = {"agent": 0, "requester": 0, "hold": 0}
    for status, start, end in spans:
        length = (now if end is None else end) - start
        waited["agent"] += length if status in WAITING_FOR_REQUESTER else 0
        waited["requester"] += length if status in WAITING_FOR_AGENT or status == "hold" else 0
        waited["hold"] += length if status == "hold" else 0
    created = seconds_of(ticket["created_at"])
    solved = [start for status, start, _ in spans if status in DONE]
    reply = next((seconds_of(audit["created_at"]) for audit in audits[1:] if is_reply(account, audit)), None)
    return {
        "reply_time_in_minutes": _minutes(None if reply is None else reply - created),
        "reply_time_in_seconds": {"calendar": None if reply is None else reply - created},
        "first_resolution_time_in_minutes": _minutes(solved[0] - created if solved else None),
        "full_resolution_time_in_minutes": _minutes(solved[-1] - created if solved else None),
        "agent_wait_time_in_minutes": _minutes(waited["agent"] if solved else None),
        "requester_wait_time_in_minutes": _minutes(waited["requester"] if solved else None),
        "on_hold_time_in_minutes": _minutes(waited["hold"]),
    }


def _spans(audits: Sequence[Row]) -> list[tuple[str, int, int | None]]:
    """Status, begin and end of each time in one status, in Unix seconds; closing goes on with solved."""
    starts: list[tuple[str, int]] = []
    for audit in audits:
        for name, before, after in changes_of(audit):
            if name == "status" and not (before == "solved" and after == "closed"):
                starts.append((str(after), seconds_of(audit["created_at"])))
    ends: list[int | None] = [start for _, start in starts[1:]]
    return [(status, start, end) for (status, start), end in zip(starts, [*ends, None], strict=True)]


def _minutes(seconds: int | None) -> dict[str, int | None]:
    """Business hours are those of the calendar: the account has no schedule."""
    minutes = None if seconds is None else seconds // 60
    return {"calendar": minutes, "business": minutes}
