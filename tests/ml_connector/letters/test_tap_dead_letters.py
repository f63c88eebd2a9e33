"""The replay tap sends letters the way they came."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from fixtures.letters import EXTRACTED_AT, add_letter, schema
from plugin_runs import run_plugin
from singer_sdk.exceptions import ConfigValidationError
from sqlalchemy import text
from support.tap_run import TapRun, run_here

from ml_connector.errors import ConnectorError, SystemFault
from ml_connector.ledger import Ledger
from ml_connector.ledger_access import open_ledger
from ml_connector.letters.tap import TapDeadLetters

INTEGRATION = "ebs-zendesk"
EXTRACTED = "2026-11-20T18:40:00Z"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield opened
    opened.close()


class Replay:
    """Runs the real command on the ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *options: str, **settings: Any) -> TapRun:
        url = f"sqlite:///{self.folder / 'ledger.db'}"
        config = self.folder / "config.json"
        config.write_text(json.dumps({"integration": INTEGRATION, "ledger_url": url, **settings}))
        arguments = ["--config", str(config), *options]
        key = {"ML_CONNECTOR_KEY": os.environ.get("ML_CONNECTOR_KEY", "")}
        run = run_plugin("tap-dead-letters", arguments, b"", self.folder, variables=key)
        return TapRun(run.output.decode().splitlines(), run.errors, run.exit_code)

    def here(self, **settings: Any) -> TapRun:
        url = f"sqlite:///{self.folder / 'ledger.db'}"
        return run_here(TapDeadLetters, {"integration": INTEGRATION, "ledger_url": url, **settings})

    def names(self, **settings: Any) -> list[str]:
        run = self.here(**settings)
        return [message["record"]["name"] for message in run.of_type("RECORD")]


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path)


def test_a_record_leaves_as_it_came_with_its_letter_beside_it(ledger: Ledger, replay: Replay) -> None:
    raw = {"id": 7, "name": "Müller", "amount": Decimal("12345678901234567.80"), "extra": {"deep": [1, None]}}
    number = add_letter(ledger, raw)
    with ledger.write(INTEGRATION, "zendesk") as tx:
        tx.letters.set_overlay(number, {"name": "Müller 2"})
    run = replay()
    assert run.code == 0, run.errors
    assert run.messages == [
        schema(),
        {
            "type": "RECORD",
            "stream": "customers",
            "record": raw,
            "time_extracted": EXTRACTED,
            "_ml_letter": {"id": number, "overlay": {"name": "Müller 2"}, "decision": None},
        },
        {"type": "STATE", "value": {"bookmarks": {}}},
    ]
    assert "12345678901234567.80" in run.lines[1]
    assert Decimal(EXTRACTED_AT) == 1_795_200_000


def test_each_schema_precedes_the_records_that_came_under_it(ledger: Ledger, replay: Replay) -> None:
    old, new = schema(), schema(phone={"type": ["string", "null"]})
    for number, message in enumerate((old, old, new, old)):
        add_letter(ledger, {"id": number, "name": str(number)}, schema=message)
    add_letter(ledger, {"id": 9, "name": "site"}, stream="sites", schema=schema("sites"))
    messages = [message for message in replay.here().messages if message["type"] != "STATE"]
    assert [(one["type"], one["stream"]) for one in messages] == [
        ("SCHEMA", "customers"),
        ("RECORD", "customers"),
        ("RECORD", "customers"),
        ("SCHEMA", "customers"),
        ("RECORD", "customers"),
        ("SCHEMA", "customers"),
        ("RECORD", "customers"),
        ("SCHEMA", "sites"),
        ("RECORD", "sites"),
    ]
    assert [messages[place] for place in (0, 3, 5)] == [old, new, old]


def test_discovery_merges_the_schemas_of_a_stream(ledger: Ledger, replay: Replay) -> None:
    add_letter(ledger, {"id": 1}, schema=schema(old={"type": "string"}))
    add_letter(ledger, {"id": 2}, schema=schema(new={"type": "string"}))
    catalog = json.loads("\n".join(replay("--discover").lines))
    [entry] = catalog["streams"]
    assert entry["tap_stream_id"] == "customers"
    assert entry["key_properties"] == ["id"]
    assert set(entry["schema"]["properties"]) == {"id", "name", "updated", "old", "new"}


