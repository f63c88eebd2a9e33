"""Users of the simulated Zendesk in jobs, and their identities."""

from typing import Any

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import ControlRefusedError, RunningSandbox


def created(zendesk: ZendeskApi, **values: Any) -> JSON:
    answer = zendesk.post("/users", {"user": {"skip_verify_email": True, **values}})
    assert answer.status_code == 201, answer.text
    user: JSON = answer.json()["user"]
    return user


@pytest.fixture
def quick(zendesk: ZendeskApi) -> ZendeskApi:
    zendesk.sandbox.control.settings(zendesk={"job_seconds": 0.05, "job_row_seconds": 0})
    return zendesk


def test_items_of_creates_name_address_and_external_id(quick: ZendeskApi) -> None:
    created(quick, name="Known", email="known@acme.example")
    rows = [
        {"name": "A", "email": "A@acme.example", "external_id": "X1"},
        {"name": "B", "email": "known@acme.example"},
    ]
    job = quick.ended_job(quick.post("/users/create_many", {"users": rows}))
    done, refused = job["results"]
    assert done == {"id": done["id"], "email": "a@acme.example", "external_id": "X1", "status": "Created"}
    assert (refused["index"], refused["error"]) == (1, "UserCreateFailed")
    assert "already being used" in refused["details"]
    assert job["status"] == "completed"


def test_upserts_write_over_whoever_has_the_address(quick: ZendeskApi) -> None:
    user = created(quick, name="Known", email="known@acme.example")
    rows = [{"name": "A", "email": "Known@acme.example"}, {"name": "B", "external_id": "X2"}]
    job = quick.ended_job(quick.post("/users/create_or_update_many", {"users": rows}))
    assert [item["status"] for item in job["results"]] == ["Updated", "Created"]
    assert quick.get(f"/users/{user['id']}").json()["user"]["name"] == "A"


def test_updates_and_deletes_by_id_or_external_id(quick: ZendeskApi) -> None:
    users = [created(quick, name=name, external_id=name) for name in "AB"]
    rows = [{"id": users[0]["id"], "notes": "n"}, {"id": 5, "notes": "n"}]
    job = quick.ended_job(quick.put("/users/update_many", {"users": rows}))
    assert job["results"][0] == {
        "id": users[0]["id"],
        "action": "update",
        "status": "Updated",
        "success": True,
    }
    assert job["results"][1]["error"] == "RecordNotFound"
    quick.ended_job(quick.delete("/users/destroy_many", external_ids="a,b"))
    gone = quick.ended_job(quick.put("/users/update_many", {"users": rows[:1]}))
    assert gone["results"][0]["error"] == "RecordNotFound", "a deleted user is gone for jobs too"


def test_more_than_100_rows_are_refused(quick: ZendeskApi) -> None:
    rows = [{"name": str(number)} for number in range(101)]
    assert quick.post("/users/create_many", {"users": rows}).status_code == 400


def test_bulk_imports_are_off_until_they_are_enabled(quick: ZendeskApi) -> None:
    quick.sandbox.control.settings(zendesk={"bulk_user_imports": False})
    user = created(quick, name="A", external_id="a")
    rows = {"users": [{"name": "B"}]}
    for path in ("/users/create_many", "/users/create_or_update_many"):
        answer = quick.post(path, rows)
        assert (answer.status_code, answer.json()["error"]["title"]) == (403, "Forbidden")
    update = {"users": [{"id": user["id"], "notes": "n"}]}
    assert quick.ended_job(quick.put("/users/update_many", update))["status"] == "completed"
    assert len(quick.sandbox.control.rows("zendesk", "users")) == 3


# Identities


def identities(zendesk: ZendeskApi, user: JSON) -> dict[str, tuple[bool, bool]]:
    """Value -> primary, verified."""
    rows = zendesk.get(f"/users/{user['id']}/identities").json()["identities"]
    return {row["value"]: (row["primary"], row["verified"]) for row in rows}


def added(zendesk: ZendeskApi, user: JSON, value: str, **more: Any) -> JSON:
    given = {"type": "email", "value": value, "skip_verify_email": True, **more}
    answer = zendesk.post(f"/users/{user['id']}/identities", {"identity": given})
    assert answer.status_code == 201, answer.text
    identity: JSON = answer.json()["identity"]
    return identity


def test_make_primary_moves_the_users_address(zendesk: ZendeskApi) -> None:
    user = created(zendesk, name="A", email="a@acme.example", verified=True)
    identity = added(zendesk, user, "B@acme.example")
    assert (identity["value"], identity["primary"], identity["deliverable_state"]) == (
        "b@acme.example",
        False,
        "deliverable",
    )
    path = f"/users/{user['id']}/identities/{identity['id']}"
    listed = zendesk.put(f"{path}/make_primary", {}).json()["identities"]
    assert [row["value"] for row in listed if row["primary"]] == ["b@acme.example"]
    assert zendesk.get(f"/users/{user['id']}").json()["user"]["email"] == "b@acme.example"
    zendesk.put(f"{path}/verify", {})
    assert identities(zendesk, user) == {"a@acme.example": (False, True), "b@acme.example": (True, True)}


