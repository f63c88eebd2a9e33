"""Writing one record per request, several requests at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ml_connector.http import Parallel
from ml_connector.sync import Done, Sent, WriteEvent, WriteItem, WriteResult

_AT_ONCE = 100  # how many are noted as sent together: what a killed run has to look for again

Item = TypeVar("Item")
Write = Callable[[WriteItem], WriteResult]


def chunks(items: Sequence[Item], size: int = _AT_ONCE) -> Iterator[Sequence[Item]]:
    """At most `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def written_singly(
    parallel: Parallel, write: Write, items: Sequence[WriteItem], fence: Callable[[], None]
) -> Iterator[WriteEvent]:
    """Each item by itself; after the first fault nothing new is sent."""
    for chunk in chunks(items):
        fence()
        yield Sent(chunk, None)
        yield from settled_singly(parallel, write, chunk, fence)


def settled_singly(
    parallel: Parallel, write: Write, items: Sequence[WriteItem], fence: Callable[[], None]
) -> Iterator[Done]:
    """The results of `write`; what ended before a fault is told before the fault is raised."""
    ended = parallel.settle(write, _fenced(items, fence))
    if results := [each.result for each in ended if each.result is not None]:
        yield Done(results)
    for each in ended:
        if each.error is not None:
            raise each.error


def _fenced(items: Sequence[WriteItem], fence: Callable[[], None]) -> Iterator[WriteItem]:
    """The items as they are drawn, in the drawing thread: the lease is looked at before each."""
    for item in items:
        fence()
        yield item
