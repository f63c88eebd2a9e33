"""The resource types of the native Zendesk bundle."""

from ml_sandbox.oro.schema import Attribute, Kind, Relation, ResourceType, by_name, created, dictionary

CHANNEL = Relation("channel", "integrationchannels")
ORIGIN_ID = Attribute("originId", Kind.BIGINT)
UNIQUE = (("originId", "channel"),)


def _dates(*names: str) -> tuple[Attribute, ...]:
    return tuple(Attribute(name, Kind.DATETIME) for name in names)


TICKETS = ResourceType(
    "zendesktickets",
    by_name(
        (
            ORIGIN_ID,
            Attribute("url"),
            Attribute("subject"),
            Attribute("description", Kind.TEXT, None),
            Attribute("externalId", length=50),
            Attribute("recipient", length=100),
            Attribute("hasIncidents", Kind.BOOLEAN, default=False),
            *_dates("dueAt", "originCreatedAt", "originUpdatedAt"),
            *created(),
        )
    ),
    by_name(
        (
            Relation("status", "zendeskticketstatuses"),
            Relation("priority", "zendeskticketpriorities"),
            Relation("ticketType", "zendesktickettypes"),
            Relation("requester", "zendeskusers"),
            Relation("submitter", "zendeskusers"),
            Relation("assignee", "zendeskusers"),
            Relation("problem", "zendesktickets"),
            Relation("collaborators", "zendeskusers", many=True),
            Relation("comments", "zendeskticketcomments", many=True, inverse="ticket", orphans=True),
            Relation("relatedCase", "cases", unique=True),
            CHANNEL,
        )
    ),
    bundle=True,
    title=("subject",),
    unique_together=UNIQUE,
)

TICKET_COMMENTS = ResourceType(
    "zendeskticketcomments",
    by_name(
        (
            ORIGIN_ID,
            Attribute("body", Kind.TEXT, None),
            Attribute("htmlBody", Kind.TEXT, None),
            Attribute("public", Kind.BOOLEAN, default=False),
            *_dates("originCreatedAt"),
            *created(),
        )
    ),
    by_name(
        (
            Relation("author", "zendeskusers"),
            Relation("ticket", "zendesktickets"),
            Relation("relatedComment", "casecomments", unique=True),
            CHANNEL,
        )
    ),
    bundle=True,
    unique_together=UNIQUE,
)

ZENDESK_USERS = ResourceType(
    "zendeskusers",
    by_name(
        (
            ORIGIN_ID,
            Attribute("url"),
            Attribute("externalId", length=50),
            Attribute("name"),
            Attribute("details", Kind.TEXT, None),
            Attribute("ticketRestriction", length=30),
            Attribute("onlyPrivateComments", Kind.BOOLEAN, default=False),
            Attribute("notes", Kind.TEXT, None),
            Attribute("verified", Kind.BOOLEAN, default=False),
            Attribute("active", Kind.BOOLEAN, default=False),
            Attribute("alias", length=100),
            Attribute("email", length=255),
            Attribute("phone", length=50),
            Attribute("timeZone", length=30),
            Attribute("locale", length=30),
            *_dates("lastLoginAt", "originCreatedAt", "originUpdatedAt"),
            *created(),
        )
    ),
    by_name(
        (
            Relation("role", "zendeskuserroles"),
            Relation("relatedContact", "contacts"),
            Relation("relatedUser", "users"),
            CHANNEL,
        )
    ),
    bundle=True,
    title=("name",),
    unique_together=UNIQUE,
)

ZENDESK_TYPES = (
    TICKETS,
    TICKET_COMMENTS,
    ZENDESK_USERS,
    dictionary("zendeskticketstatuses", bundle=True),
    dictionary("zendeskticketpriorities", bundle=True),
    dictionary("zendesktickettypes", bundle=True),
    dictionary("zendeskuserroles", bundle=True),
)
