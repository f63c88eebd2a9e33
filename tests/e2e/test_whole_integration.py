"""All streams of EBS to Zendesk, in both ways of access: organizations, users, figures, what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from e2e.customers import Organizations
from e2e.pipe import Pipe
from e2e.project import FAST_JOBS, selected_streams
from fixtures.sandboxes import running_sandbox

from ml_connector.ledger import Letter, LetterFilter
from ml_connector.ledger_access import open_ledger
from ml_sandbox.testing import ControlClient

Row = dict[str, Any]
ACCESS = ("rest_get", "plsql")


@dataclass(frozen=True)
class Loaded:
    """The whole integration by one way of access, all customers in, and what EBS was asked for that."""

    pipe: Pipe
    requests: list[Row]


@pytest.fixture(scope="module", params=ACCESS)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Loaded once: each test changes what no other looks at, and leaves nothing to be carried."""
    settings = {"tap-oracle-ebs": {"access": request.param, "orders_from": "both"}}
    with running_sandbox(customers=40, seed=7, settings=FAST_JOBS) as sandbox:
        pipe = Pipe(sandbox, tmp_path_factory.mktemp(request.param), settings, selected_streams())
        pipe.integrate().check()
        yield Loaded(pipe, sandbox.control.requests("ebs"))


@pytest.fixture
def whole(loaded: Loaded) -> Pipe:
    """Tap and target with all customers in."""
    return loaded.pipe


def users(control: ControlClient) -> dict[str, Row]:
    """The end users of Zendesk by external id."""
    rows = [row for row in control.rows("zendesk", "users") if row["role"] == "end-user"]
    return {row["external_id"]: row for row in rows}


def letters(pipe: Pipe) -> dict[str | None, Letter]:
    """The open letters by identity."""
    ledger = open_ledger(f"sqlite:///{pipe.folder}/home/ledger.db")
    try:
        with ledger.read("ebs-zendesk", "zendesk") as tx:
            return {letter.identity: letter for letter in tx.letters.select(LetterFilter(only_open=True))}
    finally:
        ledger.close()


def active_contacts(control: ControlClient) -> dict[str, Row]:
    """Roles of contacts that have not ended, of active accounts, by the id that Zendesk knows."""
    accounts = {row["CUST_ACCOUNT_ID"]: row for row in control.rows("ebs", "HZ_CUST_ACCOUNTS")}
    related = {row["PARTY_ID"] for row in control.rows("ebs", "HZ_RELATIONSHIPS") if row["STATUS"] == "A"}
    return {
        str(row["CUST_ACCOUNT_ROLE_ID"]): accounts[row["CUST_ACCOUNT_ID"]]
        for row in control.rows("ebs", "HZ_CUST_ACCOUNT_ROLES")
        if row["STATUS"] == "A"
        and row["PARTY_ID"] in related
        and accounts[row["CUST_ACCOUNT_ID"]]["STATUS"] == "A"
    }


def test_every_active_contact_is_a_user_of_its_organization(whole: Pipe) -> None:
    control = whole.sandbox.control
    organizations, wanted, found = Organizations(control).all(), active_contacts(control), users(control)
    assert len(wanted) > 20
    # A contact of two accounts with one address is one user; the second is a letter.
    twice = {key: each.reason for key, each in letters(whole).items() if each.stream == "customer_contacts"}
    assert len(twice) < 3
    assert all("is held by another record" in reason for reason in twice.values())
    assert found.keys() == wanted.keys() - twice.keys()
    for key, user in found.items():
        assert user["organization_id"] == organizations[wanted[key]["ACCOUNT_NUMBER"]]["id"]
    assert control.rows("zendesk", "mails") == []


def test_a_second_run_writes_nothing_and_ebs_saw_no_write(whole: Pipe, loaded: Loaded) -> None:
    control = whole.sandbox.control
    before = Organizations(control).all(), users(control)
    control.clear_requests()
    again = whole.integrate().check()
    assert set(again.outcomes) <= {"unchanged", "ignored", "rejected"}
    assert control.requests("zendesk", writes_only=True) == []
    assert (Organizations(control).all(), users(control)) == before
    sent = [*loaded.requests, *control.requests("ebs")]
    assert not [each for each in sent if each["write"]]
    posted = [each["path"] for each in sent if each["method"] != "GET"]
    assert all("/rest/mlread/" in path or path.rstrip("/").endswith("/logout") for path in posted)


