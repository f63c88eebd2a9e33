"""The plugins of the integration, configured as meltano.yml says, on a sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

PROGRAMS = Path(sys.executable).parent
WAYS = {"jde": ("tap-jde", "target-zoho-crm"), "zoho": ("tap-zoho-crm", "target-jde")}
"""The system that a run reads: its tap and target."""
_FILE = Path(__file__).parents[2] / "meltano.yml"


def settings(plugin: str, url: str) -> dict[str, Any]:
    """The settings of a plugin in the environment `dev`, with the sandbox's addresses."""
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    (dev,) = (each["config"] for each in content["environments"] if each["name"] == "dev")
    given: dict[str, Any] = {}
    for part in (content["plugins"], dev["plugins"]):
        for each in (*part.get("extractors", ()), *part.get("loaders", ())):
            if each["name"] == plugin:
                given |= each.get("config", {})
    return given | addresses(plugin, url)


def addresses(plugin: str, url: str) -> dict[str, str]:
    """Where a plugin finds its vendor in a sandbox."""
    if "zoho" in plugin:
        return zoho_addresses(url)
    (system,) = (name for name in ("jde", "oro", "zendesk") if name in plugin.split("-")[1])
    return {"base_url": f"{url}/{system}"}


def zoho_addresses(url: str) -> dict[str, str]:
    """The three hosts of Zoho in a sandbox."""
    return {f"{role}_url": f"{url}/zoho/{role}" for role in ("accounts", "api", "content")}


def streams(tap: str) -> list[str]:
    """The streams that meltano.yml selects."""
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    (found,) = (each for each in content["plugins"]["extractors"] if each["name"] == tap)
    return [pattern.removesuffix(".*") for pattern in found["select"]]


def write(folder: Path, name: str, content: Any) -> Path:
    """Keep something as JSON in a file of the folder."""
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def catalog(
    tap: str, config: Path, selected: Sequence[str], environment: Mapping[str, str]
) -> dict[str, Any]:
    """The tap's catalog with these streams selected."""
    command = [str(PROGRAMS / tap), "--config", str(config), "--discover"]
    found = subprocess.run(command, capture_output=True, check=False, env=dict(environment), text=True)
    if found.returncode != 0:
        sys.exit(f"{tap} discovered nothing:\n{found.stderr}")
    entries: dict[str, Any] = json.loads(found.stdout)
    for entry in entries["streams"]:
        for each in entry["metadata"]:
            if not each["breadcrumb"]:
                each["metadata"]["selected"] = entry["tap_stream_id"] in selected
    return entries
