"""A gateway whose WADL and answers a test decides."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Sequence
from typing import Any

from support.scripted_server import Answer, Received

_NAMESPACE = "http://wadl.dev.java.net/2009/02"


def wadl(*resources: tuple[str, str, Sequence[str]]) -> str:
    """A WADL of operations, each with its method and the names of its query parameters."""
    written = "".join(
        f'<resource path="{path}/"><method id="{path}" name="{method}"><request>'
        + "".join(f'<param name="{name}" style="query" type="xsd:string"/>' for name in names)
        + "</request></method></resource>"
        for path, method, names in resources
    )
    return f'<application xmlns="{_NAMESPACE}"><resources base="x">{written}</resources></application>'


class ScriptedGateway:
    """Answers `?WADL` with one text, and each GET of an operation with the same rows."""

    def __init__(self, description: str | None, rows: list[dict[str, Any]]) -> None:
        self.description = description
        self.rows = rows
        self.reads: list[tuple[str, dict[str, str]]] = []
        self.descriptions = 0

    def __call__(self, received: Received) -> Answer:
        path, _, query = received.path.partition("?")
        if query == "WADL":
            self.descriptions += 1
            return Answer(404) if self.description is None else Answer(200, self.description)
        given = dict(urllib.parse.parse_qsl(query))
        self.reads.append((path.rstrip("/").rpartition("/")[2], given))
        return Answer(200, json.dumps({"OutputParameters": {"value": self.rows}}))

    @property
    def last(self) -> dict[str, str]:
        """The query parameters of the last read."""
        return self.reads[-1][1]
