"""Encrypted settings: any setting may be `vault:NAME`.

The vault is one JSON file, `vault.json` in `$ML_CONNECTOR_HOME` or in `.ml-connector`: names in clear, values
encrypted (Fernet: AES-128-CBC with HMAC-SHA256). The key comes from `ML_CONNECTOR_KEY`, several separated by
commas while keys are being changed (the first encrypts, all decrypt), or from the operating system's keyring.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ml_connector import redaction
from ml_connector._files import locked, write_atomically
from ml_connector.errors import SystemFault

KEY_VARIABLE = "ML_CONNECTOR_KEY"
HOME_VARIABLE = "ML_CONNECTOR_HOME"
PREFIX = "vault:"

_KEYRING_SERVICE = "ml-connector"
_KEYRING_USER = "vault-key"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,127}")
_HOW_TO_KEY = (
    f"Set {KEY_VARIABLE} to a key made by `ml-connector vault key`, or keep one in the keyring of the "
    "operating system with `ml-connector vault key --keyring`."
)


def home_directory() -> Path:
    """Return the folder in which this library keeps its files: `$ML_CONNECTOR_HOME`, else `.ml-connector`."""
    return Path(os.environ.get(HOME_VARIABLE) or ".ml-connector")


def new_key() -> str:
    """Return a new key, 44 characters of URL-safe base64."""
    return Fernet.generate_key().decode()


def encryption(keys: Sequence[str]) -> MultiFernet:
    """Return the cipher of `keys`; a key that is none is a SystemFault that does not show it."""
    ciphers = []
    for number, key in enumerate(keys, start=1):
        redaction.register(key)
        try:
            ciphers.append(Fernet(key))
        except (ValueError, TypeError):
            raise SystemFault(
                f"Key {number} of {len(keys)} is not a valid encryption key (32 bytes in URL-safe base64).",
                fix=_HOW_TO_KEY,
            ) from None
    return MultiFernet(ciphers)


def configured_keys() -> list[str]:
    """Return the keys of `ML_CONNECTOR_KEY`, else the one in the keyring, else none."""
    given = [key.strip() for key in os.environ.get(KEY_VARIABLE, "").split(",") if key.strip()]
    if given:
        return given
    kept = _keyring_key()
    return [kept] if kept else []


def _keyring_key() -> str | None:
    backend = _keyring_backend()
    if backend is None:
        return None
    from keyring.errors import KeyringError

    try:
        key = backend.get_password(_KEYRING_SERVICE, _KEYRING_USER)
    except KeyringError as error:
        raise SystemFault(f"The keyring could not be read: {error}.", fix=_HOW_TO_KEY) from error
    return str(key) if key else None


def _keyring_backend() -> Any:
    """Return the keyring, or None where the machine has none: servers and containers mostly do not."""
    import keyring
    from keyring.backends import fail, null
    from keyring.errors import KeyringError

    try:
        backend = keyring.get_keyring()
    except (KeyringError, RuntimeError):
        return None
    return None if isinstance(backend, (fail.Keyring, null.Keyring)) else backend


def store_key_in_keyring(key: str | None = None) -> None:
    """Keep `key` (a new one by default) in the keyring; a machine without one is a SystemFault."""
    backend = _keyring_backend()
    if backend is None:
        raise SystemFault(
            "This machine has no usable keyring.",
            fix=f"Set {KEY_VARIABLE} instead: `ml-connector vault key` prints a new key.",
        )
    chosen = key or new_key()
    encryption([chosen])
    backend.set_password(_KEYRING_SERVICE, _KEYRING_USER, chosen)


class Vault:
    """The encrypted settings of one folder.

    `home` defaults to `home_directory()`, `keys` to `configured_keys()`: they are looked up when first
    needed, so that listing and removing names needs no key.
    """

    def __init__(self, home: Path | str | None = None, keys: Sequence[str] | None = None) -> None:
        self.home = Path(home) if home is not None else home_directory()
        self._keys = list(keys) if keys is not None else None

    @property
    def path(self) -> Path:
        """The file of the vault."""
        return self.home / "vault.json"

    def list(self) -> list[str]:
        """Return the names that have a value, sorted."""
        return sorted(self._read())

    def get(self, name: str) -> str:
        """Return the value of `name` and hide it from logs.

        A missing one is a SystemFault that names the command which sets it.
        """
        sealed = self._read().get(name)
        if sealed is None:
            raise SystemFault(
                f"The vault {self.path} has no value named {name!r}.",
                fix=f"Set it: `ml-connector vault set {name}`.",
            )
        value = self._open(name, sealed)
        redaction.register(value)
        return value

    def set(self, name: str, value: str) -> None:
        """Encrypt `value` and keep it as `name`, in place of what was there."""
        if not _NAME.fullmatch(name):
            raise SystemFault(
                f"{name!r} cannot name a value of the vault.",
                fix="Use at most 128 letters, digits, dots, dashes and underscores.",
            )
        redaction.register(value)
        sealed = self._cipher().encrypt(value.encode()).decode()
        with self._changing() as values:
            values[name] = sealed

    def remove(self, name: str) -> None:
        """Forget `name`; a missing one is a SystemFault."""
        with self._changing() as values:
            if values.pop(name, None) is None:
                raise SystemFault(f"The vault {self.path} has no value named {name!r}.")

    def rotate(self) -> int:
        """Encrypt every value anew with the first key, and return how many there are.

        Put the new key first (`ML_CONNECTOR_KEY=new,old`), rotate, then drop the old one.
        """
        cipher = self._cipher()
        with self._changing() as values:
            for name, sealed in values.items():
                values[name] = cipher.encrypt(self._open(name, sealed).encode()).decode()
            return len(values)

    def resolve(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Return `settings` with every `vault:NAME`, nested ones too, replaced by its value."""
        return {name: self._resolve(value) for name, value in settings.items()}

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(PREFIX):
            return self.get(value.removeprefix(PREFIX).strip())
        if isinstance(value, Mapping):
            return {key: self._resolve(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._resolve(item) for item in value]
        return value

    def _cipher(self) -> MultiFernet:
        if self._keys is None:
            self._keys = configured_keys()
        if not self._keys:
            raise SystemFault("There is no key to the vault.", fix=_HOW_TO_KEY)
        return encryption(self._keys)

    def _open(self, name: str, sealed: str) -> str:
        try:
            return self._cipher().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SystemFault(
                f"The value {name!r} of the vault {self.path} was encrypted with another key, or is damaged.",
                fix=f"Give its key in {KEY_VARIABLE}, or set it again: `ml-connector vault set {name}`.",
            ) from None

    def _read(self) -> dict[str, str]:
        try:
            content = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SystemFault(f"The vault {self.path} cannot be read: {type(error).__name__}.") from error
        if not isinstance(content, dict) or not isinstance(content.get("values"), dict):
            raise SystemFault(f"The file {self.path} is not a vault.", fix="Move it away, or restore it.")
        return {str(name): str(sealed) for name, sealed in content["values"].items()}

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        with locked(self.path.with_suffix(".lock")):
            values = self._read()
            yield values
            content = json.dumps({"version": 1, "values": values}, indent=1, sort_keys=True)
            write_atomically(self.path, content.encode())


def resolve_settings(settings: Mapping[str, Any], vault: Vault | None = None) -> dict[str, Any]:
    """Return `settings` with every `vault:NAME` replaced. No vault is opened when there is none."""
    return (vault or Vault()).resolve(settings)
