"""Accounts: found by external id or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ml_connector.errors import RecordFault
from ml_connector.sync import Incoming, RemoteRecord, Rung
from ml_connector.vendors.oro.types import EXTERNAL_ID
from target_oro_crm.batch_object import BatchObject
from target_oro_crm.contacts import other_external_id
from target_oro_crm.fields import NAME_OR_ID, PEOPLE, OroField, key, reference, text, to_one, virtual
from target_oro_crm.tools import Tools

ACCOUNTS, NAME = "accounts", "name"
_FEW = 20  # so many names are asked for singly; for more, all names are read


def account_fields(*, external_ids: bool) -> list[OroField]:
    """The fields of accounts."""
    return [
        text(NAME, 255),
        text("extend_description"),
        to_one("organization"),
        reference("owner", "users", PEOPLE),
        reference("defaultContact", "contacts", PEOPLE),
        key(EXTERNAL_ID) if external_ids else virtual(EXTERNAL_ID, NAME_OR_ID),
    ]


class Accounts(BatchObject):
    """The object `accounts`. Ladder: link, `externalId` where it is mapped, name."""

    kind = ACCOUNTS

    def __init__(self, tools: Tools, inactive: Mapping[str, Any] | None = None) -> None:
        has_ids = tools.features.has_external_id(ACCOUNTS)
        rungs: list[Rung] = [Rung(NAME, exclusive=True)]
        if has_ids:
            rungs = [Rung(EXTERNAL_ID, exclusive=True), *rungs, Rung(EXTERNAL_ID, lazy=True)]
        super().__init__(
            tools,
            account_fields(external_ids=has_ids),
            rungs,
            depends_on=("contacts", "users"),
            inactive=inactive,
        )

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """By external id in lists; by name singly, or from a reading of all."""
        by_text = {str(value).strip(): value for value in values}
        if rung.field == EXTERNAL_ID:
            rows = self.tools.listed(self.kind, EXTERNAL_ID, list(by_text), [*self.names(), EXTERNAL_ID])
            return self._by(rows, by_text, lambda row: [row.get(EXTERNAL_ID)])
        cut = {text[:255].strip(): value for text, value in by_text.items()}
        names, owned = [*self.names(), NAME], self.tools.of_organization()
        if len(cut) <= _FEW:
            rows = self.tools.each(
                lambda name: self.tools.rows(self.kind, names, **{NAME: name}, **owned), cut
            )
        else:
            rows = self.tools.rows(self.kind, names, **owned)
        return self._by(rows, cut, lambda row: [row.get(NAME)])

    def objection(self, candidate: RemoteRecord, incoming: Incoming) -> RecordFault | None:
        """An account of another external id is another one."""
        return other_external_id(candidate, incoming)
