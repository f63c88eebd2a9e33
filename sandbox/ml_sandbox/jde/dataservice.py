"""Endpoints of the data service."""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.jde import browsing
from ml_sandbox.jde.access import check_right, read_body
from ml_sandbox.jde.conditions import Surroundings
from ml_sandbox.jde.gate import json_answer
from ml_sandbox.jde.requests import DataRequest, read_get, read_post
from ml_sandbox.jde.sessions import Session

if TYPE_CHECKING:
    from ml_sandbox.jde.vendor import JdeVendor


class DataService:
    """Reads tables."""

    def __init__(self, vendor: "JdeVendor") -> None:
        self._vendor = vendor
        self._settings = vendor.settings

    async def post(self, request: Request) -> Response:
        """Answer the POST form, of version 2."""
        return await self._answer_post(request, 2)

    async def post_version_1(self, request: Request) -> Response:
        """Answer the POST form of version 1: other default output, no next links."""
        return await self._answer_post(request, 1)

    async def get_table(self, request: Request) -> Response:
        """Answer the GET form for a table."""
        return await self._answer_get(request, "table")

    async def get_view(self, request: Request) -> Response:
        """Answer the GET form for a business view."""
        return await self._answer_get(request, "view")

    async def _answer_post(self, request: Request, version: int) -> Response:
        body = await read_body(request)
        session = self._vendor.access.session(request, body)
        asked = read_post(body, self._around(session), version=version)
        return await self._answer(asked, session)

    async def _answer_get(self, request: Request, kind: str) -> Response:
        session = self._vendor.access.session(request, {})
        pairs = request.query_params.multi_items()
        asked = read_get(request.path_params["name"], kind, pairs, self._around(session))
        return await self._answer(asked, session)

    async def _answer(self, asked: DataRequest, session: Session) -> Response:
        check_right(session, asked.spec.name)
        await asyncio.sleep(self._settings.number("query_milliseconds") / 1000)
        return json_answer(self._browse(asked))

    def _browse(self, asked: DataRequest) -> dict[str, Any]:
        rows, more = browsing.first_rows(asked, self._vendor.store(asked.spec.name))
        body = browsing.envelope(asked, rows, self._settings, more=more)
        return {**body, **browsing.closing(self._vendor.server_time())}

    def _around(self, session: Session) -> Surroundings:
        return Surroundings(self._settings, self._vendor.server_time().date(), session.user.username)
