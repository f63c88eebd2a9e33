"""The Singer SDK's standard suite, against the real simulator.

The suite is made of the streams that the tap finds, so the simulator is there before the tests are collected.
"""

from __future__ import annotations

import atexit
import contextlib
import tempfile
from pathlib import Path
from typing import Any

from fixtures.sandboxes import running_sandbox
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from support.zoho import zoho_settings

from tap_zoho_crm.tap import TapZohoCrm


def _served() -> dict[str, Any]:
    """Serve a sandbox for as long as this process lives; gives the tap's settings."""
    stack = contextlib.ExitStack()
    running = stack.enter_context(running_sandbox())
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    # Registered last, it comes first: before Python itself takes the folder away, and says so.
    atexit.register(stack.close)
    control = running.control
    stamp = "2026-11-20T10:11:12+00:00"
    figures = {"Employees": 12, "Annual_Revenue": 2.5, "Credit_Limit": 15000}
    row = {"Account_Name": "A", "Modified_Time": stamp, **figures}
    (account,) = control.put_rows("zoho", "Accounts", [row])
    contact = {"Last_Name": "Doe", "Account_Name": {"id": account["id"]}, "Modified_Time": stamp}
    control.put_rows("zoho", "Contacts", [contact])
    control.put_rows("zoho", "modules", [{"api_name": "Links", "timestamps": False}])
    control.put_rows("zoho", "Links", [{"Name": "Link"}])
    modules = ["Accounts", "Contacts", "Links"]
    # No record has the field of deleted ones, which the suite takes for a mistake.
    return {**zoho_settings(running, folder), "modules": modules, "deleted_records": False}


_Suite = get_tap_test_class(TapZohoCrm, config=_served(), suite_config=SuiteConfig(max_records_limit=20))


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
