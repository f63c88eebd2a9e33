"""Comments: added once each, whatever gets lost; never changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from zendesk_tickets import LATER, TicketsTarget, case, cases, remark

from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> TicketsTarget:
    return TicketsTarget(sandbox, tmp_path)


def fault(kind: str, path: str, **more: Any) -> dict[str, Any]:
    return {"system": "zendesk", "path": path, "fault": kind, **more}


def test_create_no_change_and_a_change_that_cannot_be(target: TicketsTarget) -> None:
    given = [case(1), remark(5, 1), remark(6, 1, internal=True)]
    assert target.send(given).check(0).outcomes == {"created": 3}
    assert target.comments("1") == [("Text of 1", True), ("Remark 5", True), ("Remark 6", False)]
    assert target.calls(writes_only=False).count("GET audits") == 0, "the ticket is new: nothing to look for"
    again = target.send(given).check(0)
    assert (again.outcomes, target.requests()) == ({"unchanged": 3}, [])
    changed = target.send([remark(5, 1, text="Another", updated=LATER)]).check(0)
    assert (changed.outcomes, target.requests()) == ({"rejected": 1}, [])
    assert [(letter.cause, letter.field) for letter in target.letters()] == [("unchangeable", "body")]
    assert target.texts() == ["Remark 5", "Remark 6", "Text of 1"]


def test_many_comments_go_in_jobs_one_of_each_ticket_at_a_time(target: TicketsTarget) -> None:
    target.send(cases(range(8))).check(0)
    remarks = [remark(100 * number + place, number) for place in range(2) for number in range(8)]
    run = target.send(remarks).check(0)
    assert run.outcomes == {"created": 16}
    bodies = [request["body"]["tickets"] for request in target.requests(writes_only=True)]
    assert [len(rows) for rows in bodies] == [8, 8], "a job takes a second change of a ticket for a conflict"
    assert all(len({row["id"] for row in rows}) == len(rows) for rows in bodies)
    assert target.comments("3") == [("Text of 3", True), ("Remark 300", True), ("Remark 301", True)]
    assert target.send(remarks).check(0).outcomes == {"unchanged": 16}
    assert target.requests() == []


def test_many_comments_of_one_ticket_do_not_exceed_its_limit(target: TicketsTarget) -> None:
    target.sandbox.control.settings(zendesk={"job_seconds": 0.01})
    remarks = [remark(100 + number, 1) for number in range(12)]
    assert target.send([case(1), *remarks]).check(0).outcomes == {"created": 13}
    assert target.calls() == ["POST tickets", *["PUT update_many"] * 12]
    assert [text for text, _ in target.comments("1")][1:] == [f"Remark {100 + n}" for n in range(12)]


def test_a_comment_that_its_job_left_without_trace_is_not_added_twice(target: TicketsTarget) -> None:
    target.send(cases(range(8))).check(0)
    target.sandbox.control.settings(zendesk={"job_metadata": False})
    remarks = [remark(100 + number, number) for number in range(8)]
    assert target.send(remarks).check(0).outcomes == {"rejected": 8}
    assert [(letter.cause, letter.field) for letter in target.letters()] == [
        ("unverified", "external_id")
    ] * 8
    assert len(target.texts()) == 16, "each comment is there, once"
    again = target.send([remark(200 + number, number) for number in range(8)], comments_in_jobs=False).check(
        0
    )
    assert again.outcomes == {"created": 8}
    assert len(target.texts()) == 24


def test_a_row_that_the_job_refuses_is_sent_singly(target: TicketsTarget) -> None:
    target.send(cases(range(8))).check(0)
    target.sandbox.control.faults(fault("job_partial", "*/update_many", rows=[2, 5]))
    run = target.send([remark(100 + number, number) for number in range(8)]).check(0)
    assert run.outcomes == {"created": 8}
    assert len([call for call in target.calls() if call != "PUT update_many"]) == 2
    assert target.texts() == sorted(
        [*(f"Remark {100 + number}" for number in range(8)), *(f"Text of {number}" for number in range(8))]
    )


def test_a_comment_waits_for_its_ticket(target: TicketsTarget) -> None:
    run = target.send([remark(5, 1), case(1)]).check(0)
    assert run.outcomes == {"created": 2}
    assert target.comments("1")[1:] == [("Remark 5", True)]


def test_a_ticket_without_a_link_is_found_by_external_id(target: TicketsTarget) -> None:
    ticket = target.put("tickets", subject="Theirs", external_id="1")
    assert target.send([remark(5, 1)]).check(0).outcomes == {"created": 1}
    assert target.comments("1")[-1] == ("Remark 5", True)
    target.map("remarks", ticket_id=f"'id:{ticket['id']}'")
    assert target.send([remark(6, 1)]).check(0).outcomes == {"created": 1}


def test_a_ticket_that_is_gone_is_a_letter(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    gone = {"status": 404, "body": {"error": "RecordNotFound", "description": "Not found"}}
    target.sandbox.control.faults(fault("status", "/api/v2/tickets/*", method="PUT", **gone))
    assert target.send([remark(5, 1)]).check(0).outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["parent_missing"]


def test_an_author_is_named(target: TicketsTarget) -> None:
    rita = target.put_user("Rita", external_id="C7")
    target.map("remarks", author_id="author")
    target.send([case(1), remark(5, 1, author="C7"), remark(6, 1, author="rita@example.com")]).check(0)
    rows = target.sandbox.control.rows("zendesk", "ticket_comments")
    assert [row["author_id"] for row in rows[1:]] == [rita["id"]] * 2


def test_a_lost_ledger_finds_comments_by_the_audits_metadata(target: TicketsTarget) -> None:
    given = [*cases(range(3)), *(remark(100 + number, number) for number in range(3))]
    target.send(given).check(0)
    target.lose_ledger()
    run = target.send(given).check(0)
    assert (run.outcomes, target.requests(writes_only=True)) == ({"unchanged": 6}, [])
    audits = [request for request in target.requests() if request["path"].endswith("/audits")]
    assert len(audits) == 3


@pytest.mark.parametrize("count", [2, 8])
def test_a_lost_answer_doubles_no_comment(target: TicketsTarget, count: int) -> None:
    target.send(cases(range(count))).check(0)
    remarks = [remark(100 + number, number) for number in range(count)]
    target.sandbox.control.faults(fault("lost_response", "/api/v2/tickets/*", method="PUT"))
    target.send(remarks).check(4)
    again = target.send(remarks).check(0)
    assert sum(again.outcomes.values()) == count
    assert len(target.texts()) == 2 * count
    assert (target.journal(), target.letters()) == (0, [])
    assert target.send(remarks).check(0).outcomes == {"unchanged": count}


def test_a_comment_without_a_key_of_ours_is_never_repeated(target: TicketsTarget) -> None:
    target.send([case(1)]).check(0)
    target.map("remarks", external_id=None, __key_properties__=["id"], id="id")
    target.sandbox.control.faults(fault("lost_response", "/api/v2/tickets/*", method="PUT"))
    target.send([remark(5, 1)]).check(4)
    again = target.send([remark(5, 1)]).check(0)
    assert again.outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["unknown"]
    assert target.texts() == ["Remark 5", "Text of 1"]
