"""What a person decides about a held conflict.

The source's value, or a third one, is laid over the letter's mapping and arrives with its replay. The
target's value needs no write there: it is forgotten that the target's value is known, so that the other
direction carries it. A decision holds for what both sides showed when it was made; whoever moved since is
held again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.ledger import CONFLICT, AuditRow, Ledger, Letter, LetterFilter, Link, Transaction
from ml_connector.sync.fields import flatten, snapshot_name
from ml_connector.sync.moves import forget
from ml_connector.sync.versions import older

NOTHING = object()


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided: field -> value, and what happens next as a sentence."""

    values: dict[str, Any]
    next_step: str


def resolve(
    ledger: Ledger,
    integration: str,
    target: str,
    letter_id: int,
    *,
    take: str | None = None,
    value: Any = NOTHING,
    fields: Sequence[str] = (),
) -> Decided:
    """Decide a conflict: for the value of the system `take`, or for `value` on both sides.

    `fields` names some of the held fields; without it the decision is for all of them.

    Raises:
        SystemFault: there is no such open conflict, system or field, or the source moved meanwhile.
    """
    with ledger.write(integration, target) as tx:
        letter = next(iter(tx.letters.select(LetterFilter(ids=[letter_id], cause=CONFLICT))), None)
        if letter is None:
            raise SystemFault(
                f"There is no open conflict {letter_id}.", fix="List them: ml-connector conflicts list."
            )
        held = _chosen(letter, fields)
        _check_still(tx, letter)
        if take is None:
            chosen = dict.fromkeys(held, value)
        else:
            chosen = {name: _side(pair, take) for name, pair in held.items()}
        if take == target:
            return Decided(chosen, _take_target(tx, integration, letter, target, chosen))
        return Decided(chosen, _lay_over(tx, letter, chosen, take))


def _chosen(letter: Letter, fields: Sequence[str]) -> dict[str, dict[str, Any]]:
    held: dict[str, dict[str, Any]] = (letter.detail or {}).get("values", {})
    for name in fields:
        if name not in held:
            raise SystemFault(
                f"The conflict does not hold {name}; it holds {', '.join(sorted(held)) or 'nothing'}.",
                fix="Name one of its fields with --field.",
            )
    return {name: held[name] for name in fields or held}


def _side(pair: Mapping[str, Any], take: str) -> Any:
    if take not in pair:
        raise SystemFault(
            f"{take} is not a side of the conflict; its sides are {', '.join(sorted(pair))}.",
            fix="Name one of them with --take.",
        )
    return pair[take]


def _check_still(tx: Transaction, letter: Letter) -> None:
    """Refuse where a newer version of the record was settled meanwhile."""
    route = tx.seen.route_by_id(letter.route_id)
    seen = tx.seen.look_up(route, [letter.raw_key]).get(letter.raw_key)
    if seen is not None and older(letter.version, seen.version):
        raise SystemFault(
            f"The record of conflict {letter.id} changed after it was held.",
            fix="Run the integration; what is still in conflict is held again.",
        )


def _take_target(
    tx: Transaction, integration: str, letter: Letter, target: str, values: Mapping[str, Any]
) -> str:
    link = _link(tx, letter)
    source = next(name for name in link.sides if name != target)
    flat = flatten(letter.raw)
    for name in values:
        for behind in (letter.detail or {}).get("behind", {}).get(name, []):
            digest = tx.digester.value(flat.get(behind))
            link.sides[source].snapshot[snapshot_name(letter.stream, behind)] = digest
    forget(link.sides[target], letter.object, set(values))
    tx.links.save([link])
    tx.seen.forget_digests([link.id], target)
    _close(tx, integration, letter, values, f"{target} was taken for {', '.join(sorted(values))}")
    return f"{target} keeps its value; the run that writes to {source} carries it there."


def _close(tx: Transaction, integration: str, letter: Letter, values: Mapping[str, Any], reason: str) -> None:
    left = {name: pair for name, pair in (letter.detail or {})["values"].items() if name not in values}
    if left:
        tx.letters.set_detail(letter.id, {**(letter.detail or {}), "values": left})
    else:
        tx.letters.close_ids([letter.id], "settled")
    key = letter.identity or letter.raw_key
    tx.runs.audit(
        letter.run_id, integration, [AuditRow(letter.stream, letter.object, key, "resolved", reason=reason)]
    )


def _lay_over(tx: Transaction, letter: Letter, chosen: Mapping[str, Any], take: str | None) -> str:
    """Keep the decision with the letter: `resolved` for people, `decision` for the engine."""
    detail = dict(letter.detail or {})
    decision = dict(detail.get("decision") or {})
    decision["expect"] = {**decision.get("expect", {}), **{n: detail["digests"][n] for n in chosen}}
    if take is None:
        decision["carry_back"] = sorted({*decision.get("carry_back", []), *chosen})
    shown = {name: {"take": take, "value": value} for name, value in chosen.items()}
    detail |= {"decision": decision, "resolved": {**(detail.get("resolved") or {}), **shown}}
    tx.letters.set_overlay(letter.id, {**(letter.overlay or {}), **chosen})
    tx.letters.set_detail(letter.id, detail)
    return "Replay it to carry it out: meltano run tap-dead-letters TARGET."


def _link(tx: Transaction, letter: Letter) -> Link:
    link = tx.links.by_id([letter.link_id]).get(letter.link_id) if letter.link_id is not None else None
    if link is None:
        raise SystemFault(f"The link of conflict {letter.id} is gone.", fix="Run the integration again.")
    return link
