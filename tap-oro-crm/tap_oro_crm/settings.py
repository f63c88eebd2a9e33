"""The settings of the tap."""

from __future__ import annotations

from ml_connector.settings import Setting, with_defaults, without
from ml_connector.singer.deletes import DELETE_SETTINGS
from ml_connector.singer.windows import WINDOW_SETTINGS
from ml_connector.vendors.oro.settings import ORO_SETTINGS

KINDS = ("string", "integer", "number", "boolean", "date", "date-time", "texts")

_CONTENT = (
    Setting(
        "include_people",
        "Give cases and comments the names and addresses of their people too: `relatedContact_name`, "
        "`relatedContact_email`, `relatedContact_phone`, `assignedTo_email`, `owner_email`; `contact_name`, "
        "`contact_email`, `owner_email`. They come in the same answers.",
        "boolean",
        True,
    ),
    Setting(
        "attribute_types",
        "Types of attributes that the installation added: `{cases: {budget: number}}`. Types are string, "
        "integer, number, boolean, date, date-time and texts (a list). By default they are taken from the "
        "newest records; an attribute that is empty in all of these may be of any type.",
        "object",
        items={"type": ["string", "object"]},
    ),
    Setting(
        "record_ids",
        "Read only the records with these ids, whenever they changed, and leave the bookmark as it is. An id "
        "is looked for in each selected stream; `cases:22` in that one only, and with it come the case's "
        "comments in casecomments, and the people of both in contacts and users.",
        "array",
        items={"type": ["string", "integer"]},
    ),
    Setting(
        "follow_cases",
        "With each case that changed send all its comments again, changed or not, where casecomments is "
        "selected: a case that becomes a ticket brings along what was said before.",
        "boolean",
        False,
    ),
    Setting(
        "server_filters",
        "Ask for changed records by `updatedAt` where the server can filter by it: contacts always, others "
        "where an administrator allowed it. `false`: compare all records with the bookmark here.",
        "boolean",
        True,
    ),
)

_LAG = Setting(
    "window_lag",
    "Seconds before the server's present time to which the bookmark is moved, for changes that are being "
    "committed just now. What is newer is sent all the same, and not again.",
    "number",
    5,
    minimum=0,
)

SETTINGS: tuple[Setting, ...] = (
    *ORO_SETTINGS,
    *_CONTENT,
    *with_defaults(without(WINDOW_SETTINGS, "keys", "window_days", "window_lag"), look_back=300),
    _LAG,
    *DELETE_SETTINGS,
)
"""Every setting."""
