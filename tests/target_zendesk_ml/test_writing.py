"""Organizations are created, updated and left alone: exactly what changed is sent, and nothing else."""

from singer_lines import customer, customers, state
from zendesk_target import MAPPING, ZendeskTarget

PARIS = {"city": "Paris", "updated": "2026-11-21T00:00:00Z"}


def test_create_then_nothing_then_only_the_changed_field(target: ZendeskTarget) -> None:
    first = target.run([*customers(range(120)), state({"k": 1})]).check(0)
    assert first.outcomes == {"created": 120}
    assert first.states == [{"k": 1}]
    assert target.calls() == ["POST organization_fields", "POST create_many", "POST create_many"]
    organizations = target.organizations
    assert len(organizations) == 120
    assert organizations["A7"]["name"] == "Customer 7"
    assert organizations["A7"]["organization_fields"] == {"ebs_city": "Berlin"}

    again = target.run(customers(range(120))).check(0)
    assert again.outcomes == {"unchanged": 120}
    assert target.calls() == []

    third = target.run([*customers(range(3), **PARIS), *customers(range(3, 120))]).check(0)
    assert third.outcomes == {"updated": 3, "unchanged": 117}
    assert target.calls() == ["PUT update_many"]
    sent = target.sent_rows()
    assert {frozenset(row) for row in sent} == {frozenset({"id", "organization_fields"})}
    assert {row["organization_fields"]["ebs_city"] for row in sent} == {"Paris"}
    assert target.organizations["A2"]["organization_fields"] == {"ebs_city": "Paris"}


def test_requests_of_a_run_are_few(target: ZendeskTarget) -> None:
    run = target.run(customers(range(300))).check(0)
    calls = target.calls(writes_only=False)
    assert calls.count("POST create_many") == 3
    assert calls.count("GET show_many") <= 3 + 3 + 6  # external ids, read-back, polls
    assert run.summary["requests"] == len(calls)


def test_external_ids_match_whatever_their_letter_case(target: ZendeskTarget) -> None:
    target.sandbox.control.put_rows("zendesk", "organizations", [{"name": "Acme", "external_id": "a1"}])
    run = target.run([customer(1, name="Acme")]).check(0)
    assert run.outcomes == {"updated": 1}
    assert [row["external_id"] for row in target.organizations.values()] == ["A1"]
    assert target.run([customer(1, name="Acme")]).check(0).outcomes == {"unchanged": 1}


def test_a_lost_ledger_makes_no_duplicate_and_no_write(target: ZendeskTarget) -> None:
    target.run(customers(range(5))).check(0)
    for file in (target.folder / "home").glob("ledger.db*"):
        file.unlink()
    assert target.run(customers(range(5))).check(0).outcomes == {"unchanged": 5}
    assert target.calls() == []
    assert len(target.organizations) == 5


def test_set_fields_are_merged_member_by_member(target: ZendeskTarget) -> None:
    mapping = {**MAPPING, "tags": "tags", "domain_names": "domains"}
    sets = {"stream_maps": {"customers": mapping}}
    target.run([customer(1, tags=["Key Account", "old"], domains=["A.example"])], **sets).check(0)
    row = target.organizations["A1"]
    assert (set(row["tags"]), row["domain_names"]) == ({"key_account", "old"}, ["a.example"])

    agents = {
        "id": row["id"],
        "tags": ["key_account", "old", "vip"],
        "domain_names": ["a.example", "z.example"],
    }
    target.sandbox.control.put_rows("zendesk", "organizations", [agents])
    changed = {"tags": ["Key Account", "new"], "domains": ["a.example", "b.example"]}
    run = target.run([customer(1, updated="2026-11-21T00:00:00Z", **changed)], **sets).check(0)
    assert run.outcomes == {"updated": 1}
    row = target.organizations["A1"]
    assert set(row["tags"]) == {"key_account", "vip", "new"}
    assert set(row["domain_names"]) == {"a.example", "z.example", "b.example"}
    assert "name" not in target.sent_rows()[0]


def test_two_ways_reads_before_a_write_and_keeps_what_others_changed(target: ZendeskTarget) -> None:
    target.run([customer(1)], two_way=True).check(0)
    assert "GET show_many" in target.calls(writes_only=False)
    row = target.organizations["A1"]
    agents = {"id": row["id"], "name": "Renamed by an agent"}
    target.sandbox.control.put_rows("zendesk", "organizations", [agents])
    changed = customer(1, city="Paris", updated="2026-11-21T00:00:00Z")
    run = target.run([changed], two_way=True).check(0)
    assert run.outcomes == {"updated": 1}
    assert target.organizations["A1"]["name"] == "Renamed by an agent"
    assert target.calls(writes_only=False).index("GET show_many") < target.calls(writes_only=False).index(
        "PUT update_many"
    )


def test_two_ways_takes_the_value_as_the_vendor_stored_it(target: ZendeskTarget) -> None:
    mapping = {**MAPPING, "details": "notes"}
    maps = {"stream_maps": {"customers": mapping}, "two_way": True}
    target.run([customer(1, name="  Acme  ", notes="n")], **maps).check(0)
    assert target.organizations["A1"]["name"] == "Acme"
    changed = customer(1, name="  Acme  ", notes="m", updated="2026-11-21T00:00:00Z")
    assert target.run([changed], **maps).check(0).outcomes == {"updated": 1}
    assert set(target.sent_rows()[0]) == {"id", "details"}


def test_a_record_that_is_gone_is_a_letter_or_created_anew(target: ZendeskTarget) -> None:
    target.run([customer(1)]).check(0)
    target.sandbox.control.clear("zendesk", "organizations")
    changed = customer(1, city="Paris", updated="2026-11-21T00:00:00Z")
    assert target.run([changed]).check(0).outcomes == {"rejected": 1}
    assert [letter.cause for letter in target.letters()] == ["missing"]
    later = customer(1, city="Rome", updated="2026-11-21T01:00:00Z")
    assert target.run([later], on_missing="recreate").check(0).outcomes == {"created": 1}
    assert target.organizations["A1"]["organization_fields"] == {"ebs_city": "Rome"}
    assert target.letters() == []
