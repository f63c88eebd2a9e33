"""Columns of what the business procedures give (N number, D date, Vn text of n characters)."""

from dataclasses import dataclass

from ml_sandbox.ebs.catalog import Column, Kind


@dataclass(frozen=True, slots=True)
class BusinessRows:
    """The key of X_ROWS, and by out parameter the stem of its type names and its columns."""

    key: tuple[str, ...]
    collections: dict[str, tuple[str, str]]


def columns_of(text: str) -> tuple[Column, ...]:
    """Read a list of columns."""
    return tuple(_column(item) for item in text.split(","))


def _column(item: str) -> Column:
    name, kind = item.split()
    if kind.startswith("V"):
        return Column(name, Kind.VARCHAR2, int(kind[1:]))
    return Column(name, Kind.NUMBER if kind == "N" else Kind.DATE)


_PHONE = "PHONE_COUNTRY_CODE V10, PHONE_AREA_CODE V10, PHONE_NUMBER V40, PHONE_EXTENSION V20"
_MONEY = "OPEN_ORDER_AMOUNT N, OVERDUE_AMOUNT N, BALANCE N, SPEND_LAST_12_MONTHS N, SPEND_TOTAL N"

BUSINESS: dict[str, BusinessRows] = {
    "CUSTOMERS": BusinessRows(
        ("CUST_ACCOUNT_ID",),
        {
            "X_ROWS": (
                "CUSTOMERS",
                f"""CUST_ACCOUNT_ID N, ACCOUNT_NUMBER V30, ACCOUNT_NAME V240, STATUS V1,
                CUSTOMER_CLASS_CODE V30, CUSTOMER_TYPE V30, PARTY_ID N, PARTY_NUMBER V30, PARTY_NAME V360,
                PARTY_TYPE V30, PARTY_STATUS V1, EMAIL V2000, {_PHONE}, URL V2000, TAX_REFERENCE V50,
                CREATION_DATE D, SITE_USE_ID N, ORG_ID N, ADDRESS1 V240, ADDRESS2 V240, ADDRESS3 V240,
                ADDRESS4 V240, CITY V60, COUNTY V60, STATE V60, PROVINCE V60, POSTAL_CODE V60, COUNTRY V60,
                TERMS V15, CREDIT_HOLD V1, LAST_UPDATE_DATE D""",
            ),
            "X_LIMITS": (
                "CUSTOMER_LIMITS",
                "CUST_ACCOUNT_ID N, CURRENCY_CODE V15, OVERALL_CREDIT_LIMIT N, TRX_CREDIT_LIMIT N",
            ),
        },
    ),
    "CUSTOMER_CONTACTS": BusinessRows(
        ("CUST_ACCOUNT_ROLE_ID",),
        {
            "X_ROWS": (
                "CUSTOMER_CONTACTS",
                f"""CUST_ACCOUNT_ROLE_ID N, CUST_ACCOUNT_ID N, ACCOUNT_NUMBER V30, ACCOUNT_STATUS V1,
                CUST_ACCT_SITE_ID N, ORG_ID N, PARTY_ID N, PERSON_PARTY_ID N, CONTACT_NUMBER V30,
                FIRST_NAME V150, LAST_NAME V150, NAME V360, JOB_TITLE V100, EMAIL V2000, {_PHONE},
                ROLE_STATUS V1, RELATIONSHIP_STATUS V1, STATUS V1, CREATION_DATE D, LAST_UPDATE_DATE D""",
            ),
        },
    ),
    "CUSTOMER_SUMMARIES": BusinessRows(
        ("CUST_ACCOUNT_ID",),
        {
            "X_ROWS": (
                "CUSTOMER_SUMMARIES",
                """CUST_ACCOUNT_ID N, ACCOUNT_NUMBER V30, STATUS V1, OPEN_ORDER_COUNT N, OPEN_ORDER_AMOUNT N,
                RECENT_INVOICE_COUNT N, OVERDUE_INVOICE_COUNT N, OVERDUE_AMOUNT N, BALANCE N,
                SPEND_LAST_12_MONTHS N, SPEND_TOTAL N, SUMMARY_CURRENCY V15, SUPPLIER_NUMBER V30,
                SUPPLIER_NAME V240, SUPPLIER_SITE V15, EXCLUDED_COUNT N, LAST_UPDATE_DATE D""",
            ),
            "X_AMOUNTS": ("CUSTOMER_AMOUNTS", f"CUST_ACCOUNT_ID N, CURRENCY_CODE V15, {_MONEY}"),
            "X_ORDERS": (
                "CUSTOMER_ORDERS",
                """CUST_ACCOUNT_ID N, ROUTE V30, DOCUMENT_ID N, ORDER_NUMBER V40, STATUS V30, ORDER_DATE D,
                SHIP_DATE D, AMOUNT N, CURRENCY_CODE V15, ORG_ID N""",
            ),
            "X_INVOICES": (
                "CUSTOMER_INVOICES",
                """CUST_ACCOUNT_ID N, ROUTE V30, DOCUMENT_ID N, INVOICE_NUMBER V50, INVOICE_DATE D,
                DUE_DATE D, AMOUNT N, BALANCE N, CURRENCY_CODE V15, PAYMENT_STATUS V30, OVERDUE V1,
                ORG_ID N""",
            ),
        },
    ),
    "CUSTOMER_EXCLUSIONS": BusinessRows(
        ("DOCUMENT_TYPE", "DOCUMENT_ID"),
        {
            "X_ROWS": (
                "CUSTOMER_EXCLUSIONS",
                """DOCUMENT_TYPE V30, DOCUMENT_ID N, DOCUMENT_NUMBER V50, ORG_ID N, CUST_ACCOUNT_ID N,
                ACCOUNT_NUMBER V30, LINE_ID N, CODE_COMBINATION_ID N, REASON V240, VALID V1,
                LAST_UPDATE_DATE D""",
            ),
        },
    ),
}
