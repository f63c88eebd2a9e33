"""The columns of each stream, as Zendesk's API reference names them.

A column is written as its name, with a colon and its kind where it is no text.
"""

from __future__ import annotations

from typing import Any

Properties = dict[str, dict[str, Any]]

DELETED_AT = "_sdc_deleted_at"

KINDS: Properties = {
    "text": {"type": ["string", "null"]},
    "int": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "bool": {"type": ["boolean", "null"]},
    "time": {"type": ["string", "null"], "format": "date-time"},
    "date": {"type": ["string", "null"], "format": "date"},
    "object": {"type": ["object", "null"]},
    "ints": {"type": ["array", "null"], "items": {"type": "integer"}},
    "texts": {"type": ["array", "null"], "items": {"type": "string"}},
    "objects": {"type": ["array", "null"], "items": {"type": "object"}},
}


def columns(*lines: str) -> Properties:
    """The JSON-schema properties of columns that are separated by blanks."""
    found = {}
    for word in " ".join(lines).split():
        name, _, kind = word.partition(":")
        found[name] = dict(KINDS[kind or "text"])
    return found


def schema(properties: Properties, keys: tuple[str, ...]) -> dict[str, Any]:
    """The schema of a stream; its keys are never null."""
    known = {
        name: {**prop, "type": prop["type"][0]} if name in keys else prop for name, prop in properties.items()
    }
    return {"type": "object", "properties": known}


DELETED: Properties = {
    DELETED_AT: {
        **KINDS["time"],
        "description": "When the record was deleted at Zendesk; null of one that exists.",
    }
}

TICKETS = columns(
    "id:int url external_id created_at:time updated_at:time generated_timestamp:int via:object type subject",
    "raw_subject description priority status custom_status_id:int recipient requester_id:int",
    "submitter_id:int assignee_id:int organization_id:int group_id:int collaborator_ids:ints",
    "follower_ids:ints email_cc_ids:ints forum_topic_id:int problem_id:int has_incidents:bool",
    "is_public:bool due_at:time tags:texts custom_fields:objects satisfaction_rating:object",
    "satisfaction_probability:number sharing_agreement_ids:ints followup_ids:ints ticket_form_id:int",
    "brand_id:int support_type from_messaging_channel:bool allow_channelback:bool allow_attachments:bool",
)

TICKET_COMMENTS = columns(
    "id:int ticket_id:int type author_id:int body html_body plain_body public:bool attachments:objects",
    "audit_id:int via:object created_at:time metadata:object data:object",
)

TICKET_AUDITS = columns(
    "id:int ticket_id:int created_at:time author_id:int metadata:object via:object events:objects"
)

TICKET_METRICS = columns(
    "id:int url ticket_id:int created_at:time updated_at:time generated_timestamp:int group_stations:int",
    "assignee_stations:int reopens:int replies:int assignee_updated_at:time requester_updated_at:time",
    "status_updated_at:time custom_status_updated_at:time initially_assigned_at:time assigned_at:time",
    "solved_at:time latest_comment_added_at:time reply_time_in_minutes:object reply_time_in_seconds:object",
    "first_resolution_time_in_minutes:object full_resolution_time_in_minutes:object",
    "agent_wait_time_in_minutes:object requester_wait_time_in_minutes:object on_hold_time_in_minutes:object",
)

TICKET_METRIC_EVENTS = columns(
    "id:int ticket_id:int metric instance_id:int type time:time sla:object group_sla:object status:object",
    "deleted:bool",
)

USERS = columns(
    "id:int url name email created_at:time updated_at:time time_zone iana_time_zone phone",
    "shared_phone_number:bool photo:object locale_id:int locale organization_id:int role role_type:int",
    "custom_role_id:int verified:bool external_id tags:texts alias active:bool shared:bool shared_agent:bool",
    "last_login_at:time two_factor_auth_enabled:bool signature details notes moderator:bool",
    "ticket_restriction only_private_comments:bool restricted_agent:bool suspended:bool default_group_id:int",
    "report_csv:bool chat_only:bool user_fields:object",
)

ORGANIZATIONS = columns(
    "id:int url external_id name created_at:time updated_at:time domain_names:texts details notes",
    "group_id:int shared_tickets:bool shared_comments:bool tags:texts organization_fields:object",
    "deleted_at:time",
)

ORGANIZATION_MEMBERSHIPS = columns(
    "id:int url user_id:int organization_id:int organization_name default:bool view_tickets:bool",
    "created_at:time updated_at:time",
)

GROUPS = columns(
    "id:int url name description default:bool deleted:bool is_public:bool created_at:time updated_at:time"
)

GROUP_MEMBERSHIPS = columns(
    "id:int url user_id:int group_id:int default:bool created_at:time updated_at:time"
)

MACROS = columns(
    "id:int url title raw_title active:bool default:bool position:int description actions:objects",
    "restriction:object created_at:time updated_at:time",
)

TAGS = columns("name count:int")

SLA_POLICIES = columns(
    "id:int url title description position:int filter:object policy_metrics:objects metric_settings:object",
    "created_at:time updated_at:time",
)

CUSTOM_STATUSES = columns(
    "id:int url status_category agent_label raw_agent_label end_user_label raw_end_user_label description",
    "raw_description end_user_description raw_end_user_description active:bool default:bool",
    "created_at:time updated_at:time",
)

SATISFACTION_RATINGS = columns(
    "id:int url assignee_id:int group_id:int requester_id:int ticket_id:int score comment reason",
    "reason_id:int reason_code:int created_at:time updated_at:time",
)

TICKET_FIELDS = columns(
    "id:int url type title raw_title description raw_description position:int active:bool required:bool",
    "collapsed_for_agents:bool regexp_for_validation title_in_portal raw_title_in_portal",
    "visible_in_portal:bool editable_in_portal:bool required_in_portal:bool agent_can_edit:bool tag",
    "created_at:time updated_at:time removable:bool key agent_description custom_field_options:objects",
    "system_field_options:objects custom_statuses:objects sub_type_id:int creator_user_id:int",
    "creator_app_name relationship_target_type relationship_filter:object",
)

TICKET_FORMS = columns(
    "id:int url name raw_name display_name raw_display_name end_user_visible:bool position:int",
    "ticket_field_ids:ints active:bool default:bool in_all_brands:bool restricted_brand_ids:ints",
    "agent_conditions:objects end_user_conditions:objects created_at:time updated_at:time",
)

RECORD_FIELDS = columns(
    "id:int url key type title raw_title description raw_description position:int active:bool system:bool",
    "regexp_for_validation tag custom_field_options:objects relationship_target_type",
    "relationship_filter:object created_at:time updated_at:time",
)

DELETED_TICKETS = columns("id:int subject description actor:object deleted_at:time previous_state")

DELETED_USERS = columns(
    "id:int url name email created_at:time updated_at:time time_zone phone shared_phone_number:bool",
    "photo:object locale_id:int locale organization_id:int role active:bool",
)
