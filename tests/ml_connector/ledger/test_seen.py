"""Routes, and what was settled of each source record."""

from __future__ import annotations

from ml_connector.ledger import Ledger, Route, Seen


def make_route(ledger: Ledger, stream: str = "customers") -> Route:
    with ledger.write("i", "zendesk") as tx:
        return tx.seen.route("i", "ebs", stream, "zendesk", "organizations")


def test_a_route_is_made_once(ledger: Ledger) -> None:
    first, second = make_route(ledger), make_route(ledger)
    assert first == second
    other = make_route(ledger, "customer_summaries")
    with ledger.read("i", "zendesk") as tx:
        assert tx.seen.routes_into("i", "zendesk", "organizations") == [first, other]
        assert tx.seen.routes_into("i", "zendesk", "users") == []


def test_a_route_remembers_its_mapping(ledger: Ledger) -> None:
    route = make_route(ledger)
    with ledger.write("i", "zendesk") as tx:
        assert tx.seen.mapping(route) == {}
        tx.seen.set_mapping(route, {"name": "d1"})
    with ledger.read("i", "zendesk") as tx:
        assert tx.seen.mapping(route) == {"name": "d1"}


def test_what_is_settled_replaces_what_was_known(ledger: Ledger) -> None:
    route = make_route(ledger)
    with ledger.write("i", "zendesk") as tx:
        tx.seen.settle([(route, "1", Seen(b"a", "v1", 7)), (route, "2", Seen(b"b"))])
        tx.seen.settle([(route, "1", Seen(None, "v2", 7, b"r"))])
        tx.seen.settle([])
    with ledger.read("i", "zendesk") as tx:
        assert tx.seen.look_up(route, ["1", "2", "3"]) == {
            "1": Seen(None, "v2", 7, b"r"),
            "2": Seen(b"b"),
        }
        assert tx.seen.look_up(route, []) == {}


def test_many_keys_are_looked_up_in_pieces(ledger: Ledger) -> None:
    route = make_route(ledger)
    with ledger.write("i", "zendesk") as tx:
        tx.seen.settle([(route, str(number), Seen(b"d")) for number in range(1200)])
    with ledger.read("i", "zendesk") as tx:
        assert len(tx.seen.look_up(route, [str(number) for number in range(1200)])) == 1200


def test_digests_of_links_are_forgotten_for_one_source_only(ledger: Ledger) -> None:
    route = make_route(ledger)
    with ledger.write("i", "ebs") as tx:
        back = tx.seen.route("i", "zendesk", "organizations", "ebs", "customers")
        tx.seen.settle([(route, "1", Seen(b"a", link_id=7)), (route, "2", Seen(b"b", link_id=8))])
        tx.seen.settle([(back, "9", Seen(b"c", link_id=7))])
        tx.seen.forget_digests([7], "ebs")
    with ledger.read("i", "ebs") as tx:
        assert tx.seen.look_up(route, ["1", "2"]) == {"1": Seen(None, link_id=7), "2": Seen(b"b", link_id=8)}
        assert tx.seen.look_up(back, ["9"]) == {"9": Seen(b"c", link_id=7)}
