"""A record that Zendesk refuses: its letter, and the ways it comes in after all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from e2e.customers import Customers, Organizations
from e2e.pipe import Pipe
from fixtures.postgres import PostgresServer

from ml_connector.ledger import Letter, LetterFilter
from ml_connector.ledger_access import open_ledger


@pytest.fixture
def loaded(pipe: Pipe) -> Pipe:
    """A pipe that has brought all customers in."""
    pipe.integrate().check()
    return pipe


@pytest.fixture
def number(organizations: Organizations, loaded: Pipe) -> str:
    """The account number of one customer that is in."""
    return min(organizations.all())


def letters(pipe: Pipe, *, only_open: bool = True) -> Sequence[Letter]:
    """The letters in the ledger of a pipe."""
    settings: dict[str, Any] = pipe.settings.get("target-zendesk-ml", {})
    ledger = open_ledger(settings.get("ledger_url") or f"sqlite:///{pipe.folder}/home/ledger.db")
    try:
        with ledger.read("ebs-zendesk", "zendesk") as tx:
            return list(tx.letters.select(LetterFilter(only_open=only_open)))
    finally:
        ledger.close()


def allow_countries(customers: Customers, pattern: str) -> None:
    """What an administrator of Zendesk changes: the rule of the field."""
    rule = {"key": "ebs_country", "regexp_for_validation": pattern}
    customers.control.put_rows("zendesk", "organization_fields", [rule])


def test_a_refused_record_is_a_letter_with_field_reason_and_request_id(
    loaded: Pipe, customers: Customers, number: str
) -> None:
    customers.move(number, COUNTRY="XKX")
    assert loaded.integrate().check().outcomes["rejected"] == 1
    (letter,) = letters(loaded)
    assert letter.identity == number
    assert letter.field == "organization_fields.ebs_country"
    assert "422 RecordInvalid" in letter.reason
    refusals = [each for each in customers.control.requests("zendesk") if each["status"] == 422]
    assert letter.request_id == refusals[-1]["request_id"]


def test_a_refused_record_is_not_sent_again_as_long_as_it_stays_the_same(
    loaded: Pipe, customers: Customers, organizations: Organizations, number: str
) -> None:
    customers.move(number, COUNTRY="XKX")
    loaded.integrate().check()
    customers.control.clear_requests()
    assert loaded.integrate().check().outcomes["rejected"] == 1
    assert organizations.writes() == []
    assert len(letters(loaded)) == 1


def test_with_the_cause_mended_a_replay_brings_it_in_and_closes_it(
    loaded: Pipe, customers: Customers, organizations: Organizations, number: str
) -> None:
    refuse_mend_replay(loaded, customers, organizations, number)


@pytest.mark.postgres
def test_letters_on_postgresql_are_replayed_too(
    pipe: Pipe, customers: Customers, organizations: Organizations, postgres: PostgresServer
) -> None:
    ledger = {"ledger_url": postgres.new_database()}
    pipe.settings = {"target-zendesk-ml": ledger, "tap-dead-letters": ledger}
    pipe.integrate().check()
    refuse_mend_replay(pipe, customers, organizations, min(organizations.all()))


def refuse_mend_replay(loaded: Pipe, customers: Customers, organizations: Organizations, number: str) -> None:
    customers.move(number, COUNTRY="XKX")
    loaded.integrate().check()
    assert loaded.replay().check().outcomes == {"rejected": 1}
    assert len(letters(loaded)) == 1

    allow_countries(customers, "^[A-Z]{2,3}$")
    customers.control.clear_requests()
    assert loaded.replay().check().outcomes == {"updated": 1}
    assert organizations.all()[number]["organization_fields"]["ebs_country"] == "XKX"
    assert organizations.written() == [number]
    assert letters(loaded) == []
    assert [letter.closed_as for letter in letters(loaded, only_open=False)] == ["settled"]


def test_a_newer_version_closes_the_letter_and_a_late_replay_ends_superseded(
    loaded: Pipe, customers: Customers, organizations: Organizations, number: str
) -> None:
    customers.move(number, COUNTRY="XKX")
    loaded.integrate().check()
    replayed = loaded.letters_now()
    customers.move(number, COUNTRY="DK")
    assert loaded.integrate().check().outcomes["updated"] == 1
    assert [letter.closed_as for letter in letters(loaded, only_open=False)] == ["superseded"]

    allow_countries(customers, "^[A-Z]{2,3}$")
    customers.control.clear_requests()
    assert loaded.feed(replayed).check().outcomes == {"superseded": 1}
    assert organizations.writes() == []
    assert organizations.all()[number]["organization_fields"]["ebs_country"] == "DK"


def test_a_replay_without_letters_does_nothing(loaded: Pipe, organizations: Organizations) -> None:
    organizations.control.clear_requests()
    assert loaded.replay().tap_exit == 0
    assert organizations.writes() == []
