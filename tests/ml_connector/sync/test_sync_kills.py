"""Killed at every point where the engine calls the vendor or commits to the ledger, and run again."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sync_support.deaths import deadly_commits
from sync_support.oneway import ORGANIZATIONS, Shop
from sync_support.runs import Emitted
from sync_support.vendor import Death

from ml_connector.ledger import Ledger
from ml_connector.sync import Outcome


def rows(shop: Shop) -> dict[str, Any]:
    """What the vendor holds, without its keys."""
    names = {key: row["external_id"] for key, row in shop.organizations.rows.items()}
    organizations = [
        {**row, "parent": names.get(str(row["parent"])), "tags": sorted(row["tags"] or [])}
        for row in shop.organizations.rows.values()
    ]
    users = [
        {**row, "organization_id": names.get(str(row["organization_id"]))} for row in shop.users.rows.values()
    ]
    return {
        "organizations": sorted(organizations, key=lambda row: str(row["external_id"])),
        "users": sorted(users, key=lambda row: str(row["external_id"])),
    }


def first(shop: Shop) -> list[Emitted]:
    return [
        shop.customer("1", name="one", phone="1", tags=["a"]),
        shop.customer("2", name="two", parent="1"),
        shop.customer("3", name="three", parent="4"),
        shop.customer("4", name="four", parent="3"),
        shop.contact("u1", email="a@b.c", customer="2"),
        shop.summary("1", revenue=5),
    ]


def second(shop: Shop) -> list[Emitted]:
    return [
        shop.customer("1", name="one", phone="2", tags=["b"], notes="n"),
        shop.customer("2", name="zwei", parent="4"),
        shop.contact("u1", email="new@b.c", customer="1"),
        shop.summary("1", revenue=6),
        shop.customer("5", name="five"),
    ]


def play(shop: Shop, emitted: list[Emitted], fatal: int | None, batch: int = 100) -> bool:
    """Run, perhaps until killed; a tap repeats from its bookmark what was not settled."""
    shop.moments.passed, shop.moments.fatal = 0, fatal
    died = False
    with deadly_commits(shop.pipe.ledger.engine, shop.moments):
        try:
            shop.run(*emitted, batch=batch)
        except Death:
            died = True
    shop.moments.fatal = None
    return died


SETTINGS: dict[str, dict[str, Any]] = {
    "jobs": {"jobs": True},
    "two ways, answers at once": {"two_way": True},
}
BATCHES = {"jobs": 4, "two ways, answers at once": 100}


@pytest.mark.parametrize("kind", SETTINGS)
def test_killed_anywhere_and_run_again_is_as_one_clean_run(
    ledger: Ledger, integration: str, kind: str
) -> None:
    batch = BATCHES[kind]
    clean = Shop(ledger, f"{integration} clean", **SETTINGS[kind])
    play(clean, first(clean), None)
    after_first = rows(clean)
    play(clean, second(clean), None)
    after_second = rows(clean)
    fatal = 0
    died = True
    while died:
        fatal += 1
        shop = Shop(ledger, f"{integration} {fatal}", **SETTINGS[kind])
        emitted = first(shop)
        died = play(shop, emitted, fatal, batch)
        ended = shop.kinds(*emitted)
        assert rows(shop) == after_first, f"killed at {shop.moments.names[fatal - 1]} ({fatal})"
        changes = second(shop)
        died = play(shop, changes, fatal, batch) or died
        shop.kinds(*changes)
        assert rows(shop) == after_second, f"killed at {fatal} of the second run"
        assert_idle(shop, changes)
        assert len(ended) == len(emitted)
    assert fatal > 40, "there are that many moments"


def assert_idle(shop: Shop, emitted: list[Emitted]) -> None:
    """Nothing is left open, and nothing is written any more."""
    assert shop.causes() == []
    with shop.pipe.ledger.read(shop.pipe.integration, "zd") as tx:
        assert tx.journal.open_entries() == []
    writes = shop.organizations.writes + shop.users.writes
    assert set(shop.kinds(*emitted)) <= {"unchanged", "superseded"}
    assert shop.organizations.writes + shop.users.writes == writes


# What the journal is resolved by


def killed_after_commit(shop: Shop, *emitted: Emitted) -> None:
    shop.moments.passed, shop.moments.fatal = 0, None
    with pytest.raises(Death):
        _die_at(shop, "after commit", emitted)


def _die_at(shop: Shop, name: str, emitted: tuple[Emitted, ...]) -> None:
    known = shop.moments.at

    def at(moment: str) -> None:
        known(moment)
        if moment == name:
            raise Death(moment)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shop.moments, "at", at)
        shop.run(*emitted)


def test_create_is_found_by_our_own_key(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration)
    record = shop.customer("7", name="A")
    killed_after_commit(shop, record)
    assert shop.kinds(record) == ["unchanged"]
    assert len(shop.organizations.rows) == 1
    with ledger.read(integration) as tx:
        (row,) = tx.runs.history("7", integration=integration)
    assert (row.outcome, row.reason) == ("created", "found written after a run that died")


def test_create_is_not_repeated_before_the_write_timeout(
    ledger: Ledger, integration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still arrive: the run waits, and looks once more."""
    shop = Shop(ledger, integration, options={"write_timeout": 0.3})
    record = shop.customer("7", name="A")
    with pytest.raises(Death):
        _die_at(shop, "before commit", (record,))
    arrived = shop.organizations.find

    def late(rung: Any, values: Any) -> Any:
        found = dict(arrived(rung, values))
        if not shop.organizations.rows:
            shop.organizations.add(external_id="7", name="A")
        return found

    monkeypatch.setattr(shop.organizations, "find", late)
    assert shop.kinds(record) == ["unchanged"]
    assert len(shop.organizations.rows) == 1
    with ledger.read(integration) as tx:
        (row,) = tx.runs.history("7", integration=integration)
    assert row.reason == "found written after a run that died"


