"""The body of the package: one procedure per table, and the parts written by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tap_oracle_ebs.catalog.tables import TABLES, Column, Kind, Table
from tools.plsql.operations import BUSINESS, COMMON, PACKAGE, joined, raw
from tools.plsql.spec import parameters

PARTS = Path(__file__).resolve().parents[2] / "tap-oracle-ebs" / "plsql" / "parts"

_KEY_CODES = {Kind.INTEGER: "N", Kind.DATE: "D", Kind.TEXT: "T"}
_WIDTH = 110
_BINARY = "'NLS_SORT=BINARY'"


def body() -> str:
    """Return the text of the file with the body."""
    business = "\n".join(_from_part(operation.name) for operation in BUSINESS)
    raws = "\n".join(_raw_procedure(table) for table in TABLES.values())
    head = (
        f"CREATE OR REPLACE PACKAGE BODY {PACKAGE} AS\n"
        f"/* $Header: {PACKAGE}.pkb 120.1 2026/11/21 00:00:00 ml-connector ship $ */\n"
    )
    text = f"{head}\n{expanded(_part('common'))}\n{raws}\n{business}\nEND {PACKAGE};\n/\n"
    return "\n".join(line for long in text.split("\n") for line in folded(long))


def _part(name: str) -> str:
    return (PARTS / f"{name}.sql").read_text("utf-8")


def _from_part(name: str) -> str:
    operation = next(operation for operation in BUSINESS if operation.name == name)
    text = _part(name).replace("@parameters", parameters(operation, "    ").strip())
    return expanded(text)


def expanded(text: str) -> str:
    """Replace what parts share: `@include NAME` by a part, `@changed(t)` and the like by conditions."""
    while found := re.search(r"^( *)@include (\w+)(,?)\n", text, re.MULTILINE):
        indent, name, comma = found.groups()
        lines = (_part(name).rstrip("\n") + comma).splitlines()
        included = "".join(f"{indent}{line}\n" if line else "\n" for line in lines)
        text = text[: found.start()] + included + text[found.end() :]
    for name, form in _MACROS.items():
        call = re.compile(rf"@{name}\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
        text = call.sub(partial(_filled, form), text)
    return text


def _filled(form: str, found: re.Match[str]) -> str:
    return form.format(found[1])


_MACROS = {
    "number": "TO_CHAR({0}, 'TM9', c_digits)",
    "date": "TO_CHAR({0}, c_mask)",
    "changed": "{0}.last_update_date BETWEEN q.date_from AND q.date_to",
    "preference": "INSTR(q.units, ',' || {0}.org_id || ',')",
    "crossed": "{0} > o.crossed_from AND {0} <= o.crossed_to",
    "unit": "COALESCE(INSTR(q.units, ',' || {0}.org_id || ','), 1) > 0",
}


def folded(line: str, indent: int | None = None) -> list[str]:
    """Return a line as lines that are short enough, broken outside of parentheses where that is possible."""
    if len(line) <= _WIDTH or line.lstrip().startswith("--"):
        return [line]
    margin = len(line) - len(line.lstrip()) + 2 if indent is None else indent
    depth, quoted, best = 0, False, (99, 0)
    for place, letter in enumerate(line[:_WIDTH]):
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        breaks = (
            place > margin + 4
            and re.match(r" (AND|OR|\|\||FROM) |(?<=,) ", line[place - 1 :][1:]) is not None
        )
        if not quoted and (breaks or (line[place - 1] == "," and letter == " ")) and (depth, -place) <= best:
            best = (depth, -place)
    if not best[1]:
        return [line]
    cut = -best[1]
    return [line[:cut].rstrip(), *folded(" " * margin + line[cut:].lstrip(), margin)]


def _raw_procedure(table: Table) -> str:
    name = table.name.lower()
    key = [table.column(column) for column in table.key]
    codes = "".join(_KEY_CODES[column.kind] for column in key)
    arguments = joined([parameter.lower() for parameter in COMMON], "      ")
    unit = [_MACROS["unit"].format("t")] if table.is_split else []
    by_keys = _page(table, [_is_among(key, "q.keys", "          ")], unit)
    by_range = _page(table, ["t.last_update_date BETWEEN q.date_from AND q.date_to"], unit)
    everything = _page(table, [], unit)
    key_fields = "\n".join(
        f"        x_rows(i).{column.name.lower()} := {_key_value(key, place)};"
        for place, column in enumerate(key, 1)
    )
    return f"""\
  PROCEDURE {name}(
{parameters(raw(table), "    ")}
  )
  IS
    q request_r;
    l_page sys.odcivarchar2list;
  BEGIN
    x_server_time := server_time;
    x_has_more := 'N';
    q := request_of(
      '{codes}',
      '{codes}',
{arguments}
    );

    IF q.keys IS NOT NULL THEN
{by_keys}
    ELSIF q.has_range = 'Y' THEN
{by_range}
    ELSE
{everything}
    END IF;

    cut_page(q, l_page, x_has_more);
    IF q.keys_only = 'Y' THEN
      FOR i IN 1 .. l_page.COUNT LOOP
{key_fields}
      END LOOP;
    ELSE
      SELECT
{joined([_text(column) for column in table.columns], "        ")}
      BULK COLLECT INTO x_rows
      FROM {name} t
      WHERE {_is_among(key, "l_page", "      ")}
      ORDER BY {_order(key)};
    END IF;
    x_return_status := 'S';
  EXCEPTION
    WHEN e_bad_parameter THEN
      x_rows.DELETE();
      end_badly('E', SQLERRM, x_return_status, x_msg_data, x_has_more);
    WHEN OTHERS THEN
      x_rows.DELETE();
      end_badly('U', SQLERRM, x_return_status, x_msg_data, x_has_more);
  END {name};
