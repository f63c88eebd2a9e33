"""Scans as a target sees them: who exists, who is missing, and when a version counts for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from singer_lines import CUSTOMER, Message, customer, customers, record, schema, state
from sqlalchemy import func, select
from support.rows_tap import TapRows, put
from support.tap_run import ReadTap
from zendesk_target import MAPPING, SYSTEM, ZendeskTarget

from ml_connector.ledger import tables
from ml_connector.singer.scans import ScanRules

LATER = "2026-11-21T00:00:00Z"
V1, V2 = 1_700_000_000_001, 1_700_000_000_002


def there(number: int, version: int = V1, **more: Any) -> Message:
    """A record that says no more than that this customer exists."""
    return record({"id": number, **more}, version=version)


def scan(*numbers: int, version: int = V1) -> list[Message]:
    """A complete scan that finds these customers."""
    return [*(there(number, version) for number in numbers), activate(version)]


def activate(version: int = V1, stream: str = "customers") -> Message:
    return {"type": "ACTIVATE_VERSION", "stream": stream, "version": version}


def marks(target: ZendeskTarget) -> dict[str, str | None]:
    """The mark of each link, by the source's key."""
    with target.ledger() as ledger, ledger.read() as tx:
        side, link = tables.side, tables.link
        query = select(side.c.key, link.c.mark).join(link, link.c.id == side.c.link_id)
        rows = tx.connection.execute(query.where(side.c.system == "ebs"))
        return {row.key: row.mark for row in rows}


def deleted(target: ZendeskTarget) -> list[str]:
    return sorted(key for key, mark in marks(target).items() if mark == "deleted")


def left_over(target: ZendeskTarget) -> int:
    with target.ledger() as ledger, ledger.read() as tx:
        return tx.connection.execute(select(func.count()).select_from(tables.present)).scalar_one()


@pytest.fixture
def loaded(target: ZendeskTarget) -> ZendeskTarget:
    """Five linked customers; a deleted one is flagged."""
    target.config["on_delete"] = "flag"
    target.run(customers(range(5))).check(0)
    return target


def test_a_record_that_a_scan_does_not_find_is_deleted(loaded: ZendeskTarget) -> None:
    run = loaded.run([*scan(0, 1, 2, 4), state({"k": 1})]).check(0)
    assert (run.outcomes, run.summary["missing"]) == ({"unchanged": 4}, {"deleted": 1})
    assert run.states == [{"k": 1}]
    assert deleted(loaded) == ["A3"]
    assert loaded.history("A3") == ["created", "deleted"]
    assert (loaded.calls(), left_over(loaded)) == ([], 0)
    again = loaded.run(scan(0, 1, 2, 4, version=V2)).check(0)
    assert (again.outcomes, again.summary["missing"]) == ({"unchanged": 4}, {})


def test_whole_records_of_a_scan_are_settled_as_ever(loaded: ZendeskTarget) -> None:
    whole = [customer(0), customer(1, city="Paris", updated=LATER), customer(9)]
    run = loaded.run([*({**each, "version": V1} for each in whole), activate()]).check(0)
    assert run.outcomes == {"unchanged": 1, "updated": 1, "created": 1}
    assert run.summary["missing"] == {"deleted": 3}
    assert deleted(loaded) == ["A2", "A3", "A4"]


def test_a_record_that_only_exists_is_never_mapped_and_writes_nothing(loaded: ZendeskTarget) -> None:
    run = loaded.run([there(0), there(77), there(0), state({"k": 1})]).check(0)
    assert (run.outcomes, loaded.calls()) == ({"unchanged": 2, "ignored": 1}, [])
    assert loaded.letters() == []
    assert loaded.run([customer(0)]).check(0).outcomes == {"unchanged": 1}, "its digest stayed"
    # Without a version, or with another field, it is a record like any other.
    assert "no value for its key" in loaded.run([record({"id": 0})]).check(5).errors
    whole = there(0, account_number="A0", city="Rome")
    assert loaded.run([whole]).check(0).outcomes == {"updated": 1}


def test_what_is_in_hand_exists(loaded: ZendeskTarget) -> None:
    run = loaded.run([customer(20), *scan(0, 1, 2, 3, 4, 20)]).check(0)
    assert run.outcomes == {"created": 1, "unchanged": 6}
    assert deleted(loaded) == []


