"""All ways of reading business streams write the same bytes, and keep keys, ranges and bookmarks alike."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from support.ebs_business import (
    CONTACTS,
    CUSTOMERS,
    EXCLUSIONS,
    STREAMS,
    SUMMARIES,
    WAYS,
    ReadBusiness,
    bookmark,
    catalog_of,
    lines_of,
    midnight,
    rows,
)
from support.ebs_odd_rows import make_odd

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.streams.business import BusinessStream
from tap_oracle_ebs.tap import TapOracleEbs


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=80, seed=8) as running:
        make_odd(running)
        yield running


@pytest.fixture
def business(settings: dict[str, Any]) -> ReadBusiness:
    return ReadBusiness(settings)


@pytest.mark.parametrize("route", ["purchasing", "order_management", "both"])
@pytest.mark.parametrize("units", [[], [458], [458, 204]])
def test_every_way_writes_the_same_bytes(
    sandbox: RunningSandbox, business: ReadBusiness, route: str, units: list[int]
) -> None:
    keys = [row["CUST_ACCOUNT_ID"] for row in rows(sandbox, "HZ_CUST_ACCOUNTS")]
    asked: dict[str, Any] = {"orders_from": route, "keys": keys, "summary_currency": "USD"}
    asked |= {"org_ids": units} if units else {}
    lists, whole, plsql = (lines_of(business(*STREAMS, **asked, **way)) for way in WAYS.values())
    assert len(lists) > 3 * 80
    assert whole == lists
    assert in_order(plsql) == in_order(lists)


def in_order(lines: list[str]) -> list[str]:
    """Lines by stream and content: a list of many keys comes in parts, each by key."""
    return sorted(lines)


def test_odd_answers_and_short_pages_write_the_same_bytes(
    sandbox: RunningSandbox, business: ReadBusiness
) -> None:
    plain = lines_of(business(*STREAMS, orders_from="both"))
    sandbox.control.settings(
        ebs={
            "numbers": "string",
            "nulls": "missing",
            "row_wrapper": "value",
            "date_format": "fraction_offset",
            "response_format": "xml",
        }
    )
    for way in ({"page_size": 50}, {"paging": "offset", "page_size": 900}, WAYS["plsql"] | {"page_size": 7}):
        assert lines_of(business(*STREAMS, orders_from="both", **way)) == plain


@pytest.mark.parametrize("way", list(WAYS))
def test_given_keys_are_customers_in_every_stream(
    sandbox: RunningSandbox, business: ReadBusiness, way: str
) -> None:
    role = rows(sandbox, "HZ_CUST_ACCOUNT_ROLES", ROLE_TYPE="CONTACT")[0]
    account = role["CUST_ACCOUNT_ID"]
    since = bookmark(midnight(sandbox))
    run = business(*STREAMS, state=since, keys=[account], orders_from="both", **WAYS[way])
    assert [record["cust_account_id"] for record in run.records(CUSTOMERS)] == [account]
    assert [record["cust_account_id"] for record in run.records(SUMMARIES)] == [account]
    assert {record["cust_account_id"] for record in run.records(CONTACTS)} == {account}
    exclusions = run.records(EXCLUSIONS)
    assert {record["cust_account_id"] for record in exclusions} == {account}
    assert any(record["document_type"] == "site_use" for record in exclusions)
    assert run.state == since


@pytest.mark.parametrize("way", list(WAYS))
def test_a_range_leaves_the_bookmark_and_judges_by_today(
    sandbox: RunningSandbox, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(sandbox))
    everything = {record["cust_account_id"]: record for record in business(SUMMARIES).records(SUMMARIES)}
    given = {"from": "2024-01-01T00:00:00Z", "to": midnight(sandbox, -60).isoformat()}
    run = business(SUMMARIES, state=since, **given, **WAYS[way])
    assert len(run.records(SUMMARIES)) > 0
    assert all(everything[record["cust_account_id"]] == record for record in run.records(SUMMARIES))
    assert run.state == since


@pytest.mark.parametrize("way", list(WAYS))
def test_a_second_run_on_the_same_day_sends_nothing(business: ReadBusiness, way: str) -> None:
    first = business(*STREAMS, orders_from="both", **WAYS[way])
    second = business(*STREAMS, state=first.state, orders_from="both", **WAYS[way])
    assert lines_of(first)
    assert lines_of(second) == []


def test_a_list_of_documents_is_cut_and_its_count_is_not(business: ReadBusiness) -> None:
    asked: dict[str, Any] = {"orders_from": "both", "recent_days": 900}
    full = {record["cust_account_id"]: record for record in business(SUMMARIES, **asked).records(SUMMARIES)}
    assert any(len(record["recent_invoices"]) > 1 for record in full.values())
    for way in WAYS.values():
        for record in business(SUMMARIES, document_limit=1, **asked, **way).records(SUMMARIES):
            whole = full[record["cust_account_id"]]
            cut = {name: whole[name][:1] for name in ("open_orders", "recent_invoices", "overdue_invoices")}
            assert record == {**whole, **cut}


def test_the_way_taken_is_told(
    sandbox: RunningSandbox, business: ReadBusiness, caplog: pytest.LogCaptureFixture
) -> None:
    since = business(SUMMARIES).state
    told: dict[str, dict[str, Any]] = {
        "reading 0 records by key lists": {"state": since},
        "tables whole (the first load)": {},
        "tables whole (`key_list_filter` is off)": {"state": since, "key_list_filter": False},
        "tables whole (more than 1 records changed)": {
            "state": bookmark(midnight(sandbox, -400)),
            "key_list_limit": 1,
        },
        "read by package operation mlread/customer_summaries/": {"access": "plsql"},
    }
    for text, given in told.items():
        caplog.clear()
        with caplog.at_level(logging.INFO):
            business(SUMMARIES, **given)
        assert text in caplog.text


def test_too_many_changes_are_read_whole_with_the_same_bytes(
    sandbox: RunningSandbox, business: ReadBusiness
) -> None:
    since = bookmark(midnight(sandbox, -200))
    lists = lines_of(business(*STREAMS, state=since, orders_from="both"))
    whole = lines_of(business(*STREAMS, state=since, orders_from="both", key_list_limit=1))
    assert lists
    assert whole == lists


def test_a_word_that_is_no_key_is_named(business: ReadBusiness) -> None:
    with pytest.raises(SystemFault, match="'C-17', which is no CUST_ACCOUNT_ID"):
        business(SUMMARIES, keys=["C-17"])


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize("name", [CUSTOMERS, CONTACTS, SUMMARIES])
def test_keys_that_exist_are_those_of_the_records(
    business: ReadBusiness, settings: dict[str, Any], name: str, access: str
) -> None:
    tap = TapOracleEbs(config={**settings, "access": access}, catalog=catalog_of(name))
    stream = tap.streams[name]
    assert isinstance(stream, BusinessStream)
    found = [record for batch in stream.read_keys() for record in batch.records]
    tap.close()
    records = business(name).records(name)
    keys = stream.primary_keys
    assert sorted(record[keys[0]] for record in found) == [record[keys[0]] for record in records]
    assert all(set(record) == set(keys) for record in found)


def test_exclusions_have_no_keys_to_compare(settings: dict[str, Any]) -> None:
    stream = TapOracleEbs(config=settings).streams[EXCLUSIONS]
    assert isinstance(stream, BusinessStream)
    with pytest.raises(SystemFault, match="customer_exclusions has no list of keys"):
        list(stream.read_keys())
