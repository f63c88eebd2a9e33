"""The stream `customer_contacts`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tap_oracle_ebs.business import contacts, schemas
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.streams.business import BusinessObject, BusinessStream


class CustomerContactsStream(BusinessStream):
    """Contact persons of customers with e-mail and phone, one record for each role on an account.

    A person who is a contact of two accounts has two records. Ended roles stay and say so in `status`.
    """

    name = "customer_contacts"
    primary_keys: ClassVar[Sequence[str]] = ("cust_account_role_id",)
    replication_key = "last_update_date"
    selected_by_default = False
    schema: ClassVar[dict[str, Any]] = schemas.CONTACTS
    key_table = contacts.ROLES
    key_filter: ClassVar[Mapping[str, str]] = {"role_type": "CONTACT"}

    def make(self, options: Options) -> BusinessObject:
        """Return the business object of this stream."""
        return contacts.Contacts(options)
