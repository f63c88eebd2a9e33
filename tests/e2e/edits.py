"""What people in JD Edwards and in Zoho CRM do meanwhile, drawn from a seed, for tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from ml_sandbox.testing import ControlClient

Row = dict[str, Any]


class Edits:
    """Makes one edit after another. `made` tells them."""

    def __init__(self, control: ControlClient, seed: int) -> None:
        self._control = control
        self._random = random.Random(seed)
        self._count = 0
        self.made: list[str] = []

    def make_one(self) -> None:
        """Change, add or empty something on either side."""
        kinds: tuple[Callable[[], str], ...] = (
            *(self._jde_master, self._jde_address, self._jde_terms, self._jde_phone, self._jde_contact),
            *(self._zoho_account, self._zoho_account, self._zoho_contact, self._zoho_vendor),
            *(self._new_account, self._new_contact, self._new_customer),
        )
        self._count += 1
        self.made.append(self._random.choice(kinds)())

    # JD Edwards

    def _jde_master(self) -> str:
        columns = self._one_of(
            {"ALPH": self._word("Company")},
            {"TAX": f"DE{self._random.randrange(10**9):09}"},
            {"AC01": "RTL"},
            {"CM": "X"},
        )
        return self._edit("jde", "F0101", self._pick("jde", "F0101"), ("AN8",), columns)

    def _jde_address(self) -> str:
        master = self._pick("jde", "F0101")
        key = {"AN8": master["AN8"], "EFTB": master["EFTB"]}
        columns = self._one_of(
            {"CTY1": self._word("City")},
            {"ADD1": self._word("Street")},
            {"ADDZ": str(self._random.randrange(10**5))},
        )
        return self._edit("jde", "F0116", key, ("AN8", "EFTB"), columns)

    def _jde_terms(self) -> str:
        columns = self._one_of(
            {"ACL": self._random.randrange(10**6)}, {"TRAR": "N60"}, {"HOLD": "C1"}, {"HOLD": ""}
        )
        rows = [row for row in self._rows("jde", "F03012") if row["CO"] == "00000"]
        return self._edit("jde", "F03012", self._random.choice(rows), ("AN8", "CO"), columns)

    def _jde_phone(self) -> str:
        row = self._pick("jde", "F0115")
        return self._edit("jde", "F0115", row, ("AN8", "IDLN", "CNLN", "RCK7"), {"PH1": self._number()})

    def _jde_contact(self) -> str:
        people = [row for row in self._rows("jde", "F0111") if row["IDLN"]]
        columns = self._one_of(
            {"SRNM": self._word("Family")}, {"ATTL": self._word("Title")}, {"GNNM": self._word("Given")}
        )
        return self._edit("jde", "F0111", self._random.choice(people), ("AN8", "IDLN"), columns)

    def _new_customer(self) -> str:
        number = 70_000 + self._count
        self._control.put_rows(
            "jde", "F0101", [{"AN8": number, "ALPH": self._word("New"), "AT1": "C", "EFTB": "2025-01-01"}]
        )
        self._control.put_rows("jde", "F0111", [{"AN8": number, "IDLN": 0, "MLNM": "New"}])
        self._control.put_rows(
            "jde", "F0116", [{"AN8": number, "EFTB": "2025-01-01", "CTY1": "Linz", "CTR": "AT"}]
        )
        self._control.put_rows("jde", "F03012", [{"AN8": number, "CO": "00000", "ACL": 10, "TRAR": "N30"}])
        return f"jde customer {number}"

    # Zoho CRM

    def _zoho_account(self) -> str:
        fields = self._one_of(
            {"Account_Name": self._word("Account")},
            {"Account_Name": self._word("A name that is longer than JD Edwards can keep")},
            {"Phone": self._number()},
            {"Billing_City": self._word("Town")},
            {"Billing_State": "Upper Austria"},
            {"Billing_State": "OH"},
            {"Billing_Street": f"{self._word('Lane')}, Floor 2"},
            {"Website": f"https://www.{self._count}.example"},
            {"Credit_Limit": self._random.randrange(10**6)},
            {"Payment_Terms": "45 days"},
            {"Credit_Hold": self._random.random() < 0.5},
            {"Industry": "Retail"},
        )
        return self._edit("zoho", "Accounts", self._pick("zoho", "Accounts"), ("id",), fields)

    def _zoho_contact(self) -> str:
        fields = self._one_of(
            {"Last_Name": self._word("Surname")},
            {"Email": f"contact{self._count}@example.org"},
            {"Phone": self._number()},
            {"Title": self._word("Job")},
        )
        return self._edit("zoho", "Contacts", self._pick("zoho", "Contacts"), ("id",), fields)

    def _zoho_vendor(self) -> str:
        fields = self._one_of(
            {"Vendor_Name": self._word("Vendor")}, {"City": self._word("Place")}, {"Phone": self._number()}
        )
        return self._edit("zoho", "Vendors", self._pick("zoho", "Vendors"), ("id",), fields)

    def _new_account(self) -> str:
        account = {"Account_Name": self._word("Prospect"), "Billing_City": "Graz", "Billing_Country": "AT"}
        self._control.put_rows("zoho", "Accounts", [account])
        return f"zoho new {account['Account_Name']}"

    def _new_contact(self) -> str:
        account = self._pick("zoho", "Accounts")
        contact = {
            "First_Name": "New",
            "Last_Name": self._word("Person"),
            "Email": f"person{self._count}@example.org",
            "Account_Name": {"id": account["id"]},
        }
        self._control.put_rows("zoho", "Contacts", [contact])
        return f"zoho new {contact['Last_Name']} of {account['id']}"

    # Drawing

    def _edit(
        self, system: str, name: str, row: Mapping[str, Any], key: tuple[str, ...], columns: Mapping[str, Any]
    ) -> str:
        place = {column: row[column] for column in key}
        self._control.put_rows(system, name, [{**place, **columns}])
        return f"{system} {name} {tuple(place.values())} {columns}"

    def _rows(self, system: str, name: str) -> list[Row]:
        return self._control.rows(system, name)

    def _pick(self, system: str, name: str) -> Row:
        return self._random.choice(self._rows(system, name))

    def _one_of(self, *columns: Row) -> Row:
        return self._random.choice(columns)

    def _word(self, kind: str) -> str:
        return f"{kind} {self._count}"

    def _number(self) -> str:
        return f"555-{self._random.randrange(10**4):04}"
