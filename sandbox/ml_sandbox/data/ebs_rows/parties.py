"""Customers: the trading community tables of a party and its accounts."""

from dataclasses import dataclass

from ml_sandbox.data.business import Address, Company
from ml_sandbox.data.ebs_rows.contacts import write_contacts, write_points
from ml_sandbox.data.ebs_rows.foundation import Foundation
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value

# Half of HZ's address columns differ by country: what is a state here is a province there.
_PROVINCES = {"CA", "IT", "ES"}
_COUNTIES = {"GB", "IE"}


@dataclass(frozen=True, slots=True)
class CustomerAccount:
    """Keys of one customer account; sites by operating unit."""

    account_id: int
    bill_to: dict[int, int]
    ship_to: dict[int, int]


@dataclass(frozen=True, slots=True)
class PartyKeys:
    """Keys of one party, its first site and its accounts."""

    party_id: int
    party_sites: tuple[int, ...]
    accounts: tuple[CustomerAccount, ...]


def write_company(sheet: Sheet, company: Company, foundation: Foundation) -> PartyKeys:
    """Write a company's party, sites and contacts, and its customer accounts if it has any."""
    party_id = write_party(sheet, company)
    sites = tuple(
        _write_party_site(sheet, company, party_id, address, first=number == 0)
        for number, address in enumerate(company.addresses)
    )
    write_points(sheet, company, party_id)
    accounts = tuple(
        _write_account(sheet, company, party_id, number, sites, foundation) for number in company.accounts
    )
    write_contacts(sheet, company, party_id, tuple(account.account_id for account in accounts))
    return PartyKeys(party_id, sites, accounts)


def address_columns(address: Address) -> dict[str, Value | None]:
    """Give the address columns that HZ_LOCATIONS, HZ_PARTIES and the supplier sites share."""
    lines = (*address.lines, "", "", "", "")
    area = "STATE"
    if address.country in _PROVINCES:
        area = "PROVINCE"
    elif address.country in _COUNTIES:
        area = "COUNTY"
    return {
        **{f"ADDRESS{number}": lines[number - 1] for number in range(1, 5)},
        "CITY": address.city,
        area: address.region,
        "POSTAL_CODE": address.postal_code,
        "COUNTRY": address.country,
    }


def write_party(sheet: Sheet, company: Company) -> int:
    """Write the party alone, with its main address and e-mail denormalised; give its key."""
    party_id = sheet.next_key("HZ_PARTIES")
    columns: dict[str, Value | None] = {
        "PARTY_ID": party_id,
        "PARTY_NUMBER": company.number,
        "PARTY_NAME": company.name,
        "PARTY_TYPE": "PERSON" if company.is_person else "ORGANIZATION",
        "STATUS": "A" if company.active else "I",
        "EMAIL_ADDRESS": company.email,
        "PRIMARY_PHONE_NUMBER": company.phone,
        "URL": company.url,
        "TAX_REFERENCE": company.tax_reference,
        "JGZZ_FISCAL_CODE": company.tax_reference,
    }
    if company.is_person:
        columns["PERSON_FIRST_NAME"], _, columns["PERSON_LAST_NAME"] = company.name.partition(" ")
    if company.addresses:
        columns |= address_columns(company.addresses[0])
    sheet.add("HZ_PARTIES", company.created, company.updated, columns)
    return party_id


def _write_party_site(sheet: Sheet, company: Company, party_id: int, address: Address, *, first: bool) -> int:
    location_id = sheet.next_key("HZ_LOCATIONS")
    columns = {"LOCATION_ID": location_id} | address_columns(address)
    sheet.add("HZ_LOCATIONS", company.created, company.updated, columns)
    party_site_id = sheet.next_key("HZ_PARTY_SITES")
    columns = {
        "PARTY_SITE_ID": party_site_id,
        "PARTY_ID": party_id,
        "LOCATION_ID": location_id,
        "PARTY_SITE_NUMBER": str(party_site_id),
        "IDENTIFYING_ADDRESS_FLAG": "Y" if first else "N",
        "STATUS": "A",
    }
    sheet.add("HZ_PARTY_SITES", company.created, company.created, columns)
    return party_site_id


