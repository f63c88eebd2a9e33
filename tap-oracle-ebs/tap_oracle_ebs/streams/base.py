"""The base of the streams: tables behind them, the server's time, the multi-org policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import ConnectorStream
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.reading.rest_get import TableReader

if TYPE_CHECKING:
    from tap_oracle_ebs.tap import TapOracleEbs


class EbsStream(ConnectorStream):
    """A stream that reads tables through the gateway."""

    tables: ClassVar[Sequence[str]] = ()

    def __init__(self, tap: TapOracleEbs, **options: Any) -> None:
        super().__init__(tap, **options)
        self._ebs = tap

    @property
    def reader(self) -> TableReader:
        """The reader of tables."""
        return self._ebs.reader

    def system_time(self) -> dt.datetime:
        """Return the server's time, by the Date header of an answer."""
        now = self.reader.client.server_time()
        if now is None:
            # Whatever is read first also tells the time.
            self.reader.first(TABLES[self.tables[0]])
            now = self.reader.client.server_time()
        if now is None:
            self.logger.warning("The server sends no Date header: the clock of this machine bounds the run.")
        return now or super().system_time()

    def require_visible(self) -> None:
        """Stop where a multi-org name shows no row at all: the context lacks its operating unit."""
        for name in self.tables:
            table = TABLES[name]
            if self.reader.needs_unit(table) and not any(self.reader.read_first(table)):
                raise SystemFault(
                    f"{self.reader.operation(table)} shows no row at all. The multi-org policy hides every "
                    f"row where the context has no operating unit, or one that the responsibility lacks.",
                    fix="Set `org_ids` to units that the responsibility may see, or read the name with _ALL.",
                )
