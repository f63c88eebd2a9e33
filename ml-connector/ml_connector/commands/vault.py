"""`ml-connector vault`: encrypted settings, and the key."""

from __future__ import annotations

import sys

import click

from ml_connector.commands.common import (
    confirm,
    group,
    json_option,
    ledger_option,
    opened,
    print_json,
    say,
    yes_option,
)
from ml_connector.errors import SystemFault
from ml_connector.vault import Vault, new_key, store_key_in_keyring

vault = group("vault", "Keep secrets encrypted; a setting names one as `vault:NAME`.")


@vault.command("set")
@click.argument("name")
@json_option
def set_value(name: str, *, as_json: bool) -> None:
    """Keep a value as NAME; it is asked for, or read from standard input, never taken from an argument."""
    if sys.stdin.isatty():
        value = click.prompt(f"Value of {name}", hide_input=True, confirmation_prompt=True)
    else:
        value = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    if not value:
        raise SystemFault(
            "The value is empty.", fix=f"Pipe it in: printf %s VALUE | ml-connector vault set {name}"
        )
    Vault().set(name, value)
    _report({"set": name}, f"Set. Use it as vault:{name}.", as_json=as_json)


@vault.command("list")
@json_option
def list_names(*, as_json: bool) -> None:
    """List the names in the vault; no value is shown."""
    found = Vault()
    _report(
        {"vault": str(found.path), "names": found.list()},
        "\n".join(found.list()) or f"{found.path} has no values.",
        as_json=as_json,
    )


@vault.command("remove")
@click.argument("name")
@yes_option
@json_option
def remove(name: str, *, yes: bool, as_json: bool) -> None:
    """Delete NAME and its value."""
    confirm(f"Remove {name} from the vault?", yes=yes)
    Vault().remove(name)
    _report({"removed": name}, f"Removed {name}.", as_json=as_json)


@vault.command("rotate")
@ledger_option
@json_option
def rotate(*, ledger_url: str | None, as_json: bool) -> None:
    """Encrypt every value and every letter anew with the first key of ML_CONNECTOR_KEY.

    Put the new key first (ML_CONNECTOR_KEY=new,old), rotate, then drop the old one.
    """
    values = Vault().rotate()
    with opened(ledger_url) as ledger, ledger.write("", "") as tx:
        letters = tx.letters.seal_anew()
    _report(
        {"values": values, "letters": letters},
        f"Encrypted anew: {values} values, {letters} letters.",
        as_json=as_json,
    )


@vault.command("key")
@click.option("--keyring", is_flag=True, help="Keep it in the operating system's keyring instead.")
@json_option
def key(*, keyring: bool, as_json: bool) -> None:
    """Make a new key for ML_CONNECTOR_KEY and print it."""
    if keyring:
        store_key_in_keyring()
        _report({"keyring": True}, "A new key is in the keyring.", as_json=as_json)
        return
    made = new_key()
    # Not by `say`: this is the one secret whose purpose is to be shown.
    if as_json:
        print_json({"key": made})
    else:
        click.echo(made)


def _report(values: dict[str, object], text: str, *, as_json: bool) -> None:
    if as_json:
        print_json(values)
    else:
        say(text)
