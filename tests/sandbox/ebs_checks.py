"""What has to hold for any data set of EBS rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from ml_sandbox.data.ebs_rows import Row, Value
from ml_sandbox.ebs.catalog import TABLES, Kind

Tables = Mapping[str, Sequence[Row]]

REFERENCES = (
    ("HZ_CUST_ACCOUNTS", "PARTY_ID", "HZ_PARTIES", "PARTY_ID"),
    ("HZ_CUST_ACCT_SITES_ALL", "CUST_ACCOUNT_ID", "HZ_CUST_ACCOUNTS", "CUST_ACCOUNT_ID"),
    ("HZ_CUST_ACCT_SITES_ALL", "PARTY_SITE_ID", "HZ_PARTY_SITES", "PARTY_SITE_ID"),
    ("HZ_CUST_SITE_USES_ALL", "CUST_ACCT_SITE_ID", "HZ_CUST_ACCT_SITES_ALL", "CUST_ACCT_SITE_ID"),
    ("HZ_CUST_SITE_USES_ALL", "PAYMENT_TERM_ID", "RA_TERMS", "TERM_ID"),
    ("HZ_CUST_SITE_USES_ALL", "GL_ID_REC", "GL_CODE_COMBINATIONS", "CODE_COMBINATION_ID"),
    ("HZ_PARTY_SITES", "PARTY_ID", "HZ_PARTIES", "PARTY_ID"),
    ("HZ_PARTY_SITES", "LOCATION_ID", "HZ_LOCATIONS", "LOCATION_ID"),
    ("HZ_CONTACT_POINTS", "OWNER_TABLE_ID", "HZ_PARTIES", "PARTY_ID"),
    ("HZ_RELATIONSHIPS", "SUBJECT_ID", "HZ_PARTIES", "PARTY_ID"),
    ("HZ_RELATIONSHIPS", "OBJECT_ID", "HZ_PARTIES", "PARTY_ID"),
    ("HZ_RELATIONSHIPS", "PARTY_ID", "HZ_PARTIES", "PARTY_ID"),
    ("HZ_ORG_CONTACTS", "PARTY_RELATIONSHIP_ID", "HZ_RELATIONSHIPS", "RELATIONSHIP_ID"),
    ("HZ_CUST_ACCOUNT_ROLES", "CUST_ACCOUNT_ID", "HZ_CUST_ACCOUNTS", "CUST_ACCOUNT_ID"),
    ("HZ_CUST_ACCOUNT_ROLES", "PARTY_ID", "HZ_RELATIONSHIPS", "PARTY_ID"),
    ("HZ_CUSTOMER_PROFILES", "CUST_ACCOUNT_ID", "HZ_CUST_ACCOUNTS", "CUST_ACCOUNT_ID"),
    ("HZ_CUSTOMER_PROFILES", "STANDARD_TERMS", "RA_TERMS", "TERM_ID"),
    ("HZ_CUST_PROFILE_AMTS", "CUST_ACCOUNT_PROFILE_ID", "HZ_CUSTOMER_PROFILES", "CUST_ACCOUNT_PROFILE_ID"),
    ("AP_SUPPLIERS", "PARTY_ID", "HZ_PARTIES", "PARTY_ID"),
    ("AP_SUPPLIERS", "TERMS_ID", "AP_TERMS", "TERM_ID"),
    ("AP_SUPPLIER_SITES_ALL", "VENDOR_ID", "AP_SUPPLIERS", "VENDOR_ID"),
    ("PO_HEADERS_ALL", "VENDOR_ID", "AP_SUPPLIERS", "VENDOR_ID"),
    ("PO_HEADERS_ALL", "VENDOR_SITE_ID", "AP_SUPPLIER_SITES_ALL", "VENDOR_SITE_ID"),
    ("PO_LINES_ALL", "PO_HEADER_ID", "PO_HEADERS_ALL", "PO_HEADER_ID"),
    ("PO_LINES_ALL", "ITEM_ID", "MTL_SYSTEM_ITEMS_B", "INVENTORY_ITEM_ID"),
    ("PO_LINE_LOCATIONS_ALL", "PO_LINE_ID", "PO_LINES_ALL", "PO_LINE_ID"),
    ("PO_DISTRIBUTIONS_ALL", "LINE_LOCATION_ID", "PO_LINE_LOCATIONS_ALL", "LINE_LOCATION_ID"),
    ("PO_DISTRIBUTIONS_ALL", "CODE_COMBINATION_ID", "GL_CODE_COMBINATIONS", "CODE_COMBINATION_ID"),
    ("AP_INVOICES_ALL", "VENDOR_ID", "AP_SUPPLIERS", "VENDOR_ID"),
    ("AP_INVOICES_ALL", "PARTY_ID", "HZ_PARTIES", "PARTY_ID"),
    ("AP_INVOICE_LINES_ALL", "INVOICE_ID", "AP_INVOICES_ALL", "INVOICE_ID"),
    ("AP_INVOICE_LINES_ALL", "PO_LINE_LOCATION_ID", "PO_LINE_LOCATIONS_ALL", "LINE_LOCATION_ID"),
    ("AP_INVOICE_DISTRIBUTIONS_ALL", "PO_DISTRIBUTION_ID", "PO_DISTRIBUTIONS_ALL", "PO_DISTRIBUTION_ID"),
    ("AP_PAYMENT_SCHEDULES_ALL", "INVOICE_ID", "AP_INVOICES_ALL", "INVOICE_ID"),
    ("AP_INVOICE_PAYMENTS_ALL", "INVOICE_ID", "AP_INVOICES_ALL", "INVOICE_ID"),
    ("AP_INVOICE_PAYMENTS_ALL", "CHECK_ID", "AP_CHECKS_ALL", "CHECK_ID"),
    ("AP_CHECKS_ALL", "VENDOR_ID", "AP_SUPPLIERS", "VENDOR_ID"),
    ("AP_CHECKS_ALL", "VENDOR_SITE_ID", "AP_SUPPLIER_SITES_ALL", "VENDOR_SITE_ID"),
    ("OE_ORDER_HEADERS_ALL", "SOLD_TO_ORG_ID", "HZ_CUST_ACCOUNTS", "CUST_ACCOUNT_ID"),
    ("OE_ORDER_HEADERS_ALL", "INVOICE_TO_ORG_ID", "HZ_CUST_SITE_USES_ALL", "SITE_USE_ID"),
    ("OE_ORDER_HEADERS_ALL", "SHIP_TO_ORG_ID", "HZ_CUST_SITE_USES_ALL", "SITE_USE_ID"),
    ("OE_ORDER_LINES_ALL", "HEADER_ID", "OE_ORDER_HEADERS_ALL", "HEADER_ID"),
    ("RA_CUSTOMER_TRX_ALL", "BILL_TO_CUSTOMER_ID", "HZ_CUST_ACCOUNTS", "CUST_ACCOUNT_ID"),
    ("AR_PAYMENT_SCHEDULES_ALL", "CUSTOMER_TRX_ID", "RA_CUSTOMER_TRX_ALL", "CUSTOMER_TRX_ID"),
    ("AR_PAYMENT_SCHEDULES_ALL", "CUSTOMER_ID", "HZ_CUST_ACCOUNTS", "CUST_ACCOUNT_ID"),
)


def check_columns(tables: Tables) -> None:
    """Every column is declared, of its type and within its size; keys are there and unique."""
    for name, rows in tables.items():
        spec = TABLES[name]
        keys = {tuple(row[column] for column in spec.key) for row in rows}
        assert len(keys) == len(rows), name
        for row in rows:
            assert {"CREATION_DATE", "LAST_UPDATE_DATE"} <= set(row), name
            for column_name, value in row.items():
                column = spec.column(column_name)
                assert column is not None, (name, column_name)
                _check_value(column.kind, column.size, value)


def _check_value(kind: Kind, size: int, value: Value) -> None:
    if kind is Kind.NUMBER:
        assert isinstance(value, int | Decimal)
        assert not isinstance(value, bool)
        assert "E" not in str(value)
    elif kind is Kind.VARCHAR2:
        assert isinstance(value, str)
        assert 0 < len(value) <= size
    else:
        assert datetime.fromisoformat(str(value)).isoformat() == value


def check_references(tables: Tables) -> None:
    """Every pointer points to a row."""
    for table, column, target, target_column in REFERENCES:
        present = {row[target_column] for row in tables[target]}
        pointers = {row[column] for row in tables[table] if column in row}
        assert pointers, (table, column)
        assert pointers <= present, (table, column)


def check_amounts(tables: Tables) -> None:
    """Invoices are the sum of their lines, schedules of what is paid and what remains."""
    lines = total_by(tables["AP_INVOICE_LINES_ALL"], "INVOICE_ID", "AMOUNT")
    distributions = total_by(tables["AP_INVOICE_DISTRIBUTIONS_ALL"], "INVOICE_ID", "AMOUNT")
    remaining = total_by(tables["AP_PAYMENT_SCHEDULES_ALL"], "INVOICE_ID", "AMOUNT_REMAINING")
    for invoice in tables["AP_INVOICES_ALL"]:
        key, amount = invoice["INVOICE_ID"], Decimal(invoice["INVOICE_AMOUNT"])
        assert lines[key] == distributions[key] == amount
        assert remaining[key] + Decimal(invoice["AMOUNT_PAID"]) == amount
    check_payments(tables)
    for schedule in tables["AR_PAYMENT_SCHEDULES_ALL"]:
        assert (schedule["AMOUNT_DUE_REMAINING"] == 0) == (schedule["STATUS"] == "CL")


def check_payments(tables: Tables) -> None:
    """Payments are what invoices say is paid; a check is the sum of its payments, a voided one of none."""
    payments = tables["AP_INVOICE_PAYMENTS_ALL"]
    paid = total_by(payments, "INVOICE_ID", "AMOUNT")
    for invoice in tables["AP_INVOICES_ALL"]:
        assert paid.get(invoice["INVOICE_ID"], Decimal(0)) == invoice["AMOUNT_PAID"]
        assert (invoice["PAYMENT_STATUS_FLAG"] == "N") == (invoice["INVOICE_ID"] not in paid)
    by_check = total_by(payments, "CHECK_ID", "AMOUNT")
    invoices = {(row["CHECK_ID"], row["INVOICE_ID"]) for row in payments}
    per_check = Counter(check for check, _ in invoices)
    assert max(per_check.values()) > 1
    voided = [check for check in tables["AP_CHECKS_ALL"] if "VOID_DATE" in check]
    assert 0 < len(voided) < len(tables["AP_CHECKS_ALL"]) / 5
    for check in tables["AP_CHECKS_ALL"]:
        is_void = check["STATUS_LOOKUP_CODE"] == "VOIDED"
        assert is_void == ("VOID_DATE" in check)
        assert by_check[check["CHECK_ID"]] == (0 if is_void else check["AMOUNT"])


def total_by(rows: Iterable[Row], key: str, column: str) -> dict[Value, Decimal]:
    """Sums of a column by another."""
    totals: dict[Value, Decimal] = {}
    for row in rows:
        totals[row[key]] = totals.get(row[key], Decimal(0)) + Decimal(row[column])
    return totals
