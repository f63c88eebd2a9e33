"""Turning the texts of a CSV file into the values of a JSON write (BW)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import RecordError
from ml_sandbox.zoho.fields import DECIMAL_TYPES, USER_TYPES, Field
from ml_sandbox.zoho.modules import Module
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.values import wrong_type

DATE_FORMAT = "MM/dd/yyyy"
TIME_FORMAT = "MM/dd/yyyy HH:mm:ss"
_TOKENS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "XXX": "%z", "'T'": "T"}
_TOKEN = re.compile("|".join(re.escape(token) for token in _TOKENS))


@dataclass(frozen=True)
class Mapping:
    """How one column of the file becomes a field.

    Attributes:
        index: the position of the column.
        find_by: for lookups: the field of the other module whose value the column holds.
        format: for dates and times: how they are written.
        default: what an empty cell means; None for nothing.
    """

    field: Field
    index: int
    find_by: str | None = None
    format: str | None = None
    default: str | None = None


class Cells:
    """Converts cells."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization

    def value(self, mapping: Mapping, text: str, path: str) -> Any:
        """The JSON value of a cell that is not empty; :class:`RecordError` when it cannot be one."""
        found = mapping.field
        kind = found.data_type
        if kind in USER_TYPES:
            return {"id": self._user(text)}
        if kind == "lookup":
            return {"id": self._lookup(mapping, text, path)}
        if kind in {"multiselectpicklist", "Tag"}:
            return [part.strip() for part in text.split(";") if part.strip()]
        if found.api_name == "Tag":
            return [{"name": part.strip()} for part in text.split(",") if part.strip()]
        convert = {"date": self._date, "datetime": self._time, "boolean": self._boolean, "integer": _integer}
        converter: Callable[[Mapping, str], Any] | None = convert.get(kind)
        if kind in DECIMAL_TYPES:
            converter = _decimal
        if converter is None:
            return text
        try:
            return converter(mapping, text)
        except ValueError:
            raise wrong_type(found, path, kind) from None

    def _user(self, text: str) -> str:
        by_mail = [user["id"] for user in self._organization.users if user["email"].lower() == text.lower()]
        return str(by_mail[0]) if by_mail else text

    def _lookup(self, mapping: Mapping, text: str, path: str) -> str:
        target = self._organization.modules.get(mapping.field.lookup_module or "")
        if mapping.find_by in (None, "id") or target is None:
            return text
        found = record_by(target, str(mapping.find_by), text)
        if found is None:
            details = {"api_name": mapping.field.api_name, "json_path": path}
            raise RecordError("INVALID_DATA", "the related record is not found", details)
        return str(found["id"])

    def _date(self, mapping: Mapping, text: str) -> str:
        return (
            datetime.strptime(text, _pattern(mapping.format or DATE_FORMAT))
            .replace(tzinfo=UTC)
            .date()
            .isoformat()
        )

    def _time(self, mapping: Mapping, text: str) -> str:
        moment = datetime.strptime(text, _pattern(mapping.format or TIME_FORMAT))  # noqa: DTZ007 (aware below)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(self._organization.settings.text("time_zone")))
        return moment.isoformat(timespec="seconds")

    def _boolean(self, mapping: Mapping, text: str) -> bool:
        known = {"true": True, "false": False}
        if text.lower() not in known:
            raise ValueError(text)
        return known[text.lower()]


def record_by(module: Module, name: str, text: str) -> Row | None:
    """The first record of a module that holds this value."""
    if name == "id":
        return module.records.get(text)
    if name in {found.api_name for found in module.unique_fields()} | {module.duplicate_field}:
        return next(iter(module.holders(name, text)), None)
    wanted = text.strip().casefold()
    return next((row for row in module.records if str(row.get(name) or "").casefold() == wanted), None)


def _integer(mapping: Mapping, text: str) -> int:
    return int(text)


def _decimal(mapping: Mapping, text: str) -> float | int:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)


def _pattern(text: str) -> str:
    return _TOKEN.sub(lambda found: _TOKENS[found[0]], text)