def without_own_key(ledger: Ledger, integration: str) -> Shop:
    shop = Shop(ledger, integration)
    shop.organizations.spec = dataclasses.replace(ORGANIZATIONS, rungs=())
    return shop


def test_create_that_cannot_be_looked_up_is_never_repeated(ledger: Ledger, integration: str) -> None:
    shop = without_own_key(ledger, integration)
    record = shop.customer("7", name="A", phone="1")
    killed_after_commit(shop, record)
    assert shop.kinds(record) == ["rejected"]
    assert shop.causes() == ["unknown"]
    assert len(shop.organizations.rows) == 1
    assert shop.kinds(record) == ["rejected"]
    with ledger.read(integration, "zd") as tx:
        assert tx.journal.open_entries() == []


def test_field_that_people_changed_after_our_write_stays_theirs(ledger: Ledger, integration: str) -> None:
    policies = {"policies": {"default": "zd"}}
    shop = Shop(ledger, integration, two_way=True, policies=policies)
    shop.kinds(shop.customer("7", name="A", phone="1", country="NL"))
    record = shop.customer("7", name="A", phone="2", country="BE")
    killed_after_commit(shop, record)
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, phone="theirs")
    outcomes: list[Outcome] = shop.run(record)
    assert [outcome.kind for outcome in outcomes] == ["unchanged"]
    assert shop.organization("7")["phone"] == "theirs"
    assert shop.organization("7")["country"] == "BE"


def test_field_that_was_held_is_held_again_after_a_kill(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, two_way=True, policies={"policies": {"default": "hold"}})
    shop.kinds(shop.customer("7", name="A", phone="1", country="NL"))
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, phone="theirs")
    record = shop.customer("7", name="A", phone="2", country="BE")
    killed_after_commit(shop, record)
    assert shop.causes() == []
    assert shop.kinds(record) == ["held"]
    assert shop.causes() == ["conflict"]
    assert (shop.organization("7")["phone"], shop.organization("7")["country"]) == ("theirs", "BE")


def test_job_of_the_dead_run_is_waited_for(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, jobs=True)
    record = shop.customer("7", name="A")
    killed_after_commit(shop, record)
    shop.kinds(record)
    assert shop.organizations.waited_for == [["job-1"]]
