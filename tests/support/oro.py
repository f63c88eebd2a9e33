"""What the tests of OroCRM's plugins share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ml_connector.vendors.oro.client import OroClient
from ml_sandbox.oro import seed
from ml_sandbox.testing import RunningSandbox

Row = dict[str, Any]
LONG_AGO = "2026-01-02T03:04:05Z"


def oro_settings(sandbox: RunningSandbox, folder: Path) -> dict[str, Any]:
    """What every run gives: the sandbox's address and its OAuth application."""
    return {
        "base_url": f"{sandbox.url}/oro",
        "client_id": seed.CLIENT_ID,
        "client_secret": seed.CLIENT_SECRET,
        "token_store": str(folder / "tokens"),
        "backoff": 0.01,
        "retry_after_default": 0.01,
    }


def put(sandbox: RunningSandbox, kind: str, *rows: Row) -> list[Row]:
    """Upsert rows by id; gives what is stored."""
    return sandbox.control.put_rows("oro", kind, rows)


def rows(sandbox: RunningSandbox, kind: str) -> dict[str, Row]:
    """All rows of a type by id."""
    return {row["id"]: row for row in sandbox.control.rows("oro", kind)}


def case(**values: Any) -> Row:
    """A case as somebody would enter it."""
    return {"subject": "S", "status": "open", "priority": "normal", "source": "other", **values}


def people(sandbox: RunningSandbox) -> tuple[str, str]:
    """Two contacts; gives their ids."""
    jerry = {"firstName": "Jerry", "lastName": "Coleman", "emails": ["j@x.com", "j2@x.com"], "phones": ["12"]}
    first, second = put(sandbox, "contacts", jerry, {"lastName": "Nobody"})
    return first["id"], second["id"]


def paths(sandbox: RunningSandbox, part: str) -> list[str]:
    """The logged requests whose address holds a text."""
    targets: Iterable[str] = (request["target"] for request in sandbox.control.requests("oro"))
    return [target for target in targets if part in target]


def gone(settings: Row, kind: str, *ids: str) -> None:
    """Delete records as a user of the API does."""
    client = OroClient(settings)
    for identifier in ids:
        assert client.delete(kind, identifier)
    client.close()


def ids_of(records: Sequence[Row]) -> list[str]:
    """The ids of records, in their order."""
    return [record["id"] for record in records]
