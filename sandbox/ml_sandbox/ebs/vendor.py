"""The simulated instance: its tables, its settings, its place in the sandbox."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.core.vendor import Mount, Vendor, VendorContext
from ml_sandbox.ebs import administration
from ml_sandbox.ebs.administration import Administration
from ml_sandbox.ebs.catalog import TABLES
from ml_sandbox.ebs.endpoints import BASE, SESSION_CALLS, Gateway
from ml_sandbox.ebs.security import Security
from ml_sandbox.ebs.settings import SETTINGS
from ml_sandbox.ebs.store import TableStore
from ml_sandbox.ebs.writing import Writer, shown

_NOT_FOUND = "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
_NOT_ALLOWED = "<html><head><title>405</title></head><body><h1>Method Not Allowed</h1></body></html>"


class EbsVendor(Vendor):
    """Oracle E-Business Suite R12.2 with its Integrated SOA Gateway."""

    name = "ebs"
    declared_settings = SETTINGS

    def __init__(self, context: VendorContext) -> None:
        super().__init__(context)
        self.stores = {name: TableStore(spec) for name, spec in TABLES.items()}
        self.administration = Administration()
        self.security = Security(self.administration, self.settings, self.clock)
        self._writer = Writer(self.server_time, self.clock.monotonic)

    def server_time(self) -> str:
        """Give SYSDATE: the sandbox's time in the server's zone, `YYYY-MM-DDTHH:MM:SS`."""
        zone = ZoneInfo(self.settings.text("server_zone"))
        return self.clock.now().astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")

    def store(self, table: str) -> TableStore:
        """Give a table, with all that is committed by now."""
        store = self.stores[table]
        store.commit_due(self.clock.monotonic())
        return store

    def load_row(self, table: str, row: Mapping[str, Any]) -> None:
        """Store a generated row as it is, without checks."""
        self._writer.load(self.stores[table], row)

    def mounts(self) -> Sequence[Mount]:
        """Serve the gateway at its usual place."""
        return (Mount("/ebs", Gateway(self).routes()),)

    @property
    def objects(self) -> tuple[str, ...]:
        """The tables, and what an administrator keeps."""
        return (*self.stores, *administration.OBJECTS)

    def rows(self, object_name: str) -> list[Row]:
        """Give all rows of a table or all entries of an administration object."""
        if object_name in administration.OBJECTS:
            return self.administration.rows(object_name)
        store = self.store(object_name)
        return [shown(store.spec, row) for row in store.rows]

    def put_rows(self, object_name: str, rows: Sequence[Row]) -> list[Row]:
        """Upsert rows by primary key; see `Writer.put` for stamps and late commits."""
        if object_name in administration.OBJECTS:
            return self.administration.put_rows(object_name, rows)
        store = self.store(object_name)
        return [self._writer.put(store, row) for row in rows]

    def clear(self, object_name: str | None = None) -> None:
        """Empty tables; users, deployments and grants go back to those of the start."""
        if object_name is None:
            for store in self.stores.values():
                store.clear()
            self.administration.reset()
            self.security.end_all()
        elif object_name in administration.OBJECTS:
            self.administration.reset_object(object_name)
        else:
            self.stores[object_name].clear()

    def expire_tokens(self) -> None:
        """End every session."""
        self.security.end_all()

    def revoke_tokens(self) -> None:
        """End every session; there is nothing beside access tokens."""
        self.security.end_all()

    def is_write(self, method: str, path: str) -> bool:
        """Say whether a request may change data: log-on calls and the procedures that read do not."""
        if method in {"GET", "HEAD", "OPTIONS"}:
            return False
        parts = path.removeprefix("/ebs").removeprefix(BASE).strip("/").split("/")
        if len(parts) == 1:
            return parts[0] not in SESSION_CALLS
        deployment = self.administration.deployments.get(parts[0])
        return deployment is None or not deployment.package or len(parts) != 2

    async def not_found(self, request: Request) -> Response:
        """Answer as the front HTTP server does for what it does not route."""
        return HTMLResponse(_NOT_FOUND, status_code=404)

    async def method_not_allowed(self, request: Request, allowed: Sequence[str]) -> Response:
        """Answer a verb that is not deployed."""
        return HTMLResponse(_NOT_ALLOWED, status_code=405, headers={"Allow": ", ".join(allowed)})
