"""READMEs and Hub definitions are made from the settings, and are current."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from ml_connector.singer import readme
from tap_oracle_ebs.tap import TapOracleEbs

ROOT = Path(__file__).parents[3]


def plugins() -> list[tuple[str, str]]:
    """Every plugin of the workspace: its folder and its class."""
    found = []
    for project in sorted(ROOT.glob("t*-*/pyproject.toml")):
        scripts = tomllib.loads(project.read_text())["project"].get("scripts", {})
        found += [(project.parent.name, entry.removesuffix(".cli")) for entry in scripts.values()]
    return [(folder, entry) for folder, entry in found if (ROOT / folder / "plugin.yml").exists()]


@pytest.mark.parametrize(("folder", "entry"), plugins())
@pytest.mark.parametrize("name", ["README.md", "plugin.yml"])
def test_documents_are_current(folder: str, entry: str, name: str) -> None:
    plugin = readme.load(entry)
    hint = f"python -m ml_connector.singer.readme {entry} {folder}/{name}"
    assert readme.is_current(plugin, ROOT / folder / name), f"make it anew: {hint}"


def test_the_ebs_tap_is_among_them() -> None:
    assert ("tap-oracle-ebs", "tap_oracle_ebs.tap:TapOracleEbs") in plugins()


def test_a_definition_is_yaml_and_marks_what_is_secret() -> None:
    definition: dict[str, Any] = yaml.safe_load(readme.render_definition(TapOracleEbs))
    assert definition == readme.hub_definition(TapOracleEbs)
    settings = {setting["name"]: setting for setting in definition["settings"]}
    assert settings["password"]["sensitive"] is True
    assert settings["password"]["kind"] == "string"
    assert "sensitive" not in settings["username"]
    assert settings["auth_mode"]["kind"] == "options"
    assert settings["start_date"]["kind"] == "date_iso8601"
    assert settings["page_size"] == {
        "name": "page_size",
        "label": "Page size",
        "description": "Rows per page.",
        "kind": "integer",
        "value": 1000,
    }
    assert {"catalog", "discover", "state"} <= set(definition["capabilities"])
    assert "password" in definition["settings_group_validation"][0]


def test_every_setting_is_in_the_table_with_its_variable() -> None:
    table = readme.settings_table(TapOracleEbs)
    for setting in TapOracleEbs.settings:
        (line,) = [line for line in table.splitlines() if line.startswith(f"| `{setting.name}` |")]
        assert f"`TAP_ORACLE_EBS_{setting.name.upper()}`" in line
    assert "| `password` | string, secret | **required** |" in table


def test_stale_files_are_told_and_renewed(tmp_path: Path) -> None:
    text = f"# A\n{readme.BEGIN}\nold\n{readme.END}\nrest\n"
    file = tmp_path / "README.md"
    file.write_text(text)
    arguments = ["tap_oracle_ebs.tap:TapOracleEbs", str(file)]
    stale = CliRunner().invoke(readme.main, [*arguments, "--check"])
    assert (stale.exit_code, file.read_text()) == (1, text)
    assert CliRunner().invoke(readme.main, arguments).exit_code == 0
    assert "`server_timezone`" in file.read_text()
    assert file.read_text().endswith(f"{readme.END}\nrest\n")
    assert CliRunner().invoke(readme.main, [*arguments, "--check"]).exit_code == 0


def test_wrong_arguments_are_said(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text("no markers")
    result = CliRunner().invoke(readme.main, ["tap_oracle_ebs.tap:TapOracleEbs", str(file)])
    assert result.exit_code == 1
    assert "markers" in result.output
    assert CliRunner().invoke(readme.main, ["no.such:Plugin", str(file)]).exit_code == 2
    assert CliRunner().invoke(readme.main, ["json:JSONDecoder", str(file)]).exit_code == 2
