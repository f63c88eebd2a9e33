"""The procedure CUSTOMER_CONTACTS: people with a role on a customer account."""

from collections.abc import Mapping, Sequence
from typing import Any

from ml_sandbox.ebs.package.business import Business, record
from ml_sandbox.ebs.package.customers import ACCOUNTS, PHONE_OF_PARTY, all_within, columns_of, newest
from ml_sandbox.ebs.package.definitions import PACKAGE_OPERATIONS, ROWS
from ml_sandbox.ebs.package.inputs import Key
from ml_sandbox.ebs.package.reader import Record
from ml_sandbox.ebs.package.walks import changed_targets, walks
from ml_sandbox.ebs.store import Tuple, Value

ROLES, RELATIONSHIPS, POINTS = "HZ_CUST_ACCOUNT_ROLES", "HZ_RELATIONSHIPS", "HZ_CONTACT_POINTS"
SITES = "HZ_CUST_ACCT_SITES_ALL"
_ROLE = " > HZ_CUST_ACCOUNT_ROLES.PARTY_ID CUST_ACCOUNT_ROLE_ID"
_WALKS = walks(
    "HZ_CUST_ACCOUNT_ROLES CUST_ACCOUNT_ROLE_ID",
    "HZ_RELATIONSHIPS PARTY_ID" + _ROLE,
    "HZ_ORG_CONTACTS PARTY_RELATIONSHIP_ID > HZ_RELATIONSHIPS.RELATIONSHIP_ID PARTY_ID" + _ROLE,
    "HZ_PARTIES PARTY_ID" + _ROLE,
    "HZ_PARTIES PARTY_ID > HZ_RELATIONSHIPS.SUBJECT_ID[SUBJECT_TYPE=PERSON] PARTY_ID" + _ROLE,
    "HZ_CONTACT_POINTS[OWNER_TABLE_NAME=HZ_PARTIES] OWNER_TABLE_ID" + _ROLE,
    "HZ_CUST_ACCOUNTS CUST_ACCOUNT_ID > HZ_CUST_ACCOUNT_ROLES.CUST_ACCOUNT_ID CUST_ACCOUNT_ROLE_ID",
    "HZ_CUST_ACCT_SITES_ALL CUST_ACCT_SITE_ID > HZ_CUST_ACCOUNT_ROLES.CUST_ACCT_SITE_ID CUST_ACCOUNT_ROLE_ID",
)
_PHONE_OF_POINT = {name: name for name in PHONE_OF_PARTY}


