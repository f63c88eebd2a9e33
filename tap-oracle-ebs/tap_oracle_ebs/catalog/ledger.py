"""Tables of the general ledger and of inventory: accounts, rates, items."""

from __future__ import annotations

from tap_oracle_ebs.catalog.model import CHANGED, Table, declared

_SEGMENTS = " ".join(f"SEGMENT{number}:T" for number in range(1, 31))

LEDGER: tuple[Table, ...] = (
    # This table keeps when and by whom a row was changed, not when and by whom it was made.
    declared(
        "GL_CODE_COMBINATIONS",
        "CODE_COMBINATION_ID",
        f"CODE_COMBINATION_ID:I CHART_OF_ACCOUNTS_ID:I {_SEGMENTS} ACCOUNT_TYPE:T ENABLED_FLAG:T "
        "SUMMARY_FLAG:T DETAIL_POSTING_ALLOWED_FLAG:T START_DATE_ACTIVE:D END_DATE_ACTIVE:D TEMPLATE_ID:I",
        who=f"{CHANGED}:D LAST_UPDATED_BY:I",
    ),
    declared(
        "GL_DAILY_RATES",
        "FROM_CURRENCY TO_CURRENCY CONVERSION_DATE CONVERSION_TYPE",
        "FROM_CURRENCY:T TO_CURRENCY:T CONVERSION_DATE:D CONVERSION_TYPE:T CONVERSION_RATE:N",
    ),
    declared(
        "MTL_SYSTEM_ITEMS_B",
        "INVENTORY_ITEM_ID ORGANIZATION_ID",
        "INVENTORY_ITEM_ID:I ORGANIZATION_ID:I SEGMENT1:T DESCRIPTION:T PRIMARY_UOM_CODE:T "
        "INVENTORY_ITEM_STATUS_CODE:T LIST_PRICE_PER_UNIT:N EXPENSE_ACCOUNT:I ENABLED_FLAG:T",
    ),
)