def test_an_older_version_or_one_of_another_run_deletes_nothing(loaded: ZendeskTarget) -> None:
    run = loaded.run([activate(), there(0), activate(V2), there(1, V2)]).check(0)
    assert "not acted upon" in run.errors
    assert deleted(loaded) == []
    run = loaded.run([there(1, V2), activate(V2)]).check(0)
    assert "not acted upon" in run.errors
    assert (deleted(loaded), run.summary["missing"]) == ([], {})
    mixed = loaded.run([there(0, 7), there(1, 8), there(2, 7), activate(7), activate(8)]).check(0)
    assert mixed.errors.count("not acted upon") == 2, "two versions at once are no scan"
    assert deleted(loaded) == []


def test_it_can_be_switched_off(loaded: ZendeskTarget) -> None:
    run = loaded.run(scan(0), process_activate_version_messages=False).check(0)
    assert (run.outcomes, deleted(loaded), left_over(loaded)) == ({"unchanged": 1}, [], 0)


def test_ignored_is_said_once(loaded: ZendeskTarget) -> None:
    run = loaded.run(scan(0, 1, 2, 3), on_delete="ignore").check(0)
    assert (run.summary["missing"], deleted(loaded)) == ({"ignored": 1}, [])
    assert loaded.run(scan(0, 1, 2, 3, version=V2), on_delete="ignore").check(0).summary["missing"] == {}
    # Who decides otherwise later gets it all the same.
    run = loaded.run(scan(0, 1, 2, 3, version=3)).check(0)
    assert (run.summary["missing"], deleted(loaded)) == ({"deleted": 1}, ["A4"])


@pytest.mark.parametrize(
    ("limit", "live", "allowed"),
    [(None, 5, 10), (None, 100, 10), (None, 2_005, 200), (0.5, 30, 15), (3, 1_000, 3), (0, 1_000, 0)],
)
def test_a_count_or_a_share_is_allowed(limit: float | None, live: int, allowed: int) -> None:
    assert ScanRules.from_settings({"max_deleted": limit}).allowed(live) == allowed


@pytest.mark.parametrize(("limit", "code"), [(3, 5), (4, 0)])
def test_more_than_max_deleted_stops_the_run_and_marks_none(
    loaded: ZendeskTarget, limit: float | None, code: int
) -> None:
    run = loaded.run([*scan(0), state({"k": 1})], max_deleted=limit).check(code)
    assert len(deleted(loaded)) == (0 if code else 4)
    assert run.states == ([] if code else [{"k": 1}])
    if code:
        assert "4 of 5 linked records of customers were not found in the source any more" in run.errors
        assert f"max_deleted allows {limit}" in run.errors
        assert "Traceback" not in run.errors


def test_a_tenth_of_many_is_the_limit(target: ZendeskTarget) -> None:
    target.config["on_delete"] = "flag"
    target.run(customers(range(200))).check(0)
    run = target.run(scan(*range(179))).check(5)
    assert "21 of 200 linked records of customers" in run.errors
    assert deleted(target) == []
    assert len(deleted_after(target, 180)) == 20


def deleted_after(target: ZendeskTarget, found: int) -> list[str]:
    target.run(scan(*range(found), version=V2)).check(0)
    return deleted(target)


def test_a_record_that_came_back_is_ignored_or_made_again(loaded: ZendeskTarget) -> None:
    loaded.run(scan(0, 1, 2, 3)).check(0)
    assert loaded.run([there(4, V2)]).check(0).outcomes == {"ignored": 1}
    assert loaded.run([customer(4)]).check(0).outcomes == {"ignored": 1}
    assert deleted(loaded) == ["A4"]
    run = loaded.run([customer(4, updated=LATER)], on_missing="recreate").check(0)
    assert (run.outcomes, deleted(loaded)) == ({"unchanged": 1}, [])


def test_a_record_under_another_key_keeps_the_link(loaded: ZendeskTarget) -> None:
    run = loaded.run([customer(40, account_number="A4", name="Customer 4"), *scan(0, 1, 2, 3, 40)]).check(0)
    assert (run.summary["missing"], deleted(loaded)) == ({}, [])


