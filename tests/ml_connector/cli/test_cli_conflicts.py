"""Conflicts that a policy decided, as `conflicts`, `status`, `letters`, `prune` and `forget` show them."""

from __future__ import annotations

from typing import Any

import pytest
from fixtures.letters import add_letter, schema
from sqlalchemy import text
from support.cli import Cli

from ml_connector.ledger import CONFLICT, Ledger, Letter

NAMED = {"winner": "zoho", "policy": "zoho", "ties": False}


def decide(
    ledger: Ledger,
    key: str = "1",
    field: str = "Phone",
    verdict: dict[str, Any] | None = None,
    integration: str = "jde-zoho",
    *,
    pending: bool = False,
) -> int:
    """A conflict of one field that a policy decided."""
    detail = {"values": {field: {"jde": "030 1", "zoho": None}}, "decided": {field: verdict or NAMED}}
    with ledger.write(integration, "zoho") as tx:
        route = tx.seen.route(integration, "jde", "customers", "zoho", "Accounts")
        letter = Letter(
            route.id, "customers", "Accounts", key, CONFLICT, "both", {}, b"d", schema(), key, detail=detail
        )
        return tx.decisions.keep(4, letter, pending=pending)


def age(ledger: Ledger, number: int, days: int) -> None:
    with ledger.engine.begin() as connection:
        moved = f"created_at = created_at - {days * 86_400}, closed_at = closed_at - {days * 86_400}"
        connection.execute(text(f"UPDATE letter SET {moved} WHERE id = :id"), {"id": number})


def hold(ledger: Ledger, key: int = 9) -> int:
    held = {"values": {"City": {"jde": "Bonn", "zoho": "Köln"}}, "digests": {"City": "aa"}, "behind": {}}
    place: dict[str, Any] = {
        "integration": "jde-zoho",
        "source": "jde",
        "target": "zoho",
        "object_name": "Accounts",
    }
    return add_letter(ledger, {"id": key}, cause="conflict", field="City", detail=held, **place)


def test_decided_conflicts_are_listed_below_the_open_ones(ledger: Ledger, cli: Cli) -> None:
    assert "There are no conflicts." in cli("conflicts", "list").output
    old, young = decide(ledger, "1"), decide(ledger, "2")
    decide(ledger, "3", pending=True)
    age(ledger, old, 8)
    assert "There are no open conflicts." in cli("conflicts", "list").output
    held = hold(ledger)
    listed = cli.json("conflicts", "list")
    assert [(one["id"], one["state"]) for one in listed] == [(held, "open"), (young, "decided")]
    assert listed[0]["decided"] is None
    assert listed[1]["values"] == {"Phone": {"jde": "030 1", "zoho": None}}
    assert (listed[1]["decided"], listed[1]["key"], listed[1]["run_id"]) == ({"Phone": NAMED}, "2", 4)
    assert [one["id"] for one in cli.json("conflicts", "list", "--days", "9")] == [held, young, old]
    assert [one["id"] for one in cli.json("conflicts", "list", "--all")] == [held, young, old]
    assert cli.json("conflicts", "list", "--all", "-i", "other") == []
    output = cli("conflicts", "list").output
    above, _, below = output.partition("Decided by a policy in the last 7 days:")
    assert "Köln" in above
    assert "Phone" not in above
    for words in ('jde: "030 1"', "zoho: null", "Accounts", "Phone", "winner", "policy", "when"):
        assert words in below
    assert "Decided by a policy:" in cli("conflicts", "list", "--all").output
    cli("conflicts", "list", "--days", "0", code=2)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (NAMED, ["the policy names zoho", "zoho kept its value", "the run that writes to jde"]),
        ({"winner": "jde", "policy": "newest", "ties": False}, ["the change in jde is the newer", "written"]),
        ({"winner": "jde", "policy": "newest", "ties": True}, ["newest_ties names jde", "newest (ties)"]),
        ({"winner": "jde", "policy": "fill_blanks", "ties": False}, ["one side was blank", "to zoho"]),
        ({"winner": None, "policy": "fill_blanks", "ties": False}, ["both keep their own", "neither was"]),
    ],
)
def test_a_decided_conflict_is_explained(
    ledger: Ledger, cli: Cli, verdict: dict[str, Any], words: list[str]
) -> None:
    number = decide(ledger, "C1", verdict=verdict)
    output = " ".join(cli("conflicts", "show", str(number)).output.split())
    for text_ in [*words, "run 4", "audit C1"]:
        assert text_ in output
    assert cli.json("conflicts", "show", str(number))["decided"] == {"Phone": verdict}


