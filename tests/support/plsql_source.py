"""The PL/SQL package as text: its procedures, parameters, types and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "tap-oracle-ebs" / "plsql"
SPECIFICATION = (FOLDER / "xxml_read_pkg.pks").read_text("utf-8")
BODY = (FOLDER / "xxml_read_pkg.pkb").read_text("utf-8")

_UNIT = re.compile(r"\n(?=  (?:PROCEDURE|FUNCTION|TYPE) )")
_END = re.compile(r"\nEND xxml_read_pkg;\n/\n$")
_ITEM = re.compile(r"name\.name|TO_CHAR\([^()]*\) AS name")
_TRAILING_COMMENT = re.compile(r"(?:\n*  --[^\n]*)+\s*$")


def units() -> dict[str, str]:
    """Return the units of the body by name, the declarations before the first one as `declarations`."""
    first, *others = _UNIT.split(_END.sub("\n", BODY))
    found = {"declarations": first.split("\n", 2)[2]}
    for text in others:
        name = re.match(r"  \w+ (\w+)", text)
        assert name is not None
        found[name[1]] = _TRAILING_COMMENT.sub("\n", text).rstrip() + "\n"
    return found


def specification_units() -> dict[str, str]:
    """Return the types and procedures of the specification by name, with their comments."""
    pattern = r"^  TYPE \w+ .*?;\n(?=\n)|^  /\*#\n.*?\n  \);\n"
    found = re.findall(pattern, SPECIFICATION, re.MULTILINE | re.DOTALL)
    return {re.search(r"(?:TYPE|PROCEDURE) (\w+)", text)[1]: text for text in found}  # type: ignore[index]


def distinct(texts: Mapping[str, str]) -> dict[str, str]:
    """Return one text of each form: of those that differ by names, values and the length of lists alone.

    Keywords and functions of Oracle are upper case here, and names are lower case.
    """
    forms: dict[str, tuple[str, str]] = {}
    for name, text in texts.items():
        bare = re.sub(r"\b[a-z]\w*", "name", code_of(text))
        lines = [re.sub(r"\d+", "0", line).strip().rstrip(",") for line in bare.split("\n")]
        lines = ["item" if _ITEM.fullmatch(line) else line for line in lines]
        form = "\n".join(line for line, before in zip(lines, ["", *lines], strict=False) if line != before)
        forms.setdefault(form, (name, text))
    return dict(forms.values())


def as_package(text: str) -> str:
    """Return a unit as a package body of its own."""
    return (
        f"CREATE OR REPLACE PACKAGE BODY xxml_read_pkg AS\n\n{text.strip(chr(10))}\n\nEND xxml_read_pkg;\n/\n"
    )


def procedures(text: str) -> dict[str, tuple[str, ...]]:
    """Return the formal parameters of each top procedure that has any, without blanks that do not count."""
    found = re.finditer(r"^  PROCEDURE (\w+)\(\n(.*?)\n  \)", text, re.MULTILINE | re.DOTALL)
    return {
        match[1]: tuple(" ".join(line.split()).rstrip(",") for line in match[2].split("\n"))
        for match in found
    }


def records() -> dict[str, dict[str, str]]:
    """Return the fields of each record type of the specification with their types."""
    found = re.finditer(
        r"^  TYPE (\w+)_r IS RECORD \(\n(.*?)\n  \);", SPECIFICATION, re.MULTILINE | re.DOTALL
    )
    return {
        match[1]: dict(re.findall(r"^    (\w+) (VARCHAR2\(\d+\)),?$", match[2], re.MULTILINE))
        for match in found
    }


def comments() -> dict[str, str]:
    """Return the annotation comment in front of the package and of each procedure."""
    found = re.finditer(r"/\*#\n(.*?)\*/\n+(?:  PROCEDURE (\w+))?", SPECIFICATION, re.DOTALL)
    return {match[2] or "package": match[1] for match in found}


def code_of(text: str) -> str:
    """Return a text without comments and without what stands in quotes."""
    return re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", text, flags=re.DOTALL)


def selected_into(text: str, collection: str) -> list[str]:
    """Return the column names of the query whose rows go into a collection."""
    before = text[: text.index(f"BULK COLLECT INTO {collection}\n")]
    start = before.rindex("SELECT\n")
    names, item, depth = [], "", 0
    for letter in code_of(before[start + len("SELECT\n") :]) + ",":
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            names.append(item.split()[-1].split(".")[-1])
            item = ""
        else:
            item += letter
    return names
