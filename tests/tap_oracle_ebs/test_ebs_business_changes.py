"""A change of a row behind a business record, or a day that goes by, sends that record and no other."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fixtures.sandboxes import running_sandbox
from support.ebs_business import (
    CONTACTS,
    EXCLUSIONS,
    KEYS,
    SUMMARIES,
    WAYS,
    ReadBusiness,
    added,
    bookmark,
    changed,
    midnight,
    rows,
)
from support.ebs_customer import CODE, DAY, LONG_AGO, USE_CODE, write_customer

from ml_sandbox.testing import RunningSandbox

ACCOUNT, OTHER = 880_001, 880_002
NEAR: dict[str, set[int]] = {}


@dataclasses.dataclass(frozen=True)
class Site:
    """A customer with one document of each kind, all of it made here, and a second one with the same."""

    sandbox: RunningSandbox

    def row(self, table: str, number: int = 1) -> dict[str, Any]:
        """One of the rows made here: the first customer's has the number 1."""
        return next(row for row in rows(self.sandbox, table) if row[KEYS[table][0]] == key_of(table, number))

    def when(self, days: int, hours: int = 0) -> str:
        """A local time some days from today, as a DATE."""
        return (midnight(self.sandbox, days) + dt.timedelta(hours=hours)).isoformat()


def key_of(table: str, number: int) -> int:
    if table == "GL_CODE_COMBINATIONS":
        return {1: CODE, 2: USE_CODE}[number]
    return 880_000 + number


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=20, seed=4) as running:
        today = midnight(running)
        for number in (1, 2):
            write_customer(running, number, today)
        yield running


@pytest.fixture
def site(sandbox: RunningSandbox) -> Site:
    return Site(sandbox)


@pytest.fixture
def business(settings: dict[str, Any]) -> ReadBusiness:
    return ReadBusiness({**settings, "orders_from": "both"})


def ids(records: list[dict[str, Any]], name: str = "cust_account_id") -> list[int]:
    return [record[name] for record in records]