def test_a_stream_that_creates_none_deletes_none(target: ZendeskTarget) -> None:
    summary = {
        "__alias__": "organizations",
        "__key_properties__": ["external_id"],
        "external_id": "account_number",
        "notes": "notes",
        "_ml_create": "False",
        "__else__": "__NULL__",
    }
    maps = {"customers": MAPPING, "summaries": summary}
    second = [schema("summaries"), *customers(range(3), stream="summaries", notes="n")]
    gone = record({"id": 1, "_sdc_deleted_at": LATER}, stream="summaries")
    some = record({"id": 0}, stream="summaries", version=V1)
    settings: dict[str, Any] = {"stream_maps": maps, "on_delete": "flag"}
    target.run([*customers(range(3)), *second], **settings).check(0)
    run = target.run([schema("summaries"), some, activate(stream="summaries"), gone], **settings).check(0)
    assert (run.outcomes, run.summary["missing"]) == ({"unchanged": 1, "ignored": 1}, {})
    assert deleted(target) == []
    run = target.run([*scan(0, 1)], **settings).check(0)
    assert (run.summary["missing"], deleted(target)) == ({"deleted": 1}, ["A2"])
    # A summary that has a letter and is gone needs no replay.
    maps["summaries"] = {**summary, "_ml_reject": "'no' if notes == 'x' else None"}
    refused = customers([0], stream="summaries", notes="x", updated=LATER)
    assert target.run([schema("summaries"), *refused], **settings).check(0).outcomes == {"rejected": 1}
    some = record({"id": 1}, stream="summaries", version=V2)
    run = target.run([schema("summaries"), some, activate(V2, "summaries")], **settings).check(0)
    assert (run.summary["missing"], target.letters()) == ({"ignored": 1}, [])
    assert deleted(target) == ["A2"]


def test_a_stream_without_a_key_is_not_judged(loaded: ZendeskTarget) -> None:
    keyless = schema(keys=())
    fields = {**customer(9)["record"]}
    run = loaded.raw([keyless, record(fields, version=V1), activate()]).check(0)
    assert "not acted upon" in run.errors
    assert deleted(loaded) == []


def test_composite_keys(target: ZendeskTarget) -> None:
    target.config["on_delete"] = "flag"
    properties = {**CUSTOMER, "part": {"type": "string"}}
    both = schema(properties=properties, keys=("id", "part"))
    rows = [customer(number, part=f"p{number}") for number in range(3)]
    target.raw([both, *rows]).check(0)
    run = target.raw([both, there(0, part="p0"), there(1, part="p1"), activate()]).check(0)
    assert (run.outcomes, deleted(target)) == ({"unchanged": 2}, ["A2"])


def test_a_dry_run_tells_and_keeps_nothing(loaded: ZendeskTarget) -> None:
    dry = loaded.run([*scan(0, 1, 2, 3), state({"k": 1})], dry_run=True).check(0)
    assert (dry.summary["missing"], dry.states) == ({"deleted": 1}, [])
    assert (deleted(loaded), left_over(loaded)) == ([], 0)
    assert "would deleted" in loaded.history("A4")
    run = loaded.run([*scan(0, 1, 2, 3), state({"k": 1})]).check(0)
    assert (run.summary["missing"], deleted(loaded)) == ({"deleted": 1}, ["A4"])


def test_wrong_messages_are_named(loaded: ZendeskTarget) -> None:
    wrong: list[Any] = [{"type": "ACTIVATE_VERSION", "stream": "customers"}, activate(1.5)]  # type: ignore[arg-type]
    for message in wrong:
        assert "a whole number" in loaded.run([message]).check(1).errors
    assert "a whole number" in loaded.run([{**there(1), "version": "7"}]).check(1).errors
    assert "before its SCHEMA" in loaded.run([activate(stream="unknown")]).check(1).errors


