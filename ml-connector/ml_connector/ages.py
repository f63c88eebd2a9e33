"""Spans of time as people write them: `45s`, `30m`, `2h`, `7d`, `2w`."""

from __future__ import annotations

import re

from ml_connector.errors import SystemFault

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*")


def parse_age(text: str | float) -> float:
    """Seconds of a span such as `2h`; a plain number is seconds.

    Raises:
        SystemFault: it is no span.
    """
    found = _SPAN.fullmatch(str(text).lower())
    if found is None:
        raise SystemFault(
            f"{text!r} is not a span of time.", fix="Write a number with s, m, h, d or w: 30m, 2h, 7d."
        )
    return float(found[1]) * _SECONDS[found[2]]


def show_age(seconds: float) -> str:
    """A span in its largest sensible unit: `12 s`, `3 min`, `5 h`, `9 d`."""
    for unit, size, limit in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172_800)):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"
