"""Conflicts: fields that both sides changed and that a policy of `hold` left to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: the value of one system, or one of their own (`take` is None)."""

    take: str | None
    value: Any = None


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


def resolve(
    ledger: Ledger, conflict: Conflict, decision: Decision, fields: Sequence[str] = ()
) -> dict[str, Any]:
    """Keep a person's decision with the conflict; returns field -> chosen value.

    The chosen values become the letter's overlay, so that its replay carries them to the target, and are
    kept as `detail.resolved`: field -> `{"take": SYSTEM or None, "value": ...}`. Without `fields` it is
    about every held field. Nothing is written to either system here: the run that replays the letter does
    it, after looking at both sides again.

    Raises:
        SystemFault: a field is not held, or the system is none of the two.
    """
    held = conflict.values
    chosen = {name: _value(held, name, decision) for name in fields or held}
    if not chosen:
        raise SystemFault(
            f"Conflict {conflict.letter.id} holds no field.", fix="Replay or discard the letter."
        )
    letter = conflict.letter
    resolved = {name: {"take": decision.take, "value": value} for name, value in chosen.items()}
    detail = {**(letter.detail or {}), "resolved": {**(conflict.resolved or {}), **resolved}}
    with ledger.write(conflict.integration, conflict.target) as tx:
        tx.letters.set_overlay(letter.id, {**(letter.overlay or {}), **chosen})
        tx.letters.set_detail(letter.id, detail)
    return chosen


def _value(held: Mapping[str, Mapping[str, Any]], name: str, decision: Decision) -> Any:
    if name not in held:
        raise SystemFault(
            f"The conflict does not hold {name}; it holds {', '.join(sorted(held)) or 'nothing'}.",
            fix="Name one of its fields with --field.",
        )
    if decision.take is None:
        return decision.value
    if decision.take not in held[name]:
        raise SystemFault(
            f"{decision.take} is not a side of the conflict; its sides are {', '.join(sorted(held[name]))}.",
            fix="Name one of them with --take.",
        )
    return held[name][decision.take]
