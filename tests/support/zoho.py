"""What the tests of tap-zoho-crm share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zoho import seed

Row = dict[str, Any]
Put = Callable[..., list[Row]]


def zoho_settings(sandbox: RunningSandbox, folder: Path) -> dict[str, Any]:
    """What every run gives: the sandbox's three hosts and the integration's user."""
    return {
        "accounts_url": f"{sandbox.url}/zoho/accounts",
        "api_url": f"{sandbox.url}/zoho/api",
        "content_url": f"{sandbox.url}/zoho/content",
        "client_id": seed.CLIENT_ID,
        "client_secret": seed.CLIENT_SECRET,
        "refresh_token": seed.REFRESH_TOKEN,
        "token_store": str(folder / "tokens"),
        "modules": ["Accounts"],
        "window_lag": 0,
        "look_back": 0,
        "backoff": 0.01,
        "retry_after_default": 0.01,
        "bulk_poll": 0.01,
    }


def accounts(count: int, changed: str = "2026-11-20T10:11:12+00:00", start: int = 0) -> list[Row]:
    """Accounts that changed in the same second."""
    return [
        {"Account_Name": f"Account {number:05}", "Modified_Time": changed}
        for number in range(start, start + count)
    ]


def names(records: Sequence[Row]) -> list[str]:
    """The names of accounts, sorted; what came twice stands there twice."""
    return sorted(record["Account_Name"] for record in records if "Account_Name" in record)


def paths(sandbox: RunningSandbox, part: str) -> list[Row]:
    """The logged requests whose path holds a text."""
    return [request for request in sandbox.control.requests("zoho") if part in request["path"]]
