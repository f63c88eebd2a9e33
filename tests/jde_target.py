"""target-jde against a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.target_harness import TargetHarness, emptied

from ml_sandbox.jde import seed
from ml_sandbox.testing import RunningSandbox

NAME = "target-jde"
SYSTEM = "jde"
MAPPING = {
    "__alias__": "customers",
    "__key_properties__": ["long_address"],
    "long_address": "account_number",
    "name": "name",
    "city": "city",
    "__else__": "__NULL__",
}


class JdeTarget(TargetHarness):
    """The plugin against JD Edwards."""

    name = NAME
    system = SYSTEM
    put = TargetHarness.put_rows

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config |= {
            "base_url": f"{sandbox.url}/jde",
            "username": seed.USERNAME,
            "password": seed.PASSWORD,
            "environment": seed.ENVIRONMENT,
            "server_timezone": "America/Denver",
            "source_system": "crm",
            "batch_poll": 0.05,
            "stream_maps": {"customers": MAPPING},
        }

    def by_key(self, table: str = "F0101") -> dict[str, dict[str, Any]]:
        """The rows of a table by the long address of their address number."""
        keys = {row["AN8"]: row["ALKY"] for row in self.rows("F0101")}
        return {keys[row["AN8"]]: row for row in self.rows(table)}

    def is_login(self, request: Mapping[str, Any]) -> bool:
        """A session is asked for as a token."""
        return "tokenrequest" in request["path"]

    def call_of(self, request: Mapping[str, Any]) -> str:
        """The name of the orchestration or service."""
        return str(request["path"].rpartition("/")[2])

    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of the writes."""
        return [request["body"] for request in self.requests(writes_only=True)]

    def history(self, key: str) -> list[tuple[str, str | None, str | None]]:
        """Outcome, reason and request id of the audited outcomes of one record, oldest first."""
        return [(row.outcome, row.reason, row.request_id) for row in self.audited(key)]


def fresh(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started."""
    return emptied(served, SYSTEM)
