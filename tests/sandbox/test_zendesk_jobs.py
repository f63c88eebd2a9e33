"""Bulk jobs of the simulated Zendesk."""

from datetime import datetime

import pytest
from sandbox.zendesk_api import JSON, ZendeskApi

from ml_sandbox.testing import RunningSandbox


def create_many(zendesk: ZendeskApi, *names: str) -> JSON:
    rows = [{"name": name} for name in names]
    return zendesk.ended_job(zendesk.post("/organizations/create_many", {"organizations": rows}))


def test_rows_are_committed_when_the_job_works_not_at_the_call(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    sandbox.control.settings(time_scale=1)
    rows = [{"name": f"O{number}"} for number in range(100)]
    started = zendesk.post("/organizations/create_many", {"organizations": rows}).json()["job_status"]
    assert (started["status"], started["total"], started["progress"]) == ("queued", 100, 0)
    assert started["results"] is None
    assert zendesk.names() == []
    zendesk.jump(5.9)
    working = zendesk.get(f"/job_statuses/{started['id']}").json()["job_status"]
    assert working["status"] == "working"
    assert 40 <= working["progress"] <= 60, "5 s and 20 ms for each row"
    assert len(zendesk.names()) >= working["progress"]
    zendesk.jump(1.2)
    ended = zendesk.get(f"/job_statuses/{started['id']}").json()["job_status"]
    assert (ended["status"], ended["progress"], len(ended["results"])) == ("completed", 100, 100)
    assert ended["message"].startswith("Completed at 20")


def test_a_row_has_the_time_at_which_the_job_worked_on_it(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    sandbox.control.settings(time_scale=1)
    before = sandbox.control.now()
    zendesk.post("/organizations/create_many", {"organizations": [{"name": "A"}]})
    zendesk.jump(1000)
    created = sandbox.control.rows("zendesk", "organizations")[0]["created_at"]
    assert 3 <= (_time(created) - before).total_seconds() <= 8


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_created_items_have_an_id_and_a_status_only(zendesk: ZendeskApi) -> None:
    job = create_many(zendesk, "A", "B")
    assert job["status"] == "completed"
    assert [item.keys() for item in job["results"]] == [{"id", "status"}] * 2
    assert [item["status"] for item in job["results"]] == ["Created"] * 2
    ids = ",".join(str(item["id"]) for item in job["results"])
    shown = zendesk.get("/organizations/show_many", ids=ids).json()["organizations"]
    assert [row["name"] for row in shown] == ["A", "B"]


def test_a_refused_row_is_an_item_with_its_position(zendesk: ZendeskApi) -> None:
    zendesk.create("Taken")
    job = create_many(zendesk, "A", "taken", "a")
    assert job["status"] == "completed", "completed does not mean that every row worked"
    failed = [item for item in job["results"] if "error" in item]
    assert [item["index"] for item in failed] == [1, 2]
    assert failed[0]["error"] == "OrganizationCreateFailed"
    assert failed[0]["details"] == "Name: taken has already been taken"
    assert sorted(zendesk.names()) == ["A", "Taken"]


def test_a_job_without_one_good_row_has_failed(zendesk: ZendeskApi) -> None:
    zendesk.create("Taken")
    assert create_many(zendesk, "taken")["status"] == "failed"


@pytest.mark.parametrize(
    ("setting", "expected"), [("never", [None, None]), ("failures", [None, 1]), ("always", [0, 1])]
)
def test_which_items_carry_a_position(
    sandbox: RunningSandbox, zendesk: ZendeskApi, setting: str, expected: list[int | None]
) -> None:
    sandbox.control.settings(zendesk={"job_result_index": setting})
    assert [item.get("index") for item in create_many(zendesk, "A", "a")["results"]] == expected


def test_batch_update_names_rows_by_id(zendesk: ZendeskApi) -> None:
    first, second = zendesk.create("A", external_id="x"), zendesk.create("B")
    rows: list[JSON] = [
        {"id": first["id"], "notes": "one"},
        {"id": second["id"], "name": "a"},
        {"id": 5, "notes": "none"},
        {"external_id": "x", "notes": "not found this way"},
    ]
    job = zendesk.ended_job(zendesk.put("/organizations/update_many", {"organizations": rows}))
    good, taken, missing, unnamed = job["results"]
    assert good == {"id": first["id"], "action": "update", "status": "Updated", "success": True}
    assert (taken["id"], taken["success"], taken["error"]) == (
        second["id"],
        False,
        "OrganizationUpdateFailed",
    )
    assert (missing["id"], missing["error"]) == (5, "RecordNotFound")
    assert unnamed["error"] == "RecordNotFound"
    assert zendesk.get(f"/organizations/{first['id']}").json()["organization"]["notes"] == "one"


def test_batch_update_by_external_id_is_a_setting(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(zendesk={"batch_by_external_id": True})
    zendesk.create("A", external_id="x")
    rows = [{"external_id": "x", "notes": "n"}]
    job = zendesk.ended_job(zendesk.put("/organizations/update_many", {"organizations": rows}))
    assert job["results"][0]["success"] is True


@pytest.mark.parametrize("by", ["ids", "external_ids"])
def test_the_same_change_for_many(zendesk: ZendeskApi, by: str) -> None:
    rows = [zendesk.create(name, external_id=name) for name in ("A", "B")]
    values = ",".join(str(row["id" if by == "ids" else "external_id"]) for row in rows)
    body = {"organization": {"notes": "same"}}
    job = zendesk.ended_job(zendesk.put("/organizations/update_many", body, **{by: values}))
    assert [item["status"] for item in job["results"]] == ["Updated"] * 2
    listed = zendesk.get("/organizations").json()["organizations"]
    assert [row["notes"] for row in listed] == ["same"] * 2


def test_destroy_many(zendesk: ZendeskApi) -> None:
    row = zendesk.create("A")
    zendesk.create("B")
    job = zendesk.ended_job(zendesk.delete("/organizations/destroy_many", ids=f"{row['id']},7"))
    assert job["results"][0] == {"id": row["id"], "action": "delete", "status": "Deleted", "success": True}
    assert job["results"][1]["error"] == "RecordNotFound"
    assert zendesk.names() == ["B"]


def test_at_most_100_rows_in_the_right_wrapper(zendesk: ZendeskApi) -> None:
    rows = [{"name": str(number)} for number in range(101)]
    assert zendesk.post("/organizations/create_many", {"organizations": rows}).status_code == 400
    bodies: list[object] = [
        {"organizations": []},
        {"organization": {"name": "A"}},
        {"organizations": ["A"]},
        [1],
    ]
    for body in bodies:
        answer = zendesk.post("/organizations/create_many", body)
        assert (answer.status_code, answer.json()["error"]) == (400, "ParameterMissing")
    assert zendesk.delete("/organizations/destroy_many").status_code == 400


def test_thirty_jobs_are_in_flight_at_most(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.settings(time_scale=1)
    for left in range(29, -1, -1):
        started = zendesk.post("/organizations/create_many", {"organizations": [{"name": f"O{left}"}]})
        header = started.headers["zendesk-ratelimit-inflight-jobs"]
        assert header.startswith(f"total=30; remaining={left}; resets=")
    refused = zendesk.post("/organizations/create_many", {"organizations": [{"name": "late"}]})
    assert refused.status_code == 429
    assert refused.json()["error"] == "TooManyJobs"
    assert len(refused.json()["current_job_ids"]) == 30
    zendesk.jump(6)
    assert (
        zendesk.post("/organizations/create_many", {"organizations": [{"name": "late"}]}).status_code == 200
    )


def test_show_many_jobs_leaves_out_unknown_ones(zendesk: ZendeskApi) -> None:
    jobs = [create_many(zendesk, name) for name in ("A", "B")]
    ids = ",".join([jobs[1]["id"], "feed", jobs[0]["id"]])
    shown = zendesk.get("/job_statuses/show_many", ids=ids).json()["job_statuses"]
    assert [job["id"] for job in shown] == [jobs[1]["id"], jobs[0]["id"]]
    assert zendesk.get("/job_statuses/show_many").status_code == 400


def test_jobs_are_listed_in_pages_with_those_under_way_first(
    sandbox: RunningSandbox, zendesk: ZendeskApi
) -> None:
    ended = [create_many(zendesk, name)["id"] for name in ("A", "B")]
    sandbox.control.faults({"system": "zendesk", "path": "*/create_many", "fault": "job_stuck"})
    started = zendesk.post("/organizations/create_many", {"organizations": [{"name": "C"}]})
    running = started.json()["job_status"]["id"]
    listed: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = zendesk.get("/job_statuses", **{"page[size]": 2}, **cursor).json()
        listed += [job["id"] for job in page["job_statuses"]]
        if not page["meta"]["has_more"]:
            break
        cursor = {"page[after]": page["meta"]["after_cursor"]}
    assert listed == [running, *reversed(ended)]


def test_a_job_is_kept_for_a_day(zendesk: ZendeskApi) -> None:
    job = create_many(zendesk, "A")
    zendesk.jump(86_000)
    assert zendesk.get(f"/job_statuses/{job['id']}").status_code == 200
    zendesk.jump(1000)
    assert zendesk.get(f"/job_statuses/{job['id']}").status_code == 404


def test_a_stuck_job_never_ends(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.faults({"system": "zendesk", "path": "*/create_many", "fault": "job_stuck"})
    started = zendesk.post("/organizations/create_many", {"organizations": [{"name": "A"}]})
    zendesk.jump(10_000)
    job = zendesk.get(f"/job_statuses/{started.json()['job_status']['id']}").json()["job_status"]
    assert (job["status"], job["progress"]) == ("working", 0)
    assert create_many(zendesk, "B")["status"] == "completed", "the fault hits one job"


def test_a_job_may_be_stuck_for_a_while(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    sandbox.control.faults(
        {"system": "zendesk", "path": "*/create_many", "fault": "job_stuck", "seconds": 1000}
    )
    started = zendesk.post("/organizations/create_many", {"organizations": [{"name": "A"}]})
    zendesk.jump(900)
    assert zendesk.names() == []
    zendesk.jump(200)
    assert zendesk.ended_job(started)["status"] == "completed"


def test_some_rows_of_a_job_fail(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    fault = {
        "system": "zendesk",
        "path": "*/create_many",
        "fault": "job_partial",
        "rows": [1],
        "error": "Oops",
    }
    sandbox.control.faults(fault)
    job = create_many(zendesk, "A", "B", "C")
    assert [item.get("error") for item in job["results"]] == [None, "Oops", None]
    assert zendesk.names() == ["A", "C"]


def test_the_share_of_failing_rows_is_repeatable(sandbox: RunningSandbox, zendesk: ZendeskApi) -> None:
    fault = {"system": "zendesk", "path": "*/create_many", "fault": "job_partial", "share": 0.3, "seed": 5}
    failing = []
    for run in "xy":
        sandbox.control.faults(fault)
        results = create_many(zendesk, *(f"{run}{number}" for number in range(10)))["results"]
        failing.append([position for position, item in enumerate(results) if "error" in item])
    assert len(failing[0]) == 3
    assert failing[0] == failing[1]
