"""Pauses, leases, dry runs, secrets: the run around the records."""

from __future__ import annotations

import json

import pytest
from singer_lines import customer, customers, schema, state
from sqlalchemy import select
from zendesk_target import MAPPING, SYSTEM, ZendeskTarget

from ml_connector.ledger import AuditRow, LetterFilter, tables
from ml_sandbox.zendesk import seed

LATER = "2026-11-21T00:00:00Z"


def test_a_paused_integration_does_not_start(target: ZendeskTarget) -> None:
    run = target.run([customer(1), state({"k": 1})], start_paused=True).check(5)
    assert "ml-connector resume target-zendesk-ml" in run.errors
    assert (run.states, target.requests()) == ([], [])
    with target.ledger() as ledger, ledger.write(target.integration, SYSTEM) as tx:
        tx.runs.resume(target.integration)
    assert target.run([customer(1)], start_paused=True).check(0).outcomes == {"created": 1}
    with target.ledger() as ledger, ledger.write(target.integration, SYSTEM) as tx:
        tx.runs.pause(target.integration, "stocktaking")
    assert "stocktaking" in target.run([customer(1)]).check(5).errors


def test_a_second_run_says_who_holds_the_lease(target: ZendeskTarget) -> None:
    target.run([]).check(0)
    with target.ledger() as ledger, ledger.lease(target.integration, plugin="another-target"):
        run = target.run([customer(1), state({"k": 1})]).check(5)
        assert "is being run by another-target (process" in run.errors
        assert "lease_wait" in run.errors
        assert (run.states, target.requests()) == ([], [])
        assert target.run([customer(2)], integration="something-else").check(0).outcomes == {"created": 1}
    assert target.run([customer(1)]).check(0).outcomes == {"created": 1}


def messages_of_every_kind() -> list[dict[str, object]]:
    return [
        customer(1),
        customer(2, city="Paris", updated=LATER),
        customer(3, name="Customer 1", updated=LATER),
        customer(4),
        customer(5, name=5),
        customer(6, name="Held"),
        customer(7),
        customer(7, city="Rome", updated=LATER),
    ]


def test_a_dry_run_shows_what_the_next_run_does_and_writes_nothing(target: ZendeskTarget) -> None:
    control = target.sandbox.control
    target.run(customers(range(1, 4))).check(0)
    control.put_rows("zendesk", "organizations", [{"name": "Customer 4", "external_id": "a4", "notes": "n"}])
    control.put_rows(
        "zendesk", "organizations", [{"name": "Held"}, {"name": "customer 7", "external_id": "x"}]
    )
    before = control.rows("zendesk", "organizations")
    records = messages_of_every_kind()
    dry = target.run([*records, state({"k": 9})], dry_run=True).check(0)
    assert (target.calls(), dry.states) == ([], [])
    assert control.rows("zendesk", "organizations") == before
    assert target.letters() == []
    planned = {row.source_key: (row.outcome, set(row.fields)) for row in audited(target, dry.summary["run"])}
    real = target.run([*records, state({"k": 9})]).check(0)
    done = {row.source_key: (row.outcome, set(row.fields)) for row in audited(target, real.summary["run"])}
    words = {"would create": "created", "would update": "updated", "would reject": "rejected"}
    assert {key: (words.get(kind, kind), names) for key, (kind, names) in planned.items()} == done
    assert dry.summary["outcomes"] == real.summary["outcomes"]
    plan = dry.summary["plan"]
    assert plan["create"] == real.summary["outcomes"]["created"]
    assert plan["update"] == real.summary["outcomes"]["updated"]
    assert plan["requests"] >= 2, "what it costs where the vendor refuses nothing"
    assert real.states == [{"k": 9}]


def audited(target: ZendeskTarget, run_id: int) -> list[AuditRow]:
    with target.ledger() as ledger, ledger.read() as tx:
        rows = tx.connection.execute(select(tables.audit).where(tables.audit.c.run_id == run_id)).all()
    return [
        AuditRow(
            stream=row.stream,
            object=row.object,
            source_key=row.source_key,
            outcome=row.outcome,
            fields=json.loads(row.fields),
        )
        for row in rows
        if row.outcome not in ("superseded", "would superseded")
    ]


def test_a_dry_run_of_many_looks_for_names_in_one_scan(target: ZendeskTarget) -> None:
    strangers = [{"name": f"customer {number}", "external_id": f"x{number}"} for number in range(3)]
    target.sandbox.control.put_rows("zendesk", "organizations", [*strangers, {"name": "CUSTOMER 3"}])
    dry = target.run(customers(range(150)), dry_run=True).check(0)
    assert dry.outcomes == {"created": 149, "updated": 1}
    calls = target.calls(writes_only=False)
    assert calls.count("GET organizations") == 1, "four organizations are one page"
    assert calls.count("GET search") == 4, "each taken name is looked at once more"
    assert target.run(customers(range(150))).check(0).outcomes == dry.outcomes
    assert {target.organizations[f"A{number}"]["name"] for number in range(2)} == {
        "Customer 0 (A0)",
        "Customer 1 (A1)",
    }


