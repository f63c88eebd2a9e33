"""What a run says about itself: a progress line now and then, one JSON line at its end."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

PROGRESS_SECONDS = 10.0


class Progress:
    """Counts the records of a stream and logs a line every ten seconds."""

    def __init__(self, logger: logging.Logger, stream: str, *, every: float = PROGRESS_SECONDS) -> None:
        self._logger = logger
        self._stream = stream
        self._every = every
        self._started = self._said = time.monotonic()
        self.records = 0

    def count(self, records: int, done: float | None = None) -> None:
        """Add records; `done` is the share of the work that is finished, from 0 to 1, where known."""
        self.records += records
        now = time.monotonic()
        if now - self._said < self._every:
            return
        self._said = now
        seconds = now - self._started
        line = f"{self._stream}: {self.records:,} records in {seconds:.0f} s, {self.records / seconds:,.0f}/s"
        if done:
            line += f", {done:.0%} done, about {seconds / done - seconds:.0f} s left"
        self._logger.info("%s", line)


class RunSummary:
    """The numbers of one run."""

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._started = time.monotonic()
        self.records: Counter[str] = Counter()
        self.scanned: Counter[str] = Counter()  # records or keys sent only to find deleted ones

    def as_dict(
        self, exit_code: int, traffic: Mapping[str, Any], quota_left: Mapping[str, float]
    ) -> dict[str, Any]:
        """Return the summary as JSON-ready object; seconds are wall time."""
        return {
            "plugin": self._plugin,
            "exit_code": exit_code,
            "seconds": round(time.monotonic() - self._started, 3),
            "records": dict(sorted(self.records.items())),
            "scanned": dict(sorted(self.scanned.items())),
            "requests": traffic.get("requests", 0),
            "retries": traffic.get("retries", 0),
            "throttled": traffic.get("throttled", 0),
            "renewals": traffic.get("renewals", 0),
            "seconds_waited": round(float(traffic.get("seconds_waited", 0)), 3),
            "quota_left": dict(quota_left),
        }

    def say(
        self,
        logger: logging.Logger,
        exit_code: int,
        traffic: Mapping[str, Any],
        quota_left: Mapping[str, float],
        more: Mapping[str, Any],
    ) -> None:
        """Log the summary as one line: `run summary {...}`, as targets do; `more` is the plugin's own."""
        summary = {**self.as_dict(exit_code, traffic, quota_left), **more}
        logger.info("run summary %s", json.dumps(summary, ensure_ascii=False))
