"""The tap's streams load into targets of other makers, with nothing of Meltano and no ledger in between.

Each target is installed unmodified into an environment of its own: their dependencies are not ours.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fixtures.postgres import PostgresServer
from fixtures.sandboxes import running_sandbox
from foreign.installing import Install
from psycopg.rows import dict_row
from support import jde_world, zendesk_world
from support.tap_run import TapRun, run_here, run_process
from support.zendesk import Zendesk
from support.zoho import zoho_settings

from ml_sandbox.testing import RunningSandbox
from tap_oracle_ebs.tap import TapOracleEbs
from tap_zendesk_ml.tap import NAMES as ZENDESK_STREAMS
from tap_zoho_crm.tap import TapZohoCrm

STREAMS = {
    "customers": ["cust_account_id"],
    "customer_contacts": ["cust_account_role_id"],
    "customer_summaries": ["cust_account_id"],
    "customer_exclusions": ["document_type", "document_id"],
    "hz_parties": ["party_id"],
    "po_headers_all": ["po_header_id"],
    "gl_daily_rates": ["from_currency", "to_currency", "conversion_date", "conversion_type"],
}


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with running_sandbox(customers=60, seed=11) as running:
        yield running


@pytest.fixture(scope="module")
def extracted(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> TapRun:
    """One run of the tap, by itself in an empty folder."""
    folder = tmp_path_factory.mktemp("tap")
    settings = {
        "base_url": f"{sandbox.url}/ebs",
        "username": "ML_EXTRACT",
        "password": "extract-1",
        "alias": "custtables",
        "access": "plsql",
        "package_alias": "mlread",
        "responsibility": "ML_CONNECTOR_INQUIRY",
        "responsibility_application": "AR",
        "server_timezone": "America/New_York",
        "window_lag": 0,
    }
    catalog = folder / "catalog.json"
    catalog.write_text(json.dumps(selected(settings)))
    run = run_process("tap-oracle-ebs", folder, settings, None, "--catalog", str(catalog))
    assert run.code == 0, run.errors
    assert not list(folder.rglob("ledger*"))
    return run


def selected(settings: dict[str, Any]) -> dict[str, Any]:
    """The tap's catalog with these streams alone."""
    catalog = json.loads(TapOracleEbs(config=settings).catalog_json_text)
    catalog["streams"] = [each for each in catalog["streams"] if each["tap_stream_id"] in STREAMS]
    for stream in catalog["streams"]:
        for each in stream["metadata"]:
            each["metadata"]["selected"] = True
    found: dict[str, Any] = catalog
    return found


