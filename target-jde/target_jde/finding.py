"""Looking for address book records: by key columns in lists, by spelling-blind indexes in one scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.vendors.jde.catalog import F0101, F01151, F0116
from ml_connector.vendors.jde.reading import Selection, TableReader

Normalised = Callable[[str], str]

_MAIL = "E"  # the type of e-mail addresses among electronic ones (UDC 01/ET)
_COLUMNS = {"long_address": "ALKY", "tax_id": "TAX", "additional_tax_id": "TX2"}


def letters_and_digits(text: str) -> str:
    """A tax number, a key or a name without what people set between its characters, in lower case."""
    return "".join(character for character in text.casefold() if character.isalnum())


def mail_form(text: str) -> str:
    """An e-mail address as addresses are compared."""
    return text.strip().casefold()


class Finder:
    """Finds address numbers. Values are asked for as they are spelled, in lists; with `scan` also in an index
    of all values, which minds neither spaces nor signs nor letter case, and is read once in a run.
    """

    def __init__(self, reader: TableReader, *, scan: bool) -> None:
        self._reader = reader
        self._scan = scan
        self._indexes: dict[str, dict[str, list[int]]] = {}

    def exists(self, numbers: Sequence[int]) -> set[int]:
        """Those of these address numbers that there are."""
        rows = self._reader.rows(F0101.only(()), Selection(column="AN8", values=numbers))
        return {int(str(row["AN8"])) for row in rows}

    def value(self, field: str, number: int) -> str:
        """What one address number holds in a key column; an empty text for nothing."""
        column = _COLUMNS[field]
        rows = self._reader.rows(F0101.only((column,)), Selection(column="AN8", values=[number]))
        return next((str(row[column] or "").strip() for row in rows), "")

    def by_column(self, field: str, values: Sequence[str]) -> dict[str, list[int]]:
        """By a key column of F0101; a long address is a key of ours, whose spelling nobody changes."""
        column = _COLUMNS[field]
        found = self._listed(column, values)
        if field == "long_address" or not self._scan:
            return found
        return self._with_index(found, values, field, letters_and_digits, lambda: self._cells(column))

    def by_mail(self, values: Sequence[str]) -> dict[str, list[int]]:
        """By an e-mail address of line 0, which is the entity itself."""
        table = F01151.only(("ETP", "EMAL"))
        spelled = _spellings(values)
        rows = self._reader.rows(table, Selection(column="EMAL", values=list(spelled)))
        found: dict[str, list[int]] = {}
        for row in rows:
            if row["IDLN"] == 0 and str(row["ETP"]) == _MAIL:
                for value in spelled.get(str(row["EMAL"]), ()):
                    _note(found, value, int(str(row["AN8"])))
        if not self._scan:
            return found
        return self._with_index(found, values, "email", mail_form, self._mails)

    def by_name(self, wanted: Mapping[str, tuple[str, str]]) -> dict[str, list[int]]:
        """By name and postal code: value -> (postal code, name)."""
        names = {value: name for value, (_, name) in wanted.items()}
        if self._scan:
            index = self._index("name", letters_and_digits, lambda: self._cells("ALPH"))
            named = {value: index.get(letters_and_digits(name), []) for value, name in names.items()}
        else:
            listed = self._listed("ALPH", list(names.values()))
            named = {value: listed.get(name, []) for value, name in names.items()}
        codes = self._postal_codes({number for numbers in named.values() for number in numbers})
        return {
            value: hits
            for value, numbers in named.items()
            if (hits := [n for n in numbers if letters_and_digits(wanted[value][0]) in codes.get(n, ())])
        }

    # Requests

    def _listed(self, column: str, values: Sequence[str]) -> dict[str, list[int]]:
        spelled = _spellings(values)
        found: dict[str, list[int]] = {}
        rows = self._reader.rows(F0101.only((column,)), Selection(column=column, values=list(spelled)))
        for row in rows:
            for value in spelled.get(str(row[column]), ()):
                _note(found, value, int(str(row["AN8"])))
        return found

    def _postal_codes(self, numbers: Iterable[int]) -> dict[int, set[str]]:
        wanted = sorted(numbers)
        codes: dict[int, set[str]] = {}
        if wanted:
            for row in self._reader.rows(F0116.only(("ADDZ",)), Selection(column="AN8", values=wanted)):
                codes.setdefault(int(str(row["AN8"])), set()).add(letters_and_digits(str(row["ADDZ"] or "")))
        return codes

    # Indexes

    def _with_index(
        self,
        found: dict[str, list[int]],
        values: Sequence[str],
        name: str,
        form: Normalised,
        cells: Callable[[], Iterator[tuple[str, int]]],
    ) -> dict[str, list[int]]:
        if not any(form(value) for value in values):
            return found
        index = self._index(name, form, cells)
        for value in values:
            # Also beside an exact hit: two that are spelled otherwise are two candidates.
            for number in index.get(form(value), ()) if form(value) else ():
                _note(found, value, number)
        return found

    def _index(
        self, name: str, form: Normalised, cells: Callable[[], Iterator[tuple[str, int]]]
    ) -> dict[str, list[int]]:
        if name not in self._indexes:
            index: dict[str, list[int]] = {}
            for text, number in cells():
                if key := form(text):
                    _note(index, key, number)
            self._indexes[name] = index
        return self._indexes[name]

    def _cells(self, column: str) -> Iterator[tuple[str, int]]:
        for row in self._reader.rows(F0101.only((column,))):
            if row[column]:
                yield str(row[column]), int(str(row["AN8"]))

    def _mails(self) -> Iterator[tuple[str, int]]:
        for row in self._reader.rows(F01151.only(("ETP", "EMAL"))):
            if row["IDLN"] == 0 and row["EMAL"] and str(row["ETP"]) == _MAIL:
                yield str(row["EMAL"]), int(str(row["AN8"]))

    def learn(self, number: int, fields: Mapping[str, Any]) -> None:
        """A record that was just created belongs into the indexes that were read before."""
        forms: Mapping[str, Normalised] = {"email": mail_form}
        for name, index in self._indexes.items():
            form = forms.get(name, letters_and_digits)
            if key := form(str(fields.get(name) or "")):
                _note(index, key, number)


def _spellings(values: Sequence[str]) -> dict[str, list[str]]:
    """Spelling -> the values that it may stand for: a condition of the data service minds the letter case."""
    found: dict[str, list[str]] = {}
    for value in values:
        text = value.strip()
        for spelling in dict.fromkeys((text, text.upper(), text.lower())):
            if spelling:
                found.setdefault(spelling, []).append(value)
    return found


def _note(found: dict[str, list[int]], key: str, number: int) -> None:
    numbers = found.setdefault(key, [])
    if number not in numbers:
        numbers.append(number)
