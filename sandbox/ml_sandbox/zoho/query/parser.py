"""The grammar of COQL's documented subset (COQL).

    select COLUMN, ... from MODULE where CONDITION [order by COLUMN [asc|desc], ...] [limit N] [offset N]

Conditions are bracketed in pairs: ``((a and b) and c)``; three in one pair of brackets are refused.
"""

from ml_sandbox.zoho.query.lexer import Word, words_of
from ml_sandbox.zoho.query.tree import (
    Both,
    Comparison,
    Condition,
    Order,
    Query,
    missing_clause,
    syntax_error,
)

SIGNS = ("=", "!=", ">=", "<=", ">", "<")
DEFAULT_LIMIT = 200


def parse(text: str) -> Query:
    """The query of a text; 400 ``SYNTAX_ERROR`` with the place when it is none."""
    return _Parser(words_of(text)).query()


class _Parser:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._next = 0

    def query(self) -> Query:
        self._expect_clause("select")
        columns = self._names()
        self._expect_clause("from")
        module = self._name()
        self._expect_clause("where")
        where = self._pair()
        order = self._order()
        limit, offset = self._slice()
        if self._present.kind != "end":
            raise self._unexpected()
        return Query(tuple(columns), module, where, tuple(order), limit, offset)

    @property
    def _present(self) -> Word:
        return self._words[self._next]

    def _take(self) -> Word:
        word = self._present
        self._next += 1
        return word

    def _unexpected(self) -> Exception:
        return syntax_error(str(self._present.value), self._present.column)

    def _expect_clause(self, keyword: str) -> None:
        if not self._present.is_keyword(keyword):
            raise missing_clause(keyword) if self._present.kind == "end" else self._unexpected()
        self._take()

    def _expect(self, *signs: str) -> None:
        if not self._present.is_sign(*signs):
            raise self._unexpected()
        self._take()

    def _name(self) -> str:
        if self._present.kind != "name":
            raise self._unexpected()
        return str(self._take().value)

    def _names(self) -> list[str]:
        names = [self._name()]
        while self._present.is_sign(","):
            self._take()
            names.append(self._name())
        return names

    def _pair(self) -> Condition:
        left = self._operand()
        if not self._present.is_keyword("and", "or"):
            return left
        operator = str(self._take().value).lower()
        return Both(operator, left, self._operand())

    def _operand(self) -> Condition:
        if not self._present.is_sign("("):
            return self._comparison()
        self._take()
        inside = self._pair()
        self._expect(")")
        return inside

    def _comparison(self) -> Comparison:
        column = self._name()
        if self._present.is_sign(*SIGNS):
            operator = str(self._take().value)
            return Comparison(column, operator, (self._value(),))
        if self._present.is_keyword("is"):
            self._take()
            return Comparison(column, self._null())
        operator = self._negated()
        if operator.endswith("in"):
            return Comparison(column, operator, tuple(self._list()))
        if operator.endswith("between"):
            first = self._value()
            if not self._present.is_keyword("and"):
                raise self._unexpected()
            self._take()
            return Comparison(column, operator, (first, self._value()))
        return Comparison(column, operator, (self._value(),))

    def _null(self) -> str:
        negated = self._present.is_keyword("not")
        if negated:
            self._take()
        if not self._present.is_keyword("null"):
            raise self._unexpected()
        self._take()
        return "is not null" if negated else "is null"

    def _negated(self) -> str:
        prefix = ""
        if self._present.is_keyword("not"):
            self._take()
            prefix = "not "
        if not self._present.is_keyword("in", "like", "between"):
            raise self._unexpected()
        return prefix + str(self._take().value).lower()

    def _list(self) -> list[object]:
        self._expect("(")
        values = [self._value()]
        while self._present.is_sign(","):
            self._take()
            values.append(self._value())
        self._expect(")")
        return values

    def _value(self) -> object:
        word = self._present
        if word.kind in {"text", "number"}:
            self._take()
            return word.value
        if word.is_keyword("true", "false"):
            self._take()
            return word.value.lower() == "true"
        raise self._unexpected()

    def _order(self) -> list[Order]:
        if not self._present.is_keyword("order"):
            return []
        self._take()
        if not self._present.is_keyword("by"):
            raise self._unexpected()
        self._take()
        order = [self._order_column()]
        while self._present.is_sign(","):
            self._take()
            order.append(self._order_column())
        return order

    def _order_column(self) -> Order:
        name = self._name()
        if self._present.is_keyword("asc", "desc"):
            return Order(name, str(self._take().value).lower() == "desc")
        return Order(name)

    def _slice(self) -> tuple[int, int]:
        found = {"limit": DEFAULT_LIMIT, "offset": 0}
        for _ in found:
            if self._present.is_keyword("limit", "offset"):
                clause = str(self._take().value).lower()
                found[clause] = self._whole_number()
        return found["limit"], found["offset"]

    def _whole_number(self) -> int:
        value = self._present.value
        if self._present.kind != "number" or not isinstance(value, int) or value < 0:
            raise self._unexpected()
        self._take()
        return value
