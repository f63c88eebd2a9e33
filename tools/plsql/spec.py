"""The specification of the package: types, procedures and the annotations for the repository parser."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tools.plsql.operations import (
    CATEGORY,
    OPERATIONS,
    OUTPUTS,
    PACKAGE,
    PRODUCT,
    Operation,
    joined,
    text_type,
)

_WIDTH = 100


def specification() -> str:
    """Return the text of the file with the specification."""
    parts = [_head(), *_types(), *(_procedure(operation) for operation in OPERATIONS)]
    return "\n".join(parts) + f"\nEND {PACKAGE};\n/\n"


def parameters(operation: Operation, indent: str) -> str:
    """Return the formal parameters of an operation: inputs, collections, outputs."""
    lines = [f"{name.lower()} IN VARCHAR2 DEFAULT NULL" for name, _ in operation.inputs]
    lines += [f"{parameter.lower()} OUT NOCOPY {stem}_t" for parameter, stem, _ in operation.types()]
    lines += [f"{name.lower()} OUT NOCOPY VARCHAR2" for name in OUTPUTS]
    return joined(lines, indent)


def _head() -> str:
    text = (
        "Use this package to read tables of customers, purchasing, payables, order management and "
        "receivables, and customers with their contacts and summaries. It reads only. Every operation is "
        "paged by key."
    )
    annotations = _comment(
        [
            *_wrapped(text),
            "@rep:scope public",
            f"@rep:product {PRODUCT}",
            "@rep:displayname Customer read service",
            "@rep:lifecycle active",
            "@rep:compatibility S",
            f"@rep:category BUSINESS_ENTITY {CATEGORY}",
        ],
        "",
    )
    return (
        f"CREATE OR REPLACE PACKAGE {PACKAGE} AUTHID DEFINER AS\n"
        f"/* $Header: {PACKAGE}.pks 120.1 2026/11/21 00:00:00 ml-connector ship $ */\n{annotations}\n"
    )


def _types() -> Iterator[str]:
    for operation in OPERATIONS:
        for _, stem, table in operation.types():
            fields = joined(
                [f"{column.name.lower()} {text_type(column.kind)}" for column in table.columns], "    "
            )
            yield (
                f"  TYPE {stem}_r IS RECORD (\n{fields}\n  );\n\n"
                f"  TYPE {stem}_t IS TABLE OF {stem}_r INDEX BY BINARY_INTEGER;\n"
            )


def _procedure(operation: Operation) -> str:
    described = [
        *operation.inputs,
        *((parameter, f"Rows as {stem}_t") for parameter, stem, _ in operation.types()),
        *OUTPUTS.items(),
    ]
    comment = _comment(
        [
            *_wrapped(operation.description),
            *(f"@param {name.lower()} {text}" for name, text in described),
            "@rep:scope public",
            f"@rep:displayname {operation.title}",
            "@rep:lifecycle active",
            "@rep:compatibility S",
            f"@rep:category BUSINESS_ENTITY {CATEGORY}",
        ],
        "  ",
    )
    return f"{comment}\n  PROCEDURE {operation.name}(\n{parameters(operation, '    ')}\n  );\n"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH)


def _comment(lines: list[str], indent: str) -> str:
    return "\n".join([f"{indent}/*#", *(f"{indent} * {line}" for line in lines), f"{indent} */"])
