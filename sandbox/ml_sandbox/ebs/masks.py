"""Oracle date format masks, as far as filters and packages use them."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

_ELEMENTS = {
    "YYYY": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "MON": r"(?P<name>[A-Z]{3})",
    "DD": r"(?P<day>\d{2})",
    "HH24": r"(?P<hour>\d{2})",
    "MI": r"(?P<minute>\d{2})",
    "SS": r"(?P<second>\d{2})",
}
_TOKEN = re.compile(r'YYYY|HH24|MON|MM|MI|DD|SS|"[^"]*"|[^A-Za-z0-9"]', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMask:
    """A mask such as `YYYY-MM-DD HH24:MI:SS` or `DD-MON-YYYY`."""

    text: str
    pattern: re.Pattern[str]

    def read(self, literal: str) -> str:
        """Give a literal as `YYYY-MM-DDTHH:MM:SS`; ValueError when it does not match the mask."""
        match = self.pattern.fullmatch(literal)
        if match is None:
            msg = f"ORA-01861: literal {literal!r} does not match format string {self.text!r}"
            raise ValueError(msg)
        parts = {"month": "1", "day": "1", "hour": "0", "minute": "0", "second": "0"} | match.groupdict()
        if "name" in parts:
            parts["month"] = str(_month(parts["name"]))
        date = f"{parts['year']}-{parts['month']:0>2}-{parts['day']:0>2}"
        text = f"{date}T{parts['hour']:0>2}:{parts['minute']:0>2}:{parts['second']:0>2}"
        return datetime.fromisoformat(text).isoformat(timespec="seconds")

    def write(self, when: str) -> str:
        """Give a stored date, `YYYY-MM-DDTHH:MM:SS`, in the form of the mask."""
        parts = {
            "YYYY": when[:4],
            "MM": when[5:7],
            "MON": MONTHS[int(when[5:7]) - 1],
            "DD": when[8:10],
            "HH24": when[11:13],
            "MI": when[14:16],
            "SS": when[17:19],
        }
        return _TOKEN.sub(lambda token: parts.get(token[0].upper(), token[0].strip('"')), self.text)


def _month(name: str) -> int:
    if name.upper() not in MONTHS:
        msg = f"ORA-01843: {name!r} is not a valid month"
        raise ValueError(msg)
    return MONTHS.index(name.upper()) + 1


@lru_cache(maxsize=32)
def date_mask(text: str) -> DateMask:
    """Give a mask by its text; ValueError when it has an element that is not known here."""
    pattern, end = "", 0
    for token in _TOKEN.finditer(text):
        if token.start() != end:
            break
        end = token.end()
        word = token.group().upper()
        pattern += _ELEMENTS.get(word) or re.escape(token.group().strip('"'))
    if end != len(text) or "(?P<year>" not in pattern:
        msg = f"ORA-01821: date format {text!r} not recognized"
        raise ValueError(msg)
    return DateMask(text, re.compile(pattern, re.IGNORECASE))
