"""Query parameters that several calls share."""

from starlette.requests import Request

from ml_sandbox.zoho.errors import invalid_param


def positive(request: Request, name: str, default: int) -> int:
    """A whole number from 1; 400 when it is none."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) < 1:
        raise invalid_param(name, expected_data_type="integer")
    return int(text)
