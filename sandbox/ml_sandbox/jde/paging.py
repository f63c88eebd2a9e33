"""Result sets that stay open between pages, and the links to their next pages."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.faults import element
from ml_sandbox.jde.requests import DataRequest
from ml_sandbox.jde.store import Row

FORM = "W0101A"


class ResultSetGoneError(Exception):
    """The result set behind a link expired, or was never there: HTTP 500 with JAS_MSG347."""

    def body(self) -> dict[str, Any]:
        """Give the body of the answer."""
        title = "JAS_MSG347: The result set is closed because it was idle for too long."
        return {"sysErrors": [element(title, "Start the query again.", "JAS_MSG347")]}


@dataclass
class ResultSet:
    """An open result: what is left of it, and where the client stands.

    Attributes:
        rid: its id.
        token: the session that opened it; another one cannot read on.
        request: what was asked.
        left: the rows that were not delivered yet.
        state: rises with every page; only the newest link leads on.
        used: vendor seconds of the latest page.
    """

    rid: str
    token: str
    request: DataRequest
    left: Sequence[Row]
    used: float
    stack: int
    state: int = 1


class ResultSets:
    """All result sets that are open."""

    def __init__(self, settings: VendorSettings, clock: SandboxClock) -> None:
        self._settings = settings
        self._clock = clock
        self._open: dict[str, ResultSet] = {}
        self._opened = 0

    def open(self, token: str, request: DataRequest, left: Sequence[Row]) -> ResultSet:
        """Keep the rest of a result for the pages that follow."""
        self._drop_expired()
        self._opened += 1
        result = ResultSet(
            secrets.token_hex(8), token, request, left, self._clock.monotonic(), stack=self._opened
        )
        self._open[result.rid] = result
        return result

    def next_rows(self, rid: str, state: str, token: str) -> tuple[ResultSet, Sequence[Row]]:
        """Give the next page of a result set; it is closed after its last page."""
        self._drop_expired()
        result = self._open.get(rid)
        if result is None or result.token != token or state != str(result.state):
            raise ResultSetGoneError
        size = result.request.limit or len(result.left)
        rows, result.left = result.left[:size], result.left[size:]
        result.used = self._clock.monotonic()
        result.state += 1
        if not result.left:
            del self._open[rid]
        return result, rows

    def link(self, result: ResultSet, root_path: str) -> dict[str, str]:
        """Give the link to the next page; it carries the token and the host that the server believes in."""
        spec = result.request.spec
        query = {
            "stackId": result.stack,
            "stateId": result.state,
            "rid": result.rid,
            "fullGridId": "146",
            "formOID": FORM,
            "outputType": result.request.output,
            "token": result.token,
        }
        columns = "|".join(f"{spec.name}.{alias}" for alias in result.request.columns)
        host = self._settings.text("next_link_host")
        path = f"{root_path}/jderest/v2/dataservice/next"
        return {"rel": "next", "href": f"{host}{path}?{urlencode(query)}&returnControlIDs={columns}"}

    def close_all(self) -> None:
        """Close every result set, as if its time were over."""
        self._open.clear()

    def close_of(self, token: str) -> None:
        """Close those of a session that ended."""
        self._open = {rid: result for rid, result in self._open.items() if result.token != token}

    def rows(self) -> list[dict[str, Any]]:
        """Give the open result sets as the control API shows them."""
        self._drop_expired()
        return [
            {"rid": one.rid, "table": one.request.spec.name, "stateId": one.state, "left": len(one.left)}
            for one in self._open.values()
        ]

    def _drop_expired(self) -> None:
        oldest = self._clock.monotonic() - self._settings.number("result_set_timeout_seconds")
        self._open = {rid: result for rid, result in self._open.items() if result.used > oldest}
