"""The calls that write one record, or delete several."""

from starlette.responses import Response

from ml_sandbox.core.table import Row
from ml_sandbox.oro.bodies import Item, json_body, plain_item, primary
from ml_sandbox.oro.call import Call
from ml_sandbox.oro.documents import Documents
from ml_sandbox.oro.errors import OroError, Problem, bad_data
from ml_sandbox.oro.listing import Listing
from ml_sandbox.oro.query import Query, QueryReader
from ml_sandbox.oro.reading import row_in_path
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.writing import Records, Writing, conflicting

DELETE_LIMIT = 100
DELETED_HEADER = "X-Include-Deleted-Count"


class Changing:
    """Creates, updates and deletes."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def create(self, call: Call) -> Response:
        """``POST /{type}``."""
        resource = call.resource("create")
        item = await self._item(call, resource, None)
        row = self._records.create(resource, item, _writing(call))
        return _shown(call, resource, row, 201)

    async def update(self, call: Call) -> Response:
        """``PATCH /{type}/{id}``."""
        resource = call.resource("update")
        row = row_in_path(call, resource)
        item = await self._item(call, resource, str(call.request.path_params["id"]))
        changed = self._records.update(resource, row, item, _writing(call))
        return _shown(call, resource, changed, 200)

    async def delete(self, call: Call) -> Response:
        """``DELETE /{type}/{id}``."""
        resource = call.resource("delete")
        self._records.delete(resource, row_in_path(call, resource))
        return Response(status_code=204)

    async def delete_list(self, call: Call) -> Response:
        """``DELETE /{type}``: at most 100 that pass the filters."""
        resource = call.resource("delete_list")
        query = QueryReader(call, resource, many=True).read()
        if not query.conditions:
            raise OroError(Problem(400, "filter constraint", "At least one filter must be provided."))
        rows = Listing(call, resource).matching(query, DELETE_LIMIT)
        for row in rows:
            self._records.delete(resource, row)
        headers = {DELETED_HEADER: str(len(rows))} if "deletedCount" in call.wanted else {}
        return Response(status_code=204, headers=headers)

    async def _item(self, call: Call, resource: ResourceType, path_id: str | None) -> Item:
        body = json_body(await call.request.body())
        if call.plain:
            return plain_item(resource, body)
        item = primary(body)
        error = conflicting(resource, item, path_id)
        if error is not None:
            raise error
        if path_id is not None and item.item_id is None:
            raise bad_data("The 'id' property is required", "/data/id")
        return item


def _writing(call: Call) -> Writing:
    return Writing(call.world, call.user, call.identities)


def _shown(call: Call, resource: ResourceType, row: Row, status: int) -> Response:
    documents = Documents(call, Query())
    return documents.answer(documents.one(resource, row), status)
