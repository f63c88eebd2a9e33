"""Ticket metric events: what each audit started, paused or ended; in both dialects of the export (IE)."""

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.account import Account
from ml_sandbox.zendesk.incremental import Export
from ml_sandbox.zendesk.operations import ADMIN, PAGING, Operation
from ml_sandbox.zendesk.ticketing.metrics import DONE, changes_of, is_reply
from ml_sandbox.zendesk.ticketing.safety import seconds_of
from ml_sandbox.zendesk.ticketing.sorting import placed

METRICS = ("agent_work_time", "requester_wait_time", "reply_time", "resolution_time")
PAUSED = {"pending": ("agent_work_time", "requester_wait_time"), "hold": ("agent_work_time",)}


class MetricEventExport(Export):
    """The endpoint; ids lie between those of two audits, so that they stay."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, "ticket_metric_events", Table(), lambda _account, row, _url: row)
        self._version = -1

    @property
    def resource(self) -> str:
        """The scope of tickets."""
        return "tickets"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Besides those of exports, those of cursor pages."""
        return (*super().parameters, "include_changes", *PAGING)

    def operations(self) -> list[Operation]:
        """No sample of it."""
        path = "/api/v2/incremental/ticket_metric_events"
        return [Operation("GET", path, self.in_either, self.resource, ADMIN, self.parameters)]

    async def in_either(self, request: Request) -> Response:
        """Cursor pages where ``page[size]`` asks for them, else by time."""
        self._refresh()
        if not any(name.startswith("page[") for name in request.query_params):
            return await self.by_time(request)
        self.account.quota.take_export()
        return JSONResponse(placed(request, self.since(request), "ticket_metric_events"))

    def moment(self, row: Row) -> int:
        """When it happened."""
        return seconds_of(row["time"])

    def latest_start(self) -> float:
        """Now: clients of others ask for that, and are not refused (n/c)."""
        return self.account.clock.timestamp() + 1

    def _refresh(self) -> None:
        """Tell the events anew where audits came."""
        if self._version == self.account.ticketing.audits.version:
            return
        self._version = self.account.ticketing.audits.version
        self.table.clear()
        for audit in self.account.ticketing.audits:
            for place, event in enumerate(_events(self.account, audit), 1):
                named = {
                    "id": audit["id"] + place,
                    "ticket_id": audit["ticket_id"],
                    "time": audit["created_at"],
                }
                self.table.put({**named, **event})


def _events(account: Account, audit: Row) -> Iterator[dict[str, Any]]:
    """At most nine: so many ids are free between two audits."""
    created = any(event["type"] == "Create" for event in audit["events"])
    if created:
        yield {"metric": "agent_work_time", "instance_id": 0, "type": "measure"}
        yield from ({"metric": name, "instance_id": 1, "type": "activate"} for name in METRICS)
    elif is_reply(account, audit):
        yield {"metric": "reply_time", "instance_id": 1, "type": "fulfill"}
    status = next(((old, new) for name, old, new in changes_of(audit) if name == "status"), None)
    if status is None or (status[0] == "solved" and status[1] == "closed"):
        return
    old, new = status
    if new in DONE:
        yield from (
            {"metric": name, "instance_id": 1, "type": "fulfill"} for name in METRICS if name != "reply_time"
        )
        yield {"metric": "resolution_time", "instance_id": 1, "type": "update_status"} | _status(
            account, audit
        )
    else:
        yield from ({"metric": name, "instance_id": 1, "type": "pause"} for name in PAUSED.get(new, ()))
        resumed = () if created or new in PAUSED else PAUSED.get(str(old), ())
        yield from ({"metric": name, "instance_id": 1, "type": "activate"} for name in resumed)


def _status(account: Account, audit: Row) -> dict[str, Any]:
    ticket = account.ticketing.tickets.get(audit["ticket_id"]) or {"created_at": audit["created_at"]}
    minutes = max(0, seconds_of(audit["created_at"]) - seconds_of(ticket["created_at"])) // 60
    return {"status": {"calendar": minutes, "business": minutes}}
