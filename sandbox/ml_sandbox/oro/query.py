"""The query of a call: filters, paging, order, sparse fields and inclusion (B6)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ml_sandbox.oro.call import Call
from ml_sandbox.oro.errors import OroError, Problem, limit_filter, raise_all, unsupported_filter, wrong_filter
from ml_sandbox.oro.filters import Condition, Filters
from ml_sandbox.oro.schema import ResourceType

DEFAULT_SIZE = 10
ALL = -1
_FILTER = re.compile(r"filter\[(\w+)\](?:\[(\w+)\])?")
_FIELDS = re.compile(r"fields\[(\w+)\]")

Tree = dict[str, Any]
"""Included relationships by name, with those to include of their targets."""


@dataclass
class Query:
    """What a call asks for.

    Attributes:
        sort: fields with whether they descend.
        size: records on a page; -1 for all.
        fields: by type, the only ones shown.
        title: whether each resource tells its title.
        given: the pairs that page links repeat.
    """

    conditions: list[Condition] = field(default_factory=list)
    sort: list[tuple[str, bool]] = field(default_factory=list)
    size: int = DEFAULT_SIZE
    number: int = 1
    include: Tree = field(default_factory=dict)
    fields: dict[str, frozenset[str]] = field(default_factory=dict)
    title: bool = False
    given: list[tuple[str, str]] = field(default_factory=list)


class QueryReader:
    """Reads the query of a call for resources of one type.

    Args:
        call: the call.
        resource: what is asked for.
        many: whether a list is; filters, order and pages exist for lists only.
    """

    def __init__(self, call: Call, resource: ResourceType, *, many: bool) -> None:
        self._call = call
        self._resource = resource
        self._many = many
        ignore_case = call.world.settings.flag("ignore_case")
        self._filters = Filters(resource, call.identities, ignore_case=ignore_case)
        self._query = Query()

    def read(self) -> Query:
        """The query; :class:`OroError` with all that is wrong in it."""
        raw = self._call.request.scope["query_string"].decode("latin-1")
        # Of a name that comes twice PHP takes the last.
        self._query.given = list(dict(parse_qsl(raw, keep_blank_values=True)).items())
        self._query.size = self._default_size()
        problems: list[Problem] = []
        for name, value in self._query.given:
            try:
                self._one(name, value)
            except OroError as error:
                problems += error.problems
        raise_all(problems)
        return self._query

    def _one(self, name: str, value: str) -> None:
        readers: dict[str, Callable[[str, str], None]] = {
            "include": self._include,
            "meta": self._meta,
        }
        if self._many:
            readers |= {"sort": self._sort, "page[size]": self._size, "page[number]": self._number}
        filtered = _FILTER.fullmatch(name) if self._many else None
        fields = _FIELDS.fullmatch(name)
        if name in readers:
            readers[name](name, value)
        elif filtered is not None:
            condition = self._filters.condition(name, filtered[1], filtered[2] or "eq", value)
            self._query.conditions.append(condition)
        elif fields is not None:
            self._fields(name, fields[1], value)
        else:
            raise OroError(unsupported_filter(name))

    def _sort(self, name: str, value: str) -> None:
        problems = []
        for part in filter(None, value.split(",")):
            wanted = part.removeprefix("-")
            if not self._filters.can_sort(wanted):
                detail = f'Sorting by "{wanted}" field is not supported.'
                problems.append(Problem(400, "sort constraint", detail, parameter=name))
            self._query.sort.append((wanted, part.startswith("-")))
        raise_all(problems)

    def _size(self, name: str, value: str) -> None:
        size, limit = _integer(name, value), self._call.world.settings.integer("max_entities")
        if size < ALL or size == 0:
            raise OroError(limit_filter(name, "The value should be greater than or equals to 1."))
        if limit != ALL and (size > limit or size == ALL):
            raise OroError(limit_filter(name, f"The value should be less than or equals to {limit}."))
        self._query.size = size

    def _number(self, name: str, value: str) -> None:
        number = _integer(name, value)
        if number < 1:
            raise OroError(limit_filter(name, "The value should be greater than or equals to 1."))
        self._query.number = number

    def _default_size(self) -> int:
        limit = self._call.world.settings.integer("max_entities")
        return DEFAULT_SIZE if limit == ALL else min(limit, DEFAULT_SIZE)

    def _include(self, name: str, value: str) -> None:
        for path in filter(None, value.split(",")):
            resource: ResourceType | None = self._resource
            tree = self._query.include
            for part in path.split("."):
                relation = resource.relations.get(part) if resource is not None else None
                if relation is None:
                    raise OroError(limit_filter(name, f'The association "{path}" does not exist.'))
                tree = tree.setdefault(part, {})
                resource = self._call.world.types.get(relation.target)

    def _fields(self, name: str, type_name: str, value: str) -> None:
        if type_name not in self._call.world.types:
            raise OroError(unsupported_filter(name))
        self._query.fields[type_name] = frozenset(filter(None, value.split(",")))

    def _meta(self, name: str, value: str) -> None:
        if value != "title" or not self._resource.title:
            raise OroError(unsupported_filter(name))
        self._query.title = True


def _integer(name: str, value: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        raise OroError(wrong_filter(name, f'Expected integer value. Given "{value}".'))
    return int(value)
