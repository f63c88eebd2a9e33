"""Writes the address book as its master business functions do (AAA, K:N0100059)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ml_sandbox.core.settings import VendorSettings
from ml_sandbox.jde.orchestrator.channels import Channels
from ml_sandbox.jde.orchestrator.definitions import Orchestration
from ml_sandbox.jde.orchestrator.entries import Entries, Given, compressed
from ml_sandbox.jde.orchestrator.outcome import StepRefusedError
from ml_sandbox.jde.store import Row, TableStore, Value

ADDRESS_BOOK = "Address book"
WHOS_WHO = "Who's who"
CUSTOMER_MASTER = "Customer master"
SUPPLIER_MASTER = "Supplier master"
SEARCH_TYPES = {"customer": "C", "supplier": "V"}
DEFAULT_COMPANY = "00000"
DEFAULT_BUSINESS_UNIT = "1"

Stamps = Callable[[TableStore], dict[str, Any]]


class Master:
    """The business functions, called by one user.

    Args:
        stores: the tables.
        settings: the vendor's settings.
        stamps: gives the audit date and time for a table.
        user: the user that is written into audit columns.
        next_number: gives the next address number.
        program: what is written as program id; without it, that of the form.
    """

    def __init__(
        self,
        stores: Mapping[str, TableStore],
        settings: VendorSettings,
        stamps: Stamps,
        user: str,
        next_number: Callable[[], int],
        program: str = "",
    ) -> None:
        self._stores = stores
        self._settings = settings
        self._stamps = stamps
        self._user = user
        self._next_number = next_number
        self._entries = Entries(settings, "yyyy-MM-dd" if program else "")
        self._fixed_program = program
        self._program = "P01012"
        self.channels = Channels(settings, stores["F0115"], stores["F01151"], self.write)

    def write(self, store: TableStore, old: Row, values: Row) -> None:
        """Store a row with changed values and the audit columns of now."""
        audit = {
            "USER": self._user,
            "PID": self._fixed_program or self._program,
            "JOBN": "AISSERVER",
            **self._stamps(store),
        }
        store.put({**old, **values, **audit})

    def add(
        self, orchestration: Orchestration, given: Given, number: int = 0
    ) -> tuple[int, list[StepRefusedError]]:
        """Add an address book record, with the next number unless one is given; gives it and the warnings."""
        if number and self._stores["F0101"].get(number) is not None:
            raise StepRefusedError(ADDRESS_BOOK, f"Address number {number} is in the address book already.")
        values = self._values(ADDRESS_BOOK, orchestration, given)
        warnings = list(self._duplicates(values["F0101"]))
        main: Row = {"AT1": SEARCH_TYPES[orchestration.kind], "MCU": DEFAULT_BUSINESS_UNIT}
        main |= {alias: value for alias, value in values["F0101"].items() if value != ""}
        if not self._settings.flag("stores_long_address"):
            main.pop("ALKY", None)
        number = number or self._next_number()
        stamps = self._stamps(self._stores["F0101"])
        start = values["F0116"].get("EFTB") or stamps["UPMJ"]
        entered = {"PDI": stamps["UPMJ"], "PTI": stamps["UPMT"]}
        flag = {"customer": "ATR", "supplier": "ATP"}[orchestration.kind]
        self.write(
            self._stores["F0101"],
            {"AN8": number, "EFTB": start, flag: "Y", **entered},
            {**main, "DC": compressed(str(main.get("ALPH", "")))},
        )
        self._write_line(number, 0, {"MLNM": main.get("ALPH", ""), **values["F0111"]}, main)
        self.write(self._stores["F0116"], {"AN8": number}, {**values["F0116"], "EFTB": start})
        return number, warnings

    def change(self, number: int, orchestration: Orchestration, given: Given) -> list[StepRefusedError]:
        """Change an address book record; gives the warnings."""
        old = self.existing(number)
        values = self._values(ADDRESS_BOOK, orchestration, given)
        main = values["F0101"]
        warnings = list(self._duplicates(main, number))
        if not self._settings.flag("stores_long_address"):
            main.pop("ALKY", None)
        if "ALPH" in main:
            if not main["ALPH"]:
                raise StepRefusedError(ADDRESS_BOOK, "Alpha Name is missing.")
            main["DC"] = compressed(str(main["ALPH"]))
        if main:
            self.write(self._stores["F0101"], old, main)
        if values["F0111"] or "ALPH" in main:
            self._write_line(number, 0, values["F0111"], main)
        if values["F0116"]:
            self._write_address(number, values["F0116"])
        return warnings

    def existing(self, number: int) -> Row:
        """Give the record of F0101 with a number; `StepRefusedError` when there is none."""
        row = self._stores["F0101"].get(number)
        if row is None:
            raise StepRefusedError(ADDRESS_BOOK, f"Address number {number} is not in the address book.")
        return row

    def write_role(self, number: int, orchestration: Orchestration, given: Given) -> None:
        """Write the customer master of a company, or the supplier master."""
        customer = orchestration.kind == "customer"
        step, table = (CUSTOMER_MASTER, "F03012") if customer else (SUPPLIER_MASTER, "F0401")
        self._program = "P03013" if customer else "P04012"
        values = self._values(step, orchestration, given)[table]
        company = values.pop("CO", "") or DEFAULT_COMPANY
        key: tuple[Value, ...] = (number, company) if customer else (number,)
        store = self._stores[table]
        old = store.get(*key)
        if not values and (old is not None or orchestration.action == "update"):
            return
        opened = {"AN8": number, "CO": company, "DAOJ": self._stamps(store)["UPMJ"]}
        self.write(store, old or (opened if customer else {"AN8": number}), values)

    def write_contact(self, number: int, line: int | None, orchestration: Orchestration, given: Given) -> int:
        """Add a who's who line, or change one; gives its number."""
        self.existing(number)
        self._program = "P0111"
        store = self._stores["F0111"]
        values = self._values(WHOS_WHO, orchestration, given)["F0111"]
        if line is None:
            line = max((int(row["IDLN"] or 0) for row in store.beginning(number)), default=0) + 1
        elif line == 0 or store.get(number, line) is None:
            raise StepRefusedError(WHOS_WHO, f"Address number {number} has no contact {line}.")
        if "ALPH" in values and not values["ALPH"]:
            raise StepRefusedError(WHOS_WHO, "Alpha Name is missing.")
        self._write_line(number, line, values, values)
        return line

    def find(self, orchestration: Orchestration, given: Given) -> int:
        """Give the address number that meets all inputs; 0 when none does, refused when several do."""
        wanted = self._values("Find", orchestration, given)
        tests = {alias: value for alias, value in wanted["F0101"].items() if value}
        mail = wanted["F01151"].get("EMAL")
        if not tests and not mail:
            raise StepRefusedError("Find", "Nothing is given to look for.")
        numbers = [self._numbers_of(alias, str(value)) for alias, value in tests.items()]
        if mail:
            numbers.append(self._owners_of(str(mail)))
        found = sorted(set.intersection(*numbers))
        if len(found) > 1:
            listed = ", ".join(map(str, found[:5]))
            raise StepRefusedError("Find", f"{len(found)} address numbers match: {listed}.")
        return found[0] if found else 0

    def _numbers_of(self, alias: str, value: str) -> set[int]:
        return {int(row["AN8"] or 0) for row in self._stores["F0101"].having(alias, value)}

    def _owners_of(self, mail: str) -> set[int]:
        """Give the address numbers with an e-mail address, whichever its letters' case."""
        rows = self._stores["F01151"].rows
        return {int(row["AN8"] or 0) for row in rows if str(row["EMAL"]).lower() == mail.lower()}

    def _values(self, step: str, orchestration: Orchestration, given: Given) -> dict[str, Row]:
        """Give what the inputs put into each table; phones and mails are not among them unless looked for."""
        values: dict[str, Row] = {
            name: {} for name in ("F0101", "F0111", "F0116", "F03012", "F0401", "F01151")
        }
        mine = {
            CUSTOMER_MASTER: ("F03012",), SUPPLIER_MASTER: ("F0401",), WHOS_WHO: ("F0111",),
            "Find": ("F0101", "F01151"),
        }.get(step, ("F0101", "F0111", "F0116"))  # fmt: skip
        for name, text in given.items():
            one = orchestration.inputs[name]
            if one.table in mine and one.alias not in ("AN8", "IDLN"):
                values[one.table][one.alias] = self._entries.value(step, one.alias, text)
        return values

    def _duplicates(self, values: Row, own: int = 0) -> Iterator[StepRefusedError]:
        """Check for records with the same long address or tax id, as far as it is switched on."""
        rule = self._settings.text("duplicate_check")
        wanted = {alias: values[alias] for alias in ("ALKY", "TAX") if values.get(alias)}
        if rule == "off" or not wanted:
            return
        store = self._stores["F0101"]
        for row in (row for alias, value in wanted.items() for row in store.having(alias, value)):
            same = [alias for alias, value in wanted.items() if row[alias] == value]
            if row["AN8"] != own:
                text = f"Address number {row['AN8']} has the same {' and '.join(same)}: duplicate record."
                problem = StepRefusedError(ADDRESS_BOOK, text)
                if rule == "error" or self._settings.flag("stop_on_warning"):
                    raise problem
                yield problem
                return

    def _write_line(self, number: int, line: int, values: Row, named: Row) -> None:
        store = self._stores["F0111"]
        old = store.get(number, line) or {"AN8": number, "IDLN": line}
        if "ALPH" in named:
            values = {**values, "ALPH": named["ALPH"], "DC": compressed(str(named["ALPH"]))}
            if line:
                values.setdefault("MLNM", named["ALPH"])
        self.write(store, old, values)

    def _write_address(self, number: int, values: Row) -> None:
        """Change the current address, or add one that begins on another day; F0101 follows when that came."""
        main, store = self._stores["F0101"], self._stores["F0116"]
        row = self.existing(number)
        start = values.get("EFTB") or row["EFTB"] or self._stamps(store)["UPMJ"]
        current = store.get(number, row["EFTB"]) or {"AN8": number}
        # A new address takes over what was not given, as the form shows it.
        old = store.get(number, start) or current
        self.write(store, old, {**values, "EFTB": start})
        today = self._stamps(store)["UPMJ"]
        if start != row["EFTB"] and str(start) <= today and str(start) > str(row["EFTB"] or ""):
            self.write(main, row, {"EFTB": start})
