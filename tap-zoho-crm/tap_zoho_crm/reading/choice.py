"""Which way is taken: by setting, or by the size of what is to be read."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.records import LEADS
from tap_zoho_crm.reading.by_bulk import BulkWay
from tap_zoho_crm.reading.by_coql import CoqlWay
from tap_zoho_crm.reading.by_list import ListWay
from tap_zoho_crm.reading.chunk import Chunk, Order, WayRefused
from tap_zoho_crm.reading.plan import Planner

logger = logging.getLogger("tap-zoho-crm")

Way = CoqlWay | ListWay | BulkWay


class Reader:
    """Reads modules by the way that the settings name; `auto` chooses by size and by what Zoho refuses."""

    def __init__(self, client: ZohoClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._name = str(settings["read_way"])
        self._bulk_from = int(settings["bulk_from"])
        self._planner = Planner(client, settings)
        self._ways: dict[str, Way] = {
            "coql": CoqlWay(client, settings),
            "list": ListWay(client, settings),
            "bulk": BulkWay(client, settings),
        }
        self._without_jobs: set[str] = set()
        self._converted = str(settings["converted_leads"])
        # Modules that are read by lists; only those show converted leads.
        self._listed: set[str] = set() if self._converted == "false" else {LEADS}

    def read(self, order: Order) -> Iterator[Chunk]:
        """Yield the records of an order. Raises SystemFault where the way that is set does not do."""
        if order.module in self._listed and self._name in {"coql", "bulk"}:
            raise SystemFault(
                f"zoho-crm: `converted_leads: {self._converted}` is for lists alone.",
                fix="Set `read_way` to auto or list.",
            )
        count = self._planner.count(order.module) if order.start is None else None
        way = self._way(order, count)
        if count is not None:
            self._planner.announce(order, way, count)
        if self._name == "auto":
            yield from self._with_others(order, way)
            return
        try:
            yield from self._ways[way].read(order)
        except WayRefused as refused:
            raise _as_fault(refused) from refused

    def _way(self, order: Order, count: int | None) -> str:
        if self._name != "auto":
            return self._name
        if order.module in self._listed:
            return "list"
        return "bulk" if count is not None and self._is_for_a_job(order, count) else "coql"

    def _is_for_a_job(self, order: Order, count: int) -> bool:
        return count >= self._bulk_from and order.module not in self._without_jobs

    def _with_others(self, order: Order, way: str) -> Iterator[Chunk]:
        """Read by a way, and by another where Zoho refuses it."""
        if way == "bulk":
            try:
                yield from self._ways["bulk"].read(order)
                return
            except WayRefused as refused:
                logger.warning("%s COQL is used instead.", refused)
                self._without_jobs.add(order.module)
        if way != "list":
            try:
                yield from self._growing(order)
                return
            except WayRefused as refused:
                logger.warning("%s The list is used instead.", refused)
                self._listed.add(order.module)
        yield from self._ways["list"].read(order)

    def _growing(self, order: Order) -> Iterator[Chunk]:
        """Read by COQL; when it becomes too much, what is left by a Bulk Read job."""
        count = 0
        for chunk in self._ways["coql"].read(order):
            yield chunk
            count += len(chunk.rows)
            if chunk.complete_until is not None and self._is_for_a_job(order, count):
                rest = dataclasses.replace(order, start=chunk.complete_until)
                logger.info("%s: %d records came; the rest is read by Bulk Read", order.module, count)
                try:
                    yield from self._ways["bulk"].read(rest)
                    return
                except WayRefused as refused:
                    logger.warning("%s COQL goes on.", refused)
                    self._without_jobs.add(order.module)


def _as_fault(refused: ConnectorError) -> SystemFault:
    return SystemFault(f"zoho-crm: {refused.message}", fix=refused.fix)
