"""Documents that are made from a plugin's settings: the table in its README, its Meltano Hub definition.

    python -m ml_connector.singer.readme tap_oracle_ebs.tap:TapOracleEbs tap-oracle-ebs/README.md
    python -m ml_connector.singer.readme tap_oracle_ebs.tap:TapOracleEbs tap-oracle-ebs/plugin.yml

With `--check` nothing is written: the exit code is 1 where a file is not current. It serves taps, targets
and any other plugin of the Singer SDK.
"""

from __future__ import annotations

import copy
import importlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from singer_sdk.plugin_base import PluginBase

BEGIN = "<!-- settings: made from the plugin by ml_connector.singer.readme, do not edit -->"
END = "<!-- end of settings -->"
SDK_SETTINGS = frozenset(
    {
        "stream_maps",
        "stream_map_config",
        "faker_config",
        "flattening_enabled",
        "flattening_max_depth",
        "flattening_max_key_length",
        "flattening_separator",
        "batch_config",
        "add_record_metadata",
        "load_method",
        "batch_size_rows",
        "batch_wait_limit_seconds",
        "validate_records",
        "process_activate_version_messages",
    }
)
"""Settings that every plugin has from the Singer SDK; they are described there."""

# Meltano's `decimal` cannot be written into a plugin's configuration file once it comes from the environment,
# so a number that may have a fraction is a text there. The plugins read it as a number.
_HUB_KINDS = {"string": "string", "integer": "integer", "number": "string", "boolean": "boolean"}
_NO_PUBLIC_CAPABILITY = frozenset({"activate-version"})


def load(reference: str) -> type[PluginBase]:
    """Return the plugin class that `module:Class` names; click.BadParameter for anything else."""
    module, _, name = reference.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise click.BadParameter(f"{reference!r} cannot be loaded: {error}") from None
    if not (isinstance(found, type) and issubclass(found, PluginBase)):
        raise click.BadParameter(f"{reference!r} is no Singer plugin.")
    return found


def properties_of(plugin: type[PluginBase]) -> dict[str, dict[str, Any]]:
    """Return the JSON-schema properties of a plugin's own settings, in the order of declaration."""
    properties = plugin.config_jsonschema.get("properties", {})
    return {name: dict(prop) for name, prop in properties.items() if name not in SDK_SETTINGS}


def kind_of(prop: Mapping[str, Any]) -> str:
    """Return the kind of a setting, one of the words of `ml_connector.settings.Kind`."""
    if prop.get("format") == "date-time":
        return "date-time"
    types = prop.get("type", "string")
    named = [types] if isinstance(types, str) else [kind for kind in types if kind != "null"]
    return str(named[0]) if named else "string"


def variable_of(plugin: type[PluginBase], setting: str) -> str:
    """Return the environment variable of a setting: `TAP_ORACLE_EBS_BASE_URL`."""
    return f"{plugin.name}_{setting}".upper().replace("-", "_").replace(".", "__")


