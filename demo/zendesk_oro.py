"""Zendesk and OroCRM: tickets become cases, both sides change, and a case becomes a ticket."""

from __future__ import annotations

import json

from rich.table import Table
from telling import CONSOLE, show, tell
from world import Row, Step, World, expect

ROUND = "zendesk-oro"
TICKETS = 40
COMMENT = "A technician is on the way."
# Changes of the last minute are not in Zendesk's exports yet: the sandbox's clock moves on, and nobody waits.
_WITHHELD = 90.0


def a_round(world: World) -> None:
    """Both directions once."""
    world.control.jump(_WITHHELD)
    tell(f"meltano run {ROUND}")
    world.meltano_run(ROUND)


def cases(world: World) -> dict[str, Row]:
    """The cases of OroCRM by the number of their ticket."""
    return {str(row["externalId"]): row for row in world.control.rows("oro", "cases")}


def tickets(world: World) -> dict[str, Row]:
    """The tickets of Zendesk by their number, but for those that somebody deleted."""
    rows = world.control.rows("zendesk", "tickets")
    return {str(row["id"]): row for row in rows if row["status"] != "deleted"}


def writes(world: World) -> list[Row]:
    """What was written to either system since the last run began."""
    logins = ("/oauth/tokens", "/oauth2-token")
    logged = [each for name in ("zendesk", "oro") for each in world.control.requests(name, writes_only=True)]
    return [each for each in logged if not each["path"].endswith(logins)]


def first_round(world: World) -> None:
    """Bring the tickets into an empty OroCRM."""
    world.control.put_rows("zendesk", "ticket_worlds", [{"tickets": TICKETS, "comments": 3}])
    there = len(tickets(world))
    tell(f"Zendesk has {there} tickets of every status, OroCRM none of them.")
    a_round(world)
    found = cases(world)
    expect(sorted(found) == sorted(tickets(world)), "not every ticket became a case")
    tell(
        f"{len(found)} cases with {len(world.control.rows('oro', 'casecomments'))} comments and "
        f"{len(world.control.rows('oro', 'contacts'))} contacts are in OroCRM now."
    )
    a_round(world)
    expect(not writes(world), f"{len(writes(world))} writes although nothing changed")
    tell("Nobody changed anything: 0 writes, on neither side.")


def both_sides(world: World) -> None:
    """Change one ticket on both sides: different fields, and one field twice."""
    number = chosen(world)
    case = cases(world)[number]
    world.control.put_rows(
        "zendesk", "tickets", [{"id": int(number), "subject": "Said in Zendesk", "status": "pending"}]
    )
    world.control.put_rows(
        "oro", "cases", [{"id": case["id"], "subject": "Said in OroCRM", "priority": "low"}]
    )
    world.control.put_rows(
        "oro",
        "casecomments",
        [{"case": case["id"], "message": COMMENT, "public": True}],
    )
    tell(f"Ticket {number}, urgent: support gives it another subject and sets it to pending.")
    tell("Sales gives its case another subject and the priority low, and writes a comment.")
    a_round(world)
    ticket, case = tickets(world)[number], cases(world)[number]
    expect(ticket["subject"] == case["subject"] == "Said in Zendesk", f"the subject is {case['subject']}")
    expect(case["status"] == "in_progress", f"the case is {case['status']}")
    expect(ticket["priority"] == "low", f"the ticket's priority is {ticket['priority']}")
    said = [
        row["body"]
        for row in world.control.rows("zendesk", "ticket_comments")
        if str(row["ticket_id"]) == number
    ]
    expect(said.count(COMMENT) == 1, f"the ticket's comments are {said}")
    tell("Each side has what only the other one changed. The subject was changed by both: sync_priority.")
    side_by_side(world, number)
    kept = json.loads(world.command("ml-connector", "conflicts", "list", "-i", ROUND, "--json").output)
    values = [each["values"].get("subject") for each in kept]
    expect(
        {"zendesk": "Said in Zendesk", "oro": "Said in OroCRM"} in values, f"the conflict is not kept: {kept}"
    )


def published(world: World) -> None:
    """Make a ticket of a case."""
    contact = {"firstName": "Zoe", "lastName": "Quill", "primaryEmail": "zoe@example.com"}
    (zoe,) = world.control.put_rows("oro", "contacts", [contact])
    new = {"subject": "No ink", "description": "It prints white.", "status": "open", "priority": "high"}
    (case,) = world.control.put_rows(
        "oro", "cases", [{**new, "source": "phone", "relatedContact": zoe["id"]}]
    )
    before = tickets(world)
    tell("A customer calls: sales opens a case, and gives it to support.")
    show(world, "publish", str(case["id"]))
    show(world, "publish", str(case["id"]))
    (number,) = tickets(world).keys() - before.keys()
    tell(f"Published twice, it is one ticket, {number}.")
    a_round(world)
    expect(cases(world)[number]["id"] == case["id"], "the case does not know its ticket")
    tell("Its number is in the case.")
    a_round(world)
    expect(not writes(world), f"{len(writes(world))} writes although nothing changed")
    tell("The next round writes nothing: no change goes round in circles.")


def chosen(world: World) -> str:
    """An urgent ticket that is open."""
    found = tickets(world).items()
    return min(key for key, row in found if (row["status"], row["priority"]) == ("open", "urgent"))


def side_by_side(world: World, number: str) -> None:
    """Print what both sides hold of a ticket."""
    ticket, case = tickets(world)[number], cases(world)[number]
    table = Table(title=f"Ticket {number}")
    for heading in ("", "Zendesk", "OroCRM"):
        table.add_column(heading)
    for name in ("subject", "status", "priority"):
        table.add_row(name.title(), ticket[name], case[name])
    CONSOLE.print(table)


STEPS: tuple[Step, ...] = (
    ("Tickets become cases, with people and comments", first_round),
    ("One ticket changes on both sides", both_sides),
    ("A case becomes a ticket", published),
)
