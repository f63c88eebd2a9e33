"""The procedures that read one table."""

from collections.abc import Sequence

from ml_sandbox.ebs.package.definitions import ROWS, PackageOperation
from ml_sandbox.ebs.package.inputs import Reading
from ml_sandbox.ebs.package.paging import Page, page_of
from ml_sandbox.ebs.package.result import Result
from ml_sandbox.ebs.store import TableStore, Tuple


def read_table(store: TableStore, operation: PackageOperation, reading: Reading) -> Result:
    """Read one page of a table."""
    page = page_of(_matching(store, reading), store.key_of, reading)
    rows = _keys_alone(store, page) if reading.keys_only else page.items
    return Result({ROWS: rows}, has_more=page.has_more)


def _keys_alone(store: TableStore, page: Page[Tuple]) -> Sequence[Tuple]:
    kept = frozenset(store.spec.key_positions)
    return [
        tuple(value if position in kept else None for position, value in enumerate(row)) for row in page.items
    ]


def _matching(store: TableStore, reading: Reading) -> list[Tuple]:
    """Give the rows of the range or with the keys, by rising key."""
    unit = store.spec.organization_position
    units = reading.units
    if reading.keys is not None:
        found = (store.get(key) for key in sorted(set(reading.keys)))
        return [row for row in found if row and (unit is None or units.shows(row[unit]))]
    name = ("package", reading.changed, None if unit is None else units)
    return store.result(name, lambda: _of_range(store, reading))


def _of_range(store: TableStore, reading: Reading) -> list[Tuple]:
    rows = store.view(tuple((position, False) for position in store.spec.key_positions)).rows
    changed, units = reading.changed, reading.units
    unit, date = store.spec.organization_position, store.spec.position["LAST_UPDATE_DATE"]
    if changed.low is not None or changed.high is not None:
        rows = [row for row in rows if changed.holds(row[date])]
    if unit is not None and not units.is_open:
        rows = [row for row in rows if units.shows(row[unit])]
    return rows
