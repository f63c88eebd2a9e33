"""What a clerk does in EBS, and what an agent sees in Zendesk, for tests."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml_sandbox.testing import ControlClient

Row = dict[str, Any]


@dataclass(frozen=True)
class Customers:
    """The customers of the sandbox's EBS, by account number."""

    control: ControlClient

    def account(self, number: str) -> Row:
        """The row of HZ_CUST_ACCOUNTS."""
        return self._one("HZ_CUST_ACCOUNTS", ACCOUNT_NUMBER=number)

    def party(self, number: str) -> Row:
        """The row of HZ_PARTIES behind an account."""
        return self._one("HZ_PARTIES", PARTY_ID=self.account(number)["PARTY_ID"])

    def location(self, number: str) -> Row:
        """The row of HZ_LOCATIONS of the party's first site."""
        site = self._one(
            "HZ_PARTY_SITES", PARTY_ID=self.account(number)["PARTY_ID"], IDENTIFYING_ADDRESS_FLAG="Y"
        )
        return self._one("HZ_LOCATIONS", LOCATION_ID=site["LOCATION_ID"])

    def move(self, number: str, **columns: Any) -> None:
        """Change the address."""
        key = self.location(number)["LOCATION_ID"]
        self.control.put_rows("ebs", "HZ_LOCATIONS", [{"LOCATION_ID": key, **columns}])

    def change_party(self, number: str, **columns: Any) -> None:
        """Change the party."""
        key = self.party(number)["PARTY_ID"]
        self.control.put_rows("ebs", "HZ_PARTIES", [{"PARTY_ID": key, **columns}])

    def change_account(self, number: str, **columns: Any) -> None:
        """Change the account."""
        key = self.account(number)["CUST_ACCOUNT_ID"]
        self.control.put_rows("ebs", "HZ_CUST_ACCOUNTS", [{"CUST_ACCOUNT_ID": key, **columns}])

    def _one(self, table: str, **wanted: Any) -> Row:
        rows = self.control.rows("ebs", table)
        return next(row for row in rows if all(row[name] == value for name, value in wanted.items()))


@dataclass(frozen=True)
class Organizations:
    """The organizations of the sandbox's Zendesk."""

    control: ControlClient

    def all(self) -> dict[str, Row]:
        """Every organization by external id; an external id twice fails."""
        rows = self.control.rows("zendesk", "organizations")
        found = {row["external_id"]: row for row in rows}
        assert len(found) == len(rows)
        return found

    def written(self) -> list[str]:
        """The external ids of the rows in all writes since the log was cleared, sorted."""
        names = {row["id"]: row["external_id"] for row in self.control.rows("zendesk", "organizations")}
        return sorted(
            row.get("external_id") or names[row["id"]]
            for request in self.writes()
            for row in _organizations(request["body"])
        )

    def writes(self) -> list[Row]:
        """The requests since the log was cleared that may change something."""
        return self.control.requests("zendesk", writes_only=True)


def _organizations(body: Row) -> list[Row]:
    if "organization_field" in body:
        return []
    rows: list[Row] = body["organizations"] if "organizations" in body else [body["organization"]]
    return rows


def northwind_customers(directory: Path) -> Iterator[Row]:
    """The rows of customers.csv, trimmed."""
    with (directory / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: (value or "").strip() or None for name, value in row.items()}