class Contacts(Business):
    """Contact roles by CUST_ACCOUNT_ROLE_ID."""

    tables = tuple(dict.fromkeys(chain.table for chain in _WALKS))
    options = ()

    def keys(self) -> Sequence[Key]:
        """Give the contact roles behind which a row changed."""
        reading, reader = self.reading, self.reader
        if reading.keys is not None:
            accounts = [key[0] for key in reading.keys]
            roles = reader.having(ROLES, "CUST_ACCOUNT_ID", *accounts)
            found = {role["CUST_ACCOUNT_ROLE_ID"] for role in roles}
        elif reading.changed.low is None and (every := all_within(self, ROLES)) is not None:
            found = every
        else:
            found = changed_targets(reader, _WALKS, reading.changed.low, reading.changed.high)
        kept: list[Any] = [key for key in found if self._is_shown(reader.one(ROLES, key))]
        return [(key,) for key in sorted(kept)]

    def _is_shown(self, role: Record | None) -> bool:
        """Say whether a role is a contact's, and not on a site of another operating unit."""
        if role is None or role["ROLE_TYPE"] != "CONTACT":
            return False
        site = self.reader.one(SITES, role["CUST_ACCT_SITE_ID"])
        return site is None or self.reader.units.shows(site["ORG_ID"])

    def rows(self, keys: Sequence[Key]) -> Mapping[str, Sequence[Tuple]]:
        """Give contacts."""
        operation = PACKAGE_OPERATIONS["CUSTOMER_CONTACTS"]
        roles = (self.reader.one(ROLES, key) for (key,) in keys)
        return {ROWS: [record(operation, ROWS, self._contact(role)) for role in roles if role is not None]}

    def _contact(self, role: Record) -> dict[str, Value]:
        reader = self.reader
        account = reader.one(ACCOUNTS, role["CUST_ACCOUNT_ID"])
        site = reader.one(SITES, role["CUST_ACCT_SITE_ID"])
        between = self._relationship(role, account)
        person = reader.one("HZ_PARTIES", between["SUBJECT_ID"]) if between else None
        job = self._org_contact(between)
        party = reader.one("HZ_PARTIES", role["PARTY_ID"])
        points = [
            point
            for point in reader.having(POINTS, "OWNER_TABLE_ID", role["PARTY_ID"])
            if point["OWNER_TABLE_NAME"] == "HZ_PARTIES"
        ]
        active = between is not None and role["STATUS"] == "A" and between["STATUS"] == "A"
        return {
            **columns_of(role, _OF_ROLE),
            **columns_of(account, {"ACCOUNT_NUMBER": "ACCOUNT_NUMBER", "ACCOUNT_STATUS": "STATUS"}),
            **columns_of(site, {"ORG_ID": "ORG_ID"}),
            **columns_of(person, _OF_PERSON),
            **columns_of(job, {"CONTACT_NUMBER": "CONTACT_NUMBER", "JOB_TITLE": "JOB_TITLE"}),
            **_reached(points, party),
            **columns_of(between, {"RELATIONSHIP_STATUS": "STATUS"}),
            "STATUS": "A" if active else "I",
            "LAST_UPDATE_DATE": newest([role, account, site, between, person, job, party, *points]),
        }

    def _relationship(self, role: Record, account: Record | None) -> Record | None:
        """Choose the relationship of a role: that to the account's party first."""
        party = account["PARTY_ID"] if account else None
        found = self.reader.having(RELATIONSHIPS, "PARTY_ID", role["PARTY_ID"])

        def rank(row: Record) -> tuple[Any, ...]:
            return row["OBJECT_ID"] != party, row["RELATIONSHIP_ID"], row["DIRECTIONAL_FLAG"]

        return min((row for row in found if row["SUBJECT_TYPE"] == "PERSON"), key=rank, default=None)

    def _org_contact(self, between: Record | None) -> Record | None:
        if between is None:
            return None
        found = self.reader.having("HZ_ORG_CONTACTS", "PARTY_RELATIONSHIP_ID", between["RELATIONSHIP_ID"])
        return min(found, key=lambda row: int(row.text("ORG_CONTACT_ID")), default=None)


_OF_ROLE = {
    "CUST_ACCOUNT_ROLE_ID": "CUST_ACCOUNT_ROLE_ID",
    "CUST_ACCOUNT_ID": "CUST_ACCOUNT_ID",
    "CUST_ACCT_SITE_ID": "CUST_ACCT_SITE_ID",
    "PARTY_ID": "PARTY_ID",
    "ROLE_STATUS": "STATUS",
    "CREATION_DATE": "CREATION_DATE",
}
_OF_PERSON = {
    "PERSON_PARTY_ID": "PARTY_ID",
    "FIRST_NAME": "PERSON_FIRST_NAME",
    "LAST_NAME": "PERSON_LAST_NAME",
    "NAME": "PARTY_NAME",
}


def _reached(points: Sequence[Record], party: Record | None) -> dict[str, Value]:
    """Give e-mail and phone: of the points of the relationship party, else of that party's row."""
    email = _best(points, "EMAIL")
    values = columns_of(email or party, {"EMAIL": "EMAIL_ADDRESS"})
    phone = _best(points, "PHONE")
    return values | (columns_of(phone, _PHONE_OF_POINT) if phone else columns_of(party, PHONE_OF_PARTY))


def _best(points: Sequence[Record], kind: str) -> Record | None:
    """Choose an active point of a kind that holds something: primary first, then the oldest; no fax."""
    column = {"EMAIL": "EMAIL_ADDRESS", "PHONE": "PHONE_NUMBER"}[kind]
    usable = [
        point
        for point in points
        if point["CONTACT_POINT_TYPE"] == kind
        and point["STATUS"] == "A"
        and point["PHONE_LINE_TYPE"] != "FAX"
        and point[column] is not None
    ]
    return min(usable, key=lambda row: (row["PRIMARY_FLAG"] != "Y", row["CONTACT_POINT_ID"]), default=None)
