"""Definitions of custom fields of organizations and users (OF, UF)."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import not_found
from ml_sandbox.zendesk.field_rules import KNOWN_KEYS, changed_field, new_field, without_removed_options
from ml_sandbox.zendesk.field_sets import FieldSet
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.records import account_url, json_object, wrapped


class FieldDefinitions:
    """The endpoints of one object's fields; they ask for the global scopes: no narrow ones are known."""

    def __init__(self, account: Account, fields: FieldSet) -> None:
        self._account = account
        self._fields = fields

    def operations(self) -> list[Operation]:
        """What is served."""
        base = f"/api/v2/{self._fields.container}"
        one = f"{base}/{{{self._fields.wrapper}_id}}"
        return [
            Operation("GET", base, self.list, "", STAFF, PAGING),
            Operation("POST", base, self.create, "", ADMIN),
            Operation("GET", one, self.show),
            Operation("PUT", one, self.update, "", ADMIN),
            Operation("DELETE", one, self.destroy, "", ADMIN),
        ]

    async def list(self, request: Request) -> Response:
        """All definitions."""
        container = self._fields.container
        page = paged(request, self._fields.table.by_key(), container)
        url = account_url(request)
        page[container] = [shown_field(self._fields, row, url) for row in page[container]]
        return JSONResponse(page)

    async def show(self, request: Request) -> Response:
        """One definition, by id or by key."""
        return self._one(request, self._stored(request))

    async def create(self, request: Request) -> Response:
        """A new definition."""
        row = create_field(self._account, self._fields, await self._given(request))
        shown = shown_field(self._fields, row, account_url(request))
        return JSONResponse({self._fields.wrapper: shown}, 201, headers={"Location": shown["url"]})

    async def update(self, request: Request) -> Response:
        """Change a definition; options that are left out go away, from the records too."""
        stored = self._stored(request)
        given = await self._given(request)
        return self._one(request, update_field(self._account, self._fields, stored, given))

    async def destroy(self, request: Request) -> Response:
        """Remove a definition together with its values."""
        stored = self._stored(request)
        delete_field(self._fields, stored)
        return Response(status_code=204)

    async def _given(self, request: Request) -> Row:
        wrapper = self._fields.wrapper
        return wrapped(request, await json_object(request, wrapper), wrapper, KNOWN_KEYS)

    def _stored(self, request: Request) -> Row:
        name: str = request.path_params[f"{self._fields.wrapper}_id"]
        stored = self._fields.table.get(int(name)) if name.isascii() and name.isdigit() else None
        stored = stored or self._fields.by_key(name)
        if stored is None:
            raise not_found()
        return stored

    def _one(self, request: Request, row: Row) -> Response:
        return JSONResponse({self._fields.wrapper: shown_field(self._fields, row, account_url(request))})


def create_field(account: Account, fields: FieldSet, given: Row) -> Row:
    """Store a new definition; :class:`RecordInvalid` when it is refused."""
    row = new_field(account, fields, given)
    row["id"] = account.field_ids.take()
    return fields.table.put(row)


def update_field(account: Account, fields: FieldSet, stored: Row, given: Row) -> Row:
    """Store a changed definition; records lose the options that are gone."""
    row = fields.table.put(changed_field(account, stored, given))
    if row["custom_field_options"] != stored["custom_field_options"]:
        _rewrite_values(fields, row["key"], lambda value: without_removed_options(row, value))
    return row


def delete_field(fields: FieldSet, stored: Row) -> None:
    """Remove a definition and its values."""
    fields.table.delete(stored["id"])
    _rewrite_values(fields, stored["key"], lambda value: None)


def shown_field(fields: FieldSet, row: Row, url: str) -> dict[str, Any]:
    """A definition as the vendor shows it: options only where the type has them."""
    shown = {"url": f"{url}/api/v2/{fields.container}/{row['id']}.json", **row}
    if row["type"] not in {"dropdown", "multiselect"}:
        shown.pop("custom_field_options")
    return shown


def _rewrite_values(fields: FieldSet, key: str, change: Callable[[Any], Any]) -> None:
    for row in fields.records:
        value = row[fields.container].get(key)
        if value is not None and change(value) != value:
            values = {**row[fields.container], key: change(value)}
            fields.records.put({**row, fields.container: values})
