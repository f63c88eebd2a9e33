"""Batches: `PATCH /api/{type}` with a list of records, done at once or by an operation that is polled.

("Batch API", "Synchronous batch API".) An asynchronous operation writes what is good and lists errors by the
place of the record; its state `success` does not mean that there are none. A synchronous one is all or
nothing; after 25 s the server makes it an asynchronous one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from requests import Response

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.vendors.oro import faults
from ml_connector.vendors.oro.client import OroClient
from ml_connector.vendors.oro.faults import ApiError
from ml_connector.vendors.oro.records import Resource

SYNC_RECORDS = 100
"""Records of a synchronous batch at most."""

_OPERATIONS = "asyncoperations"
_ERRORS_PER_PAGE = 100
_ENDED = frozenset({"success", "failed", "cancelled"})


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """An asynchronous operation: `status` new, running, success, failed or cancelled, and its counts."""

    identifier: str
    status: str
    summary: Mapping[str, Any]

    @property
    def has_ended(self) -> bool:
        """Whether the server is done with it."""
        return self.status in _ENDED

    @property
    def error_count(self) -> int:
        """How many errors it lists."""
        return int(self.summary.get("errorCount") or 0)


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """How a batch was answered: done at once, refused as a whole, or taken on as an operation.

    `resources` in the order of the request when it was done; `errors` when it was refused; else `operation`,
    the id to poll.
    """

    resources: Sequence[Resource] = ()
    errors: Sequence[ApiError] = ()
    operation: str | None = None


class Batches:
    """The batches of one client."""

    def __init__(self, client: OroClient) -> None:
        self._client = client
        settings = client.settings
        poll, timeout = settings.get("batch_poll"), settings.get("batch_timeout")
        self._poll = 1.0 if poll is None else float(poll)
        self._timeout = 900.0 if timeout is None else float(timeout)

    def send(self, kind: str, resources: Sequence[Mapping[str, Any]], *, synchronous: bool) -> Answer:
        """Send records made by `records.resource`: without meta to create, with `meta.update` to change.

        `synchronous` asks for it; a server that cannot answers as if it had not been asked.

        Raises:
            AmbiguousWrite: nobody knows whether it was taken. ApiRefusal: batches are not allowed.
        """
        response = self._client.send(
            "PATCH",
            kind,
            {"data": list(resources)},
            idempotent=False,
            headers={"X-Mode": "sync"} if synchronous else None,
        )
        if response.status_code == 202:
            return Answer(operation=_operation_of(response, self._client))
        if not response.ok:
            errors = [error for error in faults.errors_of(response) if error.index is not None]
            if response.status_code != 400 or not errors:
                raise self._client.fault_of(response, record=False)
            return Answer(errors=errors)
        found = self._client.object_of(response).get("data")
        return Answer(resources=found if isinstance(found, list) else [])

    def operation(self, identifier: str) -> Operation:
        """How far an operation is."""
        body = self._client.get(f"{_OPERATIONS}/{identifier}")
        attributes = (body.get("data") or {}).get("attributes") or {}
        return Operation(identifier, str(attributes.get("status") or ""), attributes.get("summary") or {})

    def wait(self, identifier: str) -> Operation:
        """Poll an operation until it has ended.

        Raises:
            SystemFault: it stayed `new`: no message consumer runs. PassingFault: it takes longer than
            `batch_timeout`, or the run is asked to end.
        """
        waited, pause = 0.0, self._poll
        while True:
            operation = self.operation(identifier)
            if operation.has_ended:
                return operation
            if waited >= self._timeout:
                raise _late(operation, self._timeout)
            if self._client.session.stopping.wait(pause):
                raise PassingFault(
                    f"oro: stopped while operation {identifier} was {operation.status}.",
                    fix="The next run looks at what came of it.",
                )
            waited += pause
            pause = min(pause * 1.5, self._poll * 10)

    def errors(self, identifier: str) -> list[ApiError]:
        """The errors of an operation; `index` is the record's place in the whole batch."""
        path, found, number = f"{_OPERATIONS}/{identifier}/errors", [], 1
        while True:
            size = _ERRORS_PER_PAGE
            body = self._client.get(path, {"page[size]": str(size), "page[number]": str(number)})
            items = body.get("data") or []
            found += [ApiError.of(item.get("attributes"), 400) for item in items]
            if len(items) < size:
                return found
            number += 1


def _operation_of(response: Response, client: OroClient) -> str:
    location = response.headers.get("Content-Location") or ""
    named = location.rstrip("/").rpartition("/")[2]
    if named.isdigit():
        return named
    data = client.object_of(response).get("data") or {}
    if data.get("id"):
        return str(data["id"])
    raise SystemFault(
        "oro: a batch was answered by 202 without the address of its operation.",
        fix="A proxy seems to take away the header Content-Location; set `batch: off`.",
    )


def _late(operation: Operation, timeout: float) -> SystemFault | PassingFault:
    said = f"oro: operation {operation.identifier} is still {operation.status} after {timeout:g} s."
    if operation.status == "new":
        return SystemFault(
            said,
            fix="The server's message consumer does not run: start it (oro:message-queue:consume), or set "
            "`batch: sync` or `off`.",
        )
    return PassingFault(said, fix="Run again later, or raise `batch_timeout`.")
