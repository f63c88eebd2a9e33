"""Conflicts as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_connector.commands.common import ago, as_json_text, print_table, say, show_time
from ml_connector.letters.conflicts import Conflict
from ml_connector.sync.policy import FILL_BLANKS, NEWEST

_RECORD = ("conflict", "integration", "object", "key")


def print_held(found: list[Conflict]) -> None:
    """Open conflicts, one line a field."""
    rows = []
    for conflict in found:
        for name, values in conflict.values.items():
            decided = (conflict.resolved or {}).get(name)
            since = ago(conflict.letter.created_at)
            chosen = None if decided is None else decided.get("take") or as_json_text(decided.get("value"))
            rows.append((*_record(conflict), since, name, _both(values), chosen))
    print_table((*_RECORD, "since", "field", "values", "decided"), rows)


def print_decided(found: list[Conflict]) -> None:
    """Conflicts that a policy decided, one line a field."""
    rows = []
    for conflict in found:
        for name, values in conflict.values.items():
            verdict = (conflict.decided or {}).get(name) or {}
            policy = f"{verdict.get('policy')}{' (ties)' if verdict.get('ties') else ''}"
            winner = verdict.get("winner") or "both keep theirs"
            when = show_time(conflict.letter.created_at)
            rows.append((*_record(conflict), when, name, _both(values), winner, policy))
    print_table((*_RECORD, "when", "field", "values", "winner", "policy"), rows)


def explain(conflict: Conflict) -> None:
    """What happened to each field of a conflict that a policy decided, in sentences."""
    for name, verdict in (conflict.decided or {}).items():
        say(f"{name}: {_sentence(conflict, name, verdict)}")
    letter = conflict.letter
    say(f"It happened in run {letter.run_id}; see also: ml-connector audit {letter.identity}.")
    if conflict.earlier:
        say(f"Earlier ones of this record: {', '.join(map(str, conflict.earlier))}.")


def _record(conflict: Conflict) -> tuple[Any, ...]:
    letter = conflict.letter
    return (letter.id, conflict.integration, letter.object, letter.identity or letter.raw_key)


def _both(values: Mapping[str, Any]) -> str:
    return "\n".join(f"{system}: {as_json_text(value)}" for system, value in values.items())


def _sentence(conflict: Conflict, name: str, verdict: Mapping[str, Any]) -> str:
    values, winner = conflict.values[name], verdict.get("winner")
    if winner is None:
        return "neither was blank, so by the policy fill_blanks both keep their own value."
    loser = next((system for system in values if system != winner), "the other side")
    if winner == conflict.target:
        done = f"{winner} kept its value, and the run that writes to {loser} carries it there."
    else:
        done = f"the value of {winner} was written to {loser}."
    return f"both sides changed it; {_rule(verdict)}: {done}"


def _rule(verdict: Mapping[str, Any]) -> str:
    policy, winner = verdict.get("policy"), verdict.get("winner")
    if policy == NEWEST and verdict.get("ties"):
        return f"their times do not tell which change is the newer, and newest_ties names {winner}"
    if policy == NEWEST:
        return f"the change in {winner} is the newer one"
    if policy == FILL_BLANKS:
        return "one side was blank, and the policy is fill_blanks"
    return f"the policy names {winner}"
