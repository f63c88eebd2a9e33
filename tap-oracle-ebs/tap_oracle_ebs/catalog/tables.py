"""The tables behind the streams: the columns that are read, their types, their keys.

Columns are those of the public data dictionary pages (eTRM) and of public SQL reports. `ORG_ID` marks the
tables that are split by operating unit; trading community tables and accounts are not.
"""

from __future__ import annotations

import dataclasses
from enum import Enum

CHANGED = "LAST_UPDATE_DATE"
"""The column that every table carries and that tells when a row last changed; DATE, never null."""


class Kind(Enum):
    """What the values of a column are. NUMBER columns are INTEGER where they hold keys."""

    TEXT = "VARCHAR2"
    INTEGER = "INTEGER"
    NUMBER = "NUMBER"
    DATE = "DATE"


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    kind: Kind


@dataclasses.dataclass(frozen=True)
class Table:
    """One table: its name, its key and the columns that are read, in order. The key comes first."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def is_split(self) -> bool:
        """Whether its rows belong to operating units."""
        return any(column.name == "ORG_ID" for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def only(self, *names: str) -> Table:
        """Return the table with its key, these columns and the date of change alone."""
        wanted = {*self.key, *names, CHANGED}
        return Table(self.name, self.key, tuple(column for column in self.columns if column.name in wanted))


_KINDS = {"T": Kind.TEXT, "I": Kind.INTEGER, "N": Kind.NUMBER, "D": Kind.DATE}


def _table(name: str, key: str, columns: str) -> Table:
    pairs = (item.rsplit(":", 1) for item in [*columns.split(), f"CREATION_DATE:{'D'}", f"{CHANGED}:D"])
    return Table(name, tuple(key.split()), tuple(Column(title, _KINDS[kind]) for title, kind in pairs))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "HZ_CUST_ACCOUNTS",
            "CUST_ACCOUNT_ID",
            "CUST_ACCOUNT_ID:I PARTY_ID:I ACCOUNT_NUMBER:T ACCOUNT_NAME:T STATUS:T CUSTOMER_TYPE:T "
            "CUSTOMER_CLASS_CODE:T",
        ),
        _table(
            "HZ_PARTIES",
            "PARTY_ID",
            "PARTY_ID:I PARTY_NUMBER:T PARTY_NAME:T PARTY_TYPE:T STATUS:T EMAIL_ADDRESS:T "
            "PRIMARY_PHONE_COUNTRY_CODE:T PRIMARY_PHONE_AREA_CODE:T PRIMARY_PHONE_NUMBER:T "
            "PRIMARY_PHONE_EXTENSION:T URL:T JGZZ_FISCAL_CODE:T TAX_REFERENCE:T",
        ),
        _table(
            "HZ_CUST_ACCT_SITES_ALL",
            "CUST_ACCT_SITE_ID",
            "CUST_ACCT_SITE_ID:I CUST_ACCOUNT_ID:I PARTY_SITE_ID:I STATUS:T ORG_ID:I",
        ),
        _table(
            "HZ_CUST_SITE_USES_ALL",
            "SITE_USE_ID",
            "SITE_USE_ID:I CUST_ACCT_SITE_ID:I SITE_USE_CODE:T PRIMARY_FLAG:T STATUS:T PAYMENT_TERM_ID:I "
            "ORG_ID:I",
        ),
        _table(
            "HZ_PARTY_SITES",
            "PARTY_SITE_ID",
            "PARTY_SITE_ID:I PARTY_ID:I LOCATION_ID:I STATUS:T",
        ),
        _table(
            "HZ_LOCATIONS",
            "LOCATION_ID",
            "LOCATION_ID:I ADDRESS1:T ADDRESS2:T ADDRESS3:T ADDRESS4:T CITY:T COUNTY:T STATE:T PROVINCE:T "
            "POSTAL_CODE:T COUNTRY:T",
        ),
        _table(
            "HZ_CUSTOMER_PROFILES",
            "CUST_ACCOUNT_PROFILE_ID",
            "CUST_ACCOUNT_PROFILE_ID:I CUST_ACCOUNT_ID:I SITE_USE_ID:I CREDIT_HOLD:T STANDARD_TERMS:I "
            "STATUS:T",
        ),
        _table(
            "HZ_CUST_PROFILE_AMTS",
            "CUST_ACCT_PROFILE_AMT_ID",
            "CUST_ACCT_PROFILE_AMT_ID:I CUST_ACCOUNT_PROFILE_ID:I CUST_ACCOUNT_ID:I SITE_USE_ID:I "
            "CURRENCY_CODE:T OVERALL_CREDIT_LIMIT:N TRX_CREDIT_LIMIT:N",
        ),
        _table("RA_TERMS", "TERM_ID", "TERM_ID:I NAME:T"),
    )
}
"""Every declared table, by name."""
