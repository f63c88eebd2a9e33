"""What reading a whole module will cost in credits, told before it begins."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

from ml_connector.vendors.zoho import api_credits
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.records import field_batches
from tap_zoho_crm.reading.by_bulk import JOB_ROWS
from tap_zoho_crm.reading.by_list import PAGE_ROWS
from tap_zoho_crm.reading.chunk import Order

logger = logging.getLogger("tap-zoho-crm")

# A job is looked at some times until it is done, and its result is fetched.
_LOOKS_AT_A_JOB = 5


class Planner:
    """Counts records and credits of whole modules."""

    def __init__(self, client: ZohoClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._rows = int(settings["coql_rows"])
        self._columns = int(settings["coql_columns"])

    def count(self, module: str) -> int | None:
        """The records of a module; None where Zoho does not tell."""
        try:
            answer = self._client.get(f"{module}/actions/count", what="count", cost=api_credits.METADATA)
            return int(answer["count"])
        except (ApiRefusal, KeyError, TypeError, ValueError):
            return None

    def announce(self, order: Order, way: str, count: int) -> None:
        """Say what it will cost to read `count` records.

        Raises:
            QuotaSpent: too few credits are left for what is worth nothing unless it is read to its end.
        """
        cost = self.cost(order, way, count)
        logger.info("%s: %d records to read by %s, about %d API credits", order.module, count, way, cost)
        known = self._client.credits
        if way == "bulk" or not order.resumable:
            known.require(cost, f"reading {order.module} whole")
        elif known.remaining is not None and known.remaining - cost < known.reserve:
            logger.warning(
                "%s: %g API credits remain, %d are reserved: this run will stop half-way, and the next one "
                "goes on from there.",
                order.module,
                known.remaining,
                known.reserve,
            )

    def cost(self, order: Order, way: str, count: int) -> int:
        """Credits for `count` records by one way."""
        if way == "bulk":
            jobs = max(1, math.ceil(count / JOB_ROWS))
            return jobs * (api_credits.BULK_READ + (_LOOKS_AT_A_JOB + 1) * api_credits.METADATA)
        if way == "list":
            return _pages(count, PAGE_ROWS) * len(field_batches(order.names)) * api_credits.LIST
        batches = len(field_batches(order.names, self._columns))
        return _pages(count, self._rows) * batches * api_credits.coql(self._rows)


def _pages(count: int, rows: int) -> int:
    return max(1, math.ceil(count / rows))
