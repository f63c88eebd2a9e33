"""The numbers of a run: what was read and how it ended. One JSON line at its end, progress in between."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ml_connector.errors import SystemFault
from ml_connector.redaction import redact
from ml_connector.sync import OUTCOMES, Outcome

log = logging.getLogger(__name__)

_LOG_SECONDS = 10.0


class Summary:
    """Counts of one run. read = sum of outcomes + filtered + open, by promise.

    `missing` are no records that were read, but those that a scan of the source did not find any more;
    each of them has one outcome too, counted apart.
    """

    def __init__(self) -> None:
        self.read = 0
        self.filtered = 0
        self.outcomes: Counter[str] = Counter()
        self.found_missing = 0
        self.missing: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.warned: Counter[str] = Counter()
        self.warnings: list[str] = []
        self.bookmark: str | None = None
        self._started = time.monotonic()
        self._logged = self._started

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """These records ended; what they changed of fields that the target keeps is counted by field, those
        that the vendor wrote with a warning by object.
        """
        for outcome in outcomes:
            self.outcomes[outcome.kind] += 1
            if outcome.warnings:
                self._note_warnings(outcome)
            for name in outcome.kept:
                self.kept[f"{outcome.incoming.route.object}.{name}"] += 1
                log.info(
                    "%s %s: %s differs from the source and is kept, by setting.",
                    outcome.incoming.route.object,
                    outcome.incoming.identity,
                    name,
                )

    def _note_warnings(self, outcome: Outcome) -> None:
        name = outcome.incoming.route.object
        self.warned[name] += 1
        text = redact("; ".join(outcome.warnings))
        log.warning("%s %s was %s with warnings: %s", name, outcome.key, outcome.kind, text)

    def count_missing(self, found: int, outcomes: Iterable[Outcome]) -> None:
        """So many source records are gone, and ended like this."""
        self.found_missing += found
        self.missing.update(outcome.kind for outcome in outcomes)

    def check(self) -> None:
        """Compare what came with what ended.

        Raises:
            SystemFault: a record has no outcome, against promise.
        """
        sums = (
            (self.read, "records were read", self.done),
            (self.found_missing, "records were missing", self.missing.total()),
        )
        for count, what, ended in sums:
            if count != ended:
                raise SystemFault(
                    f"{count} {what} and {ended} have an outcome.",
                    fix="This is a fault of ml-connector. STATE was not advanced past them; please "
                    "report it.",
                )

    @property
    def done(self) -> int:
        """Records that ended, filtered ones included."""
        return self.outcomes.total() + self.filtered

    def warn(self, message: str) -> None:
        """Something a person should know of; said once and kept in the run's summary."""
        if message not in self.warnings:
            self.warnings.append(message)
            log.warning("%s", message)

    def progress(self) -> dict[str, Any]:
        """How far the run is. A target does not know how much will come."""
        seconds = max(time.monotonic() - self._started, 1e-6)
        return {"done": self.done, "expected": None, "rate": round(self.done / seconds, 1)}

    def log_progress(self, waiting: int) -> None:
        """A line every ten seconds of a long run."""
        now = time.monotonic()
        if now - self._logged < _LOG_SECONDS:
            return
        self._logged = now
        rate = self.progress()["rate"]
        counts = ", ".join(f"{self.outcomes[name]} {name}" for name in OUTCOMES if self.outcomes[name])
        left = self.read - self.done
        eta = f", about {left / rate:.0f} s for the {left} in hand" if rate and left > 0 else ""
        log.info(
            "%d records read, %d done (%s), %d waiting, %.0f records/s%s",
            self.read,
            self.done,
            counts or "none settled",
            waiting,
            rate,
            eta,
        )

    def as_dict(self) -> dict[str, Any]:
        """The numbers as they are kept in the ledger and printed."""
        return {
            "read": self.read,
            "outcomes": {name: self.outcomes[name] for name in OUTCOMES},
            "filtered": self.filtered,
            "missing": {name: self.missing[name] for name in OUTCOMES if self.missing[name]},
            "seconds": round(time.monotonic() - self._started, 3),
            "bookmark": self.bookmark,
            "progress": self.progress(),
            "kept": dict(self.kept),
            "warned": dict(self.warned),
            "warnings": list(self.warnings),
        }
