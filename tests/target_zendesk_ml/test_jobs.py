"""Jobs: every row verified, whatever the job says of itself."""

import pytest
from singer_lines import customer, customers, state
from zendesk_target import ZendeskTarget

LATER = "2026-11-21T00:00:00Z"


def fault(kind: str, path: str = "*/create_many", **more: object) -> dict[str, object]:
    return {"system": "zendesk", "path": path, "fault": kind, **more}


@pytest.mark.parametrize("index", ["never", "failures", "always"])
def test_rows_are_told_apart_whatever_the_results_name(target: ZendeskTarget, index: str) -> None:
    control = target.sandbox.control
    control.settings(zendesk={"job_result_index": index})
    control.put_rows("zendesk", "organizations", [{"name": "Customer 2", "external_id": "stranger"}])
    run = target.run(customers(range(5)), name_taken="reject").check(0)
    assert run.outcomes == {"created": 4, "rejected": 1}
    assert [letter.identity for letter in target.letters()] == ["A2"]
    with target.ledger() as ledger, ledger.read(target.integration, "zendesk") as tx:
        links = tx.links.by_partner("ebs", "organizations", [f"A{number}" for number in range(5)])
        linked = {identity: link.sides["zendesk"].key for identity, link in links.items()}
    held = {key: str(row["id"]) for key, row in target.organizations.items() if key != "stranger"}
    assert linked == held

    changed = customers(range(5), city="Paris", updated=LATER)
    control.faults(fault("job_partial", "*/update_many", rows=[1]))
    run = target.run(changed, name_taken="reject").check(0)
    assert run.outcomes == {"updated": 4, "rejected": 1}
    cities = {key: row["organization_fields"].get("ebs_city") for key, row in target.organizations.items()}
    assert all(cities[f"A{number}"] == "Paris" for number in (0, 1, 3, 4))


def test_rows_that_a_job_left_out_are_sent_singly(target: ZendeskTarget) -> None:
    target.sandbox.control.faults(fault("job_partial", rows=[0, 4, 9]))
    run = target.run(customers(range(12))).check(0)
    assert run.outcomes == {"created": 12}
    assert target.calls().count("POST create_or_update") == 3
    assert len(target.organizations) == 12


def test_a_job_that_fails_as_a_whole_loses_nothing(target: ZendeskTarget) -> None:
    target.sandbox.control.faults(fault("job_partial", share=1))
    run = target.run(customers(range(4))).check(0)
    assert run.outcomes == {"created": 4}
    assert len(target.organizations) == 4


def test_a_stuck_job_stops_the_run_and_the_next_one_waits_for_it(target: ZendeskTarget) -> None:
    target.sandbox.control.faults(fault("job_stuck", seconds=2.5))
    run = target.run([*customers(range(3)), state({"k": 1})], job_timeout=1).check(4)
    assert run.states == []
    assert "did not end within 1 s" in run.errors
    assert target.journal() == 3
    again = target.run([*customers(range(3)), state({"k": 1})]).check(0)
    assert again.outcomes == {"unchanged": 3}
    assert again.states == [{"k": 1}]
    assert (target.calls(), target.journal(), len(target.organizations)) == ([], 0, 3)
    assert [target.history(f"A{number}") for number in range(3)] == [["created"]] * 3


def test_a_vendor_with_little_room_for_jobs_gets_them_one_after_the_other(target: ZendeskTarget) -> None:
    target.sandbox.control.settings(zendesk={"job_limit": 2, "job_seconds": 0.5})
    run = target.run(customers(range(450))).check(0)
    assert run.outcomes == {"created": 450}
    statuses = [request["status"] for request in target.requests() if "create_many" in request["path"]]
    assert statuses.count(200) == 5
    assert statuses.count(429) >= 1
    assert len(target.organizations) == 450


def test_a_lost_answer_among_jobs_that_start_together_doubles_nothing(
    target: ZendeskTarget,
) -> None:
    target.sandbox.control.faults(fault("lost_response", after=2))
    target.run(customers(range(800))).check(4)
    sent = [row["external_id"] for row in target.sent_rows()]
    # How many of the eight jobs are under way when the fault shows is up to the machine.
    assert 300 <= len(sent) <= 800
    again = target.run(customers(range(800))).check(0)
    assert sum(again.outcomes.values()) == 800
    sent += [row["external_id"] for row in target.sent_rows()]
    assert (len(sent), len(set(sent)), len(target.organizations)) == (800, 800, 800), "each was sent once"


def test_a_job_that_never_shows_up_is_looked_for_by_key(target: ZendeskTarget) -> None:
    """The vendor forgets a job (its data is kept one day): its rows are found by external id."""
    control = target.sandbox.control
    control.faults(fault("lost_response"))
    target.run(customers(range(3))).check(4)
    control.clear("zendesk", "jobs")
    again = target.run(customers(range(3))).check(0)
    assert again.outcomes == {"created": 3}
    assert len(target.organizations) == 3


def test_one_record_in_two_versions_is_written_once(target: ZendeskTarget) -> None:
    versions = [
        customer(1, city=city, updated=f"2026-11-20T0{hour}:00:00Z") for hour, city in enumerate("ABC")
    ]
    run = target.run([versions[1], versions[2], versions[0]]).check(0)
    assert run.outcomes == {"created": 1, "superseded": 2}
    assert target.organizations["A1"]["organization_fields"] == {"ebs_city": "C"}
    assert len(target.sent_rows()) == 1
