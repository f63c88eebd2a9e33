"""Both directions of an integration run under the same policies."""

from __future__ import annotations

import pytest

from ml_connector.errors import SystemFault
from ml_connector.ledger import Ledger


def declare(ledger: Ledger, declared_by: str, digest: str) -> None:
    with ledger.write("i", declared_by) as tx:
        tx.policies.declare(declared_by, digest, "{}")


def test_both_directions_may_change_together(ledger: Ledger) -> None:
    for digest in ("one", "two"):
        declare(ledger, "jde", digest)
        declare(ledger, "zoho", digest)
        declare(ledger, "jde", digest)


def test_the_direction_that_was_forgotten_is_refused(ledger: Ledger) -> None:
    declare(ledger, "jde", "one")
    declare(ledger, "zoho", "one")
    declare(ledger, "jde", "two")
    with pytest.raises(
        SystemFault, match="writes to zoho has other policies than the one that writes to jde"
    ):
        declare(ledger, "zoho", "one")


def test_a_direction_that_runs_first_with_others_is_refused(ledger: Ledger) -> None:
    declare(ledger, "jde", "one")
    with pytest.raises(SystemFault, match="YAML anchor"):
        declare(ledger, "zoho", "two")
