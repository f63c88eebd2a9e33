"""tap-oracle-ebs: the tap class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import ClassVar

from ml_connector.http import Session
from ml_connector.settings import Setting
from ml_connector.singer.command import Check
from ml_connector.singer.tap import ConnectorTap
from tap_oracle_ebs import checks
from tap_oracle_ebs.gateway.client import Client
from tap_oracle_ebs.reading.rest_get import TableReader
from tap_oracle_ebs.settings import SETTINGS
from tap_oracle_ebs.streams.base import EbsStream
from tap_oracle_ebs.streams.customers import CustomersStream

STREAMS: tuple[type[EbsStream], ...] = (CustomersStream,)


class TapOracleEbs(ConnectorTap):
    """Singer tap for Oracle E-Business Suite through the Integrated SOA Gateway."""

    name = "tap-oracle-ebs"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS

    def discover_streams(self) -> Sequence[EbsStream]:
        """Return all streams; none of them needs a look at the system."""
        return [stream(self) for stream in STREAMS]

    @cached_property
    def client(self) -> Client:
        """The way to the gateway, opened when first needed."""
        return Client(self.config, stopping=self.stopping)

    @cached_property
    def reader(self) -> TableReader:
        """The reader of tables."""
        return TableReader(self.client, self.config)

    @property
    def units(self) -> tuple[int, ...]:
        """The operating units to read; none: all that the tables show."""
        return tuple(int(unit) for unit in self.config.get("org_ids") or ())

    def checks(self) -> Iterable[Check]:
        """Try login, context, tables and clock."""
        names = dict.fromkeys(name for stream in STREAMS for name in stream.tables)
        return checks.run(self.reader, list(names))

    def sessions(self) -> Iterable[Session]:
        """Return the HTTP sessions that were used so far."""
        return self.client.sessions() if "client" in self.__dict__ else ()

    def close(self) -> None:
        """Log out."""
        if "client" in self.__dict__:
            self.client.close()


if __name__ == "__main__":
    TapOracleEbs.cli()
