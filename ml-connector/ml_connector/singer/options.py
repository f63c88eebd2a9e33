"""What the settings of a target say to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_connector.settings import flat
from ml_connector.sync import Options, Policies


def policies_of(config: Mapping[str, Any], system: str) -> Policies:
    """Who wins, in the terms of the engine; `system` is the target.

    Raises:
        SystemFault: a policy names nobody.
    """
    return Policies(
        str(config.get("source_system") or "source"),
        system,
        policies=_rules(config.get("policies")),
        authority=_rules(config.get("authority")),
        newest_ties=config.get("newest_ties"),
        clock_tolerance=float(config.get("clock_tolerance") or 0),
    )


def _rules(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Rules by their full names; `default` within a system or an object is the rule of the whole of it."""
    return {name.removesuffix(".default"): rule for name, rule in flat(given or {}).items()}


def options_of(config: Mapping[str, Any], *, dry_run: bool) -> Options:
    """How the engine behaves; absent settings are defaults."""
    limit = config.get("max_rejected")
    waiting = config.get("max_waiting")
    timeout = config.get("write_timeout")
    return Options(
        dry_run=dry_run,
        on_missing=str(config.get("on_missing") or "letter"),
        on_delete=str(config.get("on_delete") or "ignore"),
        write_timeout=60.0 if timeout is None else float(timeout),
        max_waiting=10_000 if waiting is None else int(waiting),
        max_rejected=None if limit is None else float(limit),
    )
