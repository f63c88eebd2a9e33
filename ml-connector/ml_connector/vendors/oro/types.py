"""The resource types of OroCRM that are read and written: attributes, relationships, links of people.

Installations add attributes and relationships of their own; those are known from the API itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

EXTERNAL_ID = "externalId"
"""Attribute of cases, contacts, accounts and users from OroCRM 7.0.2 on; unique, 36 characters."""

# What Oro calls relationships, with the type that each leads to.
_OWNED = {"owner": "users", "organization": "organizations"}


@dataclasses.dataclass(frozen=True, slots=True)
class ResourceType:
    """A type. `attributes` -> kind (string, integer, number, boolean, date, date-time, texts).

    `to_one` and `to_many`: relationship -> type that it leads to. `without`: relationships that are too
    large to list. `optional`: not every server has it. `dictionary`: a short list whose ids are names.
    """

    name: str
    attributes: Mapping[str, str]
    to_one: Mapping[str, str] = dataclasses.field(default_factory=dict)
    to_many: Mapping[str, str] = dataclasses.field(default_factory=dict)
    without: frozenset[str] = frozenset()
    optional: bool = False
    dictionary: bool = False

    def target_of(self, relationship: str) -> str | None:
        """The type that a relationship leads to; None for one that is not known, or an attribute."""
        return self.to_one.get(relationship) or self.to_many.get(relationship)


_STAMPS = {"createdAt": "date-time", "updatedAt": "date-time"}
_TEXT = "string"


def _texts(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), _TEXT)


_CASES = ResourceType(
    "cases",
    {
        **_texts("subject description resolution"),
        **_STAMPS,
        "reportedAt": "date-time",
        "closedAt": "date-time",
        EXTERNAL_ID: _TEXT,
    },
    {
        "source": "casesources",
        "status": "casestatuses",
        "priority": "casepriorities",
        "relatedContact": "contacts",
        "relatedAccount": "accounts",
        "assignedTo": "users",
        **_OWNED,
    },
    without=frozenset({"comments"}),
)
_COMMENTS = ResourceType(
    "casecomments",
    {"message": _TEXT, "public": "boolean", **_STAMPS},
    {"case": "cases", "contact": "contacts", **_OWNED, "updatedBy": "users", "attachment": "files"},
)
_CONTACTS = ResourceType(
    "contacts",
    {
        **_texts("namePrefix firstName middleName lastName nameSuffix gender description jobTitle fax skype"),
        **_texts("twitter facebook googlePlus linkedIn primaryEmail primaryPhone"),
        "emails": "texts",
        "phones": "texts",
        "birthday": "date",
        **_STAMPS,
        "timesContacted": "integer",
        "timesContactedIn": "integer",
        "timesContactedOut": "integer",
        "lastContactedDate": "date-time",
        "lastContactedDateIn": "date-time",
        "lastContactedDateOut": "date-time",
        EXTERNAL_ID: _TEXT,
    },
    {
        **_OWNED,
        "source": "contactsources",
        "method": "contactmethods",
        "assignedTo": "users",
        "reportsTo": "contacts",
        "createdBy": "users",
        "updatedBy": "users",
        "picture": "files",
    },
    {
        "accounts": "accounts",
        "defaultInAccounts": "accounts",
        "addresses": "contactaddresses",
        "groups": "contactgroups",
    },
)
_ACCOUNTS = ResourceType(
    "accounts",
    {**_texts("name extend_description"), **_STAMPS, EXTERNAL_ID: _TEXT},
    {**_OWNED, "defaultContact": "contacts"},
    {"contacts": "contacts"},
    without=frozenset({"contacts"}),
)
_USERS = ResourceType(
    "users",
    {
        **_texts("username email firstName lastName namePrefix middleName nameSuffix title phone"),
        "emails": "texts",
        "birthday": "date",
        "enabled": "boolean",
        **_STAMPS,
        "lastLogin": "date-time",
        "loginCount": "integer",
        EXTERNAL_ID: _TEXT,
    },
    {
        "owner": "businessunits",
        "organization": "organizations",
        "avatar": "files",
        "auth_status": "auth_status",
    },
    {
        "businessUnits": "businessunits",
        "organizations": "organizations",
        "userRoles": "userroles",
        "groups": "usergroups",
    },
)
_TICKETS = ResourceType(
    "zendesktickets",
    {
        **_texts("originId url subject description externalId recipient"),
        "hasIncidents": "boolean",
        "dueAt": "date-time",
        "originCreatedAt": "date-time",
        "originUpdatedAt": "date-time",
        **_STAMPS,
    },
    {
        "status": "zendeskticketstatuses",
        "priority": "zendeskticketpriorities",
        "ticketType": "zendesktickettypes",
        "requester": "zendeskusers",
        "submitter": "zendeskusers",
        "assignee": "zendeskusers",
        "problem": "zendesktickets",
        "relatedCase": "cases",
        "channel": "integrationchannels",
    },
    {"collaborators": "zendeskusers", "comments": "zendeskticketcomments"},
    without=frozenset({"comments"}),
    optional=True,
)
_TICKET_COMMENTS = ResourceType(
    "zendeskticketcomments",
    {**_texts("originId body htmlBody"), "public": "boolean", "originCreatedAt": "date-time", **_STAMPS},
    {
        "author": "zendeskusers",
        "ticket": "zendesktickets",
        "relatedComment": "casecomments",
        "channel": "integrationchannels",
    },
    optional=True,
)
_ZENDESK_USERS = ResourceType(
    "zendeskusers",
    {
        **_texts("originId url externalId name details ticketRestriction notes alias email phone timeZone"),
        "locale": _TEXT,
        "onlyPrivateComments": "boolean",
        "verified": "boolean",
        "active": "boolean",
        "lastLoginAt": "date-time",
        "originCreatedAt": "date-time",
        "originUpdatedAt": "date-time",
    },
    {
        "role": "zendeskuserroles",
        "relatedContact": "contacts",
        "relatedUser": "users",
        "channel": "integrationchannels",
    },
    optional=True,
)


def _dictionary(name: str, *, ordered: bool = False, optional: bool = False) -> ResourceType:
    order = {"order": "integer"} if ordered else {}
    return ResourceType(name, {"label": _TEXT, **order}, optional=optional, dictionary=True)


TYPES: Mapping[str, ResourceType] = {
    kind.name: kind
    for kind in (
        _USERS,
        _ACCOUNTS,
        _CONTACTS,
        _CASES,
        _COMMENTS,
        _ZENDESK_USERS,
        _TICKETS,
        _TICKET_COMMENTS,
        _dictionary("casestatuses", ordered=True),
        _dictionary("casepriorities", ordered=True),
        _dictionary("casesources"),
        _dictionary("zendeskticketstatuses", optional=True),
        _dictionary("zendeskticketpriorities", optional=True),
        _dictionary("zendesktickettypes", optional=True),
        _dictionary("zendeskuserroles", optional=True),
    )
}
"""Types by name; what others refer to comes before them."""

WITH_EXTERNAL_ID = frozenset({"cases", "contacts", "accounts", "users"})
