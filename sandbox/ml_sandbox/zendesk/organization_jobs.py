"""Organizations in bulk: jobs of up to 100 rows (ORG, JOB)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid, bad_request, parameter_missing
from ml_sandbox.zendesk.jobs import Item, RowFailed, Work
from ml_sandbox.zendesk.operations import ADMIN, Operation
from ml_sandbox.zendesk.organization_rules import KNOWN_KEYS
from ml_sandbox.zendesk.organizations import RESOURCE, create_organization, update_organization
from ml_sandbox.zendesk.records import account_url, comma_list, id_list, json_object, wrapped, wrapped_list

CREATE = "OrganizationBulkCreateJob"
UPDATE = "OrganizationBulkUpdateJobV2"
BATCH_UPDATE = "OrganizationBatchUpdateJob"
DELETE = "OrganizationBulkDeleteJob"


class OrganizationJobs:
    """The endpoints that start jobs."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/organizations"
        addressed = ("ids", "external_ids")
        return [
            Operation("POST", f"{base}/create_many", self.create_many, RESOURCE, ADMIN),
            Operation("PUT", f"{base}/update_many", self.update_many, RESOURCE, ADMIN, addressed),
            Operation("DELETE", f"{base}/destroy_many", self.destroy_many, RESOURCE, ADMIN, addressed),
        ]

    async def create_many(self, request: Request) -> Response:
        """Create up to 100 organizations."""
        body = await json_object(request, "organizations")
        rows = wrapped_list(request, body, "organizations", KNOWN_KEYS)
        return self._start(request, CREATE, rows, self._create)

    async def update_many(self, request: Request) -> Response:
        """The same change to the ones addressed in the query, or in a batch a change of its own for each."""
        addresses = _addresses(request)
        body = await json_object(request, "organizations" if addresses is None else "organization")
        if addresses is None:
            rows = wrapped_list(request, body, "organizations", KNOWN_KEYS)
            return self._start(request, BATCH_UPDATE, rows, self._update_in_batch)
        if "organizations" in body:
            raise bad_request(
                "InvalidParameters", "Send ids in the query or a list of organizations, not both"
            )
        change = wrapped(request, body, "organization", KNOWN_KEYS)

        def update(address: Row) -> Item | RowFailed:
            return self._update(self._find(address), change, address)

        return self._start(request, UPDATE, addresses, update)

    async def destroy_many(self, request: Request) -> Response:
        """Delete up to 100 organizations."""
        addresses = _addresses(request)
        if addresses is None:
            raise parameter_missing("ids or external_ids")
        return self._start(request, DELETE, addresses, self._delete)

    def _start(self, request: Request, job_type: str, rows: list[Row], work: Work) -> Response:
        job = self._account.jobs.start(job_type, rows, work, exchange_of(request).job_fault)
        shown = self._account.jobs.as_json(job, account_url(request))
        return JSONResponse({"job_status": shown}, headers=self._account.jobs.headers())

    def _create(self, given: Row) -> Item | RowFailed:
        try:
            return {"id": create_organization(self._account, given)["id"], "status": "Created"}
        except RecordInvalid as error:
            return RowFailed("OrganizationCreateFailed", error.summary)

    def _update_in_batch(self, given: Row) -> Item | RowFailed:
        by_external_id = self._account.settings.flag("batch_by_external_id")
        names = ("id", "external_id") if by_external_id else ("id",)
        address = next(({name: given[name]} for name in names if given.get(name) is not None), {})
        return self._update(self._find(address), given, address)

    def _update(self, stored: Row | None, given: Row, address: Row) -> Item | RowFailed:
        if stored is None:
            return _missing("update", address)
        try:
            update_organization(self._account, stored, given)
        except RecordInvalid as error:
            identity = {"id": stored["id"], "action": "update", "success": False}
            return RowFailed("OrganizationUpdateFailed", error.summary, identity)
        return {"id": stored["id"], "action": "update", "status": "Updated", "success": True}

    def _delete(self, address: Row) -> Item | RowFailed:
        stored = self._find(address)
        if stored is None:
            return _missing("delete", address)
        self._account.organizations.delete(stored["id"])
        return {"id": stored["id"], "action": "delete", "status": "Deleted", "success": True}

    def _find(self, address: Row) -> Row | None:
        if "id" in address:
            key = address["id"]
            key = int(key) if isinstance(key, str) and key.isdigit() else key
            return self._account.organizations.get(key) if isinstance(key, int) else None
        external_id = address.get("external_id")
        if not isinstance(external_id, str):
            return None
        found = self._account.organizations.find("external_id", external_id.lower())
        return found[0] if found else None


def _addresses(request: Request) -> list[Row] | None:
    ids = id_list(request)
    if ids is not None:
        return [{"id": key} for key in ids]
    external_ids = comma_list(request, "external_ids")
    return None if external_ids is None else [{"external_id": key} for key in external_ids]


def _missing(action: str, address: Row) -> RowFailed:
    identity: dict[str, Any] = {**address, "action": action, "success": False}
    return RowFailed("RecordNotFound", "Organization not found", identity)
