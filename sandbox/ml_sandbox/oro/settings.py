"""Settings of the simulated OroCRM."""

from ml_sandbox.core.settings import Setting

FIELDS = r"(\s*\w+\.\w+\s*(,\s*\w+\.\w+\s*)*)?"
_ATTRIBUTE = r"\s*\w+:(string|text|integer|boolean|datetime|date)\s*"
ATTRIBUTES = rf"({_ATTRIBUTE}(,{_ATTRIBUTE})*)?"
NAMES = r"(\s*\w+\s*(,\s*\w+\s*)*)?"

SETTINGS = (
    Setting(
        "version",
        "7.0.2",
        "The release: 6.0 has upsert, 6.1 the synchronous batch and validate, 7.0.2 external ids (B1).",
        ("5.1", "6.0", "6.1", "7.0.2"),
    ),
    Setting("patched", False, "The last patch release: upsert in 5.1, the synchronous batch in 6.0 (B1)."),
    Setting("bundle", False, "Whether the native Zendesk bundle is installed, with its resources (B4)."),
    Setting(
        "prefix",
        "/api",
        "Where the back-office API is; behind /admin with the commerce packages (B1).",
        ("/api", "/admin/api"),
    ),
    Setting("api_enabled", True, "The web API is switched on; off by default at the vendor (B1)."),
    Setting("max_entities", -1, "The largest page[size] that the administrator allows; -1 for any.", (), -1),
    Setting(
        "max_related_entities", 1000, "Related records listed in a to-many relationship (B6).", minimum=1
    ),
    Setting(
        "extra_filters",
        "",
        "Filters and sorters that an administrator added: type.field, separated by commas (B4).",
        pattern=FIELDS,
    ),
    Setting(
        "extra_actions",
        "",
        "Actions that an administrator enabled: type.action, such as cases.update_list (B8).",
        pattern=FIELDS,
    ),
    Setting(
        "extra_upserts",
        "",
        "Fields by which an administrator let upserts find records: type.field (B7).",
        pattern=FIELDS,
    ),
    Setting(
        "denied_actions",
        "",
        "What the role of the token's user does not permit: type.action (get, create, update, delete).",
        pattern=FIELDS,
    ),
    Setting(
        "ext_id_entities",
        "",
        "Types whose external id is the id under X-Integration-Type: ext_id (B7).",
        pattern=NAMES,
    ),
    Setting(
        "case_attributes",
        "",
        "Custom attributes of cases: name:type, of string, text, integer, boolean, datetime, date.",
        pattern=ATTRIBUTES,
    ),
    Setting("access_token_seconds", 3600, "Life of an access token (B2).", minimum=1),
    Setting("refresh_token_seconds", 18_144_000, "Life of a refresh token (B2).", minimum=1),
    Setting("encryption_key", True, "Whether the server has its key pair; without it no token (B2)."),
    Setting(
        "wrong_media_type",
        "plain",
        "What other media types get: the plain JSON API, or 406 (B3, B9).",
        ("plain", "406"),
    ),
    Setting("consumer_running", True, "Whether the message consumer runs; else operations stay new (B8)."),
    Setting("chunk_seconds", 1.0, "Seconds that a chunk of a batch operation takes."),
    Setting("chunk_size", 100, "Primary records in a chunk (B8).", minimum=1),
    Setting("native_two_way", False, "The bundle's own two-way sync is on: it exports linked cases (A8)."),
    Setting(
        "closed_at",
        "stamp",
        "Which closedAt stays when a write closes a case and names one: the server's, or the one given; n/c.",
        ("stamp", "given"),
    ),
    Setting("trim", True, "Whether blanks around texts are taken off on write; n/c."),
    Setting("ignore_case", False, "Whether filters compare texts in any case, as the database may; n/c."),
    Setting(
        "user_emails",
        "texts",
        "The form of a user's further e-mails; n/c.",
        ("texts", "objects"),
    ),
    Setting("rate_limit_per_minute", 0, "Requests a minute that a proxy lets through; 0 for all (B9)."),
)
