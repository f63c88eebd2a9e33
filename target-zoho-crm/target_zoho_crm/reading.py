"""Reading records of one module by id, by its source key and by the key index."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.singer.key_index import KeyIndex
from ml_connector.singer.singly import chunks
from ml_connector.vendors.zoho import coql, metadata
from target_zoho_crm.fields import ModuleFields
from target_zoho_crm.index import ModuleIndex
from target_zoho_crm.ladder import KeyRung
from target_zoho_crm.tools import IDS_PER_READ, Tools

log = logging.getLogger(__name__)

_COLUMNS = 50  # fields per list (Get records)
_FEW_VALUES = 500  # up to so many are asked for by COQL, 50 in a query, without reading all keys
_WITH_CONVERTED = {"Leads": {"converted": "both"}}


class Reader:
    """Reads one module. `rungs` are those whose keys are read together into the index."""

    def __init__(self, tools: Tools, module: str, fields: ModuleFields, rungs: Sequence[KeyRung]) -> None:
        self._tools = tools
        self._client = tools.client
        self._module = module
        self._fields = fields
        self.rungs = [rung for rung in rungs if rung.kind != "contact_email"]
        self._index: ModuleIndex | None = None

    def attach(self, store: KeyIndex) -> None:
        """Where the index lives."""
        self._index = ModuleIndex(self._client, self._module, store)

    @property
    def is_dated(self) -> bool:
        """Whether records tell when they changed."""
        return metadata.MODIFIED in self._fields.known

    def rows(self, ids: Sequence[str], columns: Sequence[str]) -> dict[str, dict[str, Any]]:
        """These fields of these records by id, 100 in a request and 50 fields in each; missing ones are absent."""
        dated = [metadata.MODIFIED] if self.is_dated else []
        wanted = list(dict.fromkeys([*dated, *columns])) or ["id"]
        calls = [
            (chosen, wanted[start : start + _COLUMNS])
            for chosen in chunks(ids, IDS_PER_READ)
            for start in range(0, len(wanted), _COLUMNS)
        ]
        found: dict[str, dict[str, Any]] = {}
        for page in self._pages(calls):
            for row in page:
                found.setdefault(str(row["id"]), {}).update(row)
        return found

    def _pages(
        self, calls: Sequence[tuple[Sequence[str], Sequence[str]]]
    ) -> Iterable[Sequence[Mapping[str, Any]]]:
        if len(calls) > 1:
            return self._tools.parallel().map(self._page, calls)
        return [self._page(call) for call in calls]

    def _page(self, call: tuple[Sequence[str], Sequence[str]]) -> Sequence[Mapping[str, Any]]:
        ids, columns = call
        params = {"ids": ",".join(ids), "fields": ",".join(columns), "per_page": 200}
        answer = self._client.get(self._module, params | _WITH_CONVERTED.get(self._module, {}), what="read")
        rows: Sequence[Mapping[str, Any]] = answer.get("data") or []
        return rows

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
        """Whether the values are asked for one by one: those that hold as they stand, where no index is used."""
        if rung.kind == "unique" or self._index is None:
            return True
        alone = rung.kind == "source_key" and all(other.kind == "source_key" for other in self.rungs)
        return alone and len(values) <= _FEW_VALUES and not self._index.is_built(self.rungs)

    def _check_columns(self) -> None:
        missing = sorted({column for rung in self.rungs for column in rung.columns} - self._fields.known.keys())
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
