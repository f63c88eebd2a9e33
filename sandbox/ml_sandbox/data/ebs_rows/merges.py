"""Accounts that were merged into another: the old row stays, its children belong to the other account."""

from dataclasses import replace
from datetime import datetime

from ml_sandbox.data.business import Company, Person
from ml_sandbox.data.ebs_rows.contacts import write_contacts
from ml_sandbox.data.ebs_rows.parties import PartyKeys
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value


def write_merged(sheet: Sheet, company: Company, party: PartyKeys, merged: datetime) -> None:
    """Write an account of STATUS M, and what was its own: a ship-to site and a contact of the survivor."""
    survivor = party.accounts[0].account_id
    columns: dict[str, Value | None] = {
        "CUST_ACCOUNT_ID": sheet.next_key("HZ_CUST_ACCOUNTS"),
        "PARTY_ID": party.party_id,
        "ACCOUNT_NUMBER": f"{company.number}-M",
        "ACCOUNT_NAME": company.name[:240],
        "STATUS": "M",
        "CUSTOMER_TYPE": "R",
        "CUSTOMER_CLASS_CODE": company.customer_class,
    }
    sheet.add("HZ_CUST_ACCOUNTS", company.created, merged, columns)
    for party_site_id in party.party_sites[:1]:
        _write_site(sheet, company, survivor, party_site_id, merged)
    person = Person("Former", f"Contact {company.number}", "Buyer", f"former@c{company.number}.example")
    write_contacts(sheet, replace(company, updated=merged, contacts=(person,)), party.party_id, (survivor,))


def _write_site(sheet: Sheet, company: Company, survivor: int, party_site_id: int, merged: datetime) -> None:
    site_id, organization = sheet.next_key("HZ_CUST_ACCT_SITES_ALL"), company.organizations[0]
    columns: dict[str, Value | None] = {
        "CUST_ACCT_SITE_ID": site_id,
        "CUST_ACCOUNT_ID": survivor,
        "PARTY_SITE_ID": party_site_id,
        "STATUS": "A",
        "ORG_ID": organization,
        "SHIP_TO_FLAG": "Y",
    }
    sheet.add("HZ_CUST_ACCT_SITES_ALL", company.created, merged, columns)
    columns = {
        "SITE_USE_ID": sheet.next_key("HZ_CUST_SITE_USES_ALL"),
        "CUST_ACCT_SITE_ID": site_id,
        "SITE_USE_CODE": "SHIP_TO",
        "PRIMARY_FLAG": "N",
        "LOCATION": f"Merged ({site_id})",
        "STATUS": "A",
        "ORG_ID": organization,
    }
    sheet.add("HZ_CUST_SITE_USES_ALL", company.created, merged, columns)
