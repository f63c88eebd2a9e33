"""The fields of business records: which column each comes from, and their JSON schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_connector.vendors.jde.catalog import TABLES
from ml_connector.vendors.jde.tables import Kind

Fields = Mapping[str, str]
"""Field -> `TABLE.ALIAS`; a field that is made of several columns has the name of its table only."""


def _codes(field: str, table: str) -> dict[str, str]:
    return {f"{field}_{number:02d}": f"{table}.AC{number:02d}" for number in range(1, 31)}


_MASTER: Fields = {
    "address_number": "F0101.AN8",
    "long_address": "F0101.ALKY",
    "name": "F0101.ALPH",
    "secondary_name": "F0101.ALP1",
    "mailing_name": "F0111.MLNM",
    "tax_id": "F0101.TAX",
    "additional_tax_id": "F0101.TX2",
    "search_type": "F0101.AT1",
    "business_unit": "F0101.MCU",
    "industry_code": "F0101.SIC",
    "language": "F0101.LNGP",
    "credit_message": "F0101.CM",
    **_codes("category_code", "F0101"),
    "address_line_1": "F0116.ADD1",
    "address_line_2": "F0116.ADD2",
    "address_line_3": "F0116.ADD3",
    "address_line_4": "F0116.ADD4",
    "city": "F0116.CTY1",
    "county": "F0116.COUN",
    "state": "F0116.ADDS",
    "postal_code": "F0116.ADDZ",
    "country": "F0116.CTR",
    "address_effective_date": "F0116.EFTB",
}
_REACHED: Fields = {
    "phone": "F0115",
    "phone_type": "F0115",
    "fax": "F0115",
    "phones": "F0115",
    "email": "F01151",
    "website": "F01151",
    "emails": "F01151",
}
CUSTOMER: Fields = {
    **_MASTER,
    **_REACHED,
    "company": "F03012.CO",
    "payment_terms": "F03012.TRAR",
    "credit_limit": "F03012.ACL",
    "temporary_credit_message": "F03012.TSTA",
    "hold_code": "F03012.HOLD",
    "hold_invoices": "F03012.HDAR",
    "currency": "F03012.CRCD",
    "tax_area": "F03012.TXA1",
    "tax_explanation": "F03012.EXR1",
    "price_group": "F03012.CPGP",
    **_codes("customer_category", "F03012"),
    "updated_at": "",
}
SUPPLIER: Fields = {
    **_MASTER,
    **_REACHED,
    "payment_terms": "F0401.TRAP",
    "currency": "F0401.CRRP",
    "hold_code": "F0401.HOLD",
    "hold_payment": "F0401.HDPY",
    "payment_instrument": "F0401.PYIN",
    "tax_area": "F0401.TXA2",
    "tax_explanation": "F0401.EXR2",
    "updated_at": "",
}
CONTACT: Fields = {
    "address_number": "F0111.AN8",
    "line_number": "F0111.IDLN",
    "name": "F0111",
    "given_name": "F0111.GNNM",
    "middle_name": "F0111.MDNM",
    "surname": "F0111.SRNM",
    "title": "F0111.ATTL",
    "salutation": "F0111.SLNM",
    "contact_type": "F0111.TYC",
    "phone": "F0115",
    "phones": "F0115",
    "mobile": "F0115",
    "email": "F01151",
    "emails": "F01151",
    "updated_at": "",
}

_DESCRIPTIONS = {
    "name": "ALPH of the line, or MLNM where that is blank.",
    "phone": "Area code and number of the first row by sequence that is no fax.",
    "phone_type": "Type of `phone`.",
    "fax": "The first number of a fax type.",
    "mobile": "The first number of a mobile type.",
    "phones": "All rows of F0115 of this line, by sequence.",
    "email": "The first address of type E-mail.",
    "website": "The first address of type Internet.",
    "emails": "All rows of F01151 of this line, by sequence.",
    "updated_at": "The newest UPMJ and UPMT of all rows behind the record, as instant.",
}
_TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.INTEGER: {"type": ["integer", "null"]},
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.DATE: {"type": ["string", "null"], "format": "date"},
    Kind.INSTANT: {"type": ["string", "null"], "format": "date-time"},
}


def type_of(kind: Kind) -> dict[str, Any]:
    """Return the JSON schema of a column's values, null included."""
    return dict(_TYPES[kind])


def _listed(**properties: dict[str, Any]) -> dict[str, Any]:
    own = {"line": type_of(Kind.INTEGER), "sequence": type_of(Kind.INTEGER), "type": type_of(Kind.TEXT)}
    return {"type": ["array"], "items": {"type": ["object"], "properties": {**own, **properties}}}


_PHONES = _listed(area_code=type_of(Kind.TEXT), number=type_of(Kind.TEXT))
_EMAILS = _listed(address=type_of(Kind.TEXT))


def schema_of(fields: Fields, key: tuple[str, ...]) -> dict[str, Any]:
    """Return the JSON schema of records with these fields; those of the key are never null."""
    properties: dict[str, Any] = {}
    for name, source in fields.items():
        table, _, alias = source.partition(".")
        if name in {"phones", "emails"}:
            prop = dict(_PHONES if name == "phones" else _EMAILS)
        elif name == "updated_at":
            prop = type_of(Kind.INSTANT)
        else:
            prop = type_of(TABLES[table].column(alias).kind if alias else Kind.TEXT)
        if name in key:
            prop["type"] = [each for each in prop["type"] if each != "null"]
        prop["description"] = f"{source}." if alias else _DESCRIPTIONS[name]
        properties[name] = prop
    return {"type": "object", "properties": properties}


def tables_of(fields: Fields) -> set[str]:
    """Return the tables that fields come from."""
    return {source.partition(".")[0] for source in fields.values() if source}


def aliases_of(fields: Fields, table: str) -> list[str]:
    """Return the columns of a table that fields are made of."""
    return [alias for name, _, alias in (each.partition(".") for each in fields.values()) if name == table]
