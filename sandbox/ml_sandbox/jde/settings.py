"""Settings of the simulated server: what no public text settles is one of them."""

from ml_sandbox.core.settings import Setting

ZONES = (
    "America/Denver",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)
DATE_FORMATS = ("dd/MM/yyyy", "MM/dd/yyyy", "yyyy-MM-dd", "yyyyMMdd")

SESSION_SETTINGS = (
    Setting("allow_basic", True, "Whether the administrator lets Basic credentials in."),
    Setting("allow_password", True, "Whether user name and password in a body let in, also for a token."),
    Setting("session_inactivity_minutes", 30.0, "SessionInactivityTimeoutMinutes; its default is n/c."),
    Setting("session_time_to_live_minutes", 720.0, "SessionTimeToLiveMinutes; its default is n/c."),
    Setting(
        "jas_session_minutes", 60.0, "UserSession cache timeout of jas.ini: unused so long, a token ends."
    ),
    Setting(
        "session_affinity",
        "required",
        "Whether a token needs the cookie of its node, goes without, or is refused with it (M:2751113.1).",
        ("required", "ignored", "refused"),
    ),
    Setting("validate_service", True, "Whether tokenrequest/validate exists; older servers lack it."),
    Setting(
        "max_sessions", 0, "Open token sessions of one user; above it a login is refused; 0 is no limit."
    ),
    Setting(
        "html_server_allows",
        True,
        "Whether the HTML server's allowed-hosts list has this AIS server; else 405.",
    ),
)
DATA_SETTINGS = (
    Setting(
        "server_zone",
        "America/Denver",
        "Zone of the clock that fills UPMJ and UPMT, and of TODAY; neither says so.",
        ZONES,
    ),
    Setting(
        "find_needs",
        "either",
        "What starts a search: findOnEntry or query.autoFind, or only both together (n/c).",
        ("either", "both"),
    ),
    Setting("filter_alone_finds", False, "Whether a filter alone starts a search (n/c)."),
    Setting("default_page_size", 100, "Rows of an answer without maxPageSize (TJC)."),
    Setting(
        "blank_strings", "space", "A blank text in an answer: one blank, or empty (n/c).", ("space", "empty")
    ),
    Setting("padded_strings", False, "Whether texts keep their padding to the column's length (n/c)."),
    Setting("null_dates", "null", "No date in an answer: null or an empty text.", ("null", "empty")),
    Setting(
        "amounts",
        "decimal",
        "Amounts in an answer: divided by their decimals, or the stored whole numbers (n/c).",
        ("decimal", "stored"),
    ),
    Setting(
        "date_literal",
        "user",
        "Form of a literal date in a condition: the user's simpleDateFormat, or a fixed one (n/c).",
        ("user", "yyyyMMdd", "yyyy-MM-dd", "cyyddd"),
    ),
    Setting("simple_date_format", "MM/dd/yyyy", "The user's date format, as login tells it.", DATE_FORMATS),
    Setting(
        "wrong_date_literal",
        "error",
        "What a literal date of another form does: a failure, or a condition that no row meets (n/c).",
        ("error", "empty"),
    ),
    Setting(
        "complex_query_order",
        "sequence",
        "How the parts of complexQuery combine: one after the other, or AND before OR (n/c).",
        ("sequence", "and_first"),
    ),
    Setting("next_page_links", True, "Whether enableNextPageProcessing gives links; older servers do not."),
    Setting(
        "next_link_host",
        "http://ais.internal.example:9300",
        "Scheme, host and port in a link to the next page: what the AIS server believes it is.",
    ),
    Setting(
        "result_set_timeout_seconds",
        60.0,
        "resultSetTimeout of jdbj.ini: idle so long, a result is closed (TJC).",
    ),
    Setting("query_milliseconds", 0, "Real milliseconds that a search takes."),
)

SETTINGS = (*SESSION_SETTINGS, *DATA_SETTINGS)
