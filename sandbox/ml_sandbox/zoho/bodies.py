"""Reading the JSON body of a write, and how its records count."""

import json
import math

from starlette.requests import Request

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import ZohoError, flat, invalid_body, missing_in_body, wrong_media_type
from ml_sandbox.zoho.operations import Weight

RECORDS_LIMIT = 100
RECORDS_PER_CREDIT = 10
MANY_RECORDS = 10


async def json_body(request: Request, *, needs_type: bool = False) -> Row:
    """The JSON object that was sent; 400 when it is none, 415 with another content type.

    ``needs_type`` asks for the content type, others may leave it out.
    """
    content_type = request.headers.get("content-type", "" if needs_type else "application/json")
    if "json" not in content_type.lower():
        raise wrong_media_type()
    try:
        body = json.loads(await request.body())
    except ValueError as error:
        raise flat(
            400, "INVALID_DATA", "body is not a valid JSON", {"expected_data_type": "jsonobject"}
        ) from error
    if not isinstance(body, dict):
        raise invalid_body("$", "jsonobject")
    return body


def records_in(body: Row) -> list[Row]:
    """The list ``data`` with one to a hundred objects."""
    if "data" not in body:
        raise missing_in_body("$.data")
    data = body["data"]
    if not isinstance(data, list):
        raise invalid_body("$.data", "jsonarray")
    if not data:
        raise invalid_body("$.data", "jsonarray")
    if len(data) > RECORDS_LIMIT:
        message = "count of records in your request exceeds the limit"
        details = {"maximum_length": RECORDS_LIMIT, "api_name": "data"}
        raise too_many(message, details)
    for position, item in enumerate(data):
        if not isinstance(item, dict):
            raise invalid_body(f"$.data[{position}]", "jsonobject")
    return data


def too_many(message: str, details: Row) -> ZohoError:
    """More records than one call takes."""
    return flat(400, "LIMIT_EXCEEDED", message, details)


def record_price(request: Request, body: bytes) -> int:
    """One credit for each ten records begun (LIM)."""
    return max(1, math.ceil(_count(body) / RECORDS_PER_CREDIT))


def record_weight(request: Request, body: bytes) -> Weight:
    """More than ten records make a call heavy (LIM)."""
    return Weight.HEAVY if _count(body) > MANY_RECORDS else Weight.LIGHT


def _count(body: bytes) -> int:
    try:
        data = json.loads(body).get("data")
    except (ValueError, AttributeError):
        return 0
    return len(data) if isinstance(data, list) else 0
