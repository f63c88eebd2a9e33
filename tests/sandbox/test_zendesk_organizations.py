"""Single organizations of the simulated Zendesk."""

import pytest
import requests
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox


def invalid(answer: requests.Response) -> JSON:
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["error"] == "RecordInvalid"
    assert body["description"] == "Record validation errors"
    details: JSON = body["details"]
    return details


def test_create_answers_201_with_the_location_and_a_64_bit_id(zendesk: ZendeskApi) -> None:
    answer = zendesk.post("/organizations", {"organization": {"name": " Acme ", "external_id": "A-1"}})
    organization = answer.json()["organization"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == organization["url"]
    assert organization["id"] > 2**32
    assert organization["name"] == "Acme"
    assert organization["created_at"] == organization["updated_at"]
    assert zendesk.get(f"/organizations/{organization['id']}.json").json()["organization"] == organization


def test_a_name_is_unique_after_trimming_and_in_any_case(zendesk: ZendeskApi) -> None:
    zendesk.create("Acme")
    details = invalid(zendesk.post("/organizations", {"organization": {"name": " ACME "}}))
    assert details == {
        "name": [{"description": "Name: ACME has already been taken", "error": "DuplicateValue"}]
    }


def test_an_external_id_is_unique_in_any_case(zendesk: ZendeskApi) -> None:
    zendesk.create("Acme", external_id="a-1")
    details = invalid(zendesk.post("/organizations", {"organization": {"name": "B", "external_id": "A-1"}}))
    assert details["external_id"][0]["error"] == "DuplicateValue"


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_name_cannot_be_blank(zendesk: ZendeskApi, name: str | None) -> None:
    assert (
        invalid(zendesk.post("/organizations", {"organization": {"name": name}}))["name"][0]["error"]
        == "BlankValue"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", 7),
        ("tags", "one two"),
        ("domain_names", [1]),
        ("group_id", "7"),
        ("shared_tickets", "yes"),
    ],
)
def test_values_of_a_wrong_type_are_refused(zendesk: ZendeskApi, field: str, value: object) -> None:
    details = invalid(zendesk.post("/organizations", {"organization": {"name": "Acme", field: value}}))
    assert details[field][0]["error"] == "InvalidValue"
    assert zendesk.names() == []


def test_sets_are_replaced_whole_and_normalised(zendesk: ZendeskApi) -> None:
    organization = zendesk.create(
        "Acme", tags=["Gold", "gold", "Big Deal"], domain_names=["ACME.com", "acme.COM "]
    )
    assert organization["tags"] == ["gold", "big_deal"]
    assert organization["domain_names"] == ["acme.com"]
    changed = zendesk.put(f"/organizations/{organization['id']}", {"organization": {"tags": ["new"]}})
    assert changed.json()["organization"]["tags"] == ["new"]
    assert changed.json()["organization"]["domain_names"] == ["acme.com"]


def test_create_or_update_matches_id_or_external_id_never_the_name(zendesk: ZendeskApi) -> None:
    path = "/organizations/create_or_update"
    created = zendesk.post(path, {"organization": {"name": "Acme", "external_id": "A"}})
    assert created.status_code == 201
    updated = zendesk.post(path, {"organization": {"name": "Acme B", "external_id": "a"}})
    assert (updated.status_code, updated.json()["organization"]["id"]) == (
        200,
        created.json()["organization"]["id"],
    )
    by_id = zendesk.post(path, {"organization": {"id": created.json()["organization"]["id"], "notes": "n"}})
    assert (by_id.status_code, by_id.json()["organization"]["name"]) == (200, "Acme B")
    details = invalid(zendesk.post(path, {"organization": {"name": "acme b", "external_id": "other"}}))
    assert details["name"][0]["error"] == "DuplicateValue"


def test_an_unchanged_update_keeps_its_time(zendesk: ZendeskApi) -> None:
    organization = zendesk.create("Acme", notes="n")
    path = f"/organizations/{organization['id']}"
    zendesk.jump(10)
    same = zendesk.put(path, {"organization": {"notes": "n"}}).json()["organization"]
    other = zendesk.put(path, {"organization": {"notes": "m"}}).json()["organization"]
    assert same["updated_at"] == organization["updated_at"] < other["updated_at"]


