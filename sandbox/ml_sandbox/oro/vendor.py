"""The simulated OroCRM as a vendor of the sandbox."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ml_sandbox.core.table import Row
from ml_sandbox.core.vendor import Mount, Vendor, VendorContext
from ml_sandbox.oro import reading
from ml_sandbox.oro.batch import Batch
from ml_sandbox.oro.changing import Changing
from ml_sandbox.oro.control_rows import ControlRows
from ml_sandbox.oro.errors import action_not_allowed, no_route
from ml_sandbox.oro.gate import Handler, error_answer, guarded
from ml_sandbox.oro.oauth import OAuth
from ml_sandbox.oro.operations import Operations
from ml_sandbox.oro.rate import Rate
from ml_sandbox.oro.relationships import Relationships
from ml_sandbox.oro.settings import SETTINGS
from ml_sandbox.oro.world import World
from ml_sandbox.oro.writing import Records

API = "/api"
HOSTS = ("*.orocrm.example",)


class Oro(Vendor):
    """One installation of OroCRM."""

    name = "oro"
    declared_settings = SETTINGS

    def __init__(self, context: VendorContext) -> None:
        super().__init__(context)
        self.world = World(self.clock, self.settings)
        self._records = Records(self.world)
        self._changing = Changing(self._records)
        self._relationships = Relationships(self._records)
        self._operations = Operations(self.world, self._records)
        self._batch = Batch(self._records, self._operations)
        self._rate = Rate(self.clock, self.settings)
        self._control = ControlRows(self.world, self._records)

    def mounts(self) -> Sequence[Mount]:
        """The installation's address; the API under ``/api``, whatever prefix the settings give it."""
        oauth = Route("/oauth2-token", OAuth(self.world).grant, methods=["POST"])
        routes = [
            Route(path, guarded(self.world, handler, self._advance), methods=[method])
            for method, path, handler in self._calls()
        ]
        return [Mount("/oro", [oauth, *routes], HOSTS)]

    def _calls(self) -> list[tuple[str, str, Handler]]:
        listed, item = f"{API}/{{type}}", f"{API}/{{type}}/{{id}}"
        relationship = f"{item}/relationships/{{relation}}"
        return [
            ("GET", listed, reading.get_list),
            ("POST", listed, self._changing.create),
            ("PATCH", listed, self._batch.update_list),
            ("DELETE", listed, self._changing.delete_list),
            ("OPTIONS", listed, reading.options),
            ("GET", item, reading.get_item),
            ("PATCH", item, self._changing.update),
            ("DELETE", item, self._changing.delete),
            ("OPTIONS", item, reading.options),
            ("GET", relationship, reading.get_relationship),
            *((method, relationship, self._relationships.change) for method in ("POST", "PATCH", "DELETE")),
            ("GET", f"{item}/{{relation}}", reading.get_related),
        ]

    @property
    def objects(self) -> tuple[str, ...]:
        """Types by name, and what steers the installation."""
        return self._control.objects

    def rows(self, object_name: str) -> list[Row]:
        """All rows, flat."""
        self._advance()
        return self._control.rows(object_name)

    def put_rows(self, object_name: str, rows: Sequence[Row]) -> list[Row]:
        """Upsert rows by id."""
        self._advance()
        return self._control.put(object_name, list(rows))

    def clear(self, object_name: str | None = None) -> None:
        """Empty the installation down to its first business, or one object of it."""
        if object_name is None:
            self.world.clear()
            self._operations.clear()
            self._rate.clear()
        else:
            self._control.clear(object_name)

    def expire_tokens(self) -> None:
        """End all access tokens; refresh tokens live on."""
        self.world.tokens.expire()

    def revoke_tokens(self) -> None:
        """Withdraw all tokens."""
        self.world.tokens.revoke()

    def is_write(self, method: str, path: str) -> bool:
        """Token calls change nothing that an integration keeps."""
        return super().is_write(method, path) and path != "/oauth2-token"

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """Serve the API under its configured prefix, and under that alone."""

        async def prefixed(scope: Scope, receive: Receive, send: Send) -> None:
            refused = self._rate.refused()
            if refused is not None:
                await refused(scope, receive, send)
                return
            root = str(scope.get("root_path", ""))
            path = str(scope["path"]).removeprefix(root)
            prefix = self.settings.text("prefix")
            if prefix != API and path.startswith(f"{prefix}/"):
                scope = {**scope, "path": f"{root}{API}{path.removeprefix(prefix)}"}
            elif prefix != API and path.startswith(f"{API}/"):
                # The storefront's API, which takes no token of the back office.
                response = Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
                await response(scope, receive, send)
                return
            await app(scope, receive, send)

        return prefixed

    async def not_found(self, request: Request) -> Response:
        """An unknown path."""
        return error_answer(no_route(), plain=False)

    async def method_not_allowed(self, request: Request, allowed: Sequence[str]) -> Response:
        """A known path with another method."""
        error = action_not_allowed(request.method.lower(), allowed)
        return error_answer(error, plain=False)

    def _advance(self) -> None:
        """Let happen what fell due."""
        self._operations.advance()
