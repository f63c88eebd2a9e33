"""A Zendesk with tickets, as the measurements want it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import ssl
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.tickets.limits import HIGH_VOLUME, Plan
from ml_sandbox.testing import ControlClient, RunningSandbox, running_sandbox
from ml_sandbox.zendesk.seed import CLIENT_ID, CLIENT_SECRET

LATENCY_MS = 50
EXPORT_ROWS = 1000
_LIFETIME = 1800


@dataclass(frozen=True)
class World:
    """What an account holds.

    `tickets` and `users` are pairs of the time of the last change, in Unix seconds, and the id, oldest first;
    `comments` have their ticket's id in between, `events` are the times of all ticket events, oldest first.
    """

    tickets: tuple[tuple[int, int], ...]
    comments: tuple[tuple[int, int, int], ...]
    users: tuple[tuple[int, int], ...]
    events: tuple[int, ...]

    def since(self, last: int) -> int:
        """The moment, in Unix seconds, since which so many of the tickets changed; 0 for all of them."""
        return self.tickets[-last][0] if last < len(self.tickets) else 0

    def changed(self, last: int) -> dict[str, set[int]]:
        """The ids that the exports have to give: what changed since so many of the tickets did."""
        moment = self.since(last)
        return {
            "users": {user for time, user in self.users if time >= moment},
            "tickets": self._tickets(moment),
            "ticket_comments": {comment for time, _, comment in self.comments if time >= moment},
        }

    def of_tickets(self, last: int) -> dict[str, set[int]]:
        """The ids that a reader of these tickets has to find: all users, the tickets, all their comments."""
        tickets = self._tickets(self.since(last))
        return {
            "users": {user for _, user in self.users},
            "tickets": tickets,
            "ticket_comments": {comment for _, ticket, comment in self.comments if ticket in tickets},
        }

    def _tickets(self, moment: int) -> set[int]:
        return {ticket for time, ticket in self.tickets if time >= moment}

    def pages(self, last: int) -> int:
        """Pages of the exports of tickets, their events and users that hold what changed since then."""
        moment = self.since(last)
        changed = (
            sum(time >= moment for time, _ in self.tickets),
            sum(time >= moment for time in self.events),
            sum(time >= moment for time, _ in self.users),
        )
        return sum(max(1, math.ceil(count / EXPORT_ROWS)) for count in changed)


@contextlib.contextmanager
def served(plan: Plan, *, tls: bool = True) -> Iterator[RunningSandbox]:
    """Serve an account of that plan, 50 ms away, over TLS by its own host name."""
    settings = {
        "zendesk.high_volume": "true" if plan == HIGH_VOLUME else "false",
        # Not promised by Zendesk; without it the peer ends where it reads the audits of an archived ticket.
        "zendesk.archived_audits_meta": "true",
    }
    with running_sandbox(tls=tls, lifetime=_LIFETIME, latency_ms=LATENCY_MS, settings=settings) as sandbox:
        yield sandbox


def filled(control: ControlClient, tickets: int, comments: int) -> World:
    """Put a generated world of tickets into an account, and read what it holds then."""
    control.put_rows("zendesk", "ticket_worlds", [{"tickets": tickets, "comments": comments / tickets}])
    return held(control)


def held(control: ControlClient) -> World:
    """Read what an account holds."""
    tickets, users, comments, audits = (
        control.rows("zendesk", name) for name in ("tickets", "users", "ticket_comments", "ticket_audits")
    )
    return World(
        tuple(sorted((row["generated_timestamp"], row["id"]) for row in tickets)),
        tuple(sorted((_seconds(row["created_at"]), row["ticket_id"], row["id"]) for row in comments)),
        tuple(sorted((_seconds(row["updated_at"]), row["id"]) for row in users)),
        tuple(sorted(_seconds(row["created_at"]) for row in audits)),
    )


def _seconds(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp())


def access_token(url: str) -> str:
    """A token that lives for two days, as a user of the peer gets one."""
    body = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": "read",
        "expires_in": 172_800,
    }
    # The sandbox listens on loopback with a certificate of its own making.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(
        f"{url}/zendesk/oauth/tokens", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30, context=context) as answer:
        granted: dict[str, Any] = json.load(answer)
    return str(granted["access_token"])
