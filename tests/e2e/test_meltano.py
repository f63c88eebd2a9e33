"""The integrations by real `meltano run`, in a project as a clone has it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from e2e.agreement import Books
from e2e.customers import Customers, Organizations
from e2e.desk import Desk
from e2e.project import MeltanoProject, meltano_yml, plugin_settings
from fixtures.postgres import PostgresServer

from ml_sandbox.testing import ControlClient, RunningSandbox

pytestmark = pytest.mark.meltano
NUMBERS = ["ALFKI", "ANATR", "ANTON"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> MeltanoProject:
    """The project with its plugins installed, once for all tests."""
    project = MeltanoProject(tmp_path_factory.mktemp("project"))
    project.install()
    return project


@pytest.fixture
def project(installed: MeltanoProject, trading: RunningSandbox, tmp_path: Path) -> MeltanoProject:
    """The project with a new state and a new ledger, for a sandbox whose quick jobs are looked at often."""
    variables = {
        "TAP_ORACLE_EBS_BASE_URL": f"{trading.url}/ebs",
        "TARGET_ZENDESK_ML_BASE_URL": f"{trading.url}/zendesk",
        "TARGET_ZENDESK_ML_JOB_FIRST_POLL": "0.3",
        "TARGET_ZENDESK_ML_JOB_POLL": "0.1",
        "TAP_JDE_BASE_URL": f"{trading.url}/jde",
        "TARGET_JDE_BASE_URL": f"{trading.url}/jde",
        "TAP_ORO_CRM_BASE_URL": f"{trading.url}/oro",
        "TARGET_ORO_CRM_BASE_URL": f"{trading.url}/oro",
        "TAP_ZENDESK_ML_BASE_URL": f"{trading.url}/zendesk",
        "TARGET_ZENDESK_ORO_BASE_URL": f"{trading.url}/zendesk",
        **{
            f"{plugin}_{name}_URL": f"{trading.url}/zoho/{name.lower()}"
            for plugin in ("TAP_ZOHO_CRM", "TARGET_ZOHO_CRM")
            for name in ("ACCOUNTS", "API", "CONTENT")
        },
    }
    return installed.of_test(tmp_path, variables)


def connector(project: MeltanoProject, *arguments: str) -> tuple[int, Any]:
    """Call `ml-connector ... --json` somewhere in the project; its exit code and what it said."""
    done = project.own_command("ml-connector", *arguments, "--json", folder="plugins")
    assert "Traceback" not in done.errors, done.errors
    return done.exit_code, json.loads(done.output or "null")


def test_northwind_is_planned_comes_in_once_and_again_after_the_ledger_was_lost(
    project: MeltanoProject, trading: RunningSandbox
) -> None:
    control = trading.control
    plan = planned(project, control)
    outcomes = comes_in(project, control)
    assert plan["create"] == outcomes["created"]
    then_only_what_changes(project, control)
    organizations = Organizations(control)
    before = organizations.all()
    shutil.rmtree(project.variables["ML_CONNECTOR_HOME"])
    control.clear_requests()
    outcomes = project.integrate("--full-refresh").outcomes
    assert {name: outcomes[name] for name in outcomes if name != "rejected"} == {"unchanged": 3 * 93}
    assert organizations.writes() == []
    assert organizations.all() == before


def planned(project: MeltanoProject, control: ControlClient) -> dict[str, int]:
    """A plan shows the run and writes nothing."""
    code, said = connector(project, "plan", "ebs-zendesk", "--limit", "2")
    assert code == 0
    (plan,) = said["plans"]
    assert Organizations(control).all() == {}
    assert [row["outcome"] for row in plan["records"]] == ["would create"] * 2
    assert plan["plan"]["requests"] > 0
    counts: dict[str, int] = plan["plan"]
    return counts


def comes_in(project: MeltanoProject, control: ControlClient) -> dict[str, int]:
    """The first run brings everything in."""
    outcomes = project.integrate().outcomes
    letters = connector(project, "letters", "list", "--all")[1]
    assert outcomes == {"created": 2 * 93, "updated": 93, "rejected": len(letters)}
    assert {letter["stream"] for letter in letters} == {"customer_exclusions"}
    assert connector(project, "status")[1]["runs"][0]["summary"]["outcomes"]["created"] == outcomes["created"]
    found = Organizations(control).all()
    assert len(found) == 93
    users = [row for row in control.rows("zendesk", "users") if row["role"] == "end-user"]
    assert {user["organization_id"] for user in users} == {row["id"] for row in found.values()}
    assert found["ALFKI"]["name"] == "Alfreds Futterkiste"
    assert found["ALFKI"]["organization_fields"]["ebs_city"] == "Berlin"
    assert sorted(row["name"] for row in found.values() if row["name"].startswith("IT")) == [
        "IT",
        "IT (VALON)",
    ]
    return outcomes


def then_only_what_changes(project: MeltanoProject, control: ControlClient) -> None:
    """A second run writes nothing, a third what was changed."""
    organizations, customers = Organizations(control), Customers(control)
    before = organizations.all()
    control.clear_requests()
    assert set(project.integrate().outcomes) <= {"unchanged", "ignored", "rejected"}
    assert organizations.writes() == []

    for number in NUMBERS:
        customers.move(number, CITY="Aarhus")
    assert project.integrate().outcomes["updated"] == len(NUMBERS)
    assert organizations.written() == NUMBERS
    after = organizations.all()
    assert [number for number in after if after[number] != before[number]] == NUMBERS


@pytest.mark.postgres
def test_a_refused_record_comes_in_by_replay_once_its_cause_is_mended(
    project: MeltanoProject, trading: RunningSandbox, postgres: PostgresServer
) -> None:
    """With the ledger on PostgreSQL, of which each plugin and the command hear from the environment."""
    ledger = postgres.new_database()
    project.variables |= {"TARGET_ZENDESK_ML_LEDGER_URL": ledger, "TAP_DEAD_LETTERS_LEDGER_URL": ledger}
    organizations, customers = Organizations(trading.control), Customers(trading.control)
    project.variables["TAP_ORACLE_EBS__SELECT"] = '["customers.*"]'
    project.integrate()
    customers.move("ALFKI", COUNTRY="XKX")
    customers.move("ANATR", COUNTRY="XKX")
    assert project.integrate().outcomes["rejected"] == 2
    customers.move("ANATR", COUNTRY="MX", CITY="Puebla")
    assert project.integrate().outcomes["updated"] == 1

    # The other integrations keep their ledger beside the project.
    listed = ("letters", "list", "-i", "ebs-zendesk", "--all")
    code, said = connector(project, *listed)
    assert code == 0
    (letter,) = said
    assert letter["identity"] == "ALFKI"
    assert letter["field"] == "organization_fields.ebs_country"
    assert "422 RecordInvalid" in letter["reason"]
    refusals = [each for each in trading.control.requests("zendesk") if each["status"] == 422]
    assert letter["request_id"] in {each["request_id"] for each in refusals}

    rule = {"key": "ebs_country", "regexp_for_validation": "^[A-Z]{2,3}$"}
    trading.control.put_rows("zendesk", "organization_fields", [rule])
    assert project.replay().outcomes == {"updated": 1}
    assert connector(project, *listed) == (0, [])
    _, closed = connector(project, *listed, "--closed")
    ends = {letter["identity"]: letter["closed_as"] for letter in closed}
    assert ends == {"ALFKI": "settled", "ANATR": "superseded"}
    found = organizations.all()
    assert found["ALFKI"]["organization_fields"]["ebs_country"] == "XKX"
    assert found["ANATR"]["organization_fields"]["ebs_country"] == "MX"
    assert not (Path(project.variables["ML_CONNECTOR_HOME"]) / "ledger.db").exists()


def test_northwind_goes_to_zoho_and_its_changes_back_to_jd_edwards(
    project: MeltanoProject, trading: RunningSandbox
) -> None:
    control = trading.control
    there = project.run("tap-jde", "target-zoho-crm")
    assert there.outcomes_at("target-zoho-crm") == {"created": 93 + 29 + 93}
    assert Books(control).differences() == []
    account = next(row for row in control.rows("zoho", "Accounts") if row["JDE_Address_Number"] == "4001")
    edited = {"id": account["id"], "Billing_City": "Aarhus", "Payment_Terms": "60 days"}
    control.put_rows("zoho", "Accounts", [edited, {"Account_Name": "Prospect", "Billing_Country": "AT"}])
    back = project.run("tap-zoho-crm", "target-jde")
    assert back.outcomes_at("target-jde") == {"created": 1, "updated": 1, "unchanged": 92 + 29 + 93}
    assert project.run("tap-jde", "target-zoho-crm").outcomes_at("target-zoho-crm")["updated"] == 1
    books = Books(control)
    assert (len(books.accounts), books.differences()) == (94, [])


def test_tickets_become_cases_and_a_case_that_is_published_one_ticket(
    project: MeltanoProject, trading: RunningSandbox
) -> None:
    control = trading.control
    control.put_rows("zendesk", "ticket_worlds", [{"tickets": 30, "comments": 2, "seed": 3}])
    control.jump(90)
    run = project.run("zendesk-oro")
    assert run.outcomes_at("target-zendesk-ml").keys() == {"ignored"}
    desk = Desk(control)
    assert desk.differences() == []
    assert len(desk.cases) > 20

    project.variables["TARGET_ZENDESK_ORO_TWO_WAY"] = "true"
    case = next(each for each in desk.cases if each["status"] == "open")
    control.put_rows("oro", "cases", [{"id": case["id"], "status": "in_progress"}])
    contact = {"firstName": "Zoe", "lastName": "Quill", "primaryEmail": "zoe@example.com"}
    (zoe,) = control.put_rows("oro", "contacts", [contact])
    called = {"subject": "No ink", "status": "open", "priority": "low", "source": "phone"}
    (new,) = control.put_rows("oro", "cases", [{**called, "relatedContact": zoe["id"]}])
    said = [connector(project, "publish", new["id"]) for _ in ("once", "twice")]
    assert [code for code, _ in said] == [0, 0]
    (ticket,) = [row for row in control.rows("zendesk", "tickets") if row["subject"] == "No ink"]
    assert len([row for row in control.rows("zendesk", "ticket_comments") if row["body"] == "No ink"]) == 1
    control.jump(90)
    project.run("zendesk-oro")
    after = Desk(control, edited=True)
    assert after.tickets[int(case["externalId"])]["status"] == "pending"
    assert {row["subject"]: row["externalId"] for row in after.cases}["No ink"] == str(ticket["id"])
    assert {each.field for each in after.differences()} <= {"source"}  # who was called, not written to


@pytest.mark.parametrize(
    "target",
    [
        "target-jde",
        "target-oro-crm",
        "target-zendesk-ml",
        "target-zendesk-oro",
        "target-zoho-crm",
    ],
)
def test_meltano_passes_the_mapping_on_as_it_stands(installed: MeltanoProject, target: str) -> None:
    command = ("--environment=dev", "invoke", "--dump=config", target)
    passed: dict[str, Any] = json.loads(installed.command(*command).check().output)
    written = plugin_settings(target)
    assert {name: passed[name] for name in written} == written


def test_the_schedules_run_the_job_daily_and_weekly(installed: MeltanoProject) -> None:
    listed = json.loads(installed.command("schedule", "list", "--format=json").check().output)
    found = {each["name"]: (each["job"]["tasks"], each["interval"]) for each in listed["schedules"]["job"]}
    assert found == {
        "ebs-zendesk-daily": (["tap-oracle-ebs target-zendesk-ml"], "@daily"),
        "ebs-zendesk-weekly": (["tap-oracle-ebs target-zendesk-ml"], "@weekly"),
        "zoho-to-jde-often": (["tap-zoho-crm target-jde"], "*/15 * * * *"),
        "jde-to-zoho-daily": (["tap-jde target-zoho-crm"], "@daily"),
        "jde-to-zoho-weekly": (["tap-jde target-zoho-crm"], "@weekly"),
        "zendesk-oro-often": (
            ["tap-zendesk-ml target-oro-crm", "tap-oro-crm target-zendesk-oro"],
            "*/15 * * * *",
        ),
    }


def test_a_new_integration_is_paused_in_production(installed: MeltanoProject, tmp_path: Path) -> None:
    assert {each["name"] for each in meltano_yml()["environments"]} == {"dev", "prod"}
    variables = {
        "TAP_ORACLE_EBS_BASE_URL": "http://127.0.0.1:9/ebs",
        "TARGET_ZENDESK_ML_BASE_URL": "http://127.0.0.1:9/zendesk",
        "TARGET_ZENDESK_ML_CLIENT_ID": "ml_connector",
        "TARGET_ZENDESK_ML_CLIENT_SECRET": "sandbox-client-secret",
    }
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    project = installed.of_test(tmp_path, variables)
    run = project.command("--environment=prod", "invoke", "target-zendesk-ml", "--input", str(empty))
    assert run.exit_code != 0
    assert "ml-connector resume ebs-zendesk" in run.errors


def test_a_check_names_what_is_wrong(project: MeltanoProject) -> None:
    project.variables["TARGET_ZENDESK_ML_CLIENT_SECRET"] = "wrong"
    code, said = connector(project, "check", "ebs-zendesk")
    assert (code, said["ok"]) == (5, False)
    results = {(check["plugin"], check["ok"]) for check in said["checks"]}
    assert ("tap-oracle-ebs", False) not in results
    assert {("tap-oracle-ebs", True), ("target-zendesk-ml", False)} <= results
    assert all(check["fix"] for check in said["checks"] if not check["ok"])


def test_a_job_that_is_not_there_is_named(installed: MeltanoProject, tmp_path: Path) -> None:
    done = installed.of_test(tmp_path, {}).own_command("ml-connector", "check", "nonsense")
    assert done.exit_code == 5
    assert "has no job named nonsense; it has: ebs-zendesk" in done.errors
