"""The Singer SDK's standard suite, against the real simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from support.zoho import zoho_settings

from ml_sandbox.testing import running_sandbox
from tap_zoho_crm.tap import TapZohoCrm

CONFIG: dict[str, Any] = {}


@pytest.fixture(scope="module", autouse=True)
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with running_sandbox() as running:
        control = running.control
        stamp = "2026-11-20T10:11:12+00:00"
        (account,) = control.put_rows("zoho", "Accounts", [{"Account_Name": "A", "Modified_Time": stamp}])
        contact = {"Last_Name": "Doe", "Account_Name": {"id": account["id"]}, "Modified_Time": stamp}
        control.put_rows("zoho", "Contacts", [contact])
        control.put_rows("zoho", "modules", [{"api_name": "Links", "timestamps": False}])
        control.put_rows("zoho", "Links", [{"Name": "Link"}])
        folder: Path = tmp_path_factory.mktemp("zoho")
        CONFIG.update(zoho_settings(running, folder))
        CONFIG["modules"] = ["Accounts", "Contacts", "Links"]
        yield


_Suite = get_tap_test_class(
    TapZohoCrm,
    config=CONFIG,
    suite_config=SuiteConfig(max_records_limit=20),
)


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
