"""Full names and their parts, split by the rules of OroCRM's own Zendesk integration.

At most five parts, the fifth keeps the rest. While more than two remain, a known first part is the prefix,
then a known last part the suffix; one trailing dot makes no difference, letter case does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from target_oro_crm.fields import trimmed

MOST_PARTS = 5
PREFIXES = frozenset({"Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Master", "Atty", "Rev", "Prof"})
SUFFIXES = frozenset(
    {
        *("Jr", "Sr", "Jnr", "III", "II", "IV", "V"),
        *("C.S.V", "CSV", "PMP", "P.M.P", "RA", "R.A", "JD", "J.D", "MD", "M.D"),
        *("PhD", "Ph.D", "BA", "B.A", "BSc", "B.Sc", "MA", "M.A", "MSc", "M.Sc", "MBA", "M.B.A"),
    }
)
# In the order in which they are read.
PARTS = ("namePrefix", "firstName", "middleName", "lastName", "nameSuffix")


def split(name: str) -> dict[str, str]:
    """The parts of a full name by OroCRM's field names; none for a blank one.

    A single word is both first and last name.
    """
    parts = str(trimmed(name)).split(maxsplit=MOST_PARTS - 1)
    parts = [part.strip() for part in parts]
    found: dict[str, str] = {}
    if len(parts) > 2 and parts[0].removesuffix(".") in PREFIXES:
        found["namePrefix"] = parts.pop(0)
    if len(parts) > 2 and parts[-1].removesuffix(".") in SUFFIXES:
        found["nameSuffix"] = parts.pop()
    if not parts:
        return {}
    found["firstName"] = parts[0]
    if len(parts) > 2:
        found["middleName"] = parts[1]
    found["lastName"] = " ".join(parts[2:]) or parts[-1]
    return found


def joined(parts: Mapping[str, Any]) -> str | None:
    """A full name from its parts, None where all are blank."""
    words = [str(parts[part]).strip() for part in PARTS if parts.get(part)]
    return " ".join(word for word in words if word) or None


def stored(name: Any) -> Any:
    """A full name as its parts give it again."""
    return joined(split(name)) if isinstance(name, str) else name
