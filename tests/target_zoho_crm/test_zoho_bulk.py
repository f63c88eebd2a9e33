"""Bulk Write: jobs whose every row is read, and whatever they did not do is done or explained."""

from __future__ import annotations

from typing import Any

import pytest
from singer_lines import customer, customers, state
from zoho_target import LATER, NUMBER, SYSTEM, ZohoTarget

JOBS: dict[str, Any] = {"bulk_from": 5, "job_first_poll": 0.05, "job_poll": 0.1}


@pytest.fixture
def bulk(target: ZohoTarget) -> ZohoTarget:
    target.config |= JOBS
    return target


def fault(kind: str, path: str, **more: Any) -> dict[str, Any]:
    return {"system": SYSTEM, "path": path, "fault": kind, **more}


def jobs(target: ZohoTarget) -> list[dict[str, Any]]:
    """The bodies of the jobs that were started."""
    return [
        request["body"]
        for request in target.requests()
        if request["method"] == "POST" and request["path"].endswith("/bulk/v8/write")
    ]


def test_created_and_changed_by_jobs(bulk: ZohoTarget) -> None:
    bulk.config["stream_maps"] = bulk.map(Parent_Account="parent", Credit_Hold="create", Phone="phone")
    bulk.put("Accounts", {"Account_Name": "Held", NUMBER: "B9"})
    given = [*customers(range(6), parent="B9", create=True), state({"k": 1})]
    run = bulk.run(given, bulk_rows=4).check(0)
    assert (run.outcomes, run.states) == ({"created": 6}, [{"k": 1}])
    assert "credits" in run.errors
    assert run.summary["credits"]["by_call"]["bulk write"] == 1_000
    assert [(job["operation"], job["resource"][0]["find_by"]) for job in jobs(bulk)] == [
        ("upsert", NUMBER)
    ] * 2
    row = bulk.accounts["A3"]
    assert (row["Parent_Account"]["name"], row["Credit_Hold"]) == ("Held", True)
    assert bulk.run(given).check(0).outcomes == {"unchanged": 6}
    changed = customers(range(6), parent="B9", create=True, city="Rome", updated=LATER)
    assert bulk.run(changed).check(0).outcomes == {"updated": 6}
    assert [(job["operation"], job["resource"][0]["find_by"]) for job in jobs(bulk)] == [("update", "id")]
    assert {row["Billing_City"] for row in bulk.rows()} == {"Rome", None}
    # Few records, and linked ones under a lock, take no job.
    few = customers(range(4), parent="B9", create=True, city="Oslo", updated="2026-11-22T00:00:00Z")
    assert bulk.run(few).check(0).outcomes == {"updated": 4}
    locked = customers(range(6), parent="B9", create=True, city="Bonn", updated="2026-11-23T00:00:00Z")
    assert bulk.run(locked, strict_locking=True).check(0).outcomes == {"updated": 6}
    assert jobs(bulk) == []


def test_what_a_job_does_not_do_is_explained_or_done(bulk: ZohoTarget) -> None:
    bulk.config["stream_maps"] = bulk.map(Description="notes")
    bulk.put("fields", {"module": "Accounts", "api_name": "Description", "mandatory": True})
    bulk.sandbox.control.faults(fault("job_partial", "*/bulk/v8/write", rows=[0, 3]))
    given = [*customers(range(6), notes="x"), customer(6, notes=None)]
    run = bulk.run(given).check(0)
    assert run.outcomes == {"created": 6, "rejected": 1}
    (letter,) = bulk.letters()
    assert (letter.identity, letter.field) == ("A6", "Description")
    assert "MANDATORY_NOT_FOUND" in letter.reason
    assert bulk.calls().count("POST upsert") == 1, "what the job left goes the normal way, together"
    assert len(bulk.rows()) == 6


@pytest.mark.parametrize("columns", ["Status,Errors,Record Id", "RESULT,WHY,KEY"])
def test_a_result_in_other_words_is_verified_by_reading(bulk: ZohoTarget, columns: str) -> None:
    bulk.sandbox.control.settings(zoho={"bulk_result_columns": columns})
    bulk.sandbox.control.faults(fault("job_partial", "*/bulk/v8/write", rows=[2]))
    assert bulk.run(customers(range(6))).check(0).outcomes == {"created": 6}
    assert len(bulk.rows()) == 6
    assert ("POST upsert" in bulk.calls(), len(bulk.sent())) == (True, 1)


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("lost_response", "*/upload", 0),
        ("lost_response", "^/crm/bulk/v8/write$", 4),
        ("status", "^/crm/bulk/v8/write$", 4),
        ("lost_response", "^/crm/bulk/v8/write/[0-9]+$", 0),
        ("lost_response", "*/result", 0),
        ("truncate", "*/result", 0),
    ],
)
def test_lost_answers_around_a_job(bulk: ZohoTarget, kind: str, path: str, code: int) -> None:
    bulk.sandbox.control.faults(fault(kind, path, **({"status": 503} if kind == "status" else {})))
    given = [*customers(range(6)), state({"k": 1})]
    assert bulk.run(given).check(code).states == ([] if code else [{"k": 1}])
    assert bulk.sandbox.control.present_faults()[0]["fired"] == 1
    run = bulk.run(given).check(0)
    assert (run.states, len(bulk.rows()), bulk.journal()) == ([{"k": 1}], 6, 0)
    assert bulk.letters() == []


def test_a_job_that_does_not_end_is_waited_for_by_the_next_run(bulk: ZohoTarget) -> None:
    bulk.sandbox.control.faults(fault("job_stuck", "*/bulk/v8/write", seconds=2.5))
    run = bulk.run([*customers(range(6)), state({"k": 1})], job_timeout=1).check(4)
    assert (run.states, bulk.rows()) == ([], [])
    assert "did not end in 1 s" in run.errors
    run = bulk.run([*customers(range(6)), state({"k": 1})]).check(0)
    assert (run.outcomes, run.states) == ({"unchanged": 6}, [{"k": 1}])
    assert (bulk.requests(writes_only=True), len(bulk.rows())) == ([], 6)


def test_a_token_without_the_scopes_of_jobs(bulk: ZohoTarget) -> None:
    (made,) = bulk.put(
        "refresh_tokens",
        {"scope": "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ,ZohoCRM.coql.READ"},
    )
    run = bulk.run(customers(range(6)), refresh_token=made["refresh_token"]).check(5)
    assert "ZohoCRM.bulk.ALL and ZohoFiles.files.ALL" in run.errors
    assert bulk.rows() == []
