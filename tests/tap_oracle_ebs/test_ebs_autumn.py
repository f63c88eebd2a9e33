"""The hour that autumn repeats: a row of its second half is not missed, in any way of reading."""

from __future__ import annotations

from typing import Any

import pytest
from support.ebs_business import CUSTOMERS, WAYS, ReadBusiness, changed, rows

from ml_sandbox.testing import RunningSandbox


@pytest.mark.parametrize("way", list(WAYS))
def test_a_row_of_the_repeated_hour_is_in_a_range_that_begins_in_it(
    sandbox: RunningSandbox, settings: dict[str, Any], way: str
) -> None:
    account = rows(sandbox, "HZ_CUST_ACCOUNTS")[0]
    # 01:30 is 05:30Z and 06:30Z.
    span: dict[str, Any] = {"from": "2026-11-01T06:10:00Z", "to": "2026-11-01T06:40:00Z"}
    with changed(sandbox, "HZ_CUST_ACCOUNTS", account, LAST_UPDATE_DATE="2026-11-01T01:30:00"):
        run = ReadBusiness(settings)(CUSTOMERS, **span, **WAYS[way])
    assert account["CUST_ACCOUNT_ID"] in {record["cust_account_id"] for record in run.records(CUSTOMERS)}
