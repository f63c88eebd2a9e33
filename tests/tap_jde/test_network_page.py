"""docs/network.md names the hosts, settings and answers that the plugins know."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ml_connector.vendors.jde import faults
from ml_connector.vendors.zoho.data_centers import DATA_CENTERS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "network.md").read_text("utf-8")


def rows(first: str) -> list[list[str]]:
    """The rows of the table whose heading begins so, cell by cell."""
    table = PAGE.partition(f"| {first} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_hosts_are_those_of_the_data_centres() -> None:
    shown = {row[0].strip("`"): row[1:3] for row in rows("`data_center`")}
    assert shown == {name: [center.accounts, center.api] for name, center in DATA_CENTERS.items()}
    for row in rows("`data_center`"):
        content = DATA_CENTERS[row[0].strip("`")].content
        assert row[3] == content or (content is None and "content_url" in row[3])


def test_every_plugin_has_a_row() -> None:
    named = {name for row in rows("from") for name in re.findall(r"`(t[a-z]+-[a-z-]+)`", row[0])}
    assert named == {path.name for path in ROOT.glob("t*-*") if (path / "pyproject.toml").exists()}


def test_the_settings_are_those_of_every_plugin() -> None:
    shown = {name for row in rows("setting") for name in re.findall(r"`([a-z_]+)`", row[0])}
    assert len(shown) > 5
    for definition in (ROOT / "plugins").rglob("*.lock"):
        plugin = json.loads(definition.read_text("utf-8"))
        if (ROOT / plugin["name"]).exists():
            assert shown <= {setting["name"] for setting in plugin["settings"]}, plugin["name"]


def test_the_answers_are_those_that_the_plugins_explain() -> None:
    shown = {int(number) for row in rows("answer") for number in re.findall(r"\b4\d\d\b", row[0])}
    assert shown == faults.EXPLAINED - {400, 401, 404}
