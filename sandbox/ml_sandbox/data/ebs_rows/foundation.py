"""What documents point to: payment terms, GL accounts, items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from ml_sandbox.data.business import Product
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value, text_of

RA_TERMS = ((4, "30 NET", 30), (5, "IMMEDIATE", 0), (1000, "2/10, NET 30", 30), (1001, "45 NET", 45))
AP_TERMS = ((10000, "Immediate", 0), (10001, "Net 30", 30), (10002, "Net 45", 45), (10046, "Net 60", 60))
AP_TERMS_DAYS = {key: days for key, _, days in AP_TERMS}
RA_TERMS_DAYS = {key: days for key, _, days in RA_TERMS}
# To the currency of the books, US dollars; one rate for all days.
RATES = {
    "BRL": Decimal("0.18"),
    "CAD": Decimal("0.73"),
    "EUR": Decimal("1.085"),
    "GBP": Decimal("1.27"),
    "JPY": Decimal("0.0067"),
    "PLN": Decimal("0.25"),
    "SEK": Decimal("0.095"),
    "TRY": Decimal("0.03"),
}
INVENTORY_ORGANIZATIONS = (204, 207)
CHART_OF_ACCOUNTS = 101
_EXPENSES = ("7420", "7530", "7640", "7699", "1410")
_DEPARTMENTS = ("000", "110", "402", "520", "740")


@dataclass(frozen=True, slots=True)
class Foundation:
    """Keys of the accounts that documents use."""

    expense: tuple[int, ...]
    broken: tuple[int, ...]
    payables: int
    receivables: int
    revenue: int

    def charge(self, draw: Draw) -> int:
        """Give an expense account; three in a hundred cannot be posted to."""
        return draw.pick(self.broken if draw.chance(0.03) else self.expense)


def write_foundation(sheet: Sheet, draw: Draw, newest: datetime) -> Foundation:
    """Write terms and GL accounts as they have stood since long before `newest`."""
    since = newest - timedelta(days=1500)
    for key, name, days in RA_TERMS:
        columns: dict[str, Value | None] = {"TERM_ID": key, "NAME": name, "DESCRIPTION": _describe(days)}
        sheet.add("RA_TERMS", since, since, columns | {"START_DATE_ACTIVE": text_of(since)})
    for key, name, days in AP_TERMS:
        columns = {"TERM_ID": key, "NAME": name, "DESCRIPTION": _describe(days), "ENABLED_FLAG": "Y"}
        sheet.add("AP_TERMS", since, since, columns)
    return _write_accounts(sheet, draw, since, newest)


def _describe(days: int) -> str:
    return f"Due in {days} days" if days else "Due at once"


def _write_accounts(sheet: Sheet, draw: Draw, since: datetime, newest: datetime) -> Foundation:
    expense = tuple(
        _account(sheet, since, (company, department, natural, f"{draw.below(9)}000"))
        for company in ("01", "02")
        for department in _DEPARTMENTS
        for natural in _EXPENSES
    )
    # One account for each way in which Payables finds an account invalid.
    faults: tuple[dict[str, Value | None], ...] = (
        {"ENABLED_FLAG": "N"},
        {"SUMMARY_FLAG": "Y"},
        {"DETAIL_POSTING_ALLOWED_FLAG": "N"},
        {"TEMPLATE_ID": 1021, "SUMMARY_FLAG": "Y"},
        {"END_DATE_ACTIVE": text_of(newest - timedelta(days=400))},
        {"START_DATE_ACTIVE": text_of(newest + timedelta(days=60))},
    )
    broken = tuple(
        _account(sheet, since, ("01", "990", f"79{number:02}", "0000"), fault)
        for number, fault in enumerate(faults)
    )
    return Foundation(
        expense,
        broken,
        payables=_account(sheet, since, ("01", "000", "2210", "0000"), {"ACCOUNT_TYPE": "L"}),
        receivables=_account(sheet, since, ("01", "000", "1210", "0000"), {"ACCOUNT_TYPE": "A"}),
        revenue=_account(sheet, since, ("01", "000", "4110", "0000"), {"ACCOUNT_TYPE": "R"}),
    )


def _account(
    sheet: Sheet, since: datetime, segments: tuple[str, ...], changes: dict[str, Value | None] | None = None
) -> int:
    key = sheet.next_key("GL_CODE_COMBINATIONS")
    columns: dict[str, Value | None] = {
        "CODE_COMBINATION_ID": key,
        "CHART_OF_ACCOUNTS_ID": CHART_OF_ACCOUNTS,
        "ACCOUNT_TYPE": "E",
        "ENABLED_FLAG": "Y",
        "SUMMARY_FLAG": "N",
        "DETAIL_POSTING_ALLOWED_FLAG": "Y",
    }
    columns.update({f"SEGMENT{number}": value for number, value in enumerate((*segments, "000"), 1)})
    sheet.add("GL_CODE_COMBINATIONS", since, since, columns | (changes or {}))
    return key


def write_products(
    sheet: Sheet, products: Iterable[Product], expense_account: int, since: datetime
) -> dict[str, int]:
    """Write one item row per product and inventory organization; give the item keys by number."""
    keys: dict[str, int] = {}
    for product in products:
        key = keys[product.number] = sheet.next_key("MTL_SYSTEM_ITEMS_B")
        for organization in INVENTORY_ORGANIZATIONS:
            columns: dict[str, Value | None] = {
                "INVENTORY_ITEM_ID": key,
                "ORGANIZATION_ID": organization,
                "SEGMENT1": product.number,
                "DESCRIPTION": product.description,
                "PRIMARY_UOM_CODE": product.unit,
                "INVENTORY_ITEM_STATUS_CODE": "Active" if product.active else "Inactive",
                "LIST_PRICE_PER_UNIT": Decimal(product.price),
                "EXPENSE_ACCOUNT": expense_account,
                "ENABLED_FLAG": "Y",
            }
            sheet.add("MTL_SYSTEM_ITEMS_B", since, since, columns)
    return keys
