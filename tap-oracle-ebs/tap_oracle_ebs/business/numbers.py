"""Exact sums: NUMBER has up to 38 digits, so money is never a float and never rounded on the way."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import Any

EXACT = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_UP)
"""Enough digits for products and sums of NUMBER."""

ZERO = Decimal(0)
_CENT = Decimal("0.01")


def exact(value: Any) -> Decimal:
    """Return a number that the workspace keeps, or a row has; null counts as 0."""
    return ZERO if value is None else Decimal(value)


def rounded(amount: Decimal) -> Decimal:
    """Return an amount with two decimals; halves go away from zero, as ROUND does."""
    return amount.quantize(_CENT, context=EXACT)
