"""EBS to Zendesk by real tap and target processes in a pipe, with the mapping of meltano.yml."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from e2e.customers import Customers, Organizations, northwind_customers
from e2e.pipe import Pipe
from e2e.project import plugin_settings, summary_of
from fixtures.postgres import PostgresServer

from ml_sandbox.testing import RunningSandbox

DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))
COUNTRIES = {"Germany": "DE", "Mexico": "MX", "UK": "GB", "Sweden": "SE", "Brazil": "BR", "USA": "US"}


@pytest.fixture(params=DATABASES)
def ledger(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings of a new ledger on each database."""
    if request.param == "sqlite":
        return {}
    server: PostgresServer = request.getfixturevalue("postgres")
    return {"ledger_url": server.new_database()}


def active(customers: Customers) -> list[str]:
    """The account numbers of the active customers."""
    rows = customers.control.rows("ebs", "HZ_CUST_ACCOUNTS")
    return sorted(row["ACCOUNT_NUMBER"] for row in rows if row["STATUS"] == "A")


def test_northwind_becomes_organizations_with_every_field(
    trading: RunningSandbox, northwind: Path, tmp_path: Path
) -> None:
    assert Pipe(trading, tmp_path).integrate().check().outcomes == {"created": 93}
    found = Organizations(trading.control).all()
    rows = {str(row["CustomerID"]): row for row in northwind_customers(northwind)}
    assert found.keys() == rows.keys()
    names = [row["CompanyName"] for row in rows.values()]
    for number, row in rows.items():
        organization, fields = found[number], found[number]["organization_fields"]
        name = row["CompanyName"]
        assert organization["name"] in {name, f"{name} ({number})"}
        assert (organization["name"] == name) or names.count(name) > 1
        assert organization["domain_names"] == []
        assert fields["ebs_account_name"] == name
        assert fields["ebs_email"] == f"contact@{number}.example"
        assert fields["ebs_city"] == row["City"]
        assert fields["ebs_state"] == row["Region"]
        assert fields["ebs_postal_code"] == row["PostalCode"]
        assert fields["ebs_phone"] == row["Phone"]
        assert fields["ebs_address"] == (row["Address"] and ", ".join(row["Address"].split("\r\n")))
        assert fields["ebs_country"] == COUNTRIES.get(row["Country"], fields["ebs_country"])
        assert fields["ebs_status"] == "ebs_active"
        assert fields["ebs_credit_hold"] is False
        assert fields["ebs_credit_limit"] >= 5000
        assert fields["ebs_terms"]


def test_of_two_customers_with_one_name_the_second_gets_its_number(
    trading: RunningSandbox, tmp_path: Path
) -> None:
    Pipe(trading, tmp_path).integrate().check()
    names = [row["name"] for row in Organizations(trading.control).all().values()]
    assert sorted(name for name in names if name.split(" (")[0] == "IT") == ["IT", "IT (VALON)"]


def test_a_further_run_writes_what_changed_and_nothing_else(
    ledger: dict[str, Any], pipe: Pipe, customers: Customers, organizations: Organizations
) -> None:
    numbers = active(customers)
    assert pipe.integrate(**ledger).check().outcomes["created"] == len(numbers)
    customers.control.clear_requests()
    assert set(pipe.integrate(**ledger).check().outcomes) <= {"unchanged", "ignored"}
    assert organizations.writes() == []

    before = organizations.all()
    customers.move(numbers[0], CITY="Aarhus")
    customers.change_party(numbers[1], PARTY_NAME="Renamed Traders")
    customers.change_account(numbers[2], ACCOUNT_NAME="Renamed account")
    assert pipe.integrate(**ledger).check().outcomes["updated"] == 3
    assert organizations.written() == numbers[:3]
    after = organizations.all()
    assert [number for number in after if after[number] != before[number]] == numbers[:3]
    assert after[numbers[0]]["organization_fields"]["ebs_city"] == "Aarhus"
    assert after[numbers[1]]["name"] == "Renamed Traders"
    assert after[numbers[2]]["organization_fields"]["ebs_account_name"] == "Renamed account"


def test_a_lost_ledger_and_a_full_refresh_double_nothing_and_write_nothing(
    pipe: Pipe, organizations: Organizations
) -> None:
    created = pipe.integrate().check().outcomes["created"]
    before = organizations.all()
    shutil.rmtree(pipe.folder / "home")
    organizations.control.clear_requests()
    run = pipe.integrate(full_refresh=True).check()
    assert run.outcomes["unchanged"] == created
    assert organizations.writes() == []
    assert organizations.all() == before


@pytest.mark.parametrize(("status", "shown"), [("I", "ebs_inactive"), ("M", "ebs_merged")])
def test_an_inactive_customer_is_never_created_and_never_deleted(
    pipe: Pipe, customers: Customers, organizations: Organizations, status: str, shown: str
) -> None:
    numbers = active(customers)
    assert len(numbers) < len(customers.control.rows("ebs", "HZ_CUST_ACCOUNTS"))
    pipe.integrate().check()
    assert sorted(organizations.all()) == numbers

    customers.change_account(numbers[0], STATUS=status)
    assert pipe.integrate().check().outcomes["updated"] == 1
    assert sorted(organizations.all()) == numbers
    assert organizations.all()[numbers[0]]["organization_fields"]["ebs_status"] == shown


def test_an_inactive_customer_that_zendesk_has_is_found_again_by_a_new_ledger(
    pipe: Pipe, customers: Customers, organizations: Organizations
) -> None:
    pipe.integrate().check()
    number = active(customers)[0]
    customers.change_account(number, STATUS="I")
    pipe.integrate().check()
    shutil.rmtree(pipe.folder / "home")
    organizations.control.clear_requests()
    pipe.integrate(full_refresh=True).check()
    assert organizations.writes() == []
    customers.move(number, CITY="Aarhus")
    assert pipe.integrate().check().outcomes["updated"] == 1
    assert organizations.written() == [number]


def test_a_prefix_names_organizations_of_one_source_among_others(
    pipe: Pipe, customers: Customers, organizations: Organizations
) -> None:
    tables = plugin_settings("target-zendesk-ml")["stream_map_config"]
    pipe.integrate(stream_map_config={**tables, "external_id_prefix": "EBS-"}).check()
    assert sorted(organizations.all()) == sorted(f"EBS-{number}" for number in active(customers))


def test_a_dry_run_says_what_the_next_run_does_and_writes_nothing(
    pipe: Pipe, customers: Customers, organizations: Organizations
) -> None:
    pipe.integrate().check()
    numbers = active(customers)
    customers.move(numbers[0], CITY="Aarhus")
    customers.move(numbers[1], COUNTRY="XYZ")
    organizations.control.clear_requests()
    planned = pipe.integrate(dry_run=True).check()
    assert planned.states == []
    assert organizations.writes() == []
    done = pipe.integrate().check()
    counts = summary_of(planned.target_log, "target-zendesk-ml")["plan"]
    assert counts["update"] == summary_of(done.target_log, "target-zendesk-ml")["outcomes"]["updated"] + 1
    assert counts["create"] == 0


def test_settings_given_as_text_are_read_as_numbers(pipe: Pipe, organizations: Organizations) -> None:
    pipe.settings["tap-oracle-ebs"] = {"window_lag": "0", "page_size": "7", "key_list_filter": "true"}
    pipe.integrate(quota_share="0.5", batch_rows="10", remap="false").check()
    assert organizations.all()
