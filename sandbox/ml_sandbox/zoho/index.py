"""What the search knows: records as they were a while ago (SRCH)."""

from collections import defaultdict, deque

from ml_sandbox.core.clock import SandboxClock
from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.core.table import Row


class SearchIndex:
    """Records by module and id, each in the state that the search finds it by."""

    def __init__(self, clock: SandboxClock, settings: VendorSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._waiting: deque[tuple[float, str, Row]] = deque()
        self._rows: dict[str, dict[str, Row]] = defaultdict(dict)

    def note(self, module: str, row: Row) -> None:
        """A record was written."""
        due = self._clock.monotonic() + self._settings.number("index_delay_seconds")
        self._waiting.append((due, module, row))

    def rows(self, module: str) -> dict[str, Row]:
        """The records of a module by id, as far as the search knows them."""
        now = self._clock.monotonic()
        while self._waiting and self._waiting[0][0] <= now:
            _, written, row = self._waiting.popleft()
            self._rows[written][row["id"]] = row
        return self._rows[module]

    def clear(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._rows.clear()
