"""The Singer SDK's standard suite, against the real simulator; every stream is selected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from tap_oracle_ebs.streams.customers import CustomersStream
from tap_oracle_ebs.tap import TapOracleEbs

CONFIG: dict[str, Any] = {
    "base_url": "http://127.0.0.1:9",
    "username": "ML_EXTRACT",
    "password": "extract-1",
    "auth_mode": "basic",
    "alias": "mlread",
    "access": "plsql",
    "stream_access": {"customers": "rest_get"},
    "aliases": dict.fromkeys(CustomersStream.tables, "custtables"),
    "responsibility": "ML_CONNECTOR_INQUIRY",
    "responsibility_application": "AR",
    "server_timezone": "America/New_York",
}
# What the generated business does not have.
ROWS: dict[str, dict[str, Any]] = {
    "AP_CHECKS_ALL": {
        "CHECK_ID": 1,
        "CHECK_NUMBER": 100,
        "CHECK_DATE": "2026-11-18T00:00:00",
        "VOID_DATE": "2026-11-19T00:00:00",
        "AMOUNT": 12.5,
        "ORG_ID": 204,
    },
    "AP_INVOICE_PAYMENTS_ALL": {
        "INVOICE_PAYMENT_ID": 1,
        "INVOICE_ID": 1,
        "CHECK_ID": 1,
        "AMOUNT": 12.5,
        "ORG_ID": 204,
    },
    "GL_DAILY_RATES": {
        "FROM_CURRENCY": "EUR",
        "TO_CURRENCY": "USD",
        "CONVERSION_DATE": "2026-11-20T00:00:00",
        "CONVERSION_TYPE": "Corporate",
        "CONVERSION_RATE": 1.1,
    },
}


@pytest.fixture(scope="module", autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    tokens: Path = tmp_path_factory.mktemp("tokens")
    with running_sandbox(customers=30, seed=5) as running:
        for table, row in ROWS.items():
            running.control.put_rows("ebs", table, [{**row, "LAST_UPDATE_DATE": "2026-11-19T10:11:12"}])
        CONFIG.update(base_url=f"{running.url}/ebs", token_store=str(tokens))
        yield


def _everything() -> dict[str, Any]:
    catalog: dict[str, Any] = TapOracleEbs(config=CONFIG).catalog_dict
    for stream in catalog["streams"]:
        for entry in stream["metadata"]:
            if not entry["breadcrumb"]:
                entry["metadata"]["selected"] = True
    return catalog


_Suite = get_tap_test_class(
    TapOracleEbs, config=CONFIG, suite_config=SuiteConfig(max_records_limit=20), catalog=_everything()
)


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
