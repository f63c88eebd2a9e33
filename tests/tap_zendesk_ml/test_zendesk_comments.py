"""Comments: from events, from tickets; gaps, edits and redactions."""

from __future__ import annotations

from typing import Any

import pytest
from support.tap_run import State, TapRun
from support.zendesk import NEXT_DAY, Row, Zendesk, counts, ids

BOTH = ("tickets", "ticket_comments")


def texts(run: TapRun) -> list[str]:
    """The texts of comments, sorted."""
    return sorted(record["body"] for record in run.records("ticket_comments"))


def singly(zendesk: Zendesk) -> list[int]:
    """The tickets that were asked for their comments."""
    return sorted(int(path.split("/")[-2]) for path in zendesk.paths("/comments"))


def redact(zendesk: Zendesk, comment: Row, text: str) -> None:
    """Black out a text of a comment."""
    zendesk.call("PUT", f"tickets/{comment['ticket_id']}/comments/{comment['id']}/redact", {"text": text})


@pytest.fixture
def talk(zendesk: Zendesk) -> dict[str, Any]:
    """Three tickets with two comments each, of an hour ago."""
    tickets = zendesk.tickets(3, description="The number is 4711.")
    answers = [zendesk.comment(ticket, f"Answer {number}") for number, ticket in enumerate(tickets)]
    firsts = [row for row in zendesk.rows("ticket_comments") if row["body"] == "The number is 4711."]
    zendesk.later(3600)
    return {"tickets": tickets, "answers": answers, "firsts": firsts}


def test_events_give_comments_as_the_ticket_would(zendesk: Zendesk, talk: dict[str, Any]) -> None:
    note = zendesk.comment(talk["tickets"][0], "Between us", public=False)
    zendesk.later()
    events = zendesk.read(*BOTH)
    assert singly(zendesk) == []
    single = zendesk.read(*BOTH, comments_from="tickets")
    assert singly(zendesk) == [row["id"] for row in talk["tickets"]]
    assert len(zendesk.requests("/incremental/")) == 1
    by_id = {record["id"]: record for record in single.records("ticket_comments")}
    assert len(by_id) == 7
    assert {record["id"]: record for record in events.records("ticket_comments")} == by_id
    assert by_id[note["id"]]["public"] is False
    assert by_id[note["id"]]["ticket_id"] == talk["tickets"][0]["id"]


@pytest.mark.parametrize("source", ["events", "tickets"])
def test_a_new_comment_comes_alone(zendesk: Zendesk, talk: dict[str, Any], source: str) -> None:
    state = zendesk.read(*BOTH, comments_from=source).state
    zendesk.later()  # what changes in the second of a run may have been withheld from it
    made = zendesk.comment(talk["tickets"][1], "News")
    zendesk.later()
    run = zendesk.read(*BOTH, state=state, comments_from=source)
    assert counts(run) == {"tickets": 1, "ticket_comments": 1}
    assert ids(run, "ticket_comments") == [made["id"]]
    # The other way goes on where this one ended.
    other = {"events": "tickets", "tickets": "events"}[source]
    zendesk.comment(talk["tickets"][2], "More news")
    zendesk.later()
    assert "More news" in texts(zendesk.read(*BOTH, state=run.state, comments_from=other))


def test_tickets_without_events_are_read_for_their_comments(zendesk: Zendesk, talk: dict[str, Any]) -> None:
    zendesk.control.settings(zendesk={"events_absent": "ai_agent"})
    (silent,) = zendesk.put("tickets", {"subject": "AI", "support_type": "ai_agent", "description": "Beep"})
    zendesk.later()
    first = zendesk.read(*BOTH)
    assert "Beep" in texts(first)
    assert len(texts(first)) == 7
    assert singly(zendesk) == [silent["id"]]
    assert counts(zendesk.read(*BOTH, state=first.state)) == {}
    zendesk.comment(silent, "Boop")
    zendesk.comment(talk["tickets"][0], "Hello")
    zendesk.later()
    second = zendesk.read(*BOTH, state=first.state)
    assert texts(second) == ["Beep", "Boop", "Hello"]
    assert singly(zendesk) == [silent["id"]]
    assert "Boop" not in texts(zendesk.read(*BOTH, state=first.state, fill_gaps=False))
    assert "Boop" not in texts(zendesk.read("ticket_comments", state=first.state))
    assert zendesk.paths("/tickets/cursor") == []


def test_a_system_change_is_no_gap(zendesk: Zendesk, talk: dict[str, Any]) -> None:
    # The last event is read again by every run: it is of another ticket.
    zendesk.tickets(1, first=9)
    zendesk.later()
    state = zendesk.read(*BOTH).state
    zendesk.put("automations", {"name": "touch", "ids": [row["id"] for row in talk["tickets"]]})
    zendesk.later()
    assert counts(zendesk.read(*BOTH, state=state)) == {"tickets": 3}
    assert singly(zendesk) == []


