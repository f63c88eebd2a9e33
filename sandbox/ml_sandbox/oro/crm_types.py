"""The resource types of the CRM itself."""

from ml_sandbox.oro.schema import (
    READ,
    WRITE,
    Attribute,
    Kind,
    Relation,
    ResourceType,
    by_name,
    created,
    dictionary,
    external_id,
    owned,
)

BATCH = WRITE | {"update_list"}


def _read_only(name: str, kind: Kind = Kind.INTEGER) -> Attribute:
    return Attribute(name, kind, read_only=True)


CASES = ResourceType(
    "cases",
    by_name(
        (
            Attribute("subject", required=True),
            Attribute("description", Kind.TEXT, None),
            Attribute("resolution", Kind.TEXT, None),
            *created(),
            Attribute("reportedAt", Kind.DATETIME, filterable=True),
            Attribute("closedAt", Kind.DATETIME),
            external_id(),
        )
    ),
    by_name(
        (
            Relation("source", "casesources", required=True),
            Relation("status", "casestatuses", required=True),
            Relation("priority", "casepriorities", required=True),
            Relation("relatedContact", "contacts"),
            Relation("relatedAccount", "accounts"),
            Relation("assignedTo", "users"),
            *owned(),
            Relation("comments", "casecomments", many=True, inverse="case", orphans=True),
        )
    ),
    title=("subject",),
)

CASE_COMMENTS = ResourceType(
    "casecomments",
    by_name(
        (
            Attribute("message", Kind.TEXT, None, required=True),
            Attribute("public", Kind.BOOLEAN, default=False),
            *created(),
        )
    ),
    by_name(
        (
            Relation("case", "cases", required=True),
            Relation("contact", "contacts"),
            *owned(),
            Relation("updatedBy", "users", read_only=True),
            Relation("attachment", "files"),
        )
    ),
)

CONTACTS = ResourceType(
    "contacts",
    by_name(
        (
            Attribute("namePrefix"),
            Attribute("firstName", filterable=True),
            Attribute("middleName"),
            Attribute("lastName", filterable=True),
            Attribute("nameSuffix"),
            Attribute("gender", length=8, choices=("male", "female")),
            Attribute("birthday", Kind.DATE),
            Attribute("description", Kind.TEXT, None),
            Attribute("jobTitle"),
            *(Attribute(name) for name in ("fax", "skype", "twitter", "facebook", "googlePlus", "linkedIn")),
            Attribute("primaryEmail", Kind.EMAIL, filterable=True, primary_of="emails"),
            Attribute("emails", Kind.ITEMS, filterable=True, lists=True, item="email"),
            Attribute("primaryPhone", filterable=True, primary_of="phones"),
            Attribute("phones", Kind.ITEMS, filterable=True, lists=True, item="phone"),
            Attribute("createdAt", Kind.DATETIME, read_only=True),
            Attribute("updatedAt", Kind.DATETIME, read_only=True, filterable=True),
            *(_read_only(name) for name in ("timesContacted", "timesContactedIn", "timesContactedOut")),
            *(
                _read_only(name, Kind.DATETIME)
                for name in ("lastContactedDate", "lastContactedDateIn", "lastContactedDateOut")
            ),
            external_id(),
        )
    ),
    by_name(
        (
            *owned(),
            Relation("source", "contactsources"),
            Relation("method", "contactmethods"),
            Relation("assignedTo", "users"),
            Relation("reportsTo", "contacts"),
            Relation("accounts", "accounts", many=True, inverse="contacts"),
            Relation("defaultInAccounts", "accounts", many=True, inverse="defaultContact"),
            Relation("addresses", "contactaddresses", many=True),
            Relation("groups", "contactgroups", many=True),
            Relation("createdBy", "users", read_only=True),
            Relation("updatedBy", "users", read_only=True),
            Relation("picture", "files"),
        )
    ),
    actions=BATCH,
    title=("firstName", "lastName"),
)

ACCOUNTS = ResourceType(
    "accounts",
    by_name(
        (
            Attribute("name", required=True, filterable=True),
            Attribute("extend_description", Kind.TEXT, None),
            *created(),
            external_id(),
        )
    ),
    by_name(
        (
            *owned(),
            Relation("contacts", "contacts", many=True),
            Relation("defaultContact", "contacts"),
        )
    ),
    actions=BATCH,
    title=("name",),
)

USERS = ResourceType(
    "users",
    by_name(
        (
            Attribute("username", required=True, filterable=True, unique=True, database_unique=True),
            Attribute("email", Kind.EMAIL, required=True, filterable=True, unique=True, database_unique=True),
            Attribute("firstName", required=True, filterable=True),
            Attribute("lastName", required=True),
            Attribute("namePrefix"),
            Attribute("middleName"),
            Attribute("nameSuffix"),
            Attribute("title"),
            Attribute("phone"),
            Attribute("birthday", Kind.DATE),
            Attribute("enabled", Kind.BOOLEAN, default=True),
            Attribute("emails", Kind.ITEMS),
            *created(),
            _read_only("lastLogin", Kind.DATETIME),
            _read_only("loginCount"),
            Attribute("password", hidden=True),
            external_id(),
        )
    ),
    by_name(
        (
            Relation("owner", "businessunits", default="1"),
            Relation("businessUnits", "businessunits", many=True),
            Relation("organization", "organizations", default="organization"),
            Relation("organizations", "organizations", many=True),
            Relation("userRoles", "userroles", many=True),
            Relation("groups", "usergroups", many=True),
            Relation("avatar", "files"),
            Relation("auth_status", "userauthstatuses", default="active"),
        )
    ),
    title=("firstName", "lastName"),
)


def _listed(name: str, *attributes: Attribute) -> ResourceType:
    return ResourceType(name, by_name(attributes), actions=READ, title=(attributes[0].name,))


CRM_TYPES = (
    CASES,
    CASE_COMMENTS,
    CONTACTS,
    ACCOUNTS,
    USERS,
    dictionary("casestatuses", ordered=True),
    dictionary("casepriorities", ordered=True),
    dictionary("casesources"),
    dictionary("contactsources"),
    dictionary("contactmethods"),
    dictionary("userauthstatuses"),
    _listed("organizations", Attribute("name"), Attribute("enabled", Kind.BOOLEAN)),
    _listed("businessunits", Attribute("name")),
    _listed("userroles", Attribute("label")),
    _listed("integrationchannels", Attribute("name"), Attribute("type"), Attribute("enabled", Kind.BOOLEAN)),
)
"""Files, addresses and groups have no type here: what points to them is empty and can point to nothing."""
