"""The incremental export of organizations, in its time dialect (IE)."""

from bisect import bisect_left
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import ZendeskError, invalid_attribute, parameter_missing
from ml_sandbox.zendesk.operations import ADMIN, Operation
from ml_sandbox.zendesk.organizations import shown_organization
from ml_sandbox.zendesk.records import account_url

MAX_PAGE_SIZE = 1000
WITHHELD_SECONDS = 60.0


class Incremental:
    """The endpoint."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._sorted: tuple[int, list[Row], list[int]] = (-1, [], [])

    def operations(self) -> list[Operation]:
        """What is served."""
        path = "/api/v2/incremental/organizations"
        parameters = ("start_time", "per_page", "include")
        return [Operation("GET", path, self.organizations, "organizations", ADMIN, parameters)]

    async def organizations(self, request: Request) -> Response:
        """Organizations changed at or after ``start_time``, oldest change first, without the last minute.

        A page goes on while rows share the second of its last row, and ``end_time`` is that second: the next
        page repeats those rows, and when they fill a page on their own it repeats without end.
        """
        self._account.quota.take_export()
        start = self._start_time(request)
        size = _page_size(request)
        rows, times = self._by_change()
        visible = bisect_left(times, self._account.clock.timestamp() - self._withheld() + 1e-9)
        first = bisect_left(times, start, 0, visible)
        last = min(first + size, visible)
        while 0 < last < visible and times[last] == times[last - 1]:
            last += 1
        shown = rows[first:last]
        end_time = times[last - 1] if shown else start
        url = account_url(request)
        return JSONResponse(
            {
                "organizations": [shown_organization(self._account, row, url) for row in shown],
                "count": len(shown),
                "end_time": end_time,
                "next_page": f"{url}/api/v2/incremental/organizations.json?start_time={end_time}",
                "end_of_stream": len(shown) < size,
            }
        )

    def _start_time(self, request: Request) -> int:
        text = request.query_params.get("start_time")
        if text is None:
            raise parameter_missing("start_time")
        if not (text.isascii() and text.isdigit()):
            raise invalid_attribute("start_time", "must be an integer")
        if int(text) > self._account.clock.timestamp() - self._withheld():
            description = "Too recent start_time. Use a start_time older than 60 seconds"
            raise ZendeskError(400, {"error": "StartTimeTooRecent", "description": description})
        return int(text)

    def _withheld(self) -> float:
        return self._account.clock.real_seconds(WITHHELD_SECONDS)

    def _by_change(self) -> tuple[list[Row], list[int]]:
        table = self._account.organizations
        if self._sorted[0] != table.version:
            rows = sorted(table, key=lambda row: (row["updated_at"], row["id"]))
            times = [int(datetime.fromisoformat(row["updated_at"]).timestamp()) for row in rows]
            self._sorted = (table.version, rows, times)
        return self._sorted[1], self._sorted[2]


def _page_size(request: Request) -> int:
    text = request.query_params.get("per_page", str(MAX_PAGE_SIZE))
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MAX_PAGE_SIZE:
        raise invalid_attribute("per_page", f"must be from 1 to {MAX_PAGE_SIZE}")
    return int(text)
