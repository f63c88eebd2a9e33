"""Generated worlds of tickets, and the listings around them."""

from collections import Counter
from typing import Any

import pytest
import requests
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.data.ticket_words import CHANNELS
from ml_sandbox.data.tickets import FIRST_TICKET
from ml_sandbox.testing import RunningSandbox

LISTINGS = {
    "/brands": "brands",
    "/groups": "groups",
    "/group_memberships": "group_memberships",
    "/macros": "macros",
    "/satisfaction_ratings": "satisfaction_ratings",
    "/tags": "tags",
    "/ticket_audits": "audits",
    "/ticket_fields": "ticket_fields",
    "/ticket_forms": "ticket_forms",
    "/ticket_metrics": "ticket_metrics",
    "/tickets": "tickets",
    "/users": "users",
    "/deleted_tickets": "deleted_tickets",
    "/organization_memberships": "organization_memberships",
}


def world(sandbox: RunningSandbox, tickets: int = 200, **values: Any) -> JSON:
    given = {"tickets": tickets, "comments": 3, **values}
    (told,) = sandbox.control.put_rows("zendesk", "ticket_worlds", [given])
    return dict(told)


def test_a_world_has_every_kind_of_ticket(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    told = world(sandbox)
    rows = sandbox.control.rows("zendesk", "tickets")
    assert (told["tickets"], len(rows), rows[0]["id"]) == (200, 200, FIRST_TICKET)
    for name, wanted in (
        ("status", {"new", "open", "pending", "hold", "solved", "closed", "deleted"}),
        ("priority", {None, "low", "normal", "high", "urgent"}),
        ("type", {None, "question", "problem", "incident", "task"}),
    ):
        assert {row[name] for row in rows} == wanted
    assert {row["via"]["channel"] for row in rows} == set(CHANNELS)
    defaults = {row["id"] for row in sandbox.control.rows("zendesk", "custom_statuses") if row["default"]}
    assert {row["custom_status_id"] in defaults for row in rows} == {True, False}
    assert {bool(row["problem_id"]) for row in rows if row["type"] == "incident"} == {True}
    comments = sandbox.control.rows("zendesk", "ticket_comments")
    assert len(comments) == 600, "what was deleted for good is not counted"
    assert {row["public"] for row in comments} == {True, False}
    assert {row["type"] for row in comments} == {"Comment", "VoiceComment"}
    listed = {row["id"] for row in zendesk.get("/tickets", **{"page[size]": 100}).json()["tickets"]}
    assert len(rows) > len(listed) > 50, "archived and deleted ones are not listed"
    by_ticket = Counter(row["ticket_id"] for row in comments)
    living = [row for row in rows if row["status"] != "deleted"]
    assert all(by_ticket[row["id"]] for row in living)
    people = {row["id"]: row for row in sandbox.control.rows("zendesk", "users")}
    assert {people[row["requester_id"]]["role"] for row in rows} == {"end-user"}
    assert {people[row["requester_id"]]["email"] is None for row in rows} == {True, False}


def test_the_last_audit_of_each_ticket_tells_its_status(sandbox: RunningSandbox) -> None:
    world(sandbox, 60, removed=False)
    status: dict[int, str] = {}
    times: dict[int, str] = {}
    for audit in sandbox.control.rows("zendesk", "ticket_audits"):
        times[audit["ticket_id"]] = audit["created_at"]
        for event in audit["events"]:
            if event.get("field_name") == "status":
                assert event.get("previous_value") == status.get(audit["ticket_id"])
                status[audit["ticket_id"]] = event["value"]
    rows = sandbox.control.rows("zendesk", "tickets")
    assert {row["id"]: row["status"] for row in rows} == status
    assert {row["id"]: row["updated_at"] for row in rows} == times


def test_a_seed_gives_the_same_world_and_a_second_one_stands_beside(sandbox: RunningSandbox) -> None:
    def told() -> list[tuple[Any, ...]]:
        rows = sandbox.control.rows("zendesk", "tickets")
        return [(row["id"], row["subject"], row["requester_id"], row["tags"]) for row in rows]

    world(sandbox, 30)
    first = told()
    sandbox.control.clear("zendesk")
    world(sandbox, 30)
    assert told() == first
    with pytest.raises(AssertionError, match="first_id"):
        world(sandbox, 30)
    sandbox.control.clear("zendesk")
    world(sandbox, 30, seed=2)
    assert told() != first
    for wrong in ({"tickets": 0}, {"tickets": 5, "colour": 1}, {"tickets": 5, "comments": 0.5}):
        with pytest.raises(AssertionError, match="ticket world"):
            sandbox.control.put_rows("zendesk", "ticket_worlds", [wrong])


def test_listings_come_in_both_dialects(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    world(sandbox, 160, days=60)
    for path, name in LISTINGS.items():
        if path != "/ticket_audits":
            offset = zendesk.get(path, per_page=2).json()
            assert (len(offset[name]), offset["count"] >= 2, bool(offset["next_page"])) == (
                2,
                True,
                offset["count"] > 2,
            ), path
        cursor = zendesk.get(path, **{"page[size]": 2}).json()
        assert (len(cursor[name]), "after_cursor" in cursor["meta"]) == (2, True), path
        if cursor["meta"]["has_more"]:
            following = zendesk.get(
                path, **{"page[size]": 2, "page[after]": cursor["meta"]["after_cursor"]}
            ).json()
            assert following[name][0] not in cursor[name], path
    refused = zendesk.get("/tickets", sort="priority", **{"page[size]": 2})
    assert refused.json()["errors"][0]["code"] == "InvalidPaginationParameter"
    for size in (1, 100):
        assert zendesk.get("/tickets", per_page=size, page=101).status_code == 400
    policies = zendesk.get("/slas/policies", **{"page[size]": 1}).json()
    assert ("meta" in policies, policies["count"]) == (False, 1)


def test_everything_is_reached_by_cursor(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    world(sandbox, 150, removed=False)
    for path, name in (("/ticket_metrics", "ticket_metrics"), ("/tickets", "tickets")):
        seen = walk(zendesk, path, name)
        listed = zendesk.get("/tickets/count").json()["count"]["value"]
        assert (len(seen), len(set(seen))) == (listed, listed), path
    good = walk(zendesk, "/satisfaction_ratings", "satisfaction_ratings", score="good_with_comment")
    rows = sandbox.control.rows("zendesk", "satisfaction_ratings")
    assert sorted(good) == [row["id"] for row in rows if row["score"] == "good" and row["comment"]]
    assert zendesk.get("/satisfaction_ratings", score="fair").status_code == 400
    names = [row["name"] for row in zendesk.get("/users", **{"role[]": ["agent", "admin"]}).json()["users"]]
    assert any(name.endswith("(Agent)") for name in names)


def walk(zendesk: ZendeskApi, path: str, name: str, **parameters: Any) -> list[int]:
    seen: list[int] = []
    query: JSON = {"page[size]": 50, **parameters}
    while True:
        answer: requests.Response = zendesk.get(path, **query)
        body = answer.json()
        seen += [row["id"] for row in body[name]]
        if not body["meta"]["has_more"]:
            return seen
        query["page[after]"] = body["meta"]["after_cursor"]


def test_search_ends_after_a_thousand(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    world(sandbox, 20)
    found = zendesk.get("/search", query="type:user role:agent").json()
    assert found["count"] == len(found["results"]) > 1
    assert {row["result_type"] for row in found["results"]} == {"user"}
    assert zendesk.get("/search", query="type:ticket", page=11).status_code == 422
    assert zendesk.get("/search").status_code == 400
