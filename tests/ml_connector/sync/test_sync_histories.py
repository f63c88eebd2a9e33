"""Random two-way histories come out clean, and every rule taken out makes some of them dirty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fixtures.postgres import PostgresServer
from sync_support.histories import History, Scenario
from sync_support.vendor import VendorObject

from ml_connector.ledger import Digester, Ledger, Side
from ml_connector.sync import Engine, Incoming, Policies, WriteResult
from ml_connector.sync.merge import Merged, Merger
from ml_connector.sync.plan import Plan, Planner
from ml_connector.sync.settle import Settler

SEEDS = 2  # of 100 records each, every one with a history of its own
MUTANT_SEEDS = 12  # tried until one is dirty

SCENARIOS = {
    "edits": Scenario("a"),
    "edits, b wins": Scenario("b"),
    "deaths": Scenario("a", deaths=True),
    "deaths, b wins": Scenario("b", deaths=True),
    "stale rows": Scenario("a", stale=True),
    "stale rows, b wins": Scenario("b", stale=True),
    "ledger lost": Scenario("a", loss=True),
    "ledger lost, b wins": Scenario("b", loss=True),
    "all at once": Scenario("a", deaths=True, stale=True, loss=True),
    "all at once, b wins": Scenario("b", deaths=True, stale=True, loss=True),
    "few values": Scenario("a", few=True),
    "held": Scenario("hold"),
    "few values, b wins": Scenario("b", few=True),
    "conflicts held": Scenario("hold", few=True, deaths=True, stale=True),
    "taps tell no time": Scenario("a", deaths=True, stale=True, clock=False),
    "answers tell nothing": Scenario("a", deaths=True, stale=True, tells=False),
    "answers tell nothing, b wins": Scenario("b", deaths=True, stale=True, tells=False),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_histories_are_clean(ledger: Ledger, name: str) -> None:
    wrong = {seed: History(ledger, seed, SCENARIOS[name]).play() for seed in range(SEEDS)}
    assert {seed: found for seed, found in wrong.items() if found} == {}


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["all at once", "conflicts held"])
def test_histories_are_clean_on_postgresql(postgres: PostgresServer, name: str) -> None:
    ledger = Ledger(postgres.new_database())
    try:
        assert History(ledger, 1, SCENARIOS[name]).play() == {}
    finally:
        ledger.close()


# Rules, each taken out


class NoRecovery(Engine):
    """The journal of a dead run is not looked at."""

    def recover(self) -> None:
        return


class NoDoubts(Engine):
    """What the other direction left open is not looked at."""

    def recover(self) -> None:
        super().recover()
        self._doubts = None


class NoGuard(Engine):
    """Rows that were read before our last write count."""

    class planner(Planner):  # noqa: N801
        def is_stale(self, record: Incoming, side: Side | None) -> bool:
            return False


class ClockGuard(Engine):
    """Rows are stale by this machine's clock alone, as if versions said nothing."""

    class planner(Planner):  # noqa: N801
        def is_stale(self, record: Incoming, side: Side | None) -> bool:
            if side is None:
                return False
            return super().is_stale(record, replace(side, version=None, written_version=None))


def with_merger(merger: type[Merger]) -> type[Engine]:
    class OwnPlanner(Planner):
        def make_merger(self, policies: Policies, digester: Digester) -> Merger:
            return merger(self.spec, policies, digester)

    return type(merger.__name__, (Engine,), {"planner": OwnPlanner})


class KeepsLoser(Merger):
    """The loser's write of a conflict leaves the winner's digest where it is."""

    def merge(self, *arguments: Any) -> Merged:
        merged = super().merge(*arguments)
        merged.drop.clear()
        return merged


class TellsNothing(Merger):
    """What the policies decided is told to nobody."""

    def merge(self, *arguments: Any) -> Merged:
        merged = super().merge(*arguments)
        merged.decided.clear()
        return merged


class SettlesAll(Merger):
    """The source's snapshot moves also for fields that were not settled."""

    def _move_source(self, incoming: Incoming, merged: Merged) -> None:
        merged.unsettled.clear()
        super()._move_source(incoming, merged)


class ForgetsWrites(Engine):
    """What we wrote is not known in the written side's snapshot, so that its return is news."""

    def make_settler(self, planner: Planner) -> Settler:
        class OwnSettler(Settler):
            def move(self, plan: Plan, source: Side, target: Side, result: WriteResult | None) -> None:
                before = dict(target.snapshot)
                super().move(plan, source, target, result)
                for name in plan.merged.write:
                    known = f"{self.planner.spec.name}.{name}"
                    target.snapshot.pop(known, None)
                    target.snapshot.update({known: before[known]} if known in before else {})

        return OwnSettler(self._scope, planner)


class BothSpeakFirst(Engine):
    """At first contact either direction writes, whatever the authority."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._policies.source_speaks_first = lambda *names: True  # type: ignore[method-assign]


class ReadsNothing(Engine):
    """Changed fields are written over whatever the target holds by now."""

    class planner(Planner):  # noqa: N801
        def _must_read(self, plan: Plan) -> bool:
            return False


MUTANTS: dict[str, tuple[Callable[..., Engine], Scenario]] = {
    "no recovery": (NoRecovery, Scenario("a", deaths=True)),
    "no recovery, b wins": (NoRecovery, Scenario("b", deaths=True)),
    "no look at the other journal": (NoDoubts, Scenario("b", deaths=True)),
    "no guard against stale rows": (NoGuard, Scenario("a", stale=True)),
    "guard by clock alone": (ClockGuard, Scenario("a", stale=True, clock=False)),
    "the loser's digest stays": (with_merger(KeepsLoser), Scenario("b", few=True)),
    "decisions are not told": (with_merger(TellsNothing), Scenario("b")),
    "writes are not remembered": (ForgetsWrites, Scenario("a")),
    "no authority at first contact": (BothSpeakFirst, Scenario("b", loss=True)),
    "unsettled fields move": (with_merger(SettlesAll), Scenario("hold")),
    "targets are not read": (ReadsNothing, Scenario("b")),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_rule_taken_out_makes_histories_dirty(ledger: Ledger, name: str) -> None:
    make_engine, scenario = MUTANTS[name]
    for seed in range(MUTANT_SEEDS):
        if History(ledger, seed, scenario, make_engine).play():
            assert History(ledger, seed, scenario).play() == {}, "with the rule it is clean"
            return
    pytest.fail(f"{MUTANT_SEEDS} histories are clean without this rule")


def test_vendor_really_cuts_and_counts() -> None:
    """The judge of the histories: a vendor that stored everything as it is would prove nothing."""
    from sync_support.histories import CONTACTS, cut

    vendor = VendorObject(CONTACTS, forms={"title": cut})
    key = vendor.add(no=1, prio="high", title="longer-than-six")
    assert vendor.rows[key]["title"] == "longer"
    before = vendor.versions[key]
    vendor.edit(key, title="x")
    assert vendor.versions[key] > before
