"""Finding the Meltano project and the tasks of an integration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import Cli

from ml_connector.ages import parse_age, show_age
from ml_connector.errors import SystemFault
from ml_connector.ledger import Ledger
from ml_connector.project import Task, find_project, ledger_url, tasks_of
from ml_connector.vault import Vault

JOBS = """
plugins: {}
jobs:
- name: jde-zoho
  tasks:
  - tap-jde target-zoho-crm
  - tap-zoho-crm mapper-x target-jde
  - dbt:run
- name: one
  tasks: tap-a target-b
- name: nested
  tasks:
  - [tap-a target-b, dbt:run]
- name: other
  tasks:
  - dbt:run
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("MELTANO_PROJECT_ROOT", raising=False)
    (tmp_path / "meltano.yml").write_text(JOBS)
    return tmp_path


def test_the_nearest_project_counts_unless_the_environment_names_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    assert find_project(deep) == project
    (project / "a" / "meltano.yml").write_text("jobs: []")
    assert find_project(deep) == project / "a"
    monkeypatch.setenv("MELTANO_PROJECT_ROOT", "/elsewhere")
    assert find_project(deep) == Path("/elsewhere")


def test_tasks_are_pairs_of_a_tap_and_a_target(project: Path) -> None:
    assert tasks_of(project, "jde-zoho") == [
        Task("tap-jde", "target-zoho-crm"),
        Task("tap-zoho-crm", "target-jde"),
    ]
    for name in ("one", "nested"):
        assert tasks_of(project, name) == [Task("tap-a", "target-b")]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("other", JOBS, "no task of a tap and a target"),
        ("none", JOBS, "it has: jde-zoho, nested, one, other"),
        ("none", "jobs: 7", "it has: none"),
        ("none", "jobs: [", "not valid YAML"),
        ("none", "", "no job named none"),
    ],
)
def test_a_project_that_says_something_else_is_refused(
    project: Path, name: str, content: str, complaint: str
) -> None:
    (project / "meltano.yml").write_text(content)
    with pytest.raises(SystemFault, match=complaint):
        tasks_of(project, name)


LOADERS = """
default_environment: dev
plugins:
  loaders:
  - name: target-zendesk-ml
    variant: ml-connector
    config: {integration: ebs-zendesk, ledger_url: "sqlite:///base.db"}
  - name: target-oro
    inherit_from: target-zendesk-ml
    config: {integration: zendesk-oro}
  - name: target-postgres
    config: {database: warehouse}
environments:
- name: dev
- name: prod
  config:
    plugins:
      loaders:
      - name: target-zendesk-ml
        config: {ledger_url: "postgresql://$LEDGER_USER@db/ml"}
      - name: target-oro
        config: {ledger_url: "vault:oro_ledger"}
"""


@pytest.fixture
def loaders(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("MELTANO_ENVIRONMENT", "TARGET_ZENDESK_ML_LEDGER_URL", "TARGET_ORO_LEDGER_URL"):
        monkeypatch.delenv(name, raising=False)
    (project / "meltano.yml").write_text(LOADERS)
    return project


def test_the_ledger_is_that_of_the_loaders(loaders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ledger_url(loaders) == f"sqlite:///{loaders / 'base.db'}"
    assert ledger_url(loaders, "zendesk-oro") == f"sqlite:///{loaders / 'base.db'}"
    assert ledger_url(loaders, "unknown") is None
    (loaders / ".env").write_text(
        "# where\nexport TARGET_ZENDESK_ML_LEDGER_URL='sqlite:////of/env.db' \nX=1\nnonsense\n"
    )
    assert ledger_url(loaders) == "sqlite:////of/env.db"
    monkeypatch.setenv("TARGET_ZENDESK_ML_LEDGER_URL", "postgresql://u@h/n")
    assert ledger_url(loaders, "ebs-zendesk") == "postgresql://u@h/n"


def test_the_active_environment_counts_and_secrets_are_opened(
    loaders: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELTANO_ENVIRONMENT", "prod")
    monkeypatch.setenv("LEDGER_USER", "ml")
    monkeypatch.setenv("ML_CONNECTOR_KEY", "c2FuZGJveC10ZXN0cy1vbmx5LTMyLWJ5dGVzLWtleSE=")
    monkeypatch.setenv("ML_CONNECTOR_HOME", str(loaders / "home"))
    Vault(loaders / "home").set("oro_ledger", "postgresql://oro@db/ml")
    assert ledger_url(loaders, "ebs-zendesk") == "postgresql://ml@db/ml"
    assert ledger_url(loaders, "zendesk-oro") == "postgresql://oro@db/ml"
    with pytest.raises(SystemFault, match="have 2 ledgers: target-zendesk-ml; target-oro"):
        ledger_url(loaders)


def test_projects_without_loaders_have_no_ledger_of_their_own(project: Path) -> None:
    for content in ("", "plugins: 7", "plugins: {loaders: [{name: target-postgres}]}", "environments: 7"):
        (project / "meltano.yml").write_text(content)
        assert ledger_url(project) is None


def test_commands_use_the_ledger_of_the_project(loaders: Path, cli: Cli) -> None:
    cli("pause", "ebs-zendesk", "--reason", "audit")
    assert (loaders / "base.db").exists()
    assert not (cli.home / "ledger.db").exists()
    ledger = Ledger(f"sqlite:///{loaders / 'base.db'}")
    with ledger.read() as tx:
        assert tx.runs.paused("ebs-zendesk", default=False) == (True, "audit")
    ledger.close()
    cli("status", "--ledger-url", f"sqlite:///{loaders / 'other.db'}")
    assert (loaders / "other.db").exists()
    (loaders / "meltano.yml").write_text(LOADERS + "jobs: [")
    assert "not valid YAML" in cli("status", code=5).output


def test_outside_of_a_project_the_commands_say_where_to_go(cli: Cli) -> None:
    for command in ("check", "plan"):
        assert "no meltano.yml" in cli(command, "ebs-zendesk", code=5).output


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("30m", 1800), ("1.5h", 5400), ("7D", 604_800), ("2w", 1_209_600), (9, 9)],
)
def test_ages_are_read(text: str | float, seconds: float) -> None:
    assert parse_age(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "2 years", "-1h", "1h30m", "1e3"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(SystemFault, match="not a span of time"):
        parse_age(text)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0 s"), (119, "119 s"), (180, "3 min"), (7200, "2 h"), (864_000, "10 d")]
)
def test_ages_are_shown_in_a_sensible_unit(seconds: float, shown: str) -> None:
    assert show_age(seconds) == shown
