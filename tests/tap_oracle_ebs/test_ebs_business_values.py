"""Business streams have the values of the tables, by SQL written from the rules, in every way of reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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
    midnight,
)
from support.ebs_expected import (
    ROUTES,
    compare_contacts,
    compare_customers,
    compare_exclusions,
    compare_summaries,
)
from support.ebs_odd_rows import make_odd
from support.ebs_sql import Reference

from ml_sandbox.testing import RunningSandbox

NORTHWIND = Path(__file__).parents[2].parent / "shared" / "data" / "northwind"


@pytest.fixture(scope="module")
def served() -> Iterator[RunningSandbox]:
    with running_sandbox(customers=300, seed=11) as running:
        make_odd(running)
        yield running


@pytest.fixture
def business(settings: dict[str, Any]) -> ReadBusiness:
    return ReadBusiness(settings)


@pytest.mark.parametrize("way", ["whole", "plsql"])
@pytest.mark.parametrize("route", list(ROUTES))
def test_summaries_and_exclusions_equal_sql(
    sandbox: RunningSandbox, business: ReadBusiness, route: str, way: str
) -> None:
    run = business(SUMMARIES, EXCLUSIONS, orders_from=route, **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES[route])
    compare_summaries(reference, run.records(SUMMARIES), None)
    compare_exclusions(reference, run.records(EXCLUSIONS))
    kinds = {record["document_type"] for record in run.records(EXCLUSIONS)}
    of_route = {"purchasing": {"purchase_order", "supplier_invoice"}}
    of_route["order_management"] = {"receivable"}
    assert "site_use" in kinds
    assert all(of_route[name] <= kinds for name in ROUTES[route])
    assert any(record["overdue_count"] for record in run.records(SUMMARIES))
    assert any(record["open_order_count"] for record in run.records(SUMMARIES))
    assert any(record["excluded_count"] for record in run.records(SUMMARIES))


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_one_currency_is_converted_at_the_rates_of_the_documents_dates(
    sandbox: RunningSandbox, business: ReadBusiness, way: str
) -> None:
    run = business(SUMMARIES, orders_from="both", summary_currency="USD", **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES["both"])
    records = run.records(SUMMARIES)
    compare_summaries(reference, records, "USD")
    several = [record for record in records if len(record["amounts"]) > 1]
    assert any(record["spend_total"] is None for record in several)
    assert any(record["spend_total"] is not None for record in several)


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_without_the_gl_check_nothing_is_left_out(
    sandbox: RunningSandbox, business: ReadBusiness, way: str
) -> None:
    run = business(SUMMARIES, EXCLUSIONS, orders_from="both", validate_gl=False, **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES["both"])
    reference.connection.execute("DELETE FROM failures")
    compare_summaries(reference, run.records(SUMMARIES), None)
    assert run.records(EXCLUSIONS) == []


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_other_units_count_nowhere(sandbox: RunningSandbox, business: ReadBusiness, way: str) -> None:
    run = business(SUMMARIES, EXCLUSIONS, orders_from="both", org_ids=[458], **WAYS[way])
    reference = Reference(sandbox, midnight(sandbox), ROUTES["both"], units=[458])
    compare_summaries(reference, run.records(SUMMARIES), None)
    compare_exclusions(reference, run.records(EXCLUSIONS))
    assert sum(record["open_order_count"] for record in run.records(SUMMARIES)) > 0


@pytest.mark.parametrize("way", ["whole", "plsql"])
@pytest.mark.parametrize("units", [[], [204]])
def test_contacts_equal_sql(
    sandbox: RunningSandbox, business: ReadBusiness, units: list[int], way: str
) -> None:
    asked: dict[str, Any] = {"org_ids": units} if units else {}
    records = business(CONTACTS, **asked, **WAYS[way]).records(CONTACTS)
    reference = Reference(sandbox, midnight(sandbox), ROUTES["purchasing"], units)
    compare_contacts(reference, records, every_site=not units)
    assert {record["status"] for record in records} == {"A", "I"}
    dialled = [record for record in records if record["phone_extension"]]
    assert dialled
    assert all(record["phone"] == f"+49 {record['phone_number']} ext. 7" for record in dialled)


@pytest.mark.parametrize("way", ["whole", "plsql"])
def test_customers_equal_sql(sandbox: RunningSandbox, business: ReadBusiness, way: str) -> None:
    records = business(CUSTOMERS, **WAYS[way]).records(CUSTOMERS)
    assert len(records) > 300
    compare_customers(Reference(sandbox, midnight(sandbox), ROUTES["purchasing"]), records)


@pytest.mark.skipif(not NORTHWIND.is_dir(), reason="../shared/data/northwind is not there")
def test_northwind_equals_sql(settings: dict[str, Any]) -> None:
    with running_sandbox(data=str(NORTHWIND)) as northwind:
        business = ReadBusiness({**settings, "base_url": f"{northwind.url}/ebs"})
        reference = Reference(northwind, midnight(northwind), ROUTES["both"])
        for way in ("whole", "plsql"):
            run = business(*STREAMS, orders_from="both", **WAYS[way])
            compare_customers(reference, run.records(CUSTOMERS))
            compare_contacts(reference, run.records(CONTACTS))
            compare_summaries(reference, run.records(SUMMARIES), None)
            compare_exclusions(reference, run.records(EXCLUSIONS))
            assert len(run.records(SUMMARIES)) == 93
