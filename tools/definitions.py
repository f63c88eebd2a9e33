"""Renews what is made from the plugins' settings and tables, or with `--check` says what is not current.

    python -m tools.definitions [--check]

Made are the PL/SQL package of tap-oracle-ebs (see tools/plsql), the descriptions of orchestrations of
target-jde, the table of settings in each plugin's README, its Hub definition `plugin.yml`, and the same for
this project in plugins/, where Meltano finds it without asking the Hub.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml_connector.singer.readme import hub_definition, load, rendered
from target_jde.descriptions import descriptions
from tools.plsql import package

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin of this workspace: its class, and where its README and definition are."""

    reference: str
    readme: str
    definition: str


PLUGINS = (
    Plugin("tap_jde.tap:TapJde", "tap-jde/README.md", "tap-jde/plugin.yml"),
    Plugin("tap_oracle_ebs.tap:TapOracleEbs", "tap-oracle-ebs/README.md", "tap-oracle-ebs/plugin.yml"),
    Plugin("tap_oro_crm.tap:TapOroCrm", "tap-oro-crm/README.md", "tap-oro-crm/plugin.yml"),
    Plugin("tap_zendesk_ml.tap:TapZendesk", "tap-zendesk-ml/README.md", "tap-zendesk-ml/plugin.yml"),
    Plugin("tap_zoho_crm.tap:TapZohoCrm", "tap-zoho-crm/README.md", "tap-zoho-crm/plugin.yml"),
    Plugin(
        "ml_connector.letters.tap:TapDeadLetters",
        "ml-connector/README.md",
        "ml-connector/plugin.yml",
    ),
    Plugin("target_jde.target:TargetJde", "target-jde/README.md", "target-jde/plugin.yml"),
    Plugin(
        "target_oro_crm.target:TargetOroCrm",
        "target-oro-crm/README.md",
        "target-oro-crm/plugin.yml",
    ),
    Plugin(
        "target_zendesk_ml.target:TargetZendesk",
        "target-zendesk-ml/README.md",
        "target-zendesk-ml/plugin.yml",
    ),
    Plugin(
        "target_zoho_crm.target:TargetZohoCrm",
        "target-zoho-crm/README.md",
        "target-zoho-crm/plugin.yml",
    ),
)


def documents(plugin: Plugin) -> Iterator[tuple[Path, str]]:
    """Each file that is made from a plugin, with what it should hold."""
    found = load(plugin.reference)
    for name in (plugin.readme, plugin.definition):
        yield ROOT / name, rendered(found, ROOT / name)
    definition = hub_definition(found)
    lock = (
        ROOT / "plugins" / definition["plugin_type"] / f"{definition['name']}--{definition['variant']}.lock"
    )
    yield lock, json.dumps(definition, indent=2) + "\n"


def orchestrations() -> Iterator[tuple[Path, str]]:
    """The descriptions of the orchestrations that target-jde expects."""
    for name, description in descriptions().items():
        file = ROOT / "target-jde" / "orchestrations" / f"{name}.json"
        yield file, json.dumps(description, indent=2) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Renew or check all files; gives the exit code."""
    of_plugins = (made for plugin in PLUGINS for made in documents(plugin))
    made = [*package.documents(), *orchestrations(), *of_plugins]
    stale = [(path, text) for path, text in made if not path.exists() or path.read_text("utf-8") != text]
    checking = "--check" in arguments
    for path, text in stale:
        print(f"{path.relative_to(ROOT)} {'is not current' if checking else 'was renewed'}")
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if checking and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
