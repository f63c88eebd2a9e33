"""The fields of customers, suppliers and contacts, and the form in which JD Edwards keeps their values.

Tables, columns and lengths: Oracle's 9.2 metadata of F0101, F0111, F0115, F01151, F0116, F03012 and F0401.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal

from ml_connector.sync import Field

Kind = Literal["text", "exact", "code", "number", "date"]

_TEXT_OR_NULL = ["string", "null"]


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One field that an orchestration may take.

    `column` is the table and alias that it ends in. A `text` is cut to `length` characters, for JD Edwards
    keeps no more; `exact` ones (keys, tax numbers, addresses of mail) and codes would mean something else
    when cut, so longer ones are refused. Codes are kept in upper case. `decimals` of a number are what the
    column keeps. `staged`: the column of F0101Z2, where it has one.
    """

    name: str
    column: str
    kind: Kind = "text"
    length: int = 0
    decimals: int = 0
    staged: str | None = None

    @property
    def title(self) -> str:
        """The input's name in the descriptions of this package: the words of the field."""
        return title_of(self.name)

    @property
    def schema(self) -> dict[str, Any]:
        """What a mapped value has to look like."""
        if self.kind == "number":
            return {"type": ["number", "string", "null"]}
        if self.kind == "date":
            return {"type": _TEXT_OR_NULL}
        if self.kind == "text":
            return {"type": ["string", "integer", "null"]}
        # Blanks around a value are not kept, so they do not count.
        return {"type": ["string", "integer", "null"], "pattern": rf"^\s*(\S.{{0,{self.length - 1}}}?)?\s*$"}

    def stored(self, value: Any) -> Any:
        """The value as it will be shown; one that has no such form comes back as it is."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if self.kind == "number":
            return _rounded(value, self.decimals)
        if self.kind == "date":
            return _day(value)
        text = " ".join(str(value).splitlines()).strip()
        if self.kind == "text":
            return text[: self.length].rstrip()
        return text.upper() if self.kind == "code" else text

    def field(self, *, write_blanks: bool = False) -> Field:
        """The field for the engine."""
        return Field(self.name, schema=self.schema, stored_form=self.stored, write_blanks=write_blanks)


def title_of(name: str) -> str:
    """`address_line_1` as `Address Line 1`."""
    return " ".join(word.capitalize() for word in name.split("_"))


def _rounded(value: Any, decimals: int) -> Any:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _day(value: Any) -> Any:
    text = str(value).strip()
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return value


def _codes(name: str, column: str, staged: str | None = None) -> Iterable[Item]:
    for number in range(1, 31):
        numbered = f"{number:02}"
        yield Item(
            f"{name}_{numbered}",
            f"{column}{numbered}",
            "code",
            3,
            staged=f"{staged}{numbered}" if staged else None,
        )


_MASTER = (
    Item("long_address", "F0101.ALKY", "exact", 20, staged="ALKY"),
    Item("name", "F0101.ALPH", length=40, staged="ALPH"),
    Item("secondary_name", "F0101.ALP1", length=40, staged="ALP1"),
    Item("mailing_name", "F0111.MLNM", length=40, staged="MLNM"),
    Item("tax_id", "F0101.TAX", "exact", 20, staged="TAX"),
    Item("additional_tax_id", "F0101.TX2", "exact", 20, staged="TX2"),
    Item("search_type", "F0101.AT1", "code", 3, staged="AT1"),
    Item("business_unit", "F0101.MCU", "code", 12, staged="MCU"),
    Item("industry_code", "F0101.SIC", "code", 10, staged="SIC"),
    Item("language", "F0101.LNGP", "code", 2, staged="LNGP"),
    Item("credit_message", "F0101.CM", "code", 2, staged="CM"),
    *_codes("category_code", "F0101.AC", "AC"),
    Item("address_line_1", "F0116.ADD1", length=40, staged="ADD1"),
    Item("address_line_2", "F0116.ADD2", length=40, staged="ADD2"),
    Item("address_line_3", "F0116.ADD3", length=40, staged="ADD3"),
    Item("address_line_4", "F0116.ADD4", length=40, staged="ADD4"),
    Item("city", "F0116.CTY1", length=25, staged="CTY1"),
    Item("county", "F0116.COUN", length=25, staged="COUN"),
    Item("state", "F0116.ADDS", "code", 3, staged="ADDS"),
    Item("postal_code", "F0116.ADDZ", "exact", 12, staged="ADDZ"),
    Item("country", "F0116.CTR", "code", 3, staged="CTR"),
    Item("address_effective_date", "F0101.EFTB", "date", staged="EFTB"),
    # An area code of 6 and a number of 20 characters, with a blank between them.
    Item("phone", "F0115.PH1", "exact", 27, staged="PH1"),
    Item("phone_type", "F0115.PHTP", "code", 4, staged="PHTP"),
    Item("fax", "F0115.PH1", "exact", 27),
    Item("email", "F01151.EMAL", "exact", 256, staged="EMAL"),
    Item("website", "F01151.EMAL", "exact", 256),
)

CUSTOMER_ITEMS: tuple[Item, ...] = (
    *_MASTER,
    Item("payment_terms", "F03012.TRAR", "code", 3),
    Item("credit_limit", "F03012.ACL", "number"),
    Item("temporary_credit_message", "F03012.TSTA", "code", 2),
    Item("hold_code", "F03012.HOLD", "code", 2),
    Item("hold_invoices", "F03012.HDAR", "code", 1),
    Item("currency", "F03012.CRCD", "code", 3),
    Item("tax_area", "F03012.TXA1", "code", 10),
    Item("tax_explanation", "F03012.EXR1", "code", 2),
    Item("price_group", "F03012.CPGP", "code", 8),
    *_codes("customer_category", "F03012.AC"),
)
"""What is written of a customer."""

SUPPLIER_ITEMS: tuple[Item, ...] = (
    *_MASTER,
    Item("payment_terms", "F0401.TRAP", "code", 3),
    Item("currency", "F0401.CRRP", "code", 3),
    Item("hold_code", "F0401.HOLD", "code", 2),
    Item("hold_payment", "F0401.HDPY", "code", 1),
    Item("payment_instrument", "F0401.PYIN", "code", 1),
    Item("tax_area", "F0401.TXA2", "code", 10),
    Item("tax_explanation", "F0401.EXR2", "code", 2),
)
"""What is written of a supplier."""

CONTACT_ITEMS: tuple[Item, ...] = (
    Item("name", "F0111.ALPH", length=40),
    Item("given_name", "F0111.GNNM", length=25),
    Item("middle_name", "F0111.MDNM", length=25),
    Item("surname", "F0111.SRNM", length=25),
    Item("title", "F0111.ATTL", length=40),
    Item("salutation", "F0111.SLNM", length=40),
    Item("contact_type", "F0111.TYC", "code", 1),
    Item("phone", "F0115.PH1", "exact", 27),
    Item("mobile", "F0115.PH1", "exact", 27),
    Item("email", "F01151.EMAL", "exact", 256),
)
"""What is written of a contact."""

ITEMS: dict[str, tuple[Item, ...]] = {
    "customers": CUSTOMER_ITEMS,
    "suppliers": SUPPLIER_ITEMS,
    "contacts": CONTACT_ITEMS,
}
"""By object."""
