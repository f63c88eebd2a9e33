"""What happens to tickets of the simulated Zendesk later: redaction, merging, deletion, archiving."""

from typing import Any

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed


@pytest.fixture(autouse=True)
def _quick_jobs(sandbox: RunningSandbox) -> None:
    sandbox.control.settings(zendesk={"job_seconds": 0.1})


def create(zendesk: ZendeskApi, **values: Any) -> JSON:
    answer = zendesk.post("/tickets", {"ticket": {"comment": {"body": "My code is 4711"}, **values}})
    assert answer.status_code == 201, answer.text
    ticket: JSON = answer.json()["ticket"]
    return ticket


def shown(zendesk: ZendeskApi, ticket: JSON) -> JSON:
    found: JSON = zendesk.get(f"/tickets/{ticket['id']}").json()["ticket"]
    return found


def comments(zendesk: ZendeskApi, ticket: JSON) -> list[JSON]:
    return list(zendesk.get(f"/tickets/{ticket['id']}/comments").json()["comments"])


@pytest.mark.parametrize(
    ("moves", "generated", "updated", "audits"),
    [("generated", True, False, 1), ("audited", True, True, 2), ("nothing", False, False, 1)],
)
def test_a_redaction_leaves_no_time_on_the_comment(
    sandbox: RunningSandbox, zendesk: ZendeskApi, moves: str, generated: bool, updated: bool, audits: int
) -> None:
    sandbox.control.settings(zendesk={"comment_edits": moves})
    ticket = create(zendesk)
    (before,) = comments(zendesk, ticket)
    zendesk.jump(10)
    path = f"/tickets/{ticket['id']}/comments/{before['id']}"
    assert zendesk.put(f"{path}/redact", {"text": "4711"}).json()["comment"]["body"] == "My code is ▇▇▇▇"
    (after,) = comments(zendesk, ticket)
    assert {name for name in after if after[name] != before[name]} == {"body", "html_body", "plain_body"}
    now = shown(zendesk, ticket)
    assert now["description"] == "My code is ▇▇▇▇"
    moved = tuple(now[name] != ticket[name] for name in ("generated_timestamp", "updated_at"))
    assert moved == (generated, updated)
    assert zendesk.get(f"/tickets/{ticket['id']}/audits/count").json()["count"]["value"] == audits


@pytest.mark.parametrize("present", [True, False])
def test_old_events_show_a_redacted_comment_as_the_setting_says(
    sandbox: RunningSandbox, zendesk: ZendeskApi, present: bool
) -> None:
    sandbox.control.settings(zendesk={"redacted_events": present})
    ticket = create(zendesk)
    (comment,) = comments(zendesk, ticket)
    marked = {
        "ticket_id": ticket["id"],
        "html_body": comment["html_body"].replace("code", "<redact>code</redact>"),
    }
    assert zendesk.put(f"/comment_redactions/{comment['id']}", marked).status_code == 200
    assert comments(zendesk, ticket)[0]["body"] == "My ▇▇▇▇ is 4711"
    zendesk.put(f"/tickets/{ticket['id']}/comments/{comment['id']}/make_private", {})
    zendesk.jump(90)
    events = zendesk.get("/incremental/ticket_events", start_time=0, include="comment_events").json()
    child = events["ticket_events"][0]["child_events"][0]
    (audit,) = zendesk.get(f"/tickets/{ticket['id']}/audits").json()["audits"]
    wanted = ("My ▇▇▇▇ is 4711", False) if present else ("My code is 4711", True)
    assert [(row["body"], row["public"]) for row in (child, audit["events"][0])] == [wanted] * 2


