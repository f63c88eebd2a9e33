"""Work in several threads, as many as the vendor bears."""

from __future__ import annotations

import dataclasses
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

from ml_connector.http._session import Session

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclasses.dataclass(frozen=True, slots=True)
class Done(Generic[Item, Result]):
    """How one item ended: with `result`, with `error`, or with neither if it was never `started`."""

    item: Item
    result: Result | None = None
    error: Exception | None = None
    started: bool = True


class Parallel:
    """Threads whose number is halved by a 429 and grows again by one after each full round without one.

    `maximum` bounds the threads; 429s are heard from `session`, or told by `throttled()`. Results come in
    the order of the items. After the first error nothing new is started; what runs is waited for.
    """

    def __init__(self, maximum: int, session: Session | None = None) -> None:
        self.maximum = max(1, maximum)
        self._width = float(self.maximum)
        self._lock = threading.Lock()
        self._since_cut = self.maximum
        if session is not None:
            session.on_throttled(self.throttled)

    @property
    def width(self) -> int:
        """How many items are worked on at once, now."""
        return max(1, int(self._width))

    def throttled(self) -> None:
        """Halve the width; the 429s of one round, sent before the cut could act, count as one."""
        with self._lock:
            if self._since_cut < self.width:
                return
            self._since_cut = 0
            self._width = max(1.0, self._width / 2)

    def _succeeded(self) -> None:
        with self._lock:
            self._since_cut += 1
            self._width = min(float(self.maximum), self._width + 1 / self._width)

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield `function(item)` for each item, in order. The first error is raised in its item's place.

        Items are drawn as they are needed: at most twice `maximum` are under way or waiting to be taken.
        """
        for done in self._run(function, items):
            if done.error is not None:
                raise done.error
            if not done.started:
                return
            yield done.result  # type: ignore[misc]  # a started item without error has its result

    def settle(self, function: Callable[[Item], Result], items: Iterable[Item]) -> list[Done[Item, Result]]:
        """Return how each item ended, in order, errors included; none is started after the first."""
        return list(self._run(function, items))

    def _run(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Done[Item, Result]]:
        source = iter(items)
        failed = threading.Event()
        with ThreadPoolExecutor(self.maximum, thread_name_prefix="parallel") as pool:
            try:
                yield from self._feed(pool, function, source, failed)
            finally:
                # A consumer that stops early starts nothing more.
                failed.set()
        for item in source:
            yield Done(item, started=False)

    def _feed(
        self,
        pool: ThreadPoolExecutor,
        function: Callable[[Item], Result],
        source: Iterator[Item],
        failed: threading.Event,
    ) -> Iterator[Done[Item, Result]]:
        running: deque[Future[Done[Item, Result]]] = deque()
        exhausted = False
        while True:
            while not exhausted and not failed.is_set() and self._has_room(running):
                try:
                    item = next(source)
                except StopIteration:
                    exhausted = True
                    break
                running.append(pool.submit(self._work, function, item, failed))
            if not running:
                return
            if running[0].done():
                yield running.popleft().result()
            else:
                wait([future for future in running if not future.done()], return_when=FIRST_COMPLETED)

    def _has_room(self, running: deque[Future[Done[Item, Result]]]) -> bool:
        busy = sum(not future.done() for future in running)
        return busy < self.width and len(running) < 2 * self.maximum

    def _work(
        self, function: Callable[[Item], Result], item: Item, failed: threading.Event
    ) -> Done[Item, Result]:
        if failed.is_set():
            return Done(item, started=False)
        try:
            result = function(item)
        except Exception as error:
            failed.set()
            return Done(item, error=error)
        self._succeeded()
        return Done(item, result=result)
