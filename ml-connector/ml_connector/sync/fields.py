"""How fields are named in snapshots, and which source fields stand behind a mapped one.

Both sides of a link name their fields `OBJECT.FIELD`, where a tap's stream of a two-way object is named
like the object: what one direction wrote there, the other direction knows as it reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any


def snapshot_name(owner: str, name: str) -> str:
    """How a snapshot names a field of an object or stream: several streams may feed one record."""
    return f"{owner}.{name}"


def members_name(owner: str, name: str) -> str:
    """Where a snapshot keeps the members of a set field that both sides agreed on."""
    return f"{owner}.{name}[]"


def base_name(stream: str, target_field: str) -> str:
    """Where the source's snapshot keeps the members that a stream last gave to a set of the target."""
    return f"{stream}.>{target_field}"


def flatten(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a raw record, those of a container as `container.field`; `_sdc_` columns left out."""
    flat: dict[str, Any] = {}
    for name, value in raw.items():
        if name.startswith("_sdc_"):
            continue
        if isinstance(value, Mapping) and value:
            flat.update({f"{name}.{inner}": item for inner, item in value.items()})
        else:
            flat[name] = value
    return flat


def reach(changed: Iterable[str]) -> set[str]:
    """These fields and their containers: what an expression may name to be concerned."""
    names = set(changed)
    return names | {name.partition(".")[0] for name in names}


def concerned(behind: Collection[str], changed: Collection[str], reached: Collection[str]) -> bool:
    """Whether an expression that names `behind` may have another value now. `reached`: see `reach`."""
    if any(name in reached for name in behind):
        return True
    return any("." in name and name.partition(".")[0] in changed for name in behind)


class Changed:
    """Changed source fields, to be asked which of them an expression is concerned by; see `concerned`."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._members: dict[str, list[str]] = {}
        for name in self._names:
            container, dot, _ = name.partition(".")
            if dot:
                self._members.setdefault(container, []).append(name)

    def behind(self, named: Iterable[str]) -> list[str]:
        """Those of them that concern an expression that names these fields: itself, container or member."""
        found = {
            each
            for name in named
            for each in (name, name.partition(".")[0], *self._members.get(name, ()))
            if each in self._names
        }
        return sorted(found)


def covers(names: Collection[str], name: str) -> bool:
    """Whether a flat source field is among these names, itself, with its container or as one."""
    container, dot, _ = name.partition(".")
    if name in names or (dot and container in names):
        return True
    return not dot and any(other.startswith(f"{name}.") for other in names)
