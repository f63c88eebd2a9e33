"""Checking and normalising one value that is written (REC)."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from ml_sandbox.core.table import Row
from ml_sandbox.zoho.errors import RecordError
from ml_sandbox.zoho.fields import DECIMAL_TYPES, USER_TYPES, Field
from ml_sandbox.zoho.organization import Organization
from ml_sandbox.zoho.times import is_date, read_time

EMPTY_CHOICE = "-None-"
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s.,;<>()]{2,}")
_DIGITS = re.compile(r"-?\d{1,19}")


class Values:
    """Turns what a client sends into what is stored."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._settings = organization.settings

    def stored(self, found: Field, value: Any, path: str) -> Any:
        """The stored form of a value; :class:`RecordError` when the field cannot hold it.

        Args:
            path: where it was sent, such as ``$.data[0].Phone``.
        """
        kind = found.data_type
        if value is None or value == "":
            return None
        if kind in DECIMAL_TYPES:
            return self._decimal(found, value, path)
        if kind in USER_TYPES:
            return self._user(found, value, path)
        checks = {
            "email": self._email,
            "picklist": self._choice,
            "multiselectpicklist": self._choices,
            "date": self._date,
            "datetime": self._datetime,
            "integer": self._integer,
            "bigint": self._long,
            "boolean": self._boolean,
            "lookup": self._lookup,
            "multiselectlookup": self._lookups,
        }
        check = checks.get(kind, self._text)
        return check(found, value, path)

    def _text(self, found: Field, value: Any, path: str) -> str | None:
        if not isinstance(value, str):
            raise wrong_type(found, path, "text")
        text = value.strip() if self._settings.flag("trim") else value
        if len(text) > found.length:
            if self._settings.text("long_text") == "error":
                raise too_long(found, path)
            text = text[: found.length]
        return text or None

    def _email(self, found: Field, value: Any, path: str) -> str | None:
        text = self._text(found, value, path)
        if text is not None and not _EMAIL.fullmatch(text):
            raise wrong_type(found, path, "email")
        return text

    def _choice(self, found: Field, value: Any, path: str) -> str | None:
        text = self._text(found, value, path)
        if text is None or text == EMPTY_CHOICE:
            return None
        if text not in found.options and self._settings.text("picklist") == "error":
            details = {
                "api_name": found.api_name,
                "json_path": path,
                "supported_values": list(found.options),
            }
            raise invalid("invalid data", details)
        return text

    def _choices(self, found: Field, value: Any, path: str) -> list[str] | None:
        if not isinstance(value, list):
            raise wrong_type(found, path, "jsonarray")
        chosen = [self._choice(found, item, f"{path}[{n}]") for n, item in enumerate(value)]
        return [item for item in chosen if item is not None] or None

    def _date(self, found: Field, value: Any, path: str) -> str:
        if not is_date(value):
            raise wrong_type(found, path, "date")
        return str(value)

    def _datetime(self, found: Field, value: Any, path: str) -> int:
        seconds = read_time(value, zulu=self._settings.flag("zulu_times"))
        if seconds is None:
            raise wrong_type(found, path, "datetime")
        return seconds

    def _integer(self, found: Field, value: Any, path: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong_type(found, path, "integer")
        if len(str(abs(value))) > found.length:
            raise too_long(found, path)
        return value

    def _long(self, found: Field, value: Any, path: str) -> str:
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not _DIGITS.fullmatch(text):
            raise wrong_type(found, path, "bigint")
        if len(text.lstrip("-")) > max(found.length, 1):
            raise too_long(found, path)
        return text

    def _boolean(self, found: Field, value: Any, path: str) -> bool:
        if not isinstance(value, bool):
            raise wrong_type(found, path, "boolean")
        return value

    def _decimal(self, found: Field, value: Any, path: str) -> float | int:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise wrong_type(found, path, "double")
        exact = Decimal(repr(value))
        if not exact.is_finite():
            raise wrong_type(found, path, "double")
        if len(str(abs(int(exact)))) > found.length:
            raise too_long(found, path)
        unit = Decimal(1).scaleb(-(found.decimals or 0))
        mode = self._settings.text("decimals")
        kept = exact.quantize(unit, ROUND_DOWN if mode == "cut" else ROUND_HALF_UP)
        if kept != exact and mode == "error":
            details = {"api_name": found.api_name, "json_path": path, "maximum_length": found.decimals}
            raise invalid("invalid data", details)
        return int(kept) if found.data_type != "percent" and kept == int(kept) else float(kept)

    def _user(self, found: Field, value: Any, path: str) -> str:
        user_id = _id_in(found, value, path)
        if user_id not in self._organization.users:
            raise unknown_id(f"{path}.id", "id")
        return user_id

    def _lookup(self, found: Field, value: Any, path: str) -> str:
        target = self._organization.modules.get(found.lookup_module or "")
        by_name = isinstance(value, dict) and "id" not in value and isinstance(value.get("name"), str)
        if by_name and target is not None and self._settings.flag("lookup_by_name"):
            named = [row for row in target.records if target.name_of(row) == value["name"]]
            if named:
                return str(named[0]["id"])
        record_id = _id_in(found, value, path)
        if target is not None and record_id not in target.records:
            raise unknown_id(f"{path}.id", "id")
        return record_id

    def _lookups(self, found: Field, value: Any, path: str) -> list[Row]:
        if not isinstance(value, list):
            raise wrong_type(found, path, "jsonarray")
        return [{"id": self._lookup(found, item, f"{path}[{n}]")} for n, item in enumerate(value)]


def wrong_type(found: Field, path: str, expected: str) -> RecordError:
    """The value is of another type."""
    return invalid(
        "invalid data", {"expected_data_type": expected, "api_name": found.api_name, "json_path": path}
    )


def too_long(found: Field, path: str) -> RecordError:
    """The value is longer than the field."""
    return invalid(
        "invalid data", {"maximum_length": found.length, "api_name": found.api_name, "json_path": path}
    )


def unknown_id(path: str, api_name: str) -> RecordError:
    """There is no such record or user."""
    return invalid("the id given seems to be invalid", {"api_name": api_name, "json_path": path})


def invalid(message: str, details: dict[str, Any]) -> RecordError:
    """A value that cannot be stored."""
    return RecordError("INVALID_DATA", message, details)


def _id_in(found: Field, value: Any, path: str) -> str:
    if not isinstance(value, dict):
        raise wrong_type(found, path, "jsonobject")
    given = value.get("id")
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(text, str) or not text.isdigit():
        raise wrong_type(found, f"{path}.id", "bigint")
    return text
