"""Names of organizations are unique at the vendor: what becomes of one that is taken."""

from singer_lines import customer
from zendesk_target import ZendeskTarget


def put(target: ZendeskTarget, *rows: dict[str, object]) -> list[dict[str, object]]:
    return target.sandbox.control.put_rows("zendesk", "organizations", rows)


def test_the_second_of_two_equal_names_gets_its_external_id(target: ZendeskTarget) -> None:
    twins = [customer(3, name="IT"), customer(7, name="it ")]
    assert target.run(twins).check(0).outcomes == {"created": 2}
    assert {key: row["name"] for key, row in target.organizations.items()} == {"A3": "IT", "A7": "it (A7)"}
    assert target.run(twins).check(0).outcomes == {"unchanged": 2}
    other = customer(8, name="IT")
    assert target.run([other]).check(0).outcomes == {"created": 1}
    assert target.organizations["A8"]["name"] == "IT (A8)"
    assert "POST create_or_update" not in target.calls(), "the ledger knew that the name is taken"


def test_a_name_held_by_a_stranger_gets_a_suffix(target: ZendeskTarget) -> None:
    put(target, {"name": "Acme", "external_id": "crm-1"})
    assert target.run([customer(1, name="ACME"), customer(2)]).check(0).outcomes == {"created": 2}
    assert target.organizations["A1"]["name"] == "ACME (A1)"
    assert target.organizations["crm-1"]["name"] == "Acme"
    renamed = customer(1, name="Acme Ltd", updated="2026-11-21T00:00:00Z")
    assert target.run([renamed]).check(0).outcomes == {"updated": 1}
    assert target.organizations["A1"]["name"] == "Acme Ltd"


def test_a_taken_name_is_rejected_where_the_settings_say_so(target: ZendeskTarget) -> None:
    (held,) = put(target, {"name": "Acme", "external_id": "crm-1"})
    records = [customer(1, name="Acme"), customer(2), customer(3, name="customer 2")]
    run = target.run(records, name_taken="reject").check(0)
    assert run.outcomes == {"created": 1, "rejected": 2}
    letters = {letter.identity: letter for letter in target.letters()}
    assert {key: (letter.cause, letter.field) for key, letter in letters.items()} == {
        "A1": ("taken", "name"),
        "A3": ("taken", "name"),
    }
    assert str(held["id"]) in letters["A1"].reason
    assert letters["A1"].request_id, "the vendor refused it, so the vendor's request is named"
    again = target.run(records, name_taken="reject").check(0)
    assert (again.outcomes, again.summary["new_letters"]) == ({"unchanged": 1, "rejected": 2}, 0)
    assert target.calls() == []


def test_an_organization_of_that_name_without_external_id_is_adopted(target: ZendeskTarget) -> None:
    (found,) = put(target, {"name": "acme", "notes": "by an agent"})
    assert target.run([customer(1, name="Acme")]).check(0).outcomes == {"updated": 1}
    row = target.organizations["A1"]
    assert (row["id"], row["notes"]) == (found["id"], "by an agent")
    assert len(target.organizations) == 1


def test_only_one_of_two_adopts(target: ZendeskTarget) -> None:
    (found,) = put(target, {"name": "Acme"})
    run = target.run([customer(1, name="Acme"), customer(2, name="Acme")]).check(0)
    assert run.outcomes == {"created": 1, "updated": 1}
    organizations = target.organizations
    assert organizations["A1"]["id"] == found["id"]
    assert organizations["A2"]["name"] == "Acme (A2)"


def test_two_candidates_of_one_name_are_a_letter_that_names_them(target: ZendeskTarget) -> None:
    target.sandbox.control.settings(zendesk={"twin_seconds": 60})
    twins = put(target, {"id": 901, "name": "Acme"}, {"id": 902, "name": "Acme"})
    target.sandbox.control.settings(zendesk={"twin_seconds": 0})
    assert target.run([customer(1, name="Acme")]).check(0).outcomes == {"rejected": 1}
    (letter,) = target.letters()
    assert letter.cause == "ambiguous"
    assert all(str(row["id"]) in letter.reason for row in twins)
    assert len(target.sandbox.control.rows("zendesk", "organizations")) == 2


def test_two_records_of_one_external_id_are_not_mixed_up(target: ZendeskTarget) -> None:
    run = target.run([customer(1), customer(2, account_number="A1")]).check(0)
    assert run.outcomes["created"] == 1
    assert len(target.organizations) == 1
