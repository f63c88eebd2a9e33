"""Conflicts that a policy decided: letters that are closed from the start, for people to look at.

The loser's value is gone once the winner's is written, so a decision is kept before that. Until the write
is settled it is pending, and nobody sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ml_connector.ledger import tables
from ml_connector.ledger.letters import CONFLICT, DECIDED, PENDING, Letter, LetterFilter, LetterStore
from ml_connector.ledger.seal import Sealer


class DecisionStore:
    """The closed letters of cause `conflict` of one integration and target, through one connection."""

    def __init__(self, connection: Connection, letters: LetterStore, sealer: Sealer) -> None:
        self._connection = connection
        self._letters = letters
        self._sealer = sealer

    def keep(self, run_id: int, letter: Letter, *, pending: bool = False) -> int:
        """Keep a decision, pending where its write is still to be sent. Returns the letter's id."""
        return self._letters.write_closed(run_id, letter, PENDING if pending else DECIDED)

    def settle(self, run_id: int, letter_id: int, fields: Collection[str] | None = None) -> int:
        """A pending decision came true, for these fields only where they are given. Returns how many did.

        One of which no field came true is withdrawn.
        """
        wanted = LetterFilter(ids=[letter_id], closed_as=PENDING)
        letter = next(iter(self._letters.select(wanted)), None)
        if letter is None:
            return 0
        detail = letter.detail or {}
        names = [name for name in detail["values"] if fields is None or name in fields]
        if not names:
            self.withdraw([letter_id])
            return 0
        if len(names) < len(detail["values"]):
            detail = {part: {name: known[name] for name in names} for part, known in detail.items()}
            self._letters.set_detail(letter_id, detail)
        table = tables.letter
        self._connection.execute(
            update(table)
            .where(table.c.id == letter_id)
            .values(closed_as=DECIDED, run_id=run_id, field=min(names))
        )
        return len(names)

    def withdraw(self, ids: Sequence[int]) -> None:
        """Decisions that did not come true: those of them that are still pending go."""
        if ids:
            table = tables.letter
            self._connection.execute(delete(table).where(table.c.id.in_(ids), table.c.closed_as == PENDING))

    def newest_first(self, route_id: int, raw_key: str) -> Iterator[dict[str, Any]]:
        """What was decided about a source record: the details of its letters."""
        table = tables.letter
        query = (
            select(table.c.detail)
            .where(table.c.route_id == route_id, table.c.raw_key == raw_key)
            .where(table.c.cause == CONFLICT, table.c.closed_as == DECIDED)
            .order_by(table.c.id.desc())
        )
        for content in self._connection.execute(query).scalars():
            yield self._sealer.open(content) or {}
