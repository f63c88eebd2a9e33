"""Letters as JSON lines that a person can edit: what is changed in `mapped` becomes the letter's overlay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec

from ml_connector.errors import ConnectorError
from ml_connector.ledger import Ledger, Letter, LetterFilter

_encoder = msgspec.json.Encoder(decimal_format="number")


class BadLetterFile(ConnectorError):
    """The file is not one that was exported, or was edited where it must not be."""


@dataclass(slots=True)
class Imported:
    """What an import came to: ids of letters whose overlay was set, was taken back, or stays as it was."""

    edited: list[int] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


def as_document(letter: Letter, integration: str, target: str) -> dict[str, Any]:
    """A letter as it is exported. Only `mapped` may be edited; it shows the overlay of earlier edits."""
    return {
        "id": letter.id,
        "integration": integration,
        "target": target,
        "stream": letter.stream,
        "object": letter.object,
        "key": letter.raw_key,
        "cause": letter.cause,
        "reason": letter.reason,
        "field": letter.field,
        "attempts": letter.attempts,
        "mapped": {**(letter.mapped or {}), **(letter.overlay or {})},
        "raw": letter.raw,
    }


def as_line(document: Mapping[str, Any]) -> bytes:
    """One line of JSON."""
    return _encoder.encode(document) + b"\n"


def import_lines(ledger: Ledger, lines: Iterable[bytes]) -> Imported:
    """Store the edits of every line, or none at all.

    Fields of `mapped` that differ from what the mapping made become the overlay; a field that is left out
    stays as the mapping makes it, null clears it at the vendor. Letters as they were lose their overlay.

    Raises:
        BadLetterFile: with the number of the line.
    """
    documents = [_document(line, number) for number, line in enumerate(lines, start=1) if line.strip()]
    twice = {document["id"] for _, document in documents}
    if len(twice) < len(documents):
        raise BadLetterFile("A letter is in the file more than once.", fix="Keep one line per letter.")
    result = Imported()
    with ledger.write("", "") as tx:
        homes = tx.letters.homes(sorted(twice))
    by_home: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for number, document in documents:
        if document["id"] not in homes:
            raise _bad(number, f"the ledger has no letter {document['id']}")
        by_home.setdefault(homes[document["id"]], []).append((number, document))
    overlays = [
        change for home, members in by_home.items() for change in _changes(ledger, home, members, result)
    ]
    with ledger.write("", "") as tx:
        for letter_id, overlay in overlays:
            tx.letters.set_overlay(letter_id, overlay)
    return result


def _changes(
    ledger: Ledger,
    home: tuple[str, str],
    members: list[tuple[int, dict[str, Any]]],
    result: Imported,
) -> list[tuple[int, dict[str, Any] | None]]:
    ids = [document["id"] for _, document in members]
    with ledger.read(*home) as tx:
        letters = {found.id: found for found in tx.letters.select(LetterFilter(ids=ids, only_open=False))}
    changes = []
    for number, document in members:
        letter = letters[document["id"]]
        overlay = _overlay(letter, document, number)
        kept = result.edited if overlay else result.cleared
        if overlay == (letter.overlay or None):
            kept = result.unchanged
        else:
            changes.append((letter.id, overlay))
        kept.append(letter.id)
    return changes


def _overlay(letter: Letter, document: dict[str, Any], number: int) -> dict[str, Any] | None:
    if letter.closed_at is not None:
        raise _bad(number, f"letter {letter.id} is {letter.closed_as} since it was exported")
    if document.get("raw") != letter.raw:
        raise _bad(number, f"`raw` of letter {letter.id} is not what the tap sent; edit `mapped` instead")
    made = letter.mapped or {}
    missing = object()
    edited = {name: value for name, value in document["mapped"].items() if made.get(name, missing) != value}
    return edited or None


def _document(line: bytes, number: int) -> tuple[int, dict[str, Any]]:
    try:
        document = msgspec.json.Decoder(float_hook=Decimal).decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _bad(number, f"not valid JSON ({error})") from None
    if not isinstance(document, dict) or not isinstance(document.get("id"), int):
        raise _bad(number, "no letter: the number `id` is missing")
    if not isinstance(document.get("mapped"), dict):
        raise _bad(number, "no letter: the object `mapped` is missing")
    return number, document


def _bad(number: int, what: str) -> BadLetterFile:
    return BadLetterFile(f"Line {number}: {what}. Nothing was imported.", fix="Export the letters again.")
