"""JSON of answers with every number as it was written: fractions as Decimal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from requests import Response

from ml_connector import http
from ml_connector.vendors.zoho.faults import SYSTEM


def json_of(response: Response) -> Any:
    """The parsed body, fractions as Decimal; see `ml_connector.http.json_of` for what is no JSON."""
    try:
        return json.loads(response.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return http.json_of(response, SYSTEM)
