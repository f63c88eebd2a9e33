"""The command `ml-connector`: what happened, what is open, and what to do about it."""

from __future__ import annotations

import click

from ml_connector.commands.common import Group
from ml_connector.commands.conflicts import conflicts
from ml_connector.commands.control import pause, resume
from ml_connector.commands.ledger import ledger
from ml_connector.commands.letters import letters
from ml_connector.commands.logins import auth, login
from ml_connector.commands.project import check, plan
from ml_connector.commands.publish import publish
from ml_connector.commands.records import audit, forget, prune
from ml_connector.commands.status import status
from ml_connector.commands.vault import vault
from ml_connector.project import use_project


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ml-connector")
def main() -> None:
    """Look after integrations: runs, letters, conflicts, the ledger and its secrets.

    In a Meltano project its ledger and vault are used, from any folder in it. Exit codes: 0 done, 1 wrong
    use, 4 something cannot be reached for now, 5 something must be set right first.
    """
    use_project()


for _command in (
    audit,
    auth,
    check,
    conflicts,
    forget,
    ledger,
    letters,
    login,
    pause,
    plan,
    prune,
    publish,
    resume,
    status,
    vault,
):
    main.add_command(_command)


if __name__ == "__main__":
    main()
