"""At least one successful call of every operation around tickets: listings, deletion, merging, redaction."""

from typing import Any

import requests
from sandbox.zendesk_api import ZendeskApi

from ml_sandbox.zendesk import seed

CURSOR: dict[str, Any] = {"page[size]": 1}


def call_around_tickets(zendesk: ZendeskApi) -> list[requests.Response]:
    """Every operation around tickets."""
    numbers = [_created(zendesk, f"Around {place}") for place in range(4)]
    return [
        *_collections(zendesk, numbers[0]),
        *_history(zendesk, numbers[0]),
        *_statuses(zendesk),
        *_comments(zendesk, numbers[0]),
        *_merged(zendesk, numbers[0], numbers[1]),
        *_removed(zendesk, numbers[2], numbers[3]),
        *_users(zendesk),
        *_searches(zendesk),
        *_exports(zendesk),
    ]


def _created(zendesk: ZendeskApi, subject: str) -> int:
    answer = zendesk.post(
        "/tickets", {"ticket": {"subject": subject, "comment": {"body": "My code is 4711"}}}
    )
    return int(answer.json()["ticket"]["id"])


def _collections(zendesk: ZendeskApi, ticket: int) -> list[requests.Response]:
    put = zendesk.sandbox.control.put_rows
    (group,) = put("zendesk", "groups", [{"name": "Second"}])
    rated = {"ticket_id": ticket, "score": "good", "comment": "Thanks", "requester_id": seed.ADMIN_ID}
    metric = {"priority": "low", "metric": "first_reply_time", "target": 60, "business_hours": False}
    rows = {
        "groups": group,
        "group_memberships": put(
            "zendesk", "group_memberships", [{"user_id": seed.AGENT_ID, "group_id": group["id"]}]
        )[0],
        "macros": put("zendesk", "macros", [{"title": "Close", "actions": []}])[0],
        "satisfaction_ratings": put(
            "zendesk",
            "satisfaction_ratings",
            [{**rated, "assignee_id": seed.AGENT_ID, "group_id": group["id"]}],
        )[0],
        "slas/policies": put("zendesk", "sla_policies", [{"title": "Low", "policy_metrics": [metric]}])[0],
        "ticket_forms": put("zendesk", "ticket_forms", [{"name": "Damage"}])[0],
        "brands": put("zendesk", "brands", [{"name": "Second"}])[0],
    }
    return [
        *(zendesk.get(f"/{path}") for path in rows),
        *(zendesk.get(f"/{path}", **CURSOR) for path in rows),
        *(zendesk.get(f"/{path}/{row['id']}") for path, row in rows.items()),
        zendesk.get("/groups/count"),
        zendesk.get("/satisfaction_ratings/count"),
        zendesk.get("/groups", exclude_deleted="true"),
        zendesk.get("/macros", sort_by="created_at", sort_order="desc"),
    ]


def _history(zendesk: ZendeskApi, ticket: int) -> list[requests.Response]:
    zendesk.put(f"/tickets/{ticket}/tags", {"tags": ["common"]})
    metric = zendesk.get(f"/tickets/{ticket}/metrics")
    return [
        metric,
        zendesk.get(f"/ticket_metrics/{metric.json()['ticket_metric']['id']}"),
        zendesk.get("/ticket_metrics", **CURSOR),
        zendesk.get("/ticket_audits"),
        zendesk.get("/ticket_audits", **CURSOR),
        zendesk.get(f"/tickets/{ticket}/audits/count"),
        zendesk.get("/tags"),
        zendesk.get("/tags", **CURSOR),
        zendesk.get("/tags/count"),
    ]


def _statuses(zendesk: ZendeskApi) -> list[requests.Response]:
    body = {"custom_status": {"status_category": "open", "agent_label": "Waiting for parts"}}
    created = zendesk.post("/custom_statuses", body)
    path = f"/custom_statuses/{created.json()['custom_status']['id']}"
    return [created, zendesk.get(path), zendesk.put(path, {"custom_status": {"agent_label": "Waiting"}})]