BEHIND = [
    "HZ_CUST_ACCOUNTS",
    "AP_SUPPLIERS",
    "AP_SUPPLIER_SITES_ALL",
    "PO_HEADERS_ALL",
    "PO_LINES_ALL",
    "PO_LINE_LOCATIONS_ALL",
    "PO_DISTRIBUTIONS_ALL",
    "AP_INVOICES_ALL",
    "AP_INVOICE_DISTRIBUTIONS_ALL",
    "AP_PAYMENT_SCHEDULES_ALL",
    "OE_ORDER_HEADERS_ALL",
    "OE_ORDER_LINES_ALL",
    "RA_CUSTOMER_TRX_ALL",
    "AR_PAYMENT_SCHEDULES_ALL",
    "GL_CODE_COMBINATIONS",
    "HZ_CUST_SITE_USES_ALL",
]


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("table", BEHIND)
def test_a_change_in_a_table_behind_sends_that_summary_and_no_other(
    site: Site, business: ReadBusiness, table: str, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    with changed(site.sandbox, table, site.row(table)):
        run = business(SUMMARIES, state=since, **WAYS[way])
    assert ids(run.records(SUMMARIES)) == [ACCOUNT]


@pytest.mark.parametrize("way", list(WAYS))
def test_a_change_of_the_account_of_site_uses_sends_the_customers_that_are_billed_there(
    site: Site, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    with changed(site.sandbox, "GL_CODE_COMBINATIONS", site.row("GL_CODE_COMBINATIONS", 2)):
        run = business(SUMMARIES, EXCLUSIONS, state=since, **WAYS[way])
    assert ids(run.records(SUMMARIES)) == [ACCOUNT]
    assert [(record["document_type"], record["document_id"]) for record in run.records(EXCLUSIONS)] == [
        ("receivable", ACCOUNT),
        ("sales_order", ACCOUNT),
        ("site_use", ACCOUNT),
    ]


@pytest.mark.parametrize("way", list(WAYS))
def test_a_table_of_another_route_or_of_no_check_sends_nothing(
    site: Site, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    with changed(site.sandbox, "OE_ORDER_HEADERS_ALL", site.row("OE_ORDER_HEADERS_ALL")):
        run = business(SUMMARIES, state=since, **WAYS[way], orders_from="purchasing")
    assert run.records(SUMMARIES) == []
    with changed(site.sandbox, "GL_CODE_COMBINATIONS", site.row("GL_CODE_COMBINATIONS")):
        run = business(SUMMARIES, EXCLUSIONS, state=since, **WAYS[way], validate_gl=False)
    assert run.records(SUMMARIES) + run.records(EXCLUSIONS) == []


@pytest.mark.parametrize("way", list(WAYS))
def test_an_invoice_belongs_to_its_own_party_and_else_to_its_suppliers(
    site: Site, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    with changed(site.sandbox, "AP_INVOICES_ALL", site.row("AP_INVOICES_ALL"), PARTY_ID=OTHER):
        run = business(SUMMARIES, state=since, **WAYS[way])
    (record,) = run.records(SUMMARIES)
    assert record["cust_account_id"] == OTHER
    numbers = {item["invoice_number"] for item in record["recent_invoices"]}
    assert numbers == {"I1", "I2", "T2"}


@pytest.mark.parametrize("way", list(WAYS))
def test_every_account_of_a_party_is_sent(site: Site, business: ReadBusiness, way: str) -> None:
    since = bookmark(midnight(site.sandbox))
    twin = {"PARTY_ID": ACCOUNT, "ACCOUNT_NUMBER": "A1b", "STATUS": "A", "LAST_UPDATE_DATE": LONG_AGO}
    with (
        added(site.sandbox, "HZ_CUST_ACCOUNTS", CUST_ACCOUNT_ID=880_009, **twin),
        changed(site.sandbox, "PO_LINES_ALL", site.row("PO_LINES_ALL")),
    ):
        records = business(SUMMARIES, state=since, **WAYS[way]).records(SUMMARIES)
    assert ids(records) == [ACCOUNT, 880_009]
    assert [record["open_order_count"] for record in records] == [2, 1]
    assert [record["supplier_number"] for record in records] == ["S1", "S1"]


@pytest.mark.parametrize("way", list(WAYS))
def test_a_rate_sends_the_customers_whose_documents_it_is_for(
    site: Site, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    rate = {"FROM_CURRENCY": "USD", "TO_CURRENCY": "CHF", "CONVERSION_TYPE": "Corporate"}
    of_old, of_new = site.when(-40), site.when(-20)
    with (
        added(site.sandbox, "GL_DAILY_RATES", CONVERSION_DATE=of_old, CONVERSION_RATE="0.8", **rate) as old,
        added(site.sandbox, "GL_DAILY_RATES", CONVERSION_DATE=of_new, CONVERSION_RATE="0.9", **rate),
        changed(site.sandbox, "GL_DAILY_RATES", old, LAST_UPDATE_DATE=LONG_AGO),
    ):
        late = business(SUMMARIES, state=since, summary_currency="CHF", **WAYS[way]).records(SUMMARIES)
    # The documents made here are older than the new rate, and so are those of long ago.
    assert not {ACCOUNT, OTHER} & set(ids(late))
    with added(site.sandbox, "GL_DAILY_RATES", CONVERSION_DATE=of_old, CONVERSION_RATE="0.8", **rate):
        run = business(SUMMARIES, state=since, summary_currency="CHF", **WAYS[way])
        other = business(SUMMARIES, state=since, summary_currency="EUR", **WAYS[way])
        spot = business(SUMMARIES, state=since, summary_currency="CHF", rate_type="Spot", **WAYS[way])
    records = {record["cust_account_id"]: record for record in run.records(SUMMARIES)}
    assert {ACCOUNT, OTHER} <= set(records)
    assert records[ACCOUNT]["currency"] == "CHF"
    assert records[ACCOUNT]["spend_total"] == Decimal("112.4")
    assert records[ACCOUNT]["open_order_amount"] == Decimal("51.2")
    assert other.records(SUMMARIES) + spot.records(SUMMARIES) == []


CONTACT_ROWS = [
    ("HZ_CUST_ACCOUNT_ROLES", 880_001, [880_001]),
    ("HZ_RELATIONSHIPS", 880_001, [880_001, 880_101]),
    ("HZ_ORG_CONTACTS", 880_001, [880_001, 880_101]),
    ("HZ_PARTIES", 880_101, [880_001, 880_101]),
    ("HZ_PARTIES", 880_201, [880_001, 880_101]),
    ("HZ_CONTACT_POINTS", 880_001, [880_001, 880_101]),
    ("HZ_CUST_ACCOUNTS", 880_001, [880_001, 880_101]),
    ("HZ_CUST_ACCT_SITES_ALL", 880_001, [880_101]),
    ("HZ_PARTIES", 880_001, []),
]


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize(("table", "key", "wanted"), CONTACT_ROWS)
def test_a_change_in_a_table_behind_sends_those_contacts_and_no_other(
    site: Site, business: ReadBusiness, table: str, key: int, wanted: list[int], way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    row = next(row for row in rows(site.sandbox, table) if row[KEYS[table][0]] == key)
    with changed(site.sandbox, table, row):
        run = business(CONTACTS, state=since, **WAYS[way])
    assert ids(run.records(CONTACTS), "cust_account_role_id") == wanted


@pytest.mark.parametrize("way", list(WAYS))
def test_a_contact_point_of_a_site_is_nobodys(site: Site, business: ReadBusiness, way: str) -> None:
    since = bookmark(midnight(site.sandbox))
    point = {"OWNER_TABLE_NAME": "HZ_PARTY_SITES", "OWNER_TABLE_ID": ACCOUNT + 200, "STATUS": "A"}
    with added(site.sandbox, "HZ_CONTACT_POINTS", CONTACT_POINT_TYPE="EMAIL", EMAIL_ADDRESS="x@y.z", **point):
        assert business(CONTACTS, state=since, **WAYS[way]).records(CONTACTS) == []


EDGES: list[tuple[str, str, dict[str, Any], int, dict[str, Any]]] = [
    # table, column, other columns, days from today, what the day later says
    ("AP_INVOICES_ALL", "INVOICE_DATE", {}, -89, {"recent_invoice_count": 1}),
    ("RA_CUSTOMER_TRX_ALL", "TRX_DATE", {}, -89, {"recent_invoice_count": 1}),
    ("AP_PAYMENT_SCHEDULES_ALL", "DUE_DATE", {}, 0, {"overdue_count": 1, "overdue_amount": Decimal("100.5")}),
    ("AR_PAYMENT_SCHEDULES_ALL", "DUE_DATE", {}, 0, {"overdue_count": 1, "overdue_amount": 15}),
    ("AP_SUPPLIERS", "END_DATE_ACTIVE", {}, 1, {"supplier_number": "S1"}),
    ("AP_SUPPLIER_SITES_ALL", "INACTIVE_DATE", {}, 1, {"supplier_site": "MAIN"}),
    ("GL_CODE_COMBINATIONS", "END_DATE_ACTIVE", {}, 0, {"excluded_count": 1}),
    ("GL_CODE_COMBINATIONS", "START_DATE_ACTIVE", {}, 1, {"excluded_count": 1}),
]


@contextlib.contextmanager
def days_later(sandbox: RunningSandbox, days: int) -> Iterator[None]:
    sandbox.control.jump(days * 86_400)
    try:
        yield
    finally:
        sandbox.control.jump(-days * 86_400)


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize(("table", "column", "more", "days", "wanted"), EDGES)
def test_a_day_that_goes_by_sends_the_customer_whose_document_passes_an_edge(
    site: Site,
    business: ReadBusiness,
    table: str,
    column: str,
    more: dict[str, Any],
    days: int,
    wanted: dict[str, Any],
    way: str,
) -> None:
    quiet = {"LAST_UPDATE_DATE": LONG_AGO, column: site.when(days), **more}
    since = bookmark(midnight(site.sandbox) + dt.timedelta(hours=1))
    near = others_near(site, business, since, way)
    with changed(site.sandbox, table, site.row(table), **quiet):
        same_day = business(SUMMARIES, state=since, **WAYS[way])
        with days_later(site.sandbox, 1):
            run = business(SUMMARIES, state=since, **WAYS[way])
    assert same_day.records(SUMMARIES) == []
    found = {record["cust_account_id"]: record for record in run.records(SUMMARIES)}
    assert set(found) - near == {ACCOUNT}
    assert {name: found[ACCOUNT][name] for name in wanted} == wanted


def others_near(site: Site, business: ReadBusiness, since: dict[str, Any], way: str) -> set[int]:
    """The generated customers whose own documents pass an edge at the same midnight."""
    if way not in NEAR:
        with days_later(site.sandbox, 1):
            NEAR[way] = set(ids(business(SUMMARIES, state=since, **WAYS[way]).records(SUMMARIES)))
        assert ACCOUNT not in NEAR[way]
    return NEAR[way]


@pytest.mark.parametrize("way", list(WAYS))
def test_a_year_ends_by_the_rule_of_add_months(site: Site, business: ReadBusiness, way: str) -> None:
    today = midnight(site.sandbox).date()
    row = site.row("AP_INVOICES_ALL")
    a_year_before_tomorrow = (today + DAY).replace(year=today.year - 1)
    quiet = {"LAST_UPDATE_DATE": LONG_AGO, "INVOICE_DATE": f"{a_year_before_tomorrow}T00:00:00"}
    since = bookmark(midnight(site.sandbox) + dt.timedelta(hours=1))
    near = others_near(site, business, since, way)
    with changed(site.sandbox, "AP_INVOICES_ALL", row, **quiet):
        before = business(SUMMARIES, keys=[ACCOUNT], **WAYS[way]).records(SUMMARIES)
        with days_later(site.sandbox, 1):
            run = business(SUMMARIES, state=since, **WAYS[way])
    found = {record["cust_account_id"]: record for record in run.records(SUMMARIES)}
    assert set(found) - near == {ACCOUNT}
    assert before[0]["spend_last_12_months"] == Decimal("140.5")
    assert found[ACCOUNT]["spend_last_12_months"] == 40
    assert found[ACCOUNT]["spend_total"] == Decimal("140.5")


@pytest.mark.parametrize("way", list(WAYS))
def test_slices_judge_by_one_day_and_cross_each_edge_once(
    site: Site, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(site.sandbox) + dt.timedelta(hours=1))
    quiet = {"LAST_UPDATE_DATE": LONG_AGO, "DUE_DATE": site.when(1)}
    row = site.row("AP_PAYMENT_SCHEDULES_ALL")
    with changed(site.sandbox, "AP_PAYMENT_SCHEDULES_ALL", row, **quiet), days_later(site.sandbox, 5):
        whole = business(SUMMARIES, state=since, **WAYS[way])
        sliced = business(SUMMARIES, state=since, window_days=1, **WAYS[way])
    assert len(sliced.states) > len(whole.states)
    mine = [record for record in sliced.records(SUMMARIES) if record["cust_account_id"] == ACCOUNT]
    (once,) = (record for record in whole.records(SUMMARIES) if record["cust_account_id"] == ACCOUNT)
    assert all(record == once for record in mine)
    # The package may send a little more than what crossed.
    assert len(mine) == 1 or way == "plsql"
    assert mine[0]["overdue_count"] == 1


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ENABLED_FLAG": "N"}, "is disabled"),
        ({"SUMMARY_FLAG": "Y"}, "is a summary account"),
        ({"TEMPLATE_ID": 5}, "is a template account"),
        ({"DETAIL_POSTING_ALLOWED_FLAG": "N"}, "allows no detail posting"),
        ({"END_DATE_ACTIVE": "2020-01-01T00:00:00"}, "is not active on "),
    ],
)
def test_an_account_that_fails_leaves_its_documents_out_until_it_passes_again(
    site: Site, business: ReadBusiness, values: dict[str, Any], reason: str, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    row = site.row("GL_CODE_COMBINATIONS")
    with changed(site.sandbox, "GL_CODE_COMBINATIONS", row, **values):
        broken = business(SUMMARIES, EXCLUSIONS, state=since, **WAYS[way])
    (summary,) = broken.records(SUMMARIES)
    assert (summary["excluded_count"], summary["open_order_count"]) == (2, 1)
    assert summary["spend_total"] == 40
    letters = broken.records(EXCLUSIONS)
    assert [(letter["document_type"], letter["document_id"]) for letter in letters] == [
        ("purchase_order", ACCOUNT),
        ("supplier_invoice", ACCOUNT),
    ]
    assert all(letter["reason"].startswith(f"account {CODE} {reason}") for letter in letters)
    assert all(letter["_sdc_deleted_at"] is None for letter in letters)
    # Enabled again, as the clerk who reads the letter does.
    mended = {**row}
    mended.pop("LAST_UPDATE_DATE")
    with changed(site.sandbox, "GL_CODE_COMBINATIONS", row, **mended):
        run = business(SUMMARIES, EXCLUSIONS, state=since, **WAYS[way])
    (summary,) = run.records(SUMMARIES)
    assert (summary["excluded_count"], summary["open_order_count"]) == (0, 2)
    assert summary["spend_total"] == Decimal("140.5")
    assert [letter["document_id"] for letter in run.records(EXCLUSIONS)] == [ACCOUNT, ACCOUNT]
    assert all(letter["_sdc_deleted_at"] and not letter["reason"] for letter in run.records(EXCLUSIONS))


@pytest.mark.parametrize("way", list(WAYS))
def test_a_closed_order_and_a_cancelled_invoice_end_their_letters(
    site: Site, business: ReadBusiness, way: str
) -> None:
    since = bookmark(midnight(site.sandbox))
    disabled = {"ENABLED_FLAG": "N", "LAST_UPDATE_DATE": LONG_AGO}
    with (
        changed(site.sandbox, "GL_CODE_COMBINATIONS", site.row("GL_CODE_COMBINATIONS"), **disabled),
        changed(site.sandbox, "PO_HEADERS_ALL", site.row("PO_HEADERS_ALL"), CLOSED_CODE="CLOSED"),
    ):
        (letter,) = business(EXCLUSIONS, state=since, **WAYS[way]).records(EXCLUSIONS)
    assert (letter["document_type"], letter["document_id"]) == ("purchase_order", ACCOUNT)
    assert letter["_sdc_deleted_at"]
