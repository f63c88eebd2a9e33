"""tap-jde: the tap class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar

from singer_sdk.helpers.capabilities import CapabilitiesEnum, TapCapabilities

from ml_connector.errors import SystemFault
from ml_connector.http import Session
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.tap import ConnectorTap
from ml_connector.vendors.jde.catalog import TABLES
from ml_connector.vendors.jde.client import Client
from ml_connector.vendors.jde.reading import TableReader
from ml_connector.vendors.jde.values import require_decimals
from tap_jde import checks
from tap_jde.base import JdeStream
from tap_jde.business import NAMES, BusinessStream
from tap_jde.further import FurtherTable, further_tables
from tap_jde.raw import RawStream
from tap_jde.settings import SETTINGS


class TapJde(ConnectorTap):
    """Singer tap for JD Edwards EnterpriseOne through its AIS server."""

    name = "tap-jde"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        *ConnectorTap.capabilities,
        TapCapabilities.ACTIVATE_VERSION,
    ]

    def discover_streams(self) -> Sequence[JdeStream]:
        """Return all streams; only further tables without columns need a look at the system."""
        streams: dict[str, JdeStream] = {name: BusinessStream(self, name) for name in NAMES}
        for table in TABLES.values():
            streams[table.name.lower()] = RawStream(self, table)
        for entry in further_tables(self.config):
            if entry.stream in NAMES:
                raise SystemFault(f"`tables`: there is a stream {entry.stream} already.", fix="Rename it.")
            streams[entry.stream] = self._further_stream(entry)
        raw = [stream.table for stream in streams.values() if isinstance(stream, RawStream)]
        require_decimals(self.config.get("decimals"), (*TABLES.values(), *raw))
        return list(streams.values())

    @cached_property
    def client(self) -> Client:
        """The way to the AIS server, opened when first needed."""
        return Client(self.config, stopping=self.stopping)

    @cached_property
    def reader(self) -> TableReader:
        """The reader of tables."""
        return TableReader(self.client, self.config)

    def checks(self) -> Iterable[Check]:
        """Try login, tables, conditions and clock, for the streams that are selected."""
        return checks.run(self)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions that were used so far."""
        return self.client.sessions() if "client" in self.__dict__ else ()

    def close(self) -> None:
        """Log out."""
        if "client" in self.__dict__:
            self.client.close()

    def _further_stream(self, entry: FurtherTable) -> RawStream:
        reader = None if entry.columns else self.reader
        return RawStream(self, entry.table(reader), entry.stream, is_full=entry.is_full)


if __name__ == "__main__":
    TapJde.cli()
