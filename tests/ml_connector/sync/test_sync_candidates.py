"""References that name several candidates: who wins, who is passed over, who is waited for."""

from __future__ import annotations

from typing import Any

import pytest
from sync_support.desk import CASES, Desk

from ml_connector.errors import RecordFault
from ml_connector.ledger import Ledger
from ml_connector.sync.conflicts import resolve


@pytest.fixture
def desk(ledger: Ledger, integration: str) -> Desk:
    return Desk(ledger, integration)


def test_first_candidate_with_a_link_wins_and_nobody_else_is_asked_for(desk: Desk) -> None:
    desk.tickets.strangers["j@x.com"] = "99"
    desk.kinds(desk.contact("1"), desk.contact("2"), desk.case("5", requester=[None, 2, "1", "j@x.com"]))
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "2")
    assert desk.tickets.asked_for == []


def test_who_was_seen_and_has_no_link_is_passed_over(desk: Desk) -> None:
    desk.kinds(desk.contact("1", None), desk.contact("2"))
    assert desk.kinds(desk.case("5", requester=["1", "2"])) == ["created"]
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "2")


def test_candidate_of_another_object_goes_by_that_objects_links(desk: Desk) -> None:
    """Contact 1 and employee 1 are two people; the target is not asked for a key of another object."""
    desk.tickets.strangers["1"] = "99"
    desk.kinds(desk.staff("1"), desk.case("5", requester=[{"agents": 1}]))
    assert desk.ticket("5")["requester"] == desk.key_of(desk.agents, "1")
    assert desk.kinds(desk.case("6", requester=[{"agents": "2"}])) == ["rejected"]
    assert desk.letters() == [("waiting", "Waits for the agents record of 2, which did not come.")]
    assert desk.tickets.asked_for == []


def test_mapping_alone_is_a_list_of_one(desk: Desk) -> None:
    desk.kinds(desk.staff("1", None), desk.staff("2"))
    assert desk.kinds(
        desk.case("5", requester={"agents": "1"}), desk.case("6", requester={"agents": "2"})
    ) == [
        "created",
        "created",
    ]
    assert desk.ticket("5")["requester"] is None
    assert desk.ticket("6")["requester"] == desk.key_of(desk.agents, "2")


def test_kin_tells_that_a_candidate_is_known(desk: Desk) -> None:
    """Who came as a contact, linked or not, is no agent; who came nowhere is waited for."""
    desk.kinds(desk.contact("1"), desk.contact("2", None), desk.staff("3"))
    kinds = desk.kinds(desk.case("5", assignee=["1", "2", "3"]), desk.case("6", assignee=["7", "3"]))
    assert kinds == ["created", "rejected"]
    assert desk.ticket("5")["assignee"] == desk.key_of(desk.agents, "3")


def test_without_kin_only_the_object_itself_tells(desk: Desk) -> None:
    desk.kinds(desk.staff("1", None), desk.contact("3"))
    assert desk.kinds(desk.case("5", requester=["1", "3"])) == ["rejected"]


def test_unseen_candidate_is_waited_for_within_the_run(desk: Desk) -> None:
    emitted = [desk.case("5", requester=["1", "2"]), desk.contact("2"), desk.contact("1")]
    assert desk.kinds(*emitted, batch=1) == ["created"] * 3
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "1")


def test_unseen_candidate_is_a_letter_until_it_comes(desk: Desk) -> None:
    case = desk.case("5", requester=["1", "2"])
    assert desk.kinds(desk.contact("2"), case) == ["created", "rejected"]
    assert desk.letters() == [("waiting", "Waits for the users record of 1, which did not come.")]
    assert desk.kinds(desk.contact("1", None)) == ["ignored"]
    assert desk.letters() == []
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "2"), "the letter was tried again"


def test_candidate_in_an_open_letter_is_waited_for(desk: Desk) -> None:
    desk.kinds(desk.contact("1", None), desk.contact("2"))
    desk.users.refuses = lambda item: RecordFault("no", cause="vendor")
    assert desk.kinds(desk.contact("1"), desk.case("5", requester=["1", "2"])) == ["rejected", "rejected"]
    assert sorted(cause for cause, _ in desk.letters()) == ["vendor", "waiting"]
    desk.users.refuses = lambda item: None
    desk.kinds(desk.contact("1", "mended"))
    assert desk.letters() == []
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "1")


