"""Records in bulk: jobs of up to 100 rows, the same for organizations and users (ORG, USR, JOB)."""

from abc import ABC, abstractmethod
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid, bad_request, parameter_missing
from ml_sandbox.zendesk.jobs import Item, RowFailed, Work
from ml_sandbox.zendesk.operations import ADMIN, Operation
from ml_sandbox.zendesk.records import account_url, comma_list, id_list, json_object, wrapped, wrapped_list

ADDRESSED = ("ids", "external_ids")


class RecordJobs(ABC):
    """The endpoints that start jobs.

    Attributes:
        wrapper: how the API wraps one record; the plural wraps a list.
        known: the names that it knows in a record.
    """

    wrapper: str
    known: frozenset[str]

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def plural(self) -> str:
        """The wrapper of a list, and the path."""
        return f"{self.wrapper}s"

    @property
    def label(self) -> str:
        """How names of jobs and errors begin."""
        return self.wrapper.capitalize()

    @property
    @abstractmethod
    def table(self) -> Table:
        """The records; found by ``external_id`` in its compared form."""

    @abstractmethod
    def create(self, given: Row) -> Row:
        """Store a new record; :class:`RecordInvalid` when it is refused."""

    @abstractmethod
    def update(self, stored: Row, given: Row) -> Row:
        """Store changes; :class:`RecordInvalid` when they are refused."""

    @abstractmethod
    def delete(self, stored: Row) -> None:
        """Delete a record."""

    def operations(self) -> list[Operation]:
        """What is served."""
        base = f"/api/v2/{self.plural}"
        return [
            Operation("POST", f"{base}/create_many", self.create_many, self.plural, ADMIN),
            Operation("PUT", f"{base}/update_many", self.update_many, self.plural, ADMIN, ADDRESSED),
            Operation("DELETE", f"{base}/destroy_many", self.destroy_many, self.plural, ADMIN, ADDRESSED),
        ]

    async def create_many(self, request: Request) -> Response:
        """Create up to 100 records."""
        return self.start(request, f"{self.label}BulkCreateJob", await self.given(request), self._create)

    async def update_many(self, request: Request) -> Response:
        """The same change to the ones addressed in the query, or in a batch a change of its own for each."""
        addresses = _addresses(request)
        if addresses is None:
            rows = await self.given(request)
            return self.start(request, f"{self.label}BatchUpdateJob", rows, self._update_in_batch)
        body = await json_object(request, self.wrapper)
        if self.plural in body:
            text = f"Send ids in the query or a list of {self.plural}, not both"
            raise bad_request("InvalidParameters", text)
        change = wrapped(request, body, self.wrapper, self.known)

        def update(address: Row) -> Item | RowFailed:
            return self._update(self._find(address), change, address)

        return self.start(request, f"{self.label}BulkUpdateJobV2", addresses, update)

    async def destroy_many(self, request: Request) -> Response:
        """Delete up to 100 records."""
        addresses = _addresses(request)
        if addresses is None:
            raise parameter_missing("ids or external_ids")
        return self.start(request, f"{self.label}BulkDeleteJob", addresses, self._delete)

    async def given(self, request: Request) -> list[Row]:
        """The records of the body."""
        return wrapped_list(request, await json_object(request, self.plural), self.plural, self.known)

    def start(self, request: Request, job_type: str, rows: list[Row], work: Work) -> Response:
        """Queue a job and answer with its status."""
        job = self.account.jobs.start(job_type, rows, work, exchange_of(request).job_fault)
        shown = self.account.jobs.as_json(job, account_url(request))
        return JSONResponse({"job_status": shown}, headers=self.account.jobs.headers())

    def created(self, row: Row, status: str = "Created") -> Item:
        """The result item of a created record."""
        return {"id": row["id"], "status": status}

    def refused(self, action: str, error: RecordInvalid, identity: dict[str, Any] | None = None) -> RowFailed:
        """The result item of a refused row."""
        return RowFailed(f"{self.label}{action}Failed", error.summary, identity or {})

    def _create(self, given: Row) -> Item | RowFailed:
        try:
            return self.created(self.create(given))
        except RecordInvalid as error:
            return self.refused("Create", error)

    def _update_in_batch(self, given: Row) -> Item | RowFailed:
        by_external_id = self.account.settings.flag("batch_by_external_id")
        names = ("id", "external_id") if by_external_id else ("id",)
        address = next(({name: given[name]} for name in names if given.get(name) is not None), {})
        return self._update(self._find(address), given, address)

    def _update(self, stored: Row | None, given: Row, address: Row) -> Item | RowFailed:
        if stored is None:
            return self._missing("update", address)
        try:
            self.update(stored, given)
        except RecordInvalid as error:
            identity = {"id": stored["id"], "action": "update", "success": False}
            return self.refused("Update", error, identity)
        return {"id": stored["id"], "action": "update", "status": "Updated", "success": True}

    def _delete(self, address: Row) -> Item | RowFailed:
        stored = self._find(address)
        if stored is None:
            return self._missing("delete", address)
        self.delete(stored)
        return {"id": stored["id"], "action": "delete", "status": "Deleted", "success": True}

    def _missing(self, action: str, address: Row) -> RowFailed:
        identity: dict[str, Any] = {**address, "action": action, "success": False}
        return RowFailed("RecordNotFound", f"{self.label} not found", identity)

    def _find(self, address: Row) -> Row | None:
        if "id" in address:
            key = address["id"]
            key = int(key) if isinstance(key, str) and key.isdigit() else key
            stored = self.table.get(key) if isinstance(key, int) else None
            return stored if stored is not None and stored.get("active", True) else None
        external_id = address.get("external_id")
        if not isinstance(external_id, str):
            return None
        found = self.table.find("external_id", external_id.lower())
        return found[0] if found else None


def _addresses(request: Request) -> list[Row] | None:
    ids = id_list(request)
    if ids is not None:
        return [{"id": key} for key in ids]
    external_ids = comma_list(request, "external_ids")
    return None if external_ids is None else [{"external_id": key} for key in external_ids]
