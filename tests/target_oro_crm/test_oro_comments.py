"""Comments of tickets become comments of cases, each once; equal ones are told apart."""

from __future__ import annotations

from oro_target import COMMENTS, LATER, OroTarget, comment, row, ticket

PERSON = row("users", 7, name="Jerry Coleman", email="j@x.example")
AGENT = row("agents", 8, name="Agnes", email="agnes@acme.example")


def messages(target: OroTarget) -> list[str]:
    return [each["message"] for each in target.rows("casecomments")]


def test_the_same_words_again_are_another_comment(target: OroTarget) -> None:
    first = [PERSON, ticket(1), comment(100, 1, "Thanks", author_id=7)]
    target.send(first).check(0)
    more = [comment(101, 1, "Thanks", author_id=7), comment(102, 1, "Thanks", author_id=7)]
    assert target.send(more).check(0).outcomes == {"created": 2}
    assert messages(target) == ["Thanks"] * 3
    target.lose_ledger()
    given = [*first, *more, comment(103, 1, "Thanks", author_id=7)]
    assert target.send(given).check(0).outcomes == {"created": 1, "unchanged": 5}
    assert messages(target) == ["Thanks"] * 4
    assert target.send(given).check(0).outcomes == {"unchanged": 6}


def test_matched_again_by_author_and_text(target: OroTarget) -> None:
    target.send([PERSON, AGENT, ticket(1)]).check(0)
    (case,) = target.rows()
    (contact,) = target.rows("contacts")
    target.put("contacts", {"lastName": "Other"})
    held = [
        {"case": case["id"], "message": "Hello \r\n there", "contact": contact["id"], "public": True},
        {"case": case["id"], "message": "Hello there", "contact": "2", "public": True},
        {"case": case["id"], "message": "From us", "owner": "20", "public": False},
    ]
    target.put("casecomments", *held)
    given = [
        comment(100, 1, "Hello\nthere", author_id=7),
        comment(101, 1, "From us", author_id=8, public=False),
    ]
    target.lose_ledger()
    run = target.send([PERSON, AGENT, ticket(1), *given]).check(0)
    assert run.outcomes == {"unchanged": 4, "updated": 1}
    rows = target.rows("casecomments")
    assert len(rows) == 3, "no comment came twice"
    assert [(each["contact"], each["message"]) for each in rows][1] == ("2", "Hello there")


def test_the_words_of_somebody_else_are_another_comment(target: OroTarget) -> None:
    target.send([PERSON, AGENT, ticket(1)]).check(0)
    (contact,) = target.rows("contacts")
    (case,) = target.rows()
    target.put("casecomments", {"case": case["id"], "message": "Thanks", "contact": contact["id"]})
    run = target.send([comment(100, 1, "Thanks", author_id=8)]).check(0)
    assert run.outcomes == {"created": 1}
    said = [(each["contact"], each["owner"]) for each in target.rows("casecomments")]
    assert said == [(contact["id"], "1"), (None, "20")]


def test_a_comment_that_changes_in_zendesk(target: OroTarget) -> None:
    target.send([ticket(1), comment(100, 1, "My number is 123", public=True)]).check(0)
    redacted = comment(100, 1, "My number is ***", public=False, updated=LATER)
    assert target.send([redacted]).check(0).outcomes == {"updated": 1}
    (row_,) = target.rows("casecomments")
    assert (row_["message"], row_["public"]) == ("My number is ***", False)


def test_a_comment_without_words(target: OroTarget) -> None:
    target.send([ticket(1), comment(100, 1, " ")]).check(0)
    assert messages(target) == ["N\\A"]
    target.lose_ledger()
    assert target.send([ticket(1), comment(100, 1, " ")]).check(0).outcomes == {"unchanged": 2}


def test_nobody_of_oro_wrote_it(target: OroTarget) -> None:
    unknown = row("agents", 9, name="Zoe", email="zoe@x.example")
    given = [unknown, ticket(1, assignee_id=9), comment(100, 1, "Hi", author_id=9)]
    run = target.send(given, default_user_owner="bela@acme.example").check(0)
    assert run.outcomes == {"ignored": 1, "created": 2}
    (said,) = target.rows("casecomments")
    (case,) = target.rows()
    assert (said["owner"], said["contact"], case["assignedTo"], case["owner"]) == ("21", None, "21", "21")


def test_the_time_goes_into_the_message(target: OroTarget) -> None:
    target.config["comment_time"] = "message"
    given = [
        ticket(1),
        comment(100, 1, "Hello", created_at="2026-11-02T10:00:00+01:00"),
        comment(101, 1, "Hello", created_at="2026-11-03T10:00:00Z"),
    ]
    target.send(given).check(0)
    timed = ["[2026-11-02T09:00:00Z]\nHello", "[2026-11-03T10:00:00Z]\nHello"]
    assert messages(target) == timed
    assert target.send(given).check(0).outcomes == {"unchanged": 3}
    target.lose_ledger()
    # Later ones first: the time in the message says which is which.
    run = target.send([given[0], given[2], given[1]]).check(0)
    assert (target.calls(), messages(target)) == ([], timed)
    assert sum(run.outcomes.values()) == 3
    edited = comment(101, 1, "Hello all", created_at="2026-11-03T10:00:00Z", updated=LATER)
    assert target.send([edited]).check(0).outcomes == {"updated": 1}
    assert messages(target)[1] == "[2026-11-03T10:00:00Z]\nHello all"


def test_comments_go_in_parallel_and_by_id_of_their_case(target: OroTarget) -> None:
    target.send([ticket(number) for number in range(1, 4)]).check(0)
    (first, *_) = target.rows()
    mapping = {**COMMENTS, "case": f"'id:{first['id']}' if id > 110 else ticket_id"}
    target.config["stream_maps"]["ticket_comments"] = mapping
    many = [comment(100 + number, 2 + number % 2, f"Text {number}") for number in range(20)]
    assert target.send(many, parallel=8).check(0).outcomes == {"created": 20}
    held: dict[str, list[int]] = {}
    for each in sorted(target.rows("casecomments"), key=lambda row_: int(row_["id"])):
        held.setdefault(each["case"], []).append(int(each["message"].removeprefix("Text ")))
    # Which case comes first is up to the requests under way at once.
    assert sorted(len(numbers) for numbers in held.values()) == [5, 6, 9]
    assert all(numbers == sorted(numbers) for numbers in held.values()), "in the order of the ticket"


def test_an_unanswered_comment_beside_equal_ones(target: OroTarget) -> None:
    target.send([PERSON, ticket(1), comment(100, 1, "+1", author_id=7)]).check(0)
    more = [comment(101, 1, "+1", author_id=7), comment(102, 1, "+1", author_id=7)]
    target.fault("POST", "*/api/casecomments", "lost_response", times=2)
    target.send(more).check(4)
    target.sandbox.control.faults()
    target.send(more).check(0)
    assert (messages(target), target.journal(), target.letters()) == (["+1"] * 3, 0, [])
    # One that never arrived is not taken for the one that did.
    target.fault("POST", "*/api/casecomments", "timeout", times=2)
    last = comment(103, 1, "+1", author_id=7)
    target.send([last], read_timeout=0.3)
    target.sandbox.control.faults()
    target.send([last]).check(0)
    assert messages(target) == ["+1"] * 4
