"""Definitions of organization fields (OF)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found
from ml_sandbox.zendesk.field_rules import KNOWN_KEYS, changed_field, new_field, without_removed_options
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, json_object, wrapped

WRAPPER = "organization_field"


class OrganizationFields:
    """The endpoints; they ask for the global scopes, since no narrow ones are known."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/organization_fields"
        one = f"{base}/{{organization_field_id}}"
        return [
            Operation("GET", base, self.list, "", STAFF, PAGING),
            Operation("POST", base, self.create, "", ADMIN),
            Operation("GET", one, self.show),
            Operation("PUT", one, self.update, "", ADMIN),
            Operation("DELETE", one, self.destroy, "", ADMIN),
        ]

    async def list(self, request: Request) -> Response:
        """All definitions."""
        page = paged(request, self._account.fields.by_key(), "organization_fields")
        url = account_url(request)
        page["organization_fields"] = [shown_field(row, url) for row in page["organization_fields"]]
        return JSONResponse(page)

    async def show(self, request: Request) -> Response:
        """One definition, by id or by key."""
        return self._one(request, self._stored(request))

    async def create(self, request: Request) -> Response:
        """A new definition."""
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, KNOWN_KEYS)
        shown = shown_field(create_field(self._account, given), account_url(request))
        return JSONResponse({WRAPPER: shown}, 201, headers={"Location": shown["url"]})

    async def update(self, request: Request) -> Response:
        """Change a definition; options that are left out go away, from the records too."""
        stored = self._stored(request)
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, KNOWN_KEYS)
        return self._one(request, update_field(self._account, stored, given))

    async def destroy(self, request: Request) -> Response:
        """Remove a definition together with its values."""
        stored = self._stored(request)
        delete_field(self._account, stored)
        return Response(status_code=204)

    def _stored(self, request: Request) -> Row:
        name: str = request.path_params["organization_field_id"]
        stored = self._account.fields.get(int(name)) if name.isascii() and name.isdigit() else None
        stored = stored or self._account.field_by_key(name)
        if stored is None:
            raise not_found()
        return stored

    def _one(self, request: Request, row: Row) -> Response:
        return JSONResponse({WRAPPER: shown_field(row, account_url(request))})


def create_field(account: Account, given: Row) -> Row:
    """Store a new definition; :class:`RecordInvalid` when it is refused."""
    row = new_field(account, given)
    row["id"] = account.field_ids.take()
    return account.fields.put(row)


def update_field(account: Account, stored: Row, given: Row) -> Row:
    """Store a changed definition; records lose the options that are gone."""
    row = account.fields.put(changed_field(account, stored, given))
    if row["custom_field_options"] != stored["custom_field_options"]:
        _rewrite_values(account, row["key"], lambda value: without_removed_options(row, value))
    return row


def delete_field(account: Account, stored: Row) -> None:
    """Remove a definition and its values."""
    account.fields.delete(stored["id"])
    _rewrite_values(account, stored["key"], lambda value: None)


def shown_field(row: Row, url: str) -> dict[str, Any]:
    """A definition as the vendor shows it: options only where the type has them."""
    shown = {"url": f"{url}/api/v2/organization_fields/{row['id']}.json", **row}
    if row["type"] not in {"dropdown", "multiselect"}:
        shown.pop("custom_field_options")
    return shown


def _rewrite_values(account: Account, key: str, change: Any) -> None:
    for row in account.organizations:
        value = row["organization_fields"].get(key)
        if value is not None and change(value) != value:
            fields = {**row["organization_fields"], key: change(value)}
            account.organizations.put({**row, "organization_fields": fields})
