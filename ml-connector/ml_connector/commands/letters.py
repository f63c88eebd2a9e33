"""`ml-connector letters`: records that were not settled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from ml_connector.commands.common import (
    ago,
    confirm,
    group,
    integration_option,
    iso,
    json_option,
    ledger_option,
    opened,
    print_json,
    print_pairs,
    print_table,
    say,
    show_time,
    yes_option,
)
from ml_connector.errors import SystemFault
from ml_connector.ledger import Ledger, Letter, LetterFilter
from ml_connector.letters.files import as_document, as_line, import_lines
from ml_connector.letters.selection import filter_of

Home = tuple[str, str]
_Command = TypeVar("_Command", bound=Callable[..., Any])

letters = group("letters", "List, edit and discard letters: records that were refused or are held.")

_FILTERS = (
    integration_option,
    click.option("--target", help="Only letters of this system."),
    click.option("--stream", "streams", multiple=True, help="Only letters of this stream; may be repeated."),
    click.option("--cause", help="Only letters of this cause."),
    click.option("--reason", help="Only letters whose reason contains this text."),
    click.option("--older-than", help="Only letters written longer ago: 30m, 2h, 7d."),
    click.option("--newer-than", help="Only letters written within this time: 30m, 2h, 7d."),
    click.option("--run", "run_id", type=int, help="Only letters of this run."),
)


def filters(command: _Command) -> _Command:
    """The options that choose letters."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def _homes(
    ledger: Ledger, integration: str | None, target: str | None, *, closed: bool = False
) -> list[Home]:
    with ledger.read() as tx:
        homes = tx.letters.all_homes() if closed else list(tx.letters.open_counts())
    return [home for home in sorted(homes) if integration in (None, home[0]) and target in (None, home[1])]


def _chosen(ledger: Ledger, homes: list[Home], wanted: LetterFilter) -> Iterator[tuple[Home, Letter]]:
    for home in homes:
        with ledger.read(*home) as tx:
            for letter in tx.letters.select(wanted):
                yield home, letter


