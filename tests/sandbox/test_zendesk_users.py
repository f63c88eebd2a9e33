"""Users of the simulated Zendesk: rules, uniqueness, roles, mails, organizations, search, limits."""

from typing import Any

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


def put_user(zendesk: ZendeskApi, **values: Any) -> JSON:
    answer = zendesk.post("/users", {"user": values})
    assert answer.status_code == 201, answer.text
    user: JSON = answer.json()["user"]
    return user


def codes(answer: Any) -> dict[str, list[str]]:
    """The error codes by field of a 422."""
    assert answer.status_code == 422, answer.text
    return {name: [item["error"] for item in items] for name, items in answer.json()["details"].items()}


def mails(zendesk: ZendeskApi) -> list[str]:
    return [mail["email"] for mail in zendesk.sandbox.control.rows("zendesk", "mails")]


def test_a_new_user_has_the_vendors_defaults(zendesk: ZendeskApi) -> None:
    answer = zendesk.post("/users", {"user": {"name": " Ann ", "email": " Ann@Acme.example "}})
    user = answer.json()["user"]
    assert answer.headers["Location"] == user["url"]
    assert (user["name"], user["email"], user["role"]) == ("Ann", "ann@acme.example", "end-user")
    assert (user["verified"], user["active"], user["suspended"]) == (False, True, False)
    assert (user["tags"], user["organization_id"], user["external_id"]) == ([], None, None)
    assert zendesk.get(f"/users/{user['id']}").json()["user"] == user


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"name": ["BlankValue"]}),
        ({"name": "A", "email": "nobody"}, {"email": ["InvalidFormat"]}),
        ({"name": "A", "role": "owner"}, {"role": ["InvalidValue"]}),
        ({"name": 5}, {"name": ["InvalidValue"]}),
        ({"name": "A", "suspended": "yes"}, {"suspended": ["InvalidValue"]}),
        ({"name": "A", "organization_id": 5}, {"organization_id": ["InvalidValue"]}),
        ({"name": "A", "tags": "x"}, {"tags": ["InvalidValue"]}),
        ({"name": "A", "identities": [{"type": "email"}]}, {"identities": ["InvalidValue"]}),
    ],
)
def test_wrong_values_are_refused(zendesk: ZendeskApi, given: JSON, expected: dict[str, list[str]]) -> None:
    assert codes(zendesk.post("/users", {"user": given})) == expected
    assert len(zendesk.sandbox.control.rows("zendesk", "users")) == 2


def test_an_address_belongs_to_one_user_also_as_a_secondary_one(zendesk: ZendeskApi) -> None:
    first = put_user(zendesk, name="A", email="a@acme.example", external_id="X1")
    zendesk.post(
        f"/users/{first['id']}/identities", {"identity": {"type": "email", "value": "b@acme.example"}}
    )
    for email in ("A@acme.example", "b@acme.example"):
        refused = zendesk.post("/users", {"user": {"name": "B", "email": email}})
        assert codes(refused) == {"email": ["DuplicateValue"]}
    assert codes(zendesk.post("/users", {"user": {"name": "B", "external_id": "x1"}})) == {
        "external_id": ["DuplicateValue"]
    }


def test_a_deleted_user_frees_address_and_external_id(zendesk: ZendeskApi) -> None:
    first = put_user(zendesk, name="A", email="a@acme.example", external_id="X1")
    deleted = zendesk.delete(f"/users/{first['id']}")
    assert (deleted.status_code, deleted.json()["user"]["active"]) == (200, False)
    assert zendesk.put(f"/users/{first['id']}", {"user": {"name": "Z"}}).status_code == 404
    assert zendesk.get("/users/show_many", ids=first["id"]).json()["users"] == []
    assert first["id"] not in [row["id"] for row in zendesk.get("/users").json()["users"]]
    put_user(zendesk, name="A", email="a@acme.example", external_id="X1")


def test_verification_mails(zendesk: ZendeskApi) -> None:
    put_user(zendesk, name="A", email="a@acme.example")
    put_user(zendesk, name="B", email="b@acme.example", skip_verify_email=True)
    user = put_user(zendesk, name="C", email="c@acme.example", verified=True)
    assert (mails(zendesk), user["verified"]) == (["a@acme.example"], True)
    quiet = {"type": "email", "value": "d@acme.example", "skip_verify_email": True}
    zendesk.post(f"/users/{user['id']}/identities", {"identity": quiet})
    loud = {"type": "email", "value": "e@acme.example"}
    added = zendesk.post(f"/users/{user['id']}/identities", {"identity": loud}).json()["identity"]
    assert mails(zendesk) == ["a@acme.example", "e@acme.example"]
    path = f"/users/{user['id']}/identities/{added['id']}/request_verification"
    assert zendesk.put(path, {}).status_code == 200
    assert mails(zendesk) == ["a@acme.example", "e@acme.example", "e@acme.example"]


