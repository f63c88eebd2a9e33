"""Tickets become cases, comments case comments, people contacts; agents are found."""

from __future__ import annotations

from oro_target import LATER, PEOPLE, TICKETS, OroTarget, comment, row, ticket

from ml_sandbox.oro import seed


def test_a_ticket_with_people_and_comments(target: OroTarget) -> None:
    given = [
        row("users", 7, name="Dr. Jerry Coleman", email="j@acme.example", phone="1"),
        row("agents", 8, name="Agnes", email="agnes@acme.example"),
        ticket(1, requester_id=7, assignee_id=8),
        comment(100, 1, "Hello", author_id=7),
        comment(101, 1, "Hi", author_id=8, public=False),
    ]
    run = target.send(given, default_user_owner="sam").check(0)
    assert run.outcomes == {"created": 4, "unchanged": 1}
    (contact,) = target.rows("contacts")
    assert (contact["namePrefix"], contact["firstName"], contact["lastName"]) == ("Dr.", "Jerry", "Coleman")
    assert (contact["primaryEmail"], contact["owner"]) == ("j@acme.example", "35")
    (case,) = target.rows()
    assert (case["externalId"], case["relatedContact"], case["assignedTo"]) == ("1", contact["id"], "20")
    assert (case["status"], case["priority"], case["source"]) == ("open", "normal", "other")
    said = [
        (each["message"], each["public"], each["contact"], each["owner"])
        for each in target.rows("casecomments")
    ]
    assert said == [("Hello", True, contact["id"], "35"), ("Hi", False, None, "20")]
    again = target.send(given, default_user_owner="sam").check(0)
    assert again.outcomes == {"unchanged": 5}
    assert target.calls() == []
    target.lose_ledger()
    lost = target.send(given, default_user_owner="sam").check(0)
    assert (lost.outcomes, target.calls()) == ({"unchanged": 5}, [])


def test_what_a_new_case_needs_besides(target: OroTarget) -> None:
    run = target.send(
        [ticket(1, subject="  ", status=None, priority=None), ticket(2, subject="x" * 300)],
        default_user_owner="sam",
        organization_id=seed.ORGANIZATION_ID,
    ).check(0)
    assert run.outcomes == {"created": 2}
    first, second = target.rows()
    assert (first["subject"], first["status"], first["priority"]) == ("N\\A", "open", "normal")
    assert (first["source"], first["owner"], first["organization"]) == ("other", "35", "1")
    assert second["subject"] == "x" * 255
    assert target.send([ticket(2, subject="x" * 300)]).check(0).outcomes == {"unchanged": 1}


def test_the_account_of_a_new_case(target: OroTarget) -> None:
    people = [row("users", key, name=f"Ann Lee{key}", email=f"p{key}@x.example") for key in (1, 2, 3)]
    target.send(people).check(0)
    ids = [contact["id"] for contact in target.rows("contacts")]
    accounts = target.put(
        "accounts",
        {"name": "Lists both", "contacts": ids[:2]},
        {"name": "Default", "contacts": ids[:1], "defaultContact": ids[0]},
        {"name": "Lists one", "contacts": ids[1:2]},
    )
    target.send([ticket(key, requester_id=key) for key in (1, 2, 3)]).check(0)
    found = [case["relatedAccount"] for case in target.rows()]
    assert found == [accounts[1]["id"], accounts[0]["id"], None]


