"""EBS to Zendesk by each login, with and without bulk user imports, and into a Zendesk that is not empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import requests
import yaml
from e2e.customers import Organizations
from e2e.pipe import Pipe, PipeRun
from e2e.project import FAST_JOBS, ROOT, plugin_settings, summary_of
from fixtures.sandboxes import running_sandbox

from ml_connector.ledger import Letter, LetterFilter
from ml_connector.ledger_access import open_ledger
from ml_sandbox.testing import ControlClient, RunningSandbox
from ml_sandbox.zendesk import seed

Row = dict[str, Any]
STREAMS = ("customers", "customer_contacts")


@pytest.fixture
def people(generated: RunningSandbox, tmp_path: Path) -> Pipe:
    """Customers and their contacts."""
    return Pipe(generated, tmp_path, {"tap-oracle-ebs": {"access": "plsql"}}, STREAMS)


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Pipe]:
    """More contacts than one job takes."""
    with running_sandbox(customers=120, seed=7, settings=FAST_JOBS) as running:
        yield Pipe(running, tmp_path, {"tap-oracle-ebs": {"access": "plsql"}}, STREAMS)


def contacts(control: ControlClient) -> list[Row]:
    """The end users of Zendesk; one external id or address twice fails."""
    rows = [row for row in control.rows("zendesk", "users") if row["role"] == "end-user"]
    assert len({row["external_id"] for row in rows}) == len(rows)
    assert len({row["email"] or row["id"] for row in rows}) == len(rows)
    return rows


def check_complete(pipe: Pipe, run: PipeRun) -> None:
    """Every record that was created is there once, and the next run writes nothing."""
    control = pipe.sandbox.control
    held = len(Organizations(control).all()), len(contacts(control))
    assert run.outcomes["created"] == sum(held)
    assert min(held) > 20
    control.clear_requests()
    again = pipe.integrate(full_refresh=True).check()
    assert control.requests("zendesk", writes_only=True) == []
    assert set(again.outcomes) <= {"unchanged", "ignored", "rejected"}


def first_refresh_token(sandbox: RunningSandbox) -> str:
    """What `ml-connector authorize` would have got: a token pair for a code."""
    address = f"{sandbox.url}/zendesk/oauth"
    asked = {
        "response_type": "code",
        "client_id": seed.CLIENT_ID,
        "redirect_uri": seed.REDIRECT_URI,
        "scope": "read write",
    }
    answer = requests.get(f"{address}/authorizations/new", params=asked, allow_redirects=False, timeout=30)
    (code,) = parse_qs(urlparse(answer.headers["Location"]).query)["code"]
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": seed.CLIENT_ID,
        "client_secret": seed.CLIENT_SECRET,
        "redirect_uri": seed.REDIRECT_URI,
        "scope": "read write",
    }
    granted = requests.post(f"{address}/tokens", json=given, timeout=30)
    return str(granted.json()["refresh_token"])


def login(name: str, sandbox: RunningSandbox) -> Row:
    """The settings of a login."""
    if name == "api_token":
        return {"email": seed.ADMIN_EMAIL, "api_token": seed.API_TOKEN, "client_secret": ""}
    if name == "refresh_token":
        return {"refresh_token": first_refresh_token(sandbox)}
    return {}


@pytest.mark.parametrize("name", ["client_credentials", "refresh_token", "api_token"])
def test_each_login_and_a_token_that_dies_in_mid_run(people: Pipe, name: str) -> None:
    control = people.sandbox.control
    people.settings["target-zendesk-ml"] = {"auth_mode": name, **login(name, people.sandbox)}
    control.clear_requests()
    if name != "api_token":
        control.faults(
            {"system": "zendesk", "path": "*/users/create_many", "fault": "expire_token"},
            {"system": "zendesk", "path": "*/job_statuses/show_many*", "fault": "expire_token"},
        )
    run = people.integrate().check()
    paths = [request["path"] for request in control.requests("zendesk")]
    assert paths.count("/oauth/tokens") == (0 if name == "api_token" else 3)
    # The refresh token of the settings is dead by now: the next run goes on with the stored one.
    check_complete(people, run)


def test_a_rotated_refresh_token_outlives_a_run_that_could_not_use_it(people: Pipe) -> None:
    """The pair is stored before it is used; the one in the settings is dead after the first run."""
    control = people.sandbox.control
    people.settings["target-zendesk-ml"] = {
        "auth_mode": "refresh_token",
        "max_retries": 0,
        **login("refresh_token", people.sandbox),
    }
    control.faults({"system": "zendesk", "path": "/api/*", "fault": "reset", "times": None})
    first = people.integrate()
    assert first.target_exit == 4, first.target_log
    control.faults({"system": "zendesk", "path": "/api/*", "fault": "expire_token"})
    people.integrate(full_refresh=True).check()
    assert len(contacts(control)) > 20


@pytest.mark.parametrize("imports", ["on", "off", "switched off"])
def test_bulk_user_imports(crowd: Pipe, imports: str) -> None:
    control = crowd.sandbox.control
    if imports == "off":
        control.settings(zendesk={"bulk_user_imports": False})
    elif imports == "switched off":
        body = {"error": {"title": "Forbidden", "message": "Bulk user imports are not enabled."}}
        refused = {"fault": "status", "status": 403, "body": body, "after": 1, "times": None}
        control.faults({"system": "zendesk", "path": "*/users/create_many", **refused})
    control.clear_requests()
    run = crowd.integrate().check()
    paths = [
        request["path"].removeprefix("/api/v2/") for request in control.requests("zendesk", writes_only=True)
    ]
    jobs, singles = paths.count("users/create_many"), paths.count("users")
    assert {"on": jobs > 1 and not singles, "off": jobs == 1, "switched off": jobs == 2}[imports]
    assert (singles > 0) == (imports != "on")
    said = summary_of(run.target_log, "target-zendesk-ml")
    assert said.get("bulk_user_imports", True) is (imports == "on")
    assert run.target_log.count("Zendesk refused a bulk user import") == (imports != "on")
    assert control.rows("zendesk", "mails") == []
    control.faults()
    check_complete(crowd, run)


def test_a_zendesk_that_holds_half_of_the_customers(people: Pipe) -> None:
    """The same names in other letters and without external ids; one of them is there twice."""
    control = people.sandbox.control
    parties = {row["PARTY_ID"]: row["PARTY_NAME"] for row in control.rows("ebs", "HZ_PARTIES")}
    accounts = {
        row["ACCOUNT_NUMBER"]: parties[row["PARTY_ID"]]
        for row in control.rows("ebs", "HZ_CUST_ACCOUNTS")
        if row["STATUS"] == "A"
    }
    names = [name for name in accounts.values() if list(accounts.values()).count(name) == 1]
    half = names[: len(accounts) // 2]
    held = [{"name": f" {name.upper()} ", "notes": "by an agent"} for name in half]
    control.put_rows("zendesk", "organizations", held)
    control.settings(zendesk={"twin_seconds": 60})
    control.put_rows("zendesk", "organizations", [{"id": 901, "name": half[0]}, {"id": 902, "name": half[1]}])
    control.settings(zendesk={"twin_seconds": 0})
    before = {row["id"]: row for row in control.rows("zendesk", "organizations")}
    run = people.integrate().check()
    rows = control.rows("zendesk", "organizations")
    ours = {row["external_id"]: row for row in rows if row["external_id"]}
    twins = {number for number, name in accounts.items() if name in half[:2]}
    assert ours.keys() == accounts.keys() - twins
    taken = [row for row in ours.values() if row["id"] in before]
    assert len(taken) == len(half) - 2
    assert {row["notes"] for row in taken} == {"by an agent"}
    assert len(rows) == len(accounts) - 2 + 4, "no duplicate"
    letters = {letter.identity: letter for letter in open_letters(people) if letter.cause == "ambiguous"}
    assert letters.keys() == twins
    for number, letter in letters.items():
        same = [row for row in before.values() if row["name"].strip().upper() == accounts[number].upper()]
        assert all(str(row["id"]) in letter.reason for row in same), letter.reason
    assert run.outcomes["rejected"] >= 2


def test_a_person_who_is_a_contact_of_two_customers_belongs_to_both(people: Pipe) -> None:
    """By a second way of the same stream, as the documentation shows it."""
    control = people.sandbox.control
    points = {
        row["OWNER_TABLE_ID"]: row
        for row in control.rows("ebs", "HZ_CONTACT_POINTS")
        if row["CONTACT_POINT_TYPE"] == "EMAIL" and row["STATUS"] == "A"
    }
    roles = [row for row in control.rows("ebs", "HZ_CUST_ACCOUNT_ROLES") if row["PARTY_ID"] in points]
    first = next(row for row in roles if row["STATUS"] == "A")
    second = next(
        row for row in roles if row["STATUS"] == "A" and row["CUST_ACCOUNT_ID"] != first["CUST_ACCOUNT_ID"]
    )
    address = points[first["PARTY_ID"]]["EMAIL_ADDRESS"]
    point = points[second["PARTY_ID"]]["CONTACT_POINT_ID"]
    control.put_rows("ebs", "HZ_CONTACT_POINTS", [{"CONTACT_POINT_ID": point, "EMAIL_ADDRESS": address}])
    maps = plugin_settings("target-zendesk-ml")["stream_maps"]
    people.settings["target-zendesk-ml"] = {
        "stream_maps": {**maps, "organization_memberships": documented_map()}
    }
    people.integrate().check()
    numbers = {
        row["CUST_ACCOUNT_ID"]: row["ACCOUNT_NUMBER"] for row in control.rows("ebs", "HZ_CUST_ACCOUNTS")
    }
    wanted = {numbers[row["CUST_ACCOUNT_ID"]] for row in (first, second)}
    (user,) = (row for row in contacts(control) if row["email"] == address.lower())
    names = {row["id"]: row["external_id"] for row in control.rows("zendesk", "organizations")}
    memberships = control.rows("zendesk", "organization_memberships")
    held = [names[row["organization_id"]] for row in memberships if row["user_id"] == user["id"]]
    assert (set(held), len(held)) == (wanted, 2)
    assert len(memberships) > len(contacts(control))
    control.clear_requests()
    people.integrate(full_refresh=True).check()
    assert control.requests("zendesk", writes_only=True) == []


def documented_map() -> Row:
    """The block of docs/ebs-zendesk.md that maps memberships."""
    text = (ROOT / "docs" / "ebs-zendesk.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\norganization_memberships:\n(.*?)```", text, re.DOTALL)
    found: Row = yaml.safe_load(block)
    return found


def open_letters(pipe: Pipe) -> list[Letter]:
    """The open letters of the integration."""
    ledger = open_ledger(f"sqlite:///{pipe.folder}/home/ledger.db")
    try:
        with ledger.read("ebs-zendesk", "zendesk") as tx:
            return list(tx.letters.select(LetterFilter(only_open=True)))
    finally:
        ledger.close()
