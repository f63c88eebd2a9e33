"""Reading request bodies and parameters as strictly as the vendor."""

import json
from typing import Any

from starlette.requests import Request

from ml_sandbox.core.exchange import exchange_of
from ml_sandbox.core.table import Row, Table
from ml_sandbox.zendesk.errors import ZendeskError, invalid_attribute, parameter_missing, too_many_records

MAX_RECORDS = 100
MAX_ID = 2**63 - 1


async def json_object(request: Request, wrapper: str) -> dict[str, Any]:
    """The whole JSON body; 400 when it is none, or not sent as JSON: then the vendor sees no parameters."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise parameter_missing(wrapper)
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        text = {"error": "Unprocessable Entity", "message": "Server could not parse JSON"}
        raise ZendeskError(400, text) from error
    if not isinstance(body, dict):
        raise parameter_missing(wrapper)
    return body


def wrapped(request: Request, body: dict[str, Any], wrapper: str, known: frozenset[str]) -> dict[str, Any]:
    """The record inside its wrapper; keys that the vendor ignores are noted in the request log."""
    record = body.get(wrapper)
    if not isinstance(record, dict):
        raise parameter_missing(wrapper)
    note_ignored(request, [name for name in body if name != wrapper])
    note_ignored(request, [f"{wrapper}.{name}" for name in record if name not in known])
    return record


def wrapped_list(
    request: Request, body: dict[str, Any], wrapper: str, known: frozenset[str]
) -> list[dict[str, Any]]:
    """The records inside a plural wrapper: 1 to 100 objects."""
    records = body.get(wrapper)
    if not isinstance(records, list) or not records or not all(isinstance(row, dict) for row in records):
        raise parameter_missing(wrapper)
    if len(records) > MAX_RECORDS:
        raise too_many_records(MAX_RECORDS)
    note_ignored(request, [name for name in body if name != wrapper])
    unknown = {name: None for row in records for name in row if name not in known}
    note_ignored(request, [f"{wrapper}[].{name}" for name in unknown])
    return records


def note_ignored(request: Request, names: list[str]) -> None:
    """Note in the request log what the vendor silently ignores."""
    exchange = exchange_of(request)
    exchange.unknown_parameters += [name for name in names if name not in exchange.unknown_parameters]


def path_id(request: Request, name: str, operation: str) -> int:
    """An id from the path; 400 when it is no whole number."""
    return parsed_id(request.path_params[name], f"from {operation}")


def parsed_id(text: str, suffix: str = "") -> int:
    """A whole number from a text; 400 when it is none."""
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_ID:
        raise invalid_attribute("id", f"must be an integer {suffix}".strip())
    return int(text)


def id_list(request: Request) -> list[int] | None:
    """The ids of a comma-separated ``ids`` parameter, None when it is absent."""
    parts = comma_list(request, "ids")
    return None if parts is None else [parsed_id(part) for part in parts]


def comma_list(request: Request, name: str) -> list[str] | None:
    """The values of a comma-separated parameter, at most 100; None when it is absent or empty."""
    text = request.query_params.get(name)
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if len(parts) > MAX_RECORDS:
        raise too_many_records(MAX_RECORDS)
    return parts or None


def addressed_rows(table: Table, request: Request) -> list[Row]:
    """The existing rows that ``ids`` or ``external_ids`` name, by id; 400 when neither is given."""
    ids = id_list(request)
    if ids is not None:
        found = [row for key in ids if (row := table.get(key)) is not None]
    else:
        external_ids = comma_list(request, "external_ids")
        if external_ids is None:
            raise parameter_missing("ids or external_ids")
        found = [row for key in external_ids for row in table.find("external_id", key.lower())]
    return sorted({row["id"]: row for row in found}.values(), key=lambda row: row["id"])


def account_url(request: Request) -> str:
    """The account's address as the client addressed it, for links in answers."""
    return str(request.base_url).rstrip("/")
