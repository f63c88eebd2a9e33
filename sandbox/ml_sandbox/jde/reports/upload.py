"""R01010Z: turns rows of F0101Z2 into address book records (AAB)."""

from collections.abc import Callable, Mapping, Sequence

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.dictionary import Kind
from ml_sandbox.jde.orchestrator.definitions import ORCHESTRATIONS, Orchestration
from ml_sandbox.jde.orchestrator.master import Master
from ml_sandbox.jde.orchestrator.outcome import StepRefusedError
from ml_sandbox.jde.store import Row, TableStore

REPORT = "R01010Z"
VERSIONS = ("XJDE0001", "ML0001")
ADD, CHANGE = "A", "C"
PROCESSED, FAILED = "Y", "N"
# Columns of F0101 that no input of an orchestration leads to.
_FURTHER = ("TAXC", "ATP", "ATR", "RMK", "TXCT")
_TABLES = ("F0101", "F0111", "F0115", "F0116")


def waiting(store: TableStore, selection: Mapping[str, Sequence[str]]) -> list[Row]:
    """Give the rows that were not processed yet and that a data selection takes in."""
    return [
        row
        for row in store.rows
        if row["EDSP"] == "" and all(str(row[alias]) in values for alias, values in selection.items())
    ]


class AddressBookUpload:
    """Processes rows: additions first, then changes; EDSP becomes Y or N."""

    def __init__(
        self,
        stores: Mapping[str, TableStore],
        settings: VendorSettings,
        master: Callable[[], Master],
    ) -> None:
        self._stores = stores
        self._settings = settings
        self._master = master

    def process(self, rows: Sequence[Row], failing: set[int]) -> None:
        """Process rows; positions in ``failing`` are left as failed."""
        store = self._stores["F0101Z2"]
        batch_refused = self._settings.text("duplicate_check") == "error" and self._has_duplicate(rows)
        order = sorted(range(len(rows)), key=lambda position: rows[position]["TNAC"] == CHANGE)
        for position in order:
            row = rows[position]
            done = position not in failing and not batch_refused and self._process_row(row)
            self._master().write(store, row, {"EDSP": PROCESSED if done else FAILED})

    def _process_row(self, row: Row) -> bool:
        kind = "supplier" if row["AT1"] == "V" else "customer"
        action = "create" if row["TNAC"] == ADD else "update"
        orchestration = ORCHESTRATIONS[f"ML_{action.title()}{kind.title()}"]
        given = _given(orchestration, row)
        try:
            if row["TNAC"] not in (ADD, CHANGE) or (row["TNAC"] == ADD and not row["ALPH"]):
                return False
            master = self._master()
            if row["TNAC"] == ADD:
                number, _ = master.add(orchestration, given, int(row["AN8"] or 0))
            else:
                number = self._number_of(row)
                master.change(number, orchestration, given)
            further = {alias: row[alias] for alias in _FURTHER if row[alias] != ""}
            if further:
                master.write(self._stores["F0101"], master.existing(number), further)
            master.channels.write_phones(number, 0, given)
        except StepRefusedError:
            return False
        return True

    def _number_of(self, row: Row) -> int:
        if row["AN8"]:
            return int(row["AN8"] or 0)
        found = self._stores["F0101"].having("ALKY", row["ALKY"]) if row["ALKY"] else []
        return int(found[0]["AN8"] or 0) if len(found) == 1 else 0

    def _has_duplicate(self, rows: Sequence[Row]) -> bool:
        """Say whether an addition has the long address or tax id of a record or of another row."""
        for alias in ("ALKY", "TAX"):
            known = {row[alias] for row in self._stores["F0101"].rows if row[alias]}
            for row in rows:
                if row["TNAC"] == ADD and row[alias]:
                    if row[alias] in known:
                        return True
                    known.add(row[alias])
        return False


def _given(orchestration: Orchestration, row: Row) -> dict[str, str]:
    """Give the columns that are not blank as inputs of the business functions."""
    given = {
        one.name: str(row[one.alias])
        for one in orchestration.inputs.values()
        if one.table in _TABLES and one.name != "Fax" and row.get(one.alias)
    }
    if row["AR1"] and row["PH1"]:
        given["Phone"] = f"{row['AR1']} {row['PH1']}"
    given.pop("Address Number", None)
    return given


def selectable(store: TableStore, alias: str) -> bool:
    """Say whether a data selection can name a column."""
    item = store.spec.columns.get(alias)
    return item is not None and item.kind is Kind.TEXT