def test_a_merge_closes_the_others_with_comment_and_tag(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    winner, loser = create(zendesk, subject="Winner"), create(zendesk, subject="Loser")
    body = {"ids": [loser["id"]], "source_comment": "Go on in the other"}
    job = zendesk.ended_job(zendesk.post(f"/tickets/{winner['id']}/merge", body))
    assert (job["status"], job["results"][0]["id"]) == ("completed", winner["id"])
    gone = shown(zendesk, loser)
    assert (gone["status"], gone["tags"]) == ("closed", ["closed_by_merge"])
    last = comments(zendesk, loser)[-1]
    assert (last["body"], last["public"], last["via"]["source"]["rel"]) == (
        "Go on in the other",
        False,
        "merge",
    )
    assert f"#{loser['id']}" in comments(zendesk, winner)[-1]["body"]
    again = zendesk.ended_job(zendesk.post(f"/tickets/{winner['id']}/merge", body))
    assert (again["status"], again["results"][0]["error"]) == ("failed", "TicketMergeFailed")
    assert zendesk.put(f"/tickets/{loser['id']}", {"ticket": {"status": "open"}}).status_code == 422


def test_a_deleted_ticket_can_be_restored_as_it_was(zendesk: ZendeskApi) -> None:
    ticket = create(zendesk, status="pending")
    zendesk.jump(5)
    assert zendesk.delete(f"/tickets/{ticket['id']}").status_code == 204
    assert zendesk.get(f"/tickets/{ticket['id']}/comments").status_code == 404
    (listed,) = zendesk.get("/deleted_tickets").json()["deleted_tickets"]
    assert (listed["id"], listed["previous_state"], listed["actor"]["id"]) == (
        ticket["id"],
        "pending",
        seed.ADMIN_ID,
    )
    assert zendesk.put(f"/deleted_tickets/{ticket['id']}/restore", {}).status_code == 200
    assert shown(zendesk, ticket)["status"] == "pending"
    assert zendesk.get("/deleted_tickets").json()["deleted_tickets"] == []
    assert zendesk.put(f"/deleted_tickets/{ticket['id']}/restore", {}).status_code == 404
    zendesk.delete(f"/tickets/{ticket['id']}")
    zendesk.jump(31 * 86_400)
    assert zendesk.get("/deleted_tickets").json()["deleted_tickets"] == []


def test_automations_close_and_archive(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    ticket, open_one = create(zendesk, status="solved"), create(zendesk)
    zendesk.jump(5 * 86_400)
    run = {"name": "close", "older_than_hours": 96}
    (told,) = sandbox.control.put_rows("zendesk", "automations", [run])
    assert told["tickets"] == [ticket["id"]]
    closed = shown(zendesk, ticket)
    assert (closed["status"], shown(zendesk, open_one)["status"]) == ("closed", "new")
    newest = zendesk.get("/ticket_audits").json()["audits"][0]
    assert (newest["ticket_id"], newest["via"]["channel"]) == (ticket["id"], "rule")
    zendesk.jump(5)
    sandbox.control.put_rows("zendesk", "automations", [{"name": "archive"}])
    archived = shown(zendesk, ticket)
    assert archived["updated_at"] == closed["updated_at"]
    assert archived["generated_timestamp"] > closed["generated_timestamp"]
    assert [row["id"] for row in zendesk.get("/tickets").json()["tickets"]] == [open_one["id"]]
    assert {row["ticket_id"] for row in zendesk.get("/ticket_audits").json()["audits"]} == {open_one["id"]}
    assert [row["ticket_id"] for row in zendesk.get("/ticket_metrics").json()["ticket_metrics"]] == [
        open_one["id"]
    ]


@pytest.mark.parametrize("meta", [True, False])
def test_audits_of_an_archived_ticket_come_at_once(
    sandbox: RunningSandbox, zendesk: ZendeskApi, meta: bool
) -> None:
    sandbox.control.settings(zendesk={"archived_audits_meta": meta})
    ticket = create(zendesk, status="solved")
    zendesk.put(f"/tickets/{ticket['id']}", {"ticket": {"comment": {"body": "Bye"}}})
    for name in ("close", "archive"):
        sandbox.control.put_rows("zendesk", "automations", [{"name": name}])
    body = zendesk.get(f"/tickets/{ticket['id']}/audits", **{"page[size]": 1}).json()
    assert (len(body["audits"]), "meta" in body) == (3, meta)


def test_status_and_custom_status_set_each_other(zendesk: ZendeskApi) -> None:
    body = {"custom_status": {"status_category": "open", "agent_label": "Waiting for parts"}}
    own = zendesk.post("/custom_statuses", body).json()["custom_status"]["id"]
    defaults = {
        row["status_category"]: row["id"]
        for row in zendesk.get("/custom_statuses", default="true").json()["custom_statuses"]
    }
    ticket = create(zendesk, custom_status_id=own)
    assert (ticket["status"], ticket["custom_status_id"]) == ("open", own)
    for change, status, custom in (
        ({"subject": "S"}, "open", own),
        ({"status": "pending"}, "pending", defaults["pending"]),
        ({"custom_status_id": own}, "open", own),
        ({"status": "open"}, "open", defaults["open"]),
    ):
        row = zendesk.put(f"/tickets/{ticket['id']}", {"ticket": change}).json()["ticket"]
        assert (row["status"], row["custom_status_id"]) == (status, custom), change
    inactive = {"custom_status": {"active": False}}
    assert zendesk.put(f"/custom_statuses/{own}", inactive).status_code == 200
    assert zendesk.put(f"/tickets/{ticket['id']}", {"ticket": {"custom_status_id": own}}).status_code == 422
    assert zendesk.put(f"/custom_statuses/{defaults['open']}", inactive).status_code == 422


def test_a_user_deleted_for_good_names_nobody(zendesk: ZendeskApi) -> None:
    user = zendesk.post("/users", {"user": {"name": "Rita", "email": "rita@example.com"}}).json()["user"]
    assert zendesk.delete(f"/deleted_users/{user['id']}").status_code == 404
    zendesk.delete(f"/users/{user['id']}")
    assert [row["name"] for row in zendesk.get("/deleted_users").json()["deleted_users"]] == ["Rita"]
    assert zendesk.delete(f"/deleted_users/{user['id']}").status_code == 200
    zendesk.jump(90)
    exported = zendesk.get("/incremental/users/cursor", start_time=0)
    assert "ita" not in exported.text.replace("Additional", "")
    assert exported.json()["users"][-1]["name"] == "Permanently Deleted User"
    assert zendesk.get("/users", **{"role[]": "end-user"}).json()["users"] == []
