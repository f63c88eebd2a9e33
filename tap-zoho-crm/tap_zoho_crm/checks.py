"""`--check`: login, organisation, credits, modules, and one row of each selected module."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from ml_connector.singer.command import Check, tried
from ml_connector.vendors.zoho.coql import select
from ml_connector.vendors.zoho.faults import ApiRefusal
from ml_connector.vendors.zoho.records import FIELDS_PER_CALL
from tap_zoho_crm.reading.by_coql import REFUSALS
from tap_zoho_crm.stream import ModuleStream

if TYPE_CHECKING:
    from tap_zoho_crm.tap import TapZohoCrm


def run(tap: TapZohoCrm) -> Iterator[Check]:
    """Yield what was looked at; ends after a refused login."""
    login = tried("login", tap.client.log_in, "the user may log in")
    yield login
    if not login.ok:
        return
    yield tried("organisation", lambda: tap.client.edition, "")
    streams = tried("modules", lambda: tap.streams, "")
    if not streams.ok:
        yield streams
        return
    yield Check("modules", ok=True, detail=f"{len(tap.streams)} modules can be read")
    for stream in tap.streams.values():
        if isinstance(stream, ModuleStream) and stream.selected:
            yield tried(f"module {stream.name}", partial(_one_row, tap, stream), "can be read")
    yield _check_credits(tap)


def _one_row(tap: TapZohoCrm, stream: ModuleStream) -> None:
    names = [field.api_name for field in stream.all_fields if not field.is_deep]
    way = tap.config["read_way"]
    if way in {"coql", "auto"}:
        try:
            tap.client.query(select(stream.name, ["id"], None, ["id"], 1), 1)
        except ApiRefusal as refusal:
            if way == "coql" or refusal.code not in REFUSALS:
                raise
        else:
            return
    tap.client.get(stream.name, {"fields": ",".join(names[:FIELDS_PER_CALL]), "per_page": 1})


def _check_credits(tap: TapZohoCrm) -> Check:
    known = tap.client.credits
    if known.remaining is None:
        return Check("credits", ok=True, detail="more than half of the day's credits remain")
    enough = known.remaining > known.reserve
    return Check(
        "credits",
        ok=enough,
        detail=f"{known.remaining:g} remain of the day, {known.reserve} are reserved",
        fix="" if enough else "Wait until credits come back, or lower `credit_reserve`.",
    )