def test_candidate_that_waits_itself_is_waited_for(desk: Desk) -> None:
    """Ticket 1 was ignored once; now it is to be created, and waits for its own requester."""
    assert desk.kinds(desk.case("1", _sdc_deleted_at="2026-11-20")) == ["ignored"]
    cases = [desk.case("1", subject="b", requester=["9"]), desk.case("5", problem=["1"])]
    assert desk.kinds(*cases, desk.contact("9"), batch=1) == ["created"] * 3
    assert desk.ticket("5")["problem"] == desk.key_of(desk.tickets, "1")


def test_candidate_of_the_same_batch_is_waited_for(desk: Desk) -> None:
    assert desk.kinds(desk.case("1", _sdc_deleted_at="2026-11-20")) == ["ignored"]
    assert desk.kinds(desk.case("5", problem=["1"]), desk.case("1", subject="b")) == ["created"] * 2
    assert desk.ticket("5")["problem"] == desk.key_of(desk.tickets, "1")


def test_addresses_and_keys_of_the_target_are_never_waited_for(desk: Desk) -> None:
    desk.tickets.strangers |= {"Jo <j@x.com>": "71", "id:72": "72"}
    desk.kinds(desk.contact("2"))
    cases = {
        "5": ["Jo <j@x.com>", "2"],
        "6": ["gone@x.com", "id:72", "2"],
        "7": ["gone@x.com", "id:x", "2"],
    }
    assert desk.kinds(*(desk.case(key, requester=each) for key, each in cases.items())) == ["created"] * 3
    assert [desk.ticket(key)["requester"] for key in cases] == [71, 72, desk.key_of(desk.users, "2")]


def test_target_is_asked_for_a_candidate_in_its_turn_only(desk: Desk) -> None:
    """Asking for a person may make one there."""
    desk.tickets.strangers["j@x.com"] = "71"
    assert desk.kinds(desk.case("5", requester=["1", "j@x.com"])) == ["rejected"]
    assert {each for _, asked in desk.tickets.asked_for for each in asked} == {"1"}


def test_candidate_that_the_target_knows_needs_no_link(desk: Desk) -> None:
    desk.tickets.strangers["1"] = "71"
    assert desk.kinds(desk.case("5", requester=["1"])) == ["created"]
    assert desk.ticket("5")["requester"] == 71


def test_who_is_marked_is_passed_over(ledger: Ledger, integration: str) -> None:
    desk = Desk(ledger, integration, options={"on_delete": "flag"})
    desk.kinds(desk.contact("1"), desk.contact("2"))
    desk.kinds(desk.contact("1", _sdc_deleted_at="2026-11-20"))
    desk.tickets.strangers["1"] = "71"
    desk.kinds(desk.case("5", requester=["1", "2"]), desk.case("6", requester="1"))
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "2")
    assert desk.ticket("6")["requester"] == desk.key_of(desk.users, "1"), "a plain value is as it was"


def test_plain_address_is_waited_for_as_before(desk: Desk) -> None:
    desk.tickets.fallbacks["requester"] = "70"
    assert desk.kinds(desk.case("5", requester="j@x.com")) == ["rejected"]
    assert desk.letters() == [("waiting", "Waits for the users record of j@x.com, which did not come.")]


# All are passed over


def test_fallback_stands_in(desk: Desk) -> None:
    desk.tickets.fallbacks["requester"] = "70"
    desk.kinds(desk.contact("1", None))
    assert desk.kinds(desk.case("5", requester=["1", "a@b.c"]), desk.case("6", requester=[None, ""])) == [
        "created",
        "created",
    ]
    assert desk.ticket("5")["requester"] == 70
    assert desk.ticket("6")["requester"] is None, "a list without candidates is blank"


