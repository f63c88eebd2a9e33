"""How an endpoint is declared: its path, its scope, who may call it and which parameters it reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]

PAGING = ("page", "per_page", "page[size]", "page[after]", "page[before]", "sort")
ADMIN = frozenset({"admin"})
STAFF = frozenset({"admin", "agent"})


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    Attributes:
        method: the HTTP method.
        path: relative to the account's address, without ``.json``.
        handler: answers it; may raise :class:`ZendeskError`.
        resource: the narrow scope that suffices besides the global one; "" when only the global one does.
        roles: who may call it.
        parameters: the query parameters that it reads; others are ignored, as the vendor does, and logged.
    """

    method: str
    path: str
    handler: Handler
    resource: str = ""
    roles: frozenset[str] = STAFF
    parameters: tuple[str, ...] = ()
