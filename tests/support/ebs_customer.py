"""A customer of EBS that is a supplier, too, with one document of each kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from support.ebs_business import KEYS

from ml_sandbox.testing import RunningSandbox

DAY = dt.timedelta(days=1)
CODE, USE_CODE = 870_001, 870_002
LONG_AGO = "2024-01-01T00:00:00"


def write_customer(sandbox: RunningSandbox, number: int, today: dt.datetime) -> None:
    """A customer that is a supplier, too; all of it is stamped long ago."""
    key = 880_000 + number
    accounts = (CODE, USE_CODE) if number == 1 else (CODE + 10, USE_CODE + 10)
    recent, due = (today - 30 * DAY).isoformat(), (today + 20 * DAY).isoformat()

    def put(table: str, **values: Any) -> None:
        columns = {"ORG_ID": 204} if has_unit(table) else {}
        names = dict.fromkeys(KEYS[table][:1], key)
        sandbox.control.put_rows("ebs", table, [{**names, **columns, "LAST_UPDATE_DATE": LONG_AGO, **values}])

    put("HZ_PARTIES", PARTY_NAME=f"Company {number}", PARTY_TYPE="ORGANIZATION", STATUS="A")
    put("HZ_PARTIES", PARTY_ID=key + 100, PARTY_NAME=f"Person {number}", PARTY_TYPE="PERSON", STATUS="A")
    put("HZ_PARTIES", PARTY_ID=key + 200, PARTY_TYPE="PARTY_RELATIONSHIP", STATUS="A")
    put("HZ_CUST_ACCOUNTS", PARTY_ID=key, ACCOUNT_NUMBER=f"A{number}", STATUS="A")
    put("HZ_CUST_ACCT_SITES_ALL", CUST_ACCOUNT_ID=key, STATUS="A")
    put(
        "HZ_CUST_SITE_USES_ALL",
        CUST_ACCT_SITE_ID=key,
        SITE_USE_CODE="BILL_TO",
        STATUS="A",
        GL_ID_REC=accounts[1],
    )
    put("HZ_CUST_ACCOUNT_ROLES", CUST_ACCOUNT_ID=key, PARTY_ID=key + 200, ROLE_TYPE="CONTACT", STATUS="A")
    role = {"CUST_ACCOUNT_ID": key, "CUST_ACCT_SITE_ID": key, "PARTY_ID": key + 200, "STATUS": "A"}
    put("HZ_CUST_ACCOUNT_ROLES", CUST_ACCOUNT_ROLE_ID=key + 100, ROLE_TYPE="CONTACT", **role)
    bond = {"PARTY_ID": key + 200, "STATUS": "A"}
    put(
        "HZ_RELATIONSHIPS",
        DIRECTIONAL_FLAG="F",
        SUBJECT_ID=key + 100,
        OBJECT_ID=key,
        SUBJECT_TYPE="PERSON",
        **bond,
    )
    put("HZ_ORG_CONTACTS", PARTY_RELATIONSHIP_ID=key, JOB_TITLE="Buyer")
    owner = {"OWNER_TABLE_NAME": "HZ_PARTIES", "OWNER_TABLE_ID": key + 200, "STATUS": "A"}
    put("HZ_CONTACT_POINTS", CONTACT_POINT_TYPE="EMAIL", EMAIL_ADDRESS=f"p{number}@c.example", **owner)
    for code in accounts:
        put(
            "GL_CODE_COMBINATIONS",
            CODE_COMBINATION_ID=code,
            ENABLED_FLAG="Y",
            SUMMARY_FLAG="N",
            DETAIL_POSTING_ALLOWED_FLAG="Y",
        )
    put("AP_SUPPLIERS", PARTY_ID=key, SEGMENT1=f"S{number}", VENDOR_NAME=f"Company {number}")
    put("AP_SUPPLIER_SITES_ALL", VENDOR_ID=key, VENDOR_SITE_CODE="MAIN", PURCHASING_SITE_FLAG="Y")
    put(
        "PO_HEADERS_ALL",
        SEGMENT1=f"P{number}",
        TYPE_LOOKUP_CODE="STANDARD",
        VENDOR_ID=key,
        CURRENCY_CODE="USD",
        AUTHORIZATION_STATUS="APPROVED",
        CREATION_DATE=recent,
    )
    put("PO_LINES_ALL", PO_HEADER_ID=key, UNIT_PRICE=10)
    put("PO_LINE_LOCATIONS_ALL", PO_HEADER_ID=key, PO_LINE_ID=key, QUANTITY=5, NEED_BY_DATE=due)
    put("PO_DISTRIBUTIONS_ALL", PO_HEADER_ID=key, CODE_COMBINATION_ID=accounts[0])
    put(
        "AP_INVOICES_ALL",
        INVOICE_NUM=f"I{number}",
        VENDOR_ID=key,
        INVOICE_DATE=recent,
        INVOICE_AMOUNT="100.5",
        INVOICE_CURRENCY_CODE="USD",
        PAYMENT_STATUS_FLAG="N",
    )
    put("AP_INVOICE_DISTRIBUTIONS_ALL", INVOICE_ID=key, DIST_CODE_COMBINATION_ID=accounts[0])
    put("AP_PAYMENT_SCHEDULES_ALL", PAYMENT_NUM=1, DUE_DATE=due, AMOUNT_REMAINING="100.5")
    put(
        "OE_ORDER_HEADERS_ALL",
        ORDER_NUMBER=key,
        SOLD_TO_ORG_ID=key,
        INVOICE_TO_ORG_ID=key,
        ORDERED_DATE=recent,
        OPEN_FLAG="Y",
        TRANSACTIONAL_CURR_CODE="USD",
    )
    put("OE_ORDER_LINES_ALL", HEADER_ID=key, ORDERED_QUANTITY=2, UNIT_SELLING_PRICE=7)
    put(
        "RA_CUSTOMER_TRX_ALL",
        TRX_NUMBER=f"T{number}",
        TRX_DATE=recent,
        BILL_TO_CUSTOMER_ID=key,
        INVOICE_CURRENCY_CODE="USD",
    )
    put(
        "AR_PAYMENT_SCHEDULES_ALL",
        CUSTOMER_TRX_ID=key,
        CUSTOMER_SITE_USE_ID=key,
        CLASS="INV",
        AMOUNT_DUE_ORIGINAL=40,
        AMOUNT_DUE_REMAINING=15,
        DUE_DATE=due,
    )


def has_unit(table: str) -> bool:
    return table.endswith("_ALL")