def test_contacts_are_found_by_address_in_the_organization(target: OroTarget) -> None:
    (other,) = target.put("organizations", {"name": "Other"})
    held = target.put(
        "contacts",
        {"lastName": "Second", "primaryEmail": "a@x.example", "emails": ["a@x.example", "j@x.example"]},
        {"lastName": "Primary", "primaryEmail": "J@x.example", "emails": ["J@x.example"]},
        {"lastName": "Elsewhere", "primaryEmail": "e@x.example", "organization": other["id"]},
        {"lastName": "Twin", "primaryEmail": "t@x.example"},
        {"lastName": "Twin", "primaryEmail": "t@x.example"},
    )
    given = [
        row("users", 1, name="Jerry Coleman", email="j@x.example"),
        row("users", 2, name="Ann Lee", email="A@x.example"),
        row("users", 3, name="Elsa Where", email="e@x.example"),
        row("users", 4, name="Tom Twin", email="t@x.example"),
    ]
    target.settings(ignore_case=True)
    run = target.send(given, organization_id=seed.ORGANIZATION_ID).check(0)
    assert (run.outcomes["created"], run.outcomes["rejected"]) == (1, 1)
    asked = [str(request["query"]) for request in target.requests() if "emails" in str(request["query"])]
    assert asked
    assert all("filter%5Borganization%5D=1" in query for query in asked if "filter%5Bemails%5D" in query)
    (letter,) = target.letters()
    assert (letter.cause, held[3]["id"] in letter.reason, held[4]["id"] in letter.reason) == (
        "ambiguous",
        True,
        True,
    )
    contacts = {contact["id"]: contact for contact in target.rows("contacts")}
    assert len(contacts) == 6
    assert (contacts[held[1]["id"]]["lastName"], contacts["6"]["lastName"]) == ("Primary", "Where")
    linked = target.send([ticket(key, requester_id=key) for key in (1, 2)]).check(0)
    assert linked.outcomes == {"created": 2}
    assert [case["relatedContact"] for case in target.rows()] == [held[1]["id"], held[0]["id"]]


def test_addresses_and_numbers_are_whole_collections(target: OroTarget) -> None:
    mapping = {**PEOPLE, "emails": "[email, phone + '@x.example']", "phones": "[phone, '007']"}
    target.config["stream_maps"]["users"] = mapping
    target.send([row("users", 1, name="Ann Lee", email="a@x.example", phone="1")]).check(0)
    (contact,) = target.rows("contacts")
    assert (sorted(contact["emails"]), sorted(contact["phones"])) == (
        ["1@x.example", "a@x.example"],
        ["007", "1"],
    )
    assert (contact["primaryEmail"], contact["primaryPhone"]) == ("a@x.example", "1")
    emails = [*contact["emails"], "own@x.example"]
    target.put("contacts", {"id": contact["id"], "emails": emails, "primaryEmail": "own@x.example"})
    moved = row("users", 1, name="Ann Lee", email="a@x.example", phone="2", updated=LATER)
    assert target.send([moved]).check(0).outcomes == {"updated": 1}
    (contact,) = target.rows("contacts")
    assert sorted(contact["emails"]) == ["2@x.example", "a@x.example", "own@x.example"]
    assert sorted(contact["phones"]) == ["007", "2"]
    assert contact["primaryEmail"] == "own@x.example"


def test_agents_are_found_by_primary_then_other_addresses_and_never_written(target: OroTarget) -> None:
    target.put("users", {"id": "21", "emails": ["zoe@x.example", "agnes@acme.example"]})
    given = [
        row("agents", 1, name="Zoe", email="Zoe@x.example"),
        row("agents", 2, name="Agnes", email="agnes@acme.example"),
        row("agents", 3, name="Nobody", email="n@x.example"),
        *(ticket(key, assignee_id=key) for key in (1, 2, 3)),
    ]
    assert target.send(given).check(0).outcomes == {"unchanged": 2, "ignored": 1, "created": 3}
    assert [case["assignedTo"] for case in target.rows()] == ["21", "20", None]
    changed = row("agents", 1, name="Zoe", email="other@x.example", updated=LATER)
    assert target.send([changed]).check(0).outcomes == {"unchanged": 1}
    assert target.calls() == []


def test_one_address_in_two_spellings_is_one_user(target: OroTarget) -> None:
    target.config["stream_maps"]["tickets"] = {**TICKETS, "assignedTo": "[description]"}
    given = [ticket(1, description="Agnes@acme.example"), ticket(2, description="agnes@ACME.example")]
    target.send(given, default_user_owner="sam").check(0)
    assert [case["assignedTo"] for case in target.rows()] == ["20", "20"]


