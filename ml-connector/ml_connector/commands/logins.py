"""`login reset` and `auth login`: refused credentials, and consent given by a person."""

from __future__ import annotations

import sys
import urllib.parse

import click

from ml_connector.auth import TokenEndpoint, TokenStore, login_reset
from ml_connector.auth.authorize import login_interactively
from ml_connector.commands.common import group, json_option, print_json, say
from ml_connector.errors import SystemFault
from ml_connector.http import HttpConfig
from ml_connector.vault import PREFIX, Vault

login = group("login", "Logins that a vendor refused.")
auth = group("auth", "Logins that need a person's consent.")


@login.command("reset")
@click.argument("system")
@click.option("--account", help="Only this account of the system.")
@json_option
def reset(system: str, *, account: str | None, as_json: bool) -> None:
    """Let SYSTEM (such as zendesk) try credentials again that it refused.

    A refused login is not repeated for a while, so that the vendor does not lock the account. Mend the
    credentials first.
    """
    cleared = login_reset(TokenStore.from_settings({}), system, account)
    if as_json:
        print_json({"cleared": cleared})
    elif cleared:
        say(f"Cleared: {', '.join(cleared)}.")
    else:
        say(f"No login of {system} was refused.")


@auth.command("login")
@click.argument("system")
@click.option("--authorize-url", required=True, help="The vendor's page of consent.")
@click.option("--token-url", required=True, help="Where the code is exchanged for tokens.")
@click.option("--client-id", required=True, help="Id of the registered OAuth client.")
@click.option(
    "--client-secret",
    metavar="vault:NAME",
    help="The client's secret, in the vault. Without it you are asked.",
)
@click.option("--account", help="Name the tokens are kept under. Default: the client id.")
@click.option("--scope", help="Scopes to ask for, as the vendor writes them.")
@click.option("--redirect-uri", help="Registered address of another kind; you paste where the browser ends.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on for the browser.")
@click.option(
    "--timeout", type=click.FloatRange(1), default=300.0, show_default=True, help="Seconds to wait."
)
@json_option
def auth_login(
    system: str,
    *,
    authorize_url: str,
    token_url: str,
    client_id: str,
    client_secret: str | None,
    account: str | None,
    scope: str | None,
    redirect_uri: str | None,
    port: int,
    timeout: float,
    as_json: bool,
) -> None:
    """Have a person consent in a browser, and keep SYSTEM's tokens for its tap and target."""
    parts = urllib.parse.urlsplit(token_url)
    endpoint = TokenEndpoint(
        config=HttpConfig(
            system=system,
            base_url=f"{parts.scheme}://{parts.netloc}",
            allow_plain_http=parts.hostname in {"127.0.0.1", "localhost"},
        ),
        token_url=token_url,
        client_id=client_id,
        client_secret=_secret(client_secret),
    )
    login_interactively(
        endpoint,
        TokenStore.from_settings({}),
        authorize_url=authorize_url,
        account=account or client_id,
        scope=scope,
        redirect_uri=redirect_uri,
        ask=lambda: str(click.prompt("Address")),
        show=lambda text: click.echo(text, err=True),
        port=port,
        timeout=timeout,
    )
    if as_json:
        print_json({"system": system, "account": account or client_id})
    else:
        say(f"The tokens of {system} are stored.")


def _secret(given: str | None) -> str | None:
    if given is None:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n") or None
        return str(click.prompt("Client secret", hide_input=True, default="", show_default=False)) or None
    if not given.startswith(PREFIX):
        raise SystemFault(
            "A secret on the command line can be read by others.",
            fix="Keep it with `ml-connector vault set NAME` and give --client-secret vault:NAME.",
        )
    return Vault().get(given.removeprefix(PREFIX))
