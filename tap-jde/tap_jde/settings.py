"""The settings of the tap."""

from __future__ import annotations

from ml_connector.settings import Setting
from ml_connector.singer.windows import WINDOW_SETTINGS
from ml_connector.vendors.jde.business.options import BUSINESS_SETTINGS
from ml_connector.vendors.jde.settings import ACCESS_SETTINGS, READING_SETTINGS

KINDS = ("TEXT", "INTEGER", "NUMBER", "DATE", "INSTANT")
DEFAULT_REFRESH_DAYS = 7.0
DEFAULT_KEY_LIST_LIMIT = 20_000

TABLE_SETTINGS: tuple[Setting, ...] = (
    Setting(
        "tables",
        "Further tables, each a stream: `[{name: F01112, key: [AN8, IDLN, CNLN], columns: {AN8: INTEGER, "
        "IDLN: INTEGER, CNLN: INTEGER, UPMJ: DATE, UPMT: INTEGER}}]`. Columns are aliases without the "
        "table's prefix; types are TEXT, INTEGER, NUMBER, DATE and INSTANT (UTIME). Without `columns` the "
        "server names them, and their types are those of its data dictionary (F9210). Optional: `stream` "
        "(its name, by default the table's in lower case), `replication: full` (always read whole, as is a "
        "table without UPMJ). The name of a known table replaces its columns.",
        "array",
        items={
            "type": ["object"],
            "properties": {
                "name": {"type": ["string"]},
                "stream": {"type": ["string", "null"]},
                "key": {"type": ["array"], "items": {"type": ["string"]}, "minItems": 1},
                "columns": {"type": ["object", "null"], "additionalProperties": {"enum": list(KINDS)}},
                "replication": {"enum": ["full", "incremental", None]},
            },
            "required": ["name", "key"],
            "additionalProperties": False,
        },
    ),
    Setting(
        "key_list_limit",
        "Changed records from which on the tables are read whole instead of by key lists.",
        "integer",
        DEFAULT_KEY_LIST_LIMIT,
        minimum=1,
    ),
    Setting(
        "full_refresh_every",
        "Days between two complete reads of each stream, fractions allowed; 0: never. A complete read finds "
        "rows whose UPMJ is empty or was not moved by a change, and ends with ACTIVATE_VERSION, so that the "
        "target sees what is missing. Runs with `keys`, `from` or `to` make none.",
        "number",
        DEFAULT_REFRESH_DAYS,
        minimum=0,
    ),
)

SETTINGS: tuple[Setting, ...] = (
    *ACCESS_SETTINGS,
    *READING_SETTINGS,
    *TABLE_SETTINGS,
    *WINDOW_SETTINGS,
    *BUSINESS_SETTINGS,
)
"""Every setting."""
