"""The SDK's own suite of tests for taps, on a ledger with letters."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fixtures.letters import add_letter, schema
from singer_sdk.testing import SuiteConfig, get_tap_test_class

from ml_connector.ledger import Ledger
from ml_connector.letters.tap import TapDeadLetters

# The suite wants a configuration when it is made, before any fixture could give one.
_folder = tempfile.TemporaryDirectory(prefix="ml-letters-")
_URL = f"sqlite:///{Path(_folder.name) / 'ledger.db'}"


def _fill() -> None:
    ledger = Ledger(_URL)
    for number in range(3):
        raw = {"id": number, "name": f"n{number}", "updated": "2026-11-20T10:00:00Z"}
        add_letter(ledger, raw)
        add_letter(ledger, raw, stream="sites", schema=schema("sites"))
    ledger.close()


_fill()

TestTapDeadLetters = get_tap_test_class(
    TapDeadLetters,
    config={"integration": "ebs-zendesk", "ledger_url": _URL},
    suite_config=SuiteConfig(max_records_limit=10),
)
