"""Settings of reading by GET, and of which tables are read."""

from __future__ import annotations

from ml_connector.settings import Setting

GRAMMAR = (
    Setting(
        "read_wadl",
        "Read the WADL of each alias once per run and use the names of query parameters that it declares, "
        "where the settings have the usual ones.",
        "boolean",
        True,
    ),
    Setting("select_parameter", "Query name of the column list; empty: none is sent.", default="select"),
    Setting("filter_parameter", "Query name of the filter.", default="filter"),
    Setting("sort_parameter", "Query name of the sort order.", default="sort"),
    Setting("limit_parameter", "Query name of the page size.", default="limit"),
    Setting("offset_parameter", "Query name of the first row.", default="offset"),
    Setting("offset_base", "Offset of the first row.", "integer", 0, minimum=0, maximum=1),
    Setting(
        "filter_operators",
        "How comparisons are written in filters: `symbols` (>=) or `words` (ge).",
        default="symbols",
        allowed=("symbols", "words"),
    ),
    Setting("date_mask", "Oracle mask of the date literals in filters.", default="YYYY-MM-DD HH24:MI:SS"),
    Setting(
        "answer_date_mask", "Oracle mask of the dates in answers; by default they are ISO 8601 (dateTime)."
    ),
    Setting("sort_item", "How one column of the sort order is written.", default="{column}"),
    Setting(
        "paging",
        "`keyset`: ask for the rows after the last key. `offset`: count rows; pages then overlap, and a page "
        "that does not join the one before is read again.",
        default="keyset",
        allowed=("keyset", "offset"),
    ),
    Setting(
        "key_list_filter",
        "Whether the service takes `COLUMN IN (...)`. Without it, each run reads the tables whole.",
        "boolean",
        True,
    ),
    Setting("page_size", "Rows per page.", "integer", 1000, minimum=1),
    Setting("key_list_size", "Keys per list at most.", "integer", 300, minimum=1, maximum=1000),
    Setting(
        "key_list_limit",
        "Changed customers from which on the tables are read whole instead of by key lists.",
        "integer",
        20_000,
        minimum=1,
    ),
    Setting(
        "max_url_length",
        "Longest address in characters; key lists are cut to fit.",
        "integer",
        6000,
        minimum=1000,
    ),
)
"""How a deployed table or view is asked."""

TABLES = (
    Setting(
        "tables",
        "Further tables and views, each a stream: `[{name: XX_REBATES, key: [REBATE_ID], columns: "
        "{REBATE_ID: INTEGER, AMOUNT: NUMBER, LAST_UPDATE_DATE: DATE}}]`. Types are VARCHAR2, INTEGER, "
        "NUMBER and DATE; without `columns` they are read from the schema (XSD) of the operation. Optional: "
        "`stream` (its name, by default the table's in lower case), `alias`, `operation`, `replication: "
        "full` (always read whole, as is a table without LAST_UPDATE_DATE). The name of a known table "
        "replaces its columns.",
        "array",
        items={
            "type": ["object"],
            "properties": {
                "name": {"type": ["string"]},
                "stream": {"type": ["string", "null"]},
                "key": {"type": ["array"], "items": {"type": ["string"]}, "minItems": 1},
                "columns": {
                    "type": ["object", "null"],
                    "additionalProperties": {"enum": ["VARCHAR2", "INTEGER", "NUMBER", "DATE"]},
                },
                "alias": {"type": ["string", "null"]},
                "operation": {"type": ["string", "null"]},
                "replication": {"enum": ["full", "incremental", None]},
            },
            "required": ["name", "key"],
            "additionalProperties": False,
        },
    ),
)
"""Which tables are read."""
