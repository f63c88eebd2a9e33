"""Where a process is killed: a commit of the ledger is a moment too, and before it nothing of it is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, event

from sync_support.vendor import Moments


@contextlib.contextmanager
def deadly_commits(engine: Engine, moments: Moments) -> Iterator[None]:
    """Each commit of the ledger counts as a moment."""

    def moment(*_: Any) -> None:
        moments.at("ledger commit")

    event.listen(engine, "commit", moment)
    try:
        yield
    finally:
        event.remove(engine, "commit", moment)
