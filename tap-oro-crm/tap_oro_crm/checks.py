"""`--check`: login, the API's switch, the clock, and one page of each selected stream."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ml_connector.singer.clock import clock_check
from ml_connector.singer.command import Check, tried
from ml_connector.vendors.oro.features import ALWAYS

if TYPE_CHECKING:
    from tap_oro_crm.tap import TapOroCrm


def run(tap: TapOroCrm) -> Iterator[Check]:
    """Yield what was looked at; ends after a refused login, or an API that is off."""
    for check in (
        tried("login", tap.client.log_in, "the OAuth application may log in"),
        tried("api", lambda: tap.features.has(ALWAYS), "the web API is on"),
        tried("streams", lambda: tap.streams, ""),
    ):
        yield check
        if not check.ok:
            return
    yield clock_check(tap.client.server_time())
    for stream in tap.streams.values():
        if stream.selected:
            read = partial(tap.client.get, stream.name, {"page[size]": "1"})
            yield tried(f"stream {stream.name}", read, "can be read")
