"""Every answer of the simulated Zendesk against the vendor's OpenAPI document."""

import functools

import pytest
import requests
from sandbox.openapi_contract import ANSWER_EXCEPTIONS, Contract, load_contract
from sandbox.zendesk_api import ZendeskApi
from sandbox.zendesk_around_tickets import call_around_tickets
from sandbox.zendesk_ticket_calls import call_tickets

from ml_sandbox.core.app import Sandbox
from ml_sandbox.registry import VENDORS
from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@functools.cache
def served_operations() -> set[tuple[str, str]]:
    """Method and path template of everything that the simulated Zendesk serves."""
    mounts = [mount for mount, vendor in Sandbox(VENDORS).mounts if vendor.name == "zendesk"]
    routes = [route for mount in mounts for route in mount.routes]
    return {(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"}


def call_everything(zendesk: ZendeskApi) -> list[requests.Response]:
    """At least one successful call of every operation, and some refused ones."""
    zendesk.sandbox.control.settings(
        time_scale=1, zendesk={"job_seconds": 0.1, "requests_per_minute": 50_000}
    )
    token = zendesk.grant(expires_in=600)
    authorization = zendesk.call(
        "GET",
        "/oauth/authorizations/new",
        params={
            "response_type": "code",
            "client_id": seed.CLIENT_ID,
            "redirect_uri": seed.REDIRECT_URI,
            "scope": "read",
        },
        allow_redirects=False,
    )
    zendesk.use_token(token.json()["access_token"])
    option = {"name": "Gold", "value": "gold"}
    tier = {"key": "tier", "title": "Tier", "type": "dropdown", "custom_field_options": [option]}
    fields = [
        zendesk.post("/organization_fields", {"organization_field": tier}),
        zendesk.post(
            "/organization_fields", {"organization_field": {"key": "vip", "title": "V", "type": "checkbox"}}
        ),
        zendesk.get("/organization_fields"),
        zendesk.get("/organization_fields/tier"),
        zendesk.put("/organization_fields/tier", {"organization_field": {"title": "ERP tier"}}),
        zendesk.delete("/organization_fields/vip"),
    ]
    record = {"name": "Acme", "external_id": "1", "organization_fields": {"tier": "gold"}}
    created = zendesk.post("/organizations", {"organization": record})
    path = f"/organizations/{created.json()['organization']['id']}"
    started = zendesk.post("/organizations/create_many", {"organizations": [{"name": "B"}, {"name": "acme"}]})
    zendesk.ended_job(started)
    changed = [
        zendesk.put(path, {"organization": {"notes": "n", "group_id": 7}}),
        zendesk.post("/organizations/create_or_update", {"organization": {"external_id": "1", "notes": "m"}}),
        zendesk.post("/organizations/create_or_update", {"organization": {"name": "C"}}),
        zendesk.put("/organizations/update_many", {"organization": {"notes": "o"}}, external_ids="1"),
        zendesk.delete("/organizations/destroy_many", ids="7"),
    ]
    job = started.json()["job_status"]["id"]
    read = [
        zendesk.get("/organizations"),
        zendesk.get("/organizations", **{"page[size]": 1}),
        zendesk.get(path),
        zendesk.get("/organizations/count"),
        zendesk.get("/organizations/search", name="acme"),
        zendesk.get("/organizations/show_many", external_ids="1"),
        zendesk.get("/incremental/organizations", start_time=0),
        zendesk.get("/job_statuses"),
        zendesk.get("/job_statuses", **{"page[size]": 1}),
        zendesk.get(f"/job_statuses/{job}"),
        zendesk.get("/job_statuses/show_many", ids=job),
        zendesk.get("/users/me"),
        zendesk.get("/oauth/tokens/current"),
    ]
    refused = [
        zendesk.get("/organizations/5"),
        zendesk.post("/organizations", {"organization": {"name": ""}}),
    ]
    limited = [zendesk.put(path, {"organization": {"notes": str(number)}}) for number in range(6)]
    deleted = zendesk.delete(path)
    tickets = call_tickets(zendesk)
    users = [*call_users(zendesk), *call_memberships(zendesk)]
    return [
        *(*tickets, *call_around_tickets(zendesk)),
        *(token, authorization, *fields, created, started, *changed, *read, *refused, *limited),
        *(deleted, *users),
    ]


def call_memberships(zendesk: ZendeskApi) -> list[requests.Response]:
    """At least one successful call of every operation of memberships."""
    user = zendesk.post("/users", {"user": {"name": "Dee", "email": "dee@acme.example"}}).json()["user"]["id"]
    first, second, third = (zendesk.create(name)["id"] for name in ("M1", "M2", "M3"))
    given = [{"user_id": user, "organization_id": key} for key in (first, second, third)]
    created = zendesk.post("/organization_memberships", {"organization_membership": given[0]})
    path = f"/organization_memberships/{created.json()['organization_membership']['id']}"
    many = zendesk.post("/organization_memberships/create_many", {"organization_memberships": given[1:]})
    keys = [item["id"] for item in zendesk.ended_job(many)["results"]]
    return [
        created,
        many,
        zendesk.post("/organization_memberships", {"organization_membership": given[0]}),
        zendesk.get("/organization_memberships"),
        zendesk.get(path),
        zendesk.get(f"/users/{user}/organization_memberships"),
        zendesk.get(f"/organizations/{first}/organization_memberships"),
        zendesk.put(f"/users/{user}/organization_memberships/{keys[0]}/make_default", {}),
        zendesk.put(f"/users/{user}/organizations/{first}/make_default", {}),
        zendesk.delete(f"/users/{user}/organizations/{third}"),
        zendesk.delete("/organization_memberships/destroy_many", ids=str(keys[0])),
        zendesk.delete(path),
    ]


def call_users(zendesk: ZendeskApi) -> list[requests.Response]:
    """At least one successful call of every operation of users, their identities and fields."""
    seat = {"key": "seat", "title": "Seat", "type": "text"}
    answers = [
        zendesk.post("/user_fields", {"user_field": seat}),
        zendesk.get("/user_fields"),
        zendesk.get("/user_fields/seat"),
        zendesk.put("/user_fields/seat", {"user_field": {"title": "Desk"}}),
    ]
    ann = {"name": "Ann", "email": "ann@acme.example", "external_id": "c1", "user_fields": {"seat": "4"}}
    created = zendesk.post("/users", {"user": ann})
    path = f"/users/{created.json()['user']['id']}"
    twins = [{"name": "Ben", "email": "ben@acme.example"}, {"name": "B", "email": "ann@acme.example"}]
    jobs = [
        zendesk.post("/users/create_many", {"users": twins}),
        zendesk.post("/users/create_or_update_many", {"users": [{"name": "Cy", "external_id": "c3"}]}),
        zendesk.put("/users/update_many", {"user": {"notes": "n"}}, external_ids="c1"),
        zendesk.delete("/users/destroy_many", ids="7"),
    ]
    ended = [zendesk.ended_job(job) for job in jobs]
    assert [job["status"] for job in ended] == ["completed", "completed", "completed", "failed"]
    identity = zendesk.post(f"{path}/identities", {"identity": {"type": "email", "value": "ann@new.example"}})
    one = f"{path}/identities/{identity.json()['identity']['id']}"
    answers += [
        *(created, *jobs, identity),
        zendesk.put(path, {"user": {"notes": "m"}}),
        zendesk.get(f"{path}/identities"),
        zendesk.get(f"{path}/identities", **{"type[]": "email"}),
        zendesk.get(one),
        zendesk.put(one, {"identity": {"verified": True}}),
        zendesk.put(f"{one}/verify", {}),
        zendesk.put(f"{one}/make_primary", {}),
        zendesk.put(f"{one}/request_verification", {}),
        zendesk.delete(one),
        zendesk.get("/users"),
        zendesk.get("/users", role="admin", **{"page[size]": 1}),
        zendesk.get("/users/count"),
        zendesk.get(path),
        zendesk.get("/users/show_many", external_ids="c1"),
        zendesk.get("/users/search", query="email:ben@acme.example"),
        zendesk.get("/incremental/users", start_time=0),
        zendesk.get("/incremental/users/cursor", start_time=0),
        zendesk.get("/users/5"),
        zendesk.post("/users", {"user": {"name": "D", "email": "ben@acme.example"}}),
        zendesk.delete("/user_fields/seat"),
    ]
    zendesk.jump(1.1)  # updates of single users: one a second
    answers.append(zendesk.post("/users/create_or_update", {"user": {"name": "E", "external_id": "c9"}}))
    return [*answers, zendesk.delete(path)]


def test_all_answers_and_requests_hold_and_every_operation_was_called(
    contract: Contract, sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    problems: list[str] = []
    answers = call_everything(zendesk)
    for answer in answers:
        path = str(answer.request.path_url).partition("?")[0].removeprefix("/zendesk")
        body = answer.json() if "json" in answer.headers.get("Content-Type", "") else None
        problems += contract.answer_problems(str(answer.request.method), path, answer.status_code, body)
    assert problems == []
    assert contract.used_exceptions == {pattern for pattern, _ in ANSWER_EXCEPTIONS}, (
        "no exception without need"
    )
    assert 429 in {answer.status_code for answer in answers}, "the documented 429 is among the answers"
    check_requests(contract, sandbox)


def check_requests(contract: Contract, sandbox: RunningSandbox) -> None:
    """Every operation was called with success, and each request holds."""
    logged = sandbox.control.requests("zendesk")
    assert contract.request_problems(logged) == []
    succeeded = [request for request in logged if request["status"] and request["status"] < 400]
    called = {
        (request["method"], matching_template(request["method"], request["path"])) for request in succeeded
    }
    assert served_operations() - called == set()


def matching_template(method: str, path: str) -> str:
    parts = path.removesuffix(".json").split("/")
    for served_method, template in sorted(served_operations(), key=lambda item: item[1].count("{")):
        pieces = template.split("/")
        same = len(pieces) == len(parts) and all(
            a == b or a.startswith("{") for a, b in zip(pieces, parts, strict=True)
        )
        if served_method == method and same:
            return template
    return path


def test_wrong_requests_are_found(contract: Contract, sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.get("/organizations", colour="red")
    zendesk.get("/organisations")
    zendesk.post("/organizations/create_many", {"organization": {"name": "A"}})
    zendesk.post("/organizations", {"organization": {"notes": "a name is required"}})
    zendesk.post("/organizations", {"organization": {"name": "A", "colour": "red"}})
    problems = contract.request_problems(sandbox.control.requests("zendesk"))
    for expected in (
        "unknown parameter colour",
        "not in the document",
        "must be wrapped",
        "'name' is a required property",
        "ignores organization.colour",
    ):
        assert any(expected in problem for problem in problems), (expected, problems)


def test_wrong_answers_are_found(contract: Contract) -> None:
    path = "/api/v2/organizations/1"
    for body, expected in (
        ({"organization": {"name": 5}}, "is not of type 'string'"),
        ({"organization": {"name": "A", "colour": "red"}}, "organization.colour is not in the document"),
        ({"organization": {"notes": "n"}}, "'name' is a required property"),
    ):
        problems = contract.answer_problems("GET", path, 200, body)
        assert any(expected in problem for problem in problems), problems
    assert contract.answer_problems("GET", path, 201, {}) == [f"GET {path} 201: status not in the document"]
    assert contract.answer_problems("DELETE", path, 204, {"a": 1}) != []
