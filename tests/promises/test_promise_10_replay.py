"""Replay takes the same path as a first write."""

from __future__ import annotations

import json

from plugin_runs import Run, run_plugin
from singer_lines import customer, customers, state
from zendesk_target import MAPPING, ZendeskTarget


def replay(target: ZendeskTarget, **settings: object) -> Run:
    """`tap-dead-letters | target-zendesk-ml`, both for real."""
    file = target.folder / "letters.json"
    file.write_text(json.dumps({"integration": target.integration}))
    letters = run_plugin("tap-dead-letters", ["--config", str(file)], b"", target.folder).check(0)
    target.sandbox.control.clear_requests()
    return target.feed(letters.output, **settings)


def test_a_mended_mapping_brings_the_letter_in(target: ZendeskTarget) -> None:
    """Guard: a record that comes from a letter is not taken for the one that was refused."""
    nameless = customer(1, name=None)
    run = target.run([nameless, *customers(range(2, 4)), state({"k": 1})]).check(0)
    assert run.outcomes == {"created": 2, "rejected": 1}

    still = replay(target).check(0)
    assert (still.outcomes, still.summary["new_letters"], target.calls()) == ({"rejected": 1}, 0, [])
    (letter,) = target.letters()
    assert letter.attempts == 2

    mended = {"customers": {**MAPPING, "name": "name or 'Customer ' + account_number"}}
    run = replay(target, stream_maps=mended).check(0)
    assert run.outcomes == {"created": 1}
    assert target.organizations["A1"]["name"] == "Customer A1"
    calls = target.calls(writes_only=False)
    assert (target.letters(), [entry.closed_as for entry in target.letters(only_open=False)]) == (
        [],
        ["settled"],
    )
    assert target.history("A1")[-1] == "created"

    # The same record, new to another account: the same requests, one by one.
    first = target.run([customer(9, name=None)], stream_maps=mended).check(0)
    assert first.outcomes == {"created": 1}
    assert sorted(set(target.calls(writes_only=False))) == sorted(set(calls))
    again = target.run([nameless], stream_maps=mended).check(0)
    assert again.outcomes == {"unchanged": 1}, "what a replay settled is settled"


def test_what_the_vendor_refused_is_tried_by_the_vendor_again(target: ZendeskTarget) -> None:
    stranger = {"name": "Customer 1", "external_id": "stranger"}
    (held,) = target.sandbox.control.put_rows("zendesk", "organizations", [stranger])
    target.run([customer(1)], name_taken="reject").check(0)
    assert [(letter.cause, letter.field) for letter in target.letters()] == [("taken", "name")]
    assert replay(target, name_taken="reject").check(0).outcomes == {"rejected": 1}
    target.sandbox.control.put_rows("zendesk", "organizations", [{"id": held["id"], "name": "Renamed"}])
    assert replay(target, name_taken="reject").check(0).outcomes == {"created": 1}
    assert target.letters() == []


def test_a_replay_fails_as_a_first_write_does(target: ZendeskTarget) -> None:
    target.run([customer(1, name=None)]).check(0)
    mended = {"customers": {**MAPPING, "name": "'X'"}}
    target.sandbox.control.faults({"system": "zendesk", "path": "*/create_many", "fault": "lost_response"})
    replay(target, stream_maps=mended).check(4)
    assert (len(target.letters()), target.journal()) == (1, 1)
    run = replay(target, stream_maps=mended).check(0)
    assert len(target.organizations) == 1
    assert (target.letters(), target.journal()) == ([], 0)
    assert sum(run.summary["outcomes"].values()) == 1
