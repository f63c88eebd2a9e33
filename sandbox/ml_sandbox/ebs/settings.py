"""Settings of the simulated instance: what no public text settles is one of them."""

from ml_sandbox.core.settings import Setting

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)

SETTINGS = (
    Setting(
        "server_zone",
        "America/New_York",
        "The database server's time zone: DATE columns are in it and do not say so (TZ).",
        ZONES,
    ),
    Setting("access_token_name", "EBSDB", "Name of the token cookie, the instance's SID (APIE)."),
    Setting(
        "token_lifetime_seconds",
        14_400,
        "Life of an access token; not published, taken after the session limit profile option.",
    ),
    Setting(
        "token_idle_seconds",
        1_800,
        "An access token ends when unused for so long; not published, taken after the session time-out.",
    ),
    Setting(
        "lock_after_failures",
        5,
        "Failed log-ons in a row that lock a user; 0 never locks (a profile option, not published).",
    ),
    Setting(
        "login_reply",
        "response",
        "Outermost key of the JSON login reply: response.data, data alone, or neither.",
        ("response", "data", "bare"),
    ),
    Setting(
        "provider_deployed",
        True,
        "Whether the metadata provider is deployed, so that provider/isActive/ works (AWS).",
    ),
    Setting("wadl_needs_login", False, "Whether ?WADL and ?XSD ask for credentials (not published)."),
    Setting(
        "invalid_alias_status", 500, "HTTP status of ISG_INVALID_ALIAS (not published).", (500, 404, 400)
    ),
    Setting(
        "invalid_function_status",
        500,
        "HTTP status of ISG_INVALID_FUNCTION (not published).",
        (500, 404, 400),
    ),
    Setting(
        "execution_error_status",
        500,
        "HTTP status of ISG_SERVICE_EXECUTION_ERROR: 500 (KONG-NOTE) or 400 (AWS).",
        (500, 400),
    ),
    Setting(
        "missing_slash",
        "fault",
        "What an operation without its trailing slash gets: a fault, a redirect, or the answer.",
        ("fault", "redirect", "accept"),
    ),
    Setting("max_url_bytes", 8_190, "Longest request line target of the front HTTP server; above it is 414."),
    Setting(
        "select_parameter", "select", "Query name of the column list; Java services say fields (BLOG-JAVA)."
    ),
    Setting("filter_parameter", "filter", "Query name of the filter (BLOG-JAVA control record)."),
    Setting("sort_parameter", "sort", "Query name of the sort list (BLOG-JAVA control record)."),
    Setting("limit_parameter", "limit", "Query name of the page size (BLOG-JAVA control record)."),
    Setting("offset_parameter", "offset", "Query name of the first row (BLOG-JAVA control record)."),
    Setting("organization_parameter", "ctx_orgid", "Query name of the operating unit (not published)."),
    Setting(
        "unknown_parameters",
        "fault",
        "What an undeclared query parameter gets: a fault, or nothing.",
        ("fault", "ignore"),
    ),
    Setting(
        "filter_operators",
        "symbols",
        "Comparison in filters: symbols such as >= or words such as ge (not published).",
        ("symbols", "words"),
    ),
    Setting(
        "date_mask",
        "YYYY-MM-DD HH24:MI:SS",
        "Oracle mask of a date literal in a filter (not published).",
    ),
    Setting("max_in_list", 1_000, "Longest IN list that the database takes (ORA-01795)."),
    Setting(
        "sort_separator",
        "space",
        "Between column and direction of a sort item: 'COL desc' or 'COL:desc' (not published).",
        ("space", "colon"),
    ),
    Setting(
        "get_context",
        "query",
        "Where a GET carries the context: the query (BLOG-JAVA), or HTTP headers too (not published).",
        ("query", "header"),
    ),
    Setting(
        "post_context",
        "body",
        "Where a POST carries the context: RESTHeader of the body (DG-MSG), or query or headers too.",
        ("body", "query", "header", "any"),
    ),
    Setting(
        "bare_input_parameters",
        False,
        "Whether InputParameters pass without their wrapper: they do in NAV, not in KONG-NOTE.",
    ),
    Setting(
        "package_operation_names",
        "",
        "Names that the site gave to procedures of the package: HZ_PARTIES=GET_PARTIES, with commas.",
    ),
    Setting(
        "package_parameter_names",
        "",
        "Names that the site gave to parameters: P_LIMIT=P_MAX_ROWS; without a name (P_OFFSET=) it has none.",
    ),
    Setting(
        "package_output_names",
        "",
        "Names that the site gave to what comes out: X_ROWS=X_DATA; without a name it has none.",
    ),
    Setting(
        "package_date_mask",
        'YYYY-MM-DD"T"HH24:MI:SS',
        "Oracle mask of the dates that go into the package and come out.",
    ),
    Setting(
        "package_types",
        "text",
        "Columns of the package: all VARCHAR2, or NUMBER and DATE as in the tables (numbers, date_format).",
        ("text", "typed"),
    ),
    Setting(
        "package_multi_org",
        "responsibility",
        "Units whose rows the package shows: those of the responsibility, or all (MOAC).",
        ("responsibility", "all"),
    ),
    Setting(
        "package_answer",
        "data",
        "What the package answers: data, status E, status U, or an ISGServiceFault; all with HTTP 200.",
        ("data", "E", "U", "fault"),
    ),
    Setting(
        "package_answer_operations",
        "",
        "Procedures, with commas, to which package_answer applies; all when empty.",
    ),
    Setting(
        "max_parameter_characters",
        32_767,
        "Longest parameter: VARCHAR2 in PL/SQL; above it is ORA-06502.",
    ),
    Setting("offset_base", 0, "Offset of the first row (not published).", (0, 1)),
    Setting("default_limit", 500, "Rows of a page when no limit is given (not published).", (), 1),
    Setting("max_limit", 5_000, "Largest page (not published).", (), 1),
    Setting(
        "over_max_limit",
        "fault",
        "What a limit above the largest page gets: a fault, or a shorter page.",
        ("fault", "clamp"),
    ),
    Setting("ignore_offset", False, "Simulates a server that does not know offset: every page is the first."),
    Setting("ignore_filter", False, "Simulates a server that does not know filter."),
    Setting("ignore_sort", False, "Simulates a server that does not know sort."),
    Setting(
        "beyond_end",
        "empty",
        "What a page beyond the last row gets: no rows, or a fault (not published).",
        ("empty", "fault"),
    ),
    Setting(
        "row_wrapper",
        "rec",
        "Where rows are: TABLE_REC, TABLE.TABLE_ITEM, TABLE, or value with a ControlBean (not published).",
        ("rec", "item", "table", "value"),
    ),
    Setting(
        "single_row",
        "object",
        "How a collection of one row looks in JSON (OIC-PLSQL shows both).",
        ("object", "array"),
    ),
    Setting(
        "empty_collection",
        "absent",
        "How a collection without rows looks (BLOG-PLSQL: all are allowed).",
        ("absent", "null", "empty"),
    ),
    Setting("numbers", "number", "How NUMBER looks in JSON (both seen).", ("number", "string")),
    Setting(
        "nulls",
        "nil",
        'How null looks in JSON: null, no key, the text "null", {"@xsi:nil": "true"}, or "".',
        ("null", "missing", "text", "nil", "empty"),
    ),
    Setting(
        "date_format",
        "plain",
        "How DATE looks: 2026-11-20T10:11:12, with .000, with the server's offset, or both.",
        ("plain", "fraction", "offset", "fraction_offset"),
    ),
    Setting("namespace_keys", True, "Whether JSON answers carry @xmlns keys."),
    Setting(
        "format_without_accept",
        "xml",
        "Format when Accept names neither JSON nor XML (not published).",
        ("xml", "json"),
    ),
    Setting(
        "response_format",
        "negotiated",
        "Format of answers: as Accept says, or always the same.",
        ("negotiated", "json", "xml"),
    ),
)
