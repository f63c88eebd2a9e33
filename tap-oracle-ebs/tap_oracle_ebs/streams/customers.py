"""The stream `customers`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from ml_connector.errors import SystemFault
from ml_connector.singer.stream import Batch
from ml_connector.singer.windows import Window, instant_text
from tap_oracle_ebs.business import customers, schemas
from tap_oracle_ebs.business.workspace import Workspace
from tap_oracle_ebs.catalog.tables import CHANGED, Table
from tap_oracle_ebs.gateway.answers import Row
from tap_oracle_ebs.reading.selection import Selection
from tap_oracle_ebs.streams.base import EbsStream

_BATCH = 500


class CustomersStream(EbsStream):
    """Customer accounts with party, bill-to address, terms and credit, as one record each.

    A customer is sent when a row of any table behind it changed. Its changed rows are found window by
    window and followed to their accounts, which are then read by lists of keys. The first load, and a
    service that takes no key lists, reads the tables whole and joins them here. Both ways make the same
    records, to the byte.
    """

    name = "customers"
    primary_keys: ClassVar[Sequence[str]] = ("cust_account_id",)
    replication_key = "last_update_date"
    schema: ClassVar[dict[str, Any]] = schemas.CUSTOMERS
    tables = customers.BEHIND

    def read(self, window: Window) -> Iterator[Batch]:
        """Yield the customers of a window."""
        self.require_visible()
        settings = self._ebs.config
        by_lists = bool(settings["key_list_filter"])
        form = customers.RecordForm(self._ebs.units, settings.get("credit_currency"))
        with Workspace(customers.READ.values(), customers.INDEXES) as workspace:
            if not by_lists or (window.start is None and not window.keys):
                why = "the first load" if by_lists else "`key_list_filter` is off"
                yield from self._whole(workspace, window, form, why)
                return
            self._find(workspace, window)
            changed = workspace.count("touched")
            if changed > int(settings["key_list_limit"]):
                yield from self._whole(workspace, window, form, f"{changed:,} customers changed")
                return
            self.logger.info("%s: reading %d changed customers by key lists", self.name, changed)
            yield from self._by_lists(workspace, form)

    def _whole(
        self, workspace: Workspace, window: Window, form: customers.RecordForm, why: str
    ) -> Iterator[Batch]:
        self.logger.info("%s: reading %d tables whole (%s)", self.name, len(self.tables), why)
        extracted = dt.datetime.now(dt.UTC)
        for name in self.tables:
            for page in self.reader.read(customers.READ[name]):
                self._keep(workspace, customers.READ[name], page.rows)
                self.tap.stop_if_asked()
            self.logger.info("%s: %s has %d rows", self.name, name, workspace.count(name))
        self._require_sites(workspace)
        self._touch(workspace, window)
        for ids in workspace.touched(_BATCH):
            yield Batch(list(form.records(workspace, json.dumps(ids))), extracted)

    def _touch(self, workspace: Workspace, window: Window) -> None:
        """Note, among whole tables, the accounts of the window."""
        if window.keys:
            workspace.touch(self._given(window))
        elif window.start is None and window.is_everything:
            workspace.touch_selected(f"SELECT CUST_ACCOUNT_ID FROM {customers.ACCOUNTS}")  # noqa: S608
        else:
            bounds = (instant_text(window.start) if window.start else "", instant_text(_end(window)))
            for walk in customers.WALKS:
                workspace.touch_selected(_walk_query(walk, closed=window.closed), bounds)

    def _find(self, workspace: Workspace, window: Window) -> None:
        """Note, by windows and key lists, the accounts of the window."""
        if window.keys:
            workspace.touch(self._given(window))
            return
        changed = Selection(window.start, window.read_until, window.closed)
        for table in self.tables:
            walks = [walk for walk in customers.WALKS if walk.table == table]
            narrow = customers.READ[table].only(*(walk.column for walk in walks), "ORG_ID")
            for page in self.reader.read(narrow, changed):
                for walk in walks:
                    values = {row[walk.column] for row in self._own(page.rows)}
                    workspace.touch(self._walk(walk, values))
                self.tap.stop_if_asked()

    def _walk(self, walk: customers.Walk, values: set[Any]) -> set[Any]:
        for step in walk.steps:
            known = tuple(sorted(value for value in values if value is not None))
            values = set()
            if known:
                table = customers.READ[step.table].only(step.column, step.to, "ORG_ID")
                for page in self.reader.read(table, Selection(column=step.column, values=known)):
                    values |= {row[step.to] for row in self._own(page.rows)}
        return values - {None}

    def _by_lists(self, workspace: Workspace, form: customers.RecordForm) -> Iterator[Batch]:
        for ids in workspace.touched(int(self._ebs.config["key_list_size"])):
            chosen, extracted = json.dumps(ids), dt.datetime.now(dt.UTC)
            workspace.empty()
            for name, column, source in customers.DETAILS:
                values = workspace.values(source, (chosen,) if "?" in source else ())
                for page in self.reader.read(
                    customers.READ[name], Selection(column=column, values=tuple(values))
                ):
                    self._keep(workspace, customers.READ[name], page.rows)
            yield Batch(list(form.records(workspace, chosen)), extracted)

    def _keep(self, workspace: Workspace, table: Table, rows: Sequence[Row]) -> None:
        workspace.add(table.name, self._own(rows))

    def _own(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Leave out the rows of operating units that are not to be read."""
        units = self._ebs.units
        if not units or not rows or "ORG_ID" not in rows[0]:
            return rows
        return [row for row in rows if row["ORG_ID"] is None or row["ORG_ID"] in units]

    def _given(self, window: Window) -> list[int]:
        wrong = [key for key in window.keys if not key.strip().isdecimal()]
        if wrong:
            raise SystemFault(
                f"The setting `keys` has {wrong[0]!r}, which is no CUST_ACCOUNT_ID.",
                fix="Give values of `cust_account_id`.",
            )
        return [int(key) for key in window.keys]

    def _require_sites(self, workspace: Workspace) -> None:
        if self._ebs.units and workspace.count(customers.ACCOUNTS) and not workspace.count(customers.SITES):
            self.logger.warning(
                "%s: no account has a site in the operating units %s: check `org_ids`.",
                self.name,
                ", ".join(map(str, self._ebs.units)),
            )


def _end(window: Window) -> dt.datetime:
    return window.read_until or dt.datetime.max.replace(tzinfo=dt.UTC)


def _walk_query(walk: customers.Walk, *, closed: bool) -> str:
    """Return the query that does a walk among whole tables; its parameters are the bounds of the change."""
    operator = "<=" if closed else "<"
    query = f"SELECT {walk.column} FROM {walk.table} WHERE {CHANGED} >= ? AND {CHANGED} {operator} ?"  # noqa: S608
    for step in walk.steps:
        query = f"SELECT {step.to} FROM {step.table} WHERE {step.column} IN ({query})"  # noqa: S608
    return f"SELECT CUST_ACCOUNT_ID FROM {customers.ACCOUNTS} WHERE CUST_ACCOUNT_ID IN ({query})"  # noqa: S608
