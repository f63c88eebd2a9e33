"""docs/cli.md names every command and option, and no other; every help text says something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ml_connector.cli import main

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "cli.md"


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(main, "ml-connector"))


def options(command: click.Command) -> set[str]:
    given = [option for option in command.params if isinstance(option, click.Option)]
    return {name for option in given for name in (*option.opts, *option.secondary_opts)}


def sections() -> dict[str, str]:
    parts = re.split(r"^###? (.+)$", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_document_has_each_command_and_no_other() -> None:
    assert {title for title in sections() if title.startswith("ml-connector")} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_lists_the_options_of_its_command(name: str) -> None:
    rows = [line.split("|")[1] for line in sections()[name].splitlines() if line.startswith("| `")]
    listed = {option for row in rows for option in re.findall(r"`(--?[a-z-]+)`", row)}
    assert listed == options(COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_says_something(name: str) -> None:
    command = COMMANDS[name]
    assert len(command.help or "") > 20
    assert "--json" in options(command), "each command speaks JSON"
    for option in command.params:
        if isinstance(option, click.Option):
            assert len(option.help or "") > 5, option.name
