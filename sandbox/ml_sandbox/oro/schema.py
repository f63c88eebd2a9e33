"""How resource types are described: attributes, relationships and what may be done with them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeVar

READ = frozenset({"get", "get_list"})
WRITE = READ | {"create", "update", "delete", "delete_list"}
EXTERNAL_ID_SINCE = (7, 0, 2)
Named = TypeVar("Named", "Attribute", "Relation")


class Kind(Enum):
    """The data type of an attribute."""

    STRING = "string"
    TEXT = "text"
    EMAIL = "email"
    INTEGER = "integer"
    BIGINT = "bigint"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    DATE = "date"
    ITEMS = "items"


@dataclass(frozen=True)
class Attribute:
    """One attribute of a resource.

    Attributes:
        kind: its data type; ITEMS is a list of texts, on the wire of objects with the key ``item``.
        length: the longest text it takes.
        required: must have a value.
        read_only: accepted in writes and silently ignored.
        filterable: whether filters and sorters exist without configuration.
        lists: whether a comma in a text filter separates values.
        unique: validated as unique.
        database_unique: a unique column, by which an upsert may find records.
        item: for ITEMS, the key of the objects; empty for plain texts.
        primary_of: the ITEMS attribute of which this is the primary one.
        choices: the only values, when not empty.
        since: the first version that has it.
        hidden: accepted in writes, never shown.
    """

    name: str
    kind: Kind = Kind.STRING
    length: int | None = 255
    required: bool = False
    read_only: bool = False
    filterable: bool = False
    lists: bool = False
    unique: bool = False
    database_unique: bool = False
    default: Any = None
    item: str = ""
    primary_of: str = ""
    choices: tuple[str, ...] = ()
    since: tuple[int, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Relation:
    """One relationship of a resource.

    Attributes:
        target: the type of what it points to.
        many: to-many.
        inverse: the relationship of the target that holds it; empty when this side does.
        required: must have a value.
        read_only: accepted in writes and silently ignored.
        default: what it is without a value: the token's ``user``, his ``organization``, or a fixed id.
        unique: one-to-one.
        orphans: what is taken out of it is deleted.
        hidden: not part of the API.
    """

    name: str
    target: str
    many: bool = False
    inverse: str = ""
    required: bool = False
    read_only: bool = False
    default: str = ""
    unique: bool = False
    orphans: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class ResourceType:
    """One type of the API.

    Attributes:
        named: whether ids are texts that people chose; else they are counted by the database.
        actions: what may be done.
        bundle: whether it exists only with the native Zendesk bundle.
        title: the attributes that make up its title; empty when it has none.
        unique_together: fields that the database keeps unique as a group.
    """

    name: str
    attributes: Mapping[str, Attribute]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    named: bool = False
    actions: frozenset[str] = WRITE
    bundle: bool = False
    title: tuple[str, ...] = ()
    unique_together: tuple[tuple[str, ...], ...] = ()
    upsert_fields: frozenset[tuple[str, ...]] = frozenset()

    def allows(self, action: str) -> bool:
        """Whether an action is enabled."""
        return action in self.actions

    def with_attributes(self, attributes: Iterable[Attribute]) -> "ResourceType":
        """The same type with these attributes only."""
        return replace(self, attributes=by_name(attributes))


def by_name(items: Iterable[Named]) -> dict[str, Named]:
    """Descriptions by their names."""
    return {item.name: item for item in items}


def created() -> tuple[Attribute, Attribute]:
    """The two dates that the server writes."""
    return (
        Attribute("createdAt", Kind.DATETIME, read_only=True),
        Attribute("updatedAt", Kind.DATETIME, read_only=True),
    )


def external_id() -> Attribute:
    """The external id of 7.0.2."""
    return Attribute(
        "externalId", length=36, filterable=True, lists=True, unique=True, since=EXTERNAL_ID_SINCE
    )


def owned() -> tuple[Relation, Relation]:
    """Owner and organization, which default to those of the token."""
    return (
        Relation("owner", "users", default="user"),
        Relation("organization", "organizations", default="organization"),
    )


def dictionary(name: str, *, ordered: bool = False, bundle: bool = False) -> ResourceType:
    """A read-only list of names with labels."""
    order = (Attribute("order", Kind.INTEGER, filterable=True),) if ordered else ()
    return ResourceType(
        name,
        by_name((Attribute("label"), *order)),
        named=True,
        actions=READ,
        bundle=bundle,
        title=("label",),
    )
