"""Custom ticket statuses (CTS)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid, not_found
from ml_sandbox.zendesk.operations import ADMIN, STAFF, Operation
from ml_sandbox.zendesk.record_rules import add
from ml_sandbox.zendesk.records import json_object, path_id, wrapped
from ml_sandbox.zendesk.ticketing.state import STATUSES

BASE = "/api/v2/custom_statuses"
WRAPPER = "custom_status"
LABELS = ("agent_label", "end_user_label", "description", "end_user_description", "active")
MAX_STATUSES = 300


class CustomStatuses:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        one = f"{BASE}/{{custom_status_id}}"
        filters = ("status_categories", "active", "default")
        return [
            Operation("GET", BASE, self.listing, "", STAFF, filters),
            Operation("POST", BASE, self.create, "", ADMIN),
            Operation("GET", one, self.show, ""),
            Operation("PUT", one, self.update, "", ADMIN),
        ]

    async def listing(self, request: Request) -> Response:
        """All of them; there are no pages."""
        query = request.query_params
        categories = query["status_categories"].split(",") if "status_categories" in query else None
        rows = [
            row
            for row in self._account.ticketing.statuses.by_key()
            if (categories is None or row["status_category"] in categories)
            and all(query.get(name) in (None, str(row[name]).lower()) for name in ("active", "default"))
        ]
        return JSONResponse({"custom_statuses": rows})

    async def show(self, request: Request) -> Response:
        """One of them."""
        return JSONResponse({WRAPPER: self._stored(request)})

    async def create(self, request: Request) -> Response:
        """A new one, of a category that it keeps."""
        known = frozenset({*LABELS, "status_category"})
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, known)
        details: Details = {}
        if given.get("status_category") not in STATUSES:
            add(details, "status_category", "Status category: is invalid", "InvalidValue")
        if not isinstance(given.get("agent_label"), str) or not given["agent_label"].strip():
            add(details, "agent_label", "Agent label: cannot be blank", "BlankValue")
        if len(self._account.ticketing.statuses) >= MAX_STATUSES:
            add(details, "base", f"There are no more than {MAX_STATUSES} statuses", "InvalidValue")
        if details:
            raise RecordInvalid(details)
        kept = {name: given[name] for name in known if name in given}
        row = self._account.ticketing.put_status(kept, self._account.now())
        return JSONResponse({WRAPPER: row}, 201)

    async def update(self, request: Request) -> Response:
        """Other labels, or whether it can be chosen; the default of a category stays active."""
        stored = self._stored(request)
        given = wrapped(request, await json_object(request, WRAPPER), WRAPPER, frozenset(LABELS))
        if stored["default"] and given.get("active") is False:
            details: Details = {}
            add(details, "active", "Active: the default of a category cannot be inactive", "InvalidValue")
            raise RecordInvalid(details)
        now = self._account.now()
        kept = {name: given[name] for name in LABELS if name in given}
        row = self._account.ticketing.put_status({**stored, **kept, "updated_at": now}, now)
        return JSONResponse({WRAPPER: row})

    def _stored(self, request: Request) -> Row:
        found = self._account.ticketing.statuses.get(
            path_id(request, "custom_status_id", "api/v2/custom_statuses/show")
        )
        if found is None:
            raise not_found()
        return found
