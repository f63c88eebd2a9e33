"""What the demo plays with: a sandbox, the project's Meltano, a folder that vanishes afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_sandbox.testing import ControlClient, running_sandbox

ROOT = Path(__file__).resolve().parents[1]
NORTHWIND = ROOT.parent / "shared" / "data" / "northwind"
SCRIPTS = Path(sys.executable).parent
GENERATED_CUSTOMERS = 60
LIFETIME_SECONDS = 900.0
COMMAND_SECONDS = 300.0

Row = dict[str, Any]


class StepFailed(Exception):
    """Something did not turn out as the demo says it does."""


def expect(holds: object, what: str) -> None:
    """Stop the demo unless it `holds`."""
    if not holds:
        raise StepFailed(what)


@dataclass(frozen=True)
class Finished:
    """A command that ended well, and what it said."""

    output: str
    errors: str

    @property
    def summary(self) -> Row:
        """The summary line of the target."""
        lines = [line for line in self.errors.splitlines() if " run summary {" in line]
        said: list[Row] = [json.loads(line.partition(" run summary ")[2]) for line in lines]
        found = [summary for summary in said if "outcomes" in summary]
        expect(found, f"the run has no summary:\n{self.errors}")
        return found[-1]

    @property
    def outcomes(self) -> dict[str, int]:
        """Records per outcome, those of 0 left out."""
        return {name: count for name, count in self.summary["outcomes"].items() if count}


@dataclass(frozen=True)
class World:
    """A running sandbox and the commands of the project, with a ledger and a state of their own."""

    url: str
    control: ControlClient
    variables: dict[str, str]

    def command(self, *words: str) -> Finished:
        """Run a command of the project; one that ends badly stops the demo with all that it said."""
        done = subprocess.run(
            [SCRIPTS / words[0], *words[1:]],
            cwd=ROOT,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        said = done.stdout + done.stderr
        expect(done.returncode == 0, f"`{' '.join(words)}` ended with {done.returncode}:\n{said}")
        return Finished(done.stdout, done.stderr)

    def meltano_run(self, *words: str) -> Finished:
        """`meltano run` with these words; the log of requests begins anew."""
        self.control.clear_requests()
        return self.command("meltano", "--environment=dev", "run", *words)

    def organizations(self) -> dict[str, Row]:
        """What Zendesk holds, by external id."""
        return {row["external_id"]: row for row in self.control.rows("zendesk", "organizations")}

    def users(self) -> list[Row]:
        """The end users of Zendesk."""
        return [row for row in self.control.rows("zendesk", "users") if row["role"] == "end-user"]

    def letters(self, stream: str) -> list[Row]:
        """The open letters of a stream."""
        said = self.command("ml-connector", "letters", "list", "--all", "--json", "--stream", stream)
        found: list[Row] = json.loads(said.output)
        return found

    def written(self) -> list[str]:
        """The external ids of all rows in writes since the last run began, sorted."""
        names = {row["id"]: number for number, row in self.organizations().items()}
        bodies = [each["body"] for each in self.control.requests("zendesk", writes_only=True)]
        rows = [row for body in bodies for row in _rows(body)]
        return sorted(row.get("external_id") or names[row["id"]] for row in rows)

    def active_customers(self) -> list[str]:
        """The account numbers of the active customers of EBS, sorted."""
        accounts = self.control.rows("ebs", "HZ_CUST_ACCOUNTS")
        return sorted(row["ACCOUNT_NUMBER"] for row in accounts if row["STATUS"] == "A")

    def change_address(self, number: str, **columns: Any) -> None:
        """Change the address of a customer in EBS, as a clerk does."""
        key = self._address_of(number)
        expect(key is not None, f"customer {number} has no address")
        self.control.put_rows("ebs", "HZ_LOCATIONS", [{"LOCATION_ID": key, **columns}])

    def with_address(self, count: int) -> list[str]:
        """The first so many active customers that have an address."""
        found = (number for number in self.active_customers() if self._address_of(number) is not None)
        chosen = [number for number, _ in zip(found, range(count), strict=False)]
        expect(len(chosen) == count, f"fewer than {count} active customers have an address")
        return chosen

    def _address_of(self, number: str) -> int | None:
        accounts = self.control.rows("ebs", "HZ_CUST_ACCOUNTS")
        party = next(row["PARTY_ID"] for row in accounts if row["ACCOUNT_NUMBER"] == number)
        sites = self.control.rows("ebs", "HZ_PARTY_SITES")
        keys = [
            row["LOCATION_ID"]
            for row in sites
            if row["PARTY_ID"] == party and row["IDENTIFYING_ADDRESS_FLAG"] == "Y"
        ]
        return keys[0] if keys else None


def _rows(body: Row) -> list[Row]:
    if "organizations" in body:
        rows: list[Row] = body["organizations"]
        return rows
    return [body["organization"]] if "organization" in body else []


Step = tuple[str, Callable[[World], None]]
"""A title, and what is done and told under it."""


@contextlib.contextmanager
def new_world() -> Iterator[World]:
    """A sandbox with customers, stopped afterwards; state, ledger and tokens go with it."""
    data: Row = {"data": NORTHWIND} if NORTHWIND.is_dir() else {"customers": GENERATED_CUSTOMERS}
    with (
        tempfile.TemporaryDirectory(prefix="ml-connector-demo-") as folder,
        running_sandbox(lifetime=LIFETIME_SECONDS, settings={"zendesk.job_seconds": 1}, **data) as sandbox,
    ):
        yield World(sandbox.url, sandbox.control, _variables(Path(folder), sandbox.url))


def _variables(folder: Path, url: str) -> dict[str, str]:
    """The environment of all commands: nothing of the user's own settings, nothing that stays."""
    foreign = ("MELTANO_", "TAP_", "TARGET_", "ML_CONNECTOR_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    constraints = str(ROOT / "constraints.txt")
    return {
        **kept,
        "COLUMNS": "110",
        "NO_COLOR": "1",
        "UV_CONSTRAINT": constraints,
        "PIP_CONSTRAINT": constraints,
        "ML_CONNECTOR_HOME": str(folder / "home"),
        "MELTANO_DATABASE_URI": f"sqlite:///{folder / 'meltano.db'}",
        "TAP_ORACLE_EBS_BASE_URL": f"{url}/ebs",
        "TARGET_ZENDESK_ML_BASE_URL": f"{url}/zendesk",
        "TAP_ZENDESK_ML_BASE_URL": f"{url}/zendesk",
        "TARGET_ZENDESK_ORO_BASE_URL": f"{url}/zendesk",
        "TARGET_ZENDESK_ORO_TWO_WAY": "true",
        "TAP_ORO_CRM_BASE_URL": f"{url}/oro",
        "TARGET_ORO_CRM_BASE_URL": f"{url}/oro",
        "TAP_JDE_BASE_URL": f"{url}/jde",
        "TARGET_JDE_BASE_URL": f"{url}/jde",
        **{
            f"{plugin}_{name}_URL": f"{url}/zoho/{name.lower()}"
            for plugin in ("TAP_ZOHO_CRM", "TARGET_ZOHO_CRM")
            for name in ("ACCOUNTS", "API", "CONTENT")
        },
    }
