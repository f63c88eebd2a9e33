"""Search criteria: ``((Last_Name:equals:Burns\\,B) and (First_Name:starts_with:M))`` (SRCH)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import ZohoError, flat
from ml_sandbox.zoho.query.conditions import LINKS, NUMBERS, ORDERED, Column, Columns, Test

CRITERIA_LIMIT = 15
IN_LIMIT = 100
RANGES = frozenset({"greater_equal", "greater_than", "less_equal", "less_than", "between"})
OPERATORS = RANGES | {"equals", "not_equal", "in", "starts_with"}
COQL_OPERATORS = {
    "greater_equal": ">=",
    "greater_than": ">",
    "less_equal": "<=",
    "less_than": "<",
    "between": "between",
    "equals": "=",
    "not_equal": "!=",
    "in": "in",
}


@dataclass(frozen=True)
class Criterion:
    """One criterion; several values only for ``in`` and ``between``."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Criteria joined by ``and`` or ``or``."""

    operator: str
    members: tuple["Criterion | Group", ...]


def parse_criteria(text: str) -> Criterion | Group:
    """The criteria of a text; 400 when it is none."""
    parser = _Parser(text.strip())
    found = parser.expression()
    parser.skip()
    if parser.place < len(parser.text):
        raise _invalid_query(parser.text[parser.place :][:20])
    if parser.count > CRITERIA_LIMIT:
        message = f"no of criterium that can be given exceed the limit {CRITERIA_LIMIT}"
        raise flat(400, "CRITERIA_LIMIT_EXCEEDED", message)
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.count = 0

    def skip(self) -> None:
        while self.text[self.place : self.place + 1] == " ":
            self.place += 1

    def expression(self) -> Criterion | Group:
        members = [self._bracketed()]
        operators = set()
        while word := self._joined():
            operators.add(word)
            members.append(self._bracketed())
        if len(operators) > 1:
            raise _invalid_query("and/or")
        return Group(operators.pop(), tuple(members)) if operators else members[0]

    def _bracketed(self) -> Criterion | Group:
        self.skip()
        if self.text[self.place : self.place + 1] != "(":
            raise _invalid_query(self.text[self.place :][:20])
        self.place += 1
        self.skip()
        inside = self.expression() if self.text[self.place : self.place + 1] == "(" else self._criterion()
        self.skip()
        if self.text[self.place : self.place + 1] != ")":
            raise _invalid_query(self.text[self.place :][:20])
        self.place += 1
        return inside

    def _joined(self) -> str | None:
        self.skip()
        for word in ("and", "or"):
            if self.text[self.place : self.place + len(word)].lower() == word:
                self.place += len(word)
                return word
        return None

    def _criterion(self) -> Criterion:
        self.count += 1
        raw = self._raw()
        name, _, rest = raw.partition(":")
        operator, colon, value = rest.partition(":")
        if not colon or not value or operator.strip() not in OPERATORS:
            raise _invalid_query(raw)
        values = _values(value, several=operator.strip() in {"in", "between"})
        if len(values) > IN_LIMIT:
            message = f'Only {IN_LIMIT} values are allowed in "IN" criteria'
            raise flat(400, "INVALID_QUERY", message, {"api_name": name.strip()})
        return Criterion(name.strip(), operator.strip(), tuple(values))

    def _raw(self) -> str:
        start = self.place
        while self.place < len(self.text) and self.text[self.place] != ")":
            if self.text[self.place] == "(":
                raise _invalid_query(self.text[start:][:20])
            self.place += 2 if self.text[self.place] == "\\" else 1
        return self.text[start : self.place]


class Searching:
    """Turns criteria into tests."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def test(self, criteria: Criterion | Group) -> Test:
        """The test of criteria."""
        if isinstance(criteria, Criterion):
            return self._criterion(criteria)
        tests = [self.test(member) for member in criteria.members]
        joined: Callable[[Any], bool] = all if criteria.operator == "and" else any
        return lambda row: joined(test(row) for test in tests)

    def _criterion(self, criterion: Criterion) -> Test:
        column = self._columns.find(criterion.field)
        kind = column.field.value_type
        texts = kind not in ORDERED and kind not in NUMBERS and kind != "boolean" and kind not in LINKS
        if texts or (criterion.operator == "starts_with" and kind not in ORDERED):
            return self._of_text(column, criterion, exact=kind in {"picklist", "multiselectpicklist"})
        if criterion.operator == "starts_with":
            raise _invalid_query(criterion.operator)
        return self._of_value(column, criterion)

    def _of_value(self, column: Column, criterion: Criterion) -> Test:
        values = [self._columns.compared(column, value) for value in criterion.values]
        key, of = self._columns.key(column), column.of
        tests: dict[str, Callable[[Any], bool]] = {
            "equals": lambda held: held == values[0],
            "not_equal": lambda held: held != values[0],
            "in": lambda held: held in values,
            "greater_equal": lambda held: held >= values[0],
            "greater_than": lambda held: held > values[0],
            "less_equal": lambda held: held <= values[0],
            "less_than": lambda held: held < values[0],
            "between": lambda held: values[0] <= held <= values[-1],
        }
        holds = tests[criterion.operator]
        return lambda row: (value := of(row)) is not None and holds(key(value))

    def _of_text(self, column: Column, criterion: Criterion, *, exact: bool) -> Test:
        if criterion.operator in RANGES:
            raise _invalid_query(criterion.operator)
        wanted = [value.casefold() for value in criterion.values]
        of = column.of
        matches = _text_match(criterion.operator, wanted, exact=exact)
        return lambda row: any(matches(text) for text in _texts(of(row)))


def _text_match(operator: str, wanted: list[str], *, exact: bool) -> Callable[[str], bool]:
    """``equals`` finds texts that contain the value, but for pick lists."""
    tests: dict[str, Callable[[str], bool]] = {
        "equals": (lambda held: held == wanted[0]) if exact else (lambda held: wanted[0] in held),
        "not_equal": lambda held: held != wanted[0],
        "in": lambda held: held in wanted,
        "starts_with": lambda held: held.startswith(wanted[0]),
    }
    return tests[operator]


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one).casefold() for one in values]


def words_in(row: Row, names: list[str], word: str) -> bool:
    """Whether one of these fields of a record holds the word."""
    return any(word.casefold() in text for name in names for text in _texts(row.get(name)))


def _values(text: str, *, several: bool) -> list[str]:
    """The values with their escapes taken off; a list is split at commas that are not escaped."""
    values, present, escaped = [], "", False
    for sign in text:
        if escaped or sign != "\\":
            if sign == "," and several and not escaped:
                values.append(present)
                present = ""
            else:
                present += sign
            escaped = False
        else:
            escaped = True
    return [value.strip() for value in (*values, present)]


def _invalid_query(near: str) -> ZohoError:
    return flat(
        400, "INVALID_QUERY", "Invalid query formed", {"reason": "invalid query formed", "api_name": near}
    )
