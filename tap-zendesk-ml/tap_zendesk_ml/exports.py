"""The pages of an incremental export, in either of its dialects (Incremental Exports)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ml_connector.errors import PassingFault, RecordFault, SystemFault
from ml_connector.vendors.zendesk.client import ZendeskClient
from ml_connector.vendors.zendesk.faults import PageTooLarge

Row = dict[str, Any]
Position = dict[str, Any]

LEAST_AGE = 61
"""Seconds that a start must lie in the past: Zendesk refuses 60 and less."""

_PAGES_BEFORE_GROWTH = 4
_REPEATS = 20

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """Rows of an export, and where to go on after them. `extracted`: before they were asked for."""

    rows: list[Row]
    position: Position
    extracted: dt.datetime
    is_last: bool


class Export:
    """One export. `name`: the last part of its path and the member of its answers.

    A position is `{"cursor": ...}` or `{"start_time": Unix seconds}`. `fallback`: where to begin in Unix
    seconds when a cursor of an earlier run is not accepted any more. `moment` tells the time of a row, of an
    export by time that has cursor pages too: they lead through a second of many rows.
    """

    def __init__(
        self,
        client: ZendeskClient,
        name: str,
        *,
        cursors: bool,
        page_size: int,
        params: Mapping[str, str] | None = None,
        fallback: int = 0,
        moment: Callable[[Row], float] | None = None,
    ) -> None:
        self._client = client
        self.name = name
        self._cursors = cursors
        self._path = f"/api/v2/incremental/{name}{'/cursor' if cursors else ''}"
        self._params = dict(params or {})
        self._fallback = fallback
        self._moment = moment
        self._largest = self._size = page_size
        self._good_pages = 0

    def pages(self, position: Position) -> Iterator[Page]:
        """Yield all pages after a position.

        Raises:
            SystemFault: more rows share one second than a page can hold, where only times lead on.
            PassingFault: the vendor's answers do not lead on.
        """
        repeats = 0
        while True:
            extracted = dt.datetime.now(dt.UTC)
            answer, position = self._fetch(position)
            rows = [row for row in answer.get(self.name) or () if isinstance(row, dict)]
            ended = self._has_ended(answer)
            after = self._after(answer, position)
            if not ended and after == position:
                if self._size < self._largest and repeats < _REPEATS:
                    # A page that was made small may be filled by rows of one second.
                    self._size, repeats = min(self._largest, self._size * 2), repeats + 1
                    continue
                if self._moment is None or not rows:
                    raise self._stuck(position, len(rows))
                yield from self._through(position["start_time"], self._moment)
                position = {"start_time": position["start_time"] + 1}
                continue
            yield Page(rows, after, extracted, ended)
            if ended:
                return
            position, repeats = after, 0

    def clamped(self, seconds: float) -> int:
        """A start that the vendor accepts: `seconds`, or what is old enough."""
        return max(0, min(int(seconds), int(self._client.now().timestamp()) - LEAST_AGE))

    def _fetch(self, position: Position) -> tuple[Row, Position]:
        while True:
            try:
                answer = self._client.get(self._path, **self._params, **position, per_page=self._size)
            except PageTooLarge:
                self._size, self._good_pages = max(1, self._size // 2), 0
                log.warning("%s: Zendesk gave up on a page; asking for %d rows.", self.name, self._size)
            except RecordFault as fault:
                position = self._mended(position, fault)
            else:
                self._grow()
                return answer, position

    def _mended(self, position: Position, fault: RecordFault) -> Position:
        """Another position instead of a refused one: an older time by Zendesk's clock, or no old cursor."""
        seconds = position.get("start_time", self._fallback)
        older = {"start_time": self.clamped(seconds)}
        if older == position or not seconds:
            raise SystemFault(
                f"Zendesk refused the export of {self.name}: {fault.message}",
                fix="Check `start_date`; if the state holds a cursor that is none any more, run once with "
                "--full-refresh.",
            ) from fault
        log.warning("%s: %s Going on from %s.", self.name, fault.message, older)
        return older

    def _through(self, second: int, moment: Callable[[Row], float]) -> Iterator[Page]:
        """Yield the rows of one second, and what else is on their cursor pages."""
        at: Position = {"start_time": second}
        params: Row = {**self._params, **at}
        for rows, extracted in self._client.listing(self._path, self.name, **params):
            yield Page(rows, at, extracted, is_last=False)
            if any(moment(row) > second for row in rows):
                return

    def _grow(self) -> None:
        self._good_pages += 1
        if self._size < self._largest and self._good_pages >= _PAGES_BEFORE_GROWTH:
            self._size, self._good_pages = min(self._largest, self._size * 2), 0

    def _has_ended(self, answer: Row) -> bool:
        if "end_of_stream" in answer:
            return bool(answer["end_of_stream"])
        return not (answer.get("after_cursor") if self._cursors else answer.get("next_page"))

    def _after(self, answer: Row, position: Position) -> Position:
        if self._cursors:
            cursor = answer.get("after_cursor")
            return {"cursor": cursor} if cursor else position
        end = answer.get("end_time")
        return {"start_time": int(end)} if isinstance(end, (int, float)) and end else position

    def _stuck(self, position: Position, rows: int) -> Exception:
        if self._cursors or not rows:
            return PassingFault(
                f"Zendesk's export of {self.name} gave the same position again before its end.",
                fix="Run again later; if it stays, ask Zendesk's support.",
            )
        moment = dt.datetime.fromtimestamp(position["start_time"], dt.UTC).isoformat()
        return SystemFault(
            f"{rows} rows of Zendesk's export of {self.name} share the second {moment}: a page can hold "
            f"{self._largest}, and only times lead on, so the export repeats itself.",
            fix="Comments can be read with `comments_from: tickets` instead; of other streams skip the "
            "second by `start_date` and a full refresh, and read its records by `record_ids`.",
        )