def test_gaps_of_a_run_that_was_stopped_are_filled_by_the_next(
    zendesk: Zendesk, talk: dict[str, Any]
) -> None:
    zendesk.control.settings(zendesk={"events_absent": "ai_agent"})
    zendesk.put("tickets", {"subject": "AI", "support_type": "ai_agent", "description": "Beep"})
    zendesk.later()
    # Tickets were read, and their state kept; comments were not.
    state = zendesk.read("tickets").state
    run = zendesk.read(*BOTH, state=state)
    assert counts(run) == {"ticket_comments": 7}
    assert "Beep" in texts(run)
    # Once only: the next run has the tickets of its own.
    zendesk.later()
    assert counts(zendesk.read(*BOTH, state=run.state)) == {}
    assert len(zendesk.paths("/tickets/cursor")) == 1


@pytest.mark.parametrize("edits", ["generated", "audited"])
def test_a_redaction_is_seen_when_the_ticket_changes(
    zendesk: Zendesk, talk: dict[str, Any], edits: str
) -> None:
    zendesk.control.settings(zendesk={"comment_edits": edits})
    days: dict[str, Any] = {"recheck_days": 3}
    state = zendesk.read(*BOTH, **days).state
    assert singly(zendesk) == []
    # A ticket that changed otherwise: its comments are read, and as they were.
    zendesk.put("tickets", {"id": talk["tickets"][0]["id"], "priority": "low"})
    zendesk.later()
    run = zendesk.read(*BOTH, state=state, **days)
    assert counts(run) == {"tickets": 1}
    assert singly(zendesk) == [talk["tickets"][0]["id"]]
    redact(zendesk, talk["firsts"][1], "4711")
    made = zendesk.comment(talk["tickets"][2], "News")
    zendesk.later()
    second = zendesk.read(*BOTH, state=run.state, **days)
    assert counts(second) == {"tickets": 2, "ticket_comments": 3}
    assert texts(second) == ["Answer 1", "News", "The number is ▇▇▇▇."]
    assert made["id"] in ids(second, "ticket_comments")
    assert counts(zendesk.read(*BOTH, state=second.state, **days)) == {}
    # Never by default, nor by null or 0.
    for never in ({}, {"recheck_days": None}, {"recheck_days": 0}):
        assert texts(zendesk.read(*BOTH, state=run.state, **never)) == ["News"]


def test_tickets_of_the_last_days_are_read_again_now_and_then(zendesk: Zendesk, talk: dict[str, Any]) -> None:
    zendesk.control.settings(zendesk={"comment_edits": "nothing"})
    days: dict[str, Any] = {"recheck_days": 5}
    # The last event is read again by every run; this one is not edited.
    zendesk.tickets(1, first=9)
    zendesk.later()
    state = zendesk.read(*BOTH, **days).state
    private = f"tickets/{talk['tickets'][0]['id']}/comments/{talk['firsts'][0]['id']}/make_private"
    zendesk.call("PUT", private)
    zendesk.later()
    assert counts(zendesk.read(*BOTH, state=state, **days)) == {}
    zendesk.later(NEXT_DAY)
    due = zendesk.read(*BOTH, state=state, **days)
    found = {record["id"]: record["public"] for record in due.records("ticket_comments")}
    assert found == {talk["firsts"][0]["id"]: False, talk["answers"][0]["id"]: True}
    assert len(singly(zendesk)) == 4
    assert counts(zendesk.read(*BOTH, state=due.state, **days)) == {}
    assert singly(zendesk) == []
    # Every run, as the setting says; nothing of tickets that changed before.
    assert counts(zendesk.read(*BOTH, state=due.state, recheck_every=0, **days)) == {}
    assert len(singly(zendesk)) == 4
    zendesk.later(10 * NEXT_DAY)
    zendesk.read(*BOTH, state=due.state, recheck_every=None, **days)
    assert singly(zendesk) == []


def test_comments_of_deleted_tickets(zendesk: Zendesk, talk: dict[str, Any]) -> None:
    for source in ("events", "tickets"):
        state = zendesk.read(*BOTH, comments_from=source, recheck_days=3).state
        (row,) = zendesk.tickets(1)
        zendesk.call("DELETE", f"tickets/{row['id']}")
        zendesk.later()
        run = zendesk.read(*BOTH, state=state, comments_from=source, recheck_days=3)
        (record,) = run.records("tickets")
        assert record["_sdc_deleted_at"]
        assert singly(zendesk) == [row["id"]] * (source == "events")


def test_a_stop_between_pages_of_events_loses_nothing(zendesk: Zendesk) -> None:
    """Each state that a run wrote leads to all that it had not sent."""
    for number in range(6):
        ticket = zendesk.tickets(1, first=number)[0]
        zendesk.comment(ticket, f"Answer {number}")
        zendesk.later(10)
    zendesk.later()
    everything = {row["id"] for row in zendesk.rows("ticket_comments")}
    first = zendesk.read(*BOTH, page_size=3)
    assert set(ids(first, "ticket_comments")) == everything
    sent: set[int] = set()
    states: list[tuple[State, set[int]]] = []
    for message in first.messages:
        if message["type"] == "RECORD" and message["stream"] == "ticket_comments":
            sent.add(message["record"]["id"])
        elif message["type"] == "STATE":
            states.append((message["value"], set(sent)))
    assert len(states) >= 6
    for state, known in states:
        rest = zendesk.read(*BOTH, state=state, page_size=3)
        assert set(ids(rest, "ticket_comments")) == everything - known
