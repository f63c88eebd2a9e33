"""Values of odd shapes in every field: each record is written or becomes a letter, and none ends the run."""

from __future__ import annotations

from typing import Any

import pytest
from oro_target import NOW, OroTarget
from singer_lines import Message, record, schema

from ml_sandbox.oro import seed
from target_oro_crm.accounts import account_fields
from target_oro_crm.contacts import contact_fields

ANY = {"type": ["string", "number", "boolean", "object", "array", "null"]}
LONG = "ä" * 70_000
TEXTS = ("", " ", "\0", "x" * 300, LONG, "id:", "id:x", "id:999", "a@b", "0001-01-01T00:00:00+05:00")
OTHERS: tuple[Any, ...] = (
    None,
    0,
    -1,
    2**63,
    1.5,
    True,
    [],
    [None],
    [""],
    ["x", "x"],
    {},
    {"users": None},
    [{"x": 1}],
)
CASE = "subject description resolution reportedAt closedAt status priority source organization ticket_number"
FIELDS: dict[str, list[str]] = {
    "cases": [*CASE.split(), "relatedContact", "relatedAccount", "assignedTo", "owner"],
    "casecomments": ["message", "public", "case", "contact", "owner", "comment_number", "comment_created_at"],
    "contacts": [each.field.name for each in contact_fields(external_ids=True)],
    "accounts": [each.field.name for each in account_fields(external_ids=True)],
    "zendesktickets": [
        *("originId", "url", "subject", "dueAt", "hasIncidents", "status"),
        *("requester", "problem", "collaborators", "relatedCase"),
    ],
}
# What makes each record another one, and so one that could be created.
OWN: dict[str, dict[str, str]] = {
    "cases": {"ticket_number": "t{}", "subject": "S{}"},
    "casecomments": {"message": "M{}", "case": "id:1"},
    "contacts": {"full_name": "Ann Lee", "primaryEmail": "p{}@x.example"},
    "accounts": {"name": "Account {}"},
    "zendesktickets": {"originId": "{}"},
}


def odd(kind: str) -> list[Message]:
    """A record for every field with every value."""
    values = [(name, value) for name in FIELDS[kind] for value in (*TEXTS, *OTHERS)]
    return [
        record(
            {"id": n, "updated": NOW, **{k: v.format(n) for k, v in OWN[kind].items()}, name: value}, "odd"
        )
        for n, (name, value) in enumerate(values, 1)
    ]


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_with_every_odd_value(target: OroTarget, kind: str) -> None:
    target.settings(bundle=True)
    target.put("cases", {"subject": "S", "status": "open", "priority": "low", "source": "web"})
    fields = {name: name for name in ("id", *FIELDS[kind])}
    target.config |= {
        "oro_channel_id": seed.CHANNEL_ID,
        "native_sync_off": True,
        "stream_maps": {"odd": {"__alias__": kind, **fields, "__else__": "__NULL__"}},
    }
    opening = schema("odd", {"id": {"type": "integer"}, "updated": ANY, **dict.fromkeys(FIELDS[kind], ANY)})
    given = odd(kind)
    run = target.raw([opening, *given]).check(0)
    assert sum(run.outcomes.values()) == len(given)
    assert run.outcomes["created"] > len(given) / 4
    held = len(target.rows(kind))
    again = target.raw([opening, *given]).check(0)
    assert (target.calls(), len(target.rows(kind))) == ([], held)
    assert sum(again.outcomes.values()) == again.summary["read"] >= len(given)
