"""The run and the time of a write in custom fields; nothing is written for their sake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from singer_lines import customers
from zendesk_target import ZendeskTarget
from zendesk_users import UsersTarget, contact

from ml_sandbox.testing import RunningSandbox

LATER = "2026-11-21T00:00:00Z"
STAMPS = {"audit_field": "ml_run", "synced_at_field": "ml_synced"}


def stamps(target: ZendeskTarget) -> list[tuple[Any, Any]]:
    rows = target.organizations.values()
    return [(row["organization_fields"]["ml_run"], row["organization_fields"]["ml_synced"]) for row in rows]


def test_organizations_get_them_with_each_write_only(target: ZendeskTarget) -> None:
    first = target.run(customers(range(3)), **STAMPS).check(0)
    written = stamps(target)
    assert [run for run, _ in written] == [str(first.summary["run"])] * 3
    assert all(time.startswith("20") and time.endswith("Z") for _, time in written)
    again = target.run(customers(range(3)), **STAMPS).check(0)
    assert (again.outcomes, target.calls(), stamps(target)) == ({"unchanged": 3}, [], written)
    looked = target.run(customers(range(3), notes="not mapped", updated=LATER), **STAMPS).check(0)
    assert (looked.outcomes, target.calls(), stamps(target)) == ({"unchanged": 3}, [], written)
    changed = target.run(customers(range(3), city="Paris", updated=LATER), **STAMPS).check(0)
    assert [run for run, _ in stamps(target)] == [str(changed.summary["run"])] * 3
    (target.folder / "home" / "ledger.db").unlink()
    lost = target.run(customers(range(3), city="Paris", updated=LATER), **STAMPS).check(0)
    assert (lost.outcomes, target.calls()) == ({"unchanged": 3}, [])


def test_their_type_may_be_another(target: ZendeskTarget) -> None:
    control = target.sandbox.control
    fields = [
        {"key": "ml_run", "title": "Run", "type": "integer"},
        {"key": "ml_synced", "title": "Synced", "type": "date"},
    ]
    control.put_rows("zendesk", "organization_fields", fields)
    city = {"key": "ebs_city", "title": "City", "type": "text"}
    run = target.run(customers(range(1)), organization_fields=[city, *fields], **STAMPS).check(0)
    ((number, day),) = stamps(target)
    assert (number, day[10:]) == (run.summary["run"], "T00:00:00Z")
    clash = target.run(customers(range(2)), **STAMPS).check(5)
    assert "is of type integer in Zendesk, text in the settings" in clash.errors


@pytest.mark.parametrize("email", ["contact1@acme.example", "new@acme.example"])
def test_users_get_them(sandbox: RunningSandbox, tmp_path: Path, email: str) -> None:
    target = UsersTarget(sandbox, tmp_path)
    target.run_both([contact(1)], **STAMPS).check(0)
    run = target.run_contacts([contact(1, title="Head", email=email, updated=LATER)], **STAMPS).check(0)
    assert run.outcomes == {"updated": 1}
    assert target.users["C1"]["user_fields"]["ml_run"] == str(run.summary["run"])
    again = target.run_contacts([contact(1, title="Head", email=email, updated=LATER)], **STAMPS).check(0)
    assert (again.outcomes, target.requests(writes_only=True)) == ({"unchanged": 1}, [])
