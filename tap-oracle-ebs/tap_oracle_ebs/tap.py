"""tap-oracle-ebs: the tap class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.http import Session
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.tap import ConnectorTap
from tap_oracle_ebs import checks
from tap_oracle_ebs.catalog.tables import TABLES, Column
from tap_oracle_ebs.gateway.client import Client
from tap_oracle_ebs.gateway.descriptions import NotUnderstood, columns_of
from tap_oracle_ebs.reading.further import FurtherTable, further_tables, with_places
from tap_oracle_ebs.reading.names import require_known
from tap_oracle_ebs.reading.plsql import PackageReader
from tap_oracle_ebs.reading.rest_get import TableReader
from tap_oracle_ebs.settings import SETTINGS
from tap_oracle_ebs.streams.base import EbsStream
from tap_oracle_ebs.streams.contacts import CustomerContactsStream
from tap_oracle_ebs.streams.customers import CustomersStream
from tap_oracle_ebs.streams.exclusions import CustomerExclusionsStream
from tap_oracle_ebs.streams.raw import RawStream
from tap_oracle_ebs.streams.summaries import CustomerSummariesStream

STREAMS: tuple[type[EbsStream], ...] = (
    CustomersStream,
    CustomerContactsStream,
    CustomerSummariesStream,
    CustomerExclusionsStream,
)
"""The business streams."""


class TapOracleEbs(ConnectorTap):
    """Singer tap for Oracle E-Business Suite through the Integrated SOA Gateway."""

    name = "tap-oracle-ebs"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS

    def discover_streams(self) -> Sequence[EbsStream]:
        """Return all streams; only further tables without columns need a look at the system."""
        streams: dict[str, EbsStream] = {}
        for business in STREAMS:
            stream = business(self)
            streams[stream.name] = stream
        names = set(streams)
        for table in TABLES.values():
            streams[table.name.lower()] = RawStream(self, table)
        for entry in self.further:
            if entry.stream in names:
                raise SystemFault(f"`tables`: there is a stream {entry.stream} already.", fix="Rename it.")
            streams[entry.stream] = self._further_stream(entry)
        require_known(self.config, streams, {*TABLES, *(entry.name for entry in self.further)})
        return list(streams.values())

    @cached_property
    def client(self) -> Client:
        """The way to the gateway, opened when first needed."""
        return Client(self.config, stopping=self.stopping)

    @cached_property
    def further(self) -> list[FurtherTable]:
        """The tables that the setting `tables` names."""
        return further_tables(self.config)

    @cached_property
    def reader(self) -> TableReader:
        """The reader of tables by GET."""
        return TableReader(self.client, self._places)

    @cached_property
    def package(self) -> PackageReader:
        """The reader through the package."""
        return PackageReader(self.client, self._places)

    @property
    def units(self) -> tuple[int, ...]:
        """The operating units to read; none: all that the tables show."""
        return tuple(int(unit) for unit in self.config.get("org_ids") or ())

    def access_of(self, stream: str) -> str:
        """Return the way in which a stream is read: `rest_get` or `plsql`."""
        own = self.config.get("stream_access") or {}
        return str(own.get(stream) or self.config["access"])

    def package_operation(self, stream: str) -> str:
        """Return the contract's operation of a stream: raw ones are named as their table."""
        found = self.streams[stream]
        return found.table.name.lower() if isinstance(found, RawStream) else stream

    def checks(self) -> Iterable[Check]:
        """Try login, context, tables, package and clock, for the streams that are selected."""
        return checks.run(self)

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions that were used so far."""
        return self.client.sessions() if "client" in self.__dict__ else ()

    def close(self) -> None:
        """Log out."""
        if "client" in self.__dict__:
            self.client.close()

    @cached_property
    def _places(self) -> dict[str, Any]:
        return with_places(self.config, self.further)

    def _further_stream(self, entry: FurtherTable) -> RawStream:
        return RawStream(self, entry.table(self._columns_of), entry.stream, is_full=entry.is_full)

    def _columns_of(self, entry: FurtherTable) -> Sequence[Column]:
        """Read the columns of a table from the schema of its operation."""
        settings = self._places
        if self.access_of(entry.stream) == "plsql":
            alias, operation = self.package.alias(entry.name), self.package.operation(entry.name).upper()
        else:
            alias = str((settings.get("aliases") or {}).get(entry.name) or settings["alias"])
            operation = str((settings.get("operations") or {}).get(entry.name, entry.name))
        document = f"{operation}_SYNCH_TYPEDEF.xsd"
        try:
            return columns_of(self.client.describe(alias, document), entry.key)
        except (ConnectorError, NotUnderstood) as error:
            raise SystemFault(
                f"`tables`: the columns of {entry.name} cannot be read from {alias}/?XSD={document}: {error}",
                fix="Name them in `columns`, or correct `alias`, `operation` and `key`.",
            ) from None


if __name__ == "__main__":
    TapOracleEbs.cli()
