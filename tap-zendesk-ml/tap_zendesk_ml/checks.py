"""`--check`: login, the right to export, clocks, definitions, and one page of each selected stream."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ml_connector.singer.clock import clock_check
from ml_connector.singer.command import Check, tried
from tap_zendesk_ml.streams.exported import ExportedStream
from tap_zendesk_ml.streams.listings import ListedStream

if TYPE_CHECKING:
    from tap_zendesk_ml.tap import TapZendesk


def run(tap: TapZendesk) -> Iterator[Check]:
    """Yield what was looked at; ends after a refused login."""
    login = tried("login", partial(tap.client.get, "/api/v2/users/me"), "the user may log in")
    yield login
    if not login.ok:
        return
    yield clock_check(tap.client.now())
    streams = tried("streams", lambda: tap.streams, "")
    if not streams.ok:
        yield streams
        return
    selected = [stream for stream in tap.streams.values() if stream.selected]
    if any(isinstance(stream, ExportedStream) for stream in selected):
        yield tried("exports", partial(_export, tap), "the user may export")
    for stream in selected:
        if isinstance(stream, ListedStream):
            yield tried(f"stream {stream.name}", partial(_first_page, tap, stream), "can be read")


def _export(tap: TapZendesk) -> None:
    """One row of the users' export: all exports need the same role, and share one limit."""
    start = int(tap.client.now().timestamp()) - 3600
    tap.client.get("/api/v2/incremental/users/cursor", start_time=start, per_page=1)


def _first_page(tap: TapZendesk, stream: ListedStream) -> None:
    listing = stream.listing
    path, params = f"/api/v2/{listing.path}", dict(listing.params)
    next(tap.client.listing(path, listing.rows_in, paged=listing.paged, **params), None)
