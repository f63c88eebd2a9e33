"""The incremental exports: organizations and users by time, users by cursor too (IE)."""

import base64
import binascii
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import ZendeskError, invalid_attribute, parameter_missing
from ml_sandbox.zendesk.identities import shown_identity
from ml_sandbox.zendesk.identity_rules import identities_of
from ml_sandbox.zendesk.operations import ADMIN, Operation
from ml_sandbox.zendesk.organizations import shown_organization
from ml_sandbox.zendesk.records import account_url
from ml_sandbox.zendesk.user_writes import shown_user

MAX_PAGE_SIZE = 1000
SAMPLE_SIZE = 50
WITHHELD_SECONDS = 60.0
Shown = Callable[[Account, Row, str], dict[str, Any]]


class Incremental:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._exports = [
            Export(account, "organizations", account.organizations, shown_organization),
            UserExport(account),
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
        self.table = table
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

    def is_shown(self, request: Request, row: Row) -> bool:
        """Whether a row is exported; what is left out makes its page shorter, or empty."""
        return True

    def show(self, request: Request, row: Row) -> dict[str, Any]:
        """A row as it is exported."""
        return self._shown(self.account, row, account_url(request))

    def beside(self, request: Request, rows: list[Row]) -> dict[str, Any]:
        """What the page holds beside its rows, by ``include``."""
        return {}

    def operations(self) -> list[Operation]:
        """What is served."""
        path, parameters = f"/api/v2/incremental/{self._name}", self.parameters
        offered = [
            Operation("GET", path, self.by_time, self.resource, ADMIN, parameters),
            Operation("GET", f"{path}/sample", self.sample, self.resource, ADMIN, parameters),
        ]
        if self._cursors:
            names = (*parameters, "cursor")
            offered.append(Operation("GET", f"{path}/cursor", self.by_cursor, self.resource, ADMIN, names))
        return offered

    async def by_time(self, request: Request) -> Response:
        """Rows changed at or after ``start_time``, oldest change first, without the last minute.

        A page goes on while rows share the second of its last row, and ``end_time`` is that second: the next
        page repeats those rows, and when they fill a page on their own it repeats without end.
        """
        self.account.quota.take_export()
        return self._page_by_time(request, _page_size(request))

    async def sample(self, request: Request) -> Response:
        """The first 50 rows of the time dialect, ten times in twenty minutes: to try a client out."""
        self.account.quota.take_sample()
        return self._page_by_time(request, SAMPLE_SIZE)

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
        self._check_size(last - first)
        after = _cursor(*(places[last - 1] if last > first else place))
        url = account_url(request)
        return JSONResponse(
            {
                **self._contents(request, rows[first:last]),
                "after_url": f"{url}/api/v2/incremental/{self._name}/cursor.json?cursor={quote(after)}",
                "after_cursor": after,
                "before_url": None,
                "before_cursor": None,
                "end_of_stream": last == visible,
            }
        )

    def _page_by_time(self, request: Request, size: int) -> Response:
        start = self._start_time(request)
        rows, places = self._by_change()
        visible = self._visible(places)
        first = bisect_left(places, (start, 0), 0, visible)
        last = min(first + size, visible)
        self._check_size(last - first)
        while 0 < last < visible and places[last][0] == places[last - 1][0]:
            last += 1
        end_time = places[last - 1][0] if last > first else start
        contents = self._contents(request, rows[first:last])
        url = account_url(request)
        return JSONResponse(
            {
                **contents,
                "count": len(contents[self._name]),
                "end_time": end_time,
                "next_page": f"{url}/api/v2/incremental/{self._name}.json?start_time={end_time}",
                "end_of_stream": last - first < size,
            }
        )

    def _contents(self, request: Request, rows: list[Row]) -> dict[str, Any]:
        """The rows of a page that are not left out, and what was asked for beside them."""
        held = [row for row in rows if self.is_shown(request, row)]
        shown = [self.show(request, row) for row in held]
        return {self._name: shown, **self.beside(request, held)}

    def _check_size(self, rows: int) -> None:
        """Large pages can take the vendor longer than its own gateway waits (IE)."""
        limit = self.account.settings.integer("export_504_above")
        if limit and rows > limit:
            raise ZendeskError(504, "upstream request timeout")

    def since(self, request: Request) -> list[Row]:
        """All rows changed at or after ``start_time``, oldest change first, without the last minute."""
        start = self._start_time(request)
        rows, places = self._by_change()
        visible = self._visible(places)
        return rows[bisect_left(places, (start, 0), 0, visible) : visible]

    def _start_time(self, request: Request) -> int:
        text = request.query_params.get("start_time")
        if text is None:
            raise parameter_missing("start_time")
        # Other makers' clients send a fraction too, and are understood.
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]*)?", text, re.ASCII):
            raise invalid_attribute("start_time", "must be an integer")
        start = int(text.partition(".")[0])
        if start > self.latest_start():
            description = "Too recent start_time. Use a start_time older than 60 seconds"
            raise ZendeskError(400, {"error": "StartTimeTooRecent", "description": description})
        return start

    def latest_start(self) -> float:
        """What ``start_time`` may be at most; exactly one minute ago is refused too (EST)."""
        return int(self.account.clock.timestamp()) - self._withheld() - 1e-6

    def _withheld(self) -> float:
        return self.account.clock.real_seconds(WITHHELD_SECONDS)

    def _visible(self, places: list[tuple[int, int]]) -> int:
        latest = self.account.clock.timestamp() - self._withheld() + 1e-9
        return bisect_left(places, latest, key=lambda place: place[0])

    def _by_change(self) -> tuple[list[Row], list[tuple[int, int]]]:
        if self._sorted[0] != self.table.version:
            placed = sorted(((self.moment(row), row["id"]), row) for row in self.table)
            self._sorted = (self.table.version, [row for _, row in placed], [place for place, _ in placed])
        return self._sorted[1], self._sorted[2]


class UserExport(Export):
    """Users, with their identities where ``include=identities`` asks for them."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, "users", account.users, shown_user, cursors=True)

    def beside(self, request: Request, rows: list[Row]) -> dict[str, Any]:
        """The identities of the page's users."""
        if "identities" not in included(request):
            return {}
        url = account_url(request)
        held = (identity for row in rows for identity in identities_of(self.account, row["id"]))
        return {"identities": [shown_identity(identity, url) for identity in held]}


def included(request: Request) -> set[str]:
    """What ``include`` names; 400 for what exports never give (IE)."""
    names = {part.strip() for part in request.query_params.get("include", "").split(",") if part.strip()}
    if "last_audits" in names:
        raise invalid_attribute("include", "last_audits is not available in exports")
    return names


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
