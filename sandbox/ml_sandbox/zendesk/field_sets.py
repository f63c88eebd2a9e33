"""Custom fields of one kind of record: their definitions, and the records that hold their values."""

from ml_sandbox.core.table import Row, Table


class FieldSet:
    """The definitions of one object's custom fields.

    Args:
        wrapper: how the API wraps one definition (``organization_field``).
        owner: the object whose records hold the values (``organizations``).
        records: those records; the values stand under the plural of ``wrapper``.

    Attributes:
        table: definitions by id; found by ``key``.
    """

    def __init__(self, wrapper: str, owner: str, records: Table) -> None:
        self.wrapper = wrapper
        self.owner = owner
        self.records = records
        self.table = Table(indexes={"key": lambda row: row["key"]})

    @property
    def container(self) -> str:
        """Where a record keeps its values, and the API its list of definitions."""
        return f"{self.wrapper}s"

    def by_key(self, key: str) -> Row | None:
        """The definition with this key."""
        found = self.table.find("key", key)
        return found[0] if found else None
