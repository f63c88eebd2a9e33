"""Which comments of a ticket that was read again are not as they were.

An edit, a redaction or a change of visibility leaves no time on a comment. So a sum of the digests of a
ticket's comments is remembered; where it is another one, all comments of the ticket are sent.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self

from tap_zendesk_ml.recent import digest_of
from tap_zendesk_ml.settings import DEFAULT_RECHECK_HOURS
from tap_zendesk_ml.streams.base import seconds_of

Row = dict[str, Any]
_MODULUS = 1 << 48
# Of the hours between: a run that starts a little earlier than the last one did still rechecks.
_EARLY = 0.05


@dataclasses.dataclass(slots=True)
class Rereads:
    """The memory of one stream. Nothing is remembered where `days` is zero."""

    days: dt.timedelta
    every: dt.timedelta
    known: dict[int, int]
    last_changes: dict[int, int] = dataclasses.field(default_factory=dict)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], kept: Mapping[str, int] | None) -> Self:
        """Build it from the tap's settings and the stream's state."""
        hours = settings.get("recheck_every")
        return cls(
            days=dt.timedelta(days=float(settings.get("recheck_days") or 0)),
            every=dt.timedelta(hours=DEFAULT_RECHECK_HOURS if hours is None else float(hours)),
            known={int(ticket): total for ticket, total in kept.items()} if isinstance(kept, Mapping) else {},
        )

    @property
    def active(self) -> bool:
        """Whether comments are read again."""
        return bool(self.days)

    def is_due(self, last: dt.datetime | None, now: dt.datetime) -> bool:
        """Whether it is time to read all tickets of the last days."""
        return last is None or last > now or now - last >= self.every * (1 - _EARLY)

    def sent(self, comments: Iterable[Row]) -> None:
        """Note comments that were sent for the first time."""
        if not self.active:
            return
        for row in comments:
            ticket = int(row["ticket_id"])
            self.known[ticket] = (self.known.get(ticket, 0) + _digest(row)) % _MODULUS
            self.last_changes[ticket] = max(
                self.last_changes.get(ticket, 0), seconds_of(row.get("created_at"))
            )

    def changed(self, comments: Sequence[Row], new: Collection[int]) -> list[Row]:
        """All comments of those tickets that do not add up; `new` ones were sent, and count already."""
        totals: dict[int, int] = {}
        for row in comments:
            ticket = int(row["ticket_id"])
            totals[ticket] = (totals.get(ticket, 0) + _digest(row)) % _MODULUS
        others = {ticket for ticket, total in totals.items() if self.known.get(ticket) != total}
        self.known.update(totals)
        return [row for row in comments if row["ticket_id"] in others and row["id"] not in new]

    def keep_only(self, tickets: Collection[int]) -> None:
        """Forget all other tickets."""
        self.known = {ticket: total for ticket, total in self.known.items() if ticket in tickets}

    def kept(self) -> dict[str, int]:
        """What goes into the state: tickets that changed in the last days, as far as that is known."""
        since = (dt.datetime.now(dt.UTC) - self.days).timestamp()
        return {
            str(ticket): total
            for ticket, total in self.known.items()
            if self.last_changes.get(ticket, since) >= since
        }


def _digest(row: Mapping[str, Any]) -> int:
    files = [
        [each.get("id"), each.get("file_name"), each.get("size")] for each in row.get("attachments") or ()
    ]
    content = {name: row.get(name) for name in ("id", "public", "body", "html_body")}
    return int(digest_of({**content, "files": files}), 16)