def test_a_new_invoice_changes_the_figures_of_one_organization(whole: Pipe) -> None:
    control = whole.sandbox.control
    before = Organizations(control).all()
    trx = next(
        row
        for row in control.rows("ebs", "AR_PAYMENT_SCHEDULES_ALL")
        if row["CLASS"] == "INV" and row["AMOUNT_DUE_REMAINING"] > 0
    )
    paid = {"PAYMENT_SCHEDULE_ID": trx["PAYMENT_SCHEDULE_ID"], "AMOUNT_DUE_REMAINING": 0, "STATUS": "CL"}
    control.put_rows("ebs", "AR_PAYMENT_SCHEDULES_ALL", [paid])
    control.clear_requests()
    assert whole.integrate().check().outcomes["updated"] == 1
    after = Organizations(control).all()
    (number,) = (name for name in after if after[name] != before[name])
    accounts = {row["CUST_ACCOUNT_ID"]: row for row in control.rows("ebs", "HZ_CUST_ACCOUNTS")}
    assert accounts[trx["CUSTOMER_ID"]]["ACCOUNT_NUMBER"] == number
    old, new = (rows[number]["organization_fields"] for rows in (before, after))
    number_of = {name: Decimal(str(values["ebs_balance"])) for name, values in (("old", old), ("new", new))}
    assert number_of["old"] - number_of["new"] == Decimal(str(trx["AMOUNT_DUE_REMAINING"]))
    assert old["ebs_spend_total"] == new["ebs_spend_total"]


def test_a_document_that_is_left_out_is_a_letter_until_its_account_is_mended(whole: Pipe) -> None:
    control = whole.sandbox.control
    accounts = control.rows("ebs", "GL_CODE_COMBINATIONS")
    invoice = control.rows("ebs", "AP_INVOICES_ALL")[0]["INVOICE_ID"]
    account = next(
        row["DIST_CODE_COMBINATION_ID"]
        for row in control.rows("ebs", "AP_INVOICE_DISTRIBUTIONS_ALL")
        if row["INVOICE_ID"] == invoice
    )
    assert account in {row["CODE_COMBINATION_ID"] for row in accounts}
    before, counted = left_out(whole), excluded(control)
    switch(control, account, "N")
    whole.integrate().check()
    new = left_out(whole).keys() - before.keys()
    assert f"({invoice})" in " ".join(map(str, new))
    assert {letters(whole)[key].reason.partition(".")[0] for key in new} == {
        f"Left out of the figures: account {account} is disabled"
    }
    assert excluded(control) > counted
    switch(control, account, "Y")
    whole.integrate().check()
    assert left_out(whole).keys() == before.keys()
    assert excluded(control) == counted


def left_out(pipe: Pipe) -> dict[str | None, Letter]:
    """The letters of documents."""
    found = letters(pipe)
    return {key: letter for key, letter in found.items() if letter.stream == "customer_exclusions"}


def excluded(control: ControlClient) -> int:
    """How many documents are left out, by what Zendesk shows."""
    fields = [row["organization_fields"] for row in Organizations(control).all().values()]
    return sum(each["ebs_excluded"] for each in fields)


def switch(control: ControlClient, account: int, enabled: str) -> None:
    """Enable or disable an account of the general ledger."""
    row = {"CODE_COMBINATION_ID": account, "ENABLED_FLAG": enabled}
    control.put_rows("ebs", "GL_CODE_COMBINATIONS", [row])


def test_what_is_not_wanted_any_more_is_left_and_says_so(whole: Pipe) -> None:
    control = whole.sandbox.control
    key = min(active_contacts(control))
    control.put_rows("ebs", "HZ_CUST_ACCOUNT_ROLES", [{"CUST_ACCOUNT_ROLE_ID": int(key), "STATUS": "I"}])
    assert whole.integrate().check().outcomes["updated"] == 1
    user = users(control)[key]
    assert user["user_fields"]["ebs_contact_status"] == "ebs_contact_ended"
    assert user["suspended"] is False
