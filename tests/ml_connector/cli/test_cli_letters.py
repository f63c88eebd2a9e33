"""`letters` and `conflicts`."""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest
from fixtures.letters import add_letter, schema
from sqlalchemy import text
from support.cli import Cli

from ml_connector.ledger import Ledger, LetterFilter, Side


def overlay(ledger: Ledger, number: int) -> dict[str, Any] | None:
    with ledger.read("ebs-zendesk", "zendesk") as tx:
        return next(iter(tx.letters.select(LetterFilter(ids=[number])))).overlay


def test_letters_are_listed_by_cause_or_each(ledger: Ledger, cli: Cli) -> None:
    first = add_letter(ledger, {"id": 1, "name": "a"})
    second = add_letter(ledger, {"id": 2, "name": "b"})
    third = add_letter(
        ledger, {"id": 3}, cause="invalid", reason="City is blank", field="city", integration="j"
    )
    groups = cli.json("letters", "list")
    assert [(one["integration"], one["letters"], one["example"]) for one in groups] == [
        ("ebs-zendesk", 2, second),
        ("j", 1, third),
    ]
    assert [one["id"] for one in cli.json("letters", "list", "--all")] == [first, second, third]
    assert [one["id"] for one in cli.json("letters", "list", "--all", "--cause", "invalid")] == [third]
    assert [one["id"] for one in cli.json("letters", "list", "--all", "-i", "j")] == [third]
    assert cli.json("letters", "list", "--all", "--target", "oro") == []
    assert cli.json("letters", "list", "--all", "--older-than", "1h") == []
    assert "City is blank" in cli("letters", "list").output
    assert "City is blank" in cli("letters", "list", "--all").output
    assert "There are no letters" in cli("letters", "list", "--reason", "nothing like it").output


def test_a_letter_is_shown_whole(ledger: Ledger, cli: Cli) -> None:
    number = add_letter(ledger, {"id": 1, "name": "Café"}, request_id="r-9", detail={"candidates": [4, 5]})
    shown = cli.json("letters", "show", str(number))
    assert shown["raw"] == {"id": 1, "name": "Café"}
    assert shown["mapped"] == {"name": "Café", "external_id": "1"}
    assert (shown["request_id"], shown["detail"]) == ("r-9", {"candidates": [4, 5]})
    done = cli.process("letters", "show", str(number))
    for words in ("Café", "r-9", "candidates", "has already been taken"):
        assert words in done.output.decode(), done
    assert "no letter 99" in cli("letters", "show", "99", code=5).output


def test_edits_of_an_exported_file_become_overlays(ledger: Ledger, cli: Cli) -> None:
    first = add_letter(ledger, {"id": 1, "name": "a", "amount": 1.5})
    second = add_letter(ledger, {"id": 2, "name": "b"})
    file = cli.folder / "letters.jsonl"
    assert cli.json("letters", "export", str(file)) == {"file": str(file), "letters": 2}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    documents = [json.loads(line) for line in file.read_text().splitlines()]
    documents[0]["mapped"] = {"name": "a (2)", "city": None, "external_id": "1"}
    file.write_text("\n".join(map(json.dumps, documents)))
    assert cli.json("letters", "import", str(file)) == {
        "edited": [first],
        "cleared": [],
        "unchanged": [second],
    }
    assert overlay(ledger, first) == {"name": "a (2)", "city": None}
    assert overlay(ledger, second) is None
    again = cli("letters", "export", "--stream", "customers").stdout.splitlines()
    assert json.loads(again[0])["mapped"] == {"name": "a (2)", "external_id": "1", "city": None}
    assert "2 unchanged" in cli("letters", "import", stdin="\n".join(again)).output
    documents[0]["mapped"] = {"name": "a", "external_id": "1"}
    assert cli.json("letters", "import", stdin=json.dumps(documents[0]))["cleared"] == [first]
    assert overlay(ledger, first) is None


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        ({"id": 99}, "no letter 99"),
        ({"id": "one"}, "`id` is missing"),
        ({"mapped": None}, "`mapped` is missing"),
        ({"raw": {"id": 2, "name": "other"}}, "edit `mapped` instead"),
    ],
)
def test_a_bad_line_imports_nothing(ledger: Ledger, cli: Cli, edit: dict[str, Any], complaint: str) -> None:
    good, bad = (add_letter(ledger, {"id": number, "name": "a"}) for number in (1, 2))
    lines = [json.loads(line) for line in cli("letters", "export").stdout.splitlines()]
    lines[0]["mapped"]["name"] = "changed"
    lines[1] |= edit
    result = cli("letters", "import", stdin="\n".join(map(json.dumps, lines)), code=1)
    assert f"Line 2: {complaint}" in result.output or complaint in result.output
    assert "Nothing was imported" in result.output
    assert (overlay(ledger, good), overlay(ledger, bad)) == (None, None)


def test_files_that_are_no_letters_are_refused_by_line(ledger: Ledger, cli: Cli) -> None:
    number = add_letter(ledger, {"id": 1})
    assert "Line 1: not valid JSON" in cli("letters", "import", stdin="{nonsense", code=1).output
    line = cli("letters", "export").stdout
    assert "more than once" in cli("letters", "import", stdin=line + line, code=1).output
    cli("letters", "discard", str(number), "--yes")
    assert "is discarded since" in cli("letters", "import", stdin=line, code=1).output


