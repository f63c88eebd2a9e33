"""The ledger as the rest of the library sees it: transactions that hold one store per table family."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import OperationalError

from ml_connector.errors import PassingFault
from ml_connector.ledger import database, tables
from ml_connector.ledger import lease as leases
from ml_connector.ledger.decisions import DecisionStore
from ml_connector.ledger.digests import Digester
from ml_connector.ledger.journal import JournalStore
from ml_connector.ledger.lease import Lease
from ml_connector.ledger.letters import LetterStore
from ml_connector.ledger.links import LinkStore
from ml_connector.ledger.match_keys import MatchKeyStore
from ml_connector.ledger.policies import PolicyStore
from ml_connector.ledger.runs import RunStore
from ml_connector.ledger.scans import ScanStore
from ml_connector.ledger.seal import Sealer
from ml_connector.ledger.seen import SeenStore
from ml_connector.ledger.snapshots import FieldNumbers

DEFAULT_HOME = ".ml-connector"


def default_url() -> str:
    """`ledger.db` in `ML_CONNECTOR_HOME`, else in `.ml-connector` of the Meltano project or this folder."""
    root = os.environ.get("MELTANO_PROJECT_ROOT") or "."
    home = Path(os.environ.get("ML_CONNECTOR_HOME") or Path(root) / DEFAULT_HOME)
    return f"sqlite:///{(home / 'ledger.db').resolve()}"


class Transaction:
    """One transaction on the ledger. Its stores share the connection."""

    def __init__(self, connection: Connection, ledger: Ledger, integration: str, target: str) -> None:
        self.connection = connection
        self._ledger = ledger
        self._integration = integration
        self._target = target

    @property
    def digester(self) -> Digester:
        """The ledger's digests."""
        return self._ledger.digester

    @cached_property
    def seen(self) -> SeenStore:
        """Routes, and what was settled of each source record."""
        return SeenStore(self.connection)

    @cached_property
    def scans(self) -> ScanStore:
        """Which source records exist, by the scan under way."""
        return ScanStore(self.connection)

    @cached_property
    def links(self) -> LinkStore:
        """Pairings and snapshots."""
        numbers = self._ledger.numbers.setdefault(self._integration, {})
        return LinkStore(self.connection, self._integration, numbers)

    @cached_property
    def match_keys(self) -> MatchKeyStore:
        """The index of dedupe keys of the target."""
        return MatchKeyStore(self.connection, self._integration, self._target)

    @cached_property
    def journal(self) -> JournalStore:
        """What is being sent to the target."""
        return JournalStore(self.connection, self._integration, self._target)

    @cached_property
    def letters(self) -> LetterStore:
        """Letters of the target."""
        return LetterStore(self.connection, self._integration, self._target, self._ledger.sealer)

    @cached_property
    def decisions(self) -> DecisionStore:
        """Conflicts that a policy decided, of the target's records."""
        return DecisionStore(self.connection, self.letters, self._ledger.sealer)

    @cached_property
    def policies(self) -> PolicyStore:
        """The policies that each direction was last run with."""
        return PolicyStore(self.connection, self._integration)

    @cached_property
    def runs(self) -> RunStore:
        """Runs, pauses, audit."""
        return RunStore(self.connection)


class Ledger:
    """A database of links, snapshots, journal, outcomes, letters and runs, upgraded to the newest schema.

    Raises:
        LedgerTooNew: a newer version of this library wrote it.
        PassingFault: the database cannot be reached.
        SystemFault: the URL is wrong.
    """

    def __init__(self, url: str | None = None, *, sealer: Sealer | None = None) -> None:
        self.engine: Engine = database.connect(url or default_url())
        self.sealer = sealer or Sealer()
        self.numbers: dict[str, dict[str, FieldNumbers]] = {}
        try:
            database.upgrade(self.engine)
            self.digester = Digester(self._digest_key())
        except BaseException:
            self.engine.dispose()
            raise

    def _digest_key(self) -> bytes:
        query = select(tables.meta.c.value).where(tables.meta.c.key == "digest_key")
        with self.engine.connect().execution_options(**{database.READ_ONLY: True}) as connection:
            key = connection.execute(query).scalar_one_or_none()
        return bytes(key) if key is not None else self._new_digest_key(query)

    def _new_digest_key(self, query: Select[tuple[bytes]]) -> bytes:
        # Of several processes that open a new ledger together, one sets the key and all read it.
        insert = sqlite_insert if self.engine.dialect.name == "sqlite" else postgres_insert
        with self.engine.begin() as connection:
            values = {"key": "digest_key", "value": os.urandom(32)}
            connection.execute(insert(tables.meta).values(**values).on_conflict_do_nothing())
        with self.engine.connect().execution_options(**{database.READ_ONLY: True}) as connection:
            return bytes(connection.execute(query).scalar_one())

    @contextlib.contextmanager
    def write(self, integration: str, target: str, *, lease: Lease | None = None) -> Iterator[Transaction]:
        """A transaction that commits at the end of the block, or not at all.

        With a lease it is fenced: a holder that lost it commits nothing.
        """
        try:
            with self.engine.begin() as connection:
                if lease is not None:
                    lease.check(connection)
                yield Transaction(connection, self, integration, target)
        except OperationalError as error:
            self._forget_numbers(integration)
            raise PassingFault(f"The ledger failed: {str(error.orig or error).splitlines()[0]}") from error
        except BaseException:
            self._forget_numbers(integration)
            raise

    def _forget_numbers(self, integration: str) -> None:
        for numbers in self.numbers.get(integration, {}).values():
            numbers.forget()

    @contextlib.contextmanager
    def read(self, integration: str = "", target: str = "") -> Iterator[Transaction]:
        """A transaction for looking only; it never blocks a writer."""
        options = {database.READ_ONLY: True}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield Transaction(connection, self, integration, target)

    def lease(
        self, integration: str, *, plugin: str, wait_seconds: float = 0.0
    ) -> contextlib.AbstractContextManager[Lease]:
        """Hold the lease of an integration; see `lease.hold`."""
        holder = leases.describe_holder(plugin)
        return leases.hold(self.engine, integration, holder=holder, wait_seconds=wait_seconds)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()
