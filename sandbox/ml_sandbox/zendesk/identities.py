"""Identities of users (UID)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid, forbidden, not_found
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.identity_rules import (
    WRITABLE_TYPES,
    add_identity,
    identities_of,
    make_primary,
    refresh_user,
    remove_identity,
    send_verification,
    set_verified,
)
from ml_sandbox.zendesk.operations import PAGING, STAFF, Operation
from ml_sandbox.zendesk.paging import paged
from ml_sandbox.zendesk.record_rules import FLAG, TEXT, Check, add, check_types
from ml_sandbox.zendesk.records import account_url, json_object, path_id, wrapped
from ml_sandbox.zendesk.user_rules import check_email, stored_email
from ml_sandbox.zendesk.users import RESOURCE, stored_user

TYPES: dict[str, Check] = {
    "type": TEXT,
    "value": TEXT,
    "verified": FLAG,
    "verification_method": (lambda value: value in ("none", "low"), "must be none or low"),
    "primary": FLAG,
    "skip_verify_email": FLAG,
}
KNOWN_KEYS = frozenset((*TYPES, "id"))

Rows = list[Row]


class Identities:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        base = "/api/v2/users/{user_id}/identities"
        one = f"{base}/{{user_identity_id}}"
        return [
            Operation("GET", base, self.list, RESOURCE, STAFF, ("type[]", *PAGING)),
            Operation("POST", base, self.create, RESOURCE),
            Operation("GET", one, self.show, RESOURCE),
            Operation("PUT", one, self.update, RESOURCE),
            Operation("DELETE", one, self.destroy, RESOURCE),
            Operation("PUT", f"{one}/make_primary", self.make_primary, RESOURCE),
            Operation("PUT", f"{one}/verify", self.verify, RESOURCE),
            Operation("PUT", f"{one}/request_verification", self.request_verification, RESOURCE),
        ]

    async def list(self, request: Request) -> Response:
        """All identities of a user, or those of some types."""
        kinds = request.query_params.getlist("type[]")
        held = identities_of(self._account, self._user(request, write=False)["id"])
        return self._page(request, [row for row in held if not kinds or row["type"] in kinds])

    async def show(self, request: Request) -> Response:
        """One identity."""
        return self._one(request, self._stored(request, write=False))

    async def create(self, request: Request) -> Response:
        """A new identity: 201."""
        user = self._user(request)
        given = await self._given(request)
        kind, value = str(given.get("type") or ""), self._value(str(given.get("type")), given.get("value"))
        details: Details = {}
        if kind not in WRITABLE_TYPES:
            add(details, "type", f"Type: {kind} is not a type of identities", "InvalidValue")
        self._check_value(kind, value, 0, details)
        row = add_identity(
            self._account,
            user["id"],
            kind,
            value,
            verified=bool(given.get("verified")),
            primary=bool(given.get("primary")) and self._account.settings.flag("primary_on_create"),
            quiet=bool(given.get("skip_verify_email")),
        )
        refresh_user(self._account, user["id"])
        return self._one(request, row, 201)

    async def update(self, request: Request) -> Response:
        """Change the value or the verification; never what is primary."""
        stored = self._stored(request)
        given = await self._given(request)
        details: Details = {}
        if "value" in given:
            value = self._value(stored["type"], given["value"])
            self._check_value(stored["type"], value, stored["id"], details)
            if value != stored["value"]:
                changed = {**stored, "value": value, "updated_at": self._account.now()}
                stored = self._account.identities.put(changed)
        verified = given.get("verified")
        if "verification_method" in given:
            verified = given["verification_method"] == "low"
        if verified is not None:
            stored = set_verified(self._account, stored, verified=verified)
        refresh_user(self._account, stored["user_id"])
        return self._one(request, stored)

    async def destroy(self, request: Request) -> Response:
        """Delete an identity."""
        stored = self._stored(request)
        remove_identity(self._account, stored)
        refresh_user(self._account, stored["user_id"])
        return Response(status_code=204)

    async def make_primary(self, request: Request) -> Response:
        """Make an identity the primary one of its type; answers with all of them."""
        stored = self._stored(request)
        make_primary(self._account, stored)
        refresh_user(self._account, stored["user_id"])
        return self._page(request, identities_of(self._account, stored["user_id"]))

    async def verify(self, request: Request) -> Response:
        """Set an identity as verified."""
        stored = set_verified(self._account, self._stored(request), verified=True)
        refresh_user(self._account, stored["user_id"])
        return self._one(request, stored)

    async def request_verification(self, request: Request) -> Response:
        """Send the verification mail again."""
        stored = self._stored(request)
        if stored["type"] == "email":
            send_verification(self._account, stored)
        return JSONResponse("")

    async def _given(self, request: Request) -> Row:
        given = wrapped(request, await json_object(request, "identity"), "identity", KNOWN_KEYS)
        check_types({name: given[name] for name in TYPES if name in given}, TYPES)
        return given

    @staticmethod
    def _value(kind: str, value: Any) -> str:
        return (stored_email(value) if kind == "email" else (value or "").strip()) or ""

    def _check_value(self, kind: str, value: str, own_id: int, details: Details) -> None:
        held = self._account.identities.find("value", (kind, value))
        if not value:
            add(details, "value", "Value: cannot be blank", "BlankValue")
        elif any(row["id"] != own_id for row in held):
            text = f"Value: {value} is already being used by another user"
            add(details, "value", text, "DuplicateValue")
        elif kind == "email":
            check_email(self._account, value, 0 if not held else held[0]["user_id"], details, "value")
        if details:
            raise RecordInvalid(details)

    def _user(self, request: Request, *, write: bool = True) -> Row:
        """The user of the path; who is no admin changes end users only."""
        user = stored_user(self._account, request, "identities")
        if write and caller_of(request).user["role"] != "admin" and user["role"] != "end-user":
            raise forbidden()
        return user

    def _stored(self, request: Request, *, write: bool = True) -> Row:
        user = self._user(request, write=write)
        key = path_id(request, "user_identity_id", "api/v2/identities/show")
        stored = self._account.identities.get(key)
        if stored is None or stored["user_id"] != user["id"]:
            raise not_found()
        return stored

    def _one(self, request: Request, row: Row, status: int = 200) -> Response:
        return JSONResponse({"identity": shown_identity(row, account_url(request))}, status)

    def _page(self, request: Request, rows: Rows) -> Response:
        page = paged(request, sorted(rows, key=lambda row: row["id"]), "identities")
        page["identities"] = [shown_identity(row, account_url(request)) for row in page["identities"]]
        return JSONResponse(page)


def shown_identity(row: Row, url: str) -> Row:
    """An identity as the vendor shows it."""
    return {"url": f"{url}/api/v2/users/{row['user_id']}/identities/{row['id']}.json", **row}
