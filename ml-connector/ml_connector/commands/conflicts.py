"""`ml-connector conflicts`: fields that both sides changed."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from ml_connector.commands.common import (
    ago,
    as_json_text,
    group,
    integration_option,
    iso,
    json_option,
    ledger_option,
    opened,
    print_json,
    print_table,
    say,
)
from ml_connector.errors import SystemFault
from ml_connector.letters.conflicts import Conflict, find_conflict, open_conflicts
from ml_connector.sync.conflicts import NOTHING, resolve

conflicts = group("conflicts", "List and resolve fields that both sides changed.")


def _as_json(conflict: Conflict) -> dict[str, Any]:
    letter = conflict.letter
    return {
        "id": letter.id,
        "integration": conflict.integration,
        "target": conflict.target,
        "stream": letter.stream,
        "object": letter.object,
        "key": letter.identity or letter.raw_key,
        "since": iso(letter.created_at),
        "values": conflict.values,
        "resolved": conflict.resolved,
    }


@conflicts.command("list")
@integration_option
@ledger_option
@json_option
def list_conflicts(*, integration: str | None, ledger_url: str | None, as_json: bool) -> None:
    """List open conflicts with the values of both systems."""
    with opened(ledger_url) as ledger:
        found = open_conflicts(ledger, integration)
    if as_json:
        print_json([_as_json(conflict) for conflict in found])
    elif found:
        _print(found)
    else:
        say("There are no conflicts.")


@conflicts.command("show")
@click.argument("key_or_id")
@integration_option
@ledger_option
@json_option
def show(key_or_id: str, *, integration: str | None, ledger_url: str | None, as_json: bool) -> None:
    """Show one conflict, by its number or by the key of its record."""
    with opened(ledger_url) as ledger:
        found = find_conflict(ledger, key_or_id, integration)
    if as_json:
        print_json(_as_json(found))
    else:
        _print([found])


def _print(found: list[Conflict]) -> None:
    columns = ("conflict", "integration", "object", "key", "since", "field", "values", "decided")
    rows = []
    for conflict in found:
        letter = conflict.letter
        for name, values in conflict.values.items():
            decided = (conflict.resolved or {}).get(name)
            rows.append(
                (
                    letter.id,
                    conflict.integration,
                    letter.object,
                    letter.identity or letter.raw_key,
                    ago(letter.created_at),
                    name,
                    "\n".join(f"{system}: {as_json_text(value)}" for system, value in values.items()),
                    None if decided is None else decided.get("take") or as_json_text(decided.get("value")),
                )
            )
    print_table(columns, rows)


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
    """Decide the conflict KEY_OR_ID for a system or for a value of your own.

    A decision for the source's value, or for one of your own, is carried out by the conflict's replay
    (`meltano run tap-dead-letters TARGET`). One for the target's value needs no write there; the other
    direction carries it. A decision is void where either side moved since.
    """
    if (take is None) == (value is None):
        raise SystemFault("Say who wins with --take SYSTEM, or what with --value JSON.")
    with opened(ledger_url) as ledger:
        found = find_conflict(ledger, key_or_id, integration)
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