@pytest.mark.parametrize("at_once", [True, False])
def test_primary_on_create(zendesk: ZendeskApi, at_once: bool) -> None:
    zendesk.sandbox.control.settings(zendesk={"primary_on_create": at_once})
    user = created(zendesk, name="A", email="a@acme.example")
    assert added(zendesk, user, "b@acme.example", primary=True)["primary"] is at_once
    shown = zendesk.get(f"/users/{user['id']}").json()["user"]["email"]
    assert shown == ("b@acme.example" if at_once else "a@acme.example")


def test_update_changes_value_and_verification_never_primary(zendesk: ZendeskApi) -> None:
    user = created(zendesk, name="A", email="a@acme.example")
    identity = added(zendesk, user, "b@acme.example")
    path = f"/users/{user['id']}/identities/{identity['id']}"
    body = {"identity": {"value": "c@acme.example", "verification_method": "low", "primary": True}}
    changed = zendesk.put(path, body).json()["identity"]
    assert (changed["value"], changed["verified"], changed["primary"]) == ("c@acme.example", True, False)
    full = zendesk.put(path, {"identity": {"verification_method": "full"}})
    assert full.json()["details"].keys() == {"verification_method"}


def test_values_are_unique_over_all_users(zendesk: ZendeskApi) -> None:
    first = created(zendesk, name="A", email="a@acme.example")
    second = created(zendesk, name="B", email="b@acme.example")
    for user in (first, second):
        body = {"identity": {"type": "email", "value": "A@acme.example"}}
        answer = zendesk.post(f"/users/{user['id']}/identities", body)
        assert answer.status_code == 422
        assert answer.json()["details"]["value"][0]["error"] == "DuplicateValue"
    wrong = zendesk.post(f"/users/{first['id']}/identities", {"identity": {"type": "pigeon", "value": "x"}})
    assert wrong.json()["details"]["type"][0]["error"] == "InvalidValue"


def test_the_next_address_takes_the_place_of_a_deleted_one(zendesk: ZendeskApi) -> None:
    user = created(zendesk, name="A", email="a@acme.example")
    added(zendesk, user, "b@acme.example")
    (first, _) = zendesk.get(f"/users/{user['id']}/identities").json()["identities"]
    assert zendesk.delete(f"/users/{user['id']}/identities/{first['id']}").status_code == 204
    assert zendesk.get(f"/users/{user['id']}").json()["user"]["email"] == "b@acme.example"
    created(zendesk, name="B", email="a@acme.example")


def test_an_identity_of_another_user_is_not_found(zendesk: ZendeskApi) -> None:
    first, second = (created(zendesk, name=name, email=f"{name}@acme.example") for name in "ab")
    (identity,) = zendesk.get(f"/users/{first['id']}/identities").json()["identities"]
    assert zendesk.get(f"/users/{second['id']}/identities/{identity['id']}").status_code == 404


# Control


def test_control_puts_users_and_identities_without_mails(sandbox: RunningSandbox) -> None:
    control = sandbox.control
    control.put_rows("zendesk", "users", [{"name": "A", "email": "a@acme.example", "role": "agent"}])
    control.put_rows("zendesk", "users", [{"email": "A@acme.example", "notes": "n"}])
    user = next(row for row in control.rows("zendesk", "users") if row["email"] == "a@acme.example")
    assert (user["role"], user["notes"]) == ("agent", "n")
    row = {"user_id": user["id"], "type": "email", "value": "b@acme.example", "primary": True}
    control.put_rows("zendesk", "identities", [row])
    assert "b@acme.example" in {row["email"] for row in control.rows("zendesk", "users")}
    assert control.rows("zendesk", "mails") == []
    control.clear("zendesk")
    assert len(control.rows("zendesk", "users")) == len(control.rows("zendesk", "identities")) == 2


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("users", {"email": "a@acme.example"}),
        ("users", {"name": "A", "role": "owner"}),
        ("users", {"name": "A", "id": "seven"}),
        ("identities", {"user_id": 5, "type": "email", "value": "x@acme.example"}),
        ("identities", {"type": "email", "value": "x@acme.example"}),
        ("organization_memberships", {"user_id": 5, "organization_id": 6}),
        ("mails", {"email": "x@acme.example"}),
    ],
)
def test_control_refuses_what_the_vendor_could_not_hold(
    sandbox: RunningSandbox, name: str, row: JSON
) -> None:
    with pytest.raises(ControlRefusedError):
        sandbox.control.put_rows("zendesk", name, [row])
