"""The account of a contact: the one whose default contact it is, else one that lists it."""

from __future__ import annotations

from collections.abc import Iterable

from target_oro_crm.tools import Tools, numbers

_MANY = 100_000


class AccountsOf:
    """Looks accounts up by contact, a hundred in a request, and remembers them for the run."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._known: dict[str, str | None] = {}

    def learn(self, contacts: Iterable[str]) -> None:
        """Look up the accounts of these contacts."""
        if len(self._known) > _MANY:
            self._known.clear()
        asked = [key for key in dict.fromkeys(numbers(contacts)) if key not in self._known]
        if not asked:
            return
        found: dict[str, str] = {}
        for row in self._tools.listed("accounts", "defaultContact", asked, ["defaultContact"]):
            found.setdefault(str(row["defaultContact"]), str(row["id"]))
        rest = [key for key in asked if key not in found]
        for row in self._tools.listed("contacts", "id", rest, ["accounts"]) if rest else []:
            if row.get("accounts"):
                found[str(row["id"])] = min(row["accounts"], key=int)
        self._known |= {key: found.get(key) for key in asked}

    def of(self, contact: str) -> str | None:
        """The account of a contact that was learned."""
        return self._known.get(contact)
