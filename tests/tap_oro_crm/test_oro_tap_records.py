"""Every stream of every version gives what the server holds, and asks for no more than is wanted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.oro import LONG_AGO, case, ids_of, paths, people, put, rows
from support.tap_run import ReadTap, TapRun

from ml_connector.errors import SystemFault
from ml_sandbox.testing import RunningSandbox
from tap_oro_crm.tap import TapOroCrm

VERSIONS = ["5.1", "6.0", "6.1", "7.0.2"]
# Their other side names them.
LEFT_OUT = {"cases": {"comments"}, "accounts": {"contacts"}, "zendesktickets": {"comments"}}
PLAIN = ["users", "accounts", "contacts", "cases", "casecomments"]
LISTS = ["casestatuses", "casepriorities", "casesources"]
ZENDESK_LISTS = [
    "zendeskticketstatuses",
    "zendeskticketpriorities",
    "zendesktickettypes",
    "zendeskuserroles",
]
ZENDESK = ["zendeskusers", "zendesktickets", "zendeskticketcomments"]


def world(sandbox: RunningSandbox) -> None:
    """One of everything, with all kinds of values."""
    jerry, nobody = people(sandbox)
    (account,) = put(sandbox, "accounts", {"name": "Acme", "contacts": [jerry]})
    first, second = put(
        sandbox,
        "cases",
        case(relatedContact=jerry, relatedAccount=account["id"], assignedTo="20", description="ä\n€"),
        case(relatedContact=nobody, status="closed", updatedAt=LONG_AGO),
    )
    message = {"message": "Hello", "public": True, "case": first["id"], "contact": jerry, "owner": "21"}
    put(sandbox, "casecomments", message, {"message": "", "case": second["id"]})
    assert second["closedAt"]


def bundle(sandbox: RunningSandbox) -> None:
    """What the native bundle keeps."""
    big = str(2**62 + 1)
    (user,) = put(
        sandbox, "zendeskusers", {"originId": big, "name": "Z", "role": "agent", "relatedUser": "20"}
    )
    case_id = next(iter(rows(sandbox, "cases")))
    ticket = {"originId": "17", "subject": "S", "status": "pending", "requester": user["id"], "channel": "1"}
    (stored,) = put(
        sandbox, "zendesktickets", {**ticket, "relatedCase": case_id, "collaborators": [user["id"]]}
    )
    put(sandbox, "zendeskticketcomments", {"originId": "5", "body": "B", "ticket": stored["id"]})


def expected(sandbox: RunningSandbox, kind: str, run: TapRun) -> dict[str, Any]:
    """The rows of a type as records should show them, but for names of people."""
    (schema,) = (each for each in run.of_type("SCHEMA") if each["stream"] == kind)
    names = set(schema["schema"]["properties"])
    found = {}
    for row in rows(sandbox, kind).values():
        shown = {name: value for name, value in row.items() if name not in LEFT_OUT.get(kind, ())}
        shown["changed_at"] = row["updatedAt"] or row["createdAt"]
        found[row["id"]] = {name: value for name, value in shown.items() if name in names}
    return found


def without_people(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if "_" not in name or name == "changed_at"} | {
        name: record[name] for name in ("auth_status", "extend_description") if name in record
    }


@pytest.mark.parametrize("with_bundle", [False, True])
@pytest.mark.parametrize("version", VERSIONS)
def test_records_are_the_rows_of_the_server(
    sandbox: RunningSandbox, read: ReadTap, version: str, with_bundle: bool
) -> None:
    sandbox.control.settings(oro={"version": version, "bundle": with_bundle})
    world(sandbox)
    if with_bundle:
        bundle(sandbox)
    run = read(page_size=1)
    streams = [message["stream"] for message in run.of_type("SCHEMA")]
    dated = [*PLAIN, *(ZENDESK if with_bundle else [])]
    assert streams == [*dated, *LISTS, *(ZENDESK_LISTS if with_bundle else [])]
    assert {record["id"]: record["label"] for record in run.records("casepriorities")} == {
        "low": "Low",
        "normal": "Normal",
        "high": "High",
    }
    for kind in dated:
        records = {record["id"]: without_people(record) for record in run.records(kind)}
        assert records == expected(sandbox, kind, run), kind
        assert len(records) == len(run.records(kind)) > 0
    has_external = "externalId" in run.records("cases")[0]
    assert has_external == (version == "7.0.2")


def test_people_come_with_cases_and_comments(sandbox: RunningSandbox, read: ReadTap) -> None:
    world(sandbox)
    run = read()
    first, second = run.records("cases")
    names = ["relatedContact_name", "relatedContact_email", "relatedContact_phone"]
    users = ["assignedTo_email", "owner_email"]
    assert [first[name] for name in names] == ["Jerry Coleman", "j@x.com", "12"]
    assert [second[name] for name in names] == ["Nobody", None, None]
    assert [first[name] for name in users] == ["agnes@acme.example", "admin@acme.example"]
    assert [second[name] for name in users] == [None, "admin@acme.example"]
    comment, empty = run.records("casecomments")
    contact = ["contact_name", "contact_email", "owner_email"]
    assert [comment[name] for name in contact] == ["Jerry Coleman", "j@x.com", "bela@acme.example"]
    assert [empty[name] for name in contact] == [None, None, "admin@acme.example"]
    sandbox.control.clear_requests()
    bare = read(include_people=False)
    assert not {name for name in bare.records("cases")[0] if name.startswith(("relatedContact_", "owner_"))}
    assert not paths(sandbox, "include=")


def test_attributes_of_the_installation_come_through(sandbox: RunningSandbox, read: ReadTap) -> None:
    attributes = "ticket_no:string,budget:integer,urgent:boolean,due:datetime,empty:string"
    sandbox.control.settings(oro={"case_attributes": attributes})
    values = {"ticket_no": "2024-01-01T00:00:00Z", "budget": 5, "urgent": True, "due": LONG_AGO}
    put(sandbox, "cases", case(**values))
    run = read(attribute_types={"cases": {"due": "date-time"}, "cases.budget": "integer"})
    (record,) = run.records("cases")
    assert {name: record[name] for name in values} == values
    schema = next(each["schema"] for each in run.of_type("SCHEMA") if each["stream"] == "cases")
    kinds = {name: schema["properties"][name]["type"] for name in (*values, "empty")}
    assert kinds == {
        "ticket_no": ["string", "null"],
        "budget": ["integer", "null"],
        "urgent": ["boolean", "null"],
        "due": ["string", "null"],
        "empty": ["string", "number", "boolean", "object", "array", "null"],
    }
    assert schema["properties"]["due"]["format"] == "date-time"
    assert "format" not in schema["properties"]["ticket_no"]


@pytest.mark.parametrize(
    "types", [{"budget": "number"}, {"cases": {"budget": "money"}}, {"calls.x": "string"}]
)
def test_attribute_types_that_mean_nothing_are_refused(read: ReadTap, types: dict[str, Any]) -> None:
    with pytest.raises(SystemFault, match="attribute_types") as caught:
        read(attribute_types=types)
    assert "cases: {my_attribute: number}" in caught.value.fix


def catalog(settings: dict[str, Any], **chosen: list[str] | None) -> dict[str, Any]:
    """The tap's catalog with these streams alone, and of each all fields or some."""
    found: dict[str, Any] = json.loads(TapOroCrm(config=settings).catalog_json_text)
    found["streams"] = [each for each in found["streams"] if each["tap_stream_id"] in chosen]
    for stream in found["streams"]:
        fields = chosen[stream["tap_stream_id"]]
        for each in stream["metadata"]:
            name = each["breadcrumb"][-1] if each["breadcrumb"] else None
            each["metadata"]["selected"] = name is None or fields is None or name in fields
    return found