def test_letters_are_discarded_by_number_or_by_choice(ledger: Ledger, cli: Cli) -> None:
    numbers = [add_letter(ledger, {"id": number}) for number in range(3)]
    add_letter(ledger, {"id": 9}, stream="sites", schema=schema("sites"))
    assert "Nobody is here" in cli("letters", "discard", str(numbers[0]), code=5).output
    assert cli.json("letters", "discard", str(numbers[0]), "--yes") == {"discarded": 1}
    assert "No such open letter" in cli("letters", "discard", str(numbers[0]), "--yes", code=5).output
    cli("letters", "discard", code=5)
    cli("letters", "discard", str(numbers[1]), "--all", code=5)
    assert (
        "2 letters discarded" in cli("letters", "discard", "--all", "--stream", "customers", "--yes").output
    )
    assert [one["stream"] for one in cli.json("letters", "list", "--all")] == ["sites"]
    closed = cli.json("letters", "list", "--all", "--closed")
    assert [one["closed_as"] for one in closed] == ["discarded"] * 3 + [None]


VALUES = {"name": {"ebs": "Bonn AG", "zendesk": "BONN"}, "city": {"ebs": "Bonn", "zendesk": None}}


def add_conflict(ledger: Ledger, key: int = 1, integration: str = "ebs-zendesk") -> int:
    sides = {
        "ebs": Side("customers", str(key), "organizations"),
        "zendesk": Side("organizations", f"z{key}", "customers"),
    }
    with ledger.write(integration, "zendesk") as tx:
        link = tx.links.create(sides)
    held = {"values": VALUES, "digests": {"name": "aa", "city": "bb"}, "behind": {}}
    return add_letter(
        ledger,
        {"id": key},
        integration=integration,
        cause="conflict",
        field="city",
        detail=held,
        link_id=link.id,
    )


def detail(ledger: Ledger) -> dict[str, Any]:
    with ledger.read("ebs-zendesk", "zendesk") as tx:
        return next(iter(tx.letters.select(LetterFilter()))).detail or {}


def test_conflicts_are_listed_with_both_values(ledger: Ledger, cli: Cli) -> None:
    add_letter(ledger, {"id": 7})
    number = add_conflict(ledger)
    [found] = cli.json("conflicts", "list")
    assert (found["id"], found["key"], found["values"], found["resolved"]) == (number, "1", VALUES, None)
    output = cli("conflicts", "show", str(number)).output
    assert 'ebs: "Bonn AG"' in output
    assert "zendesk: null" in output
    assert cli.json("conflicts", "list", "-i", "other") == []
    assert "no open conflict 7" in cli("conflicts", "show", "7", code=5).output


def test_a_conflict_is_decided_for_a_system_field_by_field(ledger: Ledger, cli: Cli) -> None:
    number = add_conflict(ledger)
    done = cli.json("conflicts", "resolve", str(number), "--take", "ebs", "--field", "name")
    assert (done["id"], done["resolved"]) == (number, {"name": "Bonn AG"})
    assert "tap-dead-letters" in done["next"]
    assert overlay(ledger, number) == {"name": "Bonn AG"}
    assert "Köln" in cli("conflicts", "resolve", "1", "--value", '"Köln"', "--field", "city").output
    assert overlay(ledger, number) == {"name": "Bonn AG", "city": "Köln"}
    assert detail(ledger)["resolved"] == {
        "name": {"take": "ebs", "value": "Bonn AG"},
        "city": {"take": None, "value": "Köln"},
    }
    shown = cli("conflicts", "show", "1").output
    assert '"Köln"' in shown


def test_a_conflict_that_the_target_wins_is_over(ledger: Ledger, cli: Cli) -> None:
    add_conflict(ledger)
    done = cli.json("conflicts", "resolve", "1", "--take", "zendesk", "--field", "name")
    assert done["resolved"] == {"name": "BONN"}
    assert [list(one["values"]) for one in cli.json("conflicts", "list")] == [["city"]]
    assert "zendesk keeps its value" in cli("conflicts", "resolve", "1", "--take", "zendesk").output
    assert "There are no conflicts" in cli("conflicts", "list").output
    assert [row["outcome"] for row in cli.json("audit", "1")] == ["resolved", "resolved"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["1"], "Say who wins"),
        (["1", "--take", "ebs", "--value", "1"], "Say who wins"),
        (["1", "--take", "jde"], "sides are ebs, zendesk"),
        (["1", "--take", "ebs", "--field", "phone"], "holds city, name"),
        (["1", "--value", "Bonn"], "is not JSON"),
        (["2", "--take", "ebs"], "no open conflict 2"),
    ],
)
def test_decisions_that_make_no_sense_are_refused(
    ledger: Ledger, cli: Cli, arguments: list[str], complaint: str
) -> None:
    number = add_conflict(ledger)
    assert complaint in cli("conflicts", "resolve", *arguments, code=5).output
    assert overlay(ledger, number) is None


def test_a_key_that_names_several_conflicts_is_refused(ledger: Ledger, cli: Cli) -> None:
    add_conflict(ledger, 5)
    add_conflict(ledger, 5, "other")
    result = cli("conflicts", "resolve", "5", "--take", "ebs", code=5)
    assert "names several conflicts" in result.output
    cli("conflicts", "resolve", "5", "--take", "ebs", "-i", "other")


def test_old_letters_say_how_old(ledger: Ledger, cli: Cli) -> None:
    add_letter(ledger, {"id": 1})
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE letter SET created_at = created_at - 432000"))
    assert "5 d ago" in cli("letters", "list").output
