"""The simulated EnterpriseOne: its tables, its settings, its place in the sandbox."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ml_sandbox.core.errors import ControlError
from ml_sandbox.core.table import IdSequence, Row
from ml_sandbox.core.vendor import Mount, Vendor, VendorContext
from ml_sandbox.jde import values
from ml_sandbox.jde.access import Access
from ml_sandbox.jde.catalog import DICTIONARY_TABLE, TABLES
from ml_sandbox.jde.dataservice import DataService
from ml_sandbox.jde.dictionary import ITEMS, Kind
from ml_sandbox.jde.faults import html_page
from ml_sandbox.jde.gate import Endpoint, guarded
from ml_sandbox.jde.login import BASE, Login
from ml_sandbox.jde.orchestrator.service import Orchestrator
from ml_sandbox.jde.paging import ResultSets
from ml_sandbox.jde.reports.jobs import Jobs
from ml_sandbox.jde.reports.service import Reports
from ml_sandbox.jde.sessions import Sessions
from ml_sandbox.jde.settings import SETTINGS
from ml_sandbox.jde.store import TableStore
from ml_sandbox.jde.users import Users

FIRST_NUMBER = 10_001
_READS = (
    "/tokenrequest",
    "/dataservice",
    "/defaultconfig",
    "/jde-",
    "/discover",
    "/report/status",
    "/ML_Lookup",
)


class JdeVendor(Vendor):
    """JD Edwards EnterpriseOne 9.2 behind an AIS server."""

    name = "jde"
    declared_settings = SETTINGS

    def __init__(self, context: VendorContext) -> None:
        super().__init__(context)
        self._stores = {name: TableStore(spec) for name, spec in TABLES.items()}
        self._load: Callable[[], None] | None = None
        self.users = Users()
        self.sessions = Sessions(self.settings, self.clock)
        self.access = Access(self.users, self.sessions, self.settings)
        self.result_sets = ResultSets(self.settings, self.clock)
        self.jobs = Jobs(self.clock, self.settings, self.server_time)
        self._running = 0
        self._addresses_of = self.server_time().date().isoformat()
        self._numbers = IdSequence(FIRST_NUMBER)
        self.sessions.when_ended(self.result_sets.close_of)
        self._write_dictionary()

    @property
    def stores(self) -> dict[str, TableStore]:
        """The tables by name, filled with what the sandbox was started with."""
        if self._load is not None:
            load, self._load = self._load, None
            load()
        return self._stores

    def load_later(self, load: Callable[[], None]) -> None:
        """Fill the tables when somebody looks at them first: who asks other vendors need not wait."""
        self._load = load

    def load_row(self, table: str, row: Mapping[str, Any]) -> None:
        """Store a generated row as it is, without checks."""
        self._stores[table].put(row)

    def server_time(self) -> datetime:
        """Give the time of the clock that fills UPMJ and UPMT."""
        return self.clock.now().astimezone(ZoneInfo(self.settings.text("server_zone")))

    def store(self, table: str) -> TableStore:
        """Give a table, with what reports did by now and the addresses whose day has come."""
        self.jobs.advance()
        if table == "F0101":
            self._advance_addresses()
        return self.stores[table]

    def _advance_addresses(self) -> None:
        """Let F0101.EFTB follow addresses that became current since the last look; nothing is stamped."""
        today = self.server_time().date().isoformat()
        if today == self._addresses_of:
            return
        self._addresses_of, since = today, self._addresses_of
        for row in self.stores["F0116"].rows:
            start = str(row["EFTB"] or "")
            main = self.stores["F0101"].get(row["AN8"])
            if main is not None and since < start <= today and start > str(main["EFTB"] or ""):
                self.stores["F0101"].put({**main, "EFTB": start})

    def mounts(self) -> Sequence[Mount]:
        """Serve the AIS server at its usual place."""
        routes = [
            Route(f"{BASE}{path}", guarded(endpoint, self.clock.now), methods=methods)
            for path, endpoint, methods in self._endpoints()
        ]
        return (Mount("/jde", routes),)

    def _endpoints(self) -> list[tuple[str, Endpoint, list[str]]]:
        login, data, orchestrator = Login(self), DataService(self), Orchestrator(self)
        both = ["GET", "POST"]
        endpoints: list[tuple[str, Endpoint, list[str]]] = [
            ("/dataservice", self._limited(data.post_version_1), ["POST"]),
            ("/v2/dataservice", self._limited(data.post), ["POST"]),
            ("/v2/dataservice/next", self._limited(data.next_page), both),
            ("/v2/dataservice/table/{name}", self._limited(data.get_table), ["GET"]),
            ("/v2/dataservice/view/{name}", self._limited(data.get_view), ["GET"]),
        ]
        for version in ("", "/v2"):
            endpoints += [
                (f"{version}/defaultconfig", login.default_config, both),
                (f"{version}/tokenrequest", login.open, ["POST"]),
                (f"{version}/tokenrequest/validate", login.validate, ["POST"]),
                (f"{version}/tokenrequest/logout", login.close, ["POST"]),
            ]
        for version in ("", "/v2", "/v3"):
            endpoints += [
                (f"{version}/orchestrator/jde-login", login.open, both),
                (f"{version}/orchestrator/jde-validate-session", login.validate, both),
                (f"{version}/orchestrator/jde-logout", login.close, both),
                (f"{version}/orchestrator/{{name}}", self._limited(orchestrator.run), both),
            ]
        reports = Reports(self)
        endpoints += [
            ("/v2/report/execute", reports.execute, ["POST"]),
            ("/v2/report/status", reports.status, ["POST"]),
            ("/v2/report/discover", reports.discover, ["POST"]),
            ("/discover", orchestrator.discover, ["GET"]),
            ("/discover/{name}", orchestrator.discover, ["GET"]),
            ("/v3/open-api-catalog", orchestrator.catalog, ["GET"]),
            ("/v3/open-api-catalog/{name}", orchestrator.catalog, ["GET"]),
            ("/v3/open-api-catalog3", orchestrator.catalog_3, ["GET"]),
            ("/v3/open-api-catalog3/{name}", orchestrator.catalog_3, ["GET"]),
        ]
        return endpoints

    def _limited(self, endpoint: Endpoint) -> Endpoint:
        """Let no more calls run at a time than the server in front passes on."""

        async def limited(request: Request) -> Response:
            most = self.settings.integer("max_concurrent_calls")
            if most and self._running >= most:
                return html_page(503, "Service Unavailable")
            self._running += 1
            try:
                return await endpoint(request)
            finally:
                self._running -= 1

        return limited

    @property
    def objects(self) -> tuple[str, ...]:
        """The tables, the users and the open sessions."""
        return (*self._stores, "users", "sessions", "result_sets", "jobs")

    def rows(self, object_name: str) -> list[Row]:
        """Give all rows of an object."""
        if object_name == "users":
            return self.users.rows()
        if object_name == "sessions":
            return self.sessions.rows()
        if object_name == "result_sets":
            return self.result_sets.rows()
        if object_name == "jobs":
            return self.jobs.rows()
        return [values.shown(row) for row in self.store(object_name).rows]

    def put_rows(self, object_name: str, rows: Sequence[Row]) -> list[Row]:
        """Upsert rows by unique key; UPMJ and the time are stamped unless the row gives them."""
        if object_name == "users":
            return self.users.put(rows)
        if object_name not in self.stores or object_name == DICTIONARY_TABLE:
            raise ControlError(f"{object_name} of jde cannot be written.")
        return [self._put(self.stores[object_name], row) for row in rows]

    def _put(self, store: TableStore, given: Mapping[str, Any]) -> Row:
        row = values.given_row(store.spec, given)
        for alias in store.spec.key:
            if alias not in row:
                raise ControlError(f"A row of {store.spec.name} needs {alias}.")
        old = store.get(*store.key_of(row)) or {}
        return values.shown(store.put({**old, **self.stamps(store), **row}))

    def next_number(self) -> int:
        """Give the next address number; one that a row was put with is passed over."""
        number = self._numbers.take()
        while self.stores["F0101"].get(number) is not None:
            number = self._numbers.take()
        return number

    def stamps(self, store: TableStore) -> dict[str, Any]:
        """Give the audit columns of a change that happens now."""
        now = self.server_time()
        stamps: dict[str, Any] = {"UPMJ": now.date().isoformat(), "UPMT": int(f"{now:%H%M%S}")}
        stamps["TDAY"] = stamps["UPMT"]
        return {alias: value for alias, value in stamps.items() if alias in ("UPMJ", store.spec.time)}

    def clear(self, object_name: str | None = None) -> None:
        """Empty tables, end sessions; users go back to those of the start."""
        if object_name is None:
            self._load = None
        if object_name in (None, "users"):
            self.users.reset()
        if object_name in (None, "sessions"):
            self.sessions.end_all()
        if object_name in (None, "result_sets"):
            self.result_sets.close_all()
        if object_name in (None, "jobs"):
            self.jobs.clear()
        if object_name is None:
            self._numbers.reset()
        for name, store in self.stores.items():
            if object_name in (None, name):
                store.clear()
        self._write_dictionary()

    def _write_dictionary(self) -> None:
        store = self._stores[DICTIONARY_TABLE]
        for item in ITEMS.values():
            single = item.kind is Kind.TEXT and item.size == 1
            store.put(
                {
                    "DTAI": item.alias,
                    "OWTP": "1" if single else str(item.kind.value),
                    "DTAS": item.size,
                    "CDEC": item.decimals,
                }
            )

    def expire_tokens(self) -> None:
        """End every session."""
        self.sessions.end_all()

    def revoke_tokens(self) -> None:
        """End every session; there is nothing beside tokens."""
        self.sessions.end_all()

    def is_write(self, method: str, path: str) -> bool:
        """Say whether a request may change data: sessions, searches and descriptions do not."""
        if any(part in path for part in _READS):
            return False
        return super().is_write(method, path) or "/orchestrator/" in path

    async def not_found(self, request: Request) -> Response:
        """Answer as the web server does for what it does not route."""
        return html_page(404, "Not Found")

    async def method_not_allowed(self, request: Request, allowed: Sequence[str]) -> Response:
        """Answer a method that is not served."""
        response = html_page(405, "Method Not Allowed")
        response.headers["allow"] = ", ".join(allowed)
        return response
