"""The Meltano project as a clone has it, and what meltano.yml says, for tests."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
NORTHWIND = ROOT.parent / "shared" / "data" / "northwind"
SCRIPTS = Path(sys.executable).parent
DEADLINE = 180.0
FAST_JOBS = {"zendesk.job_seconds": 0.2, "zendesk.job_row_seconds": 0.001}

_PROJECT_FILES = ("meltano.yml", "constraints.txt")
_PROJECT_FOLDERS = (
    "plugins",
    "ml-connector",
    "tap-jde",
    "tap-oracle-ebs",
    "tap-oro-crm",
    "tap-zendesk-ml",
    "tap-zoho-crm",
    "target-jde",
    "target-oro-crm",
    "target-zendesk-ml",
    "target-zoho-crm",
)


@functools.cache
def meltano_yml() -> dict[str, Any]:
    """The content of meltano.yml."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))
    return content


def plugin_settings(name: str, environment: str = "dev") -> dict[str, Any]:
    """The settings of a plugin as meltano.yml gives them in an environment."""
    content = meltano_yml()
    environments = {each["name"]: each["config"] for each in content["environments"]}
    layers = (content["plugins"], environments[environment]["plugins"])
    named = [
        plugin
        for plugins in layers
        for plugin in (*plugins.get("extractors", ()), *plugins.get("loaders", ()))
        if plugin["name"] == name
    ]
    settings: dict[str, Any] = {}
    for plugin in named:
        if parent := plugin.get("inherit_from"):
            settings = _laid_over(settings, plugin_settings(parent, environment))
    for plugin in named:
        settings = _laid_over(settings, plugin.get("config", {}))
    return settings


def _laid_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Settings over others, as Meltano does it: members of objects one by one."""
    merged = dict(lower)
    for name, value in upper.items():
        below = merged.get(name)
        nested = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[name] = _laid_over(below, value) if nested and below else value
    return merged


def program_of(name: str) -> str:
    """The program of a plugin: one that inherits is the other's, with settings of its own."""
    declared = (*meltano_yml()["plugins"]["extractors"], *meltano_yml()["plugins"]["loaders"])
    plugin = next(each for each in declared if each["name"] == name)
    return program_of(plugin["inherit_from"]) if "inherit_from" in plugin else name


def selected_streams(tap: str = "tap-oracle-ebs") -> list[str]:
    """The streams of a tap that meltano.yml selects."""
    extractors = meltano_yml()["plugins"]["extractors"]
    patterns = next(plugin["select"] for plugin in extractors if plugin["name"] == tap)
    return [pattern.removesuffix(".*") for pattern in patterns]


def summary_of(log: str, plugin: str) -> dict[str, Any]:
    """The last summary that a plugin wrote into a log."""
    lines = [line for line in log.splitlines() if " run summary {" in line]
    found = [json.loads(line.partition(" run summary ")[2]) for line in lines]
    said: list[dict[str, Any]] = [summary for summary in found if summary["plugin"] == plugin]
    assert said, log
    return said[-1]


def outcomes_of(log: str, target: str = "target-zendesk-ml") -> dict[str, int]:
    """What became of the records, counts of 0 left out."""
    summary = summary_of(log, target)
    return {name: count for name, count in summary["outcomes"].items() if count}


@dataclass
class MeltanoProject:
    """An installed project in a folder of its own. Meltano's state and the ledger are elsewhere, per test."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def install(self) -> None:
        """Copy what a clone holds, and let Meltano install every plugin."""
        for name in _PROJECT_FILES:
            shutil.copy(ROOT / name, self.folder / name)
        for name in _PROJECT_FOLDERS:
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "dist")
            shutil.copytree(ROOT / name, self.folder / name, ignore=ignored)
        self.command("install").check()

    def of_test(self, folder: Path, variables: Mapping[str, str]) -> MeltanoProject:
        """The same installation with a ledger and a state that are new."""
        own = {
            "ML_CONNECTOR_HOME": str(folder / "home"),
            "MELTANO_DATABASE_URI": f"sqlite:///{folder / 'meltano.db'}",
        }
        return MeltanoProject(self.folder, {**own, **variables})

    def command(self, *arguments: str) -> MeltanoRun:
        """Run `meltano` with these arguments to its end."""
        return self.own_command("meltano", *arguments)

    def own_command(self, program: str, *arguments: str, folder: str = ".") -> MeltanoRun:
        """Run a command of this installation to its end, in a folder of the project."""
        done = subprocess.run(
            [SCRIPTS / program, *arguments],
            cwd=self.folder / folder,
            env={**_environment(), **self.variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE,
        )
        return MeltanoRun(done.returncode, done.stdout, done.stderr)

    def run(self, *arguments: str) -> MeltanoRun:
        """`meltano run`, which has to end well."""
        return self.command("run", *arguments).check()

    def integrate(self, *options: str) -> MeltanoRun:
        """`meltano run tap-oracle-ebs target-zendesk-ml`."""
        return self.run(*options, "tap-oracle-ebs", "target-zendesk-ml")

    def replay(self) -> MeltanoRun:
        """`meltano run tap-dead-letters target-zendesk-ml`."""
        return self.run("tap-dead-letters", "target-zendesk-ml")


@dataclass(frozen=True)
class MeltanoRun:
    """How a command of Meltano ended and what it said."""

    exit_code: int
    output: str
    errors: str

    def check(self) -> MeltanoRun:
        """Make sure that it ended well and showed no traceback."""
        assert self.exit_code == 0, self.output + self.errors
        assert "Traceback" not in self.errors, self.errors
        return self

    @property
    def outcomes(self) -> dict[str, int]:
        """What became of the records, counts of 0 left out."""
        return outcomes_of(self.errors)

    def outcomes_at(self, target: str) -> dict[str, int]:
        """The same of one target, the last time that it ran."""
        return outcomes_of(self.errors, target)


def _environment() -> dict[str, str]:
    foreign = ("MELTANO_", "TAP_", "TARGET_", "ML_CONNECTOR_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"NO_COLOR": "1"}
