"""Fill the warehouse that drt reads: drt_warehouse.py DATABASE FILE, with a JSON object a line in FILE."""

from __future__ import annotations

import sys

import duckdb  # type: ignore[import-not-found]  # it is in the peer's environment only

# A contact gives its organization by name: drt does not learn the ids of what it writes.
TABLES = {
    "organizations": "account_number AS external_id, name, city, updated_at",
    "users": """contact_number AS external_id, contact_name AS name, email, title, updated_at,
        {'name': name} AS organization, true AS skip_verify_email""",
}


def main(database: str, file: str) -> None:
    with duckdb.connect(database) as connection:
        connection.execute(
            "CREATE OR REPLACE TABLE rows AS SELECT * FROM read_json(?, columns = {"
            "account_number: 'VARCHAR', name: 'VARCHAR', city: 'VARCHAR', contact_number: 'VARCHAR', "
            "contact_name: 'VARCHAR', email: 'VARCHAR', title: 'VARCHAR', updated_at: 'VARCHAR'})",
            [file],
        )
        for table, columns in TABLES.items():
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {columns} FROM rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
