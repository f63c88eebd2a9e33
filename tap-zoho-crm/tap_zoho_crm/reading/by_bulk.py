"""Reading by Bulk Read jobs: 200,000 records each, as CSV in a ZIP (Bulk Read)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.vendors.zoho import coql
from ml_connector.vendors.zoho.client import ZohoClient
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.metadata import MODIFIED
from tap_zoho_crm.reading.chunk import Chunk, Order, Raw, WayRefused

ROWS_PER_CHUNK = 2000
JOB_ROWS = 200_000
_LONGEST_PAUSE = 60.0
_UNKNOWN = frozenset(
    {
        *("INVALID_MODULE", "INVALID_DATA", "NOT_SUPPORTED", "FEATURE_NOT_ENABLED", "NOT_SUPPORTED_FEATURE"),
        *("MODULE_NOT_AVAILABLE", "MODULE_NOT_SUPPORTED", "FIELD_NOT_AVAILABLE", "FIELD_NOT_SUPPORTED"),
    }
)

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


class BulkWay:
    """Jobs one after the other; rows come in no order, so nothing is complete before the last."""

    def __init__(self, client: ZohoClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._poll = float(settings["bulk_poll"])
        self._timeout = float(settings["bulk_timeout"])

    def read(self, order: Order) -> Iterator[Chunk]:
        """Yield the records. Raises WayRefused where jobs do not know the module or a field of it."""
        query: dict[str, Any] = {
            "module": {"api_name": order.module},
            "fields": ["id", *(name for name in order.names if name != "id")],
        }
        criteria = _criteria(order)
        if criteria:
            query["criteria"] = criteria
        while True:
            extracted = dt.datetime.now(dt.UTC)
            job = self._start(order, query)
            result = self._finished(job)
            if result.get("count") != 0:
                for rows in self._rows(order, result):
                    yield Chunk(rows, extracted)
            if not result.get("more_records"):
                return
            token = result.get("next_page_token")
            if not token:
                raise PassingFault(
                    f"zoho-crm: the Bulk Read job {job} has more records, but no token to ask for them.",
                    fix="Run again; if it stays so, read this module by `read_way: coql`.",
                )
            query = {"page_token": token}

    def _start(self, order: Order, query: Mapping[str, Any]) -> str:
        try:
            answer = self._client.start_bulk_read(query)
        except ApiRefusal as refusal:
            if refusal.code in _UNKNOWN and "module" in query:
                raise WayRefused(
                    f"Bulk Read refuses {order.module}: {refusal.message}",
                    fix="Read it by another `read_way`.",
                ) from refusal
            raise
        item: Raw = next(iter(answer.get("data") or ()), {})
        job = (item.get("details") or {}).get("id")
        if item.get("status") != "success" or not job:
            raise WayRefused(
                f"Bulk Read of {order.module} was not started: {item.get('code')} {item.get('message')}",
                fix="Read it by another `read_way`.",
            )
        return str(job)

    def _finished(self, job: str) -> Mapping[str, Any]:
        """Wait for the end of a job and return its result."""
        began, pause = time.monotonic(), self._poll
        while True:
            item: Raw = next(iter(self._client.bulk_job("read", job).get("data") or ()), {})
            state = str(item.get("state") or "").upper()
            result = item.get("result") or {}
            if state == "COMPLETED":
                return dict(result)
            if state == "FAILURE":
                said = (result.get("error_message") or {}).get("message") or "no reason"
                raise PassingFault(
                    f"zoho-crm: the Bulk Read job {job} failed: {said}", fix="Run again later."
                )
            if time.monotonic() - began + pause > self._timeout:
                raise PassingFault(
                    f"zoho-crm: the Bulk Read job {job} is still {state or 'unknown'} after "
                    f"{time.monotonic() - began:.0f} s.",
                    fix="Run again later, raise `bulk_timeout`, or read by `read_way: coql`.",
                )
            self._client.wait(pause)
            if self._client.session.stopping.is_set():
                raise PassingFault(f"zoho-crm: stopped while waiting for the Bulk Read job {job}.")
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _rows(self, order: Order, result: Mapping[str, Any]) -> Iterator[list[Raw]]:
        address = str(result.get("download_url") or "")
        with tempfile.TemporaryFile() as file:
            self._client.download_to(address, file)
            yield from _csv_rows(order, file)


def _csv_rows(order: Order, file: IO[bytes]) -> Iterator[list[Raw]]:
    try:
        with zipfile.ZipFile(file) as archive, archive.open(archive.namelist()[0]) as packed:
            reader = csv.reader(io.TextIOWrapper(packed, "utf-8-sig", newline=""))
            header = ["id" if name in {"Id", "ID"} else name for name in next(reader, [])]
            _require_columns(order, header)
            rows: list[Raw] = []
            for values in reader:
                if len(values) != len(header):
                    raise SystemFault(
                        f"zoho-crm: a row of {order.module} has {len(values)} values, not {len(header)}.",
                        fix="Read this module by `read_way: coql`.",
                    )
                rows.append(dict(zip(header, values, strict=True)))
                if len(rows) >= ROWS_PER_CHUNK:
                    yield rows
                    rows = []
            if rows:
                yield rows
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError, csv.Error) as error:
        raise PassingFault(
            f"zoho-crm: the result of a Bulk Read of {order.module} cannot be read: {error}",
            fix="Run again; if it stays so, read this module by `read_way: coql`.",
        ) from error


def _require_columns(order: Order, header: Sequence[str]) -> None:
    missing = sorted(set(order.names) - set(header))
    if missing:
        raise WayRefused(
            f"Bulk Read of {order.module} leaves out {', '.join(missing)}.",
            fix="Read it by another `read_way`, or leave these fields out of the selection.",
        )


def _criteria(order: Order) -> dict[str, Any] | None:
    if not order.dated:
        return None
    bounds = [("greater_equal", order.start), ("less_equal", order.end)]
    group = [
        {"field": {"api_name": MODIFIED}, "comparator": comparator, "value": coql.instant(bound)}
        for comparator, bound in bounds
        if bound is not None
    ]
    # Without a start everything is read: what has no time of change is in no range.
    if order.start is None or not group:
        return None
    return group[0] if len(group) == 1 else {"group_operator": "and", "group": group}
