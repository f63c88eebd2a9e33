"""The files of the package that an administrator installs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tap_oracle_ebs.catalog.tables import TABLES
from tools.plsql.body import PARTS, body
from tools.plsql.operations import PACKAGE, joined
from tools.plsql.spec import specification

FOLDER = PARTS.parent


def documents() -> Iterator[tuple[Path, str]]:
    """Each file of the package, with what it should hold."""
    yield FOLDER / f"{PACKAGE}.pks", specification()
    yield FOLDER / f"{PACKAGE}.pkb", body()
    yield FOLDER / "check_columns.sql", columns_check()


def columns_check() -> str:
    """Return a query that names the columns that the package reads and the instance does not have."""
    names = [f"'{table.name}.{column.name}'" for table in TABLES.values() for column in table.columns]
    lines = joined([", ".join(names[start : start + 2]) for start in range(0, len(names), 2)], "        ")
    return f"""\
-- Columns that the package reads and that this instance lacks, as APPS sees them. No row: the body compiles.
SELECT e.column_value AS missing
FROM TABLE(
    sys.odcivarchar2list(
{lines}
    )
) e
WHERE
    NOT EXISTS (
        SELECT 1
        FROM all_tab_columns c
        LEFT JOIN all_synonyms s
            ON c.owner = s.table_owner AND c.table_name = s.table_name AND s.owner IN (USER, 'PUBLIC')
        WHERE
            s.synonym_name || '.' || c.column_name = e.column_value
            OR (c.owner = USER AND c.table_name || '.' || c.column_name = e.column_value)
    )
ORDER BY e.column_value;
"""
