"""Conflicts: fields that both sides changed, held for a person to decide or decided by a policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.ledger import CONFLICT, DECIDED, Ledger, Letter, LetterFilter


@dataclass(frozen=True, slots=True)
class Conflict:
    """A letter of cause `conflict` with where it belongs.

    `earlier`: numbers of older decided conflicts of the record, where it was looked up by its key.
    """

    integration: str
    target: str
    letter: Letter
    earlier: list[int] = field(default_factory=list)

    @property
    def values(self) -> dict[str, dict[str, Any]]:
        """Field of the target -> system -> the value it held; the target's is the second."""
        return dict((self.letter.detail or {}).get("values") or {})

    @property
    def resolved(self) -> dict[str, Any] | None:
        """Field -> `{"take": SYSTEM, "value": ...}` or `{"value": ...}`, once a person decided."""
        return (self.letter.detail or {}).get("resolved")

    @property
    def decided(self) -> dict[str, dict[str, Any]] | None:
        """Field -> `winner` (a system, null where both keep their own), `policy`, `ties`; None where held."""
        if self.letter.closed_as != DECIDED:
            return None
        return dict((self.letter.detail or {}).get("decided") or {})


def open_conflicts(ledger: Ledger, integration: str | None = None) -> list[Conflict]:
    """Every held conflict that is open, of one integration or of all, oldest first."""
    with ledger.read() as tx:
        homes = list(tx.letters.open_counts())
    found = _conflicts(ledger, homes, integration, LetterFilter(cause=CONFLICT))
    return sorted(found, key=lambda conflict: conflict.letter.id)


def decided_conflicts(
    ledger: Ledger,
    integration: str | None = None,
    *,
    newer_than: float | None = None,
    ids: list[int] | None = None,
    key: str | None = None,
) -> list[Conflict]:
    """Conflicts that a policy decided, newest first; `newer_than` is an age in seconds."""
    with ledger.read() as tx:
        homes = tx.letters.all_homes()
    wanted = LetterFilter(cause=CONFLICT, closed_as=DECIDED, newer_than=newer_than, ids=ids, key=key)
    found = _conflicts(ledger, homes, integration, wanted)
    return sorted(found, key=lambda conflict: -conflict.letter.id)


def _conflicts(
    ledger: Ledger, homes: Iterable[tuple[str, str]], integration: str | None, wanted: LetterFilter
) -> list[Conflict]:
    found = []
    for home in homes:
        if integration in (None, home[0]):
            with ledger.read(*home) as tx:
                found += [Conflict(*home, letter) for letter in tx.letters.select(wanted)]
    return found


def find_conflict(ledger: Ledger, key_or_id: str, integration: str | None = None) -> Conflict:
    """The one conflict with this number, or about the record with this key; a held one goes first.

    Of several that a policy decided about one record it is the newest.

    Raises:
        SystemFault: there is none, or more than one.
    """
    found = [
        conflict
        for conflict in open_conflicts(ledger, integration)
        if key_or_id in (str(conflict.letter.id), conflict.letter.raw_key, conflict.letter.identity)
    ]
    if not found:
        found = _find_decided(ledger, key_or_id, integration)
    if not found:
        raise SystemFault(
            f"There is no open conflict {key_or_id}, and none that a policy decided.",
            fix="List them: ml-connector conflicts list --all.",
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


def _find_decided(ledger: Ledger, key_or_id: str, integration: str | None) -> list[Conflict]:
    """The decided conflict with this number; else the newest one of each integration with this key."""
    if key_or_id.isdecimal() and len(key_or_id) < 19:
        by_number = decided_conflicts(ledger, integration, ids=[int(key_or_id)])
        if by_number:
            return by_number
    newest: dict[str, Conflict] = {}
    for conflict in decided_conflicts(ledger, integration, key=key_or_id):
        known = newest.setdefault(conflict.integration, conflict)
        if known is not conflict:
            known.earlier.append(conflict.letter.id)
    return list(newest.values())


def check_open(conflict: Conflict) -> None:
    """Refuse to resolve what a policy decided already.

    Raises:
        SystemFault: it did; says what to do instead.
    """
    if conflict.decided is None:
        return
    names = sorted(conflict.values)
    systems = " or ".join(dict.fromkeys(system for pair in conflict.values.values() for system in pair))
    policies = ", ".join(sorted({verdict["policy"] for verdict in conflict.decided.values()}))
    places = ", ".join(f"{conflict.target}.{conflict.letter.object}.{name}" for name in names)
    raise SystemFault(
        f"Conflict {conflict.letter.id} ({', '.join(names)}) was decided by the policy {policies}: "
        "there is nothing left to resolve.",
        fix=f"To have another value, change the record in {systems}; the next run carries it. To be asked "
        f"the next time, set the policy of {places} to hold.",
    )
