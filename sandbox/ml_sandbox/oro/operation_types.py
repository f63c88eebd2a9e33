"""The resource types of batch operations (B8)."""

from ml_sandbox.oro.schema import Attribute, Kind, Relation, ResourceType, by_name

OPERATIONS = ResourceType(
    "asyncoperations",
    by_name(
        (
            Attribute("status"),
            Attribute("progress", Kind.INTEGER),
            Attribute("createdAt", Kind.DATETIME),
            Attribute("updatedAt", Kind.DATETIME),
            Attribute("elapsedTime", Kind.INTEGER),
            Attribute("entityType"),
            Attribute("summary", Kind.TEXT),
        )
    ),
    by_name(
        (
            Relation("owner", "users"),
            Relation("organization", "organizations"),
            Relation("errors", "asyncoperationerrors", many=True, inverse="operation"),
        )
    ),
    actions=frozenset({"get"}),
)

ERRORS = ResourceType(
    "asyncoperationerrors",
    by_name(
        (
            Attribute("status", Kind.INTEGER),
            Attribute("title"),
            Attribute("detail", Kind.TEXT),
            Attribute("source", Kind.TEXT),
        )
    ),
    by_name((Relation("operation", "asyncoperations", hidden=True),)),
    named=True,
    actions=frozenset({"get_subresource"}),
)

OPERATION_TYPES = (OPERATIONS, ERRORS)
