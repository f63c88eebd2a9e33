"""Definitions of custom ticket fields, and the custom statuses (TF, CTS)."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid, not_found
from ml_sandbox.zendesk.operations import ADMIN, PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.record_rules import add
from ml_sandbox.zendesk.records import account_url, json_object, path_id, wrapped
from ml_sandbox.zendesk.ticketing.field_values import OPTION_TYPES

TYPES = (
    "text",
    "textarea",
    "checkbox",
    "date",
    "integer",
    "decimal",
    "regexp",
    "tagger",
    "lookup",
    "multiselect",
    "partialcreditcard",
)
WRITABLE = (
    "title",
    "type",
    "description",
    "agent_description",
    "active",
    "position",
    "required",
    "collapsed_for_agents",
    "regexp_for_validation",
    "tag",
    "title_in_portal",
    "visible_in_portal",
    "editable_in_portal",
    "required_in_portal",
    "relationship_target_type",
    "relationship_filter",
    "custom_field_options",
)
KNOWN_KEYS = frozenset((*WRITABLE, "id"))
WRAPPER = "ticket_field"


class TicketFields:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/ticket_fields"
        one = f"{base}/{{ticket_field_id}}"
        return [
            Operation("GET", base, self.list, "", STAFF, ("locale", "creator", *PAGING)),
            Operation("POST", base, self.create, "", ADMIN),
            Operation("GET", one, self.show, "", STAFF, ("creator",)),
            Operation("PUT", one, self.update, "", ADMIN),
            Operation("DELETE", one, self.destroy, "", ADMIN),
        ]

    async def list(self, request: Request) -> Response:
        """All definitions; without paging parameters everything comes at once (TF)."""
        headers = self._account.ticket_limits.take_field_listing()
        rows = self._account.ticketing.fields.by_key()
        asks = any(name.startswith("page") or name == "per_page" for name in request.query_params)
        url = account_url(request)
        if not asks:
            shown = [shown_ticket_field(row, url) for row in rows]
            return JSONResponse({"ticket_fields": shown, "count": len(shown)}, headers=headers)
        page = paged(request, rows, "ticket_fields")
        page["ticket_fields"] = [shown_ticket_field(row, url) for row in page["ticket_fields"]]
        return JSONResponse(page, headers=headers)

    async def show(self, request: Request) -> Response:
        """One definition."""
        return JSONResponse({WRAPPER: shown_ticket_field(self._stored(request), account_url(request))})

    async def create(self, request: Request) -> Response:
        """A new definition."""
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, KNOWN_KEYS)
        shown = shown_ticket_field(put_ticket_field(self._account, None, given), account_url(request))
        return JSONResponse({WRAPPER: shown}, 201, headers={"Location": shown["url"]})

    async def update(self, request: Request) -> Response:
        """Change a definition; its type stays."""
        stored = self._stored(request)
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, KNOWN_KEYS)
        row = put_ticket_field(self._account, stored, given)
        return JSONResponse({WRAPPER: shown_ticket_field(row, account_url(request))})

    async def destroy(self, request: Request) -> Response:
        """Remove a definition together with its values."""
        field_id = self._stored(request)["id"]
        self._account.ticketing.fields.delete(field_id)
        for row in self._account.ticketing.tickets:
            if field_id in row["values"]:
                values = {key: value for key, value in row["values"].items() if key != field_id}
                self._account.ticketing.tickets.put({**row, "values": values})
        return Response(status_code=204)

    def _stored(self, request: Request) -> Row:
        field_id = path_id(request, "ticket_field_id", "api/v2/ticket_fields/show")
        found = self._account.ticketing.fields.get(field_id)
        if found is None:
            raise not_found()
        return found


def put_ticket_field(account: Account, stored: Row | None, given: Row) -> Row:
    """Store a definition; :class:`RecordInvalid` when it is refused."""
    details: Details = {}
    row = {**(stored or _blank(account)), **{name: given[name] for name in WRITABLE if name in given}}
    _check(stored, row, details)
    row["custom_field_options"] = _options(account, row, details)
    if details:
        raise RecordInvalid(details)
    row |= {"raw_title": row["title"], "raw_description": row["description"]}
    row["title_in_portal"] = row["raw_title_in_portal"] = row.get("title_in_portal") or row["title"]
    row["id"] = row["id"] or given.get("id") or account.ticketing.field_ids.take()
    account.ticketing.field_ids.pass_over(row["id"])
    return account.ticketing.fields.put({**row, "updated_at": account.now()})


def shown_ticket_field(row: Row, url: str) -> dict[str, Any]:
    """A definition as the vendor shows it: options only where the type has them."""
    shown = {"url": f"{url}/api/v2/ticket_fields/{row['id']}.json", **row}
    if row["type"] not in OPTION_TYPES:
        shown.pop("custom_field_options")
    return shown


def _check(stored: Row | None, row: Row, details: Details) -> None:
    if not isinstance(row["title"], str) or not row["title"].strip():
        add(details, "title", "Title: cannot be blank", "BlankValue")
    if row["type"] not in TYPES:
        add(details, "type", f"Type: {row['type']} is not a field type", "InvalidValue")
    if stored is not None and row["type"] != stored["type"]:
        add(details, "type", "Type: cannot be changed", "InvalidValue")
    if row["type"] == "regexp":
        try:
            re.compile(row["regexp_for_validation"] or "")
        except (re.error, TypeError):
            add(details, "regexp_for_validation", "Regexp for validation: is invalid", "InvalidValue")


def _options(account: Account, row: Row, details: Details) -> list[Row]:
    given = row["custom_field_options"]
    if row["type"] not in OPTION_TYPES:
        return []
    right = isinstance(given, list) and all(
        isinstance(option, dict) and option.get("name") and option.get("value") for option in given
    )
    if not right:
        add(details, "custom_field_options", "Options: each needs a name and a value", "InvalidValue")
        return []
    _check_options(account, row, [option["value"] for option in given], details)
    take = account.ticketing.field_ids.take
    return [
        {
            "id": option.get("id") or take(),
            "name": option["name"],
            "raw_name": option["name"],
            "value": option["value"],
            "default": bool(option.get("default")),
        }
        for option in given
    ]


def _check_options(account: Account, row: Row, values: list[str], details: Details) -> None:
    """An option's value is a tag, and no two ticket fields may share one (TF)."""
    others = {
        option["value"]
        for other in account.ticketing.fields
        if other["id"] != row["id"]
        for option in other["custom_field_options"]
    }
    if len(set(values)) < len(values) or others & set(values):
        add(details, "custom_field_options", "Options: values must be unique", "DuplicateValue")


def _blank(account: Account) -> Row:
    now = account.now()
    return {
        "id": 0,
        "type": "text",
        "title": None,
        "description": "",
        "agent_description": "",
        "position": len(account.ticketing.fields),
        "active": True,
        "required": False,
        "collapsed_for_agents": False,
        "regexp_for_validation": None,
        "tag": None,
        "visible_in_portal": False,
        "editable_in_portal": False,
        "required_in_portal": False,
        "agent_can_edit": True,
        "removable": True,
        "created_at": now,
        "updated_at": now,
        "custom_field_options": [],
    }
