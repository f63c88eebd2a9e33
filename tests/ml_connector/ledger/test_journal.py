"""What is about to be sent, and what is sent."""

from __future__ import annotations

from ml_connector.ledger import Entry, JournalBody, Ledger


def entry(identity: str) -> Entry:
    body = JournalBody(
        route_id=1,
        raw_key=identity,
        digest=b"\x00\xff",
        version="v",
        fields={"name": b"12345678"},
        behind={"name": ["customers.NAME"]},
        source={"customers.NAME": b"87654321"},
        lookup="x-1",
    )
    return Entry("create", "organizations", None, identity, body)


def test_entries_stay_open_until_they_are_closed(ledger: Ledger) -> None:
    entries = [entry(str(number)) for number in range(5)]
    with ledger.write("i", "t") as tx:
        tx.journal.intend(3, entries)
        tx.journal.intend(3, [])
    assert [one.id for one in entries] == sorted({one.id for one in entries})
    with ledger.write("i", "t") as tx:
        tx.journal.sent([entries[1].id, entries[2].id], "job-7")
        tx.journal.close([entries[0].id])
    with ledger.read("i", "t") as tx:
        found = tx.journal.open_entries()
    assert [one.identity for one in found] == ["1", "2", "3", "4"]
    assert [one.status for one in found] == ["sent", "sent", "intent", "intent"]
    assert [one.reference for one in found] == ["job-7", "job-7", None, None]
    assert found[0].body == entries[1].body
    assert found[0].run_id == 3
    assert found[0].intended_at <= (found[0].sent_at or 0)


def test_each_system_has_its_own_journal(ledger: Ledger) -> None:
    with ledger.write("i", "t") as tx:
        tx.journal.intend(1, [entry("1")])
    with ledger.read("i", "other") as tx:
        assert tx.journal.open_entries() == []
    with ledger.read("other", "t") as tx:
        assert tx.journal.open_entries() == []


def test_what_a_failed_transaction_intended_is_not_open(ledger: Ledger) -> None:
    try:
        with ledger.write("i", "t") as tx:
            tx.journal.intend(1, [entry("1")])
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with ledger.read("i", "t") as tx:
        assert tx.journal.open_entries() == []
