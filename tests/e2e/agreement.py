"""What JD Edwards and Zoho CRM hold of the same records, side by side, for tests.

Written from the table of docs/jde-zoho.md, not from the mapping: each pair is the value of JD Edwards in the
form of Zoho, and the value of Zoho.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ml_sandbox.testing import ControlClient

Row = dict[str, Any]
INDUSTRIES = {"DIS": "Other", "GOV": "Government/Military", "RTL": "Retail", "WHL": "Wholesale"}
TYPES = {"DIS": "Distributor", "GOV": "Other", "RTL": "Reseller", "WHL": "Customer"}
TERMS = {"N14": "14 days", "N30": "30 days", "N45": "45 days", "N60": "60 days", "210": "30 days"}
_TABLES = ("F0101", "F0111", "F0115", "F01151", "F0116", "F03012", "F0401")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two sides do not agree."""

    key: str
    field: str
    jde: Any
    zoho: Any


class Books:
    """The records of both systems at one moment."""

    def __init__(self, control: ControlClient) -> None:
        self._rows = {name: control.rows("jde", name) for name in _TABLES}
        self.accounts = control.rows("zoho", "Accounts")
        self.vendors = control.rows("zoho", "Vendors")
        self.contacts = control.rows("zoho", "Contacts")
        self._masters = {row["AN8"]: row for row in self._rows["F0101"]}

    # Who is there

    @property
    def customers(self) -> set[str]:
        """Address numbers of customers."""
        return {str(row["AN8"]) for row in self._rows["F03012"] if row["CO"] == "00000"}

    @property
    def suppliers(self) -> set[str]:
        """Address numbers of suppliers."""
        return {str(row["AN8"]) for row in self._rows["F0401"]}

    @property
    def people(self) -> set[str]:
        """Keys of the contacts of customers."""
        lines = ((row["AN8"], row["IDLN"]) for row in self._rows["F0111"] if row["IDLN"])
        return {f"{number}-{line}" for number, line in lines if self._masters[number]["AT1"] == "C"}

    def differences(self) -> list[Difference]:
        """Every field of every pair that is not the same on both sides; records without a partner too."""
        found: list[Difference] = []
        for keys, rows, name, pairs in (
            (self.customers, self.accounts, "JDE_Address_Number", self._customer),
            (self.suppliers, self.vendors, "JDE_Address_Number", self._supplier),
            (self.people, self.contacts, "JDE_Contact_Key", self._person),
        ):
            theirs = [str(row.get(name)) for row in rows]
            found += [Difference(key, "partner", None, key) for key in theirs if key not in keys]
            found += [
                Difference(key, "partner", key, theirs.count(key)) for key in keys if theirs.count(key) != 1
            ]
            found += [
                Difference(str(row[name]), field, ours, other)
                for row in rows
                if str(row.get(name)) in keys
                for field, (ours, other) in pairs(row)
                if (ours or None) != (other or None)
            ]
        return found

    # Field by field

    def _customer(self, account: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
        number = int(account["JDE_Address_Number"])
        terms = self._one("F03012", AN8=number, CO="00000")
        yield from self._entity(number, account, "Account_Name", "Billing_")
        yield "Fax", (self._phone(number, 0, "FAX"), account["Fax"])
        yield "Industry", (INDUSTRIES.get(self._masters[number]["AC01"]), account["Industry"])
        yield "Account_Type", (TYPES.get(terms["AC01"]), account["Account_Type"])
        yield "Payment_Terms", (TERMS.get(terms["TRAR"]), account["Payment_Terms"])
        yield "Credit_Limit", (float(terms["ACL"]), float(account["Credit_Limit"] or 0))
        yield "Credit_Message", (self._masters[number]["CM"], account["Credit_Message"])
        yield "Credit_Hold", (bool(terms["HOLD"]), account["Credit_Hold"])

    def _supplier(self, vendor: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
        number = int(vendor["JDE_Address_Number"])
        yield from self._entity(number, vendor, "Vendor_Name", "")
        yield "Email", (self._mail(number, 0, "E"), vendor["Email"])
        terms = self._one("F0401", AN8=number)["TRAP"]
        yield "Payment_Terms", (TERMS.get(terms), vendor["Payment_Terms"])

    def _entity(
        self, number: int, row: Mapping[str, Any], name: str, prefix: str
    ) -> Iterator[tuple[str, tuple[Any, Any]]]:
        master = self._masters[number]
        address = self._one("F0116", AN8=number, EFTB=master["EFTB"])
        lines = [address[f"ADD{line}"] for line in range(1, 5) if address[f"ADD{line}"]]
        code = "Code" if prefix else "Zip_Code"
        yield name, (master["ALPH"], row[name][:40].rstrip())
        yield "VAT_Number", (master["TAX"], row["VAT_Number"])
        yield "Phone", (self._phone(number, 0, ""), row["Phone"])
        yield "Website", (self._mail(number, 0, "I"), row["Website"])
        yield "Street", (", ".join(lines), row[f"{prefix}Street"])
        yield "City", (address["CTY1"], row[f"{prefix}City"])
        yield "State", (address["ADDS"] or address["COUN"], row[f"{prefix}State"])
        yield "Code", (address["ADDZ"], row[f"{prefix}{code}"])
        yield "Country", (address["CTR"], row[f"{prefix}Country"])

    def _person(self, contact: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
        number, line = map(int, contact["JDE_Contact_Key"].split("-"))
        own = self._one("F0111", AN8=number, IDLN=line)
        account = next(row for row in self.accounts if row["id"] == contact["Account_Name"]["id"])
        yield "Account_Name", (str(number), account["JDE_Address_Number"])
        yield "First_Name", (own["GNNM"], contact["First_Name"])
        yield "Last_Name", (own["SRNM"] or own["ALPH"], contact["Last_Name"])
        yield "Title", (own["ATTL"], contact["Title"])
        yield "Email", (self._mail(number, line, "E"), contact["Email"])
        yield "Phone", (self._phone(number, line, ""), contact["Phone"])

    # JD Edwards

    def _one(self, table: str, **wanted: Any) -> Row:
        return next(
            row for row in self._rows[table] if all(row[name] == value for name, value in wanted.items())
        )

    def _phone(self, number: int, line: int, kind: str) -> str | None:
        rows = [
            row
            for row in self._rows["F0115"]
            if (row["AN8"], row["IDLN"]) == (number, line) and (row["PHTP"] == "FAX") == (kind == "FAX")
        ]
        first = min(rows, key=lambda row: row["RCK7"], default=None)
        return f"{first['AR1']} {first['PH1']}".strip() if first else None

    def _mail(self, number: int, line: int, kind: str) -> str | None:
        rows = [
            row
            for row in self._rows["F01151"]
            if (row["AN8"], row["IDLN"], row["ETP"]) == (number, line, kind)
        ]
        first = min(rows, key=lambda row: row["RCK7"], default=None)
        return first["EMAL"] if first else None
