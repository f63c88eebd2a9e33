"""The list of deleted records of a module, as records with `_sdc_deleted_at` (Get deleted records)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from ml_connector.singer.stream import Batch
from ml_connector.vendors.zoho import api_credits, coql
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.values import instant_text, parse_instant

DELETED_UNTIL = "deleted_until"
"""Member of a stream's state: up to when the list of deleted records was read."""

DELETED_AT = "_sdc_deleted_at"
KEPT = dt.timedelta(days=60)
"""For so long an entry is in the list at least: recycle bin 60 days, what left it 120."""

PAGE_ROWS = 200
_SECOND = dt.timedelta(seconds=1)


def deleted(client: ZohoClient, module: str, since: dt.datetime) -> Iterator[Batch]:
    """Yield what was deleted at or after `since`, page by page; an entry may come twice."""
    params: dict[str, Any] = {"type": "all", "per_page": PAGE_ROWS, "page": 1}
    # A second earlier: whether Zoho includes the instant itself is not stated.
    headers = {"If-Modified-Since": coql.instant(since - _SECOND)}
    while True:
        extracted = dt.datetime.now(dt.UTC)
        answer = client.get(
            f"{module}/deleted", params, what="deleted", cost=api_credits.DELETED, headers=headers
        )
        entries = [item for item in answer.get("data") or () if isinstance(item, dict) and item.get("id")]
        records = [
            {"id": str(item["id"]), DELETED_AT: instant_text(at)}
            for item in entries
            if (at := _time_of(item, extracted)) >= since
        ]
        if records:
            yield Batch(records, extracted)
        if not (answer.get("info") or {}).get("more_records"):
            return
        params["page"] += 1


def _time_of(item: dict[str, Any], otherwise: dt.datetime) -> dt.datetime:
    text = item.get("deleted_time")
    return parse_instant(str(text)) if text else otherwise.replace(microsecond=0)
