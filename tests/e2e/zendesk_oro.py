"""Zendesk and OroCRM with the settings of meltano.yml, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import requests
from e2e.project import plugin_settings
from e2e.rounds import Rounds
from plugin_runs import Run

from ml_sandbox.oro import seed as oro_seed
from ml_sandbox.zendesk import seed as zendesk_seed

Row = dict[str, Any]
_WITHHELD = 90.0  # seconds: exports keep the last minute back

# Per system: login, base path, media type, and who signs in.
_LOGINS = {
    "oro": (
        "/oauth2-token",
        "/api",
        "application/vnd.api+json",
        oro_seed.CLIENT_ID,
        oro_seed.CLIENT_SECRET,
    ),
    "zendesk": (
        "/oauth/tokens",
        "/api/v2",
        "application/json",
        zendesk_seed.CLIENT_ID,
        zendesk_seed.CLIENT_SECRET,
    ),
}


class ZendeskOro(Rounds):
    """A round: Zendesk into OroCRM, then what people did in OroCRM back."""

    integration = "zendesk-oro"
    ways: ClassVar[Mapping[str, tuple[str, str]]] = {
        "zendesk": ("tap-zendesk-ml", "target-oro-crm"),
        "oro": ("tap-oro-crm", "target-zendesk-oro"),
    }
    no_writes = ("/oauth/tokens", "/oauth2-token")

    def address(self, plugin: str) -> dict[str, Any]:
        """The address of the one or of the other."""
        system = "oro" if plugin.endswith("oro-crm") else "zendesk"
        return {"base_url": f"{self.sandbox.url}/{system}"}

    def both_ways(self, **settings: Any) -> None:
        """Let changes go back, with further settings of both targets."""
        for target in ("target-oro-crm", "target-zendesk-oro"):
            self.settings[target] = {**self.settings.get(target, {}), **settings}
        self.settings["target-zendesk-oro"].setdefault("two_way", True)

    def run(self, source: str, *, full_refresh: bool = False) -> Run:
        """Read one system, write the other, once; what happened before is old enough to be exported."""
        self.sandbox.control.jump(_WITHHELD)
        return super().run(source, full_refresh=full_refresh)

    # What people do

    def ticket(self, **fields: Any) -> Row:
        """Somebody opens or changes a ticket."""
        return self.sandbox.control.put_rows("zendesk", "tickets", [fields])[0]

    def case(self, **fields: Any) -> Row:
        """Somebody opens or changes a case."""
        return self.sandbox.control.put_rows("oro", "cases", [fields])[0]

    def comment(self, system: str, **fields: Any) -> Row:
        """Somebody comments on a ticket or a case."""
        name = "ticket_comments" if system == "zendesk" else "casecomments"
        return self.sandbox.control.put_rows(system, name, [fields])[0]

    def delete(self, system: str, object_name: str, key: str | int) -> None:
        """Somebody deletes a record."""
        self._call(system, "DELETE", f"/{object_name}/{key}")

    def merge(self, loser: int, winner: int) -> None:
        """Somebody merges a ticket into another one."""
        self._call("zendesk", "POST", f"/tickets/{winner}/merge", {"ids": [loser]})

    def _call(self, system: str, method: str, path: str, body: Row | None = None) -> None:
        login, base, kind, client, secret = _LOGINS[system]
        url = f"{self.sandbox.url}/{system}"
        given = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        answer = requests.post(url + login, json={**given, "scope": "read write"}, timeout=10)
        token = answer.json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Accept": kind, "Content-Type": kind}
        done = requests.request(method, url + base + path, json=body, headers=headers, timeout=10)
        assert done.ok, done.text

    # Looking

    def setting(self, plugin: str, name: str) -> Any:
        """What meltano.yml says."""
        return plugin_settings(plugin)[name]

    def pair(self, number: int) -> tuple[Row, Row]:
        """A ticket and its case."""
        (ticket,) = [row for row in self.rows("zendesk", "tickets") if row["id"] == number]
        (case,) = [row for row in self.rows("oro", "cases") if row["externalId"] == str(number)]
        return ticket, case