def _comments(zendesk: ZendeskApi, ticket: int) -> list[requests.Response]:
    for text in ("Second 4711", "Third"):
        zendesk.put(f"/tickets/{ticket}", {"ticket": {"comment": {"body": text}}})
    first, second, third = zendesk.get(f"/tickets/{ticket}/comments").json()["comments"]
    marked = second["html_body"].replace("4711", "<redact>4711</redact>")
    return [
        zendesk.put(f"/tickets/{ticket}/comments/{first['id']}/redact", {"text": "4711"}),
        zendesk.put(f"/comment_redactions/{second['id']}", {"ticket_id": ticket, "html_body": marked}),
        zendesk.put(f"/tickets/{ticket}/audits/{third['audit_id']}/make_private", {}),
    ]


def _merged(zendesk: ZendeskApi, winner: int, loser: int) -> list[requests.Response]:
    started = zendesk.post(f"/tickets/{winner}/merge", {"ids": [loser], "source_comment": "See the other"})
    ended = zendesk.ended_job(started)
    assert ended["status"] == "completed", ended
    return [started]


def _removed(zendesk: ZendeskApi, first: int, second: int) -> list[requests.Response]:
    for number in (first, second):
        zendesk.delete(f"/tickets/{number}")
    answers = [
        zendesk.get("/deleted_tickets", sort_by="deleted_at", sort_order="desc"),
        zendesk.put(f"/deleted_tickets/{first}/restore", {}),
        zendesk.put("/deleted_tickets/restore_many", {}, ids=str(second)),
    ]
    for number in (first, second):
        zendesk.delete(f"/tickets/{number}")
    scrubs = [
        zendesk.delete(f"/deleted_tickets/{first}"),
        zendesk.delete("/deleted_tickets/destroy_many", ids=str(second)),
    ]
    assert [zendesk.ended_job(job)["results"] for job in scrubs] == [[{"success": True}]] * 2
    return [*answers, *scrubs]


def _users(zendesk: ZendeskApi) -> list[requests.Response]:
    user = zendesk.post("/users", {"user": {"name": "Gone", "email": "gone@acme.example"}}).json()["user"][
        "id"
    ]
    zendesk.delete(f"/users/{user}")
    return [
        zendesk.get("/deleted_users", **CURSOR),
        zendesk.get("/deleted_users/count"),
        zendesk.get(f"/deleted_users/{user}"),
        zendesk.delete(f"/deleted_users/{user}"),
    ]


def _searches(zendesk: ZendeskApi) -> list[requests.Response]:
    answers = [
        zendesk.get("/search", query="type:ticket subject:around", sort_by="created_at"),
        zendesk.get("/search", query="type:user updated>2000-01-01T00:00:00Z"),
        zendesk.get("/search/count", query="type:ticket status<solved"),
        zendesk.get("/search/export", query="around", **{"filter[type]": "ticket", "page[size]": 1}),
        zendesk.get("/channels/voice/phone_numbers"),
    ]
    assert answers[1].json()["results"]
    assert answers[2].json()["count"] > 0
    return answers


def _exports(zendesk: ZendeskApi) -> list[requests.Response]:
    """The withheld minute is over, and a new one of the quota begins."""
    zendesk.jump(70)
    everything = {"include": "users,groups,metric_sets", "support_type_scope": "all"}
    answers = [
        zendesk.get("/incremental/ticket_metric_events", start_time=0),
        zendesk.get("/incremental/tickets/cursor", start_time=0, **everything),
        zendesk.get("/incremental/ticket_metric_events", start_time=0, **CURSOR),
        *(
            zendesk.get(f"/incremental/{name}/sample", start_time=0)
            for name in ("tickets", "ticket_events", "users", "organizations")
        ),
    ]
    assert answers[1].json()["tickets"]
    assert answers[0].json()["ticket_metric_events"]
    return answers
