"""Writes each plugin's definition for Meltano, in the form of Meltano Hub, from what `--about` says.

    python -m tools.definitions            write plugins/<type>/<name>--<variant>.lock
    python -m tools.definitions --check    say which are out of date, and end with 1 if any is

Meltano reads these files instead of asking the Hub. Another project takes a plugin over with
`meltano add --from-ref`, which reads the same files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VARIANT = "ml-connector"

# Meltano's `decimal` cannot be written into a plugin's configuration when it comes from the environment, so
# a number with a fraction is a text there, which the plugins read.
_KINDS = {"integer": "integer", "boolean": "boolean", "object": "object", "array": "array"}
# Meltano's own words for what a plugin can do; `--about` speaks of more than Meltano knows.
_CAPABILITIES = frozenset(
    {"about", "batch", "catalog", "discover", "log-based", "properties", "soft-delete", "state", "stream-maps",
     "structured-logging", "test"}
)  # fmt: skip
_ABBREVIATIONS = {"id": "ID", "ids": "IDs", "url": "URL", "api": "API", "http": "HTTP", "ca": "CA", "ebs": "EBS"}


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin of this workspace. `kind`: extractors or loaders. `folder`: its distribution's."""

    name: str
    kind: str
    label: str
    folder: str

    @property
    def definition(self) -> Path:
        """Where Meltano looks for the definition."""
        return ROOT / "plugins" / self.kind / f"{self.name}--{VARIANT}.lock"


PLUGINS = (
    Plugin("tap-oracle-ebs", "extractors", "Oracle E-Business Suite", "tap-oracle-ebs"),
    Plugin("tap-dead-letters", "extractors", "Dead letters", "ml-connector"),
    Plugin("target-zendesk-ml", "loaders", "Zendesk", "target-zendesk-ml"),
)


def about(plugin: Plugin) -> dict[str, Any]:
    """What the installed plugin says of itself."""
    program = Path(sys.executable).with_name(plugin.name)
    answer = subprocess.run([program, "--about", "--format=json"], check=True, capture_output=True)  # noqa: S603
    said: dict[str, Any] = json.loads(answer.stdout)
    return said


def definition(plugin: Plugin, said: Mapping[str, Any]) -> dict[str, Any]:
    """The plugin's definition as Meltano Hub has it."""
    schema = said["settings"]
    return {
        "plugin_type": plugin.kind,
        "name": plugin.name,
        "namespace": plugin.name.replace("-", "_"),
        "variant": VARIANT,
        "label": plugin.label,
        "description": said["description"],
        "pip_url": f"./ml-connector ./{plugin.folder}" if plugin.folder != "ml-connector" else "./ml-connector",
        "executable": plugin.name,
        "capabilities": [word for word in said["capabilities"] if word in _CAPABILITIES],
        "settings": [setting(name, prop) for name, prop in schema["properties"].items()],
        "settings_group_validation": [list(schema.get("required") or [])],
    }


def setting(name: str, prop: Mapping[str, Any]) -> dict[str, Any]:
    """A setting as Meltano Hub has it: name, kind, label, description, default, options, sensitivity."""
    declared: dict[str, Any] = {"name": name, "kind": kind(prop)}
    if "default" in prop:
        declared["value"] = prop["default"]
    declared["label"] = label(name, prop)
    declared["description"] = prop.get("description", "")
    if prop.get("secret"):
        declared["sensitive"] = True
    if declared["kind"] == "options":
        values = [value for value in prop["enum"] if value is not None]
        declared["options"] = [{"label": label(str(value), {}), "value": value} for value in values]
    return declared


def kind(prop: Mapping[str, Any]) -> str:
    """Meltano's word for the type of a setting."""
    if "enum" in prop:
        return "options"
    if prop.get("format") == "date-time":
        return "date_iso8601"
    types = [word for word in _types(prop) if word != "null"]
    return _KINDS.get(types[0], "string")


def _types(prop: Mapping[str, Any]) -> Sequence[str]:
    declared = prop.get("type", "string")
    return [declared] if isinstance(declared, str) else list(declared)


def label(name: str, prop: Mapping[str, Any]) -> str:
    """A title for people: `Client ID` of `client_id`."""
    if prop.get("title"):
        return str(prop["title"])
    words = [_ABBREVIATIONS.get(word, word) for word in name.strip("_").split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


def text(plugin: Plugin) -> str:
    """The content of the definition file."""
    return json.dumps(definition(plugin, about(plugin)), indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the definitions, or compare them."""
    stale = [
        plugin
        for plugin in PLUGINS
        if not plugin.definition.exists() or plugin.definition.read_text() != text(plugin)
    ]
    if "--check" in arguments:
        for plugin in stale:
            print(f"{plugin.definition.relative_to(ROOT)} is out of date: run `make definitions`.")
        return 1 if stale else 0
    for plugin in stale:
        plugin.definition.parent.mkdir(parents=True, exist_ok=True)
        plugin.definition.write_text(text(plugin))
        print(f"wrote {plugin.definition.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
