"""Organizations: unique names, and what becomes of a name that is taken."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.ledger import is_blank
from ml_connector.sync import Field, Incoming, RemoteRecord, Rung, WriteItem
from ml_connector.vendors.zendesk.client import PAGE_SIZE
from target_zendesk_ml.bulk import FLAG, TEXT, TEXTS, BulkObject, Tools, stored_tags, trimmed
from target_zendesk_ml.fields import FieldDefinitions

FEW_SEARCHES = 10  # up to so many names are searched singly without counting the organizations first


def _domains(values: Any) -> Any:
    return [str(value).strip().lower() for value in values or []]


STANDARD_FIELDS: tuple[Field, ...] = (
    Field("name", schema={"type": "string", "minLength": 1}, unique=True, stored_form=trimmed),
    Field("external_id", schema=TEXT, stored_form=trimmed),
    Field("details", schema=TEXT),
    Field("notes", schema=TEXT),
    Field("group_id", schema={"type": ["integer", "null"]}),
    Field("shared_tickets", schema=FLAG),
    Field("shared_comments", schema=FLAG),
    Field("tags", kind="set", schema=TEXTS, stored_form=stored_tags),
    Field("domain_names", kind="set", schema=TEXTS, stored_form=_domains),
)


class Organizations(BulkObject):
    """The object `organizations`.

    Ladder: external id, then the same name with an empty external id (asked only when the vendor says
    that the name is taken), then create. `name_taken`: `suffix` appends the external id, `reject` makes a
    letter.
    """

    wrapper = "organization"

    def __init__(
        self, tools: Tools, definitions: FieldDefinitions, *, name_taken: str, two_way: bool
    ) -> None:
        rungs = (Rung("external_id", exclusive=True), Rung("name", lazy=True))
        super().__init__(tools, definitions, STANDARD_FIELDS, rungs, two_way=two_way)
        self._name_taken = name_taken

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        """External ids by `show_many`, 100 a request; names by `search`, exact but for letter case, or by one
        scan of all organizations where that takes fewer requests.
        """
        if rung.field == "external_id":
            return self.by_external_id([str(value) for value in values])
        if len(values) > FEW_SEARCHES and self._pages() < len(values):
            return self._by_scan([str(value) for value in values])
        return {value: hits for value in values if (hits := self._by_name(str(value)))}

    def _pages(self) -> int:
        counted = self.client.get(f"{self.path}/count").get("count") or {}
        return math.ceil(int(counted.get("value") or 0) / PAGE_SIZE)

    def _by_scan(self, names: Sequence[str]) -> dict[Any, list[RemoteRecord]]:
        wanted = {name.strip().casefold(): name for name in names}
        found: dict[Any, list[RemoteRecord]] = {}
        for row in self.client.pages(self.path, self.plural):
            name = wanted.get(str(row.get("name") or "").strip().casefold())
            if name is not None:
                found.setdefault(name, []).append(self.record(row))
        # Several of the values may be one name in different letters.
        return {name: found[first] for name in names if (first := wanted[name.strip().casefold()]) in found}

    def _by_name(self, name: str) -> list[RemoteRecord]:
        wanted = name.strip().casefold()
        found = self.search(name=name)
        return [record for record in found if str(record.fields.get("name", "")).casefold() == wanted]

    def adoptable(self, candidate: RemoteRecord, incoming: Incoming) -> bool:
        """An organization of the same name is ours only if nobody gave it an external id."""
        return is_blank(candidate.fields.get("external_id"))

    def rename(self, field_name: str, incoming: Incoming) -> Any:
        """`name (external id)` where names may be given a suffix."""
        external_id = incoming.mapped.get("external_id")
        if field_name != "name" or self._name_taken != "suffix" or is_blank(external_id):
            return None
        name, suffix = str(incoming.mapped["name"]).strip(), f" ({external_id})"
        return name if name.endswith(suffix) else name + suffix

    def create_one(self, item: WriteItem, body: Mapping[str, Any]) -> Response:
        """By an upsert where there is an external id: that may be repeated after a lost answer."""
        upsert = not is_blank(item.values.get("external_id"))
        path = f"{self.path}/create_or_update" if upsert else self.path
        return self.client.send("POST", path, body, idempotent=upsert)
