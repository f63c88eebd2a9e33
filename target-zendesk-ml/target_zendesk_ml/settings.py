"""The settings of target-zendesk-ml."""

from __future__ import annotations

from ml_connector.settings import COMMON_SETTINGS, Setting, without
from ml_connector.singer.settings import PRIORITY_SETTINGS, TARGET_SETTINGS
from ml_connector.vendors.zendesk.settings import LOGIN_SETTINGS

SETTINGS: tuple[Setting, ...] = (
    *LOGIN_SETTINGS,
    Setting(
        "organization_fields",
        "Organization fields that the mapping writes: key, title, type, custom_field_options as in Zendesk's "
        "API. Absent ones are created.",
        "array",
        items={"type": "object", "required": ["key"]},
    ),
    Setting(
        "name_taken",
        "A name that another organization holds: suffix appends the external id, reject makes a letter.",
        default="suffix",
        allowed=("suffix", "reject"),
    ),
    Setting(
        "user_fields",
        "User fields that the mapping writes, in the form of organization_fields. Absent ones are created.",
        "array",
        items={"type": "object", "required": ["key"]},
    ),
    Setting(
        "send_verification",
        "Let Zendesk send a verification mail to new users and new e-mail addresses.",
        "boolean",
        False,
    ),
    Setting(
        "allow_agents",
        "Write to users who are agents or admins, and permit these roles to new users. Otherwise a record "
        "whose user is one becomes a letter.",
        "boolean",
        False,
    ),
    Setting(
        "old_email",
        "The former address of a user whose address changed: keep it as a secondary one, or remove it.",
        default="keep",
        allowed=("keep", "remove"),
    ),
    Setting(
        "on_moved",
        "A user whose record names another organization: leave the user where they are and report it, or "
        "move. A moved user has the new organization only: Zendesk takes them out of all others.",
        default="leave",
        allowed=("leave", "move"),
    ),
    Setting(
        "on_ended",
        "A user whose record says `ended`: leave them and report it, or suspend (and free them again when "
        "the record goes on).",
        default="leave",
        allowed=("leave", "suspend"),
    ),
    Setting(
        "default_organization",
        "A membership that says `default`: leave the default organization of users as it is and report it, "
        "or set it.",
        default="leave",
        allowed=("leave", "set"),
    ),
    Setting(
        "on_membership_ended",
        "A membership whose record says `ended`: leave it and report it, or take the user out of the "
        "organization (and in again when it goes on).",
        default="leave",
        allowed=("leave", "remove"),
    ),
    Setting(
        "parallel",
        "How many single calls may be under way at once, where there is no job for it.",
        "integer",
        4,
        minimum=1,
        maximum=32,
    ),
    Setting(
        "ticket_fields",
        "Ticket fields that the mapping writes: key (the name in custom_fields), and id or title; type and "
        "custom_field_options as in Zendesk's API. Absent ones without an id are created.",
        "array",
        items={"type": "object", "required": ["key"]},
    ),
    Setting(
        "safe_update",
        "Read each ticket before it is written and let Zendesk refuse the write where the ticket changed "
        "since; it is then merged again.",
        "boolean",
        False,
    ),
    Setting(
        "closed_tickets",
        "A change of a closed ticket, or a comment on one: reject makes a letter, follow_up a new ticket "
        "that continues it.",
        default="reject",
        allowed=("reject", "follow_up"),
    ),
    Setting(
        "comments_in_jobs",
        "Add many comments in one job, one of each ticket. That Zendesk keeps a comment's mark there as it "
        "does in single calls is not documented: with false, each comment takes a call of its own.",
        "boolean",
        default=True,
    ),
    Setting(
        "use_imports",
        "Create tickets by Zendesk's import, which keeps times and comments of the past and runs no business "
        "rules: created_at, updated_at, solved_at and comments may be mapped then.",
        "boolean",
        False,
    ),
    Setting(
        "audit_field",
        "Key of a custom field that gets the number of the run with each write; of tickets its name in "
        "ticket_fields, or its id.",
    ),
    Setting("synced_at_field", "Key of a custom field that gets the time of each write."),
    Setting(
        "external_ids",
        "Which tickets get the external id that the mapping gives: always, or only new ones, so that tickets "
        "of others keep theirs.",
        default="always",
        allowed=("always", "new"),
    ),
    Setting(
        "default_zendesk_user_email",
        "Address of the user who stands for an assignee, requester, submitter or author whom Zendesk does "
        "not know. Without it such a field is left out. Only an agent stands for an assignee.",
    ),
    Setting(
        "create_requesters",
        "Create a requester, submitter or author who is given as `Name <address>` and whom nobody has the "
        "address of: as an end user, without a mail.",
        "boolean",
        default=True,
    ),
    Setting(
        "changed_comments",
        "A comment that changed in the source, which Zendesk cannot follow: letter reports it, keep leaves "
        "it and counts it. Default: keep with way_back, else letter.",
        allowed=("letter", "keep"),
    ),
    Setting(
        "publish",
        "Keys of source records that become tickets although the mapping creates none (`_ml_create` is "
        "None), with way_back. Given for one run, by `ml-connector publish`; what has no ticket yet is then "
        "looked at again, its comments too.",
        "array",
        items={"type": ["string", "integer"]},
    ),
    Setting("two_way", "Somebody else changes mapped fields too: read before each write.", "boolean", False),
    Setting("job_first_poll", "Seconds before a job is first looked at.", "number", 5, minimum=0.05),
    Setting("job_poll", "Seconds between looks at running jobs.", "number", 3, minimum=0.05),
    Setting("job_timeout", "Seconds after which a job counts as stuck.", "number", 900, minimum=1),
    *without(COMMON_SETTINGS, "base_url"),
    *TARGET_SETTINGS,
    *PRIORITY_SETTINGS,
)
