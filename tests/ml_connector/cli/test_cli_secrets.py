"""`vault`, `ledger`, `login` and `auth`."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from fixtures.letters import add_letter
from sqlalchemy import text
from support.cli import Cli

from ml_connector.auth import LoginGate, TokenStore
from ml_connector.errors import LoginRefused
from ml_connector.ledger import Ledger
from ml_connector.ledger_access import open_ledger
from ml_connector.vault import Vault


@pytest.fixture
def key(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> str:
    assert not cli.home.exists()
    made = Fernet.generate_key().decode()
    monkeypatch.setenv("ML_CONNECTOR_KEY", made)
    return made


def test_a_value_comes_from_standard_input_and_is_never_shown(cli: Cli, key: str) -> None:
    done = cli.process("vault", "set", "zendesk_secret", stdin="s3cr3t-value\n")
    assert done.exit_code == 0, done.errors
    assert Vault(cli.home, [key]).get("zendesk_secret") == "s3cr3t-value"
    listed = cli("vault", "list").output
    assert listed.strip() == "zendesk_secret"
    assert "s3cr3t-value" not in done.output.decode() + done.errors + (cli.home / "vault.json").read_text()
    assert cli.json("vault", "list")["names"] == ["zendesk_secret"]
    cli("vault", "set", "zendesk_secret", "on-the-command-line", stdin="x", code=2)


def test_an_empty_value_and_a_missing_key_are_refused(cli: Cli) -> None:
    assert "ML_CONNECTOR_KEY" in cli("vault", "set", "name", stdin="value", code=5).output
    assert "empty" in cli("vault", "set", "name", stdin="", code=5).output


@pytest.mark.usefixtures("key")
def test_a_name_is_removed_once(cli: Cli) -> None:
    cli("vault", "set", "name", stdin="value-1")
    assert "--yes" in cli("vault", "remove", "name", code=5).output
    assert cli.json("vault", "remove", "name", "--yes") == {"removed": "name"}
    cli("vault", "remove", "name", "--yes", code=5)


def test_rotation_makes_the_old_key_useless(cli: Cli, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("vault", "set", "name", stdin="value-1")
    url = f"sqlite:///{cli.home / 'ledger.db'}"
    ledger = open_ledger(url)
    number = add_letter(ledger, {"id": 1, "name": "Erika"})
    ledger.close()
    new = cli("vault", "key").stdout.strip()
    monkeypatch.setenv("ML_CONNECTOR_KEY", f"{new},{key}")
    assert cli.json("vault", "rotate") == {"values": 1, "letters": 1}
    monkeypatch.setenv("ML_CONNECTOR_KEY", new)
    assert Vault(cli.home).get("name") == "value-1"
    assert cli.json("letters", "show", str(number))["raw"]["name"] == "Erika"
    monkeypatch.setenv("ML_CONNECTOR_KEY", key)
    cli("letters", "show", str(number), code=5)


def test_each_key_is_another(cli: Cli) -> None:
    first, second = cli("vault", "key").stdout, cli.json("vault", "key")["key"]
    assert Fernet(first.strip())
    assert Fernet(second)
    assert first.strip() != second


def test_a_machine_without_keyring_says_so(cli: Cli) -> None:
    assert "no usable keyring" in cli("vault", "key", "--keyring", code=5).output


def test_a_ledger_is_made_described_and_backed_up(cli: Cli) -> None:
    info = cli.json("ledger", "info")
    assert (info["schema"], info["rows"], info["encrypted"]) == (None, {}, False)
    made = cli.json("ledger", "upgrade")
    assert (made["before"], made["after"], made["backup"]) == (None, info["newest_schema"], None)
    assert "is at" in cli("ledger", "upgrade").output
    assert cli.json("ledger", "info")["rows"]["letter"] == 0
    assert "stored in clear" in cli("ledger", "info").output
    copy = Path(cli.json("ledger", "backup", str(cli.folder / "copy.db"))["backup"])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM letter").fetchone() == (0,)
    connection.close()
    assert "exists already" in cli("ledger", "backup", str(copy), code=5).output


def test_a_ledger_of_a_newer_library_is_refused(ledger: Ledger, cli: Cli) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for arguments in (("status",), ("ledger", "upgrade", "--no-backup")):
        assert "newer than" in cli(*arguments, code=5).output
    assert cli.json("ledger", "info")["schema"] == "9999"


def test_a_refused_login_is_tried_again_after_a_reset(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_CONNECTOR_HOME", str(cli.home))
    gate = LoginGate(TokenStore.from_settings({}))

    def refused() -> None:
        raise LoginRefused("zendesk refused the client.")

    with pytest.raises(LoginRefused):
        gate.attempt("zendesk", "acme", "secret", refused)
    assert "No login of zoho" in cli("login", "reset", "zoho").output
    assert cli.json("login", "reset", "zendesk", "--account", "other") == {"cleared": []}
    assert cli.json("login", "reset", "zendesk") == {"cleared": ["zendesk acme"]}
    assert cli.json("login", "reset", "zendesk") == {"cleared": []}


def test_a_secret_on_the_command_line_is_refused(cli: Cli) -> None:
    arguments = ["auth", "login", "zendesk", "--authorize-url", "https://a.example/o"]
    arguments += ["--token-url", "https://a.example/t", "--client-id", "c", "--client-secret", "plain-secret"]
    result = cli(*arguments, code=5)
    assert "vault:NAME" in result.output
    assert "plain-secret" not in result.output


def test_json_is_json_even_where_values_are_secrets(cli: Cli, key: str) -> None:
    cli("vault", "set", "name", stdin='with "quotes"')
    assert json.loads(cli("vault", "list", "--json").stdout)["names"] == ["name"]
    assert key not in cli("ledger", "info").output
