"""Finding the Meltano project and the tasks of an integration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cli import Cli

from ml_connector.ages import parse_age, show_age
from ml_connector.errors import SystemFault
from ml_connector.project import Task, find_project, tasks_of

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
