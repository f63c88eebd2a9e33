"""Fixtures that tests of every package may ask for."""

from __future__ import annotations

from fixtures.postgres import postgres

__all__ = ["postgres"]
