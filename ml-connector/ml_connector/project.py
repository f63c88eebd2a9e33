"""The Meltano project that a command is called in, and the integrations that it declares."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ml_connector.errors import SystemFault
from ml_connector.vault import HOME_VARIABLE, resolve_settings

FILE = "meltano.yml"
HOME = ".ml-connector"
_VARIANT = "ml-connector"
_TRUE = ("true", "1", "yes", "on")
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")


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


def way_back_task(project: Path, integration: str) -> Task:
    """The task of an integration whose target writes back to where the other direction comes from.

    Raises:
        SystemFault: no target of its job has `way_back`, or several have.
    """
    content, variables = _read(project / FILE), {**_dotenv(project / ".env"), **os.environ}
    declared = _named(_member(content, "plugins", "loaders"))
    active = _active(content, variables)
    tasks = [
        task
        for task in tasks_of(project, integration)
        if str(_layers(declared, active, variables, task.target, ("way_back",)).get("way_back")).lower()
        in _TRUE
    ]
    if len(tasks) != 1:
        raise SystemFault(
            f"{len(tasks) or 'No'} targets of the job {integration} have way_back: true.",
            fix="Set it on the one loader whose records go back to the system of the other direction.",
        )
    return tasks[0]


def ledger_url(project: Path, integration: str | None = None) -> str | None:
    """The `ledger_url` of the project's loaders, as a run of theirs would take it; None where none is set.

    With an integration only its own loaders count. Environment and `.env` go before meltano.yml, the
    active environment's part of it before the rest; `vault:NAME` is opened.

    Raises:
        SystemFault: the loaders have several ledgers, and no integration says which is meant.
    """
    content, variables = _read(project / FILE), {**_dotenv(project / ".env"), **os.environ}
    found: dict[str | None, list[str]] = {}
    for name, settings in _loaders(content, variables):
        if integration in (None, str(settings.get("integration") or name)):
            url = settings.get("ledger_url") or None
            found.setdefault(None if url is None else _absolute(str(url), project), []).append(name)
    if len(found) > 1:
        raise SystemFault(
            f"The loaders of {project / FILE} have {len(found)} ledgers: "
            + "; ".join(", ".join(names) for names in found.values())
            + ".",
            fix="Name the integration with -i, or the ledger with --ledger-url.",
        )
    return next(iter(found), None)


def _loaders(
    content: Mapping[str, Any], variables: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The loaders of this library with their settings, secrets opened."""
    declared, active = _named(_member(content, "plugins", "loaders")), _active(content, variables)
    for loader in declared:
        chain = list(_ancestry(declared, loader))
        settings = _layers(declared, active, variables, loader, ("integration", "ledger_url"))
        ours = any(declared.get(each, {}).get("variant") == _VARIANT for each in chain)
        if ours or "ledger_url" in settings:
            wanted = {
                key: _expanded(settings[key], variables)
                for key in ("integration", "ledger_url")
                if settings.get(key)
            }
            yield loader, resolve_settings(wanted)


def _active(content: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """What the active environment says of the loaders."""
    name = variables.get("MELTANO_ENVIRONMENT") or content.get("default_environment")
    environments = _named(content.get("environments"))
    return _named(_member(environments.get(str(name)) or {}, "config", "plugins", "loaders"))


def _layers(
    declared: Mapping[str, Mapping[str, Any]],
    active: Mapping[str, Mapping[str, Any]],
    variables: Mapping[str, str],
    loader: str,
    names: Iterable[str],
) -> dict[str, Any]:
    """The settings of a loader: its ancestors', its own, then of these names the variables'."""
    settings: dict[str, Any] = {}
    for each in reversed(list(_ancestry(declared, loader))):
        for layer in (declared.get(each), active.get(each)):
            settings |= _member(layer or {}, "config") or {}
        prefix = re.sub("[^A-Z0-9]", "_", each.upper())
        for setting in names:
            if given := variables.get(f"{prefix}_{setting.upper()}"):
                settings[setting] = given
    return settings


def _ancestry(declared: Mapping[str, Mapping[str, Any]], name: str) -> Iterator[str]:
    """A plugin and those that it inherits from, itself first."""
    met: list[str] = []
    while name in declared and name not in met:
        met.append(name)
        name = str(declared[name].get("inherit_from") or "")
    yield from met


def _absolute(url: str, project: Path) -> str:
    """A relative SQLite path is one of the project, where Meltano runs its plugins."""
    prefix, path = "sqlite:///", url.removeprefix("sqlite:///")
    return f"{prefix}{project / path}" if url.startswith(prefix) and path else url


def _expanded(value: Any, variables: Mapping[str, str]) -> Any:
    """A text with its $NAME and ${NAME} replaced, as Meltano does it; unknown ones are empty."""
    if not isinstance(value, str):
        return value
    return _VARIABLE.sub(lambda found: variables.get(found[1] or found[2], ""), value)


def _dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    found = {}
    for line in file.read_text("utf-8", errors="replace").splitlines():
        if match := _LINE.fullmatch(line.strip()):
            name, value = match[1], match[2].strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
            found[name] = value[1:-1] if quoted else value.split(" #")[0].rstrip()
    return found


def _member(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _named(value: Any) -> dict[str, Mapping[str, Any]]:
    return {str(item["name"]): item for item in _mappings(value) if "name" in item}


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