def test_show_many_leaves_out_what_does_not_exist(zendesk: ZendeskApi) -> None:
    first, second = zendesk.create("A", external_id="X-1"), zendesk.create("B", external_id="X-2")
    by_id = zendesk.get("/organizations/show_many", ids=f"{second['id']},{first['id']},99").json()
    assert [row["name"] for row in by_id["organizations"]] == ["A", "B"]
    assert (by_id["count"], by_id["next_page"]) == (2, None)
    by_external_id = zendesk.get("/organizations/show_many", external_ids="x-2,nope").json()
    assert [row["name"] for row in by_external_id["organizations"]] == ["B"]


def test_show_many_takes_at_most_100_and_wants_whole_numbers(zendesk: ZendeskApi) -> None:
    numbers = [str(number) for number in range(101)]
    assert zendesk.get("/organizations/show_many", ids=",".join(numbers[:100])).status_code == 200
    assert zendesk.get("/organizations/show_many", ids=",".join(numbers)).status_code == 400
    assert zendesk.get("/organizations/show_many", external_ids=",".join(numbers)).status_code == 400
    assert zendesk.get("/organizations/show_many", ids="x").json()["error"]["title"] == "Invalid attribute"
    assert zendesk.get("/organizations/show_many").json()["error"] == "ParameterMissing"


def test_search_is_exact_and_knows_no_case(zendesk: ZendeskApi) -> None:
    zendesk.create("Acme", external_id="A-1")
    zendesk.create("Acme Two")
    found = zendesk.get("/organizations/search", name="ACME").json()
    assert [row["name"] for row in found["organizations"]] == ["Acme"]
    found = zendesk.get("/organizations/search.json", external_id="a-1").json()
    assert [row["name"] for row in found["organizations"]] == ["Acme"]
    assert zendesk.get("/organizations/search", name="a", external_id="b").status_code == 400
    assert zendesk.get("/organizations/search").status_code == 400


def test_count_and_delete(zendesk: ZendeskApi) -> None:
    organization = zendesk.create("Acme")
    assert zendesk.get("/organizations/count").json()["count"]["value"] == 1
    path = f"/organizations/{organization['id']}"
    assert (zendesk.delete(path).status_code, zendesk.delete(path).status_code) == (204, 404)
    assert zendesk.get(path).json() == {"error": "RecordNotFound", "description": "Not found"}
    assert zendesk.create("Acme")["id"] != organization["id"], "a name is free again after its record is gone"


def test_wrong_wrapper_wrong_type_and_broken_json(zendesk: ZendeskApi) -> None:
    assert zendesk.post("/organizations", {"name": "Acme"}).json()["error"] == "ParameterMissing"
    assert zendesk.post("/organizations", {"organization": "Acme"}).status_code == 400
    form = zendesk.call("POST", "/api/v2/organizations", data={"organization[name]": "Acme"})
    assert (form.status_code, form.json()["error"]) == (400, "ParameterMissing")
    headers = {"Content-Type": "application/json"}
    assert zendesk.call("POST", "/api/v2/organizations", data="{", headers=headers).status_code == 400
    assert zendesk.names() == []


@pytest.mark.parametrize(
    "method_path", ["GET /nothing", "PATCH /organizations", "GET /organizations/1/nothing"]
)
def test_unknown_paths_and_methods(zendesk: ZendeskApi, method_path: str) -> None:
    method, path = method_path.split()
    answer = zendesk.call(method, f"/api/v2{path}")
    assert (answer.status_code, answer.json()["error"]) == (404, "InvalidEndpoint")


def test_every_answer_has_its_own_request_id(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    answers = [zendesk.get("/organizations"), zendesk.get("/nothing"), zendesk.get("/organizations/1")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert len(set(ids)) == 3
    assert [request["request_id"] for request in sandbox.control.requests("zendesk")] == ids


def test_what_the_vendor_ignores_is_noted(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    zendesk.get("/organizations", per_page=5, colour="red")
    zendesk.post("/organizations", {"organization": {"name": "A", "colour": "red"}, "extra": 1})
    logged = sandbox.control.requests("zendesk")
    assert [request["unknown_parameters"] for request in logged] == [
        ["colour"],
        ["extra", "organization.colour"],
    ]
    assert "colour" not in zendesk.get("/organizations").json()["organizations"][0]


def test_a_race_of_two_creates_can_make_twins(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1, zendesk={"twin_seconds": 60})
    first, second = zendesk.create("Acme"), zendesk.create("Acme")
    found = zendesk.get("/organizations/search", name="acme").json()["organizations"]
    assert [row["id"] for row in found] == [first["id"], second["id"]]
    zendesk.jump(61)
    assert zendesk.post("/organizations", {"organization": {"name": "Acme"}}).status_code == 422
