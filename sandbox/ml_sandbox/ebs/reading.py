"""Query parameters of a GET on a table: names, grammar, limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.ebs import context
from ml_sandbox.ebs.catalog import Operation, TableSpec
from ml_sandbox.ebs.conditions import Condition
from ml_sandbox.ebs.faults import IsgFault, execution_error
from ml_sandbox.ebs.filters import Grammar, parse_filter
from ml_sandbox.ebs.masks import date_mask
from ml_sandbox.ebs.query import Query
from ml_sandbox.ebs.store import SortItem

CONTROLS = ("select", "filter", "sort", "limit", "offset")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters by their role: control values by control, context values by the name of section 4."""

    controls: dict[str, str]
    context: dict[str, str]
    unknown: list[str]

    def control_record(self) -> dict[str, str]:
        """Give the control values as Java services echo them."""
        names = {"select": "fields"}
        record = {names.get(name, name): self.controls.get(name, "") for name in CONTROLS}
        return dict(sorted(record.items()))


def control_names(settings: VendorSettings) -> dict[str, str]:
    """Give the query name of each control, as this instance has them."""
    return {settings.text(f"{control}_parameter"): control for control in CONTROLS}


def context_names(settings: VendorSettings) -> dict[str, str]:
    """Give the query name of each context element, as this instance has them."""
    return {name: name for name in context.NAMES if name != context.ORGANIZATION} | {
        settings.text("organization_parameter"): context.ORGANIZATION
    }


def read_parameters(pairs: Pairs, settings: VendorSettings) -> Parameters:
    """Sort query parameters by role; raises a fault for repeated and for unknown ones."""
    controls, contexts = control_names(settings), context_names(settings)
    found = Parameters({}, {}, [])
    for name, value in pairs:
        if name in contexts:
            set_once(found.context, contexts[name], value)
        elif name in controls:
            set_once(found.controls, controls[name], value)
        else:
            found.unknown.append(name)
    if found.unknown and settings.text("unknown_parameters") == "fault":
        known = ", ".join((*controls, *contexts))
        raise execution_error(f"Unknown parameter {found.unknown[0]!r}; declared are {known}.")
    # An empty context value is the same as none.
    for name in [name for name, value in found.context.items() if not value]:
        del found.context[name]
    return found


def set_once(values: dict[str, str], name: str, value: str) -> None:
    """Note a value; raises the fault of a repeated one."""
    if name in values:
        code = context.DUPLICATES.get(name)
        raise IsgFault(code) if code else execution_error(f"Parameter {name!r} is given more than once.")
    values[name] = value


def read_query(
    operation: Operation,
    controls: Mapping[str, str],
    organizations: frozenset[int] | None,
    settings: VendorSettings,
) -> Query:
    """Give the query that control values ask for; raises `ISG_SERVICE_EXECUTION_ERROR`."""
    spec = operation.spec
    return Query(
        operation,
        columns=_columns(controls.get("select", ""), spec),
        condition=_condition(controls.get("filter", ""), spec, settings),
        sort=_sort(controls.get("sort", ""), spec, settings),
        limit=_limit(controls.get("limit", ""), settings),
        offset=_offset(controls.get("offset", ""), settings),
        organizations=organizations,
    )


def _columns(text: str, spec: TableSpec) -> tuple[int, ...]:
    if not text.strip():
        return tuple(range(len(spec.columns)))
    return tuple(dict.fromkeys(_position(name, spec) for name in text.split(",")))


def _position(name: str, spec: TableSpec) -> int:
    position = spec.position.get(name.strip().upper())
    if position is None:
        raise execution_error(f"ORA-00904: {name.strip().upper()!r}: invalid identifier in {spec.name}")
    return position


def _condition(text: str, spec: TableSpec, settings: VendorSettings) -> Condition | None:
    if not text.strip() or settings.flag("ignore_filter"):
        return None
    try:
        grammar = Grammar(
            words=settings.text("filter_operators") == "words",
            mask=date_mask(settings.text("date_mask")),
            max_in_list=settings.integer("max_in_list"),
        )
        return parse_filter(text, spec, grammar)
    except ValueError as error:
        raise execution_error(f"{error}") from error


def _sort(text: str, spec: TableSpec, settings: VendorSettings) -> tuple[SortItem, ...]:
    if not text.strip() or settings.flag("ignore_sort"):
        return ()
    colon = settings.text("sort_separator") == "colon"
    return tuple(_sort_item(item, spec, ":" if colon else None) for item in text.split(","))


def _sort_item(item: str, spec: TableSpec, separator: str | None) -> SortItem:
    name, *rest = [part.strip() for part in item.split(separator)] or [""]
    directions = [word.upper() for word in rest]
    if directions not in ([], ["ASC"], ["DESC"]):
        raise execution_error(f"ORA-00933: sort item {item.strip()!r} not properly ended")
    return _position(name, spec), directions == ["DESC"]


def _limit(text: str, settings: VendorSettings) -> int:
    if not text:
        return settings.integer("default_limit")
    limit, largest = _whole_number("limit", text), settings.integer("max_limit")
    if limit < 1:
        raise execution_error(f"limit must be at least 1, not {limit}")
    if limit > largest and settings.text("over_max_limit") == "fault":
        raise execution_error(f"limit must be at most {largest}, not {limit}")
    return min(limit, largest)


def _offset(text: str, settings: VendorSettings) -> int:
    base = settings.integer("offset_base")
    offset = _whole_number("offset", text) - base if text else 0
    if offset < 0:
        raise execution_error(f"offset must be at least {base}, not {text}")
    return 0 if settings.flag("ignore_offset") else offset


def _whole_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise execution_error(f"{name} must be a whole number, not {text!r}")
    return int(text)
