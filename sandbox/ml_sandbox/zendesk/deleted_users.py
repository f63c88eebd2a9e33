"""Deleted users: listed, and deleted for good (USR)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, path_id

RESOURCE = "users"
GONE_NAME = "Permanently Deleted User"
SHOWN = (
    "id",
    "name",
    "email",
    "created_at",
    "updated_at",
    "time_zone",
    "phone",
    "shared_phone_number",
    "photo",
    "locale_id",
    "locale",
    "organization_id",
    "role",
    "active",
)


class DeletedUsers:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/deleted_users"
        one = f"{base}/{{deleted_user_id}}"
        return [
            Operation("GET", base, self.listing, RESOURCE, STAFF, PAGING),
            Operation("GET", f"{base}/count", self.count, RESOURCE),
            Operation("GET", one, self.show, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE, ADMIN),
        ]

    async def listing(self, request: Request) -> Response:
        """Deleted users by id, those who were deleted for good too."""
        page = paged(request, self._rows(), "deleted_users")
        page["deleted_users"] = [_shown(request, row) for row in page["deleted_users"]]
        return JSONResponse(page)

    async def count(self, request: Request) -> Response:
        """How many there are."""
        return JSONResponse({"count": {"value": len(self._rows()), "refreshed_at": self._account.now()}})

    async def show(self, request: Request) -> Response:
        """One deleted user."""
        return JSONResponse({"deleted_user": _shown(request, self._stored(request))})

    async def destroy(self, request: Request) -> Response:
        """Delete one for good: what is left names nobody. 700 in ten minutes."""
        self._account.ticket_limits.take_user_scrub()
        stored = self._stored(request)
        blank = {"name": GONE_NAME, "email": None, "phone": None, "shared_phone_number": None, "photo": None}
        told: Row = {
            "external_id": None,
            "alias": "",
            "details": "",
            "notes": "",
            "signature": "",
            "tags": [],
        }
        row = {**stored, **blank, **told, "user_fields": {}, "updated_at": self._account.now()}
        return JSONResponse({"deleted_user": _shown(request, self._account.users.put(row))})

    def _rows(self) -> list[Row]:
        return [row for row in self._account.users.by_key() if not row["active"]]

    def _stored(self, request: Request) -> Row:
        found = self._account.users.get(path_id(request, "deleted_user_id", "api/v2/deleted_users/show"))
        if found is None or found["active"]:
            raise not_found()
        return found


def _shown(request: Request, row: Row) -> Row:
    link = f"{account_url(request)}/api/v2/deleted_users/{row['id']}"
    return {"url": link, **{name: row[name] for name in SHOWN}}
