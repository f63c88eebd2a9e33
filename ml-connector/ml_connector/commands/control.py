"""`pause` and `resume`: keeping an integration from running."""

from __future__ import annotations

import click

from ml_connector.commands.common import json_option, ledger_option, opened, print_json, say


@click.command("pause")
@click.argument("integration")
@click.option("--reason", default="", help="Why; shown to whoever tries to run it.")
@ledger_option
@json_option
def pause(integration: str, *, reason: str, ledger_url: str | None, as_json: bool) -> None:
    """Let no run of INTEGRATION start, in either direction, until it is resumed.

    A run that is under way goes on. Dry runs are allowed.
    """
    with opened(ledger_url) as ledger, ledger.write(integration, "") as tx:
        tx.runs.pause(integration, reason)
    if as_json:
        print_json({"integration": integration, "paused": True, "reason": reason})
    else:
        say(f"{integration} is paused.")


@click.command("resume")
@click.argument("integration")
@ledger_option
@json_option
def resume(integration: str, *, ledger_url: str | None, as_json: bool) -> None:
    """Let runs of INTEGRATION start again, also one that its settings start paused."""
    with opened(ledger_url) as ledger, ledger.write(integration, "") as tx:
        tx.runs.resume(integration)
    if as_json:
        print_json({"integration": integration, "paused": False})
    else:
        say(f"{integration} may run.")
