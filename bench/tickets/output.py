"""What a tap wrote: how many records, and how many different ones of each stream."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Output:
    """Records in all, and the ids of each stream."""

    records: int = 0
    ids: dict[str, set[object]] = field(default_factory=dict)

    def different(self, stream: str) -> int:
        """Records of a stream, each once."""
        return len(self.ids.get(stream, ()))

    def right(self, expected: Mapping[str, set[int]]) -> int:
        """How many of the expected ids came."""
        return sum(len(ids & self.ids.get(stream, set())) for stream, ids in expected.items())


def read(path: Path) -> Output:
    """Read a file of Singer messages."""
    output = Output()
    with path.open("rb") as lines:
        for line in lines:
            message = json.loads(line)
            if message["type"] == "RECORD":
                output.records += 1
                output.ids.setdefault(message["stream"], set()).add(message["record"]["id"])
    return output
