"""An older version never overwrites a newer one, also not by replay."""

from __future__ import annotations

from singer_lines import customer, customers
from zendesk_target import ZendeskTarget

OLD, NEW = "2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z"


def city(target: ZendeskTarget) -> object:
    return target.organizations["A1"]["organization_fields"]["ebs_city"]


def test_a_late_row_is_superseded(target: ZendeskTarget) -> None:
    """Guard: the comparison of versions in the planner's guard."""
    target.run([customer(1, city="New", updated=NEW), *customers(range(2, 4))]).check(0)
    run = target.run([customer(1, city="Old", updated=OLD)]).check(0)
    assert (run.outcomes, target.calls(), city(target)) == ({"superseded": 1}, [], "New")
    assert target.run([customer(1, city="New", updated=NEW)]).check(0).outcomes == {"unchanged": 1}


def test_a_late_row_in_the_same_batch_is_superseded(target: ZendeskTarget) -> None:
    """Guard: the collapse of versions by `older`, not by their order."""
    run = target.run([customer(1, city="New", updated=NEW), customer(1, city="Old", updated=OLD)]).check(0)
    assert (run.outcomes, city(target)) == ({"created": 1, "superseded": 1}, "New")


def test_a_replayed_letter_does_not_win_over_what_came_after_it(target: ZendeskTarget) -> None:
    """Guard: a replay meets the same comparison, and its letter ends as superseded."""
    target.run([customer(1, city="First", updated="2026-11-20T09:00:00Z")]).check(0)
    wrong = customer(1, city="Old", name=7, updated=OLD)
    assert target.run([wrong]).check(0).outcomes == {"rejected": 1}
    (letter,) = target.letters()
    assert target.run([customer(1, city="New", updated=NEW)]).check(0).outcomes == {"updated": 1}
    replay = customer(
        1, city="Old", name=7, updated=OLD, _ml_letter={"id": letter.id, "overlay": {"name": "Mended"}}
    )
    run = target.run([replay]).check(0)
    assert (run.outcomes, target.calls()) == ({"superseded": 1}, [])
    assert (city(target), target.organizations["A1"]["name"]) == ("New", "Customer 1")
    assert [closed.closed_as for closed in target.letters(only_open=False)] == ["superseded"]
