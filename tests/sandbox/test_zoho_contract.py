"""The answers of the simulated Zoho CRM against the vendor's OpenAPI documents."""

import pytest
import requests
from sandbox.zoho_api import JSON, ZohoApi, accounts
from sandbox.zoho_contract import EXCEPTIONS, STATUSES, UNDOCUMENTED, Contract, contract
from sandbox.zoho_jobs import READ, WRITE, archive_of, start_read, start_write, upload

from ml_sandbox.core.app import Sandbox
from ml_sandbox.registry import VENDORS
from ml_sandbox.testing import RunningSandbox


@pytest.fixture
def held() -> Contract:
    found = contract()
    if found is None:
        pytest.skip("Zoho's OpenAPI documents are not in ../shared/specs")
    found.used.clear()
    return found


def served() -> set[tuple[str, str]]:
    """Method and path of everything that the API hosts serve."""
    mounts = [mount for mount, vendor in Sandbox(VENDORS).mounts if vendor.name == "zoho"]
    routes = [route for mount in mounts if mount.prefix != "/zoho/accounts" for route in mount.routes]
    return {(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"}


def read_everything(zoho: ZohoApi, account: str) -> list[requests.Response]:
    (field, *_) = zoho.get("/settings/fields", module="Accounts", type="all").json()["fields"]
    return [
        zoho.get("/org"),
        zoho.get("/users", type="CurrentUser"),
        zoho.get("/settings/modules"),
        zoho.get("/settings/modules/Accounts"),
        zoho.get("/settings/modules/Nope"),
        zoho.get(f"/settings/fields/{field['id']}", module="Accounts"),
        zoho.get("/Accounts", fields="Account_Name,Owner,Created_Time,Tag", per_page=1),
        zoho.get("/Accounts", fields="id", page=11),
        zoho.get("/Accounts", {"If-Modified-Since": "2100-01-01T00:00:00+00:00"}, fields="id"),
        zoho.get(f"/Accounts/{account}"),
        zoho.get(f"/Accounts/{account}/actions/fetch_full_data", fields="Description"),
        zoho.get("/Accounts/actions/fetch_full_data", ids=account, fields="Description"),
        zoho.get("/Accounts/search", word="a"),
        zoho.get("/Accounts/search", criteria="(Nope:equals:A)"),
        zoho.get("/Accounts/actions/count"),
        zoho.coql("select id, Account_Name from Accounts where id > 1", include_meta=["fields"]),
        zoho.coql("select Nope from Accounts where id > 1"),
        zoho.coql("select id from Accounts where Employees like '5%'"),
        zoho.coql("select id from Accounts"),
    ]


def write_everything(zoho: ZohoApi, account: str) -> list[requests.Response]:
    (locked,) = zoho.put_rows("Accounts", {"Account_Name": "L", "$blocked_by": "NOT_APPROVED"})
    one: JSON = {"data": [{"Account_Name": "A", "JDE_Address_Number": "1"}]}
    answers = [
        zoho.post("/Accounts/upsert", one),
        zoho.post("/Accounts/upsert", {"data": [{"Phone": "1"}, {"Account_Name": "B"}]}),
        zoho.post("/Accounts", {"data": [{"Account_Name": "C", "JDE_Address_Number": "1"}]}),
        zoho.post("/Accounts", {}),
        zoho.call("POST", "/crm/v8/Accounts", data={"data": "[]"}),
        zoho.put("/Accounts", {"data": [{"id": account, "Phone": "1"}]}),
        zoho.put("/Accounts", {"data": [{"id": locked["id"], "Phone": "1"}]}),
        zoho.put(f"/Accounts/{account}", one, {"If-Unmodified-Since": "2000-01-01T00:00:00+00:00"}),
        zoho.put(f"/Accounts/{account}", one),
        zoho.delete("/Accounts", ids="1"),
        zoho.delete(f"/Accounts/{account}"),
        zoho.delete("/Accounts", ids=zoho.create("Accounts", {"Account_Name": "D"})[0]),
        zoho.get("/Accounts/deleted"),
    ]
    zoho.put_rows("modules", {"api_name": "Vendors", "deletable": False})
    return [*answers, zoho.delete("/Vendors/1")]


def run_jobs(zoho: ZohoApi) -> list[requests.Response]:
    criteria = {"field": {"api_name": "Account_Name"}, "comparator": "equal", "value": "a"}
    reading = start_read(zoho, module={"api_name": "Accounts"}, criteria=criteria)
    read = f"{READ}/{reading.json()['data'][0]['details']['id']}"
    writing = start_write(zoho, ["Account_Name", "Z"], "insert")
    write = f"{WRITE}/{writing.json()['details']['id']}"
    started = [zoho.call("GET", read), zoho.call("GET", write)]
    zoho.sandbox.control.faults({"system": "zoho", "path": READ, "fault": "job_partial"})
    failing = start_read(zoho, module={"api_name": "Accounts"}).json()["data"][0]["details"]["id"]
    zoho.sandbox.control.jump(60)
    paths = (read, f"{read}/result", write, f"{write}/result", f"{READ}/{failing}", f"{READ}/1")
    ended = [zoho.call("GET", path) for path in paths]
    zoho.settings(bulk_write_rows=1)
    refused = [
        start_read(zoho, module={"api_name": "No"}),
        start_write(zoho, ["Account_Name", "Y", "Z"], "insert"),
        upload(zoho, archive_of("a"), feature="else"),
    ]
    return [reading, writing, *started, *ended, *refused]


def test_every_operation_answers_as_the_documents_say(
    held: Contract, zoho: ZohoApi, sandbox: RunningSandbox
) -> None:
    """:class:`ZohoApi` holds each answer against them; here is one of every kind, refusals too."""
    zoho.settings(index_delay_seconds=0.0)
    sandbox.control.settings(time_scale=1)
    (account, *_) = zoho.create("Accounts", *accounts(["Acme", "Alfa"]))
    answers = [*read_everything(zoho, account), *write_everything(zoho, account), *run_jobs(zoho)]
    zoho.settings(credits_per_day=1)
    answers.append(zoho.get("/org"))
    zoho.use_token("dead")
    answers.append(zoho.get("/org"))
    statuses = {answer.status_code for answer in answers}
    assert statuses >= {200, 201, 207, 304, 400, 401, 403, 404, 412, 415, 429}
    called = {(entry["method"], entry["path"]) for entry in sandbox.control.requests("zoho")}
    missed = {(method, path) for method, path in served() if not any(
        method == other and held_by(path, place) for other, place in called)}  # fmt: skip
    assert missed == set()
    excuses = {pattern for pattern, _ in (*EXCEPTIONS, *UNDOCUMENTED)}
    excuses |= {f"{pattern} {status}" for pattern, status, _ in STATUSES}
    assert held.used == excuses, "no exception without need"


def held_by(template: str, path: str) -> bool:
    """Whether a path is one of a template of the sandbox."""
    pieces, parts = template.split("/"), path.split("/")
    same = (a == b or (a.startswith("{") and (b.isdigit() or "id" not in a)) for a, b in
            zip(pieces, parts, strict=False))  # fmt: skip
    return len(pieces) == len(parts) and all(same)


def test_wrong_answers_are_found(held: Contract) -> None:
    person = {"name": "P", "id": "1"}
    details = {"id": "1", "Modified_Time": "t", "Created_Time": "t", "Created_By": person}
    item = {"code": "SUCCESS", "message": "m", "status": "success", "details": details}
    wrong = [
        ("POST", "/crm/v8/Accounts", 201, {"data": [item]}, "'Modified_By' is a required property"),
        ("POST", "/crm/v8/Accounts", 202, {"data": []}, "not in the document"),
        ("PATCH", "/crm/v8/org", 200, {}, "not in the documents"),
        ("GET", "/crm/v8/Accounts", 200, {"data": [{"id": 1}]}, "1 is not of type 'string'"),
        ("GET", "/crm/v8/Accounts", 200, {"data": [], "colour": "red"}, "'colour' was unexpected"),
        ("GET", "/crm/bulk/v8/read/1", 200, {"data": [{"id": "1"}]}, "'state' is a required property"),
    ]
    for method, path, status, body, expected in wrong:
        problems = held.problems(method, path, status, body)
        assert any(expected in problem for problem in problems), (path, problems)
