"""The settings of the tap."""

from __future__ import annotations

from ml_connector.settings import Setting, with_defaults, without
from ml_connector.singer.deletes import DELETE_SETTINGS
from ml_connector.singer.windows import WINDOW_SETTINGS
from ml_connector.vendors.zoho.settings import ZOHO_SETTINGS

DEFAULT_FORMULA_DAYS = 1

_MODULES = (
    Setting(
        "modules",
        "API names of the modules to offer as streams. By default all that the API supports and the user may "
        "view, custom ones included; each costs a credit to look at.",
        "array",
    ),
    Setting(
        "converted_leads",
        "Which leads to read: `false` those that are not converted, `true` those that are, or `both`; the "
        "latter two by lists, whatever `read_way: auto` would choose.",
        default="false",
        allowed=("false", "true", "both"),
    ),
    Setting(
        "single_reads",
        "Modules whose changed records are also read one by one, for what only that shows: subforms, "
        "line items, multi-select lookups, files. Each record costs a credit.",
        "array",
    ),
    Setting(
        "record_ids",
        "Read only the records with these ids, whenever they changed, and leave the bookmark as it is. An id "
        "is looked for in each selected stream; `Accounts:5725767000000411001` in that one only.",
        "array",
    ),
    Setting(
        "deleted_records",
        "Read the list of deleted records too, from a bookmark of its own, and send each as a record with "
        "its id and `_sdc_deleted_at`. Zoho keeps entries of the recycle bin 60 days, of what left it 120.",
        "boolean",
        True,
    ),
    Setting(
        "formula_refresh_every",
        "Days after which a module with formulas or roll-ups is read whole again, fractions allowed: their "
        "values change without a new Modified_Time. 0 is every run, 36500 is never. Modules without such a "
        "field in the selection are not read again.",
        "number",
        DEFAULT_FORMULA_DAYS,
        minimum=0,
    ),
)
_WAYS = (
    Setting(
        "read_way",
        "`coql`: queries by Modified_Time and id. `list`: the list of records. `bulk`: Bulk Read jobs, 50 "
        "credits for 200,000 records and minutes of waiting. `auto`: COQL, Bulk Read from `bulk_from` "
        "records on, and lists where COQL does not know the module.",
        default="auto",
        allowed=("auto", "coql", "list", "bulk"),
    ),
    Setting(
        "bulk_from",
        "Records from which on `auto` takes Bulk Read: for a module's first load by its count, later for "
        "what is left after so many changed records.",
        "integer",
        50_000,
        minimum=1,
    ),
    Setting(
        "coql_columns",
        "Columns of one COQL query at most; a module with more is read by several and joined.",
        "integer",
        500,
        minimum=3,
        maximum=500,
    ),
    Setting("coql_rows", "Rows of one COQL query.", "integer", 2000, minimum=2, maximum=2000),
    Setting(
        "list_limit",
        "Records of one chain of list pages; then a new chain begins at the last time read.",
        "integer",
        100_000,
        minimum=200,
        maximum=100_000,
    ),
    Setting(
        "bulk_poll",
        "Seconds between two looks at a Bulk Read job at first; the pause grows to a minute.",
        "number",
        5,
        minimum=0.01,
    ),
    Setting("bulk_timeout", "Seconds to wait for a Bulk Read job at most.", "number", 3600, minimum=1),
)

SETTINGS: tuple[Setting, ...] = (
    *ZOHO_SETTINGS,
    *_MODULES,
    *_WAYS,
    *with_defaults(without(WINDOW_SETTINGS, "keys"), look_back=300, window_lag=5),
    *DELETE_SETTINGS,
)
"""Every setting."""