"""


def _page(table: Table, chosen: Sequence[str], unit: Sequence[str]) -> str:
    """Return the query that puts the keys of one page, and of the row after it, in order into l_page."""
    key = [table.column(column) for column in table.key]
    conditions = [*chosen, *_after(key), *unit]
    lines = [conditions[0], *(f"AND {condition}" for condition in conditions[1:])]
    where = "\n".join(f"          {line}" for line in lines)
    return f"""\
      SELECT p.row_key
      BULK COLLECT INTO l_page
      FROM (
        SELECT
          {_row_key(key)} AS row_key,
          ROW_NUMBER() OVER (ORDER BY {_order(key)}) AS place
        FROM {table.name.lower()} t
        WHERE
{where}
      ) p
      WHERE p.place > q.row_offset AND p.place <= q.row_last
      ORDER BY p.place;"""


def _name(column: Column) -> str:
    return f"t.{column.name.lower()}"


def _left(key: Sequence[Column]) -> str:
    names = ", ".join(_name(column) for column in key)
    return f"({names})" if len(key) > 1 else names


def _is_among(key: Sequence[Column], keys: str, indent: str) -> str:
    """Return the condition that a row's key is one of a list of texts."""
    if len(key) == 1:
        return f"{_left(key)} IN (SELECT {_typed(key[0], 'k.column_value')} FROM TABLE({keys}) k)"
    pieces = [
        f"{_typed(column, _piece('k.column_value', place))} AS {column.name.lower()}"
        for place, column in enumerate(key, 1)
    ]
    return (
        f"{_left(key)} IN (\n{indent}  SELECT\n{joined(pieces, indent + '    ')}\n"
        f"{indent}  FROM TABLE({keys}) k\n{indent})"
    )


def _piece(text: str, place: int) -> str:
    return f"REGEXP_SUBSTR({text}, '[^~]+', 1, {place})"


def _typed(column: Column, text: str) -> str:
    forms = {Kind.INTEGER: "TO_NUMBER({})", Kind.DATE: "TO_DATE({}, c_mask)"}
    return forms.get(column.kind, "{}").format(text)


def _key_value(key: Sequence[Column], place: int) -> str:
    return "l_page(i)" if len(key) == 1 else _piece("l_page(i)", place)


def _row_key(key: Sequence[Column]) -> str:
    return " || '~' || ".join(_text(column, alias=False) for column in key)


def _text(column: Column, *, alias: bool = True) -> str:
    forms = {
        Kind.INTEGER: "TO_CHAR({})",
        Kind.NUMBER: "TO_CHAR({}, 'TM9', c_digits)",
        Kind.DATE: "TO_CHAR({}, c_mask)",
        Kind.TEXT: "{}",
    }
    value = forms[column.kind].format(_name(column))
    return value if not alias or column.kind is Kind.TEXT else f"{value} AS {column.name.lower()}"


def _sorted(column: Column) -> str:
    return f"NLSSORT({_name(column)}, {_BINARY})" if column.kind is Kind.TEXT else _name(column)


def _order(key: Sequence[Column]) -> str:
    return ", ".join(_sorted(column) for column in key)


def _after(key: Sequence[Column]) -> list[str]:
    """Return the conditions of a key greater than the last one, for an index on the first column to serve."""
    bounds = [_bound(column, place) for place, column in enumerate(key, 1)]
    if len(key) == 1:
        return [f"{_sorted(key[0])} > {bounds[0]}"]
    nested = f"{_sorted(key[-1])} > {bounds[-1]}"
    for column, bound in list(zip(key, bounds, strict=True))[-2::-1]:
        left = _sorted(column)
        nested = f"{left} > {bound} OR ({left} = {bound} AND ({nested}))"
    return [f"{_sorted(key[0])} >= {bounds[0]}", f"({nested})"]


def _bound(column: Column, place: int) -> str:
    return {
        Kind.INTEGER: f"q.after_number_{place}",
        Kind.DATE: f"q.after_date_{place}",
        Kind.TEXT: f"NLSSORT(q.after_text_{place}, {_BINARY})",
    }[column.kind]
