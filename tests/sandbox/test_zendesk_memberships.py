"""Memberships of users in organizations of the simulated Zendesk."""

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi


@pytest.fixture
def user(zendesk: ZendeskApi) -> int:
    answer = zendesk.post("/users", {"user": {"name": "Ann", "email": "ann@acme.example"}})
    key: int = answer.json()["user"]["id"]
    return key


def join(zendesk: ZendeskApi, user: int, organization: JSON, **values: object) -> JSON:
    given = {"user_id": user, "organization_id": organization["id"], **values}
    answer = zendesk.post("/organization_memberships", {"organization_membership": given})
    found: JSON = answer.json()
    return found.get("organization_membership") or found


def organization_of(zendesk: ZendeskApi, user: int) -> object:
    return zendesk.get(f"/users/{user}").json()["user"]["organization_id"]


def test_the_default_organization_follows(zendesk: ZendeskApi, user: int) -> None:
    first, second, third = (zendesk.create(name) for name in "CBA")
    assert join(zendesk, user, first)["default"] is True
    assert (join(zendesk, user, second)["default"], organization_of(zendesk, user)) == (None, first["id"])
    assert join(zendesk, user, third, default=True)["organization_name"] == "A"
    assert organization_of(zendesk, user) == third["id"]
    listed = zendesk.get(f"/users/{user}/organization_memberships").json()["organization_memberships"]
    assert [(row["organization_name"], row["default"]) for row in listed] == [
        ("A", True),
        ("B", None),
        ("C", None),
    ]
    zendesk.delete(f"/organization_memberships/{listed[0]['id']}")
    assert organization_of(zendesk, user) in (first["id"], second["id"])
    assert zendesk.delete(f"/users/{user}/organizations/{third['id']}").status_code == 404


def test_a_pair_is_there_once(zendesk: ZendeskApi, user: int) -> None:
    zendesk.sandbox.control.settings(zendesk={"job_seconds": 0.05, "job_row_seconds": 0})
    first, second = zendesk.create("A"), zendesk.create("B")
    join(zendesk, user, first)
    refused = join(zendesk, user, first)
    assert refused["details"]["user_id"][0]["error"] == "DuplicateValue"
    rows = [{"user_id": user, "organization_id": each["id"]} for each in (first, second)]
    job = zendesk.ended_job(
        zendesk.post("/organization_memberships/create_many", {"organization_memberships": rows})
    )
    failed, done = job["results"]
    assert (failed["index"], failed["error"]) == (0, "OrganizationMembershipCreateFailed")
    assert (done["status"], done["action"], done["success"]) == ("Created", "create", True)
    assert join(zendesk, user, {"id": 5})["details"]["organization"][0]["error"] == "BlankValue"


@pytest.mark.parametrize(
    ("settings", "several"),
    [
        ({"plan": "suite_team"}, False),
        ({"plan": "suite_growth"}, True),
        ({"plan": "suite_team", "multiple_organizations": "on"}, True),
        ({"multiple_organizations": "off"}, False),
    ],
)
def test_several_organizations_by_plan(
    zendesk: ZendeskApi, user: int, settings: dict[str, object], several: bool
) -> None:
    zendesk.sandbox.control.settings(zendesk=settings)
    join(zendesk, user, zendesk.create("A"))
    assert ("id" in join(zendesk, user, zendesk.create("B"))) == several
