"""What every way of reading is asked for, and what it gives."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from ml_connector.errors import ConnectorError

Raw = dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """Records of `module`, the fields `names` of each; `dated`: it tells when they changed.

    Those that changed from `start` on and up to `end`, both included and None for an open end.
    `resumable`: what was read of it counts, should the rest not come.
    """

    module: str
    names: Sequence[str]
    dated: bool = True
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    resumable: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class Chunk:
    """Rows as they came. `complete_until`: all that changed before was given; None where it is not known."""

    rows: Sequence[Raw]
    extracted: dt.datetime
    complete_until: dt.datetime | None = None


class WayRefused(ConnectorError):
    """This way does not do for a module or an organisation; another may. Nothing was read."""
