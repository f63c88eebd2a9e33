"""Conflicts that a policy decided: kept once, with both values, when the record is settled and not before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text
from sync_support.oneway import CUSTOMERS, Shop
from sync_support.runs import Emitted, Pipe, Way, emit
from sync_support.vendor import Death, VendorObject

from ml_connector.errors import RecordFault
from ml_connector.ledger import DECIDED, Ledger, LetterFilter
from ml_connector.sync import Field, ObjectSpec, Outcome, Rung

SOURCE_WINS = {"winner": "ebs", "policy": "ebs", "ties": False}
TARGET_WINS = {"winner": "zd", "policy": "zd", "ties": False}


def start(ledger: Ledger, integration: str, *, two_way: bool = True, **policies: Any) -> Shop:
    """A shop in which customer 1 is linked and both sides agree."""
    shop = Shop(ledger, integration, two_way=two_way, policies=policies)
    shop.run(shop.customer("1", name="Acme", phone="1", country="NL"))
    return shop


def edit(shop: Shop, **values: Any) -> None:
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, **values)


def decided(shop: Shop) -> list[dict[str, Any]]:
    """What was decided, letter by letter: `values` and `decided`; none may be pending."""
    with shop.pipe.ledger.engine.connect() as connection:
        query = text("SELECT count(*) FROM letter WHERE integration = :name AND closed_as = 'pending'")
        assert connection.execute(query, {"name": shop.pipe.integration}).scalar_one() == 0
    return [letter.detail or {} for letter in shop.pipe.letters(LetterFilter(closed_as=DECIDED))]


def count(shop: Shop) -> int:
    assert shop.pipe.engine is not None
    return shop.pipe.engine.decided


def remap(shop: Shop, emitted: Emitted) -> list[str]:
    """The same record once more, with every field looked at."""
    shop.run()
    engine = shop.pipe.engine
    assert engine is not None
    route = engine.route(CUSTOMERS.stream, CUSTOMERS.object)
    record = shop.pipe._incoming(emitted, 0, route, engine.look_up(route, ["1"]))
    return [outcome.kind for outcome in engine.settle("organizations", [replace(record, remap=True)])]


def test_the_source_wins_and_both_values_are_kept_once(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2")
    record = shop.customer("1", name="Acme", phone="3", country="NL")
    assert shop.kinds(record) == ["updated"]
    assert count(shop) == 1
    expected = [{"values": {"phone": {"ebs": "3", "zd": "2"}}, "decided": {"phone": SOURCE_WINS}}]
    assert decided(shop) == expected
    assert shop.causes() == [], "no open letter"
    assert shop.kinds(record) == ["unchanged"]
    assert remap(shop, record) == ["unchanged"]
    assert (decided(shop), count(shop)) == (expected, 0)


def test_the_target_wins_and_both_values_are_kept_once(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration, policies={"default": "zd"})
    edit(shop, phone="2")
    record = shop.customer("1", name="Acme", phone="3", country="NL")
    assert shop.kinds(record) == ["unchanged"]
    expected = {"values": {"phone": {"ebs": "3", "zd": "2"}}, "decided": {"phone": TARGET_WINS}}
    assert (decided(shop), count(shop)) == ([expected], 1)
    assert remap(shop, record) == ["unchanged"]
    assert decided(shop) == [expected], "its value is still on its way, the conflict is the same"
    assert shop.kinds(shop.customer("1", name="Acme", phone="4", country="NL")) == ["unchanged"]
    assert [each["values"]["phone"]["ebs"] for each in decided(shop)] == ["3", "4"], "that one lost too"


def test_a_refused_write_decides_nothing_and_its_replay_does(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2")
    shop.organizations.refuses = lambda item: RecordFault("No.", cause="vendor")
    assert shop.kinds(shop.customer("1", name="Acme", phone="3", country="NL")) == ["rejected"]
    assert (decided(shop), count(shop), shop.causes()) == ([], 0, ["vendor"])
    shop.organizations.refuses = lambda item: None
    (letter,) = shop.pipe.letters()
    shop.run()
    assert shop.pipe.engine is not None
    for _ in range(2):
        shop.pipe.replay(shop.pipe.engine, letter, CUSTOMERS)
    assert [each["values"] for each in decided(shop)] == [{"phone": {"ebs": "3", "zd": "2"}}]


def test_a_record_that_changed_meanwhile_is_decided_as_it_is_then(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2")

    def changed_once(_: Any) -> RecordFault:
        edit(shop, phone="5")
        shop.organizations.refuses = lambda item: None
        return RecordFault("It changed.", cause="conflict_at_vendor")

    shop.organizations.refuses = changed_once
    assert shop.kinds(shop.customer("1", name="Acme", phone="3", country="NL")) == ["updated"]
    assert [each["values"] for each in decided(shop)] == [{"phone": {"ebs": "3", "zd": "5"}}]


def test_an_outdated_record_decides_nothing(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2")
    assert shop.kinds(shop.customer("1", version=0, name="Acme", phone="3")) == ["superseded"]
    assert decided(shop) == []


def test_nobody_looks_where_the_source_of_one_way_always_wins(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration, two_way=False)
    edit(shop, phone="2", country="FR")
    reads = shop.organizations.calls["read"]
    assert shop.kinds(shop.customer("1", name="Acme", phone="3", country="NL")) == ["updated"]
    assert shop.organizations.calls["read"] == reads
    edit(shop, phone="2")
    # The companion of the country has the record read; what is seen of the phone by it is not told either.
    assert shop.kinds(shop.customer("1", name="Acme", phone="4", country="BE")) == ["updated"]
    assert shop.organizations.calls["read"] == reads + 1
    assert decided(shop) == []


def test_one_way_another_policy_is_told(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration, two_way=False, policies={"zd.organizations.phone": "zd"})
    edit(shop, phone="2")
    shop.kinds(shop.customer("1", name="Acme", phone="3", country="NL"))
    assert [each["decided"] for each in decided(shop)] == [{"phone": TARGET_WINS}]


@pytest.mark.parametrize(
    ("policy", "theirs", "verdict"),
    [
        ("newest", "2", {"winner": "zd", "policy": "newest", "ties": True}),
        ("fill_blanks", "2", {"winner": None, "policy": "fill_blanks", "ties": False}),
        ("fill_blanks", None, {"winner": "ebs", "policy": "fill_blanks", "ties": False}),
    ],
)
def test_each_policy_says_who_won(
    ledger: Ledger, integration: str, policy: str, theirs: str | None, verdict: dict[str, Any]
) -> None:
    shop = start(ledger, integration, policies={"default": policy}, newest_ties="zd")
    edit(shop, phone=theirs)
    shop.kinds(shop.customer("1", name="Acme", phone="3", country="NL"))
    values = {"phone": {"ebs": "3", "zd": theirs}}
    assert decided(shop) == [{"values": values, "decided": {"phone": verdict}}]


def test_a_held_field_is_not_among_the_decided(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration, policies={"default": "hold", "zd.organizations.country": "ebs"})
    edit(shop, phone="2", country="FR")
    assert shop.kinds(shop.customer("1", name="Acme", phone="3", country="BE")) == ["held"]
    assert [list(each["values"]) for each in decided(shop)] == [["country"]]
    assert shop.causes() == ["conflict"]


def test_a_dry_run_counts_and_keeps_nothing(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2")
    shop.pipe.options = replace(shop.pipe.options, dry_run=True)
    shop.run(shop.customer("1", name="Acme", phone="3", country="NL"))
    assert (count(shop), decided(shop)) == (1, [])


# Killed


@contextlib.contextmanager
def deadly(shop: Shop, fatal: int) -> Iterator[None]:
    """The process is killed at this moment; commits of the ledger are moments too."""
    shop.moments.passed, shop.moments.fatal = 0, fatal

    def moment(*_: Any) -> None:
        shop.moments.at("ledger commit")

    event.listen(shop.pipe.ledger.engine, "commit", moment)
    try:
        yield
    finally:
        event.remove(shop.pipe.ledger.engine, "commit", moment)
        shop.moments.fatal = None


def run_of_decision(shop: Shop) -> int:
    (letter,) = shop.pipe.letters(LetterFilter(closed_as=DECIDED))
    return letter.run_id


def newest_run(shop: Shop) -> int:
    with shop.pipe.ledger.read() as tx:
        return tx.runs.latest(integration=shop.pipe.integration, limit=1)[0].id


def test_killed_anywhere_each_decision_is_kept_once(ledger: Ledger, integration: str) -> None:
    policies = {"zd.organizations.country": "zd"}
    died, fatal, after_commit = True, 0, 0
    while died:
        fatal, died = fatal + 1, False
        shop = start(ledger, f"{integration} {fatal}", policies=policies)
        edit(shop, phone="2", country="FR")
        record = shop.customer("1", name="Acme", phone="3", country="BE")
        try:
            with deadly(shop, fatal):
                shop.run(record)
        except Death:
            died = True
            after_commit += shop.organization("1")["phone"] == "3"
        shop.run(record)
        expected = {
            "values": {"phone": {"ebs": "3", "zd": "2"}, "country": {"ebs": "BE", "zd": "FR"}},
            "decided": {"phone": SOURCE_WINS, "country": TARGET_WINS},
        }
        assert decided(shop) == [expected], f"killed at {fatal}: {shop.moments.names[-1]}"
        assert count(shop) == (2 if run_of_decision(shop) == newest_run(shop) else 0), f"killed at {fatal}"
    assert fatal > 6
    assert after_commit > 1, "the value that lost was gone, and only kept here"


def killed_after_commit(shop: Shop, record: Emitted) -> None:
    known = shop.moments.at

    def at(moment: str) -> None:
        known(moment)
        if moment == "after commit":
            raise Death(moment)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shop.moments, "at", at)
        with pytest.raises(Death):
            shop.run(record)


def test_of_a_write_that_came_through_in_part_the_other_part_is_judged_again(
    ledger: Ledger, integration: str
) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2", country="FR")
    record = shop.customer("1", name="Acme", phone="3", country="BE")
    killed_after_commit(shop, record)
    edit(shop, phone="theirs")
    outcomes: list[Outcome] = shop.run(record)
    assert [outcome.kind for outcome in outcomes] == ["updated"]
    assert [each["values"] for each in decided(shop)] == [
        {"country": {"ebs": "BE", "zd": "FR"}},
        {"phone": {"ebs": "3", "zd": "theirs"}},
    ]


def test_the_other_direction_settles_what_it_sees_written(ledger: Ledger, integration: str) -> None:
    """Its row shows all that the dead run sent: the decision came true with it."""
    rules: dict[str, Any] = {"policies": {"default": "ebs"}, "authority": {"default": "ebs"}}
    shop = start(ledger, integration, **rules)
    edit(shop, phone="2")
    killed_after_commit(shop, shop.customer("1", name="Acme", phone="3", country="NL"))
    people = ObjectSpec("customers", {"phone": Field("phone")}, (Rung("phone"),), two_way=True)
    back = Way(
        "organizations", "customers", lambda raw: {"phone": raw["phone"]}, {"phone": frozenset({"phone"})}
    )
    (key,) = shop.organizations.rows
    other = Pipe(ledger, "zd", "ebs", {"customers": VendorObject(people)}, integration, rules)
    other.run([emit(back, shop.organizations.row(key))])
    assert [each["values"] for each in decided(shop)] == [{"phone": {"ebs": "3", "zd": "2"}}]
    assert other.engine is not None
    assert other.engine.decided == 1


def test_a_record_that_is_gone_after_a_kill_decides_nothing(ledger: Ledger, integration: str) -> None:
    shop = start(ledger, integration)
    edit(shop, phone="2")
    record = shop.customer("1", name="Acme", phone="3", country="NL")
    killed_after_commit(shop, record)
    (key,) = shop.organizations.rows
    shop.organizations.delete(key)
    assert shop.kinds(record) == ["rejected"]
    assert decided(shop) == []
