"""The settings of the tap."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, with_defaults, without
from ml_connector.singer.deletes import DELETE_SETTINGS
from ml_connector.singer.windows import WINDOW_SETTINGS
from ml_connector.vendors.zendesk.client import EXPORTS_PER_MINUTE
from ml_connector.vendors.zendesk.settings import LOGIN_SETTINGS

DEFAULT_PAGE_SIZE = 1000
DEFAULT_PARALLEL = 5
DEFAULT_RECHECK_HOURS = 24

_START = tuple(setting for setting in WINDOW_SETTINGS if setting.name == "start_date")

_READING = (
    Setting(
        "record_ids",
        "Read only the records with these ids, whenever they changed, and leave the bookmarks as they are. "
        "An id is looked for in each selected stream of tickets (also their comments, audits and metrics), "
        "users, agents and organizations; `tickets:12` in that one only, and so are records of any other.",
        "array",
        items={"type": ["string", "integer"]},
    ),
    Setting(
        "support_type_scope",
        "Whose tickets to export: `all`, those of human agents (`agent`), or of AI agents (`ai_agent`).",
        default="all",
        allowed=("all", "agent", "ai_agent"),
    ),
    Setting(
        "custom_fields",
        "`raw`: custom fields as they come, a list of id and value in tickets, an object by key in users and "
        "organizations. `typed`: a column for each, as the account defines them when the tap is started.",
        default="raw",
        allowed=("raw", "typed"),
    ),
    Setting(
        "page_size",
        "Rows of one page of an export. A page that Zendesk gives up on (504) is asked for by halves.",
        "integer",
        DEFAULT_PAGE_SIZE,
        minimum=1,
        maximum=1000,
    ),
    Setting(
        "parallel",
        "Requests at the same time where tickets are read one by one: audits, and comments in part.",
        "integer",
        DEFAULT_PARALLEL,
        minimum=1,
        maximum=16,
    ),
)
_COMMENTS = (
    Setting(
        "comments_from",
        "`events`: comments from the export of ticket events, about a thousand to a request. `tickets`: from "
        "each changed ticket, a request each.",
        default="events",
        allowed=("events", "tickets"),
    ),
    Setting(
        "fill_gaps",
        "Read the comments of a ticket from the ticket itself where it changed and the export of events has "
        "nothing of it. Gaps are seen where the stream tickets is selected too.",
        "boolean",
        True,
    ),
    Setting(
        "recheck_days",
        "Read the comments of a ticket again, a request each, when it changed, and now and then those of all "
        "tickets that changed in so many days: an edit, redaction or change of visibility leaves no trace in "
        "exports. 0 is never.",
        "number",
        0,
        minimum=0,
    ),
    Setting(
        "recheck_every",
        "Hours between two readings of all tickets that changed in `recheck_days`; 0 is every run.",
        "number",
        DEFAULT_RECHECK_HOURS,
        minimum=0,
    ),
)
_QUOTA = (
    Setting(
        "exports_per_minute",
        "Requests of exports that the account may make in a minute: 10, or 30 with the High Volume add-on. "
        "What Zendesk states in its answers counts more.",
        "number",
        EXPORTS_PER_MINUTE,
        minimum=1,
    ),
    Setting(
        "export_share",
        "Share of them that the tap may use, where other programs export too.",
        "number",
        1,
        minimum=0.01,
        maximum=1,
    ),
)

SETTINGS: tuple[Setting, ...] = (
    *with_defaults(LOGIN_SETTINGS, scope="read"),
    *_START,
    *_READING,
    *_COMMENTS,
    *DELETE_SETTINGS,
    *_QUOTA,
    *without(COMMON_SETTINGS, "base_url"),
)
"""Every setting."""
