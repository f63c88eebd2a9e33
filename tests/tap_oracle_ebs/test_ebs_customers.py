"""The stream of customers: complete, in one form, and only what changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fixtures.sandboxes import running_sandbox
from support.tap_run import ReadTap, TapRun, run_here

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.tap import TapOracleEbs

NORTHWIND = Path(__file__).parents[2].parent / "shared" / "data" / "northwind"


def row_behind(sandbox: RunningSandbox, table: str, **wanted: Any) -> dict[str, Any]:
    return next(
        row
        for row in sandbox.control.rows("ebs", table)
        if all(row[name] == value for name, value in wanted.items())
    )


def chain(sandbox: RunningSandbox, account_id: int) -> dict[str, dict[str, Any]]:
    """One row of each table behind an account."""
    account = row_behind(sandbox, "HZ_CUST_ACCOUNTS", CUST_ACCOUNT_ID=account_id)
    site = row_behind(sandbox, "HZ_CUST_ACCT_SITES_ALL", CUST_ACCOUNT_ID=account_id)
    place = row_behind(sandbox, "HZ_PARTY_SITES", PARTY_SITE_ID=site["PARTY_SITE_ID"])
    return {
        "HZ_CUST_ACCOUNTS": account,
        "HZ_PARTIES": row_behind(sandbox, "HZ_PARTIES", PARTY_ID=account["PARTY_ID"]),
        "HZ_CUST_ACCT_SITES_ALL": site,
        "HZ_CUST_SITE_USES_ALL": row_behind(
            sandbox, "HZ_CUST_SITE_USES_ALL", CUST_ACCT_SITE_ID=site["CUST_ACCT_SITE_ID"]
        ),
        "HZ_PARTY_SITES": place,
        "HZ_LOCATIONS": row_behind(sandbox, "HZ_LOCATIONS", LOCATION_ID=place["LOCATION_ID"]),
        "HZ_CUSTOMER_PROFILES": row_behind(sandbox, "HZ_CUSTOMER_PROFILES", CUST_ACCOUNT_ID=account_id),
        "HZ_CUST_PROFILE_AMTS": row_behind(sandbox, "HZ_CUST_PROFILE_AMTS", CUST_ACCOUNT_ID=account_id),
    }


KEYS = {
    "HZ_CUST_ACCOUNTS": "CUST_ACCOUNT_ID",
    "HZ_PARTIES": "PARTY_ID",
    "HZ_CUST_ACCT_SITES_ALL": "CUST_ACCT_SITE_ID",
    "HZ_CUST_SITE_USES_ALL": "SITE_USE_ID",
    "HZ_PARTY_SITES": "PARTY_SITE_ID",
    "HZ_LOCATIONS": "LOCATION_ID",
    "HZ_CUSTOMER_PROFILES": "CUST_ACCOUNT_PROFILE_ID",
    "HZ_CUST_PROFILE_AMTS": "CUST_ACCT_PROFILE_AMT_ID",
}


def lone_account(sandbox: RunningSandbox) -> int:
    """An account with a credit limit whose party has no other account."""
    accounts = sandbox.control.rows("ebs", "HZ_CUST_ACCOUNTS")
    limited = {row["CUST_ACCOUNT_ID"] for row in sandbox.control.rows("ebs", "HZ_CUST_PROFILE_AMTS")}
    parties = [row["PARTY_ID"] for row in accounts]
    return next(
        int(row["CUST_ACCOUNT_ID"])
        for row in accounts
        if parties.count(row["PARTY_ID"]) == 1 and row["CUST_ACCOUNT_ID"] in limited
    )


def bookmark_of_today() -> dict[str, Any]:
    """A state that is newer than all generated rows, which are of yesterday at the latest."""
    midnight = dt.datetime.now(ZoneInfo("America/New_York")).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    value = midnight.astimezone(dt.UTC).isoformat()
    mark = {"replication_key": "last_update_date", "replication_key_value": value}
    return {"bookmarks": {"customers": mark}}


@contextlib.contextmanager
def changed(sandbox: RunningSandbox, table: str, row: dict[str, Any], **values: Any) -> Iterator[None]:
    """Change a row, stamped now unless the values say otherwise, and put it back afterwards."""
    sandbox.control.put_rows("ebs", table, [{KEYS[table]: row[KEYS[table]], **values}])
    try:
        yield
    finally:
        sandbox.control.put_rows("ebs", table, [row])


def ids(run: TapRun) -> list[int]:
    return [record["cust_account_id"] for record in run.records("customers")]


def test_every_account_comes_once_with_the_values_of_the_tables(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    run = read()
    records = {record["cust_account_id"]: record for record in run.records("customers")}
    accounts = sandbox.control.rows("ebs", "HZ_CUST_ACCOUNTS")
    assert len(run.records("customers")) == len(records) == len(accounts)
    for account in accounts:
        record = records[account["CUST_ACCOUNT_ID"]]
        party = row_behind(sandbox, "HZ_PARTIES", PARTY_ID=account["PARTY_ID"])
        assert record["account_number"] == account["ACCOUNT_NUMBER"]
        assert record["status"] == account["STATUS"]
        assert record["party_name"] == party["PARTY_NAME"]
        assert record["email"] == party["EMAIL_ADDRESS"]


def test_address_terms_and_credit_are_those_of_the_primary_bill_to(
    sandbox: RunningSandbox, read: ReadTap
) -> None:
    account_id = lone_account(sandbox)
    rows = chain(sandbox, account_id)
    site_ids = {
        row["CUST_ACCT_SITE_ID"]: row
        for row in sandbox.control.rows("ebs", "HZ_CUST_ACCT_SITES_ALL")
        if row["CUST_ACCOUNT_ID"] == account_id
    }
    billing = [
        row
        for row in sandbox.control.rows("ebs", "HZ_CUST_SITE_USES_ALL")
        if row["CUST_ACCT_SITE_ID"] in site_ids
        and row["SITE_USE_CODE"] == "BILL_TO"
        and row["PRIMARY_FLAG"] == "Y"
    ]
    use = min(billing, key=lambda row: row["ORG_ID"])
    site = site_ids[use["CUST_ACCT_SITE_ID"]]
    place = row_behind(sandbox, "HZ_PARTY_SITES", PARTY_SITE_ID=site["PARTY_SITE_ID"])
    location = row_behind(sandbox, "HZ_LOCATIONS", LOCATION_ID=place["LOCATION_ID"])
    profile, amount = rows["HZ_CUSTOMER_PROFILES"], rows["HZ_CUST_PROFILE_AMTS"]
    terms = row_behind(sandbox, "RA_TERMS", TERM_ID=profile["STANDARD_TERMS"])
    record = next(r for r in read(keys=[account_id]).records("customers"))
    assert record["site_use_id"] == use["SITE_USE_ID"]
    assert record["org_id"] == use["ORG_ID"]
    for name in ("address1", "city", "state", "province", "postal_code", "country"):
        assert record[name] == location[name.upper()]
    assert record["terms"] == terms["NAME"]
    assert record["credit_hold"] is (profile["CREDIT_HOLD"] == "Y")
    assert record["credit_limit"] == amount["OVERALL_CREDIT_LIMIT"]
    assert record["credit_currency"] == amount["CURRENCY_CODE"]


@pytest.mark.parametrize("table", list(KEYS))
@pytest.mark.parametrize("way", ["lists", "whole"])
def test_a_change_in_a_table_sends_that_customer_and_no_other(
    sandbox: RunningSandbox, read: ReadTap, table: str, way: str
) -> None:
    account_id = lone_account(sandbox)
    row = chain(sandbox, account_id)[table]
    with changed(sandbox, table, row):
        run = read(bookmark_of_today(), key_list_filter=way == "lists")
    assert ids(run) == [account_id]


@pytest.mark.parametrize("way", ["lists", "whole"])
@pytest.mark.parametrize(
    "reference", ["HZ_CUSTOMER_PROFILES.STANDARD_TERMS", "HZ_CUST_SITE_USES_ALL.PAYMENT_TERM_ID"]
)
def test_changed_terms_send_their_customers(
    sandbox: RunningSandbox, read: ReadTap, way: str, reference: str
) -> None:
    account_id = lone_account(sandbox)
    table, column = reference.split(".")
    row = chain(sandbox, account_id)[table]
    terms = {"TERM_ID": 990, "NAME": "10 NET"}
    with changed(sandbox, table, row, LAST_UPDATE_DATE=row["LAST_UPDATE_DATE"], **{column: 990}):
        sandbox.control.put_rows("ebs", "RA_TERMS", [terms])
        try:
            run = read(bookmark_of_today(), key_list_filter=way == "lists")
        finally:
            sandbox.control.put_rows("ebs", "RA_TERMS", [{"TERM_ID": 990, "__deleted": True}])
    assert ids(run) == [account_id]


def test_both_ways_make_the_same_record_to_the_byte(sandbox: RunningSandbox, read: ReadTap) -> None:
    every = [row["CUST_ACCOUNT_ID"] for row in sandbox.control.rows("ebs", "HZ_CUST_ACCOUNTS")]
    whole, lists = read(), read(keys=every)
    sandbox.control.settings(
        ebs={
            "numbers": "string",
            "nulls": "text",
            "row_wrapper": "item",
            "date_format": "fraction_offset",
            "response_format": "xml",
        }
    )
    odd = read(paging="offset", page_size=7)
    assert [_without_time(line) for line in lists.lines if '"RECORD"' in line] == [
        _without_time(line) for line in whole.lines if '"RECORD"' in line
    ]
    assert [_without_time(line) for line in odd.lines if '"RECORD"' in line] == [
        _without_time(line) for line in whole.lines if '"RECORD"' in line
    ]


def _without_time(line: str) -> str:
    return line.partition(',"time_extracted"')[0]


def test_money_is_exact_and_keys_are_text(sandbox: RunningSandbox, read: ReadTap) -> None:
    account_id = lone_account(sandbox)
    row = chain(sandbox, account_id)["HZ_CUST_PROFILE_AMTS"]
    with changed(sandbox, "HZ_CUST_PROFILE_AMTS", row, OVERALL_CREDIT_LIMIT="12345678901234567.89"):
        run = read(keys=[account_id])
    (record,) = run.records("customers")
    assert record["credit_limit"] == Decimal("12345678901234567.89")
    assert isinstance(record["account_number"], str)


def test_a_second_run_reads_nothing_and_keeps_no_progress_markers(read: ReadTap) -> None:
    first = read()
    second = read(first.state)
    assert first.records("customers")
    assert second.records("customers") == []
    assert set(second.state["bookmarks"]["customers"]) == {"replication_key", "replication_key_value"}


def test_a_late_commit_is_found_by_the_look_back(sandbox: RunningSandbox, read: ReadTap) -> None:
    account_id = lone_account(sandbox)
    row = chain(sandbox, account_id)["HZ_PARTIES"]
    stamp = dt.datetime.now(ZoneInfo("America/New_York")).replace(tzinfo=None, microsecond=0)
    early = (stamp - dt.timedelta(seconds=90)).isoformat()
    first = read(bookmark_of_today())
    with changed(sandbox, "HZ_PARTIES", row, LAST_UPDATE_DATE=early):
        assert ids(read(first.state)) == []
        assert ids(read(first.state, look_back=300)) == [account_id]


def test_what_changed_within_the_lag_waits_for_a_later_run(sandbox: RunningSandbox, read: ReadTap) -> None:
    account_id = lone_account(sandbox)
    row = chain(sandbox, account_id)["HZ_PARTIES"]
    with changed(sandbox, "HZ_PARTIES", row):
        early = read(bookmark_of_today(), window_lag=600)
        assert ids(early) == []
        assert ids(read(early.state)) == [account_id]


def test_other_units_are_left_out(sandbox: RunningSandbox, read: ReadTap) -> None:
    records = read(org_ids=[458]).records("customers")
    assert {record["org_id"] for record in records} == {458, None}
    ids_of_458 = {
        row["CUST_ACCOUNT_ID"]
        for row in sandbox.control.rows("ebs", "HZ_CUST_ACCT_SITES_ALL")
        if row["ORG_ID"] == 458
    }
    assert {record["cust_account_id"] for record in records if record["org_id"]} == ids_of_458


def test_a_name_of_the_multi_org_policy_is_read_once_per_unit(sandbox: RunningSandbox, read: ReadTap) -> None:
    short = {
        "HZ_CUST_ACCT_SITES_ALL": "HZ_CUST_ACCT_SITES",
        "HZ_CUST_SITE_USES_ALL": "HZ_CUST_SITE_USES",
    }
    assert read(operations=short, org_ids=[204, 458]).records("customers") == read(
        org_ids=[204, 458]
    ).records("customers")


def test_no_row_for_a_missing_unit_is_named(read: ReadTap) -> None:
    with pytest.raises(SystemFault, match="HZ_CUST_ACCT_SITES shows no row at all") as caught:
        read(operations={"HZ_CUST_ACCT_SITES_ALL": "HZ_CUST_ACCT_SITES"})
    assert "org_ids" in caught.value.fix


def test_given_keys_leave_the_bookmark(sandbox: RunningSandbox, read: ReadTap) -> None:
    account_id = lone_account(sandbox)
    run = read(bookmark_of_today(), keys=[str(account_id)])
    assert ids(run) == [account_id]
    assert run.state == bookmark_of_today()


def test_a_range_leaves_the_bookmark(read: ReadTap) -> None:
    everything = read().records("customers")
    dates = sorted(record["last_update_date"] for record in everything)
    middle = dates[len(dates) // 2]
    run = read(bookmark_of_today(), **{"from": middle})
    assert set(ids(run)) == {r["cust_account_id"] for r in everything if r["last_update_date"] >= middle}
    assert run.state == bookmark_of_today()


def test_state_moves_with_each_finished_window(sandbox: RunningSandbox, read: ReadTap) -> None:
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=399)
    run = read(start_date=start.isoformat(), window_days=100)
    marks = [state["bookmarks"]["customers"]["replication_key_value"] for state in run.states]
    assert len(marks) == 4
    assert marks == sorted(set(marks))
    kinds = [message["type"] for message in run.messages]
    assert kinds[-1] == "STATE"
    everything = {
        record["cust_account_id"]
        for record in read().records("customers")
        if record["last_update_date"] >= start.isoformat()[:19]
    }
    assert set(ids(run)) == everything


def test_the_bookmark_never_goes_back(read: ReadTap) -> None:
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)).replace(microsecond=0)
    mark = {"replication_key": "last_update_date", "replication_key_value": ahead.isoformat()}
    assert read({"bookmarks": {"customers": mark}}).state["bookmarks"]["customers"] == mark


def test_a_record_says_when_it_was_asked_for(read: ReadTap) -> None:
    before = dt.datetime.now(dt.UTC)
    run = read()
    for message in run.of_type("RECORD"):
        assert before <= dt.datetime.fromisoformat(message["time_extracted"]) <= dt.datetime.now(dt.UTC)


def test_stream_maps_selection_and_flattening_still_work(sandbox: RunningSandbox, read: ReadTap) -> None:
    account_id = lone_account(sandbox)
    mapped = read(
        keys=[account_id],
        stream_maps={
            "customers": {
                "__alias__": "accounts",
                "__key_properties__": ["label"],
                "label": "account_number",
                "__else__": None,
            }
        },
    )
    (record,) = mapped.records("accounts")
    assert list(record) == ["label"]
    catalog = json.loads(read_catalog(read, keys=[account_id]))
    (customers,) = (entry for entry in catalog["streams"] if entry["tap_stream_id"] == "customers")
    for entry in customers["metadata"]:
        if entry["breadcrumb"] == ["properties", "email"]:
            entry["metadata"]["selected"] = False
        elif entry["breadcrumb"] == []:
            entry["metadata"]["selected"] = True
    (selected,) = read(keys=[account_id], options={"catalog": catalog}).records("customers")
    assert "email" not in selected
    assert selected["cust_account_id"] == account_id


def read_catalog(read: ReadTap, **changes: Any) -> str:
    settings = {**read.settings, **changes}
    return TapOracleEbs(config=settings).catalog_json_text


@pytest.mark.skipif(not NORTHWIND.is_dir(), reason="../shared/data/northwind is not there")
def test_northwind_has_93_customers(tmp_path: Path, settings: dict[str, Any]) -> None:
    with running_sandbox(data=str(NORTHWIND)) as northwind:
        run = run_here(TapOracleEbs, {**settings, "base_url": f"{northwind.url}/ebs"})
        records = run.records("customers")
        accounts = northwind.control.rows("ebs", "HZ_CUST_ACCOUNTS")
    assert len(records) == 93
    assert {record["account_number"] for record in records} == {row["ACCOUNT_NUMBER"] for row in accounts}
    assert all(record["party_name"] and record["terms"] and record["credit_limit"] for record in records)
    # Two of them have no address in the data set either.
    assert {r["account_number"] for r in records if not r["address1"]} == {"Val2", "VALON"}