def settings_table(plugin: type[PluginBase]) -> str:
    """Return the settings as a Markdown table, required ones first."""
    required = set(plugin.config_jsonschema.get("required", ()))
    lines = [
        "| setting | kind | default | description | variable |",
        "| --- | --- | --- | --- | --- |",
    ]
    properties = properties_of(plugin)
    for name in sorted(properties, key=lambda name: name not in required):
        prop = properties[name]
        kind = f"{kind_of(prop)}, secret" if prop.get("secret") else kind_of(prop)
        default = "**required**" if name in required else _shown(prop.get("default"))
        cells = (f"`{name}`", kind, default, _description(prop), f"`{variable_of(plugin, name)}`")
        lines.append(f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |")
    return "\n".join(lines)


def _shown(default: Any) -> str:
    if default is None:
        return ""
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _description(prop: Mapping[str, Any]) -> str:
    text = " ".join(str(prop.get("description", "")).split())
    values = [value for value in prop.get("enum", ()) if value is not None]
    missing = [str(value) for value in values if f"`{value}`" not in text]
    if missing:
        text += f" One of {', '.join(f'`{value}`' for value in values)}."
    return text


def render_readme(plugin: type[PluginBase], text: str) -> str:
    """Return a README with the settings between its markers renewed; ValueError where it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the markers are missing: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{settings_table(plugin)}\n\n{END}{after}"


def hub_definition(plugin: type[PluginBase]) -> dict[str, Any]:
    """Return the plugin's definition in the form of Meltano Hub."""
    schema = copy.deepcopy(plugin.config_jsonschema)
    plugin.append_builtin_config(schema)
    required = [name for name in schema.get("required", ()) if name not in SDK_SETTINGS]
    module = plugin.__module__.partition(".")[0]
    kind = "loaders" if plugin.name.startswith("target-") else "extractors"
    return {
        "plugin_type": kind,
        "name": plugin.name,
        "namespace": plugin.name.replace("-", "_") if module == "ml_connector" else module,
        "variant": "ml-connector",
        "label": plugin.name.partition("-")[2].replace("-", " ").title(),
        "description": " ".join(str(plugin.__doc__ or "").split("\n\n")[0].split()),
        "pip_url": plugin.package_name or plugin.name,
        "executable": plugin.name,
        "capabilities": sorted(
            capability.value
            for capability in plugin.capabilities
            if capability.value not in _NO_PUBLIC_CAPABILITY
        ),
        "settings_group_validation": [required],
        "settings": [_hub_setting(name, prop) for name, prop in schema["properties"].items()],
    }


def _hub_setting(name: str, prop: Mapping[str, Any]) -> dict[str, Any]:
    kind = kind_of(prop)
    setting: dict[str, Any] = {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "description": _description(prop),
        "kind": "options" if prop.get("enum") else _HUB_KINDS.get(kind, "date_iso8601"),
    }
    if kind in {"object", "array"}:
        setting["kind"] = kind
    if prop.get("enum"):
        values = [value for value in prop["enum"] if value is not None]
        setting["options"] = [{"label": str(value), "value": value} for value in values]
    if prop.get("secret"):
        setting["sensitive"] = True
    if prop.get("default") is not None:
        setting["value"] = prop["default"]
    return setting


def render_definition(plugin: type[PluginBase]) -> str:
    """Return the Hub definition as YAML; plain scalars are written as JSON, which is YAML too."""
    lines = ["# Made from the plugin by ml_connector.singer.readme; do not edit."]
    for name, value in hub_definition(plugin).items():
        lines += _yaml(name, value, "")
    return "\n".join(lines) + "\n"


def _yaml(name: str, value: Any, indent: str) -> list[str]:
    if not (isinstance(value, list) and value):
        return [f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}"]
    lines = [f"{indent}{name}:"]
    for item in value:
        if isinstance(item, dict):
            inner = [line for key, part in item.items() for line in _yaml(key, part, f"{indent}  ")]
            lines += [f"{indent}- {inner[0].strip()}", *inner[1:]]
        else:
            lines.append(f"{indent}- {json.dumps(item, ensure_ascii=False)}")
    return lines


def rendered(plugin: type[PluginBase], path: Path) -> str:
    """Return what a file should hold: a definition (.yml, .yaml), or a README with renewed settings."""
    if path.suffix in {".yml", ".yaml"}:
        return render_definition(plugin)
    return render_readme(plugin, path.read_text("utf-8"))


def is_current(plugin: type[PluginBase], path: Path) -> bool:
    """Tell whether a file holds what it should."""
    return path.exists() and path.read_text("utf-8") == rendered(plugin, path)


@click.command(help=__doc__)
@click.argument("plugin")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; end with 1 where a file is not current.")
def main(plugin: str, files: Sequence[Path], check: bool) -> None:
    """Renew or check files."""
    chosen, stale = load(plugin), []
    for path in files:
        try:
            if is_current(chosen, path):
                continue
            stale.append(path)
            if not check:
                path.write_text(rendered(chosen, path), "utf-8")
        except (OSError, ValueError) as error:
            raise click.ClickException(f"{path}: {error}") from None
    for path in stale:
        click.echo(f"{path} {'is not current' if check else 'was renewed'}")
    if stale and check:
        sys.exit(1)


if __name__ == "__main__":
    main()
