"""What the settings of a target say to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.settings import flat
from ml_connector.sync import Options, Policies

LOCAL = "oro"  # whose users speak of remote and local


def policies_of(config: Mapping[str, Any], system: str) -> Policies:
    """Who wins, in the terms of the engine; `system` is the target.

    Raises:
        SystemFault: a policy names nobody.
    """
    source = str(config.get("source_system") or "source")
    winner, authority = _by_priority(config.get("sync_priority"), source, system)
    return Policies(
        source,
        system,
        policies=winner | _rules(config.get("policies")),
        authority=authority | _rules(config.get("authority")),
        newest_ties=config.get("newest_ties"),
        clock_tolerance=float(config.get("clock_tolerance") or 0),
    )


def _by_priority(priority: str | None, source: str, target: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Policies and authority by `sync_priority`: the same text for both directions.

    The remote system speaks first whoever wins, for OroCRM knows fewer statuses and priorities.
    """
    if not priority:
        return {}, {}
    if (source == LOCAL) == (target == LOCAL):
        raise SystemFault(
            f"sync_priority says whether {LOCAL} or the other system wins, but the records go from {source} "
            f"to {target}.",
            fix=f"Name the systems as they are called (source_system: {LOCAL} where the records come from "
            "OroCRM), or use policies instead.",
        )
    remote = target if source == LOCAL else source
    return {"default": remote if priority == "remote_wins" else LOCAL}, {"default": remote}


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
