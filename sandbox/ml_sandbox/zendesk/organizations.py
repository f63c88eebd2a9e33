"""Single organizations: list, show, search, create, update, delete (ORG)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account, compared_name
from ml_sandbox.zendesk.errors import bad_request, forbidden, not_found, parameter_missing
from ml_sandbox.zendesk.field_values import shown_values
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.memberships import leave_organization
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.organization_rules import KNOWN_KEYS, WRITABLE, changed_organization, new_organization
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import (
    account_url,
    addressed_rows,
    json_object,
    parsed_id,
    path_id,
    wrapped,
)

RESOURCE = "organizations"
Rows = list[Row]


class Organizations:
    """The endpoints of single organizations."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served; fixed paths come before the ones with an id."""
        base = "/api/v2/organizations"
        one = f"{base}/{{organization_id}}"
        many = ("ids", "external_ids")
        return [
            Operation("GET", base, self.list, RESOURCE, STAFF, PAGING),
            Operation("POST", base, self.create, RESOURCE, ADMIN),
            Operation("GET", f"{base}/count", self.count, RESOURCE),
            Operation("POST", f"{base}/create_or_update", self.create_or_update, RESOURCE, ADMIN),
            Operation(
                "GET", f"{base}/search", self.search, RESOURCE, ADMIN, ("external_id", "name", *PAGING)
            ),
            Operation("GET", f"{base}/show_many", self.show_many, RESOURCE, STAFF, (*many, *PAGING)),
            Operation("GET", one, self.show, RESOURCE),
            Operation("PUT", one, self.update, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE, ADMIN),
        ]

    async def list(self, request: Request) -> Response:
        """All organizations, by id."""
        return self._page(request, self._account.organizations.by_key())

    async def show(self, request: Request) -> Response:
        """One organization."""
        return self._one(request, self._stored(request, "show"))

    async def show_many(self, request: Request) -> Response:
        """Up to 100 organizations by id or external id; the ones that do not exist are left out."""
        return self._page(request, addressed_rows(self._account.organizations, request))

    async def count(self, request: Request) -> Response:
        """How many there are; above 100,000 the vendor's figure is up to a day old."""
        counted = len(self._account.organizations)
        return JSONResponse({"count": {"value": counted, "refreshed_at": self._account.now()}})

    async def search(self, request: Request) -> Response:
        """Organizations by exact, case-insensitive name or external id."""
        name, external_id = (request.query_params.get(key) for key in ("name", "external_id"))
        if name and external_id:
            raise bad_request("InvalidParameters", "Search by name or by external_id, not by both")
        if external_id:
            found = self._account.organizations.find("external_id", external_id.lower())
        elif name:
            found = self._account.organizations.find("name", compared_name(name))
        else:
            raise parameter_missing("external_id or name")
        return self._page(request, found)

    async def create(self, request: Request) -> Response:
        """A new organization: 201 with its location."""
        given = wrapped(request, await json_object(request, "organization"), "organization", KNOWN_KEYS)
        return self._created(request, create_organization(self._account, given))

    async def create_or_update(self, request: Request) -> Response:
        """Update what the id or external id names, else create: never matched by name."""
        given = wrapped(request, await json_object(request, "organization"), "organization", KNOWN_KEYS)
        stored = self._matching(given)
        if stored is None:
            return self._created(request, create_organization(self._account, given))
        return self._one(request, update_organization(self._account, stored, given))

    async def update(self, request: Request) -> Response:
        """Change one organization; agents who are no admins may change its notes only."""
        organization_id = path_id(request, "organization_id", "api/v2/organizations/update")
        self._account.quota.take_update(organization_id)
        stored = self._stored(request, "update")
        given = wrapped(request, await json_object(request, "organization"), "organization", KNOWN_KEYS)
        beyond_notes = set(given) & set(WRITABLE) - {"notes"}
        if caller_of(request).user["role"] != "admin" and beyond_notes:
            raise forbidden()
        return self._one(request, update_organization(self._account, stored, given))

    async def destroy(self, request: Request) -> Response:
        """Delete one organization."""
        delete_organization(self._account, self._stored(request, "destroy"))
        return Response(status_code=204)

    def _stored(self, request: Request, operation: str) -> Row:
        key = path_id(request, "organization_id", f"api/v2/organizations/{operation}")
        stored = self._account.organizations.get(key)
        if stored is None:
            raise not_found()
        return stored

    def _matching(self, given: Row) -> Row | None:
        if given.get("id") is not None:
            stored = self._account.organizations.get(parsed_id(str(given["id"])))
            if stored is None:
                raise not_found()
            return stored
        external_id = given.get("external_id")
        if not isinstance(external_id, str):
            return None
        found = self._account.organizations.find("external_id", external_id.strip().lower())
        return found[0] if found else None

    def _one(self, request: Request, row: Row) -> Response:
        return JSONResponse({"organization": shown_organization(self._account, row, account_url(request))})

    def _created(self, request: Request, row: Row) -> Response:
        shown = shown_organization(self._account, row, account_url(request))
        return JSONResponse({"organization": shown}, 201, headers={"Location": shown["url"]})

    def _page(self, request: Request, rows: Rows) -> Response:
        page = paged(request, rows, "organizations")
        url = account_url(request)
        page["organizations"] = [shown_organization(self._account, row, url) for row in page["organizations"]]
        return JSONResponse(page)


def create_organization(account: Account, given: Row) -> Row:
    """Store a new organization; :class:`RecordInvalid` when it is refused."""
    row = new_organization(account, given)
    row["id"] = account.organization_ids.take()
    return account.put_new_organization(row)


def update_organization(account: Account, stored: Row, given: Row) -> Row:
    """Store changes; :class:`RecordInvalid` when they are refused."""
    return account.organizations.put(changed_organization(account, stored, given))


def delete_organization(account: Account, stored: Row) -> None:
    """Delete an organization; its users lose it."""
    account.organizations.delete(stored["id"])
    leave_organization(account, stored["id"])


def shown_organization(account: Account, row: Row, url: str) -> dict[str, Any]:
    """An organization as the vendor shows it."""
    fields = shown_values(account.organization_fields, row["organization_fields"])
    link = f"{url}/api/v2/organizations/{row['id']}.json"
    return {"url": link, **row, "organization_fields": fields}
