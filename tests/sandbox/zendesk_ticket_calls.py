"""At least one successful call of every ticket operation of the simulated Zendesk."""

from typing import Any

import requests
from sandbox.zendesk_api import ZendeskApi

COMMENT = {"body": "Hello", "public": True}


def call_tickets(zendesk: ZendeskApi) -> list[requests.Response]:
    """Every operation of tickets, and some refused ones."""
    fields = _fields(zendesk)
    tier = fields[0].json()["ticket_field"]["id"]
    ticket = {
        "subject": "Printer",
        "external_id": "T1",
        "comment": COMMENT,
        "requester": {"name": "Rita", "email": "rita@example.com"},
        "custom_fields": [{"id": tier, "value": "t_gold"}],
        "metadata": {"source": "crm"},
    }
    created = zendesk.post("/tickets", {"ticket": ticket})
    number = created.json()["ticket"]["id"]
    one = f"/tickets/{number}"
    commented = zendesk.put(one, {"ticket": {"comment": {"body": "Second"}, "status": "pending"}})
    stamp = commented.json()["ticket"]["updated_at"]
    audit = commented.json()["audit"]
    changed = [
        zendesk.put(one, {"ticket": {"priority": "high", "safe_update": True, "updated_stamp": stamp}}),
        zendesk.put(f"{one}/tags", {"tags": ["a"]}),
        zendesk.post(f"{one}/tags", {"tags": ["b", "c"]}),
        zendesk.call("DELETE", f"/api/v2{one}/tags", json={"tags": ["b"]}),
        zendesk.put(f"{one}/comments/{audit['events'][0]['id']}/make_private", {}),
    ]
    return [*fields, created, commented, *changed, *_read(zendesk, one, audit["id"]), *_jobs(zendesk, number)]


def _fields(zendesk: ZendeskApi) -> list[requests.Response]:
    options = [{"name": "Gold", "value": "t_gold"}]
    first = zendesk.post(
        "/ticket_fields",
        {"ticket_field": {"title": "Tier", "type": "tagger", "custom_field_options": options}},
    )
    second = zendesk.post("/ticket_fields", {"ticket_field": {"title": "Old", "type": "text"}})
    number = second.json()["ticket_field"]["id"]
    return [
        first,
        second,
        zendesk.get("/ticket_fields"),
        zendesk.get("/ticket_fields", **{"page[size]": 1}),
        zendesk.get(f"/ticket_fields/{number}"),
        zendesk.put(f"/ticket_fields/{number}", {"ticket_field": {"title": "Older"}}),
        zendesk.delete(f"/ticket_fields/{number}"),
        zendesk.get("/custom_statuses", active="true"),
    ]


def _read(zendesk: ZendeskApi, one: str, audit: int) -> list[requests.Response]:
    cursor: dict[str, Any] = {"page[size]": 1}
    return [
        zendesk.get("/tickets", external_id="T1"),
        zendesk.get("/tickets", **cursor, sort="-updated_at"),
        zendesk.get("/tickets/count"),
        zendesk.get(one),
        zendesk.get("/tickets/show_many", ids=one.rpartition("/")[2]),
        zendesk.get(f"{one}/comments", include="users"),
        zendesk.get(f"{one}/comments", **cursor, sort="-created_at"),
        zendesk.get(f"{one}/comments/count"),
        zendesk.get(f"{one}/audits"),
        zendesk.get(f"{one}/audits/{audit}"),
        zendesk.get(f"{one}/tags"),
        zendesk.get("/incremental/tickets", start_time=0),
        zendesk.get("/incremental/tickets/cursor", start_time=0),
        zendesk.get("/incremental/ticket_events", start_time=0),
        zendesk.get("/tickets/999999"),
        zendesk.put(one, {"ticket": {"requester_id": 5}}),
    ]


def _jobs(zendesk: ZendeskApi, number: int) -> list[requests.Response]:
    rows = [{"subject": "A", "comment": COMMENT}, {"subject": "without a text", "comment": {"body": ""}}]
    old = {"subject": "Old", "comments": [{"value": "a"}], "created_at": "2020-01-01T00:00:00Z"}
    started = [
        zendesk.post("/tickets/create_many", {"tickets": rows}),
        zendesk.put("/tickets/update_many", {"tickets": [{"id": number, "subject": "B"}]}),
        zendesk.post("/imports/tickets/create_many", {"tickets": [old]}),
    ]
    for answer in started:
        zendesk.ended_job(answer)
    imported = zendesk.post("/imports/tickets", {"ticket": old})
    last = imported.json()["ticket"]["id"]
    doomed = zendesk.delete("/tickets/destroy_many", ids=str(last))
    zendesk.ended_job(doomed)
    return [
        *started,
        imported,
        doomed,
        zendesk.delete(f"/tickets/{number}"),
        zendesk.get("/deleted_tickets"),
    ]