@pytest.mark.parametrize("two_way", [False, True])
def test_without_fallback_the_target_keeps_what_it_has(
    ledger: Ledger, integration: str, *, two_way: bool
) -> None:
    desk = Desk(ledger, integration, two_way=two_way)
    desk.kinds(desk.contact("1"), desk.contact("2", None), desk.case("5", subject="a", requester=["1"]))
    before = desk.ticket("5")["requester"]
    assert desk.kinds(desk.case("5", subject="b", requester=["2"])) == ["updated"]
    assert desk.tickets.sent[-1][2] == {"subject": "b"}
    assert desk.ticket("5")["requester"] == before
    assert desk.kinds(desk.case("5", subject="b", requester=["2"], other=1)) == ["unchanged"]


def test_only_a_list_without_candidates_clears(desk: Desk) -> None:
    desk.kinds(desk.staff("1"), desk.staff("2", None), desk.case("5", assignee=["1"]))
    assert desk.kinds(desk.case("5", assignee=["2"])) == ["unchanged"]
    assert desk.ticket("5")["assignee"] == desk.key_of(desk.agents, "1")
    assert desk.kinds(desk.case("5", assignee=[None, {"users": None}])) == ["updated"]
    assert desk.ticket("5")["assignee"] is None


def test_remap_looks_again(desk: Desk) -> None:
    """Who got a link later is named as the case changes, or at once with remap."""
    case = desk.case("5", subject="a", requester=["1"])
    desk.kinds(desk.contact("1", None), case)
    desk.kinds(desk.contact("1"))
    assert desk.kinds(case) == ["unchanged"]
    assert desk.ticket("5")["requester"] is None
    desk.pipe.remap = True
    assert desk.kinds(case) == ["updated"]
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "1")


def test_object_that_the_target_does_not_have_is_a_letter_that_says_so(desk: Desk) -> None:
    assert desk.kinds(desk.case("5", requester=[{"persons": "1"}])) == ["rejected"]
    ((cause, reason),) = desk.letters()
    assert cause == "mapping"
    assert "requester names a record of persons" in reason
    assert "agents, tickets, users" in reason


# Only what the source changed


def test_unchanged_reference_is_neither_looked_up_nor_waited_for(desk: Desk) -> None:
    desk.tickets.strangers["j@x.com"] = "71"
    desk.kinds(desk.call("5", subject="a", contact=None, email="j@x.com"))
    asked = len(desk.tickets.asked_for)
    desk.tickets.strangers.clear()
    assert desk.kinds(desk.call("5", subject="b", contact=None, email="j@x.com")) == ["updated"]
    assert len(desk.tickets.asked_for) == asked
    assert desk.kinds(desk.call("5", subject="b", contact="8", email="j@x.com")) == ["rejected"]
    assert desk.kinds(desk.contact("8")) == ["created"]
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "8")


def test_reference_of_new_records_only_is_not_looked_up_later(desk: Desk) -> None:
    desk.kinds(desk.contact("1"), desk.case("5", submitter=["1"]))
    assert desk.kinds(desk.case("5", submitter=["2", "j@x.com"])) == ["unchanged"]
    assert desk.tickets.asked_for == []
    assert desk.ticket("5")["submitter"] == desk.key_of(desk.users, "1")


def test_lost_record_is_created_anew_with_its_unchanged_references(ledger: Ledger, integration: str) -> None:
    desk = Desk(ledger, integration, two_way=True, options={"on_missing": "recreate"})
    desk.kinds(desk.contact("1"), desk.case("5", subject="a", requester=["1"], submitter=["1"]))
    desk.tickets.delete(*desk.tickets.rows)
    assert desk.kinds(desk.case("5", subject="b", requester=["1"], submitter=["1"])) == ["created"]
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "1")


def test_other_candidate_that_leads_to_the_same_record_is_no_change(desk: Desk) -> None:
    desk.tickets.strangers["j@x.com"] = "1"
    desk.kinds(desk.contact("1"), desk.call("5", subject="a", contact="1"))
    assert desk.kinds(desk.call("5", subject="a", contact=None, email="j@x.com")) == ["unchanged"]


def test_policy_decides_by_the_keys_of_the_target(ledger: Ledger, integration: str) -> None:
    desk = Desk(ledger, integration, two_way=True, policies={"policies": {"default": "zd"}})
    people = [desk.contact(key) for key in "123"]
    desk.kinds(*people, desk.case("5", requester=["1"]))
    (key,) = desk.tickets.rows
    desk.tickets.edit(key, requester=desk.key_of(desk.users, "2"))
    assert desk.kinds(desk.case("5", requester=["2", "1"])) == ["unchanged"], "both say the same"
    desk.tickets.edit(key, requester=desk.key_of(desk.users, "1"))
    assert desk.kinds(desk.case("5", requester=["3"])) == ["unchanged"]
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "1"), "the target wins"


