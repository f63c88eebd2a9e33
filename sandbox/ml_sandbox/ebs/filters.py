"""The filter language: comparisons, IN, IS NULL, AND, OR and parentheses.

`LAST_UPDATE_DATE >= '2026-01-01 00:00:00' AND (STATUS = 'A' OR PARTY_ID IN (1, 2))`. Which operators and
which date mask are understood is configured, since no public text settles it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ml_sandbox.ebs.catalog import Column, Kind, TableSpec
from ml_sandbox.ebs.conditions import Comparison, Condition, Conjunction, Disjunction, Membership, NullTest
from ml_sandbox.ebs.masks import DateMask

SYMBOLS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
WORDS = {"EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>[-+]?\d+(?:\.\d+)?)|(?P<symbol><=|>=|<>|!=|[=<>(),])
    |(?P<word>[A-Za-z_][A-Za-z0-9_$\#]*))""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_MAX_DEPTH = 100


class FilterError(ValueError):
    """A filter that the service cannot execute."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is understood: symbols or words, how dates are written, how long lists may be."""

    words: bool
    mask: DateMask
    max_in_list: int = 1000


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind in {"word", "symbol"} else ""


def parse_filter(text: str, spec: TableSpec, grammar: Grammar) -> Condition:
    """Read a filter on a table; `FilterError` says what is wrong with it."""
    return _Parser(list(_tokens(text)), spec, grammar).parse()


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            msg = f"ORA-00911: invalid character at {text[position:].strip()[:20]!r}"
            raise FilterError(msg)
        position = match.end()
        kind = match.lastgroup or ""
        yield _Token(kind, match.group(kind))


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token], spec: TableSpec, grammar: Grammar) -> None:
        self._tokens = [*tokens, _Token("end", "")]
        self._position = 0
        self._depth = 0
        self._spec = spec
        self._grammar = grammar

    def parse(self) -> Condition:
        condition = self._either()
        if self._peek.kind != "end":
            raise FilterError(f"ORA-00933: filter not properly ended at {self._peek.text!r}")
        return condition

    @property
    def _peek(self) -> _Token:
        return self._tokens[self._position]

    def _take(self) -> _Token:
        token = self._peek
        self._position += 1
        return token

    def _accept(self, upper: str) -> bool:
        if self._peek.upper != upper:
            return False
        self._position += 1
        return True

    def _expect(self, upper: str) -> None:
        if not self._accept(upper):
            raise FilterError(f"expected {upper} before {self._peek.text or 'the end'!r}")

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._accept("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Disjunction(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._factor()]
        while self._accept("AND"):
            parts.append(self._factor())
        return parts[0] if len(parts) == 1 else Conjunction(tuple(parts))

    def _factor(self) -> Condition:
        if not self._accept("("):
            return self._predicate()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise FilterError("the filter is nested too deeply")
        condition = self._either()
        self._expect(")")
        self._depth -= 1
        return condition

    def _predicate(self) -> Condition:
        column = self._column()
        position = self._spec.position[column.name]
        if self._accept("IN"):
            return Membership(position, self._list(column))
        if self._accept("IS"):
            negated = self._accept("NOT")
            self._expect("NULL")
            return NullTest(position, negated)
        return Comparison(position, self._operator(), self._literal(column))

    def _column(self) -> Column:
        token = self._take()
        if token.kind != "word":
            raise FilterError(f"expected a column before {token.text or 'the end'!r}")
        column = self._spec.column(token.upper)
        if column is None:
            raise FilterError(f"ORA-00904: {token.upper!r}: invalid identifier in {self._spec.name}")
        return column

    def _operator(self) -> str:
        token = self._take()
        known = WORDS if self._grammar.words else SYMBOLS
        if token.upper not in known:
            raise FilterError(f"ORA-00920: invalid relational operator {token.text!r}")
        return known[token.upper]

    def _list(self, column: Column) -> tuple[int | Decimal | str, ...]:
        self._expect("(")
        values = [self._literal(column)]
        while self._accept(","):
            values.append(self._literal(column))
        self._expect(")")
        if len(values) > self._grammar.max_in_list:
            limit = self._grammar.max_in_list
            raise FilterError(f"ORA-01795: maximum number of expressions in a list is {limit}")
        return tuple(values)

    def _literal(self, column: Column) -> int | Decimal | str:
        token = self._take()
        if token.kind not in {"text", "number"}:
            raise FilterError(f"expected a value for {column.name} before {token.text or 'the end'!r}")
        text = token.text[1:-1].replace("''", "'") if token.kind == "text" else token.text
        if column.kind is Kind.NUMBER:
            return _number(text)
        if token.kind == "number":
            raise FilterError(f"ORA-00932: the value of {column.name} must stand in quotes")
        if column.kind is Kind.VARCHAR2:
            return text
        try:
            return self._grammar.mask.read(text)
        except ValueError as error:
            raise FilterError(str(error)) from error


def _number(text: str) -> int | Decimal:
    if not _NUMBER.fullmatch(text.strip()):
        raise FilterError(f"ORA-01722: invalid number {text!r}")
    return Decimal(text) if "." in text else int(text)
