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
    by_name((Relation("owner", "users"), Relation("organization", "organizations"))),
    actions=frozenset({"get"}),
)

OPERATION_TYPES = (OPERATIONS,)
