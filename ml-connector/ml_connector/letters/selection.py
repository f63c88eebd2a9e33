"""Which letters are meant: one integration's, of one target, by what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml_connector.ages import parse_age
from ml_connector.errors import SystemFault
from ml_connector.ledger import Ledger, LetterFilter


@dataclass(frozen=True, slots=True)
class Selection:
    """Letters of one integration and target. `target` is empty where there are none at all."""

    integration: str
    target: str
    wanted: LetterFilter


def select_letters(ledger: Ledger, integration: str, target: str | None, wanted: LetterFilter) -> Selection:
    """The letters meant; the target may be left out where the integration has letters of one only.

    Raises:
        SystemFault: it has letters of several targets.
    """
    if target:
        return Selection(integration, target, wanted)
    with ledger.read(integration) as tx:
        targets = tx.letters.targets()
    if len(targets) > 1:
        raise SystemFault(
            f"Integration {integration} has letters of several targets: {', '.join(targets)}.",
            fix="Say which one is meant with the setting or option `target`.",
        )
    return Selection(integration, targets[0] if targets else "", wanted)


def filter_of(config: Mapping[str, Any]) -> LetterFilter:
    """The filter that these settings or options describe; those left out do not restrict."""
    return LetterFilter(
        ids=_numbers(config.get("ids")),
        streams=config.get("streams") or None,
        cause=config.get("cause") or None,
        reason=config.get("reason") or None,
        run_id=config.get("run_id"),
        older_than=_age(config.get("older_than")),
        newer_than=_age(config.get("newer_than")),
    )


def _age(text: str | float | None) -> float | None:
    return None if text is None or text == "" else parse_age(text)


def _numbers(ids: Sequence[int] | None) -> list[int] | None:
    return [int(number) for number in ids] if ids else None
