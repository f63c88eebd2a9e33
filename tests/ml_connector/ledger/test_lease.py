"""One run per integration at a time, over real processes."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from ml_connector.errors import LeaseHeld
from ml_connector.ledger import LeaseLost, Ledger

HOLD = """
import sys
from ml_connector.ledger import Ledger
with Ledger(sys.argv[1]).lease(sys.argv[2], plugin="target-x", wait_seconds=float(sys.argv[3])) as lease:
    print(lease.number, flush=True)
    sys.stdin.readline()
"""


class Holder:
    """Another process that takes a lease and holds it until it is told or killed."""

    def __init__(self, url: str, integration: str, wait_seconds: float = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, url, integration, str(wait_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def number(self) -> int:
        """The number of its grant; blocks until it was granted."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def end(self) -> None:
        self.process.communicate("\n", timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextlib.contextmanager
def held(url: str, integration: str) -> Iterator[Holder]:
    holder = Holder(url, integration)
    try:
        holder.number()
        yield holder
    finally:
        holder.kill()


def test_a_second_run_is_told_who_holds_the_lease(ledger: Ledger, ledger_url: str) -> None:
    with held(ledger_url, "a") as holder:
        with pytest.raises(LeaseHeld) as caught, ledger.lease("a", plugin="me"):
            pass
        assert f"target-x (process {holder.process.pid} on " in str(caught.value)
        with ledger.lease("b", plugin="me") as other:
            assert other.number == 1


def test_two_leases_of_one_process_exclude_each_other(ledger: Ledger) -> None:
    with ledger.lease("a", plugin="one"), pytest.raises(LeaseHeld), ledger.lease("a", plugin="two"):
        pass


def test_a_killed_holder_frees_the_lease_and_numbers_rise(ledger: Ledger, ledger_url: str) -> None:
    with ledger.lease("a", plugin="me") as first:
        pass
    with held(ledger_url, "a") as holder:
        holder.kill()
        with ledger.lease("a", plugin="me", wait_seconds=10) as third:
            assert (first.number, third.number) == (1, 3)


def test_who_waits_gets_the_lease_when_it_is_free(ledger: Ledger, ledger_url: str) -> None:
    with ledger.lease("a", plugin="me"):
        waiting = Holder(ledger_url, "a", wait_seconds=60)
    assert waiting.number() == 2
    waiting.end()


def test_who_lost_the_lease_commits_nothing(ledger: Ledger) -> None:
    with ledger.lease("a", plugin="sleeper") as lost:
        with ledger.engine.begin() as connection:  # what another machine's grant would have done
            connection.execute(text("UPDATE lease SET grant_no = grant_no + 1, holder = 'the next'"))
        with pytest.raises(LeaseLost, match="went to the next"), ledger.write("a", "t", lease=lost) as tx:
            tx.runs.start("a", "sleeper", dry=False)
        with ledger.read() as tx:
            assert tx.runs.latest() == []


@pytest.mark.postgres
@pytest.mark.parametrize("ledger_url", ["postgres"], indirect=True)
def test_a_broken_session_frees_the_lease_and_fences_its_holder(ledger: Ledger, ledger_url: str) -> None:
    with ledger.lease("a", plugin="cut off") as lost:
        with ledger.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        lost_now = pytest.raises(LeaseLost, match="target-x")
        with held(ledger_url, "a"), lost_now, ledger.write("a", "t", lease=lost):
            pass


def test_writes_under_the_lease_are_committed(ledger: Ledger) -> None:
    with ledger.lease("a", plugin="me") as lease, ledger.write("a", "t", lease=lease) as tx:
        tx.runs.start("a", "me", dry=False)
    with ledger.read() as tx:
        assert len(tx.runs.latest()) == 1
