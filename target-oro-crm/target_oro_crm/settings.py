"""The settings of target-oro-crm."""

from __future__ import annotations

from ml_connector.settings import Setting, with_defaults, without
from ml_connector.singer.settings import PRIORITY_SETTINGS, TARGET_SETTINGS
from ml_connector.vendors.oro.settings import ORO_SETTINGS, WRITING_SETTINGS

_PLACE = (
    Setting(
        "default_user_owner",
        "User (user name or e-mail address) that owns new records, and is assigned, where no user of OroCRM "
        "has the address of the person that the source names. Default: the login's own user.",
    ),
    Setting(
        "organization_id",
        "Id of the organization that contacts are looked for in, and that new records are given to. Default: "
        "whatever the login sees, and its own.",
    ),
)
_ZENDESK = (
    Setting(
        "zendesk_records",
        "Records of the types that OroCRM's own Zendesk integration brings (zendesktickets, "
        "zendeskticketcomments, zendeskusers): `auto` writes them where the server has these types, "
        "`require` stops the run where it has not, `off` leaves them out.",
        default="auto",
        allowed=("auto", "require", "off"),
    ),
    Setting(
        "oro_channel_id",
        "Id of the Zendesk integration in OroCRM (System, Integrations), for the records of its types. "
        "Required where OroCRM's own Zendesk integration is installed.",
    ),
    Setting(
        "native_sync_off",
        "Confirms that two-way sync is switched off in OroCRM's own Zendesk integration, which would send "
        "what is written here to Zendesk by itself. Where it is installed, nothing runs without.",
        "boolean",
        False,
    ),
    Setting(
        "ticket_number_field",
        "Attribute of cases that keeps the number of the ticket, for servers below 7.0.2; from 7.0.2 on it "
        "is kept in externalId.",
    ),
    Setting(
        "case_fields",
        "Attributes of cases that take facts of the ticket, by the fields of the mapping: `{ticket_type: "
        "my_type}`. What is not named here is left out of the case.",
        "object",
        items={"type": "string"},
    ),
    Setting(
        "comment_time",
        "Where the time of a comment goes, which OroCRM stamps itself: `record` into the Zendesk comment "
        "record, `message` into the first line of the message as well.",
        default="record",
        allowed=("record", "message"),
    ),
    Setting(
        "allow_empty_ledger",
        "Below 7.0.2, without OroCRM's own Zendesk integration and without ticket_number_field nothing but "
        "the ledger knows which case is which ticket. Confirms that a run with an empty one is a first run.",
        "boolean",
        False,
    ),
)
_WRITING = (
    Setting(
        "two_way",
        "Somebody else changes mapped fields too: read before each write, a hundred records in a request.",
        "boolean",
        True,
    ),
    Setting("parallel", "How many requests may be under way at once.", "integer", 4, minimum=1, maximum=16),
    Setting(
        "on_delete",
        "A record deleted in the source: ignore it, flag its link so that it is not written any more, or "
        "inactivate: write inactive_values as well. Nothing is ever deleted in OroCRM.",
        default="ignore",
        allowed=("ignore", "flag", "inactivate"),
    ),
    Setting(
        "inactive_values",
        "Per object the values that put a record out of use.",
        "object",
        {"cases": {"status": "closed"}},
        items={"type": "object"},
    ),
)

SETTINGS: tuple[Setting, ...] = (
    *ORO_SETTINGS,
    *WRITING_SETTINGS,
    *_PLACE,
    *_ZENDESK,
    *_WRITING,
    *PRIORITY_SETTINGS,
    *with_defaults(without(TARGET_SETTINGS, "on_delete"), on_missing="flag"),
)