def test_a_dry_run_creates_no_fields_but_plans_with_them(target: ZendeskTarget) -> None:
    run = target.run([customer(1)], dry_run=True).check(0)
    assert run.outcomes == {"created": 1}
    assert target.calls() == []
    assert target.sandbox.control.rows("zendesk", "organization_fields") == []
    assert target.run([customer(1)]).check(0).outcomes == {"created": 1}


def test_a_letter_is_replayed_by_the_same_path(target: ZendeskTarget) -> None:
    maps = {"customers": {**MAPPING, "name": "name.strip()"}}
    target.run([customer(1, name=None)], stream_maps=maps).check(0)
    (letter,) = target.letters()
    replay = customer(1, name=None, _ml_letter={"id": letter.id, "overlay": None})
    assert target.run([replay], stream_maps=maps).check(0).outcomes == {"rejected": 1}
    (again,) = target.letters()
    assert (again.id, again.attempts) == (letter.id, 2)

    mended = {"customers": {**MAPPING, "name": "name.strip() if name else 'Nameless ' + account_number"}}
    run = target.run([replay], stream_maps=mended).check(0)
    assert run.outcomes == {"created": 1}
    assert target.organizations["A1"]["name"] == "Nameless A1"
    assert [letter.closed_as for letter in target.letters(only_open=False)] == ["settled"]


def test_an_overlay_lies_over_the_mapping(target: ZendeskTarget) -> None:
    target.run([customer(1, name=7)]).check(0)
    (letter,) = target.letters()
    replay = customer(1, name=7, _ml_letter={"id": letter.id, "overlay": {"name": "Seven"}})
    assert target.run([replay]).check(0).outcomes == {"created": 1}
    assert target.organizations["A1"]["name"] == "Seven"
    with target.ledger() as ledger, ledger.read(target.integration, SYSTEM) as tx:
        (closed,) = tx.letters.select(LetterFilter(only_open=False))
    assert closed.closed_as == "settled"


@pytest.mark.parametrize("setting", ["policies", "authority", "newest_ties"])
def test_wrong_policies_are_refused_by_name(target: ZendeskTarget, setting: str) -> None:
    wrong: object = "nobody" if setting == "newest_ties" else {"default": "nobody"}
    run = target.run([customer(1)], **{setting: wrong}).check(5)
    assert setting in run.errors
    assert "ebs" in run.errors


def test_conflicts_that_a_policy_decided_are_counted_and_sealed(target: ZendeskTarget) -> None:
    """The city is Zendesk's by policy; of the name EBS always wins, so that nobody looks."""
    rules = {"policies": {"default": "ebs", "zendesk.organizations.organization_fields.ebs_city": "zendesk"}}
    assert target.run([customer(1)], **rules).check(0).summary["decided_conflicts"] == 0
    (row,) = target.sandbox.control.rows(SYSTEM, "organizations")
    theirs = {"name": "Their name", "organization_fields": {"ebs_city": "Their city"}}
    target.sandbox.control.put_rows(SYSTEM, "organizations", [{**row, **theirs}])
    newer = customer(1, city="Our city", name="Our name", updated=LATER)
    run = target.run([newer], **rules).check(0)
    assert (run.summary["decided_conflicts"], run.summary["new_letters"]) == (1, 0)
    assert target.run([newer], **rules).check(0).summary["decided_conflicts"] == 0
    (found,) = target.letters(only_open=False)
    values = {"organization_fields.ebs_city": {"ebs": "Our city", "zendesk": "Their city"}}
    assert (found.closed_as, (found.detail or {})["values"]) == ("decided", values)
    files = [file for file in (target.folder / "home").rglob("*") if file.is_file()]
    contents = b"".join(file.read_bytes() for file in files)
    assert b"Our city" not in contents
    assert b"Their city" not in contents


def test_no_secret_is_shown_or_kept_in_clear(target: ZendeskTarget) -> None:
    target.sandbox.control.faults({"system": "zendesk", "path": "*/create_many", "fault": "lost_response"})
    runs = [target.run([customer(1), customer(2, name=3)]).check(4), target.run([customer(1)]).check(0)]
    secrets = [seed.CLIENT_SECRET.encode()]
    files = [file for file in (target.folder / "home").rglob("*") if file.is_file()]
    assert any(file.suffix == ".token" for file in files)
    contents = b"".join(file.read_bytes() for file in files)
    for secret in secrets:
        assert secret not in contents
        assert all(secret.decode() not in run.errors and secret not in run.output for run in runs)
    assert b'"name": 3' not in contents
    assert b'"name":3' not in contents, "letters are encrypted where there is a key"


def test_a_schema_may_change_in_the_middle(target: ZendeskTarget) -> None:
    wider = {**schema()["schema"]["properties"], "fax": {"type": "string"}}
    run = target.run(
        [customer(1), schema(properties=wider), customer(2), customer(1), state({"k": 1})]
    ).check(0)
    assert (run.outcomes, run.states) == ({"created": 2, "unchanged": 1}, [{"k": 1}])
