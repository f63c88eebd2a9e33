"""Suppliers and their sites, on a party of their own or on a customer's."""

from dataclasses import dataclass

from ml_sandbox.data.business import Company
from ml_sandbox.data.ebs_rows.foundation import AP_TERMS
from ml_sandbox.data.ebs_rows.parties import PartyKeys, address_columns
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value, text_of

# Supplier sites call the postal code ZIP.
_RENAMED = {"POSTAL_CODE": "ZIP", "ADDRESS1": "ADDRESS_LINE1", "ADDRESS2": "ADDRESS_LINE2"}
_RENAMED |= {"ADDRESS3": "ADDRESS_LINE3", "ADDRESS4": "ADDRESS_LINE4"}


@dataclass(frozen=True, slots=True)
class SupplierKeys:
    """Keys of one supplier; sites by operating unit."""

    vendor_id: int
    party_id: int
    terms_id: int
    sites: dict[int, int]


def write_supplier(sheet: Sheet, company: Company, party: PartyKeys) -> SupplierKeys:
    """Write the supplier role of a party that is already there."""
    vendor_id = sheet.next_key("AP_SUPPLIERS")
    terms_id = AP_TERMS[vendor_id % len(AP_TERMS)][0]
    columns: dict[str, Value | None] = {
        "VENDOR_ID": vendor_id,
        "PARTY_ID": party.party_id,
        "SEGMENT1": company.supplier_number,
        "VENDOR_NAME": company.name[:240],
        "VENDOR_TYPE_LOOKUP_CODE": "EMPLOYEE" if company.is_person else "VENDOR",
        "TERMS_ID": terms_id,
        "HOLD_FLAG": "N",
        "ENABLED_FLAG": "Y",
        "END_DATE_ACTIVE": None if company.active else text_of(company.updated),
    }
    sheet.add("AP_SUPPLIERS", company.created, company.updated, columns)
    keys = SupplierKeys(vendor_id, party.party_id, terms_id, {})
    for organization in company.organizations:
        keys.sites[organization] = _write_site(sheet, company, party, vendor_id, organization)
    return keys


def _write_site(sheet: Sheet, company: Company, party: PartyKeys, vendor_id: int, organization: int) -> int:
    site_id = sheet.next_key("AP_SUPPLIER_SITES_ALL")
    columns: dict[str, Value | None] = {
        "VENDOR_SITE_ID": site_id,
        "VENDOR_ID": vendor_id,
        "PARTY_SITE_ID": party.party_sites[0] if party.party_sites else None,
        "VENDOR_SITE_CODE": (company.addresses[0].city if company.addresses else "")[:15].upper() or "MAIN",
        "ORG_ID": organization,
        "EMAIL_ADDRESS": company.email,
        "PHONE": company.phone[:15],
        "PURCHASING_SITE_FLAG": "Y",
        "PAY_SITE_FLAG": "Y",
    }
    if company.addresses:
        address = address_columns(company.addresses[0])
        columns |= {_RENAMED.get(name, name): value for name, value in address.items()}
    sheet.add("AP_SUPPLIER_SITES_ALL", company.created, company.updated, columns)
    return site_id
