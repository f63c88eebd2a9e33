"""Reading: lists, records, what they are related to."""

from urllib.parse import urlencode

from starlette.responses import Response

from ml_sandbox.core.table import Row
from ml_sandbox.oro.call import Call, allowed_methods
from ml_sandbox.oro.documents import Documents
from ml_sandbox.oro.errors import (
    JSON,
    OroError,
    access_denied,
    action_not_allowed,
    not_found,
    unknown_relation,
    unknown_type,
    wrong_filter,
)
from ml_sandbox.oro.identities import is_number
from ml_sandbox.oro.listing import Listing, Page
from ml_sandbox.oro.query import ALL, Query, QueryReader
from ml_sandbox.oro.schema import Relation, ResourceType

TOTAL_HEADER = "X-Include-Total-Count"


def get_list(call: Call) -> Response:
    """``GET /{type}``."""
    resource = call.resource("get_list")
    query = QueryReader(call, resource, many=True).read()
    page = Listing(call, resource).page(query)
    return _listed(call, resource, query, page, f"{call.base}/{resource.name}")


def get_item(call: Call) -> Response:
    """``GET /{type}/{id}``."""
    resource = call.resource("get")
    row = row_in_path(call, resource)
    query = QueryReader(call, resource, many=False).read()
    documents = Documents(call, query)
    return documents.answer(documents.one(resource, row))


def get_related(call: Call) -> Response:
    """``GET /{type}/{id}/{relation}``: the resources that a record is related to."""
    resource, relation, row = related_in_path(call, "get")
    target = call.world.types.get(relation.target)
    if target is None or not (target.allows("get_list") or target.allows("get_subresource")):
        raise action_not_allowed("get_subresource")
    call.permit(target.name, "get")
    ids = call.world.related(resource, row, relation)
    query = QueryReader(call, target, many=relation.many).read()
    if relation.many:
        page = Listing(call, target).page(query, ids)
        address = f"{call.base}/{resource.name}/{call.request.path_params['id']}/{relation.name}"
        return _listed(call, target, query, page, address)
    documents = Documents(call, query)
    found = call.world.store(target.name).get(ids[0]) if ids else None
    return documents.answer(documents.one(target, found))


def get_relationship(call: Call) -> Response:
    """``GET /{type}/{id}/relationships/{relation}``: identifiers."""
    resource, relation, row = related_in_path(call, "get")
    documents = Documents(call, Query())
    data = documents.identifiers(resource, row, relation)
    if call.plain:
        return documents.answer(data)
    address = f"{call.base}/{resource.name}/{call.request.path_params['id']}"
    links = {
        "self": f"{address}/relationships/{relation.name}",
        "related": f"{address}/{relation.name}",
    }
    return documents.answer({"data": data} | ({"links": links} if "noHateoas" not in call.wanted else {}))


def options(call: Call) -> Response:
    """``OPTIONS``: which methods there are."""
    resource = call.world.types.get(call.type_name)
    if resource is None:
        raise unknown_type(call.type_name)
    methods = allowed_methods(resource, item="id" in call.request.path_params)
    return Response(status_code=200, headers={"Allow": ", ".join(methods)})


def row_in_path(call: Call, resource: ResourceType) -> Row:
    """The record that the path names."""
    text = str(call.request.path_params["id"])
    external = call.identities.is_external(resource.name)
    if not external and not resource.named and not is_number(text):
        raise OroError(wrong_filter("id", f'Expected integer value. Given "{text}".'))
    row_id = call.identities.kept(resource.name, text)
    row = call.world.store(resource.name).get(row_id) if row_id is not None else None
    if row is None:
        raise not_found()
    if not call.sees(row):
        raise access_denied()
    return row


def related_in_path(call: Call, action: str) -> tuple[ResourceType, Relation, Row]:
    """The type, the relationship and the record that the path names."""
    resource = call.resource(action)
    relation = resource.relations.get(str(call.request.path_params["relation"]))
    if relation is None:
        raise unknown_relation()
    return resource, relation, row_in_path(call, resource)


def _listed(call: Call, resource: ResourceType, query: Query, page: Page, address: str) -> Response:
    documents = Documents(call, query)
    headers = {TOTAL_HEADER: str(page.total)} if page.total is not None else {}
    links = _links(query, page, address)
    return documents.answer(documents.many(resource, page.rows, links), headers=headers)


def _links(query: Query, page: Page, address: str) -> JSON:
    links: JSON = {"self": address}
    if query.size == ALL:
        return links
    if query.number > 1:
        links["first"] = _page_link(query, address, 1)
        links["prev"] = _page_link(query, address, query.number - 1)
    if page.has_more:
        links["next"] = _page_link(query, address, query.number + 1)
    return links


def _page_link(query: Query, address: str, number: int) -> str:
    pairs = [(name, value) for name, value in query.given if name != "page[number]"]
    pairs += [("page[number]", str(number))] if number > 1 else []
    return f"{address}?{urlencode(pairs)}" if pairs else address