def test_settings_choose_letters(ledger: Ledger, replay: Replay) -> None:
    first = add_letter(ledger, {"id": 1, "name": "a"}, run_id=1)
    second = add_letter(ledger, {"id": 2, "name": "b"}, run_id=2, cause="invalid", reason="City is blank")
    add_letter(ledger, {"id": 3, "name": "c"}, run_id=2, stream="sites", schema=schema("sites"))
    closed = add_letter(ledger, {"id": 4, "name": "d"})
    add_letter(ledger, {"id": 5, "name": "e"}, integration="another")
    with ledger.write(INTEGRATION, "zendesk") as tx:
        tx.letters.close_ids([closed], "settled")
    with ledger.engine.begin() as connection:
        connection.execute(text(f"UPDATE letter SET created_at = created_at - 7200 WHERE id = {first}"))
    assert replay.names() == ["a", "b", "c"]
    assert replay.names(target="zendesk") == ["a", "b", "c"]
    assert replay.names(target="other") == []
    assert replay.names(streams=["sites"]) == ["c"]
    assert replay.names(cause="invalid") == ["b"]
    assert replay.names(reason="city IS") == ["b"]
    assert replay.names(older_than="1h") == ["a"]
    assert replay.names(newer_than="1h") == ["b", "c"]
    assert replay.names(run_id=1) == ["a"]
    assert replay.names(ids=[first, second, closed]) == ["a", "b"]
    assert replay.names(ids=[second], cause="vendor") == []


def test_letters_of_several_targets_need_a_choice(ledger: Ledger, replay: Replay) -> None:
    add_letter(ledger, {"id": 1, "name": "a"})
    add_letter(ledger, {"id": 1, "name": "b"}, target="oro")
    with pytest.raises(SystemFault, match="oro, zendesk"):
        replay.here()
    assert replay.names(target="oro") == ["b"]


def test_nothing_to_send_is_no_fault(ledger: Ledger, replay: Replay) -> None:
    assert ledger.engine.url.database
    for options in ((), ("--discover",)):
        run = replay(*options)
        assert run.code == 0, run.errors
        assert "nothing to send again" in run.errors
    assert replay.here().lines == []


def test_a_catalog_chooses_streams_and_outlives_its_letters(
    ledger: Ledger, replay: Replay, tmp_path: Path
) -> None:
    number = add_letter(ledger, {"id": 1, "name": "a"})
    add_letter(ledger, {"id": 2, "name": "b"}, stream="sites", schema=schema("sites"))
    catalog = json.loads("\n".join(replay("--discover").lines))
    for entry in catalog["streams"]:
        root = next(place for place in entry["metadata"] if place["breadcrumb"] == [])
        root["metadata"]["selected"] = entry["tap_stream_id"] == "customers"
    file = tmp_path / "catalog.json"
    file.write_text(json.dumps(catalog))
    chosen = replay("--catalog", str(file))
    assert [message["record"]["name"] for message in chosen.of_type("RECORD")] == ["a"]
    with ledger.write(INTEGRATION, "zendesk") as tx:
        tx.letters.close_ids([number], "settled")
    later = replay("--catalog", str(file))
    assert (later.code, later.of_type("RECORD")) == (0, [])


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"integration": None}, "integration"),
        ({"older_than": "soon"}, "'soon' is not a span of time"),
        ({"ledger_url": "mysql://127.0.0.1/x"}, "cannot live in mysql"),
    ],
)
def test_wrong_settings_end_in_a_message(replay: Replay, settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises((ConnectorError, ConfigValidationError)):
        replay.here(**settings)
    run = replay("--discover", **settings)
    assert run.code in (1, 5)
    assert complaint in run.errors
    assert "Traceback" not in run.errors


def test_check_counts_the_letters(ledger: Ledger, replay: Replay) -> None:
    add_letter(ledger, {"id": 1})
    run = replay("--check")
    assert run.code == 0
    checks = [json.loads(line) for line in run.lines]
    assert [(check["check"], check["ok"]) for check in checks] == [("ledger", True), ("letters", True)]
    assert checks[1]["detail"] == "1 letters match the settings."


def test_a_state_moves_nothing_and_is_not_sent_on(ledger: Ledger, replay: Replay, tmp_path: Path) -> None:
    add_letter(ledger, {"id": 1, "name": "a"})
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"bookmarks": {"customers": {"replication_key_value": "2026-01-01"}}}))
    run = replay("--state", str(state))
    assert run.code == 0, run.errors
    assert [message["type"] for message in run.messages] == ["SCHEMA", "RECORD", "STATE"]
    assert run.state == {"bookmarks": {}}


def test_sealed_letters_are_sent_with_the_key_and_refused_without(
    tmp_path: Path, replay: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("ML_CONNECTOR_KEY", key)
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    add_letter(ledger, {"id": 1, "name": "Erika"})
    ledger.close()
    monkeypatch.delenv("ML_CONNECTOR_KEY")
    without = replay()
    assert without.code == 5
    assert "ML_CONNECTOR_KEY" in without.errors
    assert without.of_type("RECORD") == []
    monkeypatch.setenv("ML_CONNECTOR_KEY", key)
    assert replay.names() == ["Erika"]