def test_what_a_tap_sends_is_what_a_target_understands(target: ZendeskTarget, tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    mapping = {**MAPPING, "external_id": "'R' + str(id)", "organization_fields": None}
    settings: dict[str, Any] = {"stream_maps": {"rows": mapping}, "on_delete": "flag"}
    read = ReadTap(TapRows, {"file": str(file), "look_back": 0, "deletes": "keys", "deletes_every": 0})
    put(file, 1, 2, 3)
    first = read()
    run = target.raw(first.lines, **settings).check(0)
    assert (run.outcomes, run.summary["missing"]) == ({"created": 3, "unchanged": 6}, {})
    put(file, 1, 3)
    run = target.raw(read(first.state).lines, **settings).check(0)
    assert (run.outcomes, run.summary["missing"]) == ({"unchanged": 4}, {"deleted": 1})
    assert deleted(target) == ["R2"]
    assert "deletes_checked_at" in run.states[-1]["bookmarks"]["rows"]


# Letters


def test_a_missing_record_takes_its_letter_along(loaded: ZendeskTarget) -> None:
    assert loaded.run([customer(30, name=7), customer(0, name=7, updated=LATER)]).check(0).outcomes == {
        "rejected": 2
    }
    run = loaded.run(scan(1, 2, 3, 4)).check(0)
    assert run.summary["missing"] == {"ignored": 1, "deleted": 1}
    assert [letter.closed_as for letter in loaded.letters(only_open=False)] == ["superseded"] * 2
    assert loaded.run(scan(1, 2, 3, 4, version=V2)).check(0).summary["missing"] == {}


@pytest.mark.parametrize("name", [7, None])
def test_a_deleted_record_closes_the_letter_of_its_key(loaded: ZendeskTarget, name: Any) -> None:
    maps = {"customers": {**MAPPING, "name": "name.strip()" if name is None else "name"}}
    loaded.run([customer(30, name=name)], stream_maps=maps).check(0)
    assert len(loaded.letters()) == 1
    gone = record({"id": 30, "_sdc_deleted_at": LATER})
    assert loaded.run([gone], stream_maps=maps).check(0).outcomes == {"ignored": 1}
    assert [letter.closed_as for letter in loaded.letters(only_open=False)] == ["superseded"]
    assert loaded.run([gone], stream_maps=maps).check(0).outcomes == {"unchanged": 1}


def test_a_deleted_record_needs_no_more_than_its_key(loaded: ZendeskTarget) -> None:
    gone = record({"id": 3, "_sdc_deleted_at": LATER})
    assert loaded.run([gone]).check(0).outcomes == {"deleted": 1}
    assert deleted(loaded) == ["A3"]
    unknown = record({"id": 300, "_sdc_deleted_at": LATER})
    assert loaded.run([unknown]).check(0).outcomes == {"ignored": 1}
    assert loaded.letters() == []


@pytest.mark.parametrize(
    "rule", [{"__filter__": "city == 'Berlin'"}, {"_ml_reject": "'no' if not city else None"}]
)
def test_a_deleted_record_is_not_mapped(loaded: ZendeskTarget, rule: dict[str, str]) -> None:
    maps = {"customers": {**MAPPING, **rule}}
    gone = record({"id": 3, "account_number": "another", "city": None, "_sdc_deleted_at": LATER})
    assert loaded.run([gone], stream_maps=maps).check(0).outcomes == {"deleted": 1}
    assert (deleted(loaded), loaded.letters()) == (["A3"], [])


def test_a_newer_version_that_is_not_wanted_closes_the_letter(target: ZendeskTarget) -> None:
    optional = {"customers": {**MAPPING, "_ml_create": "create"}}
    target.run([customer(1, name=7, create=True)], stream_maps=optional).check(0)
    newer = customer(1, create=False, updated=LATER)
    assert target.run([newer], stream_maps=optional).check(0).outcomes == {"ignored": 1}
    assert [letter.closed_as for letter in target.letters(only_open=False)] == ["superseded"]
    filtered = {"customers": {**MAPPING, "__filter__": "city != 'Nowhere'"}}
    target.run([customer(2, name=7)], stream_maps=filtered).check(0)
    assert len(target.letters()) == 1
    run = target.run([customer(2, name=7, city="Nowhere", updated=LATER)], stream_maps=filtered).check(0)
    assert (run.outcomes, run.summary["filtered"], target.letters()) == ({}, 1, [])
    again = target.run([customer(2, name=7)], stream_maps=filtered).check(0)
    assert again.outcomes == {"rejected": 1}
    assert len(target.letters()) == 1, "who is wanted again is judged again"


def test_what_was_settled_of_a_missing_record_keeps_its_version(loaded: ZendeskTarget) -> None:
    loaded.run(scan(0, 1, 2, 3)).check(0)
    with loaded.ledger() as ledger, ledger.read() as tx:
        versions = select(tables.seen.c.version).where(tables.seen.c.raw_key == "4")
        assert tx.connection.execute(versions).scalar_one() == "t2026-11-20T00:00:00.000000"
    older = customer(4, city="Oslo", updated="2026-11-01T00:00:00Z")
    assert loaded.run([older], on_missing="recreate").check(0).outcomes == {"superseded": 1}


def test_a_discarded_record_is_unchanged_until_it_changes(target: ZendeskTarget) -> None:
    target.run([customer(1, name=7)]).check(0)
    (letter,) = target.letters()
    with target.ledger() as ledger, ledger.write(target.integration, SYSTEM) as tx:
        assert tx.letters.discard([letter.id]) == 1
    assert target.run([customer(1, name=7)]).check(0).outcomes == {"unchanged": 1}
    assert target.run([customer(1, updated=LATER)]).check(0).outcomes == {"created": 1}
