"""What a simulated vendor has to offer to the sandbox."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import Setting, Settings, VendorSettings
from ml_sandbox.core.table import Row


@dataclass(frozen=True)
class Mount:
    """One address of a vendor.

    Attributes:
        prefix: where it lives under the sandbox's own address (``/zendesk``, ``/zoho/api``).
        routes: Starlette routes relative to that prefix; their endpoints are coroutines.
        hosts: host names answered at the root with TLS; ``*`` stands for one or more labels
            (``*.zendesk.com``).
    """

    prefix: str
    routes: Sequence[Route]
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class VendorContext:
    """What a vendor gets from the sandbox: the clock and all settings."""

    clock: SandboxClock
    settings: Settings = field(default_factory=Settings)


class Vendor(ABC):
    """One simulated system.

    Everything runs on one event loop: state may be read and changed freely between two ``await``; whoever
    awaits in the middle of a change has to expect that others changed the state meanwhile.
    """

    name: ClassVar[str]
    """The system's name in ``/control`` and in settings."""

    declared_settings: ClassVar[tuple[Setting, ...]] = ()
    """Settings under ``NAME.``; :attr:`settings` gives their present values."""

    def __init__(self, context: VendorContext) -> None:
        self.clock = context.clock
        context.settings.declare(self.name, self.declared_settings)
        self.settings = VendorSettings(context.settings, self.name)

    @abstractmethod
    def mounts(self) -> Sequence[Mount]:
        """The vendor's addresses; asked for once, at start."""

    @property
    @abstractmethod
    def objects(self) -> tuple[str, ...]:
        """Names of what the control API can read."""

    @abstractmethod
    def rows(self, object_name: str) -> list[Row]:
        """All rows of an object, as the vendor's API shows them or with more detail."""

    @abstractmethod
    def put_rows(self, object_name: str, rows: Sequence[Row]) -> list[Row]:
        """Upsert rows by their key, with the vendor's own defaults and timestamps; gives what is stored.

        Values given in a row win over defaults, also ids and timestamps; no quota and no permission applies.
        Raises :class:`ControlError` for an object that cannot be written and for rows that the vendor could
        never hold.
        """

    @abstractmethod
    def clear(self, object_name: str | None = None) -> None:
        """Remove all rows of an object, or of every object together with jobs, tokens and used quota."""

    @abstractmethod
    def expire_tokens(self) -> None:
        """Let every issued access token or session end now, as if its life were over."""

    @abstractmethod
    def revoke_tokens(self) -> None:
        """Withdraw every issued token, refresh tokens included."""

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Put the vendor's own ASGI middleware (authentication, quota, headers) around a mount's routes."""
        return app

    def is_write(self, method: str, path: str) -> bool:
        """Whether a request may change the vendor's data (token calls, for one, do not)."""
        return method not in {"GET", "HEAD", "OPTIONS"}

    async def not_found(self, request: Request) -> Response:
        """The vendor's answer for a path that it does not know."""
        return JSONResponse({"error": "Not found"}, status_code=404)

    async def method_not_allowed(self, request: Request, allowed: Sequence[str]) -> Response:
        """The vendor's answer for a known path with another method."""
        return JSONResponse({"error": "Method not allowed"}, 405, headers={"Allow": ", ".join(allowed)})
