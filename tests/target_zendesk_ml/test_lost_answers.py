"""Every endpoint that writes organizations and users: what becomes of an answer that is lost, or of a 503.

Those of memberships and tickets are in the files of these objects.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from singer_lines import Message, customer, schema
from zendesk_users import LATER, UsersTarget, contact, contact_schema, contacts

from ml_sandbox.testing import RunningSandbox

MOST_RUNS = 8
PARTIAL = {"system": "zendesk", "fault": "job_partial", "share": 1, "times": 99}
# Path and method of each endpoint, and the jobs that do nothing so that the single calls are needed.
GROUPS: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "new, in jobs": (
        [
            ("*/organization_fields", "POST"),
            ("*/user_fields", "POST"),
            ("*/organizations/create_many", "POST"),
            ("*/users/create_many", "POST"),
        ],
        [],
    ),
    "new, singly": (
        [("*/organizations/create_or_update", "POST"), ("*/users", "POST")],
        ["*/organizations/create_many", "*/users/create_many"],
    ),
    "changed, in jobs": (
        [
            ("*/organizations/update_many", "PUT"),
            ("*/users/update_many", "PUT"),
            ("*/identities", "POST"),
            ("*/make_primary", "PUT"),
            ("*/identities/*", "DELETE"),
        ],
        [],
    ),
    "changed, singly": (
        [("^/api/v2/organizations/[0-9]+$", "PUT"), ("^/api/v2/users/[0-9]+$", "PUT")],
        ["*/organizations/update_many", "*/users/update_many"],
    ),
}
SETTINGS = {"old_email": "remove"}
FIRST: list[Message] = [schema(), contact_schema(), customer(1), customer(2), *contacts(range(3))]
SECOND: list[Message] = [
    schema(),
    contact_schema(),
    *(customer(number, city="Paris", updated=LATER) for number in (1, 2)),
    *(contact(n, email=f"new{n}@acme.example", title="Head", updated=LATER) for n in range(3)),
]


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> UsersTarget:
    sandbox.control.settings(zendesk={"primary_on_create": False})
    return UsersTarget(sandbox, tmp_path)


def lost_and_failing(path: str, method: str) -> list[dict[str, Any]]:
    """At first the vendor does it and the answer is cut; the second time it does not, and says 503."""
    once = {"system": "zendesk", "path": path, "method": method}
    return [{**once, "fault": "lost_response"}, {**once, "fault": "status", "status": 503, "after": 1}]


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_is_lost_and_nothing_is_there_twice(target: UsersTarget, group: str) -> None:
    endpoints, idle_jobs = GROUPS[group]
    changes = group.startswith("changed")
    if changes:
        target.raw(FIRST, **SETTINGS).check(0)
    given = SECOND if changes else FIRST
    faults = [fault for endpoint in endpoints for fault in lost_and_failing(*endpoint)]
    target.sandbox.control.faults(*faults, *({**PARTIAL, "path": path} for path in idle_jobs))
    codes = [4]
    while codes[-1] == 4 and len(codes) <= MOST_RUNS:
        codes.append(target.raw(given, **SETTINGS).exit_code)
    assert codes[-1] == 0, codes
    fired = target.sandbox.control.present_faults()[: len(faults)]
    assert [fault["fired"] for fault in fired[::2]] == [1] * len(endpoints)
    target.sandbox.control.faults()
    idle = target.raw(given, **SETTINGS).check(0)
    assert (idle.outcomes, target.calls()) == ({"unchanged": 5}, [])
    cities = [row["organization_fields"]["ebs_city"] for row in target.rows("organizations")]
    assert cities == ["Paris" if changes else "Berlin"] * 2
    assert (len(target.rows("organization_fields")), len(target.rows("user_fields"))) == (1, 1)
    people = {row["id"] for row in target.rows("users") if row["role"] == "end-user"}
    addresses = [
        (row["value"], row["primary"]) for row in target.rows("identities") if row["user_id"] in people
    ]
    name = "new" if changes else "contact"
    assert sorted(addresses) == [(f"{name}{number}@acme.example", True) for number in range(3)]
    assert (len(people), target.letters(), target.journal()) == (3, [], 0)