@letters.command("list")
@filters
@click.option("--all", "each", is_flag=True, help="One line per letter instead of one per cause.")
@click.option("--closed", is_flag=True, help="Settled, superseded and discarded ones too.")
@ledger_option
@json_option
def list_letters(
    *,
    integration: str | None,
    target: str | None,
    each: bool,
    closed: bool,
    ledger_url: str | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """List open letters, those of one cause together."""
    wanted = filter_of(chosen)
    wanted.only_open = not closed
    with opened(ledger_url) as ledger:
        homes = _homes(ledger, integration, target, closed=closed)
        if each:
            _print_each(_chosen(ledger, homes, wanted), as_json=as_json)
        else:
            _print_groups(ledger, homes, wanted, as_json=as_json)


def _print_each(found: Iterator[tuple[Home, Letter]], *, as_json: bool) -> None:
    if as_json:
        print_json([_summary(home, letter) for home, letter in found])
        return
    columns = (
        "letter",
        "integration",
        "target",
        "stream",
        "key",
        "cause",
        "field",
        "reason",
        "tries",
        "written",
    )
    rows = [
        (
            letter.id,
            *home,
            letter.stream,
            letter.raw_key,
            letter.cause,
            letter.field,
            letter.reason if letter.closed_as is None else f"[{letter.closed_as}] {letter.reason}",
            letter.attempts,
            ago(letter.created_at),
        )
        for home, letter in found
    ]
    if rows:
        print_table(columns, rows)
    else:
        say("There are no letters.")


def _print_groups(ledger: Ledger, homes: list[Home], wanted: LetterFilter, *, as_json: bool) -> None:
    groups: list[dict[str, Any]] = []
    for home in homes:
        with ledger.read(*home) as tx:
            groups += [
                {"integration": home[0], "target": home[1], **found} for found in tx.letters.groups(wanted)
            ]
    if as_json:
        print_json([{**found, "oldest": iso(found["oldest"])} for found in groups])
        return
    if not groups:
        say("There are no letters.")
        return
    columns = ("letters", "integration", "target", "stream", "cause", "field", "reason", "oldest", "example")
    order = ("letters", "integration", "target", "stream", "cause", "field", "reason")
    rows = [(*(found[name] for name in order), ago(found["oldest"]), found["example"]) for found in groups]
    print_table(columns, rows)


def _summary(home: Home, letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "integration": home[0],
        "target": home[1],
        "stream": letter.stream,
        "object": letter.object,
        "key": letter.raw_key,
        "identity": letter.identity,
        "cause": letter.cause,
        "reason": letter.reason,
        "field": letter.field,
        "request_id": letter.request_id,
        "run_id": letter.run_id,
        "attempts": letter.attempts,
        "created_at": iso(letter.created_at),
        "tried_at": iso(letter.tried_at),
        "closed_at": iso(letter.closed_at),
        "closed_as": letter.closed_as,
    }


@letters.command("show")
@click.argument("number", type=int)
@ledger_option
@json_option
def show(number: int, *, ledger_url: str | None, as_json: bool) -> None:
    """Show letter NUMBER whole: why, the record as the tap sent it, and what the mapping made of it."""
    with opened(ledger_url) as ledger:
        home, letter = _one(ledger, number)
    parts = {"raw": letter.raw, "mapped": letter.mapped, "overlay": letter.overlay, "detail": letter.detail}
    if as_json:
        print_json({**_summary(home, letter), "extracted_at": letter.extracted_iso(), **parts})
        return
    facts = {**_summary(home, letter), "extracted_at": letter.extracted_iso()}
    times = {"created_at": letter.created_at, "tried_at": letter.tried_at, "closed_at": letter.closed_at}
    facts |= {name: show_time(seconds) for name, seconds in times.items()}
    print_pairs((name.replace("_", " "), value) for name, value in facts.items())
    names = {
        "raw": "The record as the tap sent it",
        "mapped": "What the mapping made of it",
        "overlay": "Edited by a person",
        "detail": "Also",
    }
    for name, title in names.items():
        if parts[name]:
            say(f"\n{title}:")
            print_json(parts[name])


def _one(ledger: Ledger, number: int) -> tuple[Home, Letter]:
    with ledger.read() as tx:
        home = tx.letters.homes([number]).get(number)
    if home is None:
        raise SystemFault(f"There is no letter {number}.", fix="List them: ml-connector letters list --all.")
    wanted = LetterFilter(ids=[number], only_open=False)
    return next(_chosen(ledger, [home], wanted))


@letters.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), default="-")
@filters
@ledger_option
@json_option
def export(
    file: Path,
    *,
    integration: str | None,
    target: str | None,
    ledger_url: str | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Write open letters to FILE (default: standard output), one JSON object per line, to be edited.

    Edit `mapped` and import the file again; a replay then sends the edited values. `mapped` holds what
    people wrote in clear: FILE may be read by its owner only.
    """
    wanted = filter_of(chosen)
    count = 0
    with opened(ledger_url) as ledger:
        found = _chosen(ledger, _homes(ledger, integration, target), wanted)
        lines = (as_line(as_document(letter, *home)) for home, letter in found)
        if str(file) == "-":
            for line in lines:
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
            return
        file.touch(mode=0o600)
        with file.open("wb") as output:
            for count, line in enumerate(lines, start=1):  # noqa: B007 - counted while written
                output.write(line)
    if as_json:
        print_json({"file": str(file), "letters": count})
    else:
        say(f"{count} letters are in {file}.")


@letters.command("import")
@click.argument("file", type=click.File("rb"), default="-")
@ledger_option
@json_option
def import_(file: Any, *, ledger_url: str | None, as_json: bool) -> None:
    """Take over edits of `mapped` from FILE (default: standard input), all of them or none.

    A field that is changed is sent with its new value when the letter is replayed; null clears it.
    """
    with opened(ledger_url) as ledger:
        result = import_lines(ledger, file)
    counts = {"edited": result.edited, "cleared": result.cleared, "unchanged": result.unchanged}
    if as_json:
        print_json(counts)
    else:
        say(", ".join(f"{len(ids)} {name}" for name, ids in counts.items()) + ".")


@letters.command("discard")
@click.argument("numbers", type=int, nargs=-1)
@filters
@click.option("--all", "everything", is_flag=True, help="All that the options leave, without NUMBERS.")
@yes_option
@ledger_option
@json_option
def discard(
    numbers: tuple[int, ...],
    *,
    integration: str | None,
    target: str | None,
    everything: bool,
    yes: bool,
    ledger_url: str | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Close letters without sending them: those with NUMBERS, or with --all those the options describe.

    The record stays as it is at the target. The same record is `unchanged` from now on; a newer version
    of it is processed as usual.
    """
    if bool(numbers) == everything:
        raise SystemFault("Name letters by number, or use --all with options that choose them.")
    wanted = filter_of({**chosen, "ids": numbers})
    with opened(ledger_url) as ledger:
        found: dict[Home, list[int]] = {}
        for home, letter in _chosen(ledger, _homes(ledger, integration, target), wanted):
            found.setdefault(home, []).append(letter.id)
        count = sum(map(len, found.values()))
        unknown = sorted(set(numbers) - {number for ids in found.values() for number in ids})
        if unknown:
            raise SystemFault(f"No such open letter: {', '.join(map(str, unknown))}.")
        if count:
            confirm(f"Discard {count} letters?", yes=yes)
        for home, ids in found.items():
            with ledger.write(*home) as tx:
                tx.letters.discard(ids)
    if as_json:
        print_json({"discarded": count})
    else:
        say(f"{count} letters discarded.")
