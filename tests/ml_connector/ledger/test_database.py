"""Opening, upgrading and copying a ledger."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from fixtures.postgres import PostgresServer
from sqlalchemy import text

from ml_connector.errors import LedgerTooNew, PassingFault, SystemFault
from ml_connector.ledger import Ledger, backup, database, default_url
from ml_connector.ledger.database import connect, newest_revision, revision, upgrade
from ml_connector.ledger.tables import metadata

OPEN_AND_PRINT_KEY = """
import sys
from ml_connector.ledger import Ledger
sys.stdin.readline()
print(Ledger(sys.argv[1]).digester.value("x").hex())
"""


def test_migrations_make_the_schema_that_the_tables_declare(empty_url: str) -> None:
    ledger = Ledger(empty_url)
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    ledger.close()


def test_the_newest_revision_is_the_head_of_the_migrations() -> None:
    folder = Path(str(database.__file__)).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [newest_revision()]


def test_upgrade_tells_the_revisions_and_runs_once(empty_url: str) -> None:
    engine = connect(empty_url)
    assert revision(engine) is None
    assert upgrade(engine) == (None, newest_revision())
    assert upgrade(engine) == (newest_revision(), newest_revision())
    engine.dispose()


def test_a_ledger_of_a_newer_library_is_refused_by_its_schema(ledger: Ledger, ledger_url: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerTooNew, match=rf"schema 9999, newer than {newest_revision()}"):
        Ledger(ledger_url)


def test_processes_that_open_an_empty_database_together_agree_on_one_ledger(empty_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_PRINT_KEY, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=60) for process in processes]
    assert [errors for _, errors in ends] == [""] * 3
    assert len({digest for digest, _ in ends}) == 1


def test_digests_of_two_ledgers_cannot_be_compared(tmp_path: Path) -> None:
    ledgers = [Ledger(f"sqlite:///{tmp_path / name}") for name in ("a.db", "b.db")]
    assert ledgers[0].digester.value("x") != ledgers[1].digester.value("x")
    again = Ledger(f"sqlite:///{tmp_path / 'a.db'}")
    assert ledgers[0].digester.value("x") == again.digester.value("x")
    for opened in (*ledgers, again):
        opened.close()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://root@127.0.0.1/ledger", "cannot live in mysql"),
        ("sqlite://", "cannot live in memory"),
        ("sqlite:///:memory:", "cannot live in memory"),
    ],
)
def test_urls_of_anything_else_are_refused(url: str, complaint: str) -> None:
    with pytest.raises(SystemFault, match=complaint):
        Ledger(url)


def test_a_server_that_is_not_there_is_a_passing_fault_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(PassingFault) as caught:
        Ledger(f"postgresql://user:hunter2@/ledger?host={tmp_path}")
    assert "cannot be reached" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_a_system_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemFault, match="cannot be opened"):
        Ledger(f"sqlite:///{tmp_path / 'file' / 'ledger.db'}")


def test_a_file_that_is_no_database_is_a_system_fault(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("just some text, and rather more of it than a header needs " * 20)
    with pytest.raises(SystemFault, match="not a ledger"):
        Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'home' / 'ledger.db'}")
    for file in (tmp_path / "home").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    ledger.close()


def test_the_default_is_beside_the_meltano_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ML_CONNECTOR_HOME", raising=False)
    monkeypatch.delenv("MELTANO_PROJECT_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert default_url() == f"sqlite:///{tmp_path}/.ml-connector/ledger.db"
    monkeypatch.setenv("MELTANO_PROJECT_ROOT", str(tmp_path / "project"))
    assert default_url() == f"sqlite:///{tmp_path}/project/.ml-connector/ledger.db"
    monkeypatch.setenv("ML_CONNECTOR_HOME", str(tmp_path / "home"))
    assert default_url() == f"sqlite:///{tmp_path}/home/ledger.db"


def test_a_backup_made_while_the_ledger_is_written_opens_as_a_ledger(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    with ledger.write("i", "t") as tx:
        tx.runs.start("i", "before", dry=False)
    with ledger.write("i", "t") as tx:
        tx.runs.start("i", "after", dry=False)
        copy = backup(ledger.engine)
    assert copy.parent == tmp_path
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    restored = Ledger(f"sqlite:///{copy}")
    with restored.read() as tx:
        assert [run.plugin for run in tx.runs.latest()] == ["before"]
    assert restored.digester.value("x") == ledger.digester.value("x")
    restored.close()
    ledger.close()


@pytest.mark.postgres
@pytest.mark.usefixtures("with_pg_dump")
def test_a_dump_of_a_server_restores_as_a_ledger(
    postgres: PostgresServer, migrated_postgres: str, tmp_path: Path
) -> None:
    ledger = Ledger(postgres.new_database(migrated_postgres))
    with ledger.write("i", "t") as tx:
        tx.runs.start("i", "before", dry=False)
    dump = backup(ledger.engine, tmp_path / "copies" / "ledger.sql")
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    url = postgres.new_database()
    name = url.rpartition("/test_")[2].partition("?")[0]
    psql: list[str | Path] = [
        postgres.programs / "psql",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        postgres.home,
        "-U",
        "postgres",
    ]
    subprocess.run([*psql, "-d", f"test_{name}", "-f", dump], check=True, capture_output=True)
    restored = Ledger(url)
    with restored.read() as tx:
        assert [run.plugin for run in tx.runs.latest()] == ["before"]
    restored.close()
    ledger.close()


@pytest.mark.postgres
def test_a_backup_without_pg_dump_says_what_to_install(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    engine = connect(postgres.url("postgres"))
    with pytest.raises(SystemFault, match="pg_dump is not on the PATH"):
        backup(engine, tmp_path / "ledger.sql")
    assert not (tmp_path / "ledger.sql").exists()
    engine.dispose()


@pytest.mark.usefixtures("with_pg_dump")
def test_a_backup_never_overwrites(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(SystemFault, match="exists already"):
        backup(ledger.engine, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


@pytest.mark.postgres
@pytest.mark.usefixtures("with_pg_dump")
def test_a_failed_dump_leaves_no_file(postgres: PostgresServer, tmp_path: Path) -> None:
    engine = connect(postgres.url("no_such_database"))
    with pytest.raises(SystemFault, match="no_such_database"):
        backup(engine, tmp_path / "ledger.sql")
    assert not (tmp_path / "ledger.sql").exists()
    engine.dispose()
