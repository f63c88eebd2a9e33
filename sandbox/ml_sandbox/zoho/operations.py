"""How an endpoint is declared: its path, what it costs and which scopes suffice."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from starlette.requests import Request
from starlette.responses import Response

Handler = Callable[[Request], Awaitable[Response]]
Cost = Callable[[Request, bytes], int]
STANDARD_MODULES = ("Leads", "Accounts", "Contacts", "Vendors", "Deals", "Purchase_Orders", "Invoices")
ScopesOf = Callable[[Request], list[set[str]]]


class Weight(Enum):
    """Which limit of concurrent calls counts besides the general one (LIM)."""

    LIGHT = "light"
    HEAVY = "heavy"


def one_credit(request: Request, body: bytes) -> int:
    """The price of most calls."""
    return 1


def always_light(request: Request, body: bytes) -> Weight:
    """For calls that only the general limit counts."""
    return Weight.LIGHT


def always_heavy(request: Request, body: bytes) -> Weight:
    """For calls that count against the sub-concurrency whatever they carry."""
    return Weight.HEAVY


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    Attributes:
        method: the HTTP method.
        path: relative to the address of the host.
        handler: answers it; may raise :class:`ZohoError`.
        scopes: gives sets of scopes; of each set, one has to be granted.
        credits: what the call costs.
        weight: whether it counts against the sub-concurrency.
        parameters: the query parameters that it reads; others are ignored and logged.
        name: what kind of call it is, for limits that each kind has of its own.
    """

    method: str
    path: str
    handler: Handler
    scopes: ScopesOf
    credits: Cost = one_credit
    weight: Callable[[Request, bytes], Weight] = always_light
    parameters: tuple[str, ...] = ()
    name: str = "call"


def module_scopes(action: str) -> ScopesOf:
    """The scopes for a call on the records of the module in the path."""

    def scopes(request: Request) -> list[set[str]]:
        return [record_scopes(request.path_params["module"], action)]

    return scopes


def record_scopes(module: str, action: str) -> set[str]:
    """Scopes that suffice for READ, CREATE, UPDATE or DELETE of a module's records."""
    name = module.lower().replace("_", "") if module in STANDARD_MODULES else "custom"
    actions = {action, "ALL"} | ({"WRITE"} if action in {"CREATE", "UPDATE"} else set())
    broad = {f"ZohoCRM.modules.{allowed}" for allowed in actions}
    return broad | {f"ZohoCRM.modules.{name}.{allowed}" for allowed in actions}


def settings_scopes(part: str) -> ScopesOf:
    """The scopes for reading a part of the settings."""
    return lambda request: [
        {"ZohoCRM.settings.ALL", f"ZohoCRM.settings.{part}.READ", f"ZohoCRM.settings.{part}.ALL"}
    ]


def fixed_scopes(*names: str) -> ScopesOf:
    """Any one of these scopes."""
    return lambda request: [set(names)]
