"""Fixtures that tests of every package may ask for."""

from __future__ import annotations

import pytest
from fixtures.postgres import postgres

from ml_connector import redaction

__all__ = ["postgres"]


@pytest.fixture(autouse=True)
def own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process hides its secrets for life; here one process plays many, each with secrets of its own."""
    monkeypatch.setattr(redaction, "_REDACTOR", redaction.Redactor())
