"""Fields that refer to many records: each is resolved alone, and they are merged as a set."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sync_support.desk import STAFF, Desk
from sync_support.runs import Pipe, Way, emit
from sync_support.vendor import VendorObject

from ml_connector.ledger import Ledger
from ml_connector.sync import Field, ObjectSpec, Rung


@pytest.fixture
def desk(ledger: Ledger, integration: str) -> Desk:
    return Desk(ledger, integration)


def followers(desk: Desk, case: str = "5") -> set[Any]:
    return set(desk.ticket(case)["followers"] or [])


def test_members_without_a_partner_are_left_out_and_not_waited_for(desk: Desk) -> None:
    desk.tickets.strangers["j@x.com"] = "a9"
    people = [desk.staff("1"), desk.staff("2", None), desk.contact("3")]
    named = ["1", "2", "7", None, "j@x.com", "no@x.com", {"users": 3}, ["8", "1"]]
    assert desk.kinds(*people, desk.case("5", followers=named))[-1] == "created"
    assert followers(desk) == {desk.key_of(desk.agents, "1"), "a9", desk.key_of(desk.users, "3")}


def test_members_of_others_stay(desk: Desk) -> None:
    desk.kinds(*(desk.staff(key) for key in "123"), desk.case("5", followers=["1", "2"]))
    one, two, three = (desk.key_of(desk.agents, key) for key in "123")
    (key,) = desk.tickets.rows
    desk.tickets.edit(key, followers=[one, two, "theirs"])
    assert desk.kinds(desk.case("5", followers=["2", "3"])) == ["updated"]
    assert followers(desk) == {two, three, "theirs"}


def test_nobody_and_the_same_people_are_no_change(desk: Desk) -> None:
    desk.kinds(desk.staff("1"), desk.staff("2"), desk.case("5", followers=["1", "2"]))
    kinds = desk.kinds(desk.case("5", followers=["2", 1, "1"]), desk.case("6", followers=[]))
    assert kinds == ["unchanged", "created"]
    assert "followers" not in desk.tickets.sent[-1][2]


def test_unchanged_members_are_not_looked_up(desk: Desk) -> None:
    desk.tickets.strangers["j@x.com"] = "a9"
    desk.kinds(desk.case("5", subject="a", followers=["j@x.com"]))
    asked = len(desk.tickets.asked_for)
    assert desk.kinds(desk.case("5", subject="b", followers=["j@x.com"])) == ["updated"]
    assert len(desk.tickets.asked_for) == asked
    assert followers(desk) == {"a9"}


# Both ways: people that one side does not know stay where they are

PEOPLE = "123456"


def texts(keys: Any) -> Any:
    """This vendor shows its keys as texts."""
    return [str(key) for key in keys or ()]


CASES = ObjectSpec(
    "cases",
    {
        "no": Field("no"),
        "team": Field.reference("team", "staff", many=True, stored_form=texts),
        "lead": Field.reference("lead", "staff", stored_form=lambda key: key and str(key)),
    },
    (Rung("no", exclusive=True),),
    two_way=True,
)
TO_TICKETS = Way(
    "cases",
    "tickets",
    lambda raw: {"external_id": raw["no"], "followers": raw["team"], "assignee": [raw["lead"]]},
    {"external_id": frozenset({"no"}), "followers": frozenset({"team"}), "assignee": frozenset({"lead"})},
)
TO_CASES = Way(
    "tickets",
    "cases",
    lambda raw: {"no": raw["external_id"], "team": raw["followers"], "lead": [raw["assignee"]]},
    {"no": frozenset({"external_id"}), "team": frozenset({"followers"}), "lead": frozenset({"assignee"})},
)
STAFF_THERE = ObjectSpec("staff", {"name": Field("name")}, (Rung("name", exclusive=True),))


class Pair:
    """One case and one ticket in agreement. Persons 1 to 3 are known on both sides, the others on one."""

    def __init__(self, ledger: Ledger, integration: str, lead: str | None = None) -> None:
        desk = Desk(ledger, integration, two_way=True)
        self.tickets, self.agents = desk.tickets, desk.agents
        self.cases = VendorObject(CASES, prefix="c")
        rules = {"policies": {"default": "oro"}, "authority": {"default": "oro"}}
        there, here = dict(desk.pipe.objects), {"cases": self.cases, "staff": VendorObject(STAFF_THERE)}
        self.pipes = {
            "out": Pipe(ledger, "oro", "zd", there, integration, policies=rules),
            "back": Pipe(ledger, "zd", "oro", here, integration, policies=rules),
        }
        self.pipes["out"].run([*(desk.staff(key, key) for key in "123"), desk.staff("6", None)])
        self.keys = {str(row["external_id"]): key for key, row in self.agents.rows.items()}
        self.case = self.cases.add(no="5", team=[], lead=lead)
        self.go("out")
        (self.ticket,) = self.tickets.rows

    def go(self, direction: str) -> list[str]:
        way, source = (TO_TICKETS, self.cases) if direction == "out" else (TO_CASES, self.tickets)
        records = [emit(way, source.row(key)) for key in source.rows]
        return [outcome.kind for outcome in self.pipes[direction].run(records, ways=[STAFF])]

    @property
    def team(self) -> set[str]:
        return set(self.cases.rows[self.case]["team"] or [])

    @property
    def followers(self) -> set[str]:
        return set(self.tickets.rows[self.ticket]["followers"] or [])


def test_other_side_adds_and_removes_those_it_knows(ledger: Ledger, integration: str) -> None:
    pair = Pair(ledger, integration)
    pair.cases.edit(pair.case, team=["1", "6"])
    pair.go("out")
    pair.tickets.edit(pair.ticket, followers=[pair.keys["1"], pair.keys["2"]])
    pair.go("back")
    assert pair.team == {"1", "2", "6"}
    pair.tickets.edit(pair.ticket, followers=[pair.keys["2"]])
    for direction in ("back", "out", "back"):
        pair.go(direction)
    assert pair.team == {"2", "6"}
    assert pair.followers == {pair.keys["2"]}


def test_other_side_removes_whom_it_was_given(ledger: Ledger, integration: str) -> None:
    pair = Pair(ledger, integration)
    pair.cases.edit(pair.case, team=["1", "2", "6"])
    pair.go("out")
    pair.tickets.edit(pair.ticket, followers=[pair.keys["2"]])
    for direction in ("back", "out"):
        pair.go(direction)
    assert (pair.team, pair.followers) == ({"2", "6"}, {pair.keys["2"]})


def test_lead_whom_the_ticket_cannot_name_is_the_cases_own(ledger: Ledger, integration: str) -> None:
    """Neither side's first sight overwrites the authority; the next change of either side counts."""
    pair = Pair(ledger, integration, lead="6")
    pair.tickets.edit(pair.ticket, assignee=pair.keys["1"])
    assert pair.go("back") == ["unchanged"]
    assert pair.cases.rows[pair.case]["lead"] == "6"
    pair.tickets.edit(pair.ticket, assignee=pair.keys["2"])
    assert pair.go("back") == ["updated"]
    assert str(pair.cases.rows[pair.case]["lead"]) == "2"
    pair.cases.edit(pair.case, lead="3")
    assert (pair.go("out"), pair.go("back")) == (["updated"], ["echoed"])
    assert pair.tickets.rows[pair.ticket]["assignee"] == pair.keys["3"]


