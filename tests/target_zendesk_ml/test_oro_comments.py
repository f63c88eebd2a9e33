"""Comments of cases: found again without a link by ticket, visibility, text and order; none twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from zendesk_from_oro import LATER, OroTarget, case, comment
from zendesk_target import SYSTEM

from ml_sandbox.testing import RunningSandbox

BOTH = {"publish": ["1"]}


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    made = OroTarget(sandbox, tmp_path)
    made.map("casecomments", ticket_id="[case]")
    return made


def ticket(target: OroTarget, *comments: tuple[str, bool]) -> int:
    """A ticket of Zendesk that is case 1, with these comments of others after its description."""
    row = target.put("tickets", subject="Case 1", description="Text of 1", external_id="oro-1")
    for body, public in comments:
        target.put("ticket_comments", ticket_id=row["id"], body=body, public=public)
    return int(row["id"])


def test_comments_that_are_there_are_linked_by_text_visibility_and_order(target: OroTarget) -> None:
    ticket(target, ("Thanks", True), ("Thanks", False), ("Thanks", True), ("One\n two ", True))
    given = [
        case(1),
        comment(5, 1, message="Thanks"),
        comment(6, 1, message="Thanks", public=False),
        comment(7, 1, message=" Thanks\r\n"),
        comment(8, 1, message="[2026-11-20T08:00:00Z]\nOne two"),
        comment(9, 1, message="Text of 1"),
        comment(10, 1, message="Thanks"),
    ]
    run = target.send(given, **BOTH).check(0)
    assert (run.outcomes["unchanged"], run.outcomes["created"]) == (5, 1)
    rows = target.sandbox.control.rows(SYSTEM, "ticket_comments")
    keys = {key: int(link.sides[SYSTEM].key) for key, link in target.links("ticket_comments").items()}
    told = [row["id"] for row in rows]
    assert [keys[number] for number in ("9", "5", "6", "7", "8", "10")] == told
    audits = [each for each in target.requests() if each["path"].endswith("/audits")]
    assert len(audits) == 1, "both ways of looking for comments read the audits once"
    assert target.send(given, **BOTH).check(0).outcomes == {"unchanged": 7}
    target.lose_ledger()
    target.send(given, **BOTH).check(0)
    assert len(target.sandbox.control.rows(SYSTEM, "ticket_comments")) == len(rows)
    assert target.letters() == []


@pytest.mark.parametrize(("shown", "public"), [("The code is 1234", False), ("The code is ▇▇▇▇", True)])
def test_what_may_be_the_same_comment_is_a_letter_and_not_added(
    target: OroTarget, shown: str, *, public: bool
) -> None:
    ticket(target, (shown, public))
    given = [case(1), comment(5, 1, message="The code is 1234"), comment(6, 1, message="Another")]
    run = target.send(given, **BOTH).check(0)
    assert (run.outcomes["rejected"], run.outcomes["created"]) == (1, 1)
    assert [(letter.cause, letter.raw_key) for letter in target.letters()] == [("ambiguous", "5")]
    assert [body for body, _ in target.comments("Case 1")] == ["Text of 1", shown, "Another"]


def test_a_changed_comment_is_kept_as_it_is_and_counted(target: OroTarget) -> None:
    target.send([case(1), comment(5, 1)], **BOTH).check(0)
    changed = comment(5, 1, message="Another text", at=LATER)
    run = target.send([changed]).check(0)
    assert (run.outcomes, run.summary["kept"]) == ({"unchanged": 1}, {"ticket_comments.body": 1})
    assert (target.requests(writes_only=True), target.letters()) == ([], [])
    again = comment(5, 1, message="And another", at="2026-11-21T10:00:00Z")
    assert target.send([again], changed_comments="letter").check(0).outcomes == {"rejected": 1}


def test_comments_of_cases_without_a_ticket_are_ignored_and_looked_at_again(target: OroTarget) -> None:
    given = [case(1), comment(5, 1), comment(6, 3)]
    run = target.send(given).check(0)
    assert (run.outcomes, run.summary["new_letters"]) == ({"ignored": 2, "rejected": 1}, 1)
    assert [(letter.cause, letter.raw_key) for letter in target.letters()] == [("waiting", "6")]
    assert target.history("5") == ["ignored"]
    target.send([case(3, at=LATER)]).check(0)
    assert target.letters() == [], "its case came and has no ticket: nothing is waited for any more"
    target.map(_ml_create="True if priority == 'high' else None")
    target.send([case(1, at=LATER, priority="high"), comment(5, 1)]).check(0)
    assert target.comments("Case 1") == [("Text of 1", True), ("Remark 5", True)]


def test_audits_that_zendesk_refuses_to_show_stop_the_run_before_anything_is_added_twice(
    target: OroTarget,
) -> None:
    ticket(target, ("Thanks", True))
    refusal = {"fault": "status", "status": 422, "body": {"error": "RecordInvalid"}, "times": None}
    target.sandbox.control.faults({"system": SYSTEM, "path": "/api/v2/tickets/*/audits*", **refusal})
    given = [case(1), comment(5, 1, message="Thanks")]
    run = target.send(given, **BOTH)
    assert (run.exit_code, run.states) == (4, [])
    assert "the audits of ticket" in run.errors
    target.sandbox.control.faults()
    target.send(given, **BOTH).check(0)
    told = [row["body"] for row in target.sandbox.control.rows(SYSTEM, "ticket_comments")]
    assert told == ["Text of 1", "Thanks"]
