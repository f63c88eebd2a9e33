"""Settings that name things of a site: a name that is none is refused, for it would have no effect."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from ml_connector.errors import SystemFault

PARAMETERS = [
    "P_LAST_UPDATE_FROM",
    "P_LAST_UPDATE_TO",
    "P_LAST_KEY",
    "P_LIMIT",
    "P_OFFSET",
    "P_ORG_ID",
    "P_KEYS",
    "P_KEYS_ONLY",
    "P_CROSSED_FROM",
    "P_CROSSED_TO",
    "P_AS_OF",
    "P_ORDERS_FROM",
    "P_RECENT_DAYS",
    "P_CURRENCY",
    "P_RATE_TYPE",
    "P_VALIDATE_GL",
    "P_DOCUMENT_LIMIT",
    "P_PO_TYPES",
    "P_PO_STATUSES",
]
"""Parameters of the read package, by the contract."""

OUTPUTS = [
    "X_ROWS",
    "X_LIMITS",
    "X_AMOUNTS",
    "X_ORDERS",
    "X_INVOICES",
    "X_RETURN_STATUS",
    "X_MSG_DATA",
    "X_HAS_MORE",
    "X_SERVER_TIME",
]
"""Outputs of the read package, by the contract."""

_PLACEHOLDERS = {"table_path": "alias, operation, table", "package_path": "alias, operation"}


def require_known(settings: Mapping[str, Any], streams: Iterable[str], tables: Iterable[str]) -> None:
    """Raise SystemFault for a name in a setting that stands for nothing.

    `streams`: all streams. `tables`: the tables behind them, in capitals.
    """
    names, known_tables = tuple(streams), tuple(tables)
    lower = [name.lower() for name in known_tables]
    operations = [*(name for name in names if name not in lower), *lower]
    for setting, known in (
        ("aliases", known_tables),
        ("operations", known_tables),
        ("stream_access", names),
        ("package_operations", operations),
        ("package_parameters", PARAMETERS),
        ("package_collections", OUTPUTS),
    ):
        for name in settings.get(setting) or {}:
            if name not in known:
                raise _unknown(setting, name, known)


def filled(settings: Mapping[str, Any], name: str, **values: str) -> str:
    """Return a setting that has placeholders, with their values; SystemFault for one that is unknown."""
    text = str(settings[name])
    try:
        return text.format_map(values)
    except (LookupError, ValueError, AttributeError):
        known = _PLACEHOLDERS.get(name, ", ".join(values))
        raise SystemFault(
            f"The setting `{name}` is {text!r}, which cannot be filled in.",
            fix=f"Placeholders, each in braces, are {known}.",
        ) from None


def _unknown(setting: str, name: str, known: Iterable[str]) -> SystemFault:
    by_capitals = {each.upper(): each for each in known}
    near = difflib.get_close_matches(name.upper(), by_capitals, 1, 0.5)
    meant = f" Did you mean {by_capitals[near[0]]}?" if near else ""
    return SystemFault(
        f"`{setting}` names {name!r}, which does not exist.",
        fix=f"Take it out, or correct it; the README says what this setting takes.{meant}",
    )
