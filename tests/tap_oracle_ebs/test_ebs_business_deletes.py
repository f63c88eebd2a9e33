"""What is gone from EBS is missing in a scan of a business stream, and nothing else is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from support.ebs_business import (
    CONTACTS,
    CUSTOMERS,
    EXCLUSIONS,
    KEYS,
    SUMMARIES,
    ReadBusiness,
    bookmark,
    changed,
    now,
    rows,
)
from support.tap_run import TapRun

from ml_sandbox.testing import RunningSandbox

ROLES = "HZ_CUST_ACCOUNT_ROLES"


@pytest.fixture
def business(settings: dict[str, Any]) -> ReadBusiness:
    return ReadBusiness({**settings, "deletes_every": 0})


def listed(run: TapRun, stream: str, key: str) -> set[int]:
    """The keys that a scan said to exist."""
    (end,) = (each for each in run.of_type("ACTIVATE_VERSION") if each["stream"] == stream)
    records = [each for each in run.of_type("RECORD") if each["stream"] == stream]
    return {each["record"][key] for each in records if each.get("version") == end["version"]}


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
@pytest.mark.parametrize("mode", ["keys", "records"])
def test_a_scan_lists_who_is_there_whatever_the_bookmark(
    sandbox: RunningSandbox, business: ReadBusiness, access: str, mode: str
) -> None:
    contacts = rows(sandbox, ROLES, ROLE_TYPE="CONTACT")
    gone = contacts[0]
    sandbox.control.put_rows(
        "ebs", ROLES, [{**{name: gone[name] for name in KEYS[ROLES]}, "__deleted": True}]
    )
    try:
        streams = (CUSTOMERS, CONTACTS, SUMMARIES, EXCLUSIONS)
        run = business(*streams, state=bookmark(now(sandbox)), access=access, deletes=mode)
    finally:
        sandbox.control.put_rows("ebs", ROLES, [gone])
    accounts = {row["CUST_ACCOUNT_ID"] for row in rows(sandbox, "HZ_CUST_ACCOUNTS")}
    assert listed(run, CUSTOMERS, "cust_account_id") == accounts
    assert listed(run, SUMMARIES, "cust_account_id") == accounts
    left = {row["CUST_ACCOUNT_ROLE_ID"] for row in contacts[1:]}
    assert left
    assert listed(run, CONTACTS, "cust_account_role_id") == left
    assert EXCLUSIONS not in {each["stream"] for each in run.of_type("ACTIVATE_VERSION")}


@pytest.mark.parametrize("access", ["rest_get", "plsql"])
def test_who_was_sent_for_a_row_that_is_gone_is_still_there(
    sandbox: RunningSandbox, business: ReadBusiness, access: str
) -> None:
    """With `start_date` a record is there for a row of its own or of another table; rows behind it may go."""
    account = rows(sandbox, "HZ_CUST_ACCOUNTS")[0]
    party = rows(sandbox, "HZ_PARTIES", PARTY_ID=account["PARTY_ID"])[0]
    start = (sandbox.control.now() - dt.timedelta(minutes=5)).isoformat()
    settings: dict[str, Any] = {"access": access, "deletes": "records", "start_date": start}
    with changed(sandbox, "HZ_PARTIES", party, CITY="Elsewhere"):
        first = business(CUSTOMERS, **settings)
    assert account["CUST_ACCOUNT_ID"] in listed(first, CUSTOMERS, "cust_account_id")
    second = business(CUSTOMERS, state=first.state, **settings)
    assert account["CUST_ACCOUNT_ID"] in listed(second, CUSTOMERS, "cust_account_id")
