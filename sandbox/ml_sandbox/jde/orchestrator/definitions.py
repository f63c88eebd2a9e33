"""The orchestrations that are deployed: their inputs, the columns that these end in, their outputs.

JD Edwards brings none for the address book; names and inputs are those of a site, here of this project.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ml_sandbox.jde.dictionary import ITEMS, Kind, spread

_MASTER = """
F0101 ALKY Long Address|F0101 ALPH Name|F0101 ALP1 Secondary Name|F0111 MLNM Mailing Name|F0101 TAX Tax Id
F0101 TX2 Additional Tax Id|F0101 AT1 Search Type|F0101 MCU Business Unit|F0101 SIC Industry Code
F0101 LNGP Language|F0101 CM Credit Message|F0101 AC01-30 Category Code|F0116 ADD1 Address Line 1
F0116 ADD2 Address Line 2|F0116 ADD3 Address Line 3|F0116 ADD4 Address Line 4|F0116 CTY1 City
F0116 COUN County|F0116 ADDS State|F0116 ADDZ Postal Code|F0116 CTR Country
F0116 EFTB Address Effective Date|F0115 PH1 Phone|F0115 PHTP Phone Type|F0115 PH1 Fax|F01151 EMAL Email
F01151 EMAL Website
"""
_CUSTOMER = """
F03012 CO Company|F03012 TRAR Payment Terms|F03012 ACL Credit Limit|F03012 TSTA Temporary Credit Message
F03012 HOLD Hold Code|F03012 HDAR Hold Invoices|F03012 CRCD Currency|F03012 TXA1 Tax Area
F03012 EXR1 Tax Explanation|F03012 CPGP Price Group|F03012 AC01-30 Customer Category
"""
_SUPPLIER = """
F0401 TRAP Payment Terms|F0401 CRRP Currency|F0401 HOLD Hold Code|F0401 HDPY Hold Payment
F0401 PYIN Payment Instrument|F0401 TXA2 Tax Area|F0401 EXR2 Tax Explanation
"""
_CONTACT = """
F0111 ALPH Name|F0111 GNNM Given Name|F0111 MDNM Middle Name|F0111 SRNM Surname|F0111 ATTL Title
F0111 SLNM Salutation|F0111 TYC Contact Type|F0115 PH1 Phone|F0115 PH1 Mobile|F01151 EMAL Email
"""
_LOOKUP = "F0101 ALKY Long Address|F0101 TAX Tax Id|F01151 EMAL Email"

ADDRESS_NUMBER = "Address Number"
LINE_NUMBER = "Line Number"
ROWS = "Rows"


@dataclass(frozen=True, slots=True)
class Input:
    """One input: the name that callers give it, and where its value ends."""

    name: str
    table: str
    alias: str

    @property
    def type(self) -> str:
        """The type that the description names."""
        kinds = {Kind.NUMBER: "Numeric", Kind.DATE: "Date"}
        return kinds.get(ITEMS[self.alias].kind, "String")


@dataclass(frozen=True, slots=True)
class Orchestration:
    """One orchestration.

    Attributes:
        name: its name.
        omw: its object name.
        action: ``create``, ``update``, ``lookup`` or ``stage``.
        kind: ``customer``, ``supplier``, ``contact``, or empty.
        inputs: by name.
        required: the inputs that it cannot run without.
        outputs: names of the members of its answer.
    """

    name: str
    omw: str
    action: str
    kind: str
    inputs: dict[str, Input]
    required: tuple[str, ...]
    outputs: tuple[str, ...]


def _inputs(*texts: str) -> Iterator[Input]:
    for entry in "|".join(text.strip().replace("\n", "|") for text in texts).split("|"):
        table, aliases, name = entry.split(" ", 2)
        for alias, number in spread(aliases):
            yield Input(f"{name} {alias[-2:]}" if number else name, table, alias)


def _orchestration(number: int, name: str, action: str, kind: str, *texts: str, **more: Any) -> Orchestration:
    inputs = {one.name: one for one in _inputs(*texts)}
    return Orchestration(name, f"ORC_2601{number:04}ML", action, kind, inputs, **more)


_KEY = f"F0101 AN8 {ADDRESS_NUMBER}"
_LINE = f"F0111 IDLN {LINE_NUMBER}"
_NEW: dict[str, Any] = {"required": ("Name",), "outputs": ("AddressNumber",)}
_OLD: dict[str, Any] = {"required": (ADDRESS_NUMBER,), "outputs": ("AddressNumber",)}
_LINES = ("AddressNumber", "LineNumber")

ORCHESTRATIONS: dict[str, Orchestration] = {
    one.name: one
    for one in (
        _orchestration(1, "ML_CreateCustomer", "create", "customer", _MASTER, _CUSTOMER, **_NEW),
        _orchestration(2, "ML_UpdateCustomer", "update", "customer", _KEY, _MASTER, _CUSTOMER, **_OLD),
        _orchestration(3, "ML_LookupAddress", "lookup", "", _LOOKUP, required=(), outputs=("AddressNumber",)),
        _orchestration(4, "ML_CreateSupplier", "create", "supplier", _MASTER, _SUPPLIER, **_NEW),
        _orchestration(5, "ML_UpdateSupplier", "update", "supplier", _KEY, _MASTER, _SUPPLIER, **_OLD),
        _orchestration(
            6, "ML_CreateContact", "create", "contact", _KEY, _CONTACT,
            required=(ADDRESS_NUMBER, "Name"), outputs=_LINES,
        ),
        _orchestration(
            7, "ML_UpdateContact", "update", "contact", _KEY, _LINE, _CONTACT,
            required=(ADDRESS_NUMBER, LINE_NUMBER), outputs=_LINES,
        ),
        Orchestration("ML_StageAddressBook", "ORC_26010008ML", "stage", "", {}, (ROWS,), (ROWS,)),
    )
}  # fmt: skip
"""Every orchestration by name."""


def find(name: str) -> Orchestration | None:
    """Give the orchestration of this name or object name."""
    if name in ORCHESTRATIONS:
        return ORCHESTRATIONS[name]
    return next((one for one in ORCHESTRATIONS.values() if one.omw == name), None)