def test_only_what_is_selected_is_asked_for(
    sandbox: RunningSandbox, settings: dict[str, Any], read: ReadTap
) -> None:
    world(sandbox)
    wanted = catalog(settings, cases=["subject", "owner_email"], casestatuses=None)
    sandbox.control.clear_requests()
    run = read(options={"catalog": wanted})
    (first, _) = run.records("cases")
    assert set(first) == {"id", "subject", "owner_email", "changed_at"}
    assert first["owner_email"] == "admin@acme.example"
    reading = [path for path in paths(sandbox, "/cases?") if "sort=id" in path]
    assert reading == [
        "/api/cases?fields%5Busers%5D=email&fields%5Bcases%5D=subject%2CupdatedAt%2CcreatedAt%2Cowner"
        "&include=owner&sort=id&page%5Bsize%5D=250"
    ]
    assert sorted(ids_of(run.records("casestatuses"))) == ["closed", "in_progress", "open", "resolved"]
    asked = {path.partition("?")[0] for path in paths(sandbox, "/api/")}
    assert asked == {"/api/cases", "/api/casestatuses"}


@pytest.mark.parametrize("limit", [400, 2, 1])
def test_pages_are_as_long_as_the_server_allows(sandbox: RunningSandbox, read: ReadTap, limit: int) -> None:
    put(sandbox, "cases", *(case(subject=str(number)) for number in range(7)))
    sandbox.control.settings(oro={"max_entities": limit})
    sandbox.control.clear_requests()
    run = read(page_size=500)
    assert [record["subject"] for record in run.records("cases")] == [str(number) for number in range(7)]
    refused = [request for request in sandbox.control.requests("oro") if request["status"] == 400]
    assert len(refused) == 1
    assert not [path for path in paths(sandbox, "page%5Bnumber%5D=2") if "/cases?" in path]


def test_a_record_that_comes_after_an_empty_discovery_is_read(
    sandbox: RunningSandbox, settings: dict[str, Any], read: ReadTap
) -> None:
    empty = catalog(settings, cases=None)
    put(sandbox, "cases", case(subject="First"))
    (record,) = read(options={"catalog": empty}).records("cases")
    assert record["subject"] == "First"
    sandbox.control.clear("oro", "cases")
    assert read(options={"catalog": empty}).records("cases") == []
