"""Tickets of the simulated Zendesk in bulk, and of the past."""

from typing import Any

from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

HELLO = {"body": "Hello"}


def tickets(sandbox: RunningSandbox, count: int) -> list[JSON]:
    return sandbox.control.put_rows(
        "zendesk", "tickets", [{"subject": str(number)} for number in range(count)]
    )


def ended(zendesk: ZendeskApi, method: str, path: str, **options: Any) -> JSON:
    return zendesk.ended_job(zendesk.call(method, f"/api/v2{path}", **options))


def test_created_items_name_their_row(zendesk: ZendeskApi) -> None:
    rows = [{"subject": "A", "comment": HELLO}, {"subject": "B"}, {"subject": "C", "comment": HELLO}]
    job = ended(zendesk, "POST", "/tickets/create_many", json={"tickets": rows})
    assert [item.get("index") for item in job["results"]] == [0, 1, 2]
    assert job["results"][0].keys() == {"id", "index", "account_id"}
    failed = job["results"][1]
    assert (failed["error"], failed["details"]) == ("TicketCreateFailed", "Description: cannot be blank")
    listed = zendesk.get("/tickets").json()["tickets"]
    assert [row["subject"] for row in listed] == ["A", "C"]


def test_one_change_for_many_tickets(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    rows = tickets(sandbox, 2)
    ids = f"{rows[0]['id']},{rows[1]['id']},999"
    change = {"ticket": {"additional_tags": ["x"], "comment": HELLO}}
    job = ended(zendesk, "PUT", "/tickets/update_many", json=change, params={"ids": ids})
    assert [item.get("success") for item in job["results"]] == [True, True, False]
    assert job["results"][0] == {
        "id": rows[0]["id"],
        "action": "update",
        "status": "Updated",
        "success": True,
    }
    comments = zendesk.get(f"/tickets/{rows[1]['id']}/comments").json()["comments"]
    assert [row["body"] for row in comments] == ["1", "Hello"]


def test_a_job_is_always_safe(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    """Without a stamp the time of queueing counts: a change meanwhile, of the job itself too, conflicts."""
    first, second = tickets(sandbox, 2)
    sandbox.control.settings(time_scale=1)
    twice = [{"id": first["id"], "subject": text} for text in ("a", "b")]
    stale = {"id": second["id"], "subject": "c", "safe_update": True, "updated_stamp": "2020-01-01T00:00:00Z"}
    half = {"id": second["id"], "subject": "d", "safe_update": True}
    started = zendesk.put("/tickets/update_many", {"tickets": [*twice, stale, half]})
    zendesk.jump(20)
    job = zendesk.ended_job(started)
    errors = [item.get("error") for item in job["results"]]
    assert errors == [None, "UpdateConflict", "UpdateConflict", "ParameterMissing"]
    assert zendesk.get(f"/tickets/{first['id']}").json()["ticket"]["subject"] == "a"


def test_a_single_create_as_a_job(zendesk: ZendeskApi) -> None:
    given = {"ticket": {"subject": "A", "comment": HELLO}}
    started = zendesk.call("POST", "/api/v2/tickets", json=given, params={"async": "true"})
    assert started.status_code == 202
    job = zendesk.wait_for(started.json()["job_status"]["id"], lambda job: job["status"] == "completed")
    assert len(job["results"]) == 1


def test_an_import_keeps_the_past(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    comments = [
        {"value": "First", "created_at": "2020-01-01T10:00:00Z", "author_id": seed.AGENT_ID},
        {"body": "Second", "created_at": "2020-01-02T10:00:00Z", "public": False},
    ]
    given = {
        "subject": "Old",
        "comments": comments,
        "created_at": "2020-01-01T10:00:00Z",
        "updated_at": "2020-01-02T10:00:00Z",
        "solved_at": "2020-01-03T10:00:00Z",
        "status": "closed",
    }
    answer = zendesk.post("/imports/tickets", {"ticket": given})
    ticket = answer.json()["ticket"]
    assert "audit" not in answer.json()
    assert (ticket["created_at"], ticket["status"]) == ("2020-01-01T10:00:00Z", "closed")
    shown = zendesk.get(f"/tickets/{ticket['id']}/comments").json()["comments"]
    assert [(row["body"], row["created_at"][:10]) for row in shown] == [
        ("First", "2020-01-01"),
        ("Second", "2020-01-02"),
    ]
    assert zendesk.get("/tickets").json()["tickets"] == [], "closed for years: archived"
    agent = ZendeskApi(sandbox, email=seed.AGENT_EMAIL)
    assert agent.post("/imports/tickets", {"ticket": given}).status_code == 403


def test_archived_tickets_are_shown_but_not_listed(zendesk: ZendeskApi) -> None:
    given = {"subject": "Old", "comments": [HELLO], "status": "closed", "external_id": "E"}
    path = "/imports/tickets/create_many"
    job = ended(zendesk, "POST", path, json={"tickets": [given]}, params={"archive_immediately": "true"})
    number = job["results"][0]["id"]
    assert zendesk.get(f"/tickets/{number}").status_code == 200
    assert zendesk.get("/tickets", external_id="E").json()["tickets"] == []
    audits = zendesk.get(f"/tickets/{number}/audits", **{"page[size]": 1}).json()
    assert audits.keys() == {"audits"}


def test_destroy_many(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    (ticket,) = tickets(sandbox, 1)
    job = ended(zendesk, "DELETE", "/tickets/destroy_many", params={"ids": f"{ticket['id']},999"})
    assert [item["success"] for item in job["results"]] == [True, False]
    assert [row["id"] for row in zendesk.get("/deleted_tickets").json()["deleted_tickets"]] == [ticket["id"]]
