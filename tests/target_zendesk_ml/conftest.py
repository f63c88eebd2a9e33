"""The fixtures of these tests."""

from target_fixtures import sandbox, served, target

__all__ = ["sandbox", "served", "target"]
