"""Sealing of what must be kept whole: letters and held values.

With a key (`ML_CONNECTOR_KEY`, see `vault`) content is encrypted; without one it is stored as it is,
with a marker, so that setting a key later needs no migration.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from cryptography.fernet import InvalidToken, MultiFernet

from ml_connector.errors import SystemFault

_PLAIN = b"p:"
_SEALED = b"f:"
_encoder = msgspec.json.Encoder(decimal_format="number")
# As Singer lines are read: a number comes back with all its digits, and the digest of its record with it.
_decoder = msgspec.json.Decoder(float_hook=Decimal)


class Sealer:
    """Turns values fit for JSON into bytes and back. `fernet` is None where no key is set."""

    def __init__(self, fernet: MultiFernet | None = None) -> None:
        self._fernet = fernet

    def close(self, value: Any) -> bytes:
        """The value as bytes, encrypted when there is a key."""
        plain = _encoder.encode(value)
        return _SEALED + self._fernet.encrypt(plain) if self._fernet else _PLAIN + plain

    def open(self, content: bytes | None) -> Any:
        """The value again; None stays None.

        Raises:
            SystemFault: it was encrypted with a key that is not at hand.
        """
        if content is None:
            return None
        if content.startswith(_PLAIN):
            return _decoder.decode(content[len(_PLAIN) :])
        if self._fernet is None:
            raise SystemFault(
                "A letter in the ledger is encrypted and no key is set.",
                fix="Set ML_CONNECTOR_KEY to the key it was written with.",
            )
        try:
            return _decoder.decode(self._fernet.decrypt(content[len(_SEALED) :]))
        except InvalidToken:
            raise SystemFault(
                "A letter in the ledger was encrypted with another key.",
                fix="Add the old key behind the new one: ML_CONNECTOR_KEY=new,old.",
            ) from None
