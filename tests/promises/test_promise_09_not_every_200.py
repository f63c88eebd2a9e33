"""A 200 is not success: each vendor's own failure shapes inside a 200 are failures here."""

from __future__ import annotations

import pytest
from singer_lines import customers, state
from zendesk_target import ZendeskTarget

LATER = "2026-11-21T00:00:00Z"


@pytest.mark.parametrize("index", ["never", "failures", "always"])
def test_a_completed_job_with_failed_rows(target: ZendeskTarget, index: str) -> None:
    """Guard: a result item with `error` or `success: false` is no success."""
    control = target.sandbox.control
    control.settings(zendesk={"job_result_index": index})
    names = [{"name": f"Customer {number}", "external_id": f"stranger {number}"} for number in (1, 3)]
    control.put_rows("zendesk", "organizations", names)
    run = target.run([*customers(range(5)), state({"k": 1})], name_taken="reject").check(0)
    assert run.outcomes == {"created": 3, "rejected": 2}
    assert {letter.identity for letter in target.letters()} == {"A1", "A3"}
    statuses = {request["status"] for request in target.requests() if "create_many" in request["path"]}
    assert statuses == {200}


@pytest.mark.parametrize("index", ["never", "failures", "always"])
def test_a_job_in_which_nothing_worked(target: ZendeskTarget, index: str) -> None:
    """Guard: a row without a success item failed, whatever the job says of itself."""
    target.run(customers(range(3))).check(0)
    target.sandbox.control.settings(zendesk={"job_result_index": index})
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/update_many", "fault": "job_partial", "share": 1},
    )
    run = target.run(customers(range(3), city="Paris", updated=LATER)).check(0)
    assert run.outcomes == {"updated": 3}
    assert target.calls().count("PUT update_many") == 1
    assert len(target.calls()) == 4, "each row was sent again by itself, and the answer to each was read"
    cities = {row["organization_fields"]["ebs_city"] for row in target.organizations.values()}
    assert cities == {"Paris"}


@pytest.mark.parametrize(
    ("body", "code"),
    [("<html>Welcome</html>", 5), ("[]", 5), ("{}", 0), ('{"organizations": null}', 0)],
)
def test_a_page_that_is_not_the_answer(target: ZendeskTarget, body: str, code: int) -> None:
    """Guard: an answer has to be a JSON object of the vendor's; an empty one holds no candidate."""
    target.sandbox.control.faults(
        {
            "system": "zendesk",
            "path": "*/organizations/show_many*",
            "fault": "status",
            "status": 200,
            "body": body,
        }
    )
    run = target.run([*customers(range(2)), state({"k": 1})]).check(code)
    if code:
        assert (run.states, target.organizations) == ([], {})
    else:
        assert len(target.organizations) == 2
