"""What people do meanwhile with tickets in Zendesk and cases in OroCRM, drawn from a seed, for tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from ml_sandbox.testing import ControlClient

Row = dict[str, Any]
_TICKET_STATUSES = ("open", "pending", "hold", "solved")
_CASE_STATUSES = ("open", "in_progress", "resolved", "closed")


class DeskEdits:
    """Makes one edit after another. `made` tells them."""

    def __init__(self, control: ControlClient, seed: int) -> None:
        self._control = control
        self._random = random.Random(seed)
        self.made: list[str] = []

    def make_one(self) -> None:
        """Change something on either side, or say something there."""
        kinds: tuple[Callable[[], tuple[str, str, Row]], ...] = (
            *(self._ticket, self._ticket, self._new_ticket, self._said),
            *(self._case, self._case, self._noted),
        )
        system, name, row = self._random.choice(kinds)()
        self._control.put_rows(system, name, [row])
        self.made.append(f"{system} {name} {row}")

    def _ticket(self) -> tuple[str, str, Row]:
        change = self._one_of(
            {"subject": self._word("Ticket")},
            {"status": self._random.choice(_TICKET_STATUSES)},
            {"priority": self._random.choice(("low", "normal", "high", "urgent"))},
        )
        return "zendesk", "tickets", {"id": self._open_ticket()["id"], **change}

    def _new_ticket(self) -> tuple[str, str, Row]:
        return "zendesk", "tickets", {"subject": self._word("New"), "description": self._word("Text")}

    def _said(self) -> tuple[str, str, Row]:
        said = {"body": self._word("Said"), "public": self._random.random() < 0.5}
        return "zendesk", "ticket_comments", {"ticket_id": self._open_ticket()["id"], **said}

    def _case(self) -> tuple[str, str, Row]:
        change = self._one_of(
            {"subject": self._word("Case")},
            {"status": self._random.choice(_CASE_STATUSES)},
            {"priority": self._random.choice(("low", "normal", "high"))},
            {"resolution": self._word("Nobody else's")},
        )
        return "oro", "cases", {"id": self._open_case()["id"], **change}

    def _noted(self) -> tuple[str, str, Row]:
        noted = {"message": self._word("Noted"), "public": self._random.random() < 0.5}
        return "oro", "casecomments", {"case": self._open_case()["id"], **noted}

    # Closed tickets take no change

    def _open_ticket(self) -> Row:
        rows = self._control.rows("zendesk", "tickets")
        return self._random.choice([row for row in rows if row["status"] not in ("closed", "deleted")])

    def _open_case(self) -> Row:
        tickets = {str(row["id"]): row["status"] for row in self._control.rows("zendesk", "tickets")}
        rows = self._control.rows("oro", "cases")
        return self._random.choice(
            [row for row in rows if tickets.get(row["externalId"]) not in ("closed", "deleted")]
        )

    def _one_of(self, *choices: Row) -> Row:
        return self._random.choice(choices)

    def _word(self, kind: str) -> str:
        return f"{kind} {self._random.randrange(10**6)}"
