"""The Meltano project that a command is called in, and the integrations that it declares."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ml_connector.errors import SystemFault
from ml_connector.vault import HOME_VARIABLE

FILE = "meltano.yml"
HOME = ".ml-connector"


@dataclass(frozen=True, slots=True)
class Task:
    """One direction of an integration: a tap and the target behind it."""

    tap: str
    target: str

    def __str__(self) -> str:
        return f"{self.tap} {self.target}"


def find_project(start: Path | None = None) -> Path | None:
    """The folder of the nearest meltano.yml, here or further up; MELTANO_PROJECT_ROOT goes first."""
    given = os.environ.get("MELTANO_PROJECT_ROOT")
    if given:
        return Path(given)
    here = (start or Path.cwd()).resolve()
    return next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def use_project() -> Path | None:
    """Let ledger, vault and tokens be those of the project, wherever in it a command is called."""
    project = find_project()
    if project is not None and not os.environ.get(HOME_VARIABLE):
        os.environ[HOME_VARIABLE] = str(project / HOME)
    return project


def tasks_of(project: Path, integration: str) -> list[Task]:
    """The taps and targets of the job that is named as the integration, in its order.

    Raises:
        SystemFault: there is no such job, or none of its tasks is a tap and a target.
    """
    content = _read(project / FILE)
    jobs = {str(job.get("name")): job for job in _mappings(content.get("jobs"))}
    job = jobs.get(integration)
    if job is None:
        known = ", ".join(sorted(jobs)) or "none"
        raise SystemFault(
            f"{project / FILE} has no job named {integration}; it has: {known}.",
            fix="Name the integration's job as the integration, with one task per direction.",
        )
    tasks = [task for words in _tasks(job.get("tasks")) if (task := _pair(words)) is not None]
    if not tasks:
        raise SystemFault(
            f"The job {integration} of {project / FILE} has no task of a tap and a target.",
            fix="Write its tasks as `- tap-x target-y`.",
        )
    return tasks


def _read(file: Path) -> Mapping[str, Any]:
    try:
        content = yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise SystemFault(f"{file} cannot be read: {error.strerror}.") from None
    except yaml.YAMLError as error:
        raise SystemFault(f"{file} is not valid YAML: {str(error).splitlines()[0]}.") from None
    return content if isinstance(content, Mapping) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _tasks(value: Any) -> Iterable[list[str]]:
    for task in value if isinstance(value, list) else [value]:
        # A task may be a text, or a list whose members belong to one run.
        yield " ".join(map(str, task)).split() if isinstance(task, list) else str(task or "").split()


def _pair(words: list[str]) -> Task | None:
    taps = [word for word in words if word.startswith("tap-")]
    targets = [word for word in words if word.startswith("target-")]
    return Task(taps[0], targets[-1]) if taps and targets else None
