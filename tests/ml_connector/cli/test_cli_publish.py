"""`ml-connector publish`, in a project whose tap sends the records of a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from plugin_runs import KEY, SCRIPTS
from singer_lines import schema
from support.cli import Cli
from zendesk_from_oro import CASE, COMMENT, OroTarget, case, comment

from ml_connector.errors import SystemFault
from ml_connector.project import Task, way_back_task
from ml_sandbox.testing import RunningSandbox

# Sends what it is asked for by `record_ids`, a case with its comments, as tap-oro-crm does.
TAP = f"""#!{sys.executable}
import json, pathlib, sys
options = sys.argv[1:]
wanted = json.loads(pathlib.Path(options[options.index("--config") + 1]).read_text())["record_ids"]
for line in pathlib.Path(__file__).with_name("lines.json").read_text().splitlines():
    record = json.loads(line).get("record")
    if record is None or "cases:" + record.get("case", record["id"]) in wanted:
        print(line)
"""
KINDS = {"stream_maps": "object", "publish": "array", "two_way": "boolean", "way_back": "boolean"}


class Project:
    """A Meltano project with one direction, and the command in it."""

    def __init__(self, target: OroTarget, cli: Cli) -> None:
        self.folder, self.cli = target.folder, cli
        target.map("casecomments", ticket_id="[case]")
        self.config: dict[str, Any] = target.config
        tap = self.folder / "tap.py"
        tap.write_text(TAP)
        tap.chmod(0o700)
        lines = [schema("cases", CASE), schema("casecomments", COMMENT), case(1), case(2), comment(5, 1)]
        (self.folder / "lines.json").write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.write()

    def write(self) -> None:
        """Write meltano.yml."""
        extractor = {
            "name": "tap-oro-crm",
            "namespace": "tap_oro_crm",
            "executable": str(self.folder / "tap.py"),
            "settings": [{"name": "record_ids", "kind": "array"}],
        }
        loader = {
            "name": "target-zendesk-oro",
            "namespace": "target_zendesk_oro",
            "variant": "ml-connector",
            "executable": str(SCRIPTS / "target-zendesk-ml"),
            "settings": [
                {"name": name, "kind": KINDS.get(name, "string")} for name in {**self.config, **KINDS}
            ],
            "config": self.config,
        }
        content = {
            "default_environment": "dev",
            "environments": [{"name": "dev"}],
            "project_id": "publish-test",
            "send_anonymous_usage_stats": False,
            "plugins": {"extractors": [extractor], "loaders": [loader]},
            "jobs": [{"name": "zendesk-oro", "tasks": ["tap-x target-y", "tap-oro-crm target-zendesk-oro"]}],
        }
        (self.folder / "meltano.yml").write_text(yaml.safe_dump(content))

    def publish(self, *cases: str, code: int, **variables: str) -> Any:
        """What the command says."""
        given = {"ML_CONNECTOR_KEY": KEY, **variables}
        run = self.cli.process("publish", *cases, "--json", folder=self.folder, **given).check(code)
        return json.loads(run.output or "null")


@pytest.fixture
def target(sandbox: RunningSandbox, tmp_path: Path) -> OroTarget:
    return OroTarget(sandbox, tmp_path)


@pytest.fixture
def project(target: OroTarget, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("MELTANO_PROJECT_ROOT", raising=False)
    return Project(target, cli)


@pytest.mark.meltano
def test_cases_become_tickets_once_and_every_other_one_has_a_reason(
    project: Project, target: OroTarget
) -> None:
    off = project.publish("1", code=5, TARGET_ZENDESK_ORO_TWO_WAY="false")
    assert "two_way is off" in off[0]["reason"]
    assert target.requests(writes_only=True) == []
    told = project.publish("1", "99", "001", code=5)
    number = str(target.tickets["Case 1"]["id"])
    assert told == [
        {"case": "1", "ticket": number, "published": True, "reason": None},
        {"case": "99", "ticket": None, "published": False, "reason": told[1]["reason"]},
    ]
    assert "no such case" in told[1]["reason"]
    assert target.comments("Case 1") == [("Text of 1", True), ("Remark 5", True)]
    target.sandbox.control.clear_requests()
    again = project.publish("1", code=0)
    assert again == [{"case": "1", "ticket": number, "published": False, "reason": None}]
    assert target.requests(writes_only=True) == []
    assert list(target.tickets) == ["Case 1"]


def test_what_is_no_case_and_a_job_without_a_way_back_are_refused(project: Project, cli: Cli) -> None:
    assert "number that ends the address" in cli("publish", "Printer on fire", code=1).output
    assert way_back_task(project.folder, "zendesk-oro") == Task("tap-oro-crm", "target-zendesk-oro")
    project.config["way_back"] = None
    project.write()
    with pytest.raises(SystemFault, match="No targets of the job zendesk-oro have way_back: true"):
        way_back_task(project.folder, "zendesk-oro")
