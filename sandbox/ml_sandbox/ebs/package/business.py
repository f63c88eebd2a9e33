"""What the business procedures have in common: which keys are asked for, one page of them, their rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ml_sandbox.ebs.package.definitions import ROWS, PackageOperation
from ml_sandbox.ebs.package.inputs import Key, Reading
from ml_sandbox.ebs.package.paging import page_of
from ml_sandbox.ebs.package.reader import Reader
from ml_sandbox.ebs.package.result import Result
from ml_sandbox.ebs.store import TableStore, Tuple, Value

_KEPT = 8


class Business(ABC):
    """One run of a procedure that joins tables.

    Attributes:
        tables: every table behind its rows.
    """

    tables: tuple[str, ...] = ()

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self.reader = reader
        self.reading = reading

    @property
    @abstractmethod
    def options(self) -> tuple[Any, ...]:
        """What decides which keys are found, beside range, keys and units."""

    @abstractmethod
    def keys(self) -> Sequence[Key]:
        """Give the keys that are asked for, rising."""

    @abstractmethod
    def rows(self, keys: Sequence[Key]) -> Mapping[str, Sequence[Tuple]]:
        """Give the rows of some keys, by out parameter."""


class KeyCache:
    """The keys of the latest calls, kept until a table behind them changes."""

    def __init__(self) -> None:
        self._kept: dict[Any, tuple[Any, Sequence[Key]]] = {}

    def keys(self, name: Any, versions: Any, compute: Callable[[], Sequence[Key]]) -> Sequence[Key]:
        """Give the keys under a name, computed when they are not known or no longer true."""
        kept = self._kept.pop(name, None)
        if kept is None or kept[0] != versions:
            kept = (versions, compute())
        self._kept[name] = kept
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return kept[1]


def run_business(
    kind: Callable[[Reader, Reading], Business],
    store_of: Callable[[str], TableStore],
    operation: PackageOperation,
    reading: Reading,
    cache: KeyCache,
) -> Result:
    """Run a procedure for one page; raises `PackageError`."""
    stores: dict[str, TableStore] = {}

    def store(table: str) -> TableStore:
        # What is committed by now is looked up once: one call sees one state.
        return stores[table] if table in stores else stores.setdefault(table, store_of(table))

    business = kind(Reader(store, reading.units), reading)
    versions = tuple(store(table).version for table in business.tables)
    name = (operation.name, reading.changed, reading.keys, reading.units, business.options)
    page = page_of(cache.keys(name, versions, business.keys), lambda key: key, reading)
    if reading.keys_only:
        return Result({ROWS: [_key_alone(operation, key) for key in page.items]}, page.has_more)
    return Result(business.rows(page.items), page.has_more)


def _key_alone(operation: PackageOperation, key: Key) -> Tuple:
    parts = dict(zip((column.name for column in operation.key), key, strict=True))
    return tuple(parts.get(column.name) for column in operation.collections[0].columns)


def record(operation: PackageOperation, collection: str, values: Mapping[str, Value]) -> Tuple:
    """Give a row of an out parameter in the order of its columns."""
    columns = next(found.columns for found in operation.collections if found.name == collection)
    return tuple(values[column.name] for column in columns)
