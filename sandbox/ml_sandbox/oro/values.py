"""What becomes of attribute values that are sent, and what is wrong with them."""

import re
from typing import Any

from ml_sandbox.oro.errors import Problem
from ml_sandbox.oro.schema import Attribute, Kind
from ml_sandbox.oro.times import read_date, read_instant

INVALID = "This value is not valid."
BLANK = "This value should not be blank."
MAX_INTEGER = 2**31 - 1
MAX_BIGINT = 2**63 - 1
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class ValueProblemError(Exception):
    """A value cannot be stored."""

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(title, detail)
        self.title = title
        self.detail = detail

    def problem(self, pointer: str) -> Problem:
        """The error of the attribute at this place."""
        return Problem(400, self.title, self.detail, pointer)


def cleaned(attribute: Attribute, value: Any, *, trim: bool) -> Any:
    """The value as it is stored; :class:`ValueProblemError` when it cannot be."""
    if value is None:
        return () if attribute.kind is Kind.ITEMS else None
    if attribute.kind is Kind.ITEMS:
        return _items(attribute, value, trim=trim)
    if attribute.kind in {Kind.STRING, Kind.TEXT, Kind.EMAIL}:
        return _text(attribute, value, trim=trim)
    return _other(attribute.kind, value)


def blank() -> ValueProblemError:
    """A required value is missing."""
    return ValueProblemError("not blank constraint", BLANK)


def _invalid() -> ValueProblemError:
    return ValueProblemError("form constraint", INVALID)


def _text(attribute: Attribute, value: Any, *, trim: bool) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _invalid()
    text = str(value).strip() if trim else str(value)
    if not text:
        return None
    if attribute.length is not None and len(text) > attribute.length:
        detail = f"This value is too long. It should have {attribute.length} characters or less."
        raise ValueProblemError("length constraint", detail)
    if attribute.choices and text not in attribute.choices:
        raise ValueProblemError("choice constraint", "The value you selected is not a valid choice.")
    if attribute.kind is Kind.EMAIL and not _EMAIL.fullmatch(text):
        raise ValueProblemError("email constraint", "This value is not a valid email address.")
    return text


def _other(kind: Kind, value: Any) -> Any:
    found: Any = None
    if kind is Kind.BOOLEAN:
        found = value if isinstance(value, bool) else None
    elif kind is Kind.DATETIME:
        found = read_instant(value)
    elif kind is Kind.DATE:
        found = read_date(value)
    else:
        found = _number(kind, value)
    if found is None:
        raise _invalid()
    return found


def _number(kind: Kind, value: Any) -> int | str | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if not re.fullmatch(r"-?\d{1,19}", str(value), re.ASCII):
        return None
    number = int(value)
    if abs(number) > (MAX_BIGINT if kind is Kind.BIGINT else MAX_INTEGER):
        return None
    # Numbers of 64 bits are texts in JSON, which has none so large.
    return str(number) if kind is Kind.BIGINT else number


def _items(attribute: Attribute, value: Any, *, trim: bool) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _invalid()
    inner = Attribute(attribute.name, Kind.EMAIL if "mail" in attribute.name else Kind.STRING)
    texts = [_text(inner, _inner(attribute, one), trim=trim) for one in value]
    if None in texts:
        raise blank()
    return tuple(dict.fromkeys(text for text in texts if text is not None))


def _inner(attribute: Attribute, one: Any) -> Any:
    key = attribute.item or "email"
    if isinstance(one, dict):
        if set(one) != {key}:
            raise _invalid()
        return one[key] if one[key] is not None else ""
    if attribute.item:
        raise _invalid()
    return one
