"""Single tickets of the simulated Zendesk."""

from typing import Any

import pytest
import requests
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

HELLO = {"body": "Hello"}


def create(zendesk: ZendeskApi, **values: Any) -> JSON:
    answer = zendesk.post("/tickets", {"ticket": {"subject": "S", "comment": HELLO, **values}})
    assert answer.status_code == 201, answer.text
    ticket: JSON = answer.json()["ticket"]
    return ticket


def change(zendesk: ZendeskApi, ticket: JSON, **values: Any) -> requests.Response:
    return zendesk.put(f"/tickets/{ticket['id']}", {"ticket": values})


def refused(answer: requests.Response, field: str) -> JSON:
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] == "RecordInvalid"
    found: JSON = answer.json()["details"][field][0]
    return found


def close(sandbox: RunningSandbox, ticket: JSON) -> None:
    sandbox.control.put_rows("zendesk", "tickets", [{"id": ticket["id"], "status": "closed"}])


def test_a_new_ticket_needs_a_comment(zendesk: ZendeskApi) -> None:
    answer = zendesk.post("/tickets", {"ticket": {"subject": "S"}})
    assert refused(answer, "base")["description"] == "Description: cannot be blank"
    assert zendesk.post("/tickets", {"subject": "S"}).status_code == 400


def test_create_answers_with_ticket_and_audit(zendesk: ZendeskApi) -> None:
    answer = zendesk.post("/tickets", {"ticket": {"subject": "S", "comment": HELLO, "priority": "high"}})
    ticket, audit = answer.json()["ticket"], answer.json()["audit"]
    assert answer.headers["Location"] == ticket["url"]
    assert (ticket["status"], ticket["description"], ticket["via"]["channel"]) == ("new", "Hello", "api")
    assert ticket["requester_id"] == ticket["submitter_id"] == seed.ADMIN_ID
    assert audit["ticket_id"] == ticket["id"]
    assert {event["type"] for event in audit["events"]} == {"Comment", "Create"}
    shown = zendesk.get(f"/tickets/{ticket['id']}/audits").json()["audits"]
    assert [row["id"] for row in shown] == [audit["id"]]


