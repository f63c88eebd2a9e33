"""What every module writes with."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ml_connector.http import Parallel
from ml_connector.vendors.zoho.client import ZohoClient

RUN_ALL = "all"


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """The settings of writing; see the target's settings of the same names."""

    two_way: bool = False
    trigger: Sequence[str] = ()
    write_batch: int = 100
    read_batch: int = 100
    write_blanks: frozenset[str] = frozenset()
    strict_locking: bool = False
    bulk_from: int = 0
    bulk_rows: int = 25_000
    job_first_poll: float = 5.0
    job_poll: float = 10.0
    job_timeout: float = 3600.0


@dataclasses.dataclass(frozen=True, slots=True)
class Tools:
    """The client, the rules, and the threads that share both."""

    client: ZohoClient
    rules: Rules
    width: int = 4

    def parallel(self) -> Parallel:
        """Threads that hear of a 429."""
        return Parallel(self.width, self.client.session)
