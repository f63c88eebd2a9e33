"""Endpoints of the data service."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.jde import aggregation, browsing
from ml_sandbox.jde.access import check_right, read_body, without_credentials
from ml_sandbox.jde.conditions import Surroundings
from ml_sandbox.jde.gate import json_answer
from ml_sandbox.jde.paging import ResultSet, ResultSetGoneError
from ml_sandbox.jde.requests import KNOWN_MEMBERS, KNOWN_PARAMETERS, DataRequest, read_get, read_post
from ml_sandbox.jde.sessions import Session
from ml_sandbox.jde.store import Row

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
        unknown = without_credentials(body).keys() - KNOWN_MEMBERS
        exchange_of(request).unknown_parameters.extend(sorted(unknown))
        return await self._answer(request, asked, session)

    async def _answer_get(self, request: Request, kind: str) -> Response:
        session = self._vendor.access.session(request, {})
        pairs = request.query_params.multi_items()
        asked = read_get(request.path_params["name"], kind, pairs, self._around(session))
        exchange_of(request).unknown_parameters.extend(
            name for name in request.query_params if name not in KNOWN_PARAMETERS
        )
        return await self._answer(request, asked, session)

    async def _answer(self, request: Request, asked: DataRequest, session: Session) -> Response:
        check_right(session, asked.spec.name)
        await asyncio.sleep(self._settings.number("query_milliseconds") / 1000)
        store = self._vendor.store(asked.spec.name)
        if asked.service == "COUNT":
            return json_answer(aggregation.count(asked, browsing.found(asked, store)))
        if asked.service == "AGGREGATION":
            return json_answer(aggregation.aggregate(asked, browsing.found(asked, store), self._settings))
        rows, left = browsing.first_rows(asked, store)
        result = None
        # A session for one call is gone when the next page would be asked for.
        if asked.paged and left and session.token and self._settings.flag("next_page_links"):
            result = self._vendor.result_sets.open(session.token, asked, left)
        return self._page(request, asked, rows, result, more=bool(left))

    async def next_page(self, request: Request) -> Response:
        """Answer a link to the next page of a result that is open."""
        body, query = await read_body(request), request.query_params
        if "token" in query:  # as the link of the page before carries it
            body.setdefault("token", query["token"])
        session = self._vendor.access.session(request, body)
        token = session.token or ""
        try:
            result, rows = self._vendor.result_sets.next_rows(
                query.get("rid", ""), query.get("stateId", ""), token
            )
        except ResultSetGoneError as error:
            return json_answer(error.body(), 500)
        await asyncio.sleep(self._settings.number("query_milliseconds") / 1000)
        following = result if result.left else None
        return self._page(request, result.request, rows, following, more=bool(result.left))

    def _page(
        self,
        request: Request,
        asked: DataRequest,
        rows: Sequence[Row],
        following: ResultSet | None,
        *,
        more: bool,
    ) -> Response:
        body = browsing.envelope(asked, rows, self._settings, more=more)
        if following is not None:
            body |= {"stackId": following.stack, "stateId": following.state, "rid": following.rid}
        body |= browsing.closing(self._vendor.server_time())
        if following is not None:
            root_path = request.scope.get("root_path", "")
            body["links"] = [self._vendor.result_sets.link(following, root_path)]
        return json_answer(body)

    def _around(self, session: Session) -> Surroundings:
        return Surroundings(self._settings, self._vendor.server_time().date(), session.user.username)
