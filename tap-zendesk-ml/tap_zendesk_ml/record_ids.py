"""The records that the setting `record_ids` names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ml_connector.errors import SystemFault


class NamedRecords:
    """Ids, each of one stream or of any that bare ids concern. False where none is named."""

    def __init__(self, setting: Iterable[Any] | None, streams: Iterable[str] = ()) -> None:
        self._ids: list[tuple[str, int]] = []
        known = frozenset(streams)
        for each in setting or ():
            stream, _, identifier = str(each).rpartition(":")
            if not (identifier.isascii() and identifier.isdigit()) or (stream and stream not in known):
                raise SystemFault(
                    f"The setting `record_ids` has {str(each)!r}, which is no id of a stream of Zendesk.",
                    fix="Give numbers like 35436, or tickets:35436.",
                )
            self._ids.append((stream, int(identifier)))

    def __bool__(self) -> bool:
        return bool(self._ids)

    def of(self, stream: str, *, bare: bool) -> list[int]:
        """The ids that are looked for in a stream, each once."""
        wanted = (number for named, number in self._ids if named == stream or (bare and not named))
        return list(dict.fromkeys(wanted))
