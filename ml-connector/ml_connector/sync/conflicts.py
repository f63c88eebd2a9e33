"""What a person decides about a held conflict.

The source's value, or a third one, is laid over the letter's mapping and arrives with its replay. The
target's value needs no write there: it is forgotten that the target's value is known, so that the other
direction carries it. A decision holds for what both sides showed when it was made; whoever moved since is
held again.
"""

from __future__ import annotations

from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.ledger import CONFLICT, AuditRow, Ledger, Letter, LetterFilter, Link, Transaction
from ml_connector.sync.fields import flatten, snapshot_name
from ml_connector.sync.moves import forget
from ml_connector.sync.versions import older

NOTHING = object()


def resolve(
    ledger: Ledger,
    integration: str,
    target: str,
    letter_id: int,
    *,
    take: str | None = None,
    value: Any = NOTHING,
    field: str | None = None,
) -> str:
    """Decide a conflict: for the value of the system `take`, or for `value` on both sides.

    `field` names one of several held fields; without it the decision is for all of them. Returns what
    happens next, as a sentence for the person.

    Raises:
        SystemFault: there is no such open conflict, system or field, or either side moved meanwhile.
    """
    with ledger.write(integration, target) as tx:
        letter = next(iter(tx.letters.select(LetterFilter(ids=[letter_id], cause=CONFLICT))), None)
        if letter is None:
            raise SystemFault(
                f"There is no open conflict {letter_id}.", fix="See `ml-connector conflicts list`."
            )
        values = _chosen(letter, field)
        _check_still(tx, letter)
        systems = sorted(next(iter(values.values())))
        if take is not None and take not in systems:
            raise SystemFault(
                f"No system {take!r} in this conflict.", fix=f"Take one of {', '.join(systems)}."
            )
        if take == target:
            return _take_target(tx, integration, letter, target, values)
        return _lay_over(tx, letter, values, take, value)


def _chosen(letter: Letter, field: str | None) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = (letter.detail or {}).get("values", {})
    if field is None:
        return values
    if field not in values:
        raise SystemFault(
            f"Field {field} is not held in conflict {letter.id}.", fix=f"Held: {', '.join(sorted(values))}."
        )
    return {field: values[field]}


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
    tx: Transaction, integration: str, letter: Letter, target: str, values: dict[str, dict[str, Any]]
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


def _close(
    tx: Transaction, integration: str, letter: Letter, values: dict[str, dict[str, Any]], reason: str
) -> None:
    left = {name: pair for name, pair in (letter.detail or {})["values"].items() if name not in values}
    if left:
        tx.letters.set_detail(letter.id, {**(letter.detail or {}), "values": left})
    else:
        tx.letters.close_ids([letter.id], "settled")
    key = letter.identity or letter.raw_key
    tx.runs.audit(
        letter.run_id, integration, [AuditRow(letter.stream, letter.object, key, "resolved", reason=reason)]
    )


def _lay_over(
    tx: Transaction, letter: Letter, values: dict[str, dict[str, Any]], take: str | None, value: Any
) -> str:
    overlay = dict(letter.overlay or {})
    for name, pair in values.items():
        overlay[name] = value if take is None else pair[take]
    detail = dict(letter.detail or {})
    resolved = dict(detail.get("resolved") or {})
    resolved["expect"] = {**resolved.get("expect", {}), **{n: detail["digests"][n] for n in values}}
    if take is None:
        resolved["carry_back"] = sorted({*resolved.get("carry_back", []), *values})
    tx.letters.set_overlay(letter.id, overlay)
    tx.letters.set_detail(letter.id, {**detail, "resolved": resolved})
    return "Replay it with `meltano run tap-dead-letters TARGET`."


def _link(tx: Transaction, letter: Letter) -> Link:
    link = tx.links.by_id([letter.link_id]).get(letter.link_id) if letter.link_id is not None else None
    if link is None:
        raise SystemFault(f"The link of conflict {letter.id} is gone.", fix="Run the integration again.")
    return link
