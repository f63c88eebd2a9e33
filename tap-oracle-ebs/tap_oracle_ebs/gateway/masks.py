"""Oracle date masks, as far as dates in filters and answers are written with them."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable

from ml_connector.errors import SystemFault

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_ELEMENTS: dict[str, tuple[str, Callable[[dt.datetime], str]]] = {
    "YYYY": (r"(?P<year>\d{4})", lambda when: f"{when.year:04d}"),
    "MON": (r"(?P<name>[A-Za-z]{3})", lambda when: _MONTHS[when.month - 1]),
    "MM": (r"(?P<month>\d{2})", lambda when: f"{when.month:02d}"),
    "DD": (r"(?P<day>\d{2})", lambda when: f"{when.day:02d}"),
    "HH24": (r"(?P<hour>\d{2})", lambda when: f"{when.hour:02d}"),
    "MI": (r"(?P<minute>\d{2})", lambda when: f"{when.minute:02d}"),
    "SS": (r"(?P<second>\d{2})", lambda when: f"{when.second:02d}"),
}
_TOKEN = re.compile(r'YYYY|HH24|MON|MM|MI|DD|SS|"[^"]*"|[^A-Za-z0-9"]', re.IGNORECASE)


class DateMask:
    """A mask such as `YYYY-MM-DD HH24:MI:SS`; text that stands for itself is quoted: `"T"`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _TOKEN.findall(text)
        if "".join(self._tokens) != text or not any(token.upper() == "YYYY" for token in self._tokens):
            raise SystemFault(
                f"The date mask {text!r} is not understood.",
                fix="Use the elements YYYY, MM or MON, DD, HH24, MI, SS, and quote other letters.",
            )
        pattern = "".join(self._pattern_of(token) for token in self._tokens)
        self._pattern = re.compile(pattern)

    def _pattern_of(self, token: str) -> str:
        known = _ELEMENTS.get(token.upper())
        return known[0] if known else re.escape(token.strip('"'))

    def write(self, when: dt.datetime) -> str:
        """Return a date in this mask."""
        known = ((_ELEMENTS.get(token.upper()), token) for token in self._tokens)
        return "".join(element[1](when) if element else token.strip('"') for element, token in known)

    def read(self, text: str) -> dt.datetime:
        """Return the date that a text in this mask names, without a zone; ValueError for any other text."""
        match = self._pattern.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} does not fit the mask {self.text}")
        parts = match.groupdict()
        name = parts.pop("name", None)
        month = _MONTHS.index(name.upper()) + 1 if name else int(parts.get("month") or 1)
        hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
        day = int(parts.get("day") or 1)
        return dt.datetime(int(parts["year"]), month, day, hour, minute, second)  # noqa: DTZ001 - no zone


@functools.cache
def date_mask(text: str) -> DateMask:
    """Return the mask of a text; SystemFault where it is none."""
    return DateMask(text)
