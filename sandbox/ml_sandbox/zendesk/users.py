"""Single users: list, show, search, create, update, delete (USR)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import bad_request, forbidden, not_found, parameter_missing
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.operations import PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import offset_page, paged
from ml_sandbox.zendesk.records import account_url, addressed_rows, json_object, path_id, wrapped
from ml_sandbox.zendesk.user_rules import KNOWN_KEYS, ROLES
from ml_sandbox.zendesk.user_search import found_users
from ml_sandbox.zendesk.user_writes import create_user, delete_user, matching_user, shown_user, update_user

RESOURCE = "users"
FILTERS = ("role", "role[]", "permission_set")
Rows = list[Row]


class Users:
    """The endpoints of single users."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served; fixed paths come before the ones with an id."""
        base = "/api/v2/users"
        one = f"{base}/{{user_id}}"
        many = ("ids", "external_ids")
        offsets = ("page", "per_page")
        return [
            Operation("GET", base, self.list, RESOURCE, STAFF, (*FILTERS, "external_id", *PAGING)),
            Operation("POST", base, self.create, RESOURCE),
            Operation("GET", f"{base}/count", self.count, RESOURCE, STAFF, FILTERS),
            Operation("POST", f"{base}/create_or_update", self.create_or_update, RESOURCE),
            Operation(
                "GET", f"{base}/search", self.search, RESOURCE, STAFF, ("query", "external_id", *offsets)
            ),
            Operation("GET", f"{base}/show_many", self.show_many, RESOURCE, STAFF, (*many, *PAGING)),
            Operation("GET", one, self.show, RESOURCE),
            Operation("PUT", one, self.update, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE),
        ]

    async def list(self, request: Request) -> Response:
        """All users by id, or those of some roles or of one external id."""
        rows = self._filtered(request)
        external_id = request.query_params.get("external_id")
        if external_id:
            rows = [row for row in rows if (row["external_id"] or "").lower() == external_id.lower()]
        return self._page(request, rows)

    async def count(self, request: Request) -> Response:
        """How many there are; above 100,000 the vendor's figure is up to a day old."""
        counted = len(self._filtered(request))
        return JSONResponse({"count": {"value": counted, "refreshed_at": self._account.now()}})

    async def search(self, request: Request) -> Response:
        """Users by exact external id in any case, or by a query; offset pages only."""
        query, external_id = (request.query_params.get(key) for key in ("query", "external_id"))
        if query and external_id:
            raise bad_request("InvalidParameters", "Search by query or by external_id, not by both")
        if external_id:
            found = self._account.users.find("external_id", external_id.lower())
        elif query:
            found = found_users(self._account, query)
        else:
            raise parameter_missing("query or external_id")
        return self._shown(request, offset_page(request, found, RESOURCE))

    async def show_many(self, request: Request) -> Response:
        """Up to 100 users by id or external id; deleted ones and those that do not exist are left out."""
        rows = addressed_rows(self._account.users, request)
        return self._page(request, [row for row in rows if row["active"]])

    async def show(self, request: Request) -> Response:
        """One user, also a deleted one."""
        return self._one(request, stored_user(self._account, request, "show", deleted=True))

    async def create(self, request: Request) -> Response:
        """A new user: 201 with their location."""
        given = await self._given(request)
        self._check_role(request, given, None)
        return self._created(request, create_user(self._account, given))

    async def create_or_update(self, request: Request) -> Response:
        """Update the user whom an e-mail address or external id names, else create one."""
        given = await self._given(request)
        self._account.quota.take_user_write()
        stored = matching_user(self._account, given)
        self._check_role(request, given, stored)
        if stored is None:
            return self._created(request, create_user(self._account, given))
        self._account.quota.take_user_update(stored["id"])
        answer = self._one(request, update_user(self._account, stored, given))
        answer.headers["Location"] = f"{account_url(request)}/api/v2/users/{stored['id']}.json"
        return answer

    async def update(self, request: Request) -> Response:
        """Change one user: five times a minute each, one a second in all."""
        user_id = path_id(request, "user_id", "api/v2/users/update")
        self._account.quota.take_user_write()
        self._account.quota.take_user_update(user_id)
        stored = stored_user(self._account, request, "update")
        given = await self._given(request)
        self._check_role(request, given, stored)
        return self._one(request, update_user(self._account, stored, given))

    async def destroy(self, request: Request) -> Response:
        """Delete one user softly; agents may delete end users only."""
        stored = stored_user(self._account, request, "destroy")
        self._check_role(request, {}, stored)
        return self._one(request, delete_user(self._account, stored))

    async def _given(self, request: Request) -> Row:
        return wrapped(request, await json_object(request, "user"), "user", KNOWN_KEYS)

    def _filtered(self, request: Request) -> Rows:
        query = request.query_params
        roles = [role for role in (query.get("role"), *query.getlist("role[]")) if role]
        if not set(roles) <= set(ROLES):
            raise bad_request("InvalidParameters", f"role must be one of {', '.join(ROLES)}")
        rows = [row for row in self._account.users.by_key() if row["active"]]
        if roles:
            rows = [row for row in rows if row["role"] in roles]
        if permission_set := query.get("permission_set"):
            rows = [row for row in rows if str(row["custom_role_id"]) == permission_set]
        return rows

    @staticmethod
    def _check_role(request: Request, given: Row, stored: Row | None) -> None:
        """Who is no admin writes end users only."""
        roles = {given.get("role") or "end-user", stored["role"] if stored else "end-user"}
        if caller_of(request).user["role"] != "admin" and roles != {"end-user"}:
            raise forbidden()

    def _one(self, request: Request, row: Row) -> Response:
        return JSONResponse({"user": shown_user(self._account, row, account_url(request))})

    def _created(self, request: Request, row: Row) -> Response:
        shown = shown_user(self._account, row, account_url(request))
        return JSONResponse({"user": shown}, 201, headers={"Location": shown["url"]})

    def _page(self, request: Request, rows: Rows) -> Response:
        return self._shown(request, paged(request, rows, RESOURCE))

    def _shown(self, request: Request, page: Row) -> Response:
        url = account_url(request)
        page[RESOURCE] = [shown_user(self._account, row, url) for row in page[RESOURCE]]
        return JSONResponse(page)


def stored_user(account: Account, request: Request, operation: str, *, deleted: bool = False) -> Row:
    """The user whom the path names; 404 when there is none, or only a deleted one."""
    stored = account.users.get(path_id(request, "user_id", f"api/v2/users/{operation}"))
    if stored is None or not (stored["active"] or deleted):
        raise not_found()
    return stored
