"""Runs, pauses, the audit trail, pruning and forgetting."""

from __future__ import annotations

import os
import time

from sqlalchemy import text

from ml_connector.ledger import AuditRow, Ledger, Letter, LetterFilter, Seen, Side


def test_a_run_beats_and_ends(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        number = tx.runs.start("i", "target-t", dry=True)
    with ledger.write("i", "t") as tx:
        tx.runs.beat(number, {"read": 5})
    with ledger.read() as tx:
        [run] = tx.runs.latest(running=True)
    assert (run.id, run.dry, run.pid, run.summary) == (number, True, os.getpid(), {"read": 5})
    assert (run.ended_at, run.exit_code) == (None, None)
    with ledger.write("i", "t") as tx:
        tx.runs.end(number, 3, "too many rejected", {"read": 6})
    with ledger.read() as tx:
        assert tx.runs.latest(running=True) == []
        [run] = tx.runs.latest(integration="i")
    assert (run.exit_code, run.reason, run.summary) == (3, "too many rejected", {"read": 6})


def test_a_run_that_never_ended_died_when_the_next_starts(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        tx.runs.start("i", "target-t", dry=False)
        other = tx.runs.start("i", "target-other", dry=False)
        tx.runs.start("i", "target-t", dry=False)
    with ledger.read() as tx:
        newest, kept, died = tx.runs.latest()
    assert (died.reason, died.ended_at) == ("died", died.beat_at)
    assert (kept.id, kept.ended_at, newest.ended_at) == (other, None, None)


def test_runs_are_listed_newest_first_and_by_integration(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        for integration in ("a", "b", "a"):
            tx.runs.start(integration, "p", dry=False)
    with ledger.read() as tx:
        assert [run.id for run in tx.runs.latest(limit=2)] == [3, 2]
        assert [run.id for run in tx.runs.latest(integration="a")] == [3, 1]


def test_pauses_hold_until_resumed(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        assert tx.runs.paused("i", default=False)[0] is False
        assert tx.runs.paused("i", default=True) == (True, "a new integration starts paused")
        tx.runs.pause("i", "moving house")
        assert tx.runs.paused("i", default=False) == (True, "moving house")
        tx.runs.resume("i")
        assert tx.runs.paused("i", default=True)[0] is False
        assert [row["integration"] for row in tx.runs.pauses()] == ["i"]


def row(source: str, target: str | None = None, outcome: str = "updated") -> AuditRow:
    return AuditRow("customers", "organizations", source, outcome, target_key=target, fields={"name": "ab12"})


def test_the_history_of_a_record_is_found_from_both_sides(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        tx.runs.audit(1, "i", [row("1", outcome="rejected"), row("1", "A", "created"), row("2", "B")])
        tx.runs.audit(2, "j", [row("1")])
        tx.runs.audit(2, "j", [])
    with ledger.read() as tx:
        assert [found.outcome for found in tx.runs.history("1", integration="i")] == ["rejected", "created"]
        assert [found.outcome for found in tx.runs.history("A")] == ["created"]
        assert [found.integration for found in tx.runs.history("1")] == ["i", "i", "j"]
        assert [found.outcome for found in tx.runs.history("1", limit=1)] == ["updated"]
    assert found_fields(ledger) == {"name": "ab12"}


def found_fields(ledger: Ledger) -> dict[str, str]:
    with ledger.read() as tx:
        return tx.runs.history("A")[0].fields


def test_the_rows_of_one_run_are_read_in_order(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        tx.runs.audit(1, "i", [row("1"), row("2")])
        tx.runs.audit(2, "i", [row("3")])
        assert [found.source_key for found in tx.runs.rows_of(1)] == ["1", "2"]
        assert [found.source_key for found in tx.runs.rows_of(1, limit=1)] == ["1"]


def write_letter(ledger: Ledger, key: str, run_id: int = 1) -> int:
    with ledger.write("i", "t") as tx:
        route = tx.seen.route("i", "s", "customers", "t", "organizations")
        schema = {"type": "SCHEMA", "stream": "customers", "key": key}
        [number] = tx.letters.write(
            run_id,
            [Letter(route.id, "customers", "organizations", key, "vendor", "why", {"id": key}, b"d", schema)],
        )
        tx.seen.settle([(route, key, Seen(rejected=b"d"))])
    return number


def count(ledger: Ledger, table: str) -> int:
    with ledger.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_pruning_keeps_what_is_open_and_what_is_young(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        for _ in range(3):
            number = tx.runs.start("i", "p", dry=False)
            tx.runs.end(number, 0, None, {})
        tx.runs.audit(1, "i", [row("1")])
    closed, still_open = write_letter(ledger, "1", run_id=1), write_letter(ledger, "2", run_id=2)
    with ledger.write("i", "t") as tx:
        tx.letters.close_ids([closed], "discarded")
        assert tx.runs.prune(before=time.time() - 60) == {"audit": 0, "letters": 0, "runs": 0}
        assert tx.runs.prune(before=time.time() + 60) == {"audit": 1, "letters": 1, "runs": 2}
        assert [run.id for run in tx.runs.latest()] == [2]
        assert [found.id for found in tx.letters.select(LetterFilter())] == [still_open]
    assert count(ledger, "schema") == 1


def fill(ledger: Ledger, integration: str = "i") -> None:
    with ledger.write(integration, "t") as tx:
        route = tx.seen.route(integration, "s", "customers", "t", "organizations")
        link = tx.links.create(
            {"s": Side("customers", "1", "organizations"), "t": Side("organizations", "A", "customers")}
        )
        tx.seen.settle([(route, '["1"]', Seen(b"d", link_id=link.id))])
        tx.match_keys.put("organizations", [("A", "email", b"x")])
        tx.runs.audit(1, integration, [row("1", "A"), row("2", "B")])


def test_a_person_is_forgotten_on_both_sides(ledger: Ledger) -> None:
    write_letter(ledger, '["1"]')
    write_letter(ledger, "2")
    fill(ledger)
    fill(ledger, "another")
    with ledger.write("i", "t") as tx:
        counts = tx.runs.forget("A", integration="i")
    assert counts == {"letters": 1, "audit": 1, "keys": 1, "seen": 1, "links": 1}
    assert {name: count(ledger, name) for name in ("link", "side", "match_key", "audit", "letter")} == {
        "link": 1,
        "side": 2,
        "match_key": 1,
        "audit": 3,
        "letter": 1,
    }
    with ledger.write("", "") as tx:
        assert tx.runs.forget("nobody") == {"letters": 0, "audit": 0, "keys": 0, "seen": 0, "links": 0}


def test_a_person_who_was_never_linked_is_forgotten_too(ledger: Ledger) -> None:
    write_letter(ledger, "erika@example.com")
    with ledger.write("", "") as tx:
        counts = tx.runs.forget("erika@example.com")
    assert (counts["letters"], counts["seen"]) == (1, 1)
    assert count(ledger, "seen") == 0
