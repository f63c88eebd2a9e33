"""Filters of lists: which exist, their operators and values (B6)."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from ml_sandbox.oro.errors import OroError, Problem, limit_filter, unsupported_filter, wrong_filter
from ml_sandbox.oro.identities import EXTERNAL, Identities, is_number
from ml_sandbox.oro.schema import Kind, Relation, ResourceType
from ml_sandbox.oro.times import read_span

Test = Callable[[Any], bool]
Span = tuple[Any, Any]
"""The values from the first on, and before the second (None: the first alone)."""

EQUALITY = ("eq", "neq", "exists", "neq_or_null")
ORDERED = ("eq", "neq", "lt", "lte", "gt", "gte", "exists", "neq_or_null")
TRUE = ("true", "yes", "1")
FALSE = ("false", "no", "0")


@dataclass(frozen=True)
class Condition:
    """One filter.

    Attributes:
        field: ``id``, an attribute or a relationship.
        test: tells of the field's value whether the row passes.
        equals: the values by which an index finds the rows, when it can.
        above: for ``id``, the number from which on rows pass, and whether it is among them.
    """

    field: str
    test: Test
    equals: tuple[Hashable, ...] | None = None
    above: tuple[int, bool] | None = None


@dataclass(frozen=True)
class Filtered:
    """What a filter compares.

    Attributes:
        kind: integer, bigint, date, datetime, boolean, string or text.
        lists: whether a comma separates values.
    """

    kind: Kind
    operators: tuple[str, ...]
    lists: bool
    keep: Callable[[str], str | None] | None = None
    """Gives the id that a shown id stands for."""


class Filters:
    """The filters of one type.

    Args:
        resource: the type.
        identities: how ids are shown in this call.
        ignore_case: whether texts are compared in any case.
    """

    def __init__(self, resource: ResourceType, identities: Identities, *, ignore_case: bool) -> None:
        self._resource = resource
        self._identities = identities
        self._ignore_case = ignore_case

    def condition(self, parameter: str, field: str, operator: str, value: str) -> Condition:
        """The condition of one query parameter; :class:`OroError` when the type has no such filter."""
        filtered = self._filtered(field)
        if field == "id" and self._identities.is_external(self._resource.name):
            field = EXTERNAL
        if filtered is None:
            raise OroError(unsupported_filter(parameter))
        if operator not in filtered.operators:
            raise OroError(limit_filter(parameter, f'The operator "{operator}" is not supported.'))
        if operator == "exists":
            return Condition(field, _exists(_boolean(parameter, value)))
        spans = self._spans(parameter, filtered, value)
        fold = self._ignore_case and filtered.kind in {Kind.STRING, Kind.EMAIL, Kind.ITEMS}
        condition = _compared(field, operator, spans, fold=fold)
        return _of_numbers_as_text(condition) if filtered.kind is Kind.BIGINT else condition

    def has(self, field: str) -> bool:
        """Whether a field can be filtered."""
        return self._filtered(field) is not None

    def can_sort(self, field: str) -> bool:
        """Whether lists can be sorted by a field."""
        relation = self._resource.relations.get(field)
        if relation is not None:
            return not relation.many
        attribute = self._resource.attributes.get(field)
        return field == "id" or (
            attribute is not None and attribute.filterable and attribute.kind not in {Kind.ITEMS, Kind.TEXT}
        )

    def _filtered(self, field: str) -> Filtered | None:
        if field == "id":
            return self._identifier(self._resource.name, named=self._resource.named)
        relation = self._resource.relations.get(field)
        if relation is not None:
            return self._association(relation)
        attribute = self._resource.attributes.get(field)
        if attribute is None or not attribute.filterable:
            return None
        if attribute.kind is Kind.TEXT:
            return Filtered(attribute.kind, ("exists",), lists=False)
        if attribute.kind in {Kind.STRING, Kind.EMAIL, Kind.ITEMS}:
            return Filtered(attribute.kind, EQUALITY, attribute.lists)
        return Filtered(attribute.kind, EQUALITY if attribute.kind is Kind.BOOLEAN else ORDERED, lists=True)

    def _identifier(self, type_name: str, *, named: bool) -> Filtered:
        if self._identities.is_external(type_name):
            return Filtered(Kind.STRING, ("eq", "neq"), lists=True)
        return Filtered(
            Kind.STRING if named else Kind.INTEGER, ("eq", "neq") if named else ORDERED[:6], lists=True
        )

    def _association(self, relation: Relation) -> Filtered:
        if self._identities.is_external(relation.target):
            return Filtered(Kind.STRING, EQUALITY, lists=True, keep=self._keep(relation.target))
        kind = Kind.STRING if self._identities.is_named(relation.target) else Kind.BIGINT
        return Filtered(kind, EQUALITY, lists=True)

    def _keep(self, type_name: str) -> Callable[[str], str | None]:
        return lambda text: self._identities.kept(type_name, text)

    def _spans(self, parameter: str, filtered: Filtered, value: str) -> list[Span]:
        if filtered.keep is not None:
            return [(kept, None) for text in value.split(",") if (kept := filtered.keep(text)) is not None]
        parts = value.split(",") if filtered.lists else [value]
        return [_span(parameter, filtered.kind, part, value, many=len(parts) > 1) for part in parts]


def _span(parameter: str, kind: Kind, part: str, whole: str, *, many: bool) -> Span:
    begin, dots, end = part.partition("..")
    if not dots or kind in {Kind.STRING, Kind.EMAIL, Kind.ITEMS, Kind.BOOLEAN}:
        return _single(parameter, kind, part, whole, many=many)
    first = _single(parameter, kind, begin, whole, many=many)
    last = _single(parameter, kind, end, whole, many=many)
    return first[0], last[1] if last[1] is not None else int(last[0]) + 1


def _single(parameter: str, kind: Kind, part: str, whole: str, *, many: bool) -> Span:
    if kind in {Kind.STRING, Kind.EMAIL, Kind.ITEMS}:
        return part, None
    if kind is Kind.BOOLEAN:
        return _boolean(parameter, part), None
    if kind in {Kind.DATETIME, Kind.DATE}:
        span = read_span(part)
        if span is None:
            raise OroError(_unexpected(parameter, "datetime", whole, many=many))
        return (span[0][:10], span[1][:10]) if kind is Kind.DATE else span
    if not is_number(part.removeprefix("-")):
        raise OroError(_unexpected(parameter, "integer", whole, many=many))
    return int(part), None


def _unexpected(parameter: str, kind: str, value: str, *, many: bool) -> Problem:
    wanted = f"an array of {kind}s" if many else f"{kind} value"
    return wrong_filter(parameter, f'Expected {wanted}. Given "{value}".')


def _boolean(parameter: str, value: str) -> bool:
    if value.lower() in TRUE + FALSE:
        return value.lower() in TRUE
    raise OroError(wrong_filter(parameter, f'Expected boolean value. Given "{value}".'))


def _exists(wanted: bool) -> Test:
    return lambda value: (value not in (None, (), [])) is wanted


def _compared(field: str, operator: str, spans: Sequence[Span], *, fold: bool) -> Condition:
    if operator in {"neq", "neq_or_null"}:
        inside = _inside(spans, fold=fold)
        if operator == "neq":
            return Condition(field, lambda value: value not in (None, ()) and not inside(value))
        return Condition(field, lambda value: not inside(value))
    if operator == "eq":
        exact = all(end is None for _, end in spans) and not fold
        return Condition(
            field, _inside(spans, fold=fold), tuple(begin for begin, _ in spans) if exact else None
        )
    begin, end = spans[0]
    tests: dict[str, Test] = {
        "lt": lambda value: value is not None and value < begin,
        "gte": lambda value: value is not None and value >= begin,
        "lte": lambda value: value is not None and (value < end if end is not None else value <= begin),
        "gt": lambda value: value is not None and (value >= end if end is not None else value > begin),
    }
    above = None
    if field == "id" and operator in {"gt", "gte"} and isinstance(begin, int):
        above = (begin, operator == "gte")
    return Condition(field, tests[operator], None, above)


def _of_numbers_as_text(condition: Condition) -> Condition:
    """The same condition of values that are kept as texts: ids, and numbers of 64 bits."""

    def test(value: Any) -> bool:
        if isinstance(value, tuple | list):
            return condition.test([int(one) for one in value])
        return condition.test(int(value) if value is not None else None)

    equals = None if condition.equals is None else tuple(map(str, condition.equals))
    return Condition(condition.field, test, equals)


def _inside(spans: Sequence[Span], *, fold: bool) -> Test:
    exact = {_folded(begin, fold=fold) for begin, end in spans if end is None}
    ranges = [(begin, end) for begin, end in spans if end is not None]

    def one(value: Any) -> bool:
        return _folded(value, fold=fold) in exact or any(begin <= value < end for begin, end in ranges)

    def inside(value: Any) -> bool:
        if isinstance(value, tuple | list):
            return any(map(one, value))
        return value is not None and one(value)

    return inside


def _folded(value: Any, *, fold: bool) -> Any:
    return value.casefold() if fold and isinstance(value, str) else value
