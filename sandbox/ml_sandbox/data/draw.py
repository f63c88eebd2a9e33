"""Random draws that are the same for the same seed on every machine and Python release."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Draw:
    """A seeded source of choices.

    Only `Random.random` is used: it is the one method whose sequence Python promises to keep.
    """

    def __init__(self, *seed: int | str) -> None:
        # Seeding with text is promised too, and keeps seeds such as (1, "gl") apart.
        self._random = Random("/".join(map(str, seed))).random  # noqa: S311 - data, not secrets

    def below(self, limit: int) -> int:
        """Give a whole number from 0 to `limit - 1`."""
        return int(self._random() * limit)

    def between(self, low: int, high: int) -> int:
        """Give a whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Say yes in `share` (0 to 1) of the calls."""
        return self._random() < share

    def pick(self, items: Sequence[Item]) -> Item:
        """Give one of `items`."""
        return items[int(self._random() * len(items))]

    def digits(self, count: int) -> str:
        """Give a text of `count` decimal digits, the first of them not 0."""
        return str(self.between(10 ** (count - 1), 10**count - 1))

    def money(self, low: int, high: int) -> Decimal:
        """Give an amount of two decimals between `low` and `high` units."""
        return Decimal(self.between(low * 100, high * 100)).scaleb(-2)
