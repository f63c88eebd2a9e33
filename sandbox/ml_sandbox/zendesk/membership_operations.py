"""Memberships of users in organizations: list, show, create, delete, make default, in jobs too (OM)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import RecordInvalid, forbidden, not_found, parameter_missing
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.jobs import Item, RowFailed, Work
from ml_sandbox.zendesk.memberships import checked_membership, end_membership, join_organization
from ml_sandbox.zendesk.operations import PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, id_list, json_object, path_id, wrapped, wrapped_list
from ml_sandbox.zendesk.users import stored_user

WRAPPER = "organization_membership"
NAME = "organization_memberships"
RESOURCE = "organizations"
KNOWN_KEYS = frozenset(("user_id", "organization_id", "default"))
Rows = list[Row]


class Memberships:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served; fixed paths come before the ones with an id."""
        base, user = f"/api/v2/{NAME}", "/api/v2/users/{user_id}"
        one = f"{base}/{{organization_membership_id}}"
        of_organization = f"/api/v2/organizations/{{organization_id}}/{NAME}"
        of_both = f"{user}/organizations/{{organization_id}}"
        default = f"{user}/{NAME}/{{organization_membership_id}}/make_default"
        return [
            Operation("GET", base, self.list, RESOURCE, STAFF, PAGING),
            Operation("POST", base, self.create, RESOURCE),
            Operation("POST", f"{base}/create_many", self.create_many, RESOURCE),
            Operation("DELETE", f"{base}/destroy_many", self.destroy_many, RESOURCE, STAFF, ("ids",)),
            Operation("GET", one, self.show, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE),
            Operation("GET", f"{user}/{NAME}", self.list_of_user, RESOURCE, STAFF, PAGING),
            Operation("GET", of_organization, self.list_of_organization, RESOURCE, STAFF, PAGING),
            Operation("PUT", default, self.make_default, RESOURCE),
            Operation("PUT", f"{of_both}/make_default", self.make_organization_default, RESOURCE),
            Operation("DELETE", of_both, self.unassign, RESOURCE),
        ]

    async def list(self, request: Request) -> Response:
        """All memberships, by id."""
        return self._page(request, self._account.memberships.by_key())

    async def list_of_user(self, request: Request) -> Response:
        """Those of one user: the default one first, then by the organization's name (OM)."""
        user = stored_user(self._account, request, "organization_memberships")
        return self._page(request, self._of_user(user["id"]))

    async def list_of_organization(self, request: Request) -> Response:
        """Those of one organization, by id."""
        key = path_id(request, "organization_id", "api/v2/organization_memberships/index")
        if self._account.organizations.get(key) is None:
            raise not_found()
        held = self._account.memberships.find("organization", key)
        return self._page(request, sorted(held, key=lambda row: int(row["id"])))

    async def show(self, request: Request) -> Response:
        """One membership."""
        return self._one(request, self._stored(request))

    async def create(self, request: Request) -> Response:
        """Put a user into an organization: 201; 422 where the user is in it already (OM)."""
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, KNOWN_KEYS)
        row = self._create(given, admin=_is_admin(request))
        return self._one(request, row, 201)

    async def create_many(self, request: Request) -> Response:
        """Create up to 100 memberships."""
        rows = wrapped_list(request, await json_object(request, NAME), NAME, KNOWN_KEYS)
        admin = _is_admin(request)

        def work(given: Row) -> Item | RowFailed:
            try:
                row = self._create(given, admin=admin)
            except RecordInvalid as error:
                return RowFailed("OrganizationMembershipCreateFailed", error.summary)
            return {"id": row["id"], "action": "create", "status": "Created", "success": True}

        return self._start(request, "OrganizationMembershipBulkCreateJob", rows, work)

    async def destroy_many(self, request: Request) -> Response:
        """Delete up to 100 memberships."""
        ids = id_list(request)
        if ids is None:
            raise parameter_missing("ids")

        def work(given: Row) -> Item | RowFailed:
            stored = self._account.memberships.get(given["id"])
            if stored is None:
                return RowFailed("RecordNotFound", "Membership not found", {**given, "success": False})
            end_membership(self._account, stored)
            return {**given, "action": "delete", "status": "Deleted", "success": True}

        return self._start(request, "OrganizationMembershipBulkDeleteJob", [{"id": key} for key in ids], work)

    async def destroy(self, request: Request) -> Response:
        """End one membership."""
        end_membership(self._account, self._stored(request))
        return Response(status_code=204)

    async def unassign(self, request: Request) -> Response:
        """End the membership of a user in an organization."""
        end_membership(self._account, self._of_both(request))
        return Response(status_code=204)

    async def make_default(self, request: Request) -> Response:
        """Make one the user's default; answers with all of the user's memberships (OAS)."""
        stored = self._stored(request)
        if stored["user_id"] != path_id(request, "user_id", "api/v2/organization_memberships/make_default"):
            raise not_found()
        self._make_default(stored)
        return self._page(request, self._of_user(stored["user_id"]))

    async def make_organization_default(self, request: Request) -> Response:
        """The same by the organization's id; answers with the membership (OAS)."""
        return self._one(request, self._make_default(self._of_both(request)))

    def _make_default(self, stored: Row) -> Row:
        user, organization = stored["user_id"], stored["organization_id"]
        return join_organization(self._account, user, organization, default=True)

    def _create(self, given: Row, *, admin: bool) -> Row:
        user, organization = checked_membership(self._account, given)
        if not admin and user["role"] != "end-user":
            raise forbidden()
        default = bool(given.get("default"))
        return join_organization(self._account, user["id"], organization["id"], default=default)

    def _of_user(self, user_id: int) -> Rows:
        held = self._account.memberships.find("user", user_id)
        return sorted(held, key=lambda row: (not row["default"], self._name_of(row), row["id"]))

    def _of_both(self, request: Request) -> Row:
        user = path_id(request, "user_id", "api/v2/organization_memberships/unassign")
        organization = path_id(request, "organization_id", "api/v2/organization_memberships/unassign")
        held = self._account.memberships.find("user", user)
        stored = next((row for row in held if row["organization_id"] == organization), None)
        if stored is None:
            raise not_found()
        return stored

    def _stored(self, request: Request) -> Row:
        key = path_id(request, "organization_membership_id", "api/v2/organization_memberships/show")
        stored = self._account.memberships.get(key)
        if stored is None:
            raise not_found()
        return stored

    def _start(self, request: Request, job_type: str, rows: Rows, work: Work) -> Response:
        job = self._account.jobs.start(job_type, rows, work, exchange_of(request).job_fault)
        shown = self._account.jobs.as_json(job, account_url(request))
        return JSONResponse({"job_status": shown}, headers=self._account.jobs.headers())

    def _name_of(self, row: Row) -> str:
        organization = self._account.organizations.get(row["organization_id"])
        return str(organization["name"]) if organization else ""

    def _shown(self, row: Row, url: str) -> Row:
        address = f"{url}/api/v2/{NAME}/{row['id']}.json"
        return {"url": address, **row, "organization_name": self._name_of(row), "view_tickets": True}

    def _one(self, request: Request, row: Row, status: int = 200) -> Response:
        return JSONResponse({WRAPPER: self._shown(row, account_url(request))}, status)

    def _page(self, request: Request, rows: Rows) -> Response:
        page = paged(request, rows, NAME)
        page[NAME] = [self._shown(row, account_url(request)) for row in page[NAME]]
        return JSONResponse(page)


def _is_admin(request: Request) -> bool:
    return bool(caller_of(request).user["role"] == "admin")
