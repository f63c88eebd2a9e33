"""The pages of one operation of the read package, and packages that do not do what they were asked."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ml_connector.errors import SystemFault
from tap_oracle_ebs.catalog.tables import CHANGED, Kind, Table
from tap_oracle_ebs.gateway.answers import Row
from tap_oracle_ebs.gateway.client import SYSTEM
from tap_oracle_ebs.reading.selection import Selection

if TYPE_CHECKING:
    from tap_oracle_ebs.reading.plsql import PackagePage, PackageReader

logger = logging.getLogger("tap-oracle-ebs")

_ROWS = "X_ROWS"
# A page of a round number of rows may have been cut by a limit of the package's own.
_ROUND = 25
# Where the autumn hour repeats, a bound is an hour wide.
_TOLERANCE = dt.timedelta(hours=2)
_HELP = {
    "P_LAST_KEY": "Correct `package_parameters`, or the package: a page must begin after that key.",
    "P_OFFSET": "Correct `package_parameters`, or the package: a page must begin after so many rows.",
    "P_LIMIT": "Correct `package_parameters`, or the package: a page must not be longer.",
    "P_LAST_UPDATE_FROM": "Correct `package_parameters`, `package_date_mask` and `server_timezone`.",
    "P_LAST_UPDATE_TO": "Correct `package_parameters`, `package_date_mask` and `server_timezone`.",
    "P_KEYS": "Correct `package_parameters`, or the package: only the rows of these keys were asked for.",
}


class PackagePages:
    """One call after the other. `selection` says what every row must fit, where that is known."""

    def __init__(
        self,
        reader: PackageReader,
        operation: str,
        parameters: Mapping[str, str | None],
        collections: Mapping[str, Table],
        *,
        lower_names: bool = False,
        selection: Selection | None = None,
    ) -> None:
        self._reader = reader
        self._operation = operation
        self._parameters = parameters
        self._collections = collections
        self._lower = lower_names
        self._selection = selection or Selection()
        self._limit = int(parameters.get("P_LIMIT") or reader.page_size)
        table = collections[_ROWS]
        self._key = tuple(name.lower() if lower_names else name for name in table.key)
        self._is_ordered = all(table.column(name).kind is Kind.INTEGER for name in table.key)
        self._changed = (CHANGED.lower() if lower_names else CHANGED) if table.is_dated else ""

    def pages(self) -> Iterator[PackagePage]:
        """Yield pages until there is no more; at least one."""
        seen: set[tuple[Any, ...]] = set()
        count, last_key = 0, ""
        while True:
            page = self._reader.call(
                self._operation,
                {**self._parameters, "P_LIMIT": str(self._limit), **self._position(count, last_key)},
                self._collections,
                lower_names=self._lower,
            )
            rows = page.rows[_ROWS]
            keys = [tuple(row[name] for name in self._key) for row in rows]
            self._require_obedience(rows)
            self._require_progress(keys, seen)
            yield page
            if not self._goes_on(page):
                return
            seen, last_key, count = set(keys), page.last_key, count + len(rows)

    def _position(self, count: int, last_key: str) -> dict[str, str]:
        if not count:
            return {}
        if self._reader.takes("P_LAST_KEY"):
            return {"P_LAST_KEY": last_key}
        if self._reader.takes("P_OFFSET"):
            return {"P_OFFSET": str(count)}
        raise SystemFault(
            f"{SYSTEM}: {self._operation} has more than one page, and takes neither P_LAST_KEY nor P_OFFSET.",
            fix="Give one of them a name in `package_parameters`.",
        )

    def _goes_on(self, page: PackagePage) -> bool:
        rows = len(page.rows[_ROWS])
        if page.more is None:
            return rows >= self._limit or (rows > 0 and rows % _ROUND == 0)
        if page.more and not rows:
            raise SystemFault(
                f"{SYSTEM}: {self._operation} says that there is more, and gives no row.",
                fix="Correct the package: X_HAS_MORE must be N on the last page.",
            )
        return page.more

    def _require_progress(self, keys: list[tuple[Any, ...]], seen: set[tuple[Any, ...]]) -> None:
        control = "P_LAST_KEY" if self._reader.takes("P_LAST_KEY") else "P_OFFSET"
        if not seen.isdisjoint(keys):
            raise self._ignores(control)
        if self._is_ordered and control == "P_LAST_KEY":
            before = max(seen, default=None)
            for key in keys:
                if before is not None and key <= before:
                    raise self._ignores(control)
                before = key

    def _require_obedience(self, rows: list[Row]) -> None:
        if len(rows) > self._limit:
            raise self._ignores("P_LIMIT")
        chosen = self._selection
        if chosen.keys:
            wanted = set(chosen.keys)
            if any(tuple(row[name] for name in self._key) not in wanted for row in rows):
                raise self._ignores("P_KEYS")
        if not self._changed or not rows:
            return
        changes = [str(row[self._changed]) for row in rows if row[self._changed] is not None]
        if not changes:
            return
        if chosen.start is not None and min(changes) < _text(chosen.start - _TOLERANCE):
            raise self._ignores("P_LAST_UPDATE_FROM")
        if chosen.end is None or not self._reader.takes("P_LAST_KEY"):
            return
        if max(changes) > _text(chosen.end + _TOLERANCE):
            raise self._ignores("P_LAST_UPDATE_TO")

    def _ignores(self, parameter: str) -> SystemFault:
        own = self._reader.parameter(parameter)
        named = parameter if own == parameter else f"{own} ({parameter})"
        return SystemFault(
            f"{SYSTEM}: the package operation {self._reader.operation(self._operation)} ignores the "
            f"parameter {named}.",
            fix=_HELP[parameter],
        )


def _text(instant: dt.datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
