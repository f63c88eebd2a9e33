"""Digests of records and of field values: what the ledger remembers instead of the values.

A value is brought into one form first: null, empty and blank are one value, 1 and 1.0 are one number,
mappings ignore the order of their keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from typing import Any

import msgspec

RECORD_DIGEST_BYTES = 16
FIELD_DIGEST_BYTES = 8

_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="number")


_EXACT = Context(prec=1_000)  # only drops zeros: a shorter precision would round


def is_blank(value: object) -> bool:
    """True for null, the empty string, blanks only, and an empty list or mapping."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (list, tuple, set, frozenset, dict)) and not value


def canonical(value: Any) -> Any:
    """One form per value, fit for JSON: blank is None, numbers lose trailing zeros, sets are sorted."""
    if is_blank(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, (set, frozenset)):
        return sorted((canonical(item) for item in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [canonical(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    return value


def _number(value: float | Decimal) -> str | int | Decimal:
    if isinstance(value, int):
        return value
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return str(number)
    if number == number.to_integral_value() and abs(number) < Decimal(10) ** 38:
        return int(number)
    return number.normalize(_EXACT)


class Digester:
    """Keyed digests. `key` (≤ 64 bytes) belongs to one ledger, so digests cannot be compared across."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def record(self, record: Mapping[str, Any]) -> bytes:
        """16 bytes for a raw record, whatever the order of its fields."""
        return hashlib.blake2b(
            _encoder.encode(record), digest_size=RECORD_DIGEST_BYTES, key=self._key
        ).digest()

    def value(self, value: Any) -> bytes:
        """8 bytes for one field's value, in its canonical form."""
        return hashlib.blake2b(
            _encoder.encode(canonical(value)), digest_size=FIELD_DIGEST_BYTES, key=self._key
        ).digest()

    def elements(self, values: Iterable[Any]) -> bytes:
        """8 bytes per element of a set field, sorted: equal for equal sets, empty for an empty one."""
        return b"".join(sorted({self.value(value) for value in values if not is_blank(value)}))


def split_elements(digests: bytes) -> set[bytes]:
    """The digests of the elements of a set field."""
    width = FIELD_DIGEST_BYTES
    return {digests[start : start + width] for start in range(0, len(digests), width)}
