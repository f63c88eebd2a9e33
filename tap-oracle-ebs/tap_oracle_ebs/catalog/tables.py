"""The tables behind the streams: the columns that are read, their types, their keys.

Columns are those of the public data dictionary pages (eTRM) and of public SQL reports. `ORG_ID` marks the
tables that are split by operating unit; trading community tables and accounts are not.
"""

from __future__ import annotations

from tap_oracle_ebs.catalog.ledger import LEDGER
from tap_oracle_ebs.catalog.model import CHANGED, WHO, Column, Kind, Table, declared
from tap_oracle_ebs.catalog.parties import PARTIES
from tap_oracle_ebs.catalog.payables import PAYABLES
from tap_oracle_ebs.catalog.purchasing import PURCHASING
from tap_oracle_ebs.catalog.sales import SALES

__all__ = ["CHANGED", "TABLES", "WHO", "Column", "Kind", "Table", "declared"]

TABLES: dict[str, Table] = {
    table.name: table for table in (*PARTIES, *PURCHASING, *PAYABLES, *LEDGER, *SALES)
}
"""Every declared table, by name."""
