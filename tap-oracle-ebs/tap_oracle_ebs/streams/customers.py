"""The stream `customers`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tap_oracle_ebs.business import customers, schemas
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.streams.business import BusinessObject, BusinessStream


class CustomersStream(BusinessStream):
    """Customer accounts with party, bill-to address, terms and credit, as one record each."""

    name = "customers"
    primary_keys: ClassVar[Sequence[str]] = ("cust_account_id",)
    replication_key = "last_update_date"
    schema: ClassVar[dict[str, Any]] = schemas.CUSTOMERS
    tables = customers.Customers.plan.names
    key_table = customers.ACCOUNTS

    def make(self, options: Options) -> BusinessObject:
        """Return the business object of this stream."""
        return customers.Customers(options)
