"""Reading records of one module by id, by its source key and by the key index."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.singer.key_index import KeyIndex
from ml_connector.singer.singly import chunks
from ml_connector.vendors.zoho import coql, metadata
from ml_connector.vendors.zoho.records import by_ids
from target_zoho_crm.fields import ModuleFields
from target_zoho_crm.index import ModuleIndex
from target_zoho_crm.ladder import KeyRung
from target_zoho_crm.tools import Tools

log = logging.getLogger(__name__)

_FEW_VALUES = 500  # up to so many are asked for by COQL, 50 in a query, without reading all keys


class Reader:
    """Reads one module. `rungs` are those whose keys are read together into the index."""

    def __init__(self, tools: Tools, module: str, fields: ModuleFields, rungs: Sequence[KeyRung]) -> None:
        self._tools = tools
        self._client = tools.client
        self._module = module
        self._fields = fields
        self.rungs = [rung for rung in rungs if rung.kind != "contact_email"]
        self._index: ModuleIndex | None = None

    @property
    def index(self) -> ModuleIndex | None:
        """The key index, once it is known where it lives."""
        return self._index

    def attach(self, store: KeyIndex) -> None:
        """Where the index lives."""
        self._index = ModuleIndex(self._client, self._module, store)

    @property
    def is_dated(self) -> bool:
        """Whether records tell when they changed."""
        return metadata.MODIFIED in self._fields.known

    def rows(self, ids: Sequence[str], columns: Sequence[str]) -> dict[str, dict[str, Any]]:
        """These fields of these records by id, `read_batch` in a request; missing ones are absent."""
        wanted = [*columns, *([metadata.MODIFIED] if self.is_dated else [])]
        names = list(dict.fromkeys(wanted))
        parts = list(chunks(ids, self._tools.rules.read_batch))

        def read(part: Sequence[str]) -> list[dict[str, Any]]:
            return [row for page in by_ids(self._client, self._module, names, part) for row in page.rows]

        pages = self._tools.parallel().map(read, parts) if len(parts) > 1 else map(read, parts)
        return {str(row["id"]): row for page in pages for row in page}

    # Looking for

    def holders(self, rung: KeyRung, values: Sequence[str]) -> dict[str, list[str]]:
        """Per value the ids of the records that may hold it, by the index or by query."""
        if self._asks(rung, values):
            return self.query(rung, values)
        if self._index is None:
            raise SystemFault(f"The key index of {self._module} is not open.")
        self._check_columns()
        together = self.rungs if rung in self.rungs else [*self.rungs, rung]
        return self._index.holders(together, rung, values, dated=self.is_dated)

    def _asks(self, rung: KeyRung, values: Sequence[str]) -> bool:
        """Whether Zoho is asked for the values: those that hold as they stand, where no index is used."""
        if rung.kind == "unique" or self._index is None:
            return True
        alone = rung.kind == "source_key" and all(other.kind == "source_key" for other in self.rungs)
        return alone and len(values) <= _FEW_VALUES and not self._index.is_built(self.rungs)

    def _check_columns(self) -> None:
        missing = sorted(
            {column for rung in self.rungs for column in rung.columns} - self._fields.known.keys()
        )
        if missing:
            raise SystemFault(
                f"{self._module} has no field {', '.join(missing)} to find records by.",
                fix="Correct the settings source_key and dedupe: they take API names of fields.",
            )

    def query(self, rung: KeyRung, values: Sequence[str]) -> dict[str, list[str]]:
        """Ask Zoho for these values as they stand, 50 in a query."""
        found: dict[str, list[str]] = {}
        named = {value.casefold(): value for value in values}
        for row in self._matching(rung.field, values):
            shown = rung.value(row)
            value = None if shown is None else named.get(str(shown).casefold())
            if value is not None and rung.same(value, str(shown)):
                found.setdefault(value, []).append(str(row["id"]))
        return found

    def _matching(self, field: str, values: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for chosen in chunks(values, coql.MAX_IN):
            where = coql.one_of(field, list(chosen))
            answer = self._client.query(coql.select(self._module, ["id", field], where, ["id"], 200), 200)
            yield from answer.get("data") or []

    def created(self) -> None:
        """Records were created: those without a source key can be told from others by the index only."""
        if self._index is not None and not any(rung.kind == "source_key" for rung in self.rungs):
            self._index.stale()
