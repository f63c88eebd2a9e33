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
from support.oro import LONG_AGO, case, oro_settings, people, put

from tap_oro_crm.tap import TapOroCrm


def _served() -> dict[str, Any]:
    """Serve a sandbox for as long as this process lives; gives the tap's settings."""
    stack = contextlib.ExitStack()
    running = stack.enter_context(running_sandbox(settings={"oro.bundle": True}))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    # Registered last, it comes first: before Python itself takes the folder away, and says so.
    atexit.register(stack.close)
    jerry, _ = people(running)
    counts = dict.fromkeys(("timesContacted", "timesContactedIn", "timesContactedOut"), 1)
    put(running, "contacts", {"id": jerry, **counts})
    put(running, "users", {"id": "20", "loginCount": 1})
    (account,) = put(running, "accounts", {"name": "Acme"})
    links = {"relatedContact": jerry, "relatedAccount": account["id"], "assignedTo": "20"}
    (kept,) = put(running, "cases", case(**links, updatedAt=LONG_AGO, closedAt=LONG_AGO))
    put(running, "casecomments", {"message": "M", "case": kept["id"], "contact": jerry})
    (user,) = put(running, "zendeskusers", {"originId": "1", "name": "Z", "role": "agent"})
    (ticket,) = put(running, "zendesktickets", {"originId": "2", "requester": user["id"]})
    put(running, "zendeskticketcomments", {"originId": "3", "ticket": ticket["id"]})
    return oro_settings(running, folder)


_Suite = get_tap_test_class(
    TapOroCrm,
    config=_served(),
    suite_config=SuiteConfig(max_records_limit=20, ignore_no_records_for_streams=[]),
)


class TestStandardSuite(_Suite):  # type: ignore[misc, valid-type]  # the SDK makes the class at run time
    """Every case; none is left out."""
