"""The tables that the simulated instance holds: columns, types, keys.

Columns are those of the public data dictionary pages and public SQL reports (ETRM, ENG-SQL). A site's
own tables have more; these are the ones that an integration reads.
"""

from dataclasses import dataclass
from enum import Enum

from ml_sandbox.ebs.catalog_columns import SPECIFICATIONS

WHO = "CREATION_DATE D, CREATED_BY N, LAST_UPDATE_DATE D, LAST_UPDATED_BY N, LAST_UPDATE_LOGIN N"


class Kind(Enum):
    """Database types that occur; DATE has the precision of a second and no zone."""

    NUMBER = "NUMBER"
    DATE = "DATE"
    VARCHAR2 = "VARCHAR2"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `size` in characters, for VARCHAR2 only."""

    name: str
    kind: Kind
    size: int = 0

    @property
    def declaration(self) -> str:
        """The type as the dictionary writes it."""
        return f"{self.kind.value}({self.size})" if self.size else self.kind.value


class TableSpec:
    """One table: its columns in order, its key, its product."""

    def __init__(self, name: str, product: str, key: tuple[str, ...], columns: tuple[Column, ...]) -> None:
        self.name = name
        self.product = product
        self.key = key
        self.columns = columns
        self.names = tuple(column.name for column in columns)
        self.position = {name: number for number, name in enumerate(self.names)}
        self.key_positions = tuple(self.position[column] for column in key)

    @property
    def organization_position(self) -> int | None:
        """Where ORG_ID is, for a table that is split by operating unit."""
        return self.position.get("ORG_ID")

    def column(self, name: str) -> Column | None:
        """Find a column by its name in upper case."""
        position = self.position.get(name)
        return None if position is None else self.columns[position]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be deployed for GET: a table, or the name that the multi-org policy filters."""

    name: str
    spec: TableSpec
    filtered: bool
    """Only the rows of the context's operating units (MOAC); the `_ALL` name gives all rows."""


def _columns(text: str) -> tuple[Column, ...]:
    columns = []
    for item in f"{text}, {WHO}".replace("\n", " ").split(","):
        name, kind = item.split()
        if kind.startswith("V"):
            columns.append(Column(name, Kind.VARCHAR2, int(kind[1:])))
        else:
            columns.append(Column(name, Kind.NUMBER if kind == "N" else Kind.DATE))
    return tuple(columns)


def _tables() -> dict[str, TableSpec]:
    return {
        name: TableSpec(name, product, tuple(key.split()), _columns(text))
        for name, product, key, text in SPECIFICATIONS
    }


def _operations() -> dict[str, Operation]:
    named = TABLES | {view: TABLES[table] for view, table in VIEWS.items()}
    operations = {name: Operation(name, spec, filtered=False) for name, spec in named.items()}
    for name, spec in named.items():
        if name.endswith("_ALL"):
            short = name.removesuffix("_ALL")
            operations[short] = Operation(short, spec, filtered=True)
    return operations


VIEWS = {"PO_VENDORS": "AP_SUPPLIERS", "PO_VENDOR_SITES_ALL": "AP_SUPPLIER_SITES_ALL"}
"""Names of release 11i that are views in R12 (R12SUP), and the tables whose columns they show."""

TABLES: dict[str, TableSpec] = _tables()
OPERATIONS: dict[str, Operation] = _operations()
