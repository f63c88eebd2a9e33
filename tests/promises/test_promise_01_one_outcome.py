"""Every mapped record has exactly one outcome: read = sum of outcomes + filtered, or the run fails."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from singer_lines import CUSTOMER, Message, customer, customers, lines, schema, state
from zendesk_target import MAPPING, ZendeskTarget

from ml_connector.errors import PassingFault, SystemFault
from ml_connector.settings import to_jsonschema
from ml_connector.singer.objects import VendorObject
from ml_connector.singer.settings import TARGET_SETTINGS
from ml_connector.singer.target import ConnectorTarget
from ml_connector.sync import (
    Done,
    Field,
    ObjectSpec,
    RemoteRecord,
    Rung,
    Sent,
    WriteEvent,
    WriteItem,
    WriteResult,
)

LATER = "2026-11-21T00:00:00Z"


def test_every_kind_of_record_is_counted_once(target: ZendeskTarget) -> None:
    """Guard: a row that a job does not report is sent singly (`Organizations._results`)."""
    maps = {"customers": {**MAPPING, "__filter__": "city != 'Nowhere'"}}
    target.run([*customers(range(10)), state({"k": 0})], stream_maps=maps).check(0)
    target.sandbox.control.faults(
        {"system": "zendesk", "path": "*/create_many", "fault": "job_partial", "rows": [1, 3]},
        {"system": "zendesk", "path": "*/update_many", "fault": "job_partial", "share": 1},
    )
    records: list[Message] = [
        *customers(range(5)),
        *customers(range(5, 10), city="Paris", updated=LATER),
        *customers(range(20, 25)),
        *customers(range(20, 22), city="Rome", updated=LATER),
        *(customer(number, name=number) for number in range(30, 33)),
        *customers(range(40, 44), city="Nowhere"),
        customer(50, name="Customer 0"),
    ]
    run = target.run([*records, state({"k": 1})], stream_maps=maps).check(0)
    assert run.outcomes == {"created": 6, "updated": 5, "unchanged": 5, "superseded": 2, "rejected": 3}
    assert run.summary["filtered"] == 4
    assert run.summary["read"] == len(records) == sum(run.outcomes.values()) + 4
    with target.ledger() as ledger, ledger.read() as tx:
        counted = Counter(
            key
            for key in (*(f"A{n}" for n in (*range(5, 10), *range(20, 25), 50)), *map(str, range(30, 33)))
            for row in tx.runs.history(key)
            if row.run_id == run.summary["run"] and row.outcome != "superseded"
        )
    letters = {letter.identity for letter in target.letters()}
    assert set(counted.values()) == {1}
    assert len(counted) + len(letters - set(counted)) == 14


def test_every_record_that_a_scan_misses_is_counted_once(target: ZendeskTarget) -> None:
    """Guard: `Summary.count_missing`, and the pieces of `Scans._settle_absent`."""
    target.config["on_delete"] = "flag"
    target.run([*customers(range(40)), customer(50, name=7)]).check(0)
    found = [{**customer(number), "version": 7} for number in range(31)]
    keys: list[Message] = [{"type": "RECORD", "stream": "customers", "record": {"id": 31}, "version": 7}]
    end: Message = {"type": "ACTIVATE_VERSION", "stream": "customers", "version": 7}
    run = target.run([*found, *keys, end, customer(60), state({"k": 1})]).check(0)
    assert run.outcomes == {"unchanged": 32, "created": 1}
    assert run.summary["read"] == 33 == sum(run.outcomes.values())
    assert run.summary["missing"] == {"deleted": 8, "ignored": 1}
    with target.ledger() as ledger, ledger.read() as tx:
        rows = [row for n in range(32, 40) for row in tx.runs.history(f"A{n}")]
        rows += tx.runs.history("50")
    told = [row.source_key for row in rows if row.run_id == run.summary["run"]]
    assert len(told) == len(set(told)) == 9


class Forgetful(VendorObject):
    """A vendor's object whose answer leaves one record out."""

    spec = ObjectSpec(name="customers", fields={name: Field(name) for name in CUSTOMER}, rungs=())

    def read(self, keys: Sequence[str]) -> Mapping[str, RemoteRecord]:
        return {}

    def find(self, rung: Rung, values: Sequence[Any]) -> Mapping[Any, Sequence[RemoteRecord]]:
        return {}

    def write(self, items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteEvent]:
        yield Sent(items, "one")
        yield Done([WriteResult(item, key=f"T{item.incoming.raw_key}") for item in items[:-1]])


class ForgetfulTarget(ConnectorTarget):
    name = "target-forgetful"
    system = "forgetful"
    config_jsonschema: ClassVar[dict[str, Any]] = to_jsonschema(TARGET_SETTINGS)

    def make_objects(self) -> Mapping[str, VendorObject]:
        return {"customers": Forgetful()}


def test_a_run_that_loses_a_record_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Guard: the engine counts the answers of each write; behind it stands the sum of `TargetRun.finish`."""
    plugin = ForgetfulTarget(config={"ledger_url": f"sqlite:///{tmp_path}/ledger.db"})
    given = io.BytesIO(lines([schema(), *customers(range(3)), state({"k": 3})]))
    with pytest.raises(PassingFault, match="1 of 3 records of customers got no answer"):
        plugin.listen(given)  # type: ignore[arg-type]  # declared for text, read as bytes
    assert capsys.readouterr().out == "", "STATE did not pass the lost record"


def test_a_run_whose_sum_of_missing_records_is_short_fails(tmp_path: Path) -> None:
    """Guard: the same sum for what a scan did not find."""
    plugin = ForgetfulTarget(config={"ledger_url": f"sqlite:///{tmp_path}/ledger.db"})
    plugin.run.summary.count_missing(1, [])
    with pytest.raises(SystemFault, match="1 records were missing and 0 have an outcome"):
        plugin.process_endofpipe()


def test_a_run_whose_sum_is_short_fails(tmp_path: Path) -> None:
    """Guard: the sum of `TargetRun.finish`, whatever lost the record before it."""
    plugin = ForgetfulTarget(config={"ledger_url": f"sqlite:///{tmp_path}/ledger.db"})
    plugin.run.summary.read += 1
    with pytest.raises(SystemFault, match="1 records were read and 0 have an outcome"):
        plugin.process_endofpipe()