def _write_account(
    sheet: Sheet,
    company: Company,
    party_id: int,
    number: str,
    party_sites: tuple[int, ...],
    foundation: Foundation,
) -> CustomerAccount:
    account_id = sheet.next_key("HZ_CUST_ACCOUNTS")
    columns: dict[str, Value | None] = {
        "CUST_ACCOUNT_ID": account_id,
        "PARTY_ID": party_id,
        "ACCOUNT_NUMBER": number,
        "ACCOUNT_NAME": company.name[:240],
        "STATUS": "A" if company.active else "I",
        "CUSTOMER_TYPE": "R",
        "CUSTOMER_CLASS_CODE": company.customer_class,
        "ACCOUNT_ESTABLISHED_DATE": company.created.date().isoformat() + "T00:00:00",
    }
    sheet.add("HZ_CUST_ACCOUNTS", company.created, company.updated, columns)
    account = CustomerAccount(account_id, {}, {})
    for organization in company.organizations:
        for position, party_site_id in enumerate(party_sites):
            _write_account_site(sheet, company, account, party_site_id, organization, position, foundation)
    _write_profile(sheet, company, account_id)
    return account


def _write_account_site(
    sheet: Sheet,
    company: Company,
    account: CustomerAccount,
    party_site_id: int,
    organization: int,
    position: int,
    foundation: Foundation,
) -> None:
    """Write an account's site: the first one is billed and shipped to, the others shipped to only."""
    site_id = sheet.next_key("HZ_CUST_ACCT_SITES_ALL")
    columns: dict[str, Value | None] = {
        "CUST_ACCT_SITE_ID": site_id,
        "CUST_ACCOUNT_ID": account.account_id,
        "PARTY_SITE_ID": party_site_id,
        "STATUS": "A" if company.active else "I",
        "ORG_ID": organization,
        "BILL_TO_FLAG": "P" if position == 0 else None,
        "SHIP_TO_FLAG": "P" if position == 0 else "Y",
    }
    sheet.add("HZ_CUST_ACCT_SITES_ALL", company.created, company.created, columns)
    for code in ("BILL_TO", "SHIP_TO") if position == 0 else ("SHIP_TO",):
        use_id = sheet.next_key("HZ_CUST_SITE_USES_ALL")
        columns = {
            "SITE_USE_ID": use_id,
            "CUST_ACCT_SITE_ID": site_id,
            "SITE_USE_CODE": code,
            "PRIMARY_FLAG": "Y" if position == 0 else "N",
            "LOCATION": f"{company.addresses[position].city[:30]} ({use_id})",
            "STATUS": "A" if company.active else "I",
            "ORG_ID": organization,
        }
        if code == "BILL_TO":
            columns["GL_ID_REC"] = foundation.receivables
            columns["GL_ID_REV"] = foundation.revenue
            columns["PAYMENT_TERM_ID"] = company.terms
        sheet.add("HZ_CUST_SITE_USES_ALL", company.created, company.updated, columns)
        (account.bill_to if code == "BILL_TO" else account.ship_to).setdefault(organization, use_id)


def _write_profile(sheet: Sheet, company: Company, account_id: int) -> None:
    profile_id = sheet.next_key("HZ_CUSTOMER_PROFILES")
    columns: dict[str, Value | None] = {
        "CUST_ACCOUNT_PROFILE_ID": profile_id,
        "CUST_ACCOUNT_ID": account_id,
        "CREDIT_HOLD": "Y" if company.credit_hold else "N",
        "CREDIT_RATING": "GOOD" if company.credit_limit else None,
        "STANDARD_TERMS": company.terms,
        "STATUS": "A",
    }
    sheet.add("HZ_CUSTOMER_PROFILES", company.created, company.updated, columns)
    if company.credit_limit is None:
        return
    columns = {
        "CUST_ACCT_PROFILE_AMT_ID": sheet.next_key("HZ_CUST_PROFILE_AMTS"),
        "CUST_ACCOUNT_PROFILE_ID": profile_id,
        "CUST_ACCOUNT_ID": account_id,
        "CURRENCY_CODE": company.currency,
        "OVERALL_CREDIT_LIMIT": company.credit_limit,
        "TRX_CREDIT_LIMIT": (company.credit_limit / 10).quantize(company.credit_limit),
    }
    sheet.add("HZ_CUST_PROFILE_AMTS", company.created, company.updated, columns)
