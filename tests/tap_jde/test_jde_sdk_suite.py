"""The Singer SDK's standard suite, against the real simulator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from support import jde_world

from ml_connector.vendors.jde.catalog import TABLES
from ml_sandbox.jde import seed
from tap_jde.base import JdeStream
from tap_jde.tap import TapJde

STREAMS = ("suppliers", "contacts", "f0116")
CONFIG: dict[str, Any] = {
    "base_url": "http://127.0.0.1:9",
    "username": seed.USERNAME,
    "password": seed.PASSWORD,
    "environment": seed.ENVIRONMENT,
    "server_timezone": "America/Denver",
}


@pytest.fixture(scope="module", autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    tokens: Path = tmp_path_factory.mktemp("tokens")
    with running_sandbox() as running:
        jde_world.fill(running.control, jde_world.day(running.control, -30))
        for name, table in TABLES.items():
            # The suite wants a value in every field.
            full = {"DATE": "2026-01-02", "INSTANT": "2026-01-02T03:04:05", "INTEGER": 1, "NUMBER": 1}
            row = {column.name: full.get(column.kind.name, "1") for column in table.columns}
            row |= {"ETP": "E", "PHTP": "FAX", "CO": "00000", "IDLN": 0, "CNLN": 0} if "IDLN" in row else {}
            row = {column: row[column] for column in row if column in {each.name for each in table.columns}}
            running.control.put_rows("jde", name, [row])
        CONFIG.update(base_url=f"{running.url}/jde", token_store=str(tokens))
        yield


class FewStreams(TapJde):
    """The tap with a business stream of each shape and a raw one with dates and one without in its key."""

    def discover_streams(self) -> Sequence[JdeStream]:
        return [stream for stream in super().discover_streams() if stream.name in STREAMS]


_Suite = get_tap_test_class(
    FewStreams,
    config=CONFIG,
    suite_config=SuiteConfig(max_records_limit=20, ignore_no_records=False),
    catalog=jde_world.catalog_of(*STREAMS),
)


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
