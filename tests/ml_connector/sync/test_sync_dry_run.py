"""A dry run tells what the following run does, and does nothing."""

from __future__ import annotations

from dataclasses import replace

from sync_support.oneway import Shop
from sync_support.runs import Emitted

from ml_connector.ledger import Ledger


def tell(shop: Shop, *emitted: Emitted, batch: int = 10_000) -> list[str]:
    """The kinds that a dry run tells; then the real run must end the same way."""
    real = shop.pipe.options
    sent = [list(shop.organizations.sent), list(shop.users.sent)]
    letters = len(shop.pipe.letters())
    shop.pipe.options = replace(real, dry_run=True)
    told = shop.kinds(*emitted, batch=batch)
    shop.pipe.options = real
    assert [shop.organizations.sent, shop.users.sent] == sent, "a dry run sends nothing"
    assert len(shop.pipe.letters()) == letters
    assert shop.kinds(*emitted, batch=batch) == told
    return told


def test_creates_children_and_second_streams(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration)
    told = tell(
        shop,
        shop.contact("u1", email="a@b.c", customer="7"),
        shop.summary("7", revenue=5),
        shop.customer("7", name="A", parent="8"),
        shop.customer("8", name="B"),
        shop.summary("99", revenue=5),
    )
    assert told == ["created", "updated", "created", "created", "rejected"]


def test_updates_and_unchanged(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration)
    shop.kinds(shop.customer("7", name="A", phone="1"), shop.customer("8", name="B"))
    told = tell(
        shop,
        shop.customer("7", name="A", phone="2"),
        shop.customer("8", name="B", unmapped="x"),
        shop.customer("9", name="B"),
        shop.customer("7", name="A", phone="0", version=1),
    )
    assert told == ["updated", "unchanged", "rejected", "superseded"]


def test_second_version_and_second_stream_in_later_batches(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration)
    told = tell(
        shop,
        shop.customer("7", name="A", version=2),
        shop.summary("7", revenue=5),
        shop.customer("7", name="B", version=3),
        shop.customer("7", name="old", version=1),
        shop.summary("7", revenue=5, unmapped=1),
        batch=1,
    )
    assert told == ["created", "updated", "updated", "superseded", "unchanged"]


def test_cycles(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration)
    told = tell(shop, shop.customer("1", name="A", parent="2"), shop.customer("2", name="B", parent="1"))
    assert told == ["created", "created"]


def test_deletes(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"on_delete": "flag"})
    shop.kinds(shop.customer("7", name="A"))
    told = tell(
        shop,
        shop.customer("7", name="A", _sdc_deleted_at="2026-11-20T00:00:00Z"),
        shop.customer("8", _sdc_deleted_at="2026-11-20T00:00:00Z"),
        shop.customer("7", name="B"),
        batch=1,
    )
    assert told == ["deleted", "ignored", "ignored"]


def test_lost_records(ledger: Ledger, integration: str) -> None:
    shop = Shop(ledger, integration, options={"on_missing": "recreate"})
    shop.kinds(shop.customer("7", name="A", country="NL"))
    shop.organizations.delete(*shop.organizations.rows)
    assert tell(shop, shop.customer("7", name="A", country="BE")) == ["created"]
