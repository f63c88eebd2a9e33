"""What was sent near a position, so that rows which the vendor shows again are not sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

Row = dict[str, Any]
_encode = msgspec.json.Encoder(decimal_format="number", order="sorted").encode


def digest_of(row: Mapping[str, Any]) -> str:
    """A short digest of a row's content."""
    return hashlib.blake2b(_encode(row), digest_size=6).hexdigest()


class Recent:
    """Rows that were sent, by id: their times (Unix seconds) and digests.

    Rows are forgotten by `forget_before`; what is kept goes into the state. Most are forgotten with their
    page, so that the digest of a row is only made when it is asked for.
    """

    def __init__(
        self, kept: Mapping[str, Any] | None, moment: Callable[[Row], float], key: str = "id"
    ) -> None:
        self._rows: dict[str, tuple[float, str | Row]] = dict(_entries(kept))
        self._moment = moment
        self._key = key

    def fresh(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that were not sent as they are now; they count as sent from here on."""
        found = []
        for row in rows:
            identifier = str(row.get(self._key))
            known = self._rows.get(identifier)
            if known is None or _digest(known[1]) != digest_of(row):
                found.append(row)
            self._rows[identifier] = (self._moment(row), row)
        return found

    def forget_before(self, moment: float) -> None:
        """Forget rows older than a time: they do not come again."""
        self._rows = {key: entry for key, entry in self._rows.items() if entry[0] >= moment}

    def keep_only(self, rows: Iterable[Row], moment: float) -> None:
        """Forget all rows but these, and of these the ones older than a time."""
        ids = {str(row.get(self._key)) for row in rows}
        self._rows = {key: entry for key, entry in self._rows.items() if key in ids and entry[0] >= moment}

    def kept(self) -> dict[str, list[Any]]:
        """What is remembered, for the state."""
        return {key: [int(moment), _digest(row)] for key, (moment, row) in self._rows.items()}


def _entries(kept: Any) -> Iterator[tuple[str, tuple[float, str]]]:
    """What a state remembers; what is of another form is not remembered, so that it is sent again."""
    for identifier, entry in kept.items() if isinstance(kept, Mapping) else ():
        match entry:
            case [int() | float() as moment, str() as digest]:
                yield identifier, (float(moment), digest)


def _digest(known: str | Row) -> str:
    return known if isinstance(known, str) else digest_of(known)
