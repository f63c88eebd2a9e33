"""Files that several processes share: written whole or not at all, and changed under a lock.

Locks are those of the operating system (`flock`): they end with their process, also when it is killed. Each
call opens its own descriptor, so a lock excludes the other threads of this process too.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ml_connector.errors import PassingFault, SystemFault

_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.1


def private_directory(path: Path) -> Path:
    """Create a folder that only its owner can enter; return it."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemFault(
            f"The folder {path} cannot be created: {error.strerror}.", fix="Check its permissions."
        ) from error
    return path


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file of mode 0600: a reader, or a crash, sees the old content or the new, never a part.

    When this returns, the content is on the disk.
    """
    private_directory(path.parent)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise SystemFault(f"{path} cannot be written: {error.strerror}.", fix="Check its folder.") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def try_lock(path: Path) -> int | None:
    """Lock the file at `path`; return its descriptor, or None when somebody else holds the lock."""
    private_directory(path.parent)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SystemFault(f"{path} cannot be opened: {error.strerror}.", fix="Check its folder.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


@contextlib.contextmanager
def locked(path: Path, *, timeout: float = 120.0) -> Iterator[None]:
    """Hold the lock of the file at `path`; PassingFault when it is not free within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while (handle := try_lock(path)) is None:
        if time.monotonic() >= deadline:
            raise PassingFault(
                f"Another process held the lock {path} for more than {timeout:.0f} s.",
                fix="Look for a run that hangs, and end it.",
            )
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    try:
        yield
    finally:
        os.close(handle)
