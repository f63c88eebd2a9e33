"""Conflicts: fields that both sides changed and that a policy of `hold` left to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.ledger import CONFLICT, Ledger, Letter, LetterFilter


@dataclass(frozen=True, slots=True)
class Conflict:
    """A letter of cause `conflict` with where it belongs."""

    integration: str
    target: str
    letter: Letter

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        """Held field of the target -> system -> the value it held."""
        return dict((self.letter.detail or {}).get("values") or {})

    @property
    def resolved(self) -> dict[str, Any] | None:
        """Field -> `{"take": SYSTEM, "value": ...}` or `{"value": ...}`, once a person decided."""
        return (self.letter.detail or {}).get("resolved")


def open_conflicts(ledger: Ledger, integration: str | None = None) -> list[Conflict]:
    """Every open conflict, of one integration or of all, oldest first."""
    with ledger.read() as tx:
        homes = [home for home in tx.letters.open_counts() if integration in (None, home[0])]
    found = []
    for home in homes:
        with ledger.read(*home) as tx:
            found += [Conflict(*home, letter) for letter in tx.letters.select(LetterFilter(cause=CONFLICT))]
    return sorted(found, key=lambda conflict: conflict.letter.id)


def find_conflict(ledger: Ledger, key_or_id: str, integration: str | None = None) -> Conflict:
    """The one open conflict with this number, or about the record with this key.

    Raises:
        SystemFault: there is none, or more than one.
    """
    found = [
        conflict
        for conflict in open_conflicts(ledger, integration)
        if key_or_id in (str(conflict.letter.id), conflict.letter.raw_key, conflict.letter.identity)
    ]
    if not found:
        raise SystemFault(
            f"There is no open conflict {key_or_id}.", fix="List them: ml-connector conflicts list."
        )
    if len(found) > 1:
        several = ", ".join(
            f"{conflict.letter.id} ({conflict.integration}, key {conflict.letter.raw_key})"
            for conflict in found
        )
        raise SystemFault(
            f"{key_or_id} names several conflicts: {several}.",
            fix="Restrict them with --integration, or give a number that is no key of another.",
        )
    return found[0]
