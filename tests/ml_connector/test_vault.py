"""Encrypted settings, with a real file and real keys."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import keyring
import keyring.backend
import pytest
from keyring.backends import fail

from ml_connector.errors import SystemFault
from ml_connector.redaction import redact
from ml_connector.vault import (
    HOME_VARIABLE,
    KEY_VARIABLE,
    Vault,
    configured_keys,
    new_key,
    resolve_settings,
    store_key_in_keyring,
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path, keys=[new_key()])


def test_values_are_kept_encrypted(vault: Vault) -> None:
    vault.set("zendesk_secret", "v4lue-öß")
    assert vault.get("zendesk_secret") == "v4lue-öß"
    assert vault.list() == ["zendesk_secret"]
    assert "v4lue" not in vault.path.read_text()
    assert vault.path.stat().st_mode & 0o777 == 0o600
    vault.set("zendesk_secret", "second")
    assert vault.get("zendesk_secret") == "second"


def test_values_are_hidden_from_logs(vault: Vault) -> None:
    vault.set("a", "hidden-value-1")
    assert redact("x hidden-value-1") == "x ***"


def test_settings_are_resolved_wherever_they_are(vault: Vault) -> None:
    vault.set("secret", "opened")
    settings = {
        "client_secret": "vault:secret",
        "nested": {"list": ["vault:secret", 1, None], "plain": "vault is a word"},
        "number": 5,
    }
    assert vault.resolve(settings) == {
        "client_secret": "opened",
        "nested": {"list": ["opened", 1, None], "plain": "vault is a word"},
        "number": 5,
    }
    assert resolve_settings(settings, vault)["client_secret"] == "opened"
    assert settings["client_secret"] == "vault:secret"


def test_a_missing_name_says_which_command_sets_it(vault: Vault) -> None:
    with pytest.raises(SystemFault, match="`ml-connector vault set zoho_secret`"):
        vault.resolve({"client_secret": "vault:zoho_secret"})
    with pytest.raises(SystemFault, match="zoho_secret"):
        vault.remove("zoho_secret")


def test_settings_without_a_reference_need_no_vault(tmp_path: Path) -> None:
    assert Vault(tmp_path / "none", keys=[]).resolve({"a": "b"}) == {"a": "b"}
    assert not (tmp_path / "none").exists()


def test_a_value_can_be_removed(vault: Vault) -> None:
    vault.set("a", "1234")
    vault.remove("a")
    assert vault.list() == []


def test_keys_rotate(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    Vault(tmp_path, keys=[old]).set("a", "value")
    with pytest.raises(SystemFault, match="another key"):
        Vault(tmp_path, keys=[new]).get("a")
    assert Vault(tmp_path, keys=[new, old]).rotate() == 1
    assert Vault(tmp_path, keys=[new]).get("a") == "value"


def test_the_key_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_key(), new_key()
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setenv(KEY_VARIABLE, old)
    Vault().set("a", "value")
    assert (tmp_path / "home" / "vault.json").exists()
    monkeypatch.setenv(KEY_VARIABLE, f"{new}, {old}")
    assert configured_keys() == [new, old]
    assert Vault().get("a") == "value"
    monkeypatch.setenv(KEY_VARIABLE, "no-key-at-all")
    with pytest.raises(SystemFault, match="not a valid encryption key") as caught:
        Vault().get("a")
    assert "no-key-at-all" not in str(caught.value)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring of its own, for this process."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring declares no types here
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_the_key_can_live_in_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(MemoryKeyring())
    try:
        store_key_in_keyring()
        Vault(tmp_path).set("a", "value")
        assert Vault(tmp_path).get("a") == "value"
        keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # keyring declares no types here
        with pytest.raises(SystemFault, match=KEY_VARIABLE):
            Vault(tmp_path).get("a")
        with pytest.raises(SystemFault, match="no usable keyring"):
            store_key_in_keyring()
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize("name", ["", "../x", "a b", "-a", "x" * 200])
def test_names_that_cannot_be_typed_are_refused(vault: Vault, name: str) -> None:
    with pytest.raises(SystemFault, match="cannot name"):
        vault.set(name, "value")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"values": 1}', "\xff\xfe"])
def test_a_damaged_file_is_explained(vault: Vault, content: str) -> None:
    vault.path.write_text(content, "latin-1")
    with pytest.raises(SystemFault, match=r"vault\.json"):
        vault.list()


def test_a_damaged_value_is_explained(vault: Vault) -> None:
    vault.path.write_text(json.dumps({"values": {"a": "garbage"}}))
    with pytest.raises(SystemFault, match="vault set a"):
        vault.get("a")


def test_writers_at_once_lose_nothing(vault: Vault) -> None:
    threads = [threading.Thread(target=vault.set, args=(f"name{n}", f"value{n}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(vault.list()) == 12