def test_a_requester_is_found_by_email_or_made(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    first = create(zendesk, requester={"name": "Rita", "email": "rita@example.com"})
    again = create(zendesk, requester={"name": "Other", "email": "RITA@example.com"})
    assert first["requester_id"] == again["requester_id"]
    people = {row["id"]: row for row in sandbox.control.rows("zendesk", "users")}
    assert people[first["requester_id"]]["role"] == "end-user"
    nameless = zendesk.post("/tickets", {"ticket": {"comment": HELLO, "requester": {"email": "x@y.example"}}})
    assert refused(nameless, "requester")["error"] == "ValueTooShort"
    unknown = zendesk.post("/tickets", {"ticket": {"comment": HELLO, "requester_id": 5}})
    refused(unknown, "requester")


def test_only_an_organization_of_the_requester_can_be_given(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    mine, other = zendesk.create("Mine"), zendesk.create("Other")
    user = {"name": "Rita", "email": "rita@example.com", "organization_id": mine["id"]}
    (rita,) = sandbox.control.put_rows("zendesk", "users", [user])
    assert create(zendesk, requester_id=rita["id"])["organization_id"] == mine["id"]
    given = {"comment": HELLO, "requester_id": rita["id"], "organization_id": other["id"]}
    refused(zendesk.post("/tickets", {"ticket": given}), "organization")


def test_an_update_adds_a_comment_and_an_audit(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk)
    body = change(zendesk, ticket, comment={"body": "Note", "public": False}, status="pending").json()
    events = {event["type"]: event for event in body["audit"]["events"] if event["type"] != "Change"}
    changes = {
        event["field_name"]: (event["previous_value"], event["value"])
        for event in body["audit"]["events"]
        if event["type"] == "Change"
    }
    assert changes["status"] == ("new", "pending")
    comments = zendesk.get(f"/tickets/{ticket['id']}/comments").json()["comments"]
    assert [(row["body"], row["public"]) for row in comments] == [("Hello", True), ("Note", False)]
    assert comments[1]["id"] == events["Comment"]["id"]
    assert comments[1]["audit_id"] == body["audit"]["id"]
    assert "ticket_id" not in comments[1]
    newest = zendesk.get(f"/tickets/{ticket['id']}/comments", sort="-created_at", **{"page[size]": 1}).json()
    assert newest["meta"]["has_more"] is True


def test_an_update_of_nothing_leaves_no_audit_and_no_time(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk)
    zendesk.jump(5)
    again = change(zendesk, ticket, subject="S").json()["ticket"]
    assert again["updated_at"] == ticket["updated_at"]
    assert len(zendesk.get(f"/tickets/{ticket['id']}/audits").json()["audits"]) == 1


def test_metadata_of_a_write_is_the_audits_own(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk, metadata={"key": "a"})
    change(zendesk, ticket, comment=HELLO, metadata={"key": "b"})
    audits = zendesk.get(f"/tickets/{ticket['id']}/audits").json()["audits"]
    assert [audit["metadata"]["custom"] for audit in audits] == [{"key": "a"}, {"key": "b"}]


def test_a_long_comment_is_cut_without_a_word(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk, comment={"body": "x" * 70_000})
    assert len(ticket["description"]) == 65_536


def test_tags_replace_add_and_remove(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk, tags=["A b", "c"])
    assert ticket["tags"] == ["a_b", "c"]
    changed = change(zendesk, ticket, additional_tags=["d"], remove_tags=["c"]).json()["ticket"]
    assert changed["tags"] == ["a_b", "d"]
    assert change(zendesk, ticket, tags=["z"]).json()["ticket"]["tags"] == ["z"]


def test_custom_fields_go_by_id(zendesk: ZendeskApi) -> None:
    options = [{"name": "Gold", "value": "gold"}]
    fields = [
        {"title": "Tier", "type": "tagger", "custom_field_options": options},
        {"title": "Size", "type": "integer"},
    ]
    tier, size = (
        zendesk.post("/ticket_fields", {"ticket_field": field}).json()["ticket_field"]["id"]
        for field in fields
    )
    ticket = create(zendesk, custom_fields=[{"id": tier, "value": "gold"}, {"id": size, "value": 12}])
    assert ticket["custom_fields"] == [{"id": tier, "value": "gold"}, {"id": size, "value": "12"}]
    assert ticket["tags"] == ["gold"]
    changed = change(zendesk, ticket, custom_fields=[{"id": tier, "value": None}]).json()["ticket"]
    assert (changed["custom_fields"][0]["value"], changed["tags"]) == (None, [])
    clash = {"title": "Other", "type": "tagger", "custom_field_options": options}
    refused(zendesk.post("/ticket_fields", {"ticket_field": clash}), "custom_field_options")


def test_solving_needs_the_required_fields(zendesk: ZendeskApi) -> None:
    field = {"title": "Cause", "type": "text", "required": True}
    number = zendesk.post("/ticket_fields", {"ticket_field": field}).json()["ticket_field"]["id"]
    ticket = create(zendesk)
    item = refused(change(zendesk, ticket, status="solved"), "base")
    assert (item["ticket_field_id"], item["ticket_field_type"]) == (number, "text")
    answer = change(zendesk, ticket, status="solved", custom_fields=[{"id": number, "value": "x"}])
    assert answer.json()["ticket"]["status"] == "solved"


def test_status_and_custom_status_go_together(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    (waiting,) = sandbox.control.put_rows(
        "zendesk", "custom_statuses", [{"status_category": "pending", "agent_label": "Waiting"}]
    )
    ticket = create(zendesk, assignee_id=seed.AGENT_ID)
    assert ticket["status"] == "open"
    changed = change(zendesk, ticket, custom_status_id=waiting["id"]).json()["ticket"]
    assert (changed["status"], changed["custom_status_id"]) == ("pending", waiting["id"])
    back = change(zendesk, ticket, status="open").json()["ticket"]
    assert back["custom_status_id"] not in (None, waiting["id"])
    refused(change(zendesk, ticket, status="new"), "status")


def test_a_closed_ticket_takes_no_change_but_a_follow_up(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    ticket = create(zendesk, subject="Old", tags=["t"])
    refused(
        zendesk.post("/tickets", {"ticket": {"comment": HELLO, "via_followup_source_id": ticket["id"]}}),
        "via_followup_source_id",
    )
    close(sandbox, ticket)
    item = refused(change(zendesk, ticket, comment=HELLO), "status")
    assert item["description"] == "Status: closed prevents ticket update"
    follower = zendesk.post(
        "/tickets", {"ticket": {"comment": HELLO, "via_followup_source_id": ticket["id"]}}
    )
    new = follower.json()["ticket"]
    assert (new["subject"], new["tags"], new["via"]["source"]["rel"]) == ("Old", ["t"], "follow_up")
    assert zendesk.get(f"/tickets/{ticket['id']}").json()["ticket"]["followup_ids"] == [new["id"]]


def test_safe_update(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk)
    stamp = ticket["updated_at"]
    zendesk.jump(3)
    assert change(zendesk, ticket, priority="low", safe_update=True, updated_stamp=stamp).status_code == 200
    conflict = change(zendesk, ticket, priority="high", safe_update=False, updated_stamp=stamp)
    assert (conflict.status_code, conflict.json()["error"]) == (409, "UpdateConflict")
    assert change(zendesk, ticket, priority="high", safe_update=True).status_code == 400
    assert change(zendesk, ticket, priority="high").json()["ticket"]["priority"] == "high"


def test_an_idempotency_key_gives_one_ticket(zendesk: ZendeskApi) -> None:
    def post(body: str) -> requests.Response:
        given = {"ticket": {"comment": {"body": body}}}
        return zendesk.call("POST", "/api/v2/tickets", json=given, headers={"Idempotency-Key": "k1"})

    first, second = post("a"), post("a")
    assert first.json() == second.json()
    assert [answer.headers["x-idempotency-lookup"] for answer in (first, second)] == ["miss", "hit"]
    other = post("b")
    assert (other.status_code, other.json()["error"]) == (400, "IdempotentRequestError")
    zendesk.jump(7201)
    assert post("a").json()["ticket"]["id"] != first.json()["ticket"]["id"]


def test_copies_and_followers(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    ticket = create(
        zendesk,
        collaborators=[{"name": "Cy", "email": "cy@example.com"}],
        followers=[{"user_email": seed.AGENT_EMAIL, "action": "put"}],
    )
    assert ticket["follower_ids"] == [seed.AGENT_ID]
    assert ticket["collaborator_ids"] == [*ticket["email_cc_ids"], seed.AGENT_ID]
    gone = change(zendesk, ticket, followers=[{"user_id": seed.AGENT_ID, "action": "delete"}])
    assert gone.json()["ticket"]["follower_ids"] == []
    many = [{"user_email": f"u{number}@example.com"} for number in range(49)]
    refused(change(zendesk, ticket, email_ccs=many), "email_ccs")


def test_tickets_of_one_external_id_need_not_be_one(zendesk: ZendeskApi) -> None:
    first, second = create(zendesk, external_id="E"), create(zendesk, external_id="E")
    found = zendesk.get("/tickets", external_id="E").json()["tickets"]
    assert [row["id"] for row in found] == [first["id"], second["id"]]
    assert zendesk.get("/tickets", external_id="e").json()["tickets"] == []


def test_listing_by_change_in_cursor_pages(zendesk: ZendeskApi) -> None:
    tickets = []
    for number in range(5):
        tickets.append(create(zendesk, subject=str(number)))
        zendesk.jump(2)
    change(zendesk, tickets[0], priority="low")
    seen: list[str] = []
    query: dict[str, Any] = {"page[size]": 2, "sort": "-updated_at"}
    while True:
        page = zendesk.get("/tickets", **query).json()
        seen += [row["subject"] for row in page["tickets"]]
        if not page["meta"]["has_more"]:
            break
        query["page[after]"] = page["meta"]["after_cursor"]
    assert seen == ["0", "4", "3", "2", "1"]
    assert zendesk.get("/tickets", **{"page[size]": 2, "sort": "subject"}).status_code == 400


def test_a_deleted_ticket_is_in_exports_only(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk)
    assert zendesk.delete(f"/tickets/{ticket['id']}").status_code == 204
    assert zendesk.get(f"/tickets/{ticket['id']}").status_code == 404
    zendesk.jump(120)
    exported = zendesk.get("/incremental/tickets/cursor", start_time=0).json()
    assert [row["status"] for row in exported["tickets"]] == ["deleted"]
    assert exported["end_of_stream"] is True
    without = zendesk.get("/incremental/tickets/cursor", start_time=0, exclude_deleted="true").json()
    assert without["tickets"] == []


def test_exports_of_tickets_and_events(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    ticket = create(zendesk)
    change(zendesk, ticket, comment={"body": "Two", "public": False})
    assert zendesk.get("/incremental/tickets/cursor", start_time=0).json()["tickets"] == [], "the last minute"
    zendesk.jump(120)
    page = zendesk.get("/incremental/tickets/cursor", start_time=0).json()
    assert [row["id"] for row in page["tickets"]] == [ticket["id"]]
    after = zendesk.get("/incremental/tickets/cursor", cursor=page["after_cursor"]).json()
    assert (after["tickets"], after["end_of_stream"]) == ([], True)
    events = zendesk.get("/incremental/ticket_events", start_time=0, include="comment_events").json()
    children = [child for event in events["ticket_events"] for child in event["child_events"]]
    bodies = [child["body"] for child in children if child["event_type"] == "Comment"]
    assert bodies == ["Hello", "Two"]
    brief = zendesk.get("/incremental/ticket_events", start_time=0).json()["ticket_events"][1]
    assert [child["comment_public"] for child in brief["child_events"]] == [False]


@pytest.mark.parametrize(("kind", "limit"), [("production", 100), ("trial", 20)])
def test_updates_of_all_tickets_are_limited(
    sandbox: RunningSandbox, zendesk: ZendeskApi, kind: str, limit: int
) -> None:
    sandbox.control.settings(time_scale=0.01, zendesk={"account_kind": kind})
    rows = [{"subject": str(number)} for number in range(4)]
    tickets = sandbox.control.put_rows("zendesk", "tickets", rows)
    answers = [change(zendesk, tickets[number % 4], priority="low") for number in range(limit + 1)]
    assert [answer.status_code for answer in answers] == [200] * limit + [429]
    assert answers[0].headers["zendesk-ratelimit-tickets-update"].startswith(f"total={limit}; remaining=")
    assert "Retry-After" in answers[-1].headers


def test_updates_of_one_ticket_are_limited(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    ticket = create(zendesk)
    sandbox.control.settings(time_scale=0.01)
    answers = [change(zendesk, ticket, priority="low") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
