"""What is made from the plugins' settings is current, and meltano.yml fits it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sys.executable).parent
LOCKS = {path.name.partition("--")[0]: path for path in sorted((ROOT / "plugins").rglob("*.lock"))}
PROJECT: dict[str, Any] = yaml.safe_load((ROOT / "meltano.yml").read_text("utf-8"))


def entries(name: str) -> list[dict[str, Any]]:
    """Every entry of meltano.yml about a plugin: the plugin's own, and those of the environments."""
    blocks = [PROJECT["plugins"], *(each["config"]["plugins"] for each in PROJECT["environments"])]
    return [
        plugin
        for block in blocks
        for kind in ("extractors", "loaders")
        for plugin in block.get(kind, ())
        if plugin["name"] == name
    ]


def test_readmes_and_definitions_are_current() -> None:
    command = [sys.executable, "-m", "tools.definitions", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_plugin_of_the_project_has_its_definition() -> None:
    named = [
        plugin
        for kind in ("extractors", "loaders")
        for plugin in PROJECT["plugins"][kind]
        if "inherit_from" not in plugin
    ]
    assert {plugin["name"] for plugin in named} == LOCKS.keys()
    for plugin in named:
        definition = json.loads(LOCKS[plugin["name"]].read_text("utf-8"))
        assert definition["variant"] == plugin["variant"]
        assert "-c constraints.txt -e ./ml-connector" in plugin["pip_url"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_definition_declares_what_the_plugin_says_of_itself(name: str) -> None:
    done = subprocess.run([SCRIPTS / name, "--about", "--format=json"], capture_output=True, check=True)
    said = json.loads(done.stdout)
    definition = json.loads(LOCKS[name].read_text("utf-8"))
    declared = {setting["name"]: setting for setting in definition["settings"]}
    properties = said["settings"]["properties"]
    assert declared.keys() == properties.keys()
    # The Hub has no word for it.
    assert set(definition["capabilities"]) == set(said["capabilities"]) - {"activate-version"}
    for setting, prop in properties.items():
        assert declared[setting].get("sensitive", False) == prop.get("secret", False), setting
        assert declared[setting].get("value") == prop.get("default"), setting


@pytest.mark.parametrize("name", LOCKS)
def test_meltano_yml_sets_declared_settings_only_and_no_secret_outside_of_the_vault(name: str) -> None:
    definition = json.loads(LOCKS[name].read_text("utf-8"))
    declared = {setting["name"]: setting for setting in definition["settings"]}
    for entry in entries(name):
        assert entry.get("config", {}).keys() <= declared.keys()
    production = PROJECT["environments"][-1]
    assert production["name"] == "prod"
    for kind in ("extractors", "loaders"):
        for plugin in production["config"]["plugins"].get(kind, ()):
            for setting, value in plugin["config"].items():
                if plugin["name"] == name and declared[setting].get("sensitive"):
                    assert str(value).startswith("vault:")


def test_the_project_sends_no_usage_statistics() -> None:
    assert PROJECT["send_anonymous_usage_stats"] is False
