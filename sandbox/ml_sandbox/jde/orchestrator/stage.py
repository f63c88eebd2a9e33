"""Rows of F0101Z2 that an orchestration adds for R01010Z."""

from collections.abc import Sequence
from typing import Any

from ml_sandbox.jde.orchestrator.entries import Entries, as_text
from ml_sandbox.jde.orchestrator.master import Master
from ml_sandbox.jde.orchestrator.outcome import StepRefusedError
from ml_sandbox.jde.store import Row, TableStore

STAGE = "Stage"
REQUIRED = ("EDUS", "EDBT", "EDTN", "EDLN")


def stage_rows(rows: Sequence[Any], store: TableStore, entries: Entries, master: Master) -> int:
    """Add the rows with EDSP blank; gives how many. What is wrong with one refuses all."""
    read = [_row(row, store, entries) for row in rows]
    for row in read:
        if store.get(*store.key_of(row)) is not None:
            raise StepRefusedError(STAGE, f"F0101Z2 has the row {store.key_of(row)} already.")
    for row in read:
        master.write(store, {"EDSP": ""}, row)
    return len(read)


def _row(given: Any, store: TableStore, entries: Entries) -> Row:
    if not isinstance(given, dict):
        raise StepRefusedError(STAGE, "Each of the rows must be an object.")
    unknown = [name for name in given if name not in store.spec.columns]
    if unknown:
        raise StepRefusedError(STAGE, f"F0101Z2 has no column {unknown[0]}.")
    row = {name: entries.value(STAGE, name, as_text(value)) for name, value in given.items()}
    missing = [name for name in REQUIRED if not row.get(name)]
    if missing:
        raise StepRefusedError(STAGE, f"{', '.join(missing)} must be given for each of the rows.")
    return row
