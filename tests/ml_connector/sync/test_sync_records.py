"""What becomes of a record: versions, streams into one record, deletes, letters, held fields, outcomes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event
from sync_support.oneway import CUSTOMERS, SUMMARIES, Shop
from sync_support.runs import Emitted

from ml_connector.errors import PassingFault, RecordFault, SystemFault, TooManyRejected
from ml_connector.ledger import Ledger
from ml_connector.sync import Options, WriteItem


@pytest.fixture
def shop(ledger: Ledger, integration: str) -> Shop:
    return Shop(ledger, integration)


def refuse(item: WriteItem) -> RecordFault | None:
    """Refuses records whose phone is `bad`."""
    return RecordFault("The phone is bad.", cause="vendor") if item.values.get("phone") == "bad" else None


# Versions


def test_only_the_newest_version_of_a_batch_is_written(shop: Shop) -> None:
    kinds = shop.kinds(
        shop.customer("7", name="A", version=2),
        shop.customer("7", name="B", version=3),
        shop.customer("7", name="C", version=1),
    )
    assert kinds == ["superseded", "created", "superseded"]
    assert shop.organization("7")["name"] == "B"
    assert len(shop.organizations.sent) == 1


def test_of_equal_versions_the_later_line_counts(shop: Shop) -> None:
    kinds = shop.kinds(shop.customer("7", name="A", version=2), shop.customer("7", name="B", version=2))
    assert kinds == ["superseded", "created"]
    assert shop.organization("7")["name"] == "B"


def test_older_version_never_overwrites_a_newer_one(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="B", version=3))
    assert shop.kinds(shop.customer("7", name="A", version=2)) == ["superseded"]
    assert shop.organization("7")["name"] == "B"


def test_same_record_again_asks_nobody(shop: Shop) -> None:
    record = shop.customer("7", name="A")
    shop.kinds(record)
    before = shop.organizations.calls.total()
    assert shop.kinds(record) == ["unchanged"]
    assert shop.organizations.calls.total() == before


def test_unchanged_records_are_looked_up_in_bulk(shop: Shop) -> None:
    records = [shop.customer(str(number), name=f"N{number}") for number in range(300)]
    shop.run(*records)
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    engine = shop.pipe.ledger.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert set(shop.kinds(*records)) == {"unchanged"}
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert sum("FROM seen" in statement for statement in statements) == 1
    assert len(statements) < 30, "statements do not grow with the records"


# Fields


def test_only_changed_fields_are_written_with_their_companions(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A", phone="1", country="NL"))
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, zone="west")
    shop.kinds(shop.customer("7", name="A", phone="2", country="NL"))
    shop.kinds(shop.customer("7", name="A", phone="2", country="BE"))
    assert [values for _, _, values in shop.organizations.sent[1:]] == [
        {"phone": "2"},
        {"country": "BE", "zone": "west"},
    ]


def test_blank_clears_only_where_it_may(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A", phone="1", notes="n"))
    assert shop.kinds(shop.customer("7", name="A", phone="", notes=None)) == ["updated"]
    row = shop.organization("7")
    assert (row["phone"], row["notes"]) == ("1", None)


def test_members_of_others_stay_in_a_set(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A", tags=["a", "b"]))
    (key,) = shop.organizations.rows
    shop.organizations.edit(key, tags=["a", "b", "theirs"])
    assert shop.kinds(shop.customer("7", name="A", tags=["b", "c"])) == ["updated"]
    assert sorted(shop.organization("7")["tags"]) == ["b", "c", "theirs"]


def test_blank_empties_a_set_only_where_it_may(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A", tags=["a"], labels=["a"]))
    assert shop.kinds(shop.customer("7", name="A", tags=[], labels=[])) == ["updated"]
    row = shop.organization("7")
    assert (row["tags"], row["labels"]) == (["a"], [])
    assert shop.kinds(shop.customer("7", name="A", tags=["b"], labels=["b"])) == ["updated"]
    row = shop.organization("7")
    assert (row["tags"], row["labels"]) == (["b"], ["b"]), "what was given before is still ours to remove"


# Several streams into one record


def test_second_stream_waits_for_the_one_that_creates(shop: Shop) -> None:
    kinds = shop.kinds(shop.summary("7", revenue=5), shop.customer("7", name="A"))
    assert kinds == ["updated", "created"]
    assert shop.organization("7")["revenue"] == 5
    assert len(shop.organizations.rows) == 1


def test_second_stream_without_a_creator_is_a_letter_until_it_comes(shop: Shop) -> None:
    assert shop.kinds(shop.summary("7", revenue=5)) == ["rejected"]
    assert shop.causes() == ["waiting"]
    assert shop.kinds(shop.customer("7", name="A")) == ["created"]
    assert shop.organization("7")["revenue"] == 5, "the letter was tried again by itself"
    assert shop.causes() == []


def test_streams_of_one_record_keep_versions_of_their_own(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A", version=100), shop.summary("7", revenue=5, version=3))
    assert shop.kinds(shop.summary("7", revenue=6, version=4)) == ["updated"]
    assert shop.kinds(shop.customer("7", name="B", version=101)) == ["updated"]
    assert shop.organization("7")["revenue"] == 6


# Deletes and lost records


def gone(shop: Shop, key: str, **values: Any) -> Emitted:
    return shop.customer(key, _sdc_deleted_at="2026-11-20T00:00:00Z", **values)


def test_delete_is_ignored_by_default(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A"))
    assert shop.kinds(gone(shop, "7")) == ["ignored"]
    assert shop.kinds(shop.customer("7", name="B")) == ["updated"]


def test_delete_marks_the_link(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"on_delete": "flag"})
    shop.kinds(shop.customer("7", name="A"))
    assert shop.kinds(gone(shop, "7")) == ["deleted"]
    assert shop.kinds(shop.customer("7", name="B")) == ["ignored"]
    assert shop.organization("7")["name"] == "A"
    assert shop.kinds(gone(shop, "8")) == ["ignored"]


def test_delete_puts_the_record_out_of_use(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"on_delete": "inactivate"})
    shop.kinds(shop.customer("7", name="A"))
    assert shop.kinds(gone(shop, "7")) == ["deleted"]
    assert shop.organization("7")["notes"] == "out of use"
    assert shop.kinds(shop.customer("7", name="B")) == ["ignored"]


def test_lost_record_is_a_letter(shop: Shop) -> None:
    shop.kinds(shop.customer("7", name="A"))
    shop.organizations.delete(*shop.organizations.rows)
    assert shop.kinds(shop.customer("7", name="B")) == ["rejected"]
    assert shop.causes() == ["missing"]


def test_lost_record_is_created_anew_with_all_it_had(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"on_missing": "recreate"})
    summary = shop.summary("7", revenue=5)
    shop.kinds(shop.customer("7", name="A", phone="1"), summary)
    shop.organizations.delete(*shop.organizations.rows)
    assert shop.kinds(shop.customer("7", name="B", phone="1")) == ["created"]
    row = shop.organization("7")
    assert (row["name"], row["phone"]) == ("B", "1")
    assert shop.kinds(summary) == ["updated"], "the other stream gives its part again"
    assert shop.organization("7")["revenue"] == 5
    assert shop.kinds(shop.customer("7", name="C", phone="1")) == ["updated"]


# Letters


def test_refused_record_is_one_letter_and_not_sent_again(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    record = shop.customer("7", name="A", phone="bad")
    assert shop.kinds(record) == ["rejected"]
    sent = len(shop.organizations.sent)
    assert shop.kinds(record) == ["rejected"]
    assert len(shop.organizations.sent) == sent
    assert shop.causes() == ["vendor"]


def test_newer_refused_version_takes_the_letter_over(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    shop.kinds(shop.customer("7", name="A", phone="bad"))
    shop.kinds(shop.customer("7", name="B", phone="bad"))
    (letter,) = shop.pipe.letters()
    assert (letter.raw["name"], letter.attempts) == ("B", 2)


def test_newer_version_that_settles_closes_the_letter(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    shop.kinds(shop.customer("7", name="A", phone="bad"))
    assert shop.kinds(shop.customer("7", name="A", phone="good")) == ["created"]
    assert shop.causes() == []


def test_refused_update_moves_nothing(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    shop.kinds(shop.customer("7", name="A", phone="1"))
    shop.kinds(shop.customer("7", name="A", phone="bad"))
    shop.organizations.refuses = lambda item: None
    assert shop.kinds(shop.customer("7", name="B", phone="bad")) == ["updated"]
    assert shop.organization("7")["phone"] == "bad", "the refused change is still to be written"


def test_replayed_letter_settles(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    shop.kinds(shop.customer("7", name="A", phone="bad"))
    (letter,) = shop.pipe.letters()
    shop.organizations.refuses = lambda item: None
    shop.run()
    assert shop.pipe.engine is not None
    (outcome,) = shop.pipe.replay(shop.pipe.engine, letter, CUSTOMERS)
    assert outcome.kind == "created"
    assert shop.causes() == []


def test_replay_never_overwrites_a_newer_version(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    shop.kinds(shop.customer("7", name="old", phone="bad", version=1))
    (letter,) = shop.pipe.letters()
    shop.kinds(shop.customer("7", name="new", phone="1", version=2))
    shop.run()
    assert shop.pipe.engine is not None
    (outcome,) = shop.pipe.replay(shop.pipe.engine, letter, CUSTOMERS)
    assert outcome.kind == "superseded"
    assert shop.organization("7")["name"] == "new"


def test_record_that_the_mapping_refuses_keeps_what_was_settled(shop: Shop) -> None:
    """A fault found before the engine: one that is older than what is settled is only outdated."""
    shop.kinds(shop.customer("7", name="A", version=5))
    shop.run()
    engine = shop.pipe.engine
    assert engine is not None
    route = engine.route("customers", "organizations")
    for version, kind in ((4, "superseded"), (6, "rejected")):
        record = shop.pipe._incoming(shop.customer("7", name="X", version=version), 0, route, {})
        (outcome,) = engine.reject("organizations", [(record, RecordFault("no map", cause="mapping"))])
        assert outcome.kind == kind
    assert engine.look_up(route, ["7"])["7"].digest is not None
    assert shop.kinds(shop.customer("7", name="A", version=7)) == ["unchanged"]
    assert shop.causes() == []


def rejecting(shop: Shop, limit: float, number: int, *, last: bool = True) -> None:
    shop.pipe.options = Options(max_rejected=limit)
    shop.organizations.refuses = refuse
    shop.run(*[shop.customer(str(n), name=str(n), phone="bad") for n in range(number)])
    assert shop.pipe.engine is not None
    shop.pipe.engine.check_rejected(number, last=last)


def test_too_many_letters_stop_the_run(shop: Shop) -> None:
    rejecting(shop, 2, 2)
    with pytest.raises(TooManyRejected, match="3 records were newly rejected; max_rejected allows 2"):
        rejecting(shop, 2, 5)


def test_share_of_letters_stops_the_run_but_not_by_its_first_record(shop: Shop) -> None:
    rejecting(shop, 0.5, 4, last=False)
    with pytest.raises(TooManyRejected, match="allows 6"):
        rejecting(shop, 0.5, 8 + 4)


def test_letters_that_were_there_before_do_not_count(shop: Shop) -> None:
    rejecting(shop, 0.9, 1, last=False)
    rejecting(shop, 0, 1)


# Faults of all


def test_lost_answer_is_found_by_the_next_run(shop: Shop) -> None:
    shop.organizations.lost_answers = 1
    record = shop.customer("7", name="A")
    with pytest.raises(PassingFault):
        shop.run(record)
    assert shop.kinds(record) == ["unchanged"], "the journal told that it is there"
    assert len(shop.organizations.rows) == 1


def test_vendor_that_forgets_an_item_stops_the_run(shop: Shop) -> None:
    shop.organizations.forgets = 1
    with pytest.raises(PassingFault, match="1 of 2 records of organizations got no answer"):
        shop.run(shop.customer("7", name="A"), shop.customer("8", name="B"))


def test_policies_that_contradict_each_other_stop_the_run(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, policies={"policies": {"default": "zd"}})
    shop.run()
    shop.pipe.target, shop.pipe.source = "ebs", "zd"
    shop.pipe.policies = {"policies": {"default": "ebs"}}
    with pytest.raises(SystemFault, match="other policies"):
        shop.run()
    shop.pipe.policies = {"policies": {"default": "zd"}, "authority": {"default": "ebs"}}
    shop.run()


def test_every_record_ends_in_exactly_one_outcome(shop: Shop) -> None:
    shop.organizations.refuses = refuse
    emitted = [
        shop.customer("1", name="one", parent="2"),
        shop.customer("2", name="two", parent="1"),
        shop.customer("3", name="one"),
        shop.customer("4", name="four", parent="99"),
        shop.customer("4", name="four again", parent="99"),
        shop.summary("1", revenue=1),
        shop.summary("77", revenue=1),
        shop.contact("u1", email="a@b.c", customer="1"),
        shop.contact("u2", email="a@b.c", customer="3"),
        shop.customer("5", name="five", phone="bad"),
        gone(shop, "6"),
    ]
    assert Counter(shop.kinds(*emitted)) == Counter(created=2, rejected=7, ignored=1, superseded=1)
    assert set(shop.kinds(*emitted)) <= {"unchanged", "rejected", "superseded", "ignored"}
    assert SUMMARIES.may_create is False