_numbers = itertools.count(1)
_TEAMS = st.sets(st.sampled_from("12367"), max_size=4)
_FOLLOWERS = st.sets(st.sampled_from("12389"), max_size=4)
_STEP: st.SearchStrategy[tuple[str, set[str]]] = st.one_of(
    st.tuples(st.just("team"), _TEAMS), st.tuples(st.just("followers"), _FOLLOWERS), st.just(("run", set()))
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEP, min_size=2, max_size=6))
def test_both_sides_agree_on_those_they_know_and_keep_their_own(
    ledger: Ledger, steps: list[tuple[str, set[str]]]
) -> None:
    """6 and 7 are in no ticket's world, 8 and 9 in no case's: nobody but their own people moves them."""
    pair = Pair(ledger, f"pair {next(_numbers)}")
    own_team: set[str] = set()
    own_followers: set[str] = set()
    for what, members in steps:
        if what == "team":
            pair.cases.edit(pair.case, team=sorted(members))
            own_team = members & set("67")
        elif what == "followers":
            pair.tickets.edit(pair.ticket, followers=sorted(pair.keys.get(each, each) for each in members))
            own_followers = members & set("89")
        else:
            pair.go("out")
            pair.go("back")
    for _ in range(3):
        pair.go("out")
        pair.go("back")
    assert pair.team & set("67") == own_team
    assert pair.followers & set("89") == own_followers
    shared = pair.team & set("123")
    assert pair.followers & set(pair.keys.values()) == {pair.keys[each] for each in shared}
    writes = pair.cases.writes + pair.tickets.writes
    pair.go("out")
    pair.go("back")
    assert pair.cases.writes + pair.tickets.writes == writes, "idle rounds write nothing"
