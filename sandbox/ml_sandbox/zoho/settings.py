"""Settings of the simulated Zoho CRM organisation."""

from ml_sandbox.core.settings import Setting
from ml_sandbox.zoho.data_centers import DATA_CENTERS

EDITIONS = ("free", "standard", "professional", "enterprise", "ultimate")

SETTINGS = (
    Setting(
        "data_center",
        "us",
        "The organisation's data centre (MDC); others do not know it.",
        tuple(DATA_CENTERS),
    ),
    Setting("api_domain", "", "What token answers name as api_domain; empty for the true one."),
    Setting("edition", "enterprise", "The edition, which sets credits and concurrency (LIM).", EDITIONS),
    Setting("users", 10, "Bought user licences; each adds credits (LIM).", minimum=1),
    Setting("credits_per_day", 0, "Credits in 24 hours instead of the edition's; 0 for the edition's."),
    Setting("concurrency", 0, "Calls at a time instead of the edition's; 0 for the edition's."),
    Setting("sub_concurrency", 10, "Heavy calls at a time (LIM).", minimum=1),
    Setting(
        "sub_concurrency_scope",
        "shared",
        "Whether heavy calls share that limit or each kind has its own; not documented.",
        ("shared", "each"),
    ),
    Setting("call_ms", 1.0, "Milliseconds for which a call counts as running before it is answered."),
    Setting("delete_records_per_credit", 100, "Records that one credit deletes; not documented.", minimum=1),
    Setting(
        "throttled_body", "new", "The shape of 429 bodies: documented, or the older one seen.", ("new", "old")
    ),
    Setting("time_zone", "America/Los_Angeles", "The user's time zone, whose offset all times carry (REC)."),
    Setting("access_token_seconds", 3600, "Life of an access token (OAUTH).", minimum=1),
    Setting(
        "access_tokens_per_window", 10, "Access tokens of a refresh token in ten minutes (OAUTH).", minimum=1
    ),
    Setting(
        "active_access_tokens",
        15,
        "Living access tokens of a refresh token, the oldest ends first; pages say 10, 15 and 30.",
        minimum=1,
    ),
    Setting(
        "soid",
        "zgid",
        "Which number of the organisation client_credentials has to name; not documented.",
        ("zgid", "id", "any"),
    ),
    Setting(
        "hidden_modules", "", "Modules, separated by commas, that the edition or profile does not offer."
    ),
    Setting(
        "edition_modules",
        True,
        "Whether small editions lack modules: free and standard Vendors, Purchase_Orders and Invoices, "
        "free custom ones too; not documented.",
    ),
    Setting("page_limit", 2_000, "Records that can be listed without page_token (REC).", minimum=1),
    Setting("token_page_limit", 100_000, "Records that can be listed with page_token (REC).", minimum=1),
    Setting("page_token_seconds", 86_400, "Life of a page token (REC).", minimum=1),
    Setting(
        "page_token_mode",
        "keyset",
        "What a page token remembers when records change meanwhile; not documented.",
        ("keyset", "offset"),
    ),
    Setting("ids_limit", 100, "Ids in one list call; not documented.", minimum=1),
    Setting("unchanged_status", 304, "The answer when nothing changed since If-Modified-Since.", (304, 204)),
    Setting("since_inclusive", True, "Whether If-Modified-Since includes its second; not documented."),
    Setting("zulu_times", False, "Whether times may end in Z instead of an offset; not documented."),
    Setting("unknown_id_status", 204, "The answer for one record of an unknown id.", (204, 400)),
    Setting(
        "unknown_field",
        "drop",
        "What becomes of an unknown key in a write; not documented.",
        ("drop", "error"),
    ),
    Setting(
        "read_only_field",
        "drop",
        "What becomes of a read-only field in a write; not documented.",
        ("drop", "error"),
    ),
    Setting("long_text", "error", "What becomes of over-long text in a write.", ("error", "cut")),
    Setting("trim", True, "Whether blanks around texts are taken off on write; not documented."),
    Setting(
        "decimals",
        "round",
        "What becomes of more decimals than the field has; not documented.",
        ("round", "cut", "error"),
    ),
    Setting(
        "picklist", "error", "What becomes of a value that is not in the pick list.", ("error", "accept")
    ),
    Setting("null_clears", True, "Whether null empties a field (else it is ignored); not documented."),
    Setting("lookup_by_name", False, "Whether a lookup may be written by name alone; not documented."),
    Setting("multiple_errors", "all", "Whether a record's item tells all its errors.", ("all", "first")),
    Setting("failed_batch_status", 400, "The status when every record of a batch failed.", (400, 207)),
    Setting(
        "unmodified_since_scope",
        "request",
        "Whether one changed record fails the whole request with 412; not documented.",
        ("request", "record"),
    ),
    Setting("unchanged_touches", True, "Whether a write of equal values sets Modified_Time; not documented."),
    Setting(
        "upsert_id_first", True, "Whether an id in an upsert wins over its unique fields; not documented."
    ),
    Setting(
        "upsert_several",
        "oldest",
        "Which of several records with the same system field is updated; not documented.",
        ("oldest", "newest"),
    ),
    Setting(
        "upsert_twins",
        "update",
        "What becomes of the second of two equal keys in one batch; not documented.",
        ("update", "insert"),
    ),
    Setting("unique_key", "case_sensitive", "The key inside unique.", ("case_sensitive", "casesensitive")),
    Setting(
        "default_field_type",
        "used",
        "Which fields /settings/fields gives without type; not documented.",
        ("used", "all"),
    ),
    Setting("coql_total", 100_000, "Records that LIMIT and OFFSET reach (COQL).", minimum=1),
    Setting("coql_columns", 50, "Columns of a SELECT; 50 in old pages, 500 used in production.", minimum=1),
    Setting("coql_in_values", 50, "Values of an IN (COQL).", minimum=1),
    Setting("coql_lookup_names", True, "Whether COQL names the records of lookups; not documented."),
    Setting("coql_ignores_case", True, "Whether COQL compares texts in any case; not documented."),
    Setting("bulk_seconds", 5.0, "Seconds that a bulk job takes besides its rows."),
    Setting("bulk_row_seconds", 0.0005, "Seconds that a bulk job takes for each row."),
    Setting("bulk_jobs", 10, "Bulk jobs of a kind that may run at a time; not documented.", minimum=1),
    Setting("bulk_read_rows", 200_000, "Records in one result of a bulk read (BR).", minimum=1),
    Setting("bulk_id_header", "Id", "What the CSV of a bulk read calls the id; seen as Id."),
    Setting("bulk_write_rows", 25_000, "Rows of one bulk write; stated for a sister product.", minimum=1),
    Setting("bulk_write_triggers", True, "Whether workflows run for bulk writes; not documented."),
    Setting(
        "bulk_result_columns",
        "STATUS,ERRORS,RECORD_ID",
        "What the result of a bulk write calls its three columns; not documented.",
    ),
    Setting("index_delay_seconds", 3.0, "For so long the search does not find what was written (SRCH)."),
    Setting("restore_touches", False, "Whether a restore sets Modified_Time; not documented."),
    Setting("merge_touches", True, "Whether a merge sets Modified_Time of the master; not documented."),
    Setting(
        "merge_delete_type",
        "recycle",
        "How /deleted shows a merged record; not documented.",
        ("recycle", "permanent", "none"),
    ),
    Setting("convert_touches", True, "Whether a conversion sets Modified_Time; not documented."),
)
