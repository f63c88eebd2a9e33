"""Killed while users are written, in jobs, singly or through identities, and run again: nobody twice."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from support.kills import kill_when, slow_from
from zendesk_target import fresh
from zendesk_users import LATER, UsersTarget, contact, contact_schema, contacts

from ml_sandbox.testing import RunningSandbox

OLD = contacts(range(6))
MESSAGES = [
    contact_schema(),
    *(contact(n, email=f"new{n}@acme.example", title="Head", updated=LATER) for n in range(3)),
    *(contact(n, title="Head", updated=LATER) for n in range(3, 6)),
    *contacts(range(10, 22)),
]
OBJECTS = ("user_fields", "users", "identities")


class Prepared:
    """Six contacts are in: a copy to begin each kill with, and what a clean run makes of it."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        target = made(sandbox, folder)
        target.run_contacts(OLD).check(0)
        self.rows = {name: target.rows(name) for name in OBJECTS}
        shutil.copytree(folder / "home", folder / "copy")
        self.copy = folder / "copy"
        target.raw(MESSAGES).check(0)
        self.clean = content(target)

    def again(self, sandbox: RunningSandbox, folder: Path) -> UsersTarget:
        fresh(sandbox)
        for name in OBJECTS:
            sandbox.control.put_rows("zendesk", name, self.rows[name])
        shutil.copytree(self.copy, folder / "home")
        return made(sandbox, folder)


def made(sandbox: RunningSandbox, folder: Path) -> UsersTarget:
    target = UsersTarget(sandbox, folder)
    target.map(organization_external_id=None)
    return target


@pytest.fixture(scope="module")
def prepared(served: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(fresh(served), tmp_path_factory.mktemp("prepared"))


def content(target: UsersTarget) -> list[tuple[Any, ...]]:
    """Everybody with all their addresses, but for ids and times."""
    return sorted(
        (
            str(row["external_id"]),
            row["name"],
            str(row["user_fields"]),
            sorted(target.emails(row["id"]).items()),
        )
        for row in target.rows("users")
    )


@pytest.mark.parametrize(
    ("imports", "request_number"), [(True, 3), (True, 8), (False, 5), (False, 12), (False, 16)]
)
def test_killed_and_run_again(
    prepared: Prepared, served: RunningSandbox, tmp_path: Path, imports: bool, request_number: int
) -> None:
    target = prepared.again(served, tmp_path)
    served.control.settings(zendesk={"bulk_user_imports": imports, "job_seconds": 0.3})
    served.control.faults(slow_from("zendesk", "/api/*", request_number))
    killed = target.run_and(kill_when(lambda: len(target.requests()) >= request_number), MESSAGES)
    assert killed.exit_code == -signal.SIGKILL, killed.errors
    served.control.faults()
    target.raw(MESSAGES).check(0)
    assert content(target) == prepared.clean
    assert (target.journal(), target.letters(), target.rows("mails")) == (0, [], [])
    idle = target.raw(MESSAGES).check(0)
    assert (idle.outcomes, target.requests(writes_only=True)) == ({"unchanged": 18}, [])
