"""Requests of the data service (type BROWSE): columns, conditions, order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.vendors.jde.tables import Table

LITERAL = "LITERAL"
MARGIN = dt.timedelta(days=1)
"""By how much the server's idea of today may differ from ours, in either direction."""


@dataclasses.dataclass(frozen=True, slots=True)
class Operand:
    """A value of a condition: its text, or a special value with its count."""

    content: str
    special: str = LITERAL


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of one column. LIST takes any number of values, BETWEEN two, all others one."""

    column: str
    operator: str
    values: tuple[Operand, ...]


Group = tuple[Condition, ...]
"""Conditions that hold together."""


def equal(column: str, value: object) -> Condition:
    """Return that a column has a value."""
    return compared(column, "EQUAL", value)


def compared(column: str, operator: str, value: object) -> Condition:
    """Return the comparison of a column with one value; with a blank one by the operators for that.

    An empty text as value of a condition is not documented, and blanks are stored as such.
    """
    if value == "":
        return Condition(column, "STR_BLANK" if operator == "EQUAL" else "STR_NOT_BLANK", ())
    return Condition(column, operator, (Operand(str(value)),))


def among(column: str, values: Sequence[object]) -> Condition:
    """Return that a column has one of some values."""
    if len(values) == 1:
        return equal(column, values[0])
    return Condition(column, "LIST", tuple(Operand(str(value)) for value in values))


def after(columns: Sequence[str], last: Sequence[object], *, inclusive: bool = False) -> list[Group]:
    """Return the groups, one of which holds for what comes after `last` in the order of `columns`."""
    groups: list[Group] = []
    for place, column in enumerate(columns):
        is_last = place == len(columns) - 1
        same = tuple(equal(name, last[at]) for at, name in enumerate(columns[:place]))
        if inclusive and is_last and last[place] == "":
            groups.append(same)
            continue
        operator = "GREATER_EQUAL" if inclusive and is_last else "GREATER"
        groups.append((*same, compared(column, operator, last[place])))
    return groups


def both(groups: Sequence[Group], others: Sequence[Group]) -> list[Group]:
    """Return the groups of what is in one of `groups` and in one of `others`; none at all is everything."""
    if not groups or not others:
        return [*groups, *others]
    return [(*one, *other) for one, other in itertools.product(groups, others)]


def browse(
    table: Table,
    groups: Sequence[Group],
    *,
    page_size: int,
    order: Sequence[str] = (),
    next_links: bool = False,
) -> dict[str, Any]:
    """Return the body of a request for the rows that one of `groups` holds for.

    Several groups travel as `complexQuery`, each complete in itself, so that no precedence of AND and OR
    matters. `findOnEntry` and `autoFind` both: without them an unfiltered request finds nothing and says
    nothing.
    """
    query: dict[str, Any] = {"autoFind": True}
    if len(groups) > 1:
        query["complexQuery"] = [
            {"andOr": "OR" if place else "AND", "query": _conditions(table, group)}
            for place, group in enumerate(groups)
        ]
    else:
        query |= _conditions(table, groups[0] if groups else ())
    body: dict[str, Any] = {
        "targetName": table.name,
        "targetType": "table",
        "dataServiceType": "BROWSE",
        "returnControlIDs": "|".join(f"{table.name}.{column.name}" for column in table.columns),
        "findOnEntry": "TRUE",
        "maxPageSize": str(page_size),
        "outputType": "GRID_DATA",
        "query": query,
    }
    if order:
        columns = [{"column": f"{table.name}.{name}", "direction": "ASC"} for name in order]
        body["aggregation"] = {"orderBy": columns}
    if next_links:
        body["enableNextPageProcessing"] = True
    return body


def _conditions(table: Table, group: Group) -> dict[str, Any]:
    listed = [
        {
            "controlId": f"{table.name}.{each.column}",
            "operator": each.operator,
            "value": [{"content": part.content, "specialValueId": part.special} for part in each.values],
        }
        for each in group
    ]
    return {"matchType": "MATCH_ALL", "condition": listed}


class DateForm:
    """How a day is written in conditions; see the setting `date_filter`."""

    def __init__(self, form: str, pattern: str | None = None) -> None:
        self.form = form
        self._pattern = pattern

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], login: Mapping[str, Any]) -> DateForm:
        """Build it from a plugin's settings and what the login told."""
        pattern = settings.get("user_date_format") or login.get("date_format")
        return cls(
            str(settings.get("date_filter") or "today_minus_day"), None if pattern is None else str(pattern)
        )

    def operand(self, day: dt.date, today: dt.date) -> Operand:
        """Return a day as value of a condition; `today` is the server's."""
        if self.form == "yyyymmdd":
            return Operand(day.strftime("%Y%m%d"))
        if self.form == "user_format":
            return Operand(self._written(day))
        days = (today - day).days
        return Operand(str(abs(days)), "TODAY_MINUS_DAY" if days >= 0 else "TODAY_PLUS_DAY")

    def _written(self, day: dt.date) -> str:
        if self._pattern is None:
            raise SystemFault(
                "The date format of the user is not known: the login did not name it.",
                fix="Set `user_date_format`, such as dd/MM/yyyy.",
            )
        parts = {"yyyy": f"{day.year:04d}", "yy": f"{day.year % 100:02d}"}
        parts |= {"MM": f"{day.month:02d}", "dd": f"{day.day:02d}", "M": str(day.month), "d": str(day.day)}
        text = re.sub(r"yyyy|yy|MM|dd|M|d", lambda found: parts[found.group()], self._pattern)
        if re.search(r"[A-Za-z]", text):
            raise SystemFault(
                f"The date format {self._pattern!r} cannot be written.",
                fix="Set `user_date_format` to one of yyyy, yy, MM, M, dd, d and separators.",
            )
        return text
