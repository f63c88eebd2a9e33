"""The incremental exports of the simulated Zendesk, tickets and their events above all."""

from typing import Any
from urllib.parse import quote

import pytest
import requests
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox
from ml_sandbox.zendesk import seed

CURSOR = "/incremental/tickets/cursor"
EVENTS = "/incremental/ticket_events"


def put(sandbox: RunningSandbox, *rows: JSON) -> list[JSON]:
    return list(sandbox.control.put_rows("zendesk", "tickets", list(rows)))


def ids(answer: requests.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["tickets"]]


def export(zendesk: ZendeskApi, **parameters: Any) -> requests.Response:
    return zendesk.get(CURSOR, start_time=0, **parameters)


def aged(zendesk: ZendeskApi) -> None:
    """Put what was done behind the withheld minute, and begin a new minute of the quota."""
    zendesk.jump(120)


def test_a_system_change_shows_a_ticket_again_though_updated_at_stays(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    sandbox.control.settings(time_scale=1)
    first, second = put(sandbox, {"id": 2**40, "subject": "A"}, {"id": 2**40 + 1, "subject": "B"})
    aged(zendesk)
    answer = export(zendesk)
    assert ids(answer) == [first["id"], second["id"]]
    cursor = answer.json()["after_cursor"]
    sandbox.control.put_rows("zendesk", "automations", [{"name": "touch", "ids": [first["id"]]}])
    assert ids(zendesk.get(CURSOR, cursor=cursor)) == [], "the last minute is withheld"
    aged(zendesk)
    again = zendesk.get(CURSOR, cursor=cursor).json()
    (row,) = again["tickets"]
    assert (row["id"], row["updated_at"]) == (first["id"], first["updated_at"])
    assert row["generated_timestamp"] > first["generated_timestamp"]
    assert quote(again["after_cursor"]) in again["after_url"]


def test_start_time_is_more_than_a_minute_old(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    now = int(sandbox.control.now().timestamp())
    assert zendesk.get(CURSOR, start_time=now).status_code == 400
    assert zendesk.get(CURSOR, start_time=f"{now - 62}.5").status_code == 200
    assert zendesk.get(CURSOR, start_time="yesterday").status_code == 400


def test_ai_agents_tickets_and_deleted_ones_can_be_left_out_and_pages_be_empty(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    plain, robot, doomed = put(
        sandbox, {"subject": "A"}, {"subject": "B", "support_type": "ai_agent"}, {"subject": "C"}
    )
    assert zendesk.delete(f"/tickets/{doomed['id']}").status_code == 204
    aged(zendesk)
    assert ids(export(zendesk)) == [plain["id"], doomed["id"]]
    everything = export(zendesk, support_type_scope="all").json()["tickets"]
    assert [(row["id"], row["status"]) for row in everything] == [
        (plain["id"], "new"),
        (robot["id"], "new"),
        (doomed["id"], "deleted"),
    ]
    assert ids(export(zendesk, support_type_scope="ai_agent")) == [robot["id"]]
    assert export(zendesk, support_type_scope="robots").status_code == 400
    pages = []
    answer = export(zendesk, per_page=1, exclude_deleted="true")
    while True:
        pages.append((ids(answer), answer.json()["end_of_stream"]))
        if answer.json()["end_of_stream"]:
            break
        answer = zendesk.get(CURSOR, cursor=answer.json()["after_cursor"], per_page=1, exclude_deleted="true")
    assert pages == [([plain["id"]], False), ([], False), ([], True)]
    events = zendesk.get(EVENTS, start_time=0).json()["ticket_events"]
    assert {event["ticket_id"] for event in events} == {plain["id"], doomed["id"]}


def test_the_time_dialect_repeats_rows_and_never_ends_within_a_second_of_a_page(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    sandbox.control.put_rows(
        "zendesk", "ticket_worlds", [{"tickets": 1200, "comments": 1, "same_second": 1100}]
    )
    sandbox.control.settings(zendesk={"high_volume": True})
    page = zendesk.get("/incremental/tickets", start_time=0, support_type_scope="all").json()
    at = page["end_time"]
    following = zendesk.get("/incremental/tickets", start_time=at, support_type_scope="all").json()
    again = {row["id"] for row in page["tickets"] if row["generated_timestamp"] == at}
    assert again
    assert again <= {row["id"] for row in following["tickets"]}
    shared = sandbox.control.rows("zendesk", "tickets")[0]["generated_timestamp"]
    stuck = zendesk.get("/incremental/tickets", start_time=shared, support_type_scope="all").json()
    assert (len(stuck["tickets"]) >= 1100, stuck["end_time"]) == (True, shared)
    assert stuck["end_of_stream"] is False
    seen: list[int] = []
    answer = zendesk.get(CURSOR, start_time=0, support_type_scope="all").json()
    while True:
        seen += [row["id"] for row in answer["tickets"]]
        if answer["end_of_stream"]:
            break
        parameters = {"cursor": answer["after_cursor"], "support_type_scope": "all"}
        answer = zendesk.get(CURSOR, **parameters).json()
    assert (len(seen), len(set(seen))) == (1200, 1200), "the cursor passes through the second"


def test_all_exports_share_one_limit(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    paths = [
        CURSOR,
        EVENTS,
        "/incremental/users",
        "/incremental/ticket_metric_events",
        "/incremental/organizations",
    ]
    answers = [zendesk.get(path, start_time=0) for path in paths * 2]
    assert {answer.status_code for answer in answers} == {200}
    refused = zendesk.get("/incremental/users/cursor", start_time=0)
    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    sandbox.control.settings(zendesk={"high_volume": True})
    assert zendesk.get(CURSOR, start_time=0).status_code == 200


def test_a_large_page_times_out_at_the_gateway(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    put(sandbox, *({"subject": str(place)} for place in range(5)))
    sandbox.control.settings(zendesk={"export_504_above": 2})
    aged(zendesk)
    refused = export(zendesk)
    assert (refused.status_code, refused.text) == (504, "upstream request timeout")
    assert len(ids(export(zendesk, per_page=2))) == 2


def test_people_groups_and_metrics_come_beside_tickets(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    (group,) = sandbox.control.put_rows("zendesk", "groups", [{"name": "Tier 2"}])
    created = zendesk.post("/tickets", {"ticket": {"comment": {"body": "a"}, "group_id": group["id"]}}).json()
    number = created["ticket"]["id"]
    zendesk.put(f"/tickets/{number}", {"ticket": {"comment": {"body": "b"}, "status": "solved"}})
    aged(zendesk)
    body = export(zendesk, include="users,groups,metric_sets").json()
    assert ([row["id"] for row in body["users"]], [row["id"] for row in body["groups"]]) == (
        [seed.ADMIN_ID],
        [group["id"]],
    )
    metric = body["tickets"][0]["metric_set"]
    assert (metric["ticket_id"], metric["replies"], metric["reopens"]) == (number, 1, 0)
    assert metric["solved_at"] is not None
    shown = zendesk.get(f"/tickets/{number}/metrics").json()["ticket_metric"]
    assert shown["id"] == metric["id"]
    assert "metric_set" not in export(zendesk).json()["tickets"][0]
    assert export(zendesk, include="last_audits").status_code == 400
    identities = zendesk.get("/incremental/users/cursor", start_time=0, include="identities").json()[
        "identities"
    ]
    assert seed.ADMIN_EMAIL in {row["value"] for row in identities}
    happened = zendesk.get("/incremental/ticket_metric_events", start_time=0).json()
    types = [(row["metric"], row["type"]) for row in happened["ticket_metric_events"]]
    assert types[0] == ("agent_work_time", "measure")
    assert types.count(("resolution_time", "fulfill")) == 1
    pages = zendesk.get("/incremental/ticket_metric_events", start_time=0, **{"page[size]": 2}).json()
    assert (len(pages["ticket_metric_events"]), pages["meta"]["has_more"]) == (2, True)


def test_comments_are_children_of_events(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    made = zendesk.post("/tickets", {"ticket": {"comment": {"body": "Hello"}, "priority": "high"}}).json()[
        "ticket"
    ]
    note = {"body": "Note", "public": False}
    zendesk.put(f"/tickets/{made['id']}", {"ticket": {"comment": note, "status": "pending"}})
    (bare,) = put(sandbox, {"subject": "Chat", "description": "Hi", "via": {"channel": "chat"}})
    aged(zendesk)
    events = zendesk.get(EVENTS, start_time=0, include="comment_events").json()["ticket_events"]
    told = [
        (event["ticket_id"], child["body"], child["public"])
        for event in events
        for child in event["child_events"]
        if child["event_type"] == "Comment"
    ]
    assert told == [(made["id"], "Hello", True), (made["id"], "Note", False), (bare["id"], "Hi", True)]
    assert events[2]["child_events"][0]["via"] == "chat", "a channel without a source is a mere text"
    assert all("ticket_id" not in child for event in events for child in event["child_events"])
    changed = [child for child in events[1]["child_events"] if child["event_type"] == "Change"]
    assert {"status": "pending", "previous_value": "new"}.items() <= changed[0].items()
    brief = zendesk.get(EVENTS, start_time=0).json()["ticket_events"][1]["child_events"][0]
    assert (brief["comment_present"], brief["comment_public"], "body" in brief) == (True, False, False)


@pytest.mark.parametrize("scrubbed", ["shown", "absent"])
def test_a_ticket_deleted_for_good_tells_nothing(
    sandbox: RunningSandbox, zendesk: ZendeskApi, scrubbed: str
) -> None:
    sandbox.control.settings(zendesk={"scrubbed_tickets": scrubbed, "job_seconds": 0.1})
    (ticket,) = put(
        sandbox, {"subject": "Secret", "description": "Secret", "tags": ["secret"], "external_id": "s"}
    )
    zendesk.delete(f"/tickets/{ticket['id']}")
    job = zendesk.ended_job(zendesk.delete(f"/deleted_tickets/{ticket['id']}"))
    assert job["results"] == [{"success": True}]
    aged(zendesk)
    assert zendesk.get(EVENTS, start_time=0, include="comment_events").json()["ticket_events"] == []
    answer = export(zendesk)
    assert "ecret" not in answer.text
    shown = [(row["status"], row["subject"]) for row in answer.json()["tickets"]]
    assert shown == ([("deleted", "SCRUBBED")] if scrubbed == "shown" else [])
