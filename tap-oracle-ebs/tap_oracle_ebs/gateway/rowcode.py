"""Rows of one table by code made for it: a run turns millions of rows, each of some thirty columns.

The made function looks at the usual form of a value where it stands, and calls the converter for all others.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import Any

from tap_oracle_ebs.catalog.tables import Kind

Convert = Callable[[Any], Any]
_NUMBER = "v if v.__class__ is int else int(v) if v.__class__ is str and v.isdecimal() else {convert}(v)"
_USUAL = {
    Kind.TEXT: "v if v.__class__ is str and v != '' and v != 'null' else {convert}(v)",
    Kind.INTEGER: _NUMBER,
    Kind.NUMBER: _NUMBER,
    Kind.DATE: "{convert}(v)",
}


def row_function(
    columns: Sequence[tuple[str, str, Kind, Convert]],
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function from a record to a row.

    `columns`: per column its name in the row, its name in the record, its kind and its converter.
    """
    converters = {f"convert_{number}": column[3] for number, column in enumerate(columns)}
    items = (
        f"    {target!r}: None if (v := get({source!r})) is None else "
        f"{_USUAL[kind].format(convert=f'convert_{number}')},"
        for number, (target, source, kind, _) in enumerate(columns)
    )
    lines = ["def row(record):", "  get = record.get", "  return {", *items, "  }"]
    made: dict[str, Any] = dict(converters)
    # Names stand in it as literals only, so that nothing of a setting is ever run.
    exec(_compiled("\n".join(lines)), made)  # noqa: S102
    function: Callable[[Mapping[str, Any]], dict[str, Any]] = made["row"]
    return function


@functools.lru_cache(maxsize=500)
def _compiled(source: str) -> CodeType:
    """Return code once for all readers of the same columns; their converters come from the namespace."""
    return compile(source, "<row>", "exec")
