"""Settings of the simulated Zendesk account."""

from ml_sandbox.core.settings import Setting

REQUESTS_PER_MINUTE = {
    "suite_team": 200,
    "suite_growth": 400,
    "suite_professional": 400,
    "suite_enterprise": 700,
    "suite_enterprise_plus": 2500,
    "support_essential": 10,
    "support_team": 200,
    "support_professional": 400,
    "support_enterprise": 700,
}
"""By plan (RL)."""

HIGH_VOLUME_REQUESTS = 2500

SETTINGS = (
    Setting(
        "plan",
        "suite_enterprise",
        "The plan, which sets the requests per minute (RL).",
        choices=tuple(REQUESTS_PER_MINUTE),
    ),
    Setting(
        "account_kind",
        "production",
        "Sandbox and trial accounts have lower limits for tickets (RL).",
        choices=("production", "sandbox", "trial"),
    ),
    Setting("high_volume", False, "The High Volume add-on: 2,500 requests and 30 exports a minute (RL)."),
    Setting("requests_per_minute", 0, "Requests per minute instead of the plan's; 0 for the plan's."),
    Setting("api_tokens", True, "Whether API tokens are accepted; Zendesk ends them on 30 April 2027 (MIG)."),
    Setting("access_token_seconds", 1800, "Life of an access token when none is asked for (TTL).", minimum=1),
    Setting(
        "refresh_token_seconds", 2_592_000, "Life of a refresh token when none is asked for (GT).", minimum=1
    ),
    Setting(
        "token_status",
        200,
        "Status of a granted token: 200 as clients report, or 201 as in OAS.",
        choices=(200, 201),
    ),
    Setting("job_seconds", 5.0, "Seconds before a job works on its first row."),
    Setting("job_row_seconds", 0.02, "Seconds that a job takes for each row."),
    Setting("job_limit", 30, "Jobs that may be queued or running (RL).", minimum=1),
    Setting(
        "job_result_index",
        "failures",
        "Which items of jobs carry the row's position; known for tickets only (JOB).",
        choices=("never", "failures", "always"),
    ),
    Setting(
        "unknown_field",
        "drop",
        "What becomes of an unknown custom field or option in a write; not documented.",
        choices=("drop", "error"),
    ),
    Setting(
        "twin_seconds", 0.0, "For so long a new organization is not seen by uniqueness checks (ORG: races)."
    ),
    Setting(
        "bulk_user_imports",
        True,
        "Whether Zendesk's support has enabled bulk user imports; they are off in a new account (USR).",
    ),
    Setting(
        "multiple_organizations",
        "plan",
        "Whether users may be in several organizations: by the plan (Suite Growth or Support "
        "Professional and above, OM), on or off.",
        choices=("plan", "on", "off"),
    ),
    Setting("search_lag_seconds", 0.0, "For so long a new user is not found by a search (SRCH)."),
    Setting(
        "primary_on_create",
        True,
        "Whether a new identity may be made primary at once, as OAS says; else only by make_primary.",
    ),
    Setting(
        "job_metadata", True, "Whether audits keep the metadata of rows in ticket jobs; not documented (AUD)."
    ),
    Setting("batch_by_external_id", False, "Whether batch updates find rows by external_id; not documented."),
    Setting("field_tags", True, "Whether a chosen option is also a tag of the record (OAS, example)."),
    Setting(
        "export_504_above",
        0,
        "An export page of more rows than this answers 504; 0 for never (IE: large pages can).",
        minimum=0,
    ),
    Setting(
        "archived_audits_meta",
        False,
        "Whether the audits of an archived ticket, all on one page, come with meta all the same: some "
        "clients of others rely on it; it is not promised (AUD).",
    ),
    Setting(
        "comment_edits",
        "generated",
        "What a redaction, or a comment made private, moves: the ticket's generated_timestamp; updated_at "
        "too, with an audit; or nothing. Not documented.",
        choices=("generated", "audited", "nothing"),
    ),
    Setting(
        "redacted_events",
        True,
        "Whether old audits and events show a redacted comment as it is now; not documented.",
    ),
    Setting(
        "events_absent",
        "none",
        "Whose events the export of ticket events leaves out: nobody's, archived tickets', AI agents' "
        "tickets'. Not documented.",
        choices=("none", "archived", "ai_agent"),
    ),
    Setting(
        "scrubbed_tickets",
        "shown",
        "Whether exports show tickets that were deleted for good, or leave them out; not documented.",
        choices=("shown", "absent"),
    ),
)
