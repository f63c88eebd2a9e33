"""What clients of others ask of Talk, the telephone: an account that has no number."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ml_sandbox.zendesk.operations import STAFF, Operation


def talk_operations() -> list[Operation]:
    """What is served."""
    path = "/api/v2/channels/voice/phone_numbers"
    return [Operation("GET", path, phone_numbers, "", STAFF, ("minimal_mode", "page", "per_page"))]


async def phone_numbers(_request: Request) -> Response:
    """None."""
    return JSONResponse({"phone_numbers": [], "next_page": None, "previous_page": None, "count": 0})