@pytest.mark.parametrize("decision", [{"take": "oro"}, {"value": 2}])
def test_decided_conflict_is_about_keys_of_the_target(
    ledger: Ledger, integration: str, decision: dict[str, Any]
) -> None:
    """What a person decides is not looked up as if it were the source's."""
    desk = Desk(ledger, integration, two_way=True, policies={"policies": {"default": "hold"}})
    desk.kinds(*(desk.contact(key) for key in ("x1", "x2", "x3")), desk.case("5", requester=["x1"]))
    (key,) = desk.tickets.rows
    desk.tickets.edit(key, requester=desk.key_of(desk.users, "x3"))
    assert desk.kinds(desk.case("5", requester=["x2"])) == ["held"]
    (letter,) = desk.pipe.letters()
    resolve(ledger, integration, "zd", letter.id, **decision)
    (letter,) = desk.pipe.letters()
    desk.run(letters=False)
    assert desk.pipe.engine is not None
    (outcome,) = desk.pipe.replay(desk.pipe.engine, letter, CASES)
    assert outcome.kind == "updated"
    assert desk.ticket("5")["requester"] == desk.key_of(desk.users, "x2")


# Circles


def test_circle_of_candidates_is_closed_by_a_second_pass(desk: Desk) -> None:
    cases = [
        desk.case("1", problem=["2"]),
        desk.case("2", problem=[None, "3"]),
        desk.case("3", problem=["1"]),
    ]
    assert desk.kinds(*cases) == ["created"] * 3
    for child, parent in (("1", "2"), ("2", "3"), ("3", "1")):
        assert desk.ticket(child)["problem"] == desk.key_of(desk.tickets, parent)
    assert desk.kinds(*cases) == ["unchanged"] * 3


def test_circle_with_another_reference_that_never_comes_is_not_created(desk: Desk) -> None:
    cases = [desk.case("1", problem=["2"], requester=["9"]), desk.case("2", problem=["1"])]
    assert desk.kinds(*cases) == ["rejected"] * 2
    assert desk.tickets.rows == {}


def test_circle_that_the_target_knows_in_part(desk: Desk) -> None:
    """A reference that the target finds by itself is none that the circle waits for."""
    desk.tickets.strangers["9"] = "71"
    cases = [desk.case("1", problem=["2"], requester=["9"]), desk.case("2", problem=["1"])]
    assert desk.kinds(*cases) == ["created"] * 2
    assert desk.ticket("1")["requester"] == 71
    assert desk.ticket("1")["problem"] == desk.key_of(desk.tickets, "2")


# A dry run


def test_dry_run_tells_what_the_run_does(desk: Desk) -> None:
    emitted: list[Any] = [
        desk.contact("1", None),
        desk.contact("2"),
        desk.case("5", requester=["1", "2"]),
        desk.case("6", requester=["3", "2"]),
        desk.case("7", problem=["8"]),
        desk.case("8", problem=["7"]),
    ]
    real = desk.pipe.options
    desk.pipe.options = type(real)(write_timeout=0.0, dry_run=True)
    told = desk.kinds(*emitted, batch=2)
    assert told == ["ignored", "created", "created", "rejected", "created", "created"]
    assert desk.tickets.sent == []
    desk.pipe.options = real
    assert desk.kinds(*emitted, batch=2) == told


def test_dry_run_waits_for_who_would_be_refused(desk: Desk) -> None:
    desk.kinds(desk.contact("1", None), desk.contact("2"))
    desk.pipe.options = type(desk.pipe.options)(write_timeout=0.0, dry_run=True)
    desk.users.strangers.clear()
    desk.users.objects = lambda found, incoming: RecordFault("no", cause="vendor")
    desk.users.add(external_id="1", name="a")
    assert desk.kinds(desk.contact("1"), desk.case("5", requester=["1", "2"])) == ["rejected"] * 2