def test_an_address_in_an_update_is_a_secondary_one(zendesk: ZendeskApi) -> None:
    user = put_user(zendesk, name="A", email="a@acme.example", skip_verify_email=True)
    answer = zendesk.put(f"/users/{user['id']}", {"user": {"email": "new@acme.example"}})
    assert answer.json()["user"]["email"] == "a@acme.example"
    identities = zendesk.get(f"/users/{user['id']}/identities").json()["identities"]
    assert {row["value"]: row["primary"] for row in identities} == {
        "a@acme.example": True,
        "new@acme.example": False,
    }
    assert mails(zendesk) == ["new@acme.example"]


def test_a_number_of_somebody_else_is_shared(zendesk: ZendeskApi) -> None:
    first = put_user(zendesk, name="A", phone="+49 30 1")
    second = put_user(zendesk, name="B", phone="+49 30 1")
    assert (first["shared_phone_number"], second["shared_phone_number"]) == (False, True)
    zendesk.put(f"/users/{first['id']}", {"user": {"phone": "+49 30 2"}})
    identities = zendesk.get(f"/users/{first['id']}/identities").json()["identities"]
    assert {row["value"] for row in identities} == {"+49 30 1", "+49 30 2"}
    assert zendesk.get(f"/users/{second['id']}/identities").json()["identities"] == []


def test_an_organization_in_an_update_is_the_only_one(zendesk: ZendeskApi) -> None:
    first, second = zendesk.create("One")["id"], zendesk.create("Two")["id"]
    user = put_user(zendesk, name="A", organization_id=first)
    control = zendesk.sandbox.control
    control.put_rows(
        "zendesk", "organization_memberships", [{"user_id": user["id"], "organization_id": second}]
    )
    assert len(control.rows("zendesk", "organization_memberships")) == 2
    zendesk.put(f"/users/{user['id']}", {"user": {"organization_id": second}})
    (left,) = control.rows("zendesk", "organization_memberships")
    assert (left["organization_id"], left["default"]) == (second, True)
    zendesk.delete(f"/organizations/{second}")
    assert zendesk.get(f"/users/{user['id']}").json()["user"]["organization_id"] is None


def test_who_is_no_admin_writes_end_users_only(sandbox: RunningSandbox) -> None:
    with ZendeskApi(sandbox, email=seed.AGENT_EMAIL) as agent:
        user = put_user(agent, name="A", email="a@acme.example")
        assert agent.post("/users", {"user": {"name": "B", "role": "agent"}}).status_code == 403
        assert agent.put(f"/users/{seed.ADMIN_ID}", {"user": {"name": "B"}}).status_code == 403
        identity = {"identity": {"type": "email", "value": "x@acme.example"}}
        assert agent.post(f"/users/{seed.ADMIN_ID}/identities", identity).status_code == 403
        assert agent.post("/users/create_many", {"users": [{"name": "C"}]}).status_code == 403
        assert agent.delete(f"/users/{seed.ADMIN_ID}").status_code == 403
        assert agent.delete(f"/users/{user['id']}").status_code == 200


def test_create_or_update_matches_in_any_case_and_keeps_the_new_case(zendesk: ZendeskApi) -> None:
    user = put_user(zendesk, name="A", email="a@acme.example", external_id="x1")
    answer = zendesk.post("/users/create_or_update", {"user": {"external_id": "X1", "notes": "n"}})
    assert (answer.status_code, answer.json()["user"]["external_id"]) == (200, "X1")
    assert answer.headers["Location"].endswith(f"/users/{user['id']}.json")
    zendesk.jump(2)
    answer = zendesk.post("/users/create_or_update", {"user": {"email": "A@acme.example", "name": "B"}})
    assert (answer.status_code, answer.json()["user"]["id"]) == (200, user["id"])
    zendesk.jump(2)
    answer = zendesk.post("/users/create_or_update", {"user": {"name": "C", "external_id": "x2"}})
    assert answer.status_code == 201