def test_by_its_key_an_open_conflict_goes_first_then_the_newest(ledger: Ledger, cli: Cli) -> None:
    first, second = decide(ledger, "C1"), decide(ledger, "C1", "City")
    shown = cli.json("conflicts", "show", "C1")
    assert (shown["id"], shown["earlier"]) == (second, [first])
    assert f"Earlier ones of this record: {first}." in cli("conflicts", "show", "C1").output
    other = decide(ledger, "C1", integration="other")
    assert "names several conflicts" in cli("conflicts", "show", "C1", code=5).output
    assert cli.json("conflicts", "show", "C1", "-i", "other")["id"] == other
    decide(ledger, "9")
    held = hold(ledger, 9)
    assert cli.json("conflicts", "show", "9")["id"] == held
    missing = cli("conflicts", "show", "nobody", code=5).output
    assert "no open conflict nobody" in missing
    assert "conflicts list --all" in missing


@pytest.mark.parametrize("named", ["number", "key"])
def test_what_a_policy_decided_is_not_resolved(ledger: Ledger, cli: Cli, named: str) -> None:
    number = decide(ledger, "C1")
    given = str(number) if named == "number" else "C1"
    output = cli("conflicts", "resolve", given, "--take", "jde", code=5).output
    for words in (
        f"Conflict {number} (Phone) was decided by the policy zoho",
        "change the record in jde or zoho",
        "set the policy of zoho.Accounts.Phone to hold",
    ):
        assert words in output
    assert cli.json("conflicts", "show", given)["state"] == "decided"


def test_decided_conflicts_are_no_open_letters(ledger: Ledger, cli: Cli) -> None:
    number = decide(ledger, "C1")
    decide(ledger, "C2", pending=True)
    assert cli.json("letters", "list", "--all") == []
    assert cli.json("status")["open_letters"] == []
    assert cli("letters", "export").stdout == ""
    assert "No such open letter" in cli("letters", "discard", str(number), "--yes", code=5).output
    closed = cli.json("letters", "list", "--all", "--closed")
    assert [(one["id"], one["closed_as"]) for one in closed] == [(number, "decided")]
    # A target that has nothing but such letters is not asked for when letters are sent again.
    with ledger.read("jde-zoho") as tx:
        assert tx.letters.targets() == []


def test_decided_conflicts_are_pruned_and_forgotten(ledger: Ledger, cli: Cli) -> None:
    age(ledger, decide(ledger, "C1"), 100)
    decide(ledger, "C2")
    assert cli.json("prune", "--older-than", "90d")["letters"] == 1
    assert [one["key"] for one in cli.json("conflicts", "list", "--all")] == ["C2"]
    assert cli.json("forget", "C2", "--yes")["letters"] == 1
    assert cli.json("conflicts", "list", "--all") == []


def test_status_counts_what_policies_decided_in_a_run(ledger: Ledger, cli: Cli) -> None:
    with ledger.write("jde-zoho", "zoho") as tx:
        numbers = [tx.runs.start("jde-zoho", plugin, dry=False) for plugin in ("target-a", "target-b")]
        tx.runs.end(numbers[0], 0, None, {"decided_conflicts": 3})
        tx.runs.end(numbers[1], 0, None, {})
    runs = cli.json("status")["runs"]
    assert {run["id"]: run["decided_conflicts"] for run in runs} == {numbers[0]: 3, numbers[1]: 0}
    output = cli("status").output
    assert f"Run {numbers[0]}: a policy decided 3 fields that both sides changed" in output
    assert output.count("a policy decided") == 1
