"""What can be changed of a comment later: texts blacked out, public ones made private (COM)."""

import html
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.errors import Details, RecordInvalid, not_found, parameter_missing
from ml_sandbox.zendesk.gate import caller_of
from ml_sandbox.zendesk.operations import Operation
from ml_sandbox.zendesk.record_rules import add
from ml_sandbox.zendesk.records import json_object, note_ignored, path_id
from ml_sandbox.zendesk.ticketing.audits import keep_event
from ml_sandbox.zendesk.ticketing.comments import shown_comment
from ml_sandbox.zendesk.ticketing.rules import check_open
from ml_sandbox.zendesk.ticketing.tickets import BASE, RESOURCE
from ml_sandbox.zendesk.ticketing.writes import generated, stamped

BLACK = "\u2587"
TEXTS = ("body", "html_body", "plain_body")
_MARKED = re.compile(r"<redact>(.*?)</redact>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


class Redactions:
    """The endpoints."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def operations(self) -> list[Operation]:
        """What is served."""
        one = f"{BASE}/{{ticket_id}}/comments/{{ticket_comment_id}}"
        of_audit = f"{BASE}/{{ticket_id}}/audits/{{ticket_audit_id}}/make_private"
        marked = "/api/v2/comment_redactions/{ticket_comment_id}"
        return [
            Operation("PUT", f"{one}/make_private", self.make_private, RESOURCE),
            Operation("PUT", f"{one}/redact", self.redact, RESOURCE),
            Operation("PUT", of_audit, self.make_audit_private, RESOURCE),
            Operation("PUT", marked, self.redact_marked, RESOURCE),
        ]

    async def make_private(self, request: Request) -> Response:
        """Make an internal note of a public comment; the comment keeps no time of it."""
        ticket = self._ticket(path_id(request, "ticket_id", "api/v2/tickets/show"))
        self._edit(request, ticket, self._comment(request, ticket), {"public": False})
        return JSONResponse("")

    async def make_audit_private(self, request: Request) -> Response:
        """The same for the comments of an audit."""
        ticket = self._ticket(path_id(request, "ticket_id", "api/v2/tickets/show"))
        key = path_id(request, "ticket_audit_id", "api/v2/ticket_audits/make_private")
        held = [row for row in self._account.ticketing.comments_of(ticket["id"]) if row["audit_id"] == key]
        if not held:
            raise not_found()
        for comment in held:
            self._edit(request, self._ticket(ticket["id"]), comment, {"public": False})
        return JSONResponse("")

    async def redact(self, request: Request) -> Response:
        """Black out a text wherever it stands in a comment; not in closed tickets."""
        ticket = self._ticket(path_id(request, "ticket_id", "api/v2/tickets/show"))
        comment = self._comment(request, ticket)
        body = await json_object(request, "text")
        text = body.get("text")
        note_ignored(request, [name for name in body if name != "text"])
        if not isinstance(text, str) or not text:
            raise parameter_missing("text")
        check_open(ticket)
        found = {name: _blacked(comment[name], text, escaped=name == "html_body") for name in TEXTS}
        return self._answer(self._edit(request, ticket, comment, found))

    async def redact_marked(self, request: Request) -> Response:
        """Black out what the sent ``html_body`` marks."""
        body = await json_object(request, "ticket_id")
        if not isinstance(body.get("ticket_id"), int):
            raise parameter_missing("ticket_id")
        ticket = self._ticket(body["ticket_id"])
        comment = self._comment(request, ticket)
        marked = body.get("html_body")
        note_ignored(request, [name for name in body if name not in ("ticket_id", "html_body")])
        if not isinstance(marked, str) or _plain(_unmarked(marked)) != _plain(comment["html_body"]):
            details: Details = {}
            add(details, "html_body", "Html body: is not the comment's with marks", "InvalidValue")
            raise RecordInvalid(details)
        check_open(ticket)
        blacked = _MARKED.sub(lambda found: BLACK * len(_plain(found.group(1))), marked)
        found = {"html_body": blacked, "body": _plain(blacked), "plain_body": _plain(blacked)}
        return self._answer(self._edit(request, ticket, comment, found))

    def _edit(self, request: Request, ticket: Row, comment: Row, changes: dict[str, Any]) -> Row:
        account = self._account
        edited = {**comment, **changes}
        if edited == comment:
            return comment
        account.ticketing.comments.put(edited)
        first = account.ticketing.comments_of(ticket["id"])[0]["id"] == comment["id"]
        row = {**ticket, "description": edited["body"]} if first else ticket
        row = {**row, "is_public": any(kept["public"] for kept in account.ticketing.comments_of(row["id"]))}
        moved = account.settings.text("comment_edits")
        if moved == "audited":
            kind = "CommentPrivacyChange" if "public" in changes else "CommentRedactionEvent"
            event = {"type": kind, "comment_id": comment["id"], "public": edited["public"]}
            keep_event(account, stamped(account, row), event, int(caller_of(request).user["id"]))
        else:
            account.ticketing.tickets.put(generated(account, row) if moved == "generated" else row)
        return edited

    def _comment(self, request: Request, ticket: Row) -> Row:
        key = path_id(request, "ticket_comment_id", "api/v2/ticket_comments/show")
        found = self._account.ticketing.comments.get(key)
        if found is None or found["ticket_id"] != ticket["id"]:
            raise not_found()
        return found

    def _ticket(self, ticket_id: int) -> Row:
        found = self._account.ticketing.living(ticket_id)
        if found is None:
            raise not_found()
        return found

    @staticmethod
    def _answer(comment: Row) -> Response:
        return JSONResponse({"comment": shown_comment(comment)})


def _blacked(held: str, text: str, *, escaped: bool) -> str:
    return held.replace(html.escape(text) if escaped else text, BLACK * len(text))


def _unmarked(marked: str) -> str:
    return marked.replace("<redact>", "").replace("</redact>", "")


def _plain(marked: str) -> str:
    return html.unescape(_TAG.sub("", marked))
