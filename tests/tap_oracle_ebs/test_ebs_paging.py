"""Pages: complete while rows change, and servers that do not do what they are asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from support.tap_run import ReadTap

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.catalog.tables import TABLES
from tap_oracle_ebs.reading.rest_get import TableReader
from tap_oracle_ebs.reading.selection import Selection
from tap_oracle_ebs.tap import TapOracleEbs

PARTIES = TABLES["HZ_PARTIES"]
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def reader(settings: dict[str, Any]) -> Iterator[TableReader]:
    tap = TapOracleEbs(config={**settings, "page_size": 10})
    yield tap.reader
    tap.close()


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def now_minus_days(days: int) -> dt.datetime:
    return now() - dt.timedelta(days=days)


def other(reader: TableReader, **changes: Any) -> TableReader:
    settings = {**reader._settings, **changes}
    return TableReader(reader.client, settings)


@pytest.mark.parametrize("paging", ["keyset", "offset"])
@pytest.mark.parametrize("base", [0, 1])
def test_pages_are_complete_without_repeats(
    sandbox: RunningSandbox, reader: TableReader, paging: str, base: int
) -> None:
    sandbox.control.settings(ebs={"offset_base": base})
    expected = sorted(row["PARTY_ID"] for row in sandbox.control.rows("ebs", "HZ_PARTIES"))
    paged = other(reader, paging=paging, offset_base=base)
    for selection in (None, Selection(LONG_AGO, now())):
        found = [row["PARTY_ID"] for page in paged.read(PARTIES, selection) for row in page.rows]
        assert sorted(found, key=str) == sorted(expected, key=str)


def test_dates_in_the_hour_that_spring_leaves_out_hide_no_row(
    sandbox: RunningSandbox, reader: TableReader
) -> None:
    rows = sandbox.control.rows("ebs", "HZ_RELATIONSHIPS")
    assert len(rows) > 40
    # In New York the clocks went from 2:00 to 3:00: 2:30 was no time at all, yet a DATE may hold it.
    for number, row in enumerate(rows):
        row["LAST_UPDATE_DATE"] = f"2026-03-08T0{2 + number % 2}:{number % 60:02d}:00"
    sandbox.control.put_rows("ebs", "HZ_RELATIONSHIPS", rows)
    selection = Selection(LONG_AGO, now())
    table = TABLES["HZ_RELATIONSHIPS"]
    found = [
        tuple(row[name] for name in table.key) for page in reader.read(table, selection) for row in page.rows
    ]
    assert sorted(found) == sorted(tuple(row[name] for name in table.key) for row in rows)


# Pages of one row by offset have nothing to overlap with.
@pytest.mark.parametrize(("paging", "size"), [("keyset", 1), ("keyset", 10), ("offset", 10), ("offset", 3)])
def test_a_row_that_is_updated_during_paging_hides_no_other(
    sandbox: RunningSandbox, reader: TableReader, paging: str, size: int
) -> None:
    paged = other(reader, paging=paging, page_size=size)
    rows = sandbox.control.rows("ebs", "HZ_PARTIES")[:40]
    limit = Selection(LONG_AGO, now() - dt.timedelta(seconds=5))
    expected = {row["PARTY_ID"] for row in sandbox.control.rows("ebs", "HZ_PARTIES")}
    found: set[Any] = set()
    moved: list[dict[str, Any]] = []
    for number, page in enumerate(paged.read(PARTIES, limit)):
        found |= {row["PARTY_ID"] for row in page.rows}
        if number == 1:
            # Rows of the first pages leave the window: every row behind them moves to the front.
            oldest = [row for row in rows if row["PARTY_ID"] in found]
            moved = oldest[: max(1, 2 * size - 2)]
            sandbox.control.put_rows("ebs", "HZ_PARTIES", [{"PARTY_ID": row["PARTY_ID"]} for row in moved])
    sandbox.control.put_rows("ebs", "HZ_PARTIES", moved)
    assert moved
    assert found == expected


@pytest.mark.parametrize("paging", ["keyset", "offset"])
def test_a_page_cut_by_the_server_is_not_the_end(
    sandbox: RunningSandbox, reader: TableReader, paging: str
) -> None:
    sandbox.control.settings(ebs={"max_limit": 25, "over_max_limit": "clamp"})
    expected = len(sandbox.control.rows("ebs", "HZ_PARTIES"))
    paged = other(reader, paging=paging, page_size=1000)
    assert sum(len(page.rows) for page in paged.read(PARTIES)) == expected
    assert expected > 50


def test_a_server_that_ignores_the_offset_is_named(sandbox: RunningSandbox, read: ReadTap) -> None:
    sandbox.control.settings(ebs={"ignore_offset": True})
    with pytest.raises(SystemFault, match=r"ignores the query parameter 'offset'") as caught:
        read(paging="offset", page_size=10)
    assert "offset_parameter" in caught.value.fix


@pytest.mark.parametrize(
    "changes",
    [
        {"page_size": 10},
        {"paging": "offset", "start_date": "2026-11-01T00:00:00Z"},
        {"keys": [100000000007001]},
        {"start_date": "2026-11-01T00:00:00Z"},
    ],
)
def test_a_server_that_ignores_the_filter_is_named(
    sandbox: RunningSandbox, read: ReadTap, changes: dict[str, Any]
) -> None:
    sandbox.control.settings(ebs={"ignore_filter": True})
    with pytest.raises(SystemFault, match="ignores the query parameter 'filter'"):
        read(**changes)


@pytest.mark.parametrize(
    "selection",
    [
        Selection(start=now_minus_days(1)),
        Selection(end=dt.datetime(2021, 1, 1, tzinfo=dt.UTC)),
        Selection(column="PARTY_ID", values=(1,)),
    ],
)
def test_rows_outside_of_what_was_asked_for_are_never_taken(
    sandbox: RunningSandbox, reader: TableReader, selection: Selection
) -> None:
    sandbox.control.settings(ebs={"ignore_filter": True})
    with pytest.raises(SystemFault, match="ignores the query parameter 'filter'"):
        list(other(reader, page_size=5000).read(PARTIES, selection))


@pytest.mark.parametrize("paging", ["keyset", "offset"])
def test_a_server_that_ignores_the_sort_order_is_named(
    sandbox: RunningSandbox, reader: TableReader, paging: str
) -> None:
    # Without an order rows come as they were put in.
    put = {"TERM_ID": 2, "NAME": "LATE"}, {"TERM_ID": 1, "NAME": "EARLY"}
    sandbox.control.put_rows("ebs", "RA_TERMS", put)
    sandbox.control.settings(ebs={"ignore_sort": True})
    with pytest.raises(SystemFault, match="ignores the query parameter 'sort'"):
        list(other(reader, paging=paging).read(TABLES["RA_TERMS"], Selection(LONG_AGO, now())))


def test_long_key_lists_are_cut_to_the_length_of_an_address(
    sandbox: RunningSandbox, reader: TableReader
) -> None:
    every = tuple(sorted(row["PARTY_ID"] for row in sandbox.control.rows("ebs", "HZ_PARTIES")))
    sandbox.control.settings(ebs={"max_url_bytes": 1500})
    short = other(reader, max_url_length=1500)
    found = [
        row["PARTY_ID"]
        for page in short.read(PARTIES, Selection(column="PARTY_ID", values=every))
        for row in page.rows
    ]
    assert sorted(found, key=str) == sorted(every, key=str)


@pytest.mark.parametrize(
    ("server", "tap"),
    [
        ({"filter_operators": "words"}, {"filter_operators": "words"}),
        ({"date_mask": "DD-MON-YYYY HH24:MI:SS"}, {"date_mask": "DD-MON-YYYY HH24:MI:SS"}),
        ({"sort_separator": "colon"}, {"sort_item": "{column}:asc"}),
        (
            {"limit_parameter": "rows", "filter_parameter": "q"},
            {"limit_parameter": "rows", "filter_parameter": "q"},
        ),
        ({"organization_parameter": "ctx_unit"}, {"context_names": {"Org_Id": "ctx_unit"}, "org_ids": [204]}),
        ({"select_parameter": "fields"}, {"select_parameter": ""}),
        ({"server_zone": "Asia/Tokyo"}, {"server_timezone": "Asia/Tokyo"}),
    ],
)
def test_the_grammar_of_a_site_is_a_setting(
    sandbox: RunningSandbox, read: ReadTap, server: dict[str, Any], tap: dict[str, Any]
) -> None:
    sandbox.control.settings(ebs=server)
    assert read(start_date="2020-01-01T00:00:00Z", **tap).records("customers")