def load(program: str, folder: Path, config: dict[str, Any], run: TapRun) -> str:
    """Pipe what the tap wrote into a target; gives the last STATE that it let out."""
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    done = subprocess.run(
        [program, "--config", str(path)],
        input="\n".join(run.lines) + "\n",
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def json_lines(install: Install) -> str:
    return install("target-jsonl")


def into_json_lines(program: str, folder: Path, run: TapRun, streams: Iterable[str]) -> None:
    """Load a run, and find each record of it in the files."""
    state = load(program, folder, {"destination_path": str(folder)}, run)
    assert json.loads(state) == run.state
    for stream in streams:
        (file,) = folder.glob(f"{stream}-*.jsonl")
        written = [json.loads(line, parse_float=Decimal) for line in file.read_text().splitlines()]
        sent = run.records(stream)
        assert sent
        assert written == sent


def test_every_record_arrives_in_json_lines(json_lines: str, extracted: TapRun, tmp_path: Path) -> None:
    into_json_lines(json_lines, tmp_path, extracted, STREAMS)


def test_records_of_jd_edwards_arrive_in_json_lines(
    json_lines: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    jde_world.fill(sandbox.control, jde_world.day(sandbox.control, -30))
    streams = ("customers", "suppliers", "contacts", "f0411")
    settings = jde_world.settings(sandbox, tmp_path)
    (tmp_path / "catalog.json").write_text(json.dumps(jde_world.catalog_of(*streams)))
    run = run_process("tap-jde", tmp_path, settings, None, "--catalog", str(tmp_path / "catalog.json"))
    assert run.code == 0, run.errors
    into_json_lines(json_lines, tmp_path, run, streams)


def test_modules_of_zoho_arrive_in_json_lines(
    json_lines: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    rows: dict[str, Any] = {
        "Accounts": {"Account_Name": "One", "Annual_Revenue": 12.5},
        "Vendors": {"Vendor_Name": "Two"},
    }
    stored = [sandbox.control.put_rows("zoho", module, [row, row])[0] for module, row in rows.items()]
    settings = zoho_settings(sandbox, tmp_path) | {"modules": list(rows)}
    first = run_here(TapZohoCrm, settings)
    config = {"destination_path": str(tmp_path)}
    assert json.loads(load(json_lines, tmp_path, config, first)) == first.state
    sandbox.control.jump(10)
    sandbox.control.put_rows("zoho", "deleted", [{"id": row["id"]} for row in stored])
    second = run_here(TapZohoCrm, settings, first.state)
    load(json_lines, tmp_path, config, second)
    ids = iter(row["id"] for row in stored)
    for stream in rows:
        sent = first.records(stream) + second.records(stream)
        lines = [
            line for file in sorted(tmp_path.glob(f"{stream}-*")) for line in file.read_text().splitlines()
        ]
        assert [json.loads(line, parse_float=Decimal) for line in lines] == sent
        gone = [row["id"] for row in second.records(stream) if "_sdc_deleted_at" in row]
        assert (len(first.records(stream)), gone) == (2, [next(ids)])


@pytest.mark.postgres
def test_every_record_arrives_in_a_database(
    install: Install, extracted: TapRun, postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.new_database()
    config = {
        "sqlalchemy_url": url.replace("postgresql://", "postgresql+psycopg://"),
        "default_target_schema": "ebs",
    }
    program = install("target-postgres")
    for _ in range(2):  # the second load finds all of them
        state = load(program, tmp_path, config, extracted)
        assert json.loads(state) == extracted.state
    in_database(url, "ebs", extracted, STREAMS)


@pytest.mark.postgres
def test_every_stream_of_zendesk_arrives_in_json_lines_and_a_database(
    json_lines: str, install: Install, sandbox: RunningSandbox, postgres: PostgresServer, tmp_path: Path
) -> None:
    zendesk = Zendesk(sandbox, tmp_path)
    zendesk_world.fill(zendesk)
    zendesk.later()
    run = zendesk.read()
    into_json_lines(json_lines, tmp_path, run, ZENDESK_STREAMS)
    url = postgres.new_database()
    config = {
        "sqlalchemy_url": url.replace("postgresql://", "postgresql+psycopg://"),
        "default_target_schema": "zendesk",
    }
    state = load(install("target-postgres"), tmp_path, config, run)
    assert json.loads(state) == run.state
    keys = {name: ["name"] if name == "tags" else ["id"] for name in ZENDESK_STREAMS}
    in_database(url, "zendesk", run, keys)


def in_database(url: str, schema: str, run: TapRun, streams: Mapping[str, list[str]]) -> None:
    """Find each record of a run in the tables of its streams, by their keys."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        for stream, key in streams.items():
            rows = connection.execute(f"SELECT * FROM {schema}.{stream}").fetchall()
            sent = {tuple(str(record[name]) for name in key): record for record in run.records(stream)}
            assert len(rows) == len(sent) > 0
            for row in rows:
                record = sent[tuple(as_sent(row[name]) for name in key)]
                kept = {name: row[name] for name in record if record[name] is not None}
                assert {name: as_sent(value) for name, value in kept.items()} == {
                    name: as_sent(record[name]) for name in kept
                }


def as_sent(value: Any) -> str:
    """A value of the database as the tap wrote it."""
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True, default=float)
    return str(value)
