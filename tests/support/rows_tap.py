"""A small tap on a JSON file, with what the library gives to all taps."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from singer_sdk import Stream

from ml_connector.errors import SystemFault
from ml_connector.settings import Setting
from ml_connector.singer.deletes import DELETE_SETTINGS
from ml_connector.singer.stream import Batch, ConnectorStream
from ml_connector.singer.tap import ConnectorTap
from ml_connector.singer.windows import WINDOW_SETTINGS, Window

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": ["string", "null"]},
        "changed": {"type": ["string", "null"], "format": "date-time"},
    },
}


class Rows(ConnectorStream):
    """Rows of a JSON file, read as it is at that moment; `fault` among them ends the reading."""

    name = "rows"
    primary_keys: ClassVar[tuple[str, ...]] = ("id",)
    replication_key: str | None = "changed"
    schema: ClassVar[dict[str, Any]] = SCHEMA

    def read(self, window: Window) -> Iterator[Batch]:
        start = window.start.isoformat() if window.start else ""
        end = window.end.isoformat() if window.end else "9"
        for row in self.rows():
            if start <= row["changed"] <= end:
                yield Batch([row], dt.datetime.now(dt.UTC))

    def rows(self) -> Iterator[dict[str, Any]]:
        for row in json.loads(Path(self.config["file"]).read_text()):
            if row == "fault":
                raise SystemFault("The source fails here.")
            yield row


class Keys(Rows):
    """The same, which can list its keys for less."""

    def read_keys(self) -> Iterator[Batch]:
        for row in self.rows():
            yield Batch([{"id": row["id"]}, {"id": row["id"]}], dt.datetime.now(dt.UTC))


class Faults(Rows):
    """Rows that say nothing of what exists."""

    name = "faults"
    finds_deletes = False


class Whole(Rows):
    """The same rows without a time of change."""

    name = "whole"
    replication_key = None
    schema: ClassVar[dict[str, Any]] = SCHEMA

    def read(self, window: Window) -> Iterator[Batch]:
        yield Batch(list(self.rows()), dt.datetime.now(dt.UTC))


class TapRows(ConnectorTap):
    name = "tap-rows"
    settings = (Setting("file", "The rows.", required=True), *WINDOW_SETTINGS, *DELETE_SETTINGS)

    def discover_streams(self) -> list[Stream]:
        return [Keys(self)]


class TapWhole(TapRows):
    name = "tap-whole"

    def discover_streams(self) -> list[Stream]:
        return [Whole(self), Faults(self)]


def put(file: Path, *numbers: int, fault: bool = False) -> None:
    rows: list[Any] = [
        {"id": number, "name": f"n{number}", "changed": "2026-11-01T00:00:00+00:00"} for number in numbers
    ]
    file.write_text(json.dumps([*rows, "fault"] if fault else rows))
