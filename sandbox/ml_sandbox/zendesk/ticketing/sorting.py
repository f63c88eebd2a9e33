"""Listings that can be sorted by other fields than the id (PAG, TKT, COM)."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.errors import bad_request
from ml_sandbox.zendesk.paging import paged


def sorted_page(request: Request, rows: Sequence[Row], name: str, sorts: Sequence[str]) -> dict[str, Any]:
    """One page of ``rows``, sorted by the field that ``sort`` names; 400 for any other than ``sorts``.

    Cursors of a sorted listing go by the place in it, as it is at the time of the call.
    """
    query = request.query_params
    cursor_form = any(key.startswith("page[") for key in query) and not {"page", "per_page"} & set(query)
    chosen, descending = _chosen(request, cursor_form=cursor_form)
    if chosen is None or (cursor_form and chosen == "id"):
        return paged(request, rows, name)
    if chosen not in sorts:
        raise bad_request("InvalidPaginationParameter", f"sort is not valid: {chosen}")
    ordered = sorted(rows, key=lambda row: (str(row[chosen]), row["id"]), reverse=descending)
    return placed(request, ordered, name)


def placed(request: Request, rows: Sequence[Row], name: str) -> dict[str, Any]:
    """One page of rows in an order of their own: cursors go by the place in it."""
    numbered = [{"id": place, "row": row} for place, row in enumerate(rows)]
    page = paged(request, numbered, name, ordered=True)
    page[name] = [item["row"] for item in page[name]]
    return page


def _chosen(request: Request, *, cursor_form: bool) -> tuple[str | None, bool]:
    if cursor_form:
        sort = request.query_params.get("sort")
        return (sort.removeprefix("-"), sort.startswith("-")) if sort else (None, False)
    order = request.query_params.get("sort_order", "asc")
    return request.query_params.get("sort_by"), order == "desc"
