"""``PATCH /{type}``: many records at once, by an operation or at once (B8)."""

import asyncio
from typing import Any

from starlette.responses import Response

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.oro.bodies import Item, included, json_body
from ml_sandbox.oro.call import Call
from ml_sandbox.oro.changing import included_documents
from ml_sandbox.oro.documents import Documents
from ml_sandbox.oro.errors import JSON, OroError, Problem, bad_data, bad_request, not_acceptable, raise_all
from ml_sandbox.oro.operations import Operations, batch_item
from ml_sandbox.oro.query import Query
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.submission import Submission
from ml_sandbox.oro.writing import Records, Writing

SYNC_PRIMARY = 100
SYNC_INCLUDED = 50
SYNC_SECONDS = 25.0
TOO_MUCH = (
    "The data limit for the synchronous operation exceeded. "
    "The maximum number of {what}records that can be processed by the synchronous operation is {limit}."
)


class Batch:
    """The batch call."""

    def __init__(self, records: Records, operations: Operations) -> None:
        self._records = records
        self._operations = operations

    async def update_list(self, call: Call) -> Response:
        """Take on an operation, or do it at once under ``X-Mode: sync``."""
        resource = call.resource("update_list")
        if call.plain:
            raise not_acceptable()
        synchronous = _is_synchronous(call)
        body = json_body(await call.request.body())
        data, more = _data(body), included(body)
        if not synchronous:
            return self._accepted(call, resource, data, more)
        _check_limits(data, more)
        fault = exchange_of(call.request).job_fault
        if not call.world.settings.flag("consumer_running") or fault is not None:
            return await self._after_waiting(call, resource, data, more)
        return self._done(call, resource, data, more)

    async def _after_waiting(
        self, call: Call, resource: ResourceType, data: list[Any], more: list[Item]
    ) -> Response:
        """What takes too long goes on as an operation."""
        accepted = self._accepted(call, resource, data, more)
        await asyncio.sleep(call.world.clock.real_seconds(SYNC_SECONDS))
        return accepted

    def _accepted(self, call: Call, resource: ResourceType, data: list[Any], more: list[Item]) -> Response:
        writing = Writing(call.world, call.user, call.identities)
        fault = exchange_of(call.request).job_fault
        operation_id = self._operations.start(resource.name, data, more, writing, fault)
        row = call.world.store("asyncoperations").get(operation_id)
        documents = Documents(call, Query())
        document = documents.one(call.world.types["asyncoperations"], row)
        headers = {"Content-Location": f"{call.base}/asyncoperations/{operation_id}"}
        return documents.answer(document, 202, headers)

    def _done(self, call: Call, resource: ResourceType, data: list[Any], more: list[Item]) -> Response:
        items, problems = [], list[Problem]()
        for position, value in enumerate(data):
            try:
                items.append(batch_item(value, f"/data/{position}", resource.name))
            except OroError as error:
                problems += error.problems
        raise_all(problems)
        writing = Writing(call.world, call.user, call.identities)
        outcome = Submission(call.world, self._records, writing).save(items, more)
        documents = Documents(call, Query())
        shown = [
            documents.resource(
                one.resource, one.row, {"dataId": one.item.item_id} if one.item.item_id is not None else None
            )
            for one in outcome.primaries
        ]
        document: JSON = {"data": shown}
        if outcome.included:
            document["included"] = included_documents(documents, outcome)
        return documents.answer(document)


def _is_synchronous(call: Call) -> bool:
    mode = call.request.headers.get("x-mode")
    if mode is None or not call.world.model.has_sync_batch:
        return False
    if mode != "sync":
        raise bad_request(f'The "X-Mode" header has an unsupported value "{mode}".')
    return True


def _data(body: JSON) -> list[Any]:
    data = body.get("data")
    if not isinstance(data, list):
        raise bad_data("The primary data object collection should be an array", "/data")
    if not data:
        raise bad_data("The primary data object collection should not be empty", "/data")
    return data


def _check_limits(data: list[Any], more: list[Item]) -> None:
    if len(data) > SYNC_PRIMARY:
        raise bad_data(TOO_MUCH.format(what="", limit=SYNC_PRIMARY))
    if len(more) > SYNC_INCLUDED:
        raise bad_data(TOO_MUCH.format(what="included ", limit=SYNC_INCLUDED))
