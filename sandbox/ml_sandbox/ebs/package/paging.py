"""Pages by key: what follows the last key, never by position unless asked for."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ml_sandbox.ebs.package.inputs import Key, Reading

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of the items, and whether more follow."""

    items: Sequence[Item]
    has_more: bool


def page_of(items: Sequence[Item], key_of: Callable[[Item], Any], reading: Reading) -> Page[Item]:
    """Give the page that is asked for of items that rise by key."""
    last: Key | None = reading.last_key
    start = 0 if last is None else bisect_right(items, last, key=key_of)
    start += reading.offset
    stop = start + reading.limit
    return Page(items[start:stop], len(items) > stop)
