"""What people are told of the conflicts that a policy decided: both values, who won, and by which rule.

A decision is kept when its record is settled, never of a refused one. Where the winner's value is written,
it is kept beside the journal's entry, so that a kill between the write and its settling loses nothing.
"""

from __future__ import annotations

from typing import Any

from ml_connector.ledger import CONFLICT, Letter, Link, Transaction
from ml_connector.sync.merge import Decision
from ml_connector.sync.plan import Plan
from ml_connector.sync.records import Scope, WriteResult

REASON = "Both sides changed it, and the policy decided."


def keep_pending(tx: Transaction, scope: Scope, plan: Plan) -> int | None:
    """Keep the decisions of a plan that is about to be written. Returns the letter, if there is one."""
    letter = _letter(tx, scope, plan, plan.link)
    return None if letter is None else tx.decisions.keep(scope.run_id, letter, pending=True)


def settle_decisions(
    tx: Transaction, scope: Scope, plan: Plan, link: Link, result: WriteResult | None
) -> int:
    """The plan is settled, and its decisions with it. Returns how many fields are news."""
    if result is not None:
        letter_id = result.item.entry.body.decided
        return 0 if letter_id is None else tx.decisions.settle(scope.run_id, letter_id)
    letter = _letter(tx, scope, plan, link)
    if letter is None:
        return 0
    tx.decisions.keep(scope.run_id, letter)
    return len((letter.detail or {})["values"])


def _letter(tx: Transaction, scope: Scope, plan: Plan, link: Link | None) -> Letter | None:
    """The letter of the decisions that are news; None where there are none."""
    news = {
        name: decision
        for name, decision in plan.merged.decided.items()
        if not (decision.again and _is_known(tx, scope, plan, name, decision))
    }
    if not news:
        return None
    incoming = plan.incoming
    return Letter(
        route_id=incoming.route.id,
        stream=incoming.route.stream,
        object=incoming.route.object,
        raw_key=incoming.raw_key,
        cause=CONFLICT,
        reason=REASON,
        raw={},  # nobody sends it again: only what was in conflict is kept
        digest=incoming.digest,
        schema=incoming.schema,
        identity=incoming.identity,
        link_id=link.id if link else None,
        field=min(news),
        version=incoming.version,
        extracted_at=incoming.extracted_at,
        detail={
            "values": {name: _values(scope, decision) for name, decision in news.items()},
            "decided": {name: _verdict(decision) for name, decision in news.items()},
        },
    )


def _values(scope: Scope, decision: Decision) -> dict[str, Any]:
    return {scope.source: decision.ours, scope.target: decision.theirs}


def _verdict(decision: Decision) -> dict[str, Any]:
    return {"winner": decision.winner, "policy": decision.policy, "ties": decision.ties}


def _is_known(tx: Transaction, scope: Scope, plan: Plan, name: str, decision: Decision) -> bool:
    """Whether the same two values met before, in the conflict that the source lost last."""
    route_id, raw_key = plan.incoming.route.id, plan.incoming.raw_key
    for detail in tx.decisions.newest_first(route_id, raw_key):
        if (then := (detail.get("values") or {}).get(name)) is not None:
            now, digest = _values(scope, decision), tx.digester.value
            return all(digest(then.get(system)) == digest(now[system]) for system in now)
    return False
