"""Scans: who is missing among those that are linked, in both databases."""

from __future__ import annotations

from sqlalchemy import func, select

from ml_connector.ledger import Absence, Ledger, Link, Route, Seen, Side, Transaction, tables

GONE = b"gone"


def make_route(tx: Transaction, stream: str = "customers") -> Route:
    return tx.seen.route("i", "ebs", stream, "zendesk", "organizations")


def add(tx: Transaction, route: Route, key: str, *, stream: str = "customers", **known: bytes) -> Link:
    sides = {
        "ebs": Side(stream, f"A{key}", "organizations"),
        "zendesk": Side("organizations", f"z{key}", stream),
    }
    link = tx.links.create(sides)
    digest, rejected = known.get("digest", b"d"), known.get("rejected")
    tx.seen.settle([(route, key, Seen(digest, "v", link.id, rejected))])
    return link


def lost(tx: Transaction, route: Route, *, again: bool = True) -> list[str]:
    found, last = [], ""
    absence = Absence(route, GONE, again)
    while piece := tx.scans.lost_links(absence, last):
        found += [each.raw_key for each in piece]
        last = piece[-1].raw_key
    assert len(found) == tx.scans.lost(absence)
    return found


def test_only_links_in_use_of_the_own_stream_are_missed(ledger: Ledger) -> None:
    with ledger.write("i", "zendesk") as tx:
        route, other = make_route(tx), make_route(tx, "summaries")
        for key in ("1", "2", "3", "5"):
            add(tx, route, key)
        marked = add(tx, route, "4")
        tx.links.set_mark(marked.id, "deleted")
        foreign = add(tx, other, "6", stream="summaries")
        tx.seen.settle([(route, "6", Seen(b"d", None, foreign.id)), (route, "7", Seen(b"d"))])
        tx.seen.settle([(other, "1", Seen(b"d"))])
        assert tx.scans.begin(route.id, 10, 1)
        tx.scans.mark([(route.id, "1"), (route.id, "1"), (other.id, "2"), (route.id, "99")])
        tx.scans.mark([])
        assert lost(tx, route) == ["2", "3", "5"]
        assert tx.scans.live(Absence(route, GONE, again=True)) == 4
        (first, *_) = tx.scans.lost_links(Absence(route, GONE, again=True), "")
        assert (first.identity, first.seen.version) == ("A2", "v")


def test_the_same_link_under_another_key_is_not_missed(ledger: Ledger) -> None:
    with ledger.write("i", "zendesk") as tx:
        route = make_route(tx)
        link = add(tx, route, "1")
        tx.seen.settle([(route, "1b", Seen(b"d", None, link.id))])
        tx.scans.mark([(route.id, "1b")])
        assert lost(tx, route) == []
        tx.scans.clear(route.id)
        assert lost(tx, route) == ["1", "1b"]


def test_who_is_settled_as_gone_is_judged_again_on_demand(ledger: Ledger) -> None:
    with ledger.write("i", "zendesk") as tx:
        route = make_route(tx)
        add(tx, route, "1", digest=GONE)
        add(tx, route, "2", rejected=GONE)
        add(tx, route, "3", rejected=b"r")
        tx.seen.settle([(route, "4", Seen(rejected=b"r")), (route, "5", Seen(rejected=GONE))])
        assert (lost(tx, route), lost(tx, route, again=False)) == (["1", "3"], ["3"])
        letters = tx.scans.lost_letters(Absence(route, GONE, again=True), "")
        assert [each.raw_key for each in letters] == ["3", "4"]
        tx.scans.mark([(route.id, "4")])
        letters = tx.scans.lost_letters(Absence(route, GONE, again=True), "3")
        assert letters == []


def test_a_version_belongs_to_the_run_that_saw_it_begin(ledger: Ledger) -> None:
    with ledger.write("i", "zendesk") as tx:
        route = make_route(tx)
        assert tx.scans.begin(route.id, 10, 1)
        tx.scans.mark([(route.id, "1")])
        assert tx.scans.begin(route.id, 10, 1)
    with ledger.write("i", "zendesk") as tx:
        assert not tx.scans.begin(route.id, 10, 2)
        tx.scans.clear(route.id)
        assert not tx.scans.begin(route.id, 10, 2), "over, and still known"
        tx.scans.mark([(route.id, "1")])
        assert tx.scans.begin(route.id, 11, 2)
        count = select(func.count()).select_from(tables.present)
        assert tx.connection.execute(count).scalar_one() == 0, "a new version forgets the old one"
        tx.scans.forget(route.id)
        assert tx.scans.begin(route.id, 11, 3)


def test_many_are_missed_in_pieces(ledger: Ledger) -> None:
    with ledger.write("i", "zendesk") as tx:
        route = make_route(tx)
        link = add(tx, route, "0")
        tx.seen.settle([(route, str(number), Seen(b"d", None, link.id)) for number in range(1200)])
        assert lost(tx, route) == sorted(map(str, range(1200)))


def test_a_person_who_is_forgotten_is_gone_from_a_scan_too(ledger: Ledger) -> None:
    with ledger.write("i", "zendesk") as tx:
        route = make_route(tx)
        add(tx, route, "1")
        tx.scans.mark([(route.id, "1"), (route.id, "2")])
        tx.runs.forget("1")
        rows = tx.connection.execute(select(tables.present.c.raw_key)).scalars()
        assert list(rows) == ["2"]
