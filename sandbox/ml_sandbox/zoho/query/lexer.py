"""The words of a COQL query."""

import re
from dataclasses import dataclass
from typing import Any

from ml_sandbox.zoho.query.tree import syntax_error

_WORD = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<name>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)"
    r"|(?P<sign>!=|>=|<=|=|>|<|\(|\)|,))"
)


@dataclass(frozen=True)
class Word:
    """One word: its kind (``text``, ``number``, ``name``, ``sign`` or ``end``), value and place."""

    kind: str
    value: Any
    column: int

    def is_keyword(self, *keywords: str) -> bool:
        """Whether it is one of these, in any case."""
        return self.kind == "name" and self.value.lower() in keywords

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind == "sign" and self.value in signs


def words_of(query: str) -> list[Word]:
    """All words, and one of the kind ``end``; 400 where there is something else."""
    words: list[Word] = []
    place, end = 0, len(query.rstrip())
    while place < end:
        found = _WORD.match(query, place)
        if found is None or found.lastgroup is None:
            raise syntax_error(query[place : place + 20].strip(), place + 1)
        kind, text = found.lastgroup, found.group(found.lastgroup)
        words.append(Word(kind, _value(kind, text), found.start(kind) + 1))
        place = found.end()
    words.append(Word("end", "", end + 1))
    return words


def _value(kind: str, text: str) -> Any:
    if kind == "text":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if kind == "number":
        return float(text) if "." in text else int(text)
    return text
