"""Schemas of the streams `customers` and `customer_contacts`."""

from __future__ import annotations

from typing import Any


def nullable(kind: str, description: str, **more: Any) -> dict[str, Any]:
    """Return the schema of a value that may be null."""
    return {"type": [kind, "null"], **more, "description": description}


def text(description: str) -> dict[str, Any]:
    """Return the schema of a text."""
    return nullable("string", description)


def instant(description: str) -> dict[str, Any]:
    """Return the schema of an instant, in UTC."""
    return nullable("string", description, format="date-time")


_CREDIT_LIMIT = {
    "type": "object",
    "properties": {
        "currency_code": text("Currency of the limits."),
        "overall_credit_limit": nullable("number", "Limit of all open amounts."),
        "trx_credit_limit": nullable("number", "Limit of one transaction."),
    },
}

CUSTOMERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cust_account_id": {"type": ["integer"], "description": "Key: HZ_CUST_ACCOUNTS.CUST_ACCOUNT_ID."},
        "account_number": text("Number of the customer account."),
        "account_name": text("Name of the account, where it has one of its own."),
        "status": text("Status of the account: A active, I inactive, M merged."),
        "customer_class_code": text("Customer class."),
        "customer_type": text("Customer type: R external, I internal."),
        "party_id": nullable("integer", "HZ_PARTIES.PARTY_ID; several accounts may share one party."),
        "party_number": text("Number of the party."),
        "party_name": text("Name of the company or person."),
        "party_type": text("ORGANIZATION, PERSON, GROUP or PARTY_RELATIONSHIP."),
        "party_status": text("Status of the party: A active, I inactive, M merged."),
        "email": text("Primary e-mail address of the party."),
        "phone_country_code": text("Country code of the primary phone."),
        "phone_area_code": text("Area code of the primary phone."),
        "phone_number": text("Number of the primary phone."),
        "phone_extension": text("Extension of the primary phone."),
        "url": text("Web address of the party."),
        "tax_reference": text("Tax registration of the party, else its fiscal code."),
        "creation_date": instant("When the account was created."),
        "phone": text("The primary phone in one piece."),
        "site_use_id": nullable("integer", "Site use (BILL_TO) of the address."),
        "org_id": nullable("integer", "Operating unit of the address."),
        **{f"address{line}": text(f"Line {line} of the bill-to address.") for line in range(1, 5)},
        "city": text("City of the bill-to address."),
        "county": text("County of the bill-to address."),
        "state": text("State of the bill-to address."),
        "province": text("Province of the bill-to address."),
        "postal_code": text("Postal code of the bill-to address."),
        "country": text("Country code of the bill-to address."),
        "terms": text("Payment terms of the account's profile, else of the bill-to site use."),
        "credit_hold": nullable("boolean", "Whether the account is on credit hold."),
        "credit_limit": nullable("number", "Overall credit limit of the account, in `credit_currency`."),
        "credit_currency": text("Currency of `credit_limit`."),
        "credit_limits": {
            "type": ["array", "null"],
            "items": _CREDIT_LIMIT,
            "description": "Credit limits of the account, by currency.",
        },
        "last_update_date": instant("When the newest row of all tables behind the customer changed."),
    },
    "required": ["cust_account_id"],
}
"""The stream `customers`."""

CONTACTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cust_account_role_id": {
            "type": ["integer"],
            "description": "Key: HZ_CUST_ACCOUNT_ROLES.CUST_ACCOUNT_ROLE_ID, of roles CONTACT.",
        },
        "cust_account_id": nullable("integer", "The customer account."),
        "account_number": text("Number of the customer account."),
        "account_status": text("Status of the account: A active, I inactive, M merged."),
        "cust_acct_site_id": nullable("integer", "The site of the account; null: a contact of the account."),
        "org_id": nullable("integer", "Operating unit of the site; null at the level of the account."),
        "party_id": nullable("integer", "The relationship party, which owns e-mail and phone."),
        "person_party_id": nullable("integer", "The party of the person."),
        "contact_number": text("Number of the contact."),
        "first_name": text("First name of the person."),
        "last_name": text("Last name of the person."),
        "name": text("Name of the person."),
        "job_title": text("Job title in this company."),
        "email": text("Primary active e-mail address of the person in this company."),
        "phone_country_code": text("Country code of the primary active phone."),
        "phone_area_code": text("Area code of the phone."),
        "phone_number": text("Number of the phone."),
        "phone_extension": text("Extension of the phone."),
        "role_status": text("Status of the role: A active, I inactive."),
        "relationship_status": text("Status of the relationship: A active, I inactive, M merged."),
        "status": text("A where role and relationship are active, else I."),
        "creation_date": instant("When the role was created."),
        "last_update_date": instant("When the newest row of all tables behind the contact changed."),
        "phone": text("The phone in one piece."),
    },
    "required": ["cust_account_role_id"],
}
"""The stream `customer_contacts`."""
