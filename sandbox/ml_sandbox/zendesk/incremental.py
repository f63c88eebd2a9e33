"""The incremental exports: organizations and users by time, users by cursor too (IE)."""

import base64
import binascii
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import ZendeskError, invalid_attribute, parameter_missing
from ml_sandbox.zendesk.operations import ADMIN, Operation
from ml_sandbox.zendesk.organizations import shown_organization
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.user_writes import shown_user

MAX_PAGE_SIZE = 1000
# A decimal is taken too: singer-io/tap-zendesk sends 1577836800.0 for tickets.
_SECONDS = re.compile(r"([0-9]+)(\.[0-9]+)?")
WITHHELD_SECONDS = 60.0
Shown = Callable[[Account, Row, str], dict[str, Any]]


class Incremental:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._exports = [
            Export(account, "organizations", account.organizations, shown_organization),
            Export(account, "users", account.users, shown_user, cursors=True),
        ]

    def operations(self) -> list[Operation]:
        """What is served."""
        return [operation for export in self._exports for operation in export.operations()]


class Export:
    """The export of one object; deleted users are in it, with ``active`` false."""

    def __init__(
        self, account: Account, name: str, table: Table, shown: Shown, *, cursors: bool = False
    ) -> None:
        self.account = account
        self._name = name
        self._table = table
        self._shown = shown
        self._cursors = cursors
        self._sorted: tuple[int, list[Row], list[tuple[int, int]]] = (-1, [], [])

    @property
    def resource(self) -> str:
        """The narrow scope that suffices."""
        return self._name

    @property
    def parameters(self) -> tuple[str, ...]:
        """What it reads of the query."""
        return ("start_time", "per_page", "include")

    def moment(self, row: Row) -> int:
        """When a row changed, in Unix seconds: what exports go by."""
        return int(datetime.fromisoformat(row["updated_at"]).timestamp())

    def show(self, request: Request, row: Row) -> dict[str, Any] | None:
        """A row as it is exported; None leaves it out."""
        return self._shown(self.account, row, account_url(request))

    def operations(self) -> list[Operation]:
        """What is served."""
        path, parameters = f"/api/v2/incremental/{self._name}", self.parameters
        by_time = Operation("GET", path, self.by_time, self.resource, ADMIN, parameters)
        if not self._cursors:
            return [by_time]
        return [
            by_time,
            Operation("GET", f"{path}/cursor", self.by_cursor, self.resource, ADMIN, (*parameters, "cursor")),
        ]

    async def by_time(self, request: Request) -> Response:
        """Rows changed at or after ``start_time``, oldest change first, without the last minute.

        A page goes on while rows share the second of its last row, and ``end_time`` is that second: the next
        page repeats those rows, and when they fill a page on their own it repeats without end.
        """
        self.account.quota.take_export()
        start = self._start_time(request)
        size = _page_size(request)
        rows, places = self._by_change()
        visible = self._visible(places)
        first = bisect_left(places, (start, 0), 0, visible)
        last = min(first + size, visible)
        while 0 < last < visible and places[last][0] == places[last - 1][0]:
            last += 1
        shown = rows[first:last]
        end_time = places[last - 1][0] if shown else start
        url = account_url(request)
        return JSONResponse(
            {
                self._name: self._rows(request, shown),
                "count": len(shown),
                "end_time": end_time,
                "next_page": f"{url}/api/v2/incremental/{self._name}.json?start_time={end_time}",
                "end_of_stream": len(shown) < size,
            }
        )

    async def by_cursor(self, request: Request) -> Response:
        """Rows after a cursor, or changed at or after ``start_time``; a later change shows a row again."""
        self.account.quota.take_export()
        size = _page_size(request)
        cursor = request.query_params.get("cursor")
        place = _position(cursor) if cursor else (self._start_time(request), 0)
        rows, places = self._by_change()
        visible = self._visible(places)
        first = bisect_right(places, place, 0, visible)
        last = min(first + size, visible)
        after = _cursor(*(places[last - 1] if last > first else place))
        url = account_url(request)
        return JSONResponse(
            {
                self._name: self._rows(request, rows[first:last]),
                "after_url": f"{url}/api/v2/incremental/{self._name}/cursor.json?cursor={after}",
                "after_cursor": after,
                "before_url": None,
                "before_cursor": None,
                "end_of_stream": last == visible,
            }
        )

    def _rows(self, request: Request, rows: list[Row]) -> list[dict[str, Any]]:
        return [shown for row in rows if (shown := self.show(request, row)) is not None]

    def _start_time(self, request: Request) -> int:
        text = request.query_params.get("start_time")
        if text is None:
            raise parameter_missing("start_time")
        seconds = _SECONDS.fullmatch(text)
        if seconds is None:
            raise invalid_attribute("start_time", "must be an integer")
        start = int(seconds[1])
        if start > self.account.clock.timestamp() - self._withheld():
            description = "Too recent start_time. Use a start_time older than 60 seconds"
            raise ZendeskError(400, {"error": "StartTimeTooRecent", "description": description})
        return start

    def _withheld(self) -> float:
        return self.account.clock.real_seconds(WITHHELD_SECONDS)

    def _visible(self, places: list[tuple[int, int]]) -> int:
        latest = self.account.clock.timestamp() - self._withheld() + 1e-9
        return bisect_left(places, latest, key=lambda place: place[0])

    def _by_change(self) -> tuple[list[Row], list[tuple[int, int]]]:
        if self._sorted[0] != self._table.version:
            placed = sorted(((self.moment(row), row["id"]), row) for row in self._table)
            self._sorted = (self._table.version, [row for _, row in placed], [place for place, _ in placed])
        return self._sorted[1], self._sorted[2]


def _page_size(request: Request) -> int:
    text = request.query_params.get("per_page", str(MAX_PAGE_SIZE))
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MAX_PAGE_SIZE:
        raise invalid_attribute("per_page", f"must be from 1 to {MAX_PAGE_SIZE}")
    return int(text)


def _cursor(time: int, key: int) -> str:
    return base64.urlsafe_b64encode(f"{time}.0||{key}|".encode()).decode()


def _position(cursor: str) -> tuple[int, int]:
    try:
        time, _, key, _ = base64.urlsafe_b64decode(cursor).decode().split("|")
        return int(float(time)), int(key)
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise invalid_attribute("cursor", "is not a cursor of this export") from error
