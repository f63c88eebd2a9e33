"""The base of the streams: tables behind them, the way of access, the server's time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ml_connector.singer.stream import ConnectorStream
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.reading.plsql import PackageReader
from tap_oracle_ebs.reading.rest_get import TableReader

if TYPE_CHECKING:
    from tap_oracle_ebs.tap import TapOracleEbs


class EbsStream(ConnectorStream):
    """A stream that reads tables, or operations of the package, through the gateway."""

    tables: ClassVar[Sequence[str]] = ()

    def __init__(self, tap: TapOracleEbs, **options: Any) -> None:
        super().__init__(tap, **options)
        self._ebs = tap

    @property
    def reader(self) -> TableReader:
        """The reader of tables by GET."""
        return self._ebs.reader

    @property
    def package(self) -> PackageReader:
        """The reader through the package."""
        return self._ebs.package

    @property
    def access(self) -> str:
        """The way in which this stream is read: `rest_get` or `plsql`."""
        return self._ebs.access_of(self.name)

    def system_time(self) -> dt.datetime:
        """Return the server's time: by X_SERVER_TIME of the package, or by the Date header of an answer."""
        if self.access == "plsql":
            now = self.package.time_by(self.name)
        else:
            now = self.reader.server_time(TABLES[self.tables[0]])
        return self.or_own_time(now)

    def or_own_time(self, now: dt.datetime | None) -> dt.datetime:
        """Return the server's time, or this machine's where the server does not tell."""
        if now is None:
            self.logger.warning("The server sends no Date header: the clock of this machine bounds the run.")
        return now or super().system_time()

    def require_visible(self) -> None:
        """Stop where a multi-org name shows no row at all: the context lacks its operating unit."""
        for name in self.tables:
            self.reader.require_visible(TABLES[name])
