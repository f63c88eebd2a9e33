"""Writing relationships by their own address: add, replace, remove (B6)."""

from typing import Any

from starlette.responses import Response

from ml_sandbox.oro.bodies import Item, identifiers, json_body
from ml_sandbox.oro.call import Call
from ml_sandbox.oro.documents import Documents
from ml_sandbox.oro.errors import OroError, Problem, action_not_allowed, not_acceptable
from ml_sandbox.oro.query import Query
from ml_sandbox.oro.reading import related_in_path
from ml_sandbox.oro.writing import Records, Writing

ACTIONS = {"POST": "add_relationship", "PATCH": "update_relationship", "DELETE": "delete_relationship"}


class Relationships:
    """``/{type}/{id}/relationships/{relation}``."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def change(self, call: Call) -> Response:
        """POST adds to a list, DELETE removes from it, PATCH replaces a list or a single one."""
        resource, relation, row = related_in_path(call, "update")
        method = call.request.method
        if relation.read_only or (method != "PATCH" and not relation.many):
            raise action_not_allowed(ACTIONS[method], ["OPTIONS", "GET", "PATCH"])
        if call.plain:
            raise not_acceptable()
        given = identifiers(json_body(await call.request.body()), many=relation.many)
        present = Documents(call, Query()).all_identifiers(resource, row, relation)
        data = _combined(method, present, given)
        item = Item(resource.name, row["id"], {}, {relation.name: {"data": data}})
        writing = Writing(call.world, call.user, call.identities)
        try:
            self._records.update(resource, row, item, writing)
        except OroError as error:
            place = f"/data/relationships/{relation.name}/data"
            raise OroError(*(_moved(problem, place) for problem in error.problems)) from error
        return Response(status_code=204)


def _combined(method: str, present: Any, given: Any) -> Any:
    if method == "PATCH":
        return given
    if method == "POST":
        return [*present, *(one for one in given if _named(one) not in map(_named, present))]
    removed = [_named(one) for one in given]
    return [one for one in present if _named(one) not in removed]


def _named(identifier: Any) -> tuple[Any, Any] | None:
    """What an identifier names, whatever else it carries."""
    return (identifier.get("type"), identifier.get("id")) if isinstance(identifier, dict) else None


def _moved(problem: Problem, place: str) -> Problem:
    pointer = "/data" if problem.pointer == place else problem.pointer
    return Problem(problem.status, problem.title, problem.detail, pointer)
