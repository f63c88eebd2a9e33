"""Which way is taken: by setting, or by the size of what is to be read."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.vendors.zoho import api_credits
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from tap_zoho_crm.reading.by_bulk import BulkWay
from tap_zoho_crm.reading.by_coql import CoqlWay
from tap_zoho_crm.reading.by_list import ListWay
from tap_zoho_crm.reading.chunk import Chunk, Order, WayRefused

logger = logging.getLogger("tap-zoho-crm")

Way = CoqlWay | ListWay | BulkWay


class Reader:
    """Reads modules by the way that the settings name; `auto` chooses by size and by what Zoho refuses."""

    def __init__(self, client: ZohoClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._name = str(settings["read_way"])
        self._bulk_from = int(settings["bulk_from"])
        self._ways: dict[str, Way] = {
            "coql": CoqlWay(client, settings),
            "list": ListWay(client, settings),
            "bulk": BulkWay(client, settings),
        }
        self._listed: set[str] = set()

    def read(self, order: Order) -> Iterator[Chunk]:
        """Yield the records of an order. Raises SystemFault where the way that is set does not do."""
        if self._name == "auto":
            yield from self._by_size(order)
            return
        try:
            yield from self._ways[self._name].read(order)
        except WayRefused as refused:
            raise _as_fault(refused) from refused

    def _by_size(self, order: Order) -> Iterator[Chunk]:
        if order.module in self._listed:
            yield from self._ways["list"].read(order)
            return
        if order.start is None and self._count(order.module) >= self._bulk_from:
            try:
                logger.info("%s: read by Bulk Read", order.module)
                yield from self._ways["bulk"].read(order)
                return
            except WayRefused as refused:
                logger.warning("%s COQL is used instead.", refused)
        try:
            yield from self._growing(order)
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
            if chunk.complete_until is not None and count >= self._bulk_from:
                rest = dataclasses.replace(order, start=chunk.complete_until)
                logger.info("%s: %d records came; the rest is read by Bulk Read", order.module, count)
                try:
                    yield from self._ways["bulk"].read(rest)
                    return
                except WayRefused as refused:
                    logger.warning("%s COQL goes on.", refused)
                    count = -(1 << 62)

    def _count(self, module: str) -> int:
        try:
            answer = self._client.get(f"{module}/actions/count", what="count", cost=api_credits.METADATA)
            return int(answer.get("count") or 0)
        except (ApiRefusal, ValueError):
            return 0


def _as_fault(refused: ConnectorError) -> SystemFault:
    return SystemFault(f"zoho-crm: {refused.message}", fix=refused.fix)
