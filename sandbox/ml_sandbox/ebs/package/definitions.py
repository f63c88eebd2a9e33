"""The package XXML_READ_PKG: its procedures, their parameters, the types of what they give.

The contract is that of a read service which a site writes itself, since base tables are no open interface
objects (DG-OI): one procedure per table, named as the table, and some that join tables to what an
integration wants to know of a customer. Every value is VARCHAR2.
"""

from dataclasses import dataclass

from ml_sandbox.ebs.catalog import OPERATIONS, Column, Kind
from ml_sandbox.ebs.package.business_columns import BUSINESS, columns_of

PACKAGE = "XXML_READ_PKG"
PRODUCT = "fnd"
ROWS = "X_ROWS"
STATUS, MESSAGE, HAS_MORE, SERVER_TIME = "X_RETURN_STATUS", "X_MSG_DATA", "X_HAS_MORE", "X_SERVER_TIME"
SCALARS = (STATUS, MESSAGE, HAS_MORE, SERVER_TIME)

COMMON = (
    "P_LAST_UPDATE_FROM",
    "P_LAST_UPDATE_TO",
    "P_LAST_KEY",
    "P_LIMIT",
    "P_OFFSET",
    "P_ORG_ID",
    "P_KEYS",
    "P_KEYS_ONLY",
)
_JUDGED = (
    "P_CROSSED_FROM",
    "P_CROSSED_TO",
    "P_AS_OF",
    "P_ORDERS_FROM",
    "P_VALIDATE_GL",
    "P_PO_TYPES",
    "P_PO_STATUSES",
)
FURTHER = {
    "CUSTOMERS": (),
    "CUSTOMER_CONTACTS": (),
    "CUSTOMER_SUMMARIES": (*_JUDGED, "P_RECENT_DAYS", "P_CURRENCY", "P_RATE_TYPE", "P_DOCUMENT_LIMIT"),
    "CUSTOMER_EXCLUSIONS": _JUDGED,
}
ACCOUNT_KEY = (Column("CUST_ACCOUNT_ID", Kind.NUMBER),)


@dataclass(frozen=True, slots=True)
class Collection:
    """An out parameter that is a table of records; `stem` begins the names of its PL/SQL types."""

    name: str
    stem: str
    columns: tuple[Column, ...]

    @property
    def record_type(self) -> str:
        """Name of the record type, at most 30 characters."""
        return f"{self.stem}_R"

    @property
    def table_type(self) -> str:
        """Name of the table type, at most 30 characters."""
        return f"{self.stem}_T"


@dataclass(frozen=True, slots=True)
class PackageOperation:
    """A procedure of the package.

    Attributes:
        name: in capitals; the path has it in lower case.
        key: columns of X_ROWS that make its key.
        asked_by: columns of the keys that P_KEYS lists.
        parameters: names of what goes in.
        collections: what comes out beside status, message, marker and time; X_ROWS first.
    """

    name: str
    key: tuple[Column, ...]
    asked_by: tuple[Column, ...]
    parameters: tuple[str, ...]
    collections: tuple[Collection, ...]


def _raw(name: str) -> PackageOperation:
    spec = OPERATIONS[name].spec
    key = tuple(spec.columns[position] for position in spec.key_positions)
    return PackageOperation(name, key, key, COMMON, (Collection(ROWS, name, spec.columns),))


def _business(name: str) -> PackageOperation:
    collections = tuple(
        Collection(out, stem, columns_of(text)) for out, (stem, text) in BUSINESS[name].collections.items()
    )
    columns = {column.name: column for column in collections[0].columns}
    key = tuple(columns[column] for column in BUSINESS[name].key)
    return PackageOperation(name, key, ACCOUNT_KEY, (*COMMON, *FURTHER[name]), collections)


def _operations() -> dict[str, PackageOperation]:
    tables = (name for name, operation in OPERATIONS.items() if not operation.filtered)
    return {name: _raw(name) for name in tables} | {name: _business(name) for name in BUSINESS}


PACKAGE_OPERATIONS: dict[str, PackageOperation] = _operations()
