"""A module of Zoho CRM as a stream."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ml_connector.errors import SystemFault
from ml_connector.http import Parallel
from ml_connector.singer.stream import Batch, ConnectorStream
from ml_connector.singer.windows import Window, instant_text, parse_instant
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.metadata import MODIFIED, Field, Module, is_dated
from ml_connector.vendors.zoho.records import Form, Record, by_ids, one, whole_texts
from ml_connector.vendors.zoho.values import schema_of
from tap_zoho_crm import deleted
from tap_zoho_crm.deleted import DELETED_AT, DELETED_UNTIL
from tap_zoho_crm.reading.chunk import Chunk, Order
from tap_zoho_crm.settings import DEFAULT_FORMULA_DAYS

if TYPE_CHECKING:
    from tap_zoho_crm.tap import TapZohoCrm

REFRESHED_AT = "formulas_read_at"
"""Member of a stream's state: when the module was last read whole for the sake of its formulas."""

_FIND_THE_REST = "Run once with `deletes: keys` and `deletes_every: 0`."
_PARALLEL_READS = 5
_IDS_PER_READ = 500


class ModuleStream(ConnectorStream):
    """The records of one module, each as all ways of reading show it."""

    def __init__(self, tap: TapZohoCrm, module: Module, fields: Sequence[Field]) -> None:
        self._zoho = tap
        self.module = module
        self.all_fields = readable(fields, deep=module.api_name in tap.single_reads)
        self.sends_deleted = bool(tap.config.get("deleted_records"))
        super().__init__(tap, name=module.api_name, schema=self._described())
        self.primary_keys = ["id"]
        self.replication_key = MODIFIED if is_dated(fields) else None
        self._ids = self._named_ids()
        if tap.config.get("record_ids"):
            # Such a run is beside the bookmark for every stream, also for one that none of the ids may be of.
            self.rules = dataclasses.replace(self.rules, keys=tuple(self._ids) or ("",))

    def system_time(self) -> dt.datetime:
        """Return Zoho's time by its last answer, or this machine's where it does not tell."""
        return self._zoho.client.server_time() or super().system_time()

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the records that changed in a window, or the named ones."""
        if window.moves_bookmark:
            self._begin_state()
        if window.keys:
            yield from self._named(window.keys)
            return
        dated = self.replication_key is not None
        order = Order(
            self.name,
            self._plain.names,
            dated,
            window.start,
            window.read_until,
            resumable=dated and window.moves_bookmark,
        )
        for chunk in self._zoho.reader.read(order):
            yield self._batch(chunk)

    def read_keys(self) -> Iterator[Batch]:
        """Yield the ids of all records that exist."""
        names = ["id", MODIFIED] if self.replication_key else ["id"]
        order = Order(self.name, names, self.replication_key is not None, resumable=False)
        for chunk in self._zoho.reader.read(order):
            yield Batch([{"id": str(row["id"])} for row in chunk.rows], chunk.extracted)

    def follow_up(self) -> None:
        """Send deleted records, and records whose formulas may have changed, as far as they are due."""
        if self.rules.is_extra or not self.selected or self.ABORT_AT_RECORD_COUNT is not None:
            return
        if self.sends_deleted:
            self._send_deleted()
        self._refresh_formulas()

    def _described(self) -> dict[str, Any]:
        properties = {
            field.api_name: schema_of(field) for field in Form(self.module.api_name, self.all_fields).fields
        }
        if self.sends_deleted:
            properties[DELETED_AT] = {
                "type": ["string", "null"],
                "format": "date-time",
                "description": "When the record was deleted; such a record has nothing else but its id.",
            }
        return {"type": "object", "properties": properties}

    @cached_property
    def _chosen(self) -> list[Field]:
        """The fields that are selected, and those that reading needs."""
        needed = {"id", MODIFIED}
        return [
            field
            for field in self.all_fields
            if field.api_name in needed or self.mask.get(("properties", field.api_name), True)
        ]

    @cached_property
    def _plain(self) -> Form:
        """What every way of reading shows."""
        return Form(self.name, [field for field in self._chosen if not field.is_deep])

    @cached_property
    def _whole(self) -> Form | None:
        """What single reads show; None where nothing of it is wanted."""
        return Form(self.name, self._chosen) if any(field.is_deep for field in self._chosen) else None

    def _batch(self, chunk: Chunk) -> Batch:
        if self._whole is None:
            whole_texts(self._zoho.client, self.name, self._plain.fields, chunk.rows)
            records = [self._plain.record(row) for row in chunk.rows]
        else:
            records = self._singly(self._whole, [str(row["id"]) for row in chunk.rows])
        return Batch(records, chunk.extracted, chunk.complete_until)

    def _singly(self, form: Form, ids: Sequence[str]) -> list[Record]:
        client = self._zoho.client
        parallel = Parallel(_PARALLEL_READS, client.session)
        found = parallel.map(lambda identifier: one(client, self.name, identifier), ids)
        rows = [row for row in found if row is not None]
        whole_texts(client, self.name, form.fields, rows)
        return [form.record(row) for row in rows]

    def _named(self, ids: Sequence[str]) -> Iterator[Batch]:
        found = 0
        for start in range(0, len(ids), _IDS_PER_READ):
            for page in by_ids(
                self._zoho.client, self.name, self._plain.names, ids[start : start + _IDS_PER_READ]
            ):
                found += len(page.rows)
                yield self._batch(Chunk(page.rows, page.extracted))
        if found < len(ids):
            missing = len(ids) - found
            self.logger.warning(
                "%s: %d of the %d ids of `record_ids` are not there.", self.name, missing, len(ids)
            )

    def _named_ids(self) -> list[str]:
        """The ids of `record_ids` that are this module's, or may be."""
        ids = []
        for text in self._zoho.config.get("record_ids") or ():
            module, colon, identifier = str(text).rpartition(":")
            if not identifier.isdigit():
                raise SystemFault(
                    f"The setting `record_ids` has {text!r}, which is no id of Zoho CRM.",
                    fix="Give numbers like 5725767000000411001, or Accounts:5725767000000411001.",
                )
            if not colon or module == self.name:
                ids.append(identifier)
        return ids

    def windows(self) -> list[Window]:
        """Return the windows of this run; none where `record_ids` names records of other modules only."""
        if self._zoho.config.get("record_ids"):
            # Also where a module does not tell when its records changed.
            return [Window(keys=tuple(self._ids), moves_bookmark=False)] if self._ids else []
        return super().windows()

    def _begin_state(self) -> None:
        """From before the first record on, deleted ones have to be told; formulas are as fresh as records."""
        now = instant_text(self.system_time().replace(microsecond=0))
        if self.sends_deleted and not self.stream_state.get(DELETED_UNTIL):
            self.stream_state[DELETED_UNTIL] = now
        if self.bookmark is None and self._calculates:
            self.stream_state[REFRESHED_AT] = now

    def _send_deleted(self) -> None:
        known = self.stream_state.get(DELETED_UNTIL)
        now = self.system_time().replace(microsecond=0)
        if known:
            since = parse_instant(str(known), f"The state's {DELETED_UNTIL}") - self.rules.look_back
            if now - since > deleted.KEPT:
                self.logger.warning(
                    "%s: the last run was more than %d days ago: Zoho may have forgotten deleted records. %s",
                    self.name,
                    deleted.KEPT.days,
                    _FIND_THE_REST,
                )
            if not self._send_deleted_since(since):
                return
        self.stream_state[DELETED_UNTIL] = instant_text(now - self.rules.lag)
        self.save_state()

    def _send_deleted_since(self, since: dt.datetime) -> bool:
        """Send what the list of deleted records gives; returns False where the module has none."""
        sent = 0
        try:
            for batch in deleted.deleted(self._zoho.client, self.name, since):
                self.send(batch)
                sent += len(batch.records)
        except ApiRefusal as refusal:
            if refusal.status not in {400, 403, 404}:
                raise
            if not sent:
                self.logger.warning("%s has no list of deleted records: %s", self.name, refusal.message)
                return False
            # How deep the list can be paged is not stated; asked again it would end at the same place.
            self.logger.warning(
                "%s: the list of deleted records ended after %d: %s %s",
                self.name,
                sent,
                refusal.message,
                _FIND_THE_REST,
            )
        return True

    def _refresh_formulas(self) -> None:
        if not self._calculates or self.replication_key is None:
            return
        days = self._zoho.config.get("formula_refresh_every")
        every = dt.timedelta(days=DEFAULT_FORMULA_DAYS if days is None else float(days))
        now = self.system_time().replace(microsecond=0)
        last = self.stream_state.get(REFRESHED_AT)
        if last is not None:
            before = parse_instant(str(last), f"The state's {REFRESHED_AT}")
            if before <= now < before + every:
                return
        self.logger.info("%s: reading the whole module again for its formulas", self.name)
        for batch in self.read(dataclasses.replace(self._whole_window(), moves_bookmark=False)):
            self.send(dataclasses.replace(batch, complete_until=None))
        self.stream_state[REFRESHED_AT] = instant_text(now)
        self.save_state()

    @property
    def _calculates(self) -> bool:
        return any(field.is_calculated for field in self._chosen)


def readable(fields: Sequence[Field], *, deep: bool) -> list[Field]:
    """The fields that the user may see; those that only single reads show when `deep`."""
    return [field for field in fields if field.visible and (deep or not field.is_deep)]
