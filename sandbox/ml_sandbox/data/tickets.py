"""A generated world of tickets: of every status, priority, type and channel, with people and comments.

What is drawn is the same for the same seed; that each kind is there does not depend on it, from 200 on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ticket_definitions import FIELDS, STATUSES, write_definitions
from ml_sandbox.data.ticket_people import People, PeopleWriter, Row, Sink
from ml_sandbox.data.ticket_threads import RULE_VIA, Step, ThreadWriter, text_of, via_of
from ml_sandbox.data.ticket_words import CHANNELS, SUBJECTS, TAGS

FIRST_TICKET = 5_000_000_001
CATEGORIES = ("new", "open", "pending", "hold", "solved", "closed", "closed")
PRIORITIES = (None, "low", "normal", "high", "urgent")
KINDS = (None, "question", "problem", "incident", "task")
STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class World:
    """What is asked for.

    Attributes:
        tickets: how many.
        comments: how many for each ticket on average, 1 or more; the sum is exact.
        seed: of what is drawn.
        first_id: of the first ticket; beyond 32 bits by default.
        days: over how many days they came.
        same_second: so many of the oldest tickets share the second of their last change (a mass update).
        removed: whether there are deleted tickets and ones deleted for good.
    """

    tickets: int
    comments: float = 3.0
    seed: int = 1
    first_id: int = FIRST_TICKET
    days: int = 400
    same_second: int = 0
    removed: bool = True


def write_tickets(world: World, newest: datetime, sink: Sink) -> None:
    """Pass the rows of a world to ``sink(table, row)``; everything happened before ``newest``."""
    draw = Draw(world.seed, "tickets")
    write_definitions(sink)
    people = PeopleWriter(sink, draw, newest - timedelta(days=world.days)).write(world.tickets)
    writer = TicketWriter(world, newest, sink, draw, people)
    for place, comments in enumerate(comment_counts(world, draw)):
        writer.write(place, comments)


def comment_counts(world: World, draw: Draw) -> Iterator[int]:
    """How many comments each ticket has: at least one, and in sum exactly what the world asks for."""
    kept = [place for place in range(world.tickets) if not is_scrubbed(world, place)]
    total = max(len(kept), round(world.tickets * world.comments))
    # What was deleted for good keeps none: its one comment is not counted.
    shares = [1] * world.tickets
    for number, place in enumerate(kept):
        shares[place] = total * (number + 1) // len(kept) - total * number // len(kept)
    for first, second in zip(kept[::2], kept[1::2], strict=False):
        moved = draw.below(shares[first])
        shares[first], shares[second] = shares[first] - moved, shares[second] + moved
    yield from shares


def is_scrubbed(world: World, place: int) -> bool:
    """Whether the ticket of a place was deleted for good."""
    return world.removed and place % 200 == 131


class TicketWriter:
    """Writes one ticket after the other; each kind of each trait comes round by turns."""

    def __init__(self, world: World, newest: datetime, sink: Sink, draw: Draw, people: People) -> None:
        self._world = world
        self._newest = newest
        self._sink = sink
        self._draw = draw
        self._people = people
        self._threads = ThreadWriter(sink)
        self._problem: int | None = None

    def write(self, place: int, comments: int) -> None:
        """Write the ticket of this place with so many comments."""
        row = self._ticket(place)
        steps = self._steps(row, place, comments)
        scrubbed = is_scrubbed(self._world, place)
        self._threads.write(row["id"], steps)
        row |= {
            "created_at": steps[0].at,
            "updated_at": steps[-1].at,
            "description": steps[0].comment,
            "is_public": any(step.public for step in steps if step.comment is not None),
            "generated_timestamp": self._generated(place, steps[-1].at),
        }
        if row["satisfaction_rating"]["score"] in {"good", "bad"}:
            self._rate(row)
        if self._world.removed and (place % 40 == 31 or scrubbed):
            told = {"deleted_by": self._people.agents[0], "deleted_at": row["updated_at"]}
            row |= {**told, "deleted_from": row["status"], "status": "deleted", "scrubbed": scrubbed}
        self._sink("tickets", row)

    def _ticket(self, place: int) -> Row:
        draw, people = self._draw, self._people
        category = CATEGORIES[place % len(CATEGORIES)]
        user = draw.pick(people.end_users)
        assigned = category != "new"
        agent = draw.below(len(people.agents))
        kind = KINDS[place // 2 % len(KINDS)]
        ticket_id = self._world.first_id + place
        copies = [draw.pick(people.end_users).id] if place % 6 == 4 else []
        followers = [draw.pick(people.agents)] if place % 10 == 3 else []
        row: Row = {
            "id": ticket_id,
            "external_id": f"T-{place}" if place % 4 == 1 else None,
            "subject": draw.pick(SUBJECTS).replace("{number}", draw.digits(5)),
            "status": category,
            "custom_status": STATUSES.get(category) if place % 3 == 1 else None,
            "priority": PRIORITIES[place % len(PRIORITIES)],
            "type": kind,
            "via": via_of(CHANNELS[place % len(CHANNELS)], place),
            "recipient": "support@acme.example" if place % 2 else None,
            "requester_id": user.id,
            "submitter_id": draw.pick(people.agents) if place % 9 == 5 else user.id,
            "organization_id": user.organization_id,
            "assignee_id": people.agents[agent] if assigned else None,
            "group_id": people.groups[agent % len(people.groups)] if assigned else None,
            "tags": sorted({draw.pick(TAGS) for _ in range(draw.below(4))}),
            "values": self._values(place),
            "collaborator_ids": [*copies, *followers],
            "email_cc_ids": copies,
            "follower_ids": followers,
            "satisfaction_rating": {"score": self._score(place, category)},
            "from_messaging_channel": CHANNELS[place % len(CHANNELS)] in {"native_messaging", "whatsapp"},
            "support_type": "ai_agent" if place % 50 == 7 else "agent",
            "archived": category == "closed" and place % 14 == 6,
        }
        return row | self._kind(row, place)

    def _kind(self, row: Row, place: int) -> Row:
        if row["type"] == "problem":
            self._problem = row["id"]
            return {"has_incidents": True}
        if row["type"] == "task":
            due = self._newest + timedelta(days=place % 60)
            return {"due_at": due.strftime(STAMP)}
        return {"problem_id": self._problem} if row["type"] == "incident" else {}

    def _values(self, place: int) -> dict[int, Any]:
        chosen = {key: values[place % len(values)] for key, values in FIELDS.items()}
        return {key: value for key, value in chosen.items() if value is not None}

    def _score(self, place: int, category: str) -> str:
        if category not in {"solved", "closed"}:
            return "unoffered"
        return ("offered", "good", "bad", "unoffered")[place % 4]

    def _steps(self, row: Row, place: int, comments: int) -> list[Step]:
        """Creation, further comments, then the way to the present status."""
        moments = self._moments(place, comments + 2)
        status = row["status"] if comments == 1 and row["status"] in {"open", "pending", "hold"} else "new"
        noted = ("subject", "priority", "type", "requester_id", "tags")
        created = {name: row[name] for name in noted if row[name]} | {"status": status}
        steps = [self._step(row, moments[0], 0, [(name, None, value) for name, value in created.items()])]
        for number in range(1, comments):
            taken = self._taken(row) if number == 1 else []
            status = "open" if taken else status
            steps.append(self._step(row, moments[number], number, taken))
        return [*steps, *self._ending(row, status, moments)]

    @staticmethod
    def _taken(row: Row) -> list[tuple[str, Any, Any]]:
        """Somebody took the ticket."""
        if row["assignee_id"] is None:
            return []
        given = [("assignee_id", None, row["assignee_id"]), ("group_id", None, row["group_id"])]
        return [*given, ("status", "new", "open")]

    def _ending(self, row: Row, status: str, moments: list[str]) -> list[Step]:
        agent = row["assignee_id"] or self._people.agents[0]
        if row["status"] == status:
            return []
        if row["status"] == "closed":
            solved = Step(moments[-2], agent, (("status", status, "solved"),))
            return [solved, Step(moments[-1], -1, (("status", "solved", "closed"),), via=RULE_VIA)]
        return [Step(moments[-2], agent, (("status", status, row["status"]),))]

    def _step(self, row: Row, at: str, number: int, changes: list[tuple[str, Any, Any]]) -> Step:
        if number == 0:
            text = text_of(self._draw, "ask")
            return Step(at, row["submitter_id"], changes, text, row["id"] % 17 != 3, row["via"])
        if row["support_type"] == "ai_agent":
            return Step(at, self._people.agents[0], changes, text_of(self._draw, "robot"), True, row["via"])
        if number % 2 == 0:
            return Step(at, row["requester_id"], changes, text_of(self._draw, "ask"), True, row["via"])
        private = self._draw.chance(0.3)
        agent = row["assignee_id"] or self._people.agents[number % len(self._people.agents)]
        return Step(at, agent, changes, text_of(self._draw, "note" if private else "answer"), not private)

    def _moments(self, place: int, count: int) -> list[str]:
        """Rising times from the ticket's beginning on, oldest ticket first."""
        world = self._world
        span = world.days * 86_400 - 7_200
        start = span * place // max(1, world.tickets) + self._draw.below(3_600)
        moment = self._newest - timedelta(seconds=span + 3_600 - start)
        left = int((self._newest - moment).total_seconds())
        step = min(left // (count + 1), 86_400)
        return [(moment + timedelta(seconds=step * number)).strftime(STAMP) for number in range(count)]

    def _generated(self, place: int, updated: str) -> int:
        """Later than the last event where the system changed the ticket after it."""
        if place < self._world.same_second:
            return int((self._newest - timedelta(days=1)).timestamp())
        seconds = int(datetime.strptime(updated, STAMP).replace(tzinfo=self._newest.tzinfo).timestamp())
        return min(seconds + 1_800, int(self._newest.timestamp()) - 1) if place % 5 == 2 else seconds

    def _rate(self, row: Row) -> None:
        score = row["satisfaction_rating"]["score"]
        names = ("assignee_id", "group_id", "requester_id", "created_at", "updated_at")
        rating = {"ticket_id": row["id"], "score": score, **{name: row[name] for name in names}}
        self._sink("satisfaction_ratings", {**rating, "comment": "Thanks!" if row["id"] % 2 else None})
