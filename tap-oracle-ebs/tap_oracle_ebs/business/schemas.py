"""Schemas of the streams."""

from __future__ import annotations

from typing import Any


def _nullable(kind: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "null"], **more, "description": description}


def _text(description: str) -> dict[str, Any]:
    return _nullable("string", description)


def _instant(description: str) -> dict[str, Any]:
    return _nullable("string", description, format="date-time")


_CREDIT_LIMIT = {
    "type": "object",
    "properties": {
        "currency_code": _text("Currency of the limits."),
        "overall_credit_limit": _nullable("number", "Limit of all open amounts."),
        "trx_credit_limit": _nullable("number", "Limit of one transaction."),
    },
}

CUSTOMERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cust_account_id": {"type": ["integer"], "description": "Key: HZ_CUST_ACCOUNTS.CUST_ACCOUNT_ID."},
        "account_number": _text("Number of the customer account."),
        "account_name": _text("Name of the account, where it has one of its own."),
        "status": _text("Status of the account: A active, I inactive, M merged."),
        "customer_class_code": _text("Customer class."),
        "customer_type": _text("Customer type: R external, I internal."),
        "party_id": _nullable("integer", "HZ_PARTIES.PARTY_ID; several accounts may share one party."),
        "party_number": _text("Number of the party."),
        "party_name": _text("Name of the company or person."),
        "party_type": _text("ORGANIZATION, PERSON, GROUP or PARTY_RELATIONSHIP."),
        "party_status": _text("Status of the party: A active, I inactive, M merged."),
        "email": _text("Primary e-mail address of the party."),
        "phone_country_code": _text("Country code of the primary phone."),
        "phone_area_code": _text("Area code of the primary phone."),
        "phone_number": _text("Number of the primary phone."),
        "phone_extension": _text("Extension of the primary phone."),
        "url": _text("Web address of the party."),
        "tax_reference": _text("Tax registration of the party, else its fiscal code."),
        "creation_date": _instant("When the account was created."),
        "phone": _text("The primary phone in one piece."),
        "site_use_id": _nullable("integer", "Site use (BILL_TO) of the address."),
        "org_id": _nullable("integer", "Operating unit of the address."),
        **{f"address{line}": _text(f"Line {line} of the bill-to address.") for line in range(1, 5)},
        "city": _text("City of the bill-to address."),
        "county": _text("County of the bill-to address."),
        "state": _text("State of the bill-to address."),
        "province": _text("Province of the bill-to address."),
        "postal_code": _text("Postal code of the bill-to address."),
        "country": _text("Country code of the bill-to address."),
        "terms": _text("Payment terms of the account's profile, else of the bill-to site use."),
        "credit_hold": _nullable("boolean", "Whether the account is on credit hold."),
        "credit_limit": _nullable("number", "Overall credit limit of the account, in `credit_currency`."),
        "credit_currency": _text("Currency of `credit_limit`."),
        "credit_limits": {
            "type": ["array", "null"],
            "items": _CREDIT_LIMIT,
            "description": "Credit limits of the account, by currency.",
        },
        "last_update_date": _instant("When the newest row of all tables behind the customer changed."),
    },
    "required": ["cust_account_id"],
}
"""The stream `customers`."""
