"""The token store: encrypted files that all processes of a project share."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import InvalidToken, MultiFernet

from ml_connector import redaction
from ml_connector._files import locked, private_directory, try_lock, write_atomically
from ml_connector.errors import SystemFault
from ml_connector.vault import KEY_VARIABLE, configured_keys, encryption, home_directory, new_key

logger = logging.getLogger(__name__)

LOCK_TIMEOUT = 600.0
"""Seconds to wait for another process that is logging in."""

_holders = itertools.count()


class TokenStore:
    """A folder of encrypted tokens, one entry per system and account.

    The files are encrypted with the keys of the vault. Without any, a key is made and kept in the folder
    itself, readable by its owner only; that is said once, in the log. Entries are written whole and are
    on the disk before anybody uses them; changes are made under a lock that ends with its process.
    """

    def __init__(self, directory: Path | str | None = None, *, keys: Sequence[str] | None = None) -> None:
        self.directory = Path(directory) if directory is not None else home_directory() / "tokens"
        self._given = list(keys) if keys is not None else None
        self._loaded: list[str] | None = None

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Open the store that the setting `token_store` names, else the default one."""
        return cls(settings.get("token_store") or None)

    def entry(self, system: str, account: str, variant: str = "") -> TokenEntry:
        """Return the entry of an account; `variant` tells several tokens of one account apart."""
        return TokenEntry(self, system, account, variant)

    def digest(self, *parts: str) -> str:
        """Return a digest to recognise credentials by. It is only ever kept inside encrypted entries.

        It does not depend on the key: a token outlives a change of keys.
        """
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def cipher(self) -> MultiFernet:
        """Return the cipher of the entries."""
        return encryption(self._keys())

    def _keys(self) -> list[str]:
        if self._loaded is None:
            self._loaded = self._given or configured_keys() or [self._own_key()]
        return self._loaded

    def _own_key(self) -> str:
        path = private_directory(self.directory) / "key"
        with locked(path.with_suffix(".lock")):
            if not path.exists():
                write_atomically(path, new_key().encode())
                logger.warning(
                    "No %s is set: the tokens in %s are encrypted with a new key, %s. Keep it private.",
                    KEY_VARIABLE,
                    self.directory,
                    path,
                )
            key = path.read_text("ascii").strip()
        redaction.register(key)
        return key


class TokenEntry:
    """The token of one account. Read and change it inside `locked()`."""

    def __init__(self, store: TokenStore, system: str, account: str, variant: str) -> None:
        self.store = store
        self.system = system
        self.account = account
        identity = hashlib.sha256(json.dumps([system, account, variant]).encode()).hexdigest()[:20]
        self._stem = f"{re.sub(r'[^A-Za-z0-9_-]+', '-', system)[:40]}-{identity}"

    @property
    def path(self) -> Path:
        """The file of the entry."""
        return self._beside("token")

    def _beside(self, kind: str) -> Path:
        return self.store.directory / f"{self._stem}.{kind}"

    @contextlib.contextmanager
    def locked(self, purpose: str = "token") -> Iterator[None]:
        """Keep all other threads and processes away from the entry (`token`) or from logging in (`login`)."""
        with locked(self._beside(f"{purpose}.lock"), timeout=LOCK_TIMEOUT):
            yield

    def read(self, kind: str = "token") -> dict[str, Any] | None:
        """Return what was written last, or None. What cannot be decrypted is a SystemFault."""
        path = self._beside(kind)
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SystemFault(
                f"{path} cannot be read: {error.strerror}.", fix="Check its permissions."
            ) from error
        return _open(path, sealed, self.store.cipher())

    def write(self, content: Mapping[str, Any], kind: str = "token") -> None:
        """Encrypt and keep `content`. When this returns, it is on the disk."""
        named = {**content, "system": self.system, "account": self.account}
        write_atomically(self._beside(kind), self.store.cipher().encrypt(json.dumps(named).encode()))

    def delete(self, kind: str = "token") -> None:
        """Forget what was written."""
        self._beside(kind).unlink(missing_ok=True)

    def join(self) -> Holder:
        """Register this process as a user of the token. Call it inside `locked()`."""
        path = self._beside(f"holder-{os.getpid()}-{next(_holders)}")
        handle = try_lock(path)
        if handle is None:
            raise SystemFault(
                f"The file {path} is locked by another process.", fix="Give this project its own store."
            )
        return Holder(path, handle)

    def leave(self, holder: Holder) -> bool:
        """End a registration; tell whether nobody is left. Call it inside `locked()`.

        Holders that were killed have lost their lock and no longer count.
        """
        holder.release()
        alive = 0
        for path in self.store.directory.glob(f"{self._stem}.holder-*"):
            handle = try_lock(path)
            if handle is None:
                alive += 1
            else:
                path.unlink(missing_ok=True)
                os.close(handle)
        return alive == 0


class Holder:
    """One process's registration as a user of a token: a locked file."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle: int | None = handle

    def release(self) -> None:
        """End the registration."""
        if self._handle is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None


def read_all(store: TokenStore, kind: str) -> Iterator[tuple[Path, dict[str, Any] | None]]:
    """Yield each file of a kind with its content, None where that cannot be decrypted."""
    for path in sorted(store.directory.glob(f"*.{kind}")):
        try:
            yield path, _open(path, path.read_bytes(), store.cipher())
        except (SystemFault, OSError):
            yield path, None


def _open(path: Path, sealed: bytes, cipher: MultiFernet) -> dict[str, Any]:
    try:
        content = json.loads(cipher.decrypt(sealed))
    except (InvalidToken, ValueError):
        raise SystemFault(
            f"The token in {path} was encrypted with another key, or is damaged.",
            fix=f"Add its key to {KEY_VARIABLE} (new,old), or delete the file and log in again.",
        ) from None
    return dict(content)
