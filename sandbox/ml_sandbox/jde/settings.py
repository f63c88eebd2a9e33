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
    Setting(
        "captions_member",
        "columns",
        "Member of gridData with the captions: columns, or titles as in some releases (C).",
        ("columns", "titles"),
    ),
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
ORCHESTRATION_SETTINGS = (
    Setting(
        "input_format",
        "Generic",
        "Input form that the orchestrations were designed with; only this one is read (TOS).",
        ("Generic", "JDE Standard"),
    ),
    Setting(
        "input_date_format",
        "yyyy-MM-dd",
        "Form of a date in an input; it is part of an orchestration's definition (TOS).",
        ("yyyy-MM-dd", "milliseconds", "cyyddd", "MM/dd/yyyy", "dd/MM/yyyy", "yyyyMMdd"),
    ),
    Setting("missing_input_status", 500, "HTTP status when a required input is missing (n/c).", (500, 400)),
    Setting("update_required_inputs", "", "Inputs, with commas, that every update requires too: Name,Phone."),
    Setting(
        "omitted_inputs",
        "keep",
        "What an update does to the column of an input that is left out: keeps it, or blanks it.",
        ("keep", "blank"),
    ),
    Setting("stores_long_address", True, "Whether the orchestrations pass on Long Address to F0101.ALKY."),
    Setting("missing_orchestrations", "", "Orchestrations, with commas, that are not deployed."),
    Setting(
        "unknown_orchestration_status",
        500,
        "HTTP status for an orchestration that is not there (n/c).",
        (500, 404, 400),
    ),
    Setting(
        "duplicate_check",
        "off",
        "What another record with the same long address or tax id is: nothing, a warning or an error (AAB).",
        ("off", "warning", "error"),
    ),
    Setting("stop_on_warning", False, "Whether a form stops on a warning: it refuses what it warns of (OT)."),
    Setting(
        "too_long", "cut", "What a text beyond its column's length is: cut, or refused.", ("cut", "refuse")
    ),
    Setting("refused_phones", "", "Phone numbers that contain this text are refused."),
    Setting(
        "refused_channel",
        "warning",
        "What a refused phone or e-mail comes to; the master record is kept (AAA).",
        ("warning", "continue", "stop"),
    ),
    Setting("mobile_phone_type", "CAR", "Phone type of the input Mobile (UDC 01/PH is a site's own)."),
    Setting(
        "failure_shape",
        "http",
        "How a refused step is told: HTTP 500, or 200 with errors of a form and so on (TOS, H).",
        ("http", "form_errors", "errors_warnings", "continued", "sys_errors"),
    ),
    Setting("message_is_object", False, "Whether the message of an HTTP 500 is an object (E)."),
    Setting("jde_status", False, "Whether answers carry the members jde__status and so on (TOS)."),
    Setting(
        "output_mapping", True, "Whether outputs are mapped, or come as the result of a form step (F, H)."
    ),
    Setting("orchestration_milliseconds", 0, "Real milliseconds that a run takes (BF: 100 and more)."),
    Setting(
        "max_concurrent_calls", 0, "Searches and runs at a time; above it is 503 of a proxy; 0: no limit."
    ),
)
REPORT_SETTINGS = (
    Setting("report_wait_seconds", 2.0, "How long a report waits in its queue (status W)."),
    Setting("report_seconds", 3.0, "How long a report processes (status P), without its rows."),
    Setting("report_row_milliseconds", 20.0, "How long a report needs for a row."),
    Setting(
        "report_ends",
        "D",
        "Status in which reports end: D done, or E error with nothing processed.",
        ("D", "E"),
    ),
)

SETTINGS = (*SESSION_SETTINGS, *DATA_SETTINGS, *ORCHESTRATION_SETTINGS, *REPORT_SETTINGS)
