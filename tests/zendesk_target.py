"""target-zendesk-ml against a sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.target_harness import TargetHarness, emptied

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

NAME = "target-zendesk-ml"
SYSTEM = "zendesk"
MAPPING = {
    "__alias__": "organizations",
    "__key_properties__": ["external_id"],
    "external_id": "account_number",
    "name": "name",
    "organization_fields": "{'ebs_city': city}",
    "__else__": "__NULL__",
}
CITY = {"key": "ebs_city", "title": "City", "type": "text"}


class ZendeskTarget(TargetHarness):
    """The plugin against Zendesk."""

    name = NAME
    system = SYSTEM

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        super().__init__(sandbox, folder)
        self.config |= {
            "base_url": f"{sandbox.url}/zendesk",
            "client_id": seed.CLIENT_ID,
            "client_secret": seed.CLIENT_SECRET,
            "source_system": "ebs",
            "job_first_poll": 0.05,
            "job_poll": 0.05,
            "organization_fields": [CITY],
            "stream_maps": {"customers": MAPPING},
        }

    @property
    def organizations(self) -> dict[str, dict[str, Any]]:
        """What the vendor holds, by external id (by name without one)."""
        return {row["external_id"] or row["name"]: row for row in self.rows("organizations")}

    def is_login(self, request: Mapping[str, Any]) -> bool:
        """Tokens are asked for outside of the API."""
        return bool(request["path"].startswith("/oauth"))

    def sent_rows(self) -> list[dict[str, Any]]:
        """Every organization in the body of a write, in order."""
        rows: list[dict[str, Any]] = []
        for request in self.requests(writes_only=True):
            body = request["body"] or {}
            rows += body.get("organizations") or ([body["organization"]] if "organization" in body else [])
        return rows

    def history(self, key: str) -> list[str]:
        """The audited outcomes of one record, oldest first."""
        return [row.outcome for row in self.audited(key)]


def fresh(served: RunningSandbox) -> RunningSandbox:
    """The sandbox as it was when it started."""
    return emptied(served, SYSTEM)