def test_one_update_a_second_and_five_a_minute_for_each(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    users = [put_user(zendesk, name=name) for name in "AB"]
    statuses = []
    for _ in range(5):
        statuses.append(zendesk.put(f"/users/{users[0]['id']}", {"user": {"notes": "n"}}).status_code)
        zendesk.jump(1.5)
    limited = zendesk.put(f"/users/{users[0]['id']}", {"user": {"notes": "n"}})
    assert (statuses, limited.status_code) == ([200] * 5, 429)
    assert "updating a single unique user" in limited.text
    assert int(limited.headers["Retry-After"]) >= 1
    zendesk.jump(1.5)
    answers = [zendesk.put(f"/users/{users[1]['id']}", {"user": {"notes": "n"}}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["errors"][0]["code"] == "TooManyRequests"


def test_search_finds_by_property_and_text(zendesk: ZendeskApi) -> None:
    user = put_user(zendesk, name="Ann Lee", email="ann@acme.example", external_id="X1", notes="Likes tea")
    zendesk.post(f"/users/{user['id']}/identities", {"identity": {"type": "email", "value": "lee@b.example"}})
    put_user(zendesk, name="Ben", email="ben@acme.example")

    def found(**parameters: str) -> list[str]:
        return [row["name"] for row in zendesk.get("/users/search", **parameters).json()["users"]]

    assert found(query='email:"ann@acme.example"') == ["Ann Lee"]
    assert found(query="email:LEE@b.example") == ["Ann Lee"]
    assert found(query="email:*@acme.example role:end-user") == ["Ann Lee", "Ben"]
    assert found(query="email:ann@acme.example email:ben@acme.example") == ["Ann Lee", "Ben"]
    assert found(query="tea") == ["Ann Lee"]
    assert found(external_id="x1") == ["Ann Lee"]
    assert found(query="email:nobody@acme.example") == []
    assert zendesk.get("/users/search").status_code == 400
    assert "next_page" in zendesk.get("/users/search", query="tea", **{"page[size]": "1"}).json()


def test_search_lags_behind(zendesk: ZendeskApi) -> None:
    zendesk.sandbox.control.settings(zendesk={"search_lag_seconds": 60})
    put_user(zendesk, name="Ann", email="ann@acme.example", external_id="X1")
    query = "email:ann@acme.example"
    assert zendesk.get("/users/search", query=query).json()["users"] == []
    assert len(zendesk.get("/users/show_many", external_ids="x1").json()["users"]) == 1
    zendesk.jump(61)
    assert len(zendesk.get("/users/search", query=query).json()["users"]) == 1


def test_listings_filter_by_role(zendesk: ZendeskApi) -> None:
    put_user(zendesk, name="A")
    assert zendesk.get("/users/count", role="end-user").json()["count"]["value"] == 1
    both = zendesk.get("/users?role[]=agent&role[]=admin").json()["users"]
    assert {row["role"] for row in both} == {"agent", "admin"}
    assert zendesk.get("/users", role="owner").status_code == 400


def test_user_fields_are_apart_from_those_of_organizations(zendesk: ZendeskApi) -> None:
    zendesk.define("seat")
    zendesk.post("/user_fields", {"user_field": {"key": "seat", "title": "Seat", "type": "integer"}})
    user = put_user(zendesk, name="A", user_fields={"seat": 4})
    assert user["user_fields"] == {"seat": 4}
    wrong = zendesk.post("/users", {"user": {"name": "B", "user_fields": {"seat": "4"}}})
    assert codes(wrong) == {"user_fields.seat": ["InvalidValue"]}
    zendesk.delete("/user_fields/seat")
    assert zendesk.get(f"/users/{user['id']}").json()["user"]["user_fields"] == {}
    assert zendesk.get("/organization_fields/seat").json()["organization_field"]["type"] == "text"


def test_the_export_shows_deleted_users_and_goes_on_by_cursor(zendesk: ZendeskApi) -> None:
    users = [put_user(zendesk, name=name) for name in "ABC"]
    zendesk.delete(f"/users/{users[1]['id']}")
    zendesk.jump(120)
    first = zendesk.get("/incremental/users/cursor", start_time=0, per_page=3).json()
    rest = zendesk.get("/incremental/users/cursor", cursor=first["after_cursor"]).json()
    assert (first["end_of_stream"], rest["end_of_stream"]) == (False, True)
    active = {row["id"]: row["active"] for row in (*first["users"], *rest["users"])}
    assert {key: active[key] for key in (row["id"] for row in users)} == {
        users[0]["id"]: True,
        users[1]["id"]: False,
        users[2]["id"]: True,
    }
    assert len(first["users"]) + len(rest["users"]) == 5
    assert zendesk.get("/incremental/users/cursor", cursor="nonsense").status_code == 400


def test_names_that_the_vendor_ignores_are_logged(zendesk: ZendeskApi) -> None:
    zendesk.post("/users", {"user": {"name": "A", "colour": "red"}})
    (logged,) = zendesk.sandbox.control.requests("zendesk")
    assert logged["unknown_parameters"] == ["user.colour"]
