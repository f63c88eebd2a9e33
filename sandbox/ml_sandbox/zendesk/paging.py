"""Cursor and offset pagination (PAG)."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.zendesk.errors import bad_request
from ml_sandbox.zendesk.records import account_url

MAX_PAGE_SIZE = 100
MAX_PAGES = 100
MAX_OFFSET_ROWS = 10_000
PAGING_PARAMETERS = ("page[size]", "page[after]", "page[before]", "sort", "page", "per_page")


def paged(request: Request, rows: Sequence[Row], name: str, *, ordered: bool = False) -> dict[str, Any]:
    """One page of ``rows`` (ascending by id) with its links, in the form that the request asks for.

    ``ordered`` rows are in the order that the request asks for, their ids being their places in it.

    A request that mixes both forms gets offset pages and its ``sort`` is dropped, with status 200 (CSA).
    """
    query = request.query_params
    cursor_form = any(key.startswith("page[") for key in query)
    offset_form = "page" in query or "per_page" in query
    if cursor_form and not offset_form:
        return _cursor_page(request, rows, name, ordered=ordered)
    return offset_page(request, rows, name)


def offset_page(request: Request, rows: Sequence[Row], name: str) -> dict[str, Any]:
    """One page by ``page`` and ``per_page``, for listings that know no cursors."""
    page = _positive(request, "page", 1)
    per_page = min(_positive(request, "per_page", MAX_PAGE_SIZE), MAX_PAGE_SIZE)
    if page > MAX_PAGES or (page - 1) * per_page >= MAX_OFFSET_ROWS:
        title = "Offset pagination ends after 100 pages; use cursor pagination"
        raise bad_request("InvalidPaginationDepth", title)
    start = (page - 1) * per_page
    has_next = start + per_page < len(rows)
    return {
        name: list(rows[start : start + per_page]),
        "next_page": _link(request, {"page": page + 1, "per_page": per_page}) if has_next else None,
        "previous_page": _link(request, {"page": page - 1, "per_page": per_page}) if page > 1 else None,
        "count": len(rows),
    }


def _cursor_page(
    request: Request, rows: Sequence[Row], name: str, *, ordered: bool = False
) -> dict[str, Any]:
    query = request.query_params
    size = _page_size(query.get("page[size]"))
    in_order = rows if ordered else _sorted(rows, query.get("sort"))
    if "page[after]" in query and "page[before]" in query:
        raise _invalid("page[after] and page[before] exclude each other")
    if "page[before]" in query:
        end = _position(in_order, query["page[before]"], after=False)
        start = max(0, end - size)
    else:
        start = _position(in_order, query["page[after]"], after=True) if "page[after]" in query else 0
        end = start + size
    shown = in_order[start:end]
    has_more = start > 0 if "page[before]" in query else end < len(in_order)
    return {name: shown, **_cursor_links(request, shown, size, has_more)}


def _cursor_links(request: Request, shown: Sequence[Row], size: int, has_more: bool) -> dict[str, Any]:
    # Of an empty result the cursors are left out altogether (EST).
    if not shown:
        return {"meta": {"has_more": False}, "links": {"prev": None, "next": None}}
    after, before = _cursor(shown[-1]["id"]), _cursor(shown[0]["id"])
    links = {
        "prev": _link(request, {"page[before]": before, "page[size]": size}),
        "next": _link(request, {"page[after]": after, "page[size]": size}),
    }
    return {"meta": {"has_more": has_more, "after_cursor": after, "before_cursor": before}, "links": links}


def _sorted(rows: Sequence[Row], sort: str | None) -> Sequence[Row]:
    if sort not in {None, "id", "-id"}:
        raise _invalid(f"sort is not valid: {sort}")
    return list(reversed(rows)) if sort == "-id" else rows


def _position(rows: Sequence[Row], cursor: str, *, after: bool) -> int:
    """Where a cursor's row is, or was: rows that went away meanwhile do not shift the pages."""
    wanted = _cursor_id(cursor)
    descending = len(rows) > 1 and rows[0]["id"] > rows[-1]["id"]
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        key = rows[middle]["id"]
        passed = key > wanted if descending else key < wanted
        if passed or (after and key == wanted):
            low = middle + 1
        else:
            high = middle
    return low


def _page_size(text: str | None) -> int:
    if text is None:
        return MAX_PAGE_SIZE
    if not text.isdigit() or not 1 <= int(text) <= MAX_PAGE_SIZE:
        raise _invalid(f"page[size] must be from 1 to {MAX_PAGE_SIZE}")
    return int(text)


def _positive(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else default


def _cursor(key: int) -> str:
    return base64.urlsafe_b64encode(f"id:{key}".encode()).decode().rstrip("=")


def _cursor_id(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        prefix, _, key = text.partition(":")
        if prefix == "id":
            return int(key)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise _invalid("page[after] or page[before] is not a cursor of this listing")


def _link(request: Request, changes: dict[str, Any]) -> str:
    kept = {
        key: value
        for key, value in request.query_params.items()
        if key not in PAGING_PARAMETERS or key == "sort"
    }
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return f"{account_url(request)}{path}?{urlencode({**kept, **changes})}"


def _invalid(title: str) -> Exception:
    return bad_request("InvalidPaginationParameter", title)
