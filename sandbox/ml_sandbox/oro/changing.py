"""The calls that write one record, or delete several."""

from starlette.responses import Response

from ml_sandbox.oro.bodies import Item, included, json_body, plain_item, primary
from ml_sandbox.oro.call import Call
from ml_sandbox.oro.documents import Documents, MetaOf
from ml_sandbox.oro.errors import JSON, OroError, Problem, bad_data
from ml_sandbox.oro.listing import Listing
from ml_sandbox.oro.query import Query, QueryReader
from ml_sandbox.oro.reading import row_in_path
from ml_sandbox.oro.schema import ResourceType
from ml_sandbox.oro.submission import Outcome, Submission, Written
from ml_sandbox.oro.upserts import Options
from ml_sandbox.oro.writing import Records, Writing, conflicting

DELETE_LIMIT = 100
DELETED_HEADER = "X-Include-Deleted-Count"


class Changing:
    """Creates, updates and deletes."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def create(self, call: Call) -> Response:
        """``POST /{type}``; with ``meta.upsert`` it may update (B7)."""
        resource = call.resource("create")
        item, more = await self._sent(call, resource, None)
        item = _without_update(Options(call.world, call.identities).checked(item))
        return self._saved(call, item, more)

    async def update(self, call: Call) -> Response:
        """``PATCH /{type}/{id}``; with ``meta.upsert`` by id it may create (B7)."""
        resource = call.resource("update")
        path_id = str(call.request.path_params["id"])
        options = Options(call.world, call.identities)
        item, more = await self._sent(call, resource, path_id)
        item = options.checked(item)
        if item.meta.get("upsert"):
            options.existing(resource, item, by_id_only=True)
        else:
            row_in_path(call, resource)
            meta = {"update": True, **item.meta}
            item = Item(item.type_name, path_id, item.attributes, item.relationships, item.pointer, meta)
        return self._saved(call, item, more)

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

    def _saved(self, call: Call, item: Item, more: list[Item]) -> Response:
        only_tried = item.flag("validate")
        submission = Submission(call.world, self._records, Writing(call.world, call.user, call.identities))
        if only_tried:
            item = Item(
                item.type_name, item.item_id, item.attributes, item.relationships, item.pointer,
                {name: value for name, value in item.meta.items() if name != "validate"},
            )  # fmt: skip
        outcome = submission.save([item], more, keep=not only_tried)
        created = outcome.primaries[0].created and not only_tried
        return _shown(call, outcome, 201 if created else 200)

    async def _sent(self, call: Call, resource: ResourceType, path_id: str | None) -> tuple[Item, list[Item]]:
        body = json_body(await call.request.body())
        if call.plain:
            return plain_item(resource, body), []
        item = primary(body)
        error = conflicting(resource, item, path_id)
        if error is not None:
            raise error
        if path_id is not None and item.item_id is None:
            raise bad_data("The 'id' property is required", "/data/id")
        return item, included(body)


def included_documents(documents: Documents, outcome: Outcome) -> list[JSON]:
    """The included records that were written, with the ids that the request gave them."""
    return [documents.resource(one.resource, one.row, _included_meta(one)) for one in outcome.included]


def _included_meta(one: Written) -> MetaOf:
    return {"includeId": one.item.item_id}


def _shown(call: Call, outcome: Outcome, status: int) -> Response:
    documents = Documents(call, Query())
    (written,) = outcome.primaries
    document = documents.one(written.resource, written.row)
    if outcome.included and not call.plain:
        document["included"] = included_documents(documents, outcome)
    return documents.answer(document, status)


def _without_update(item: Item) -> Item:
    """A create is one, whatever its ``meta.update`` says."""
    meta = {name: value for name, value in item.meta.items() if name != "update"}
    return Item(item.type_name, item.item_id, item.attributes, item.relationships, item.pointer, meta)
