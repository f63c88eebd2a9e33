"""JD Edwards and Zoho CRM with the settings of meltano.yml, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from e2e.rounds import Rounds


class JdeZoho(Rounds):
    """A round: Zoho into JD Edwards, then JD Edwards into Zoho."""

    integration = "jde-zoho"
    ways: ClassVar[Mapping[str, tuple[str, str]]] = {
        "zoho": ("tap-zoho-crm", "target-jde"),
        "jde": ("tap-jde", "target-zoho-crm"),
    }
    no_writes = ("/coql", "/oauth/v2/token", "/tokenrequest", "/tokenrequest/logout", "/bulk/v8/read")

    def address(self, plugin: str) -> dict[str, Any]:
        """The address of JD Edwards, or the three of Zoho."""
        url = self.sandbox.url
        if "zoho" not in plugin:
            return {"base_url": f"{url}/jde"}
        return {
            "accounts_url": f"{url}/zoho/accounts",
            "api_url": f"{url}/zoho/api",
            "content_url": f"{url}/zoho/content",
        }

    def account(self, number: int | str) -> dict[str, Any]:
        """The Account of an address number."""
        (found,) = [
            row for row in self.rows("zoho", "Accounts") if row.get("JDE_Address_Number") == str(number)
        ]
        return found

    def table(self, name: str, number: int) -> dict[str, Any]:
        """The first row of a table of JD Edwards for an address number."""
        return next(row for row in self.rows("jde", name) if row["AN8"] == number)

    def change_account(self, number: int | str, **fields: Any) -> None:
        """Edit an Account as somebody in Zoho would."""
        self.sandbox.control.put_rows("zoho", "Accounts", [{"id": self.account(number)["id"], **fields}])

    def change_table(self, name: str, key: Mapping[str, Any], **columns: Any) -> None:
        """Edit a row as somebody in JD Edwards would."""
        self.sandbox.control.put_rows("jde", name, [{**key, **columns}])