def test_a_default_owner_who_cannot_own_stops_the_run_before_it_writes(target: OroTarget) -> None:
    target.put("users", {"id": "21", "enabled": False})
    for named, said in (("nobody", "no user has"), ("bela@acme.example", "is disabled")):
        run = target.send([row("users", 1, name="Ann Lee", email="a@x.example")], default_user_owner=named)
        assert (run.exit_code, said in run.errors, "Give the user name" in run.errors) == (5, True, True)
        check = target.check(default_user_owner=named)["default_user_owner"]
        assert (check["ok"], said in check["detail"]) == (False, True)
    # Also where nothing is there to be written.
    assert target.send([row("agents", 1, name="Z", email="z")], default_user_owner="nobody").exit_code == 5
    assert target.calls() == []


def test_people_by_address_and_by_id(target: OroTarget) -> None:
    target.put("contacts", {"lastName": "Lee", "primaryEmail": "a@x.example"})
    mapping = {**TICKETS, "assignedTo": "['Agnes <agnes@acme.example>']", "owner": "'id:21'"}
    mapping["relatedContact"] = "['nobody@x.example', 'a@x.example']"
    target.config["stream_maps"]["tickets"] = mapping
    target.send([ticket(1)]).check(0)
    (case,) = target.rows()
    assert (case["assignedTo"], case["owner"], case["relatedContact"]) == ("20", "21", "1")


def test_both_sides_change_a_case(target: OroTarget) -> None:
    target.send([ticket(1)]).check(0)
    (case,) = target.rows()
    target.put("cases", {"id": case["id"], "priority": "high", "resolution": "none", "subject": "Ours"})
    changed = ticket(1, status="resolved", subject="Theirs", updated=LATER)
    assert target.send([changed], sync_priority="local_wins").check(0).outcomes == {"updated": 1}
    (case,) = target.rows()
    assert (case["status"], case["priority"], case["resolution"]) == ("resolved", "high", "none")
    assert case["subject"] == "Ours"
    target.put("cases", {"id": case["id"], "subject": "Ours again"})
    changed = ticket(1, status="resolved", subject="Theirs again", updated="2026-11-21T00:00:01Z")
    assert target.send([changed], sync_priority="remote_wins").check(0).outcomes == {"updated": 1}
    assert target.rows()[0]["subject"] == "Theirs again"


def test_one_way_nothing_is_read_before_it_is_written(target: OroTarget) -> None:
    target.send([ticket(1)], two_way=False).check(0)
    changed = ticket(1, status="closed", updated=LATER)
    assert target.send([changed], two_way=False).check(0).outcomes == {"updated": 1}
    assert "filter%5Bid%5D" not in str(target.requests())
    (case,) = target.rows()
    assert (case["status"], bool(case["closedAt"])) == ("closed", True)


def test_dates_of_cases_are_given(target: OroTarget) -> None:
    mapping = {**TICKETS, "closedAt": "updated if status == 'closed' else None"}
    target.config["stream_maps"]["tickets"] = mapping
    target.settings(closed_at="given")
    given = ticket(1, status="closed", created_at="2026-11-01T10:00:00.5+02:00")
    target.send([given]).check(0)
    (case,) = target.rows()
    assert (case["reportedAt"], case["closedAt"]) == ("2026-11-01T08:00:00Z", "2026-11-20T00:00:00Z")
    assert target.send([given]).check(0).outcomes == {"unchanged": 1}


def test_a_number_that_another_case_took_meanwhile(target: OroTarget) -> None:
    target.send([ticket(1), ticket(2)]).check(0)
    first, second = target.rows()
    target.clear("cases")
    target.put("cases", {**first, "externalId": "3"})
    run = target.send([ticket(3)]).check(0)
    assert run.outcomes == {"rejected": 1}, "linked with another ticket"
    assert second["externalId"] == "2"


def test_a_value_that_the_server_refuses_names_its_field(target: OroTarget) -> None:
    run = target.send([ticket(1), ticket(2, priority="urgent")]).check(0)
    assert run.outcomes == {"created": 1, "rejected": 1}
    (letter,) = target.letters()
    assert (letter.field, letter.identity) == ("priority", "2")
    assert target.send([ticket(2, priority="high", updated=LATER)]).check(0).outcomes == {"created": 1}
    assert target.letters() == []
