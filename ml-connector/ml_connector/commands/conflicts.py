"""`ml-connector conflicts`: fields that both sides changed."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from ml_connector.commands.common import (
    as_json_text,
    group,
    integration_option,
    iso,
    json_option,
    ledger_option,
    opened,
    print_json,
    say,
)
from ml_connector.commands.conflict_tables import explain, print_decided, print_held
from ml_connector.errors import SystemFault
from ml_connector.letters.conflicts import (
    Conflict,
    check_open,
    decided_conflicts,
    find_conflict,
    open_conflicts,
)
from ml_connector.sync.conflicts import NOTHING, resolve

_DAYS = 7
_DAY_SECONDS = 86_400.0

conflicts = group("conflicts", "List and resolve fields that both sides changed.")


def _as_json(conflict: Conflict) -> dict[str, Any]:
    letter = conflict.letter
    return {
        "id": letter.id,
        "state": "open" if conflict.decided is None else "decided",
        "integration": conflict.integration,
        "target": conflict.target,
        "stream": letter.stream,
        "object": letter.object,
        "key": letter.identity or letter.raw_key,
        "run_id": letter.run_id,
        "since": iso(letter.created_at),
        "values": conflict.values,
        "resolved": conflict.resolved,
        "decided": conflict.decided,
    }


@conflicts.command("list")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=_DAYS,
    show_default=True,
    help="How many days back to show those that a policy decided.",
)
@click.option("--all", "everything", is_flag=True, help="Those that a policy decided whatever their age.")
@integration_option
@ledger_option
@json_option
def list_conflicts(
    *, days: int, everything: bool, integration: str | None, ledger_url: str | None, as_json: bool
) -> None:
    """List open conflicts with the values of both systems, then those that a policy decided."""
    newer_than = None if everything else days * _DAY_SECONDS
    with opened(ledger_url) as ledger:
        found = open_conflicts(ledger, integration)
        decided = decided_conflicts(ledger, integration, newer_than=newer_than)
    if as_json:
        print_json([_as_json(conflict) for conflict in found + decided])
        return
    if found:
        print_held(found)
    else:
        say("There are no open conflicts." if decided else "There are no conflicts.")
    if decided:
        say(f"\nDecided by a policy{'' if everything else f' in the last {days} days'}:")
        print_decided(decided)


@conflicts.command("show")
@click.argument("key_or_id")
@integration_option
@ledger_option
@json_option
def show(key_or_id: str, *, integration: str | None, ledger_url: str | None, as_json: bool) -> None:
    """Show one conflict, by its number or by the key of its record: both values, and who decided.

    By a key, an open conflict goes before those that a policy decided, of which it is the newest.
    """
    with opened(ledger_url) as ledger:
        found = find_conflict(ledger, key_or_id, integration)
    if as_json:
        print_json(_as_json(found) | {"earlier": found.earlier})
    elif found.decided is None:
        print_held([found])
    else:
        print_decided([found])
        explain(found)


@conflicts.command("resolve")
@click.argument("key_or_id")
@click.option("--take", metavar="SYSTEM", help="The value of this system wins.")
@click.option("--value", metavar="JSON", help="A value of your own as JSON, such as '\"Bonn\"', 12 or null.")
@click.option("--field", "fields", multiple=True, help="Only this field; may be repeated. Default: all held.")
@integration_option
@ledger_option
@json_option
def resolve_conflict(
    key_or_id: str,
    *,
    take: str | None,
    value: str | None,
    fields: tuple[str, ...],
    integration: str | None,
    ledger_url: str | None,
    as_json: bool,
) -> None:
    """Decide the open conflict KEY_OR_ID for a system or for a value of your own.

    A decision for the source's value, or for one of your own, is carried out by the conflict's replay
    (`meltano run tap-dead-letters TARGET`). One for the target's value needs no write there; the other
    direction carries it. A decision is void where either side moved since.
    """
    if (take is None) == (value is None):
        raise SystemFault("Say who wins with --take SYSTEM, or what with --value JSON.")
    with opened(ledger_url) as ledger:
        found = find_conflict(ledger, key_or_id, integration)
        check_open(found)
        decided = resolve(
            ledger,
            found.integration,
            found.target,
            found.letter.id,
            take=take,
            value=NOTHING if value is None else _parsed(value),
            fields=fields,
        )
    if as_json:
        print_json({"id": found.letter.id, "resolved": decided.values, "next": decided.next_step})
        return
    for name, kept in decided.values.items():
        say(f"{name}: {as_json_text(kept)}")
    say(f"Conflict {found.letter.id} is decided. {decided.next_step}")


def _parsed(value: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError:
        raise SystemFault(
            f"--value {value} is not JSON.", fix="Put a text in double quotes: --value '\"Bonn\"'."
        ) from None
