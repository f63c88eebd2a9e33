"""Calls of the read package, and small data whose figures are worked out by hand."""

import json
from typing import Any

import requests
from sandbox.ebs_api import JSON, PASSWORD, USER, EbsApi

CONTEXT = {"Responsibility": "ML_CONNECTOR_INQUIRY", "RespApplication": "AR", "SecurityGroup": "STANDARD"}
VISION = CONTEXT | {"Responsibility": "ML_VISION_INQUIRY"}
OLD = "2026-01-01T00:00:00"
JSON_TYPE = {"Content-Type": "application/json"}


def body_of(operation: str, header: Any = CONTEXT, **parameters: Any) -> JSON:
    inner = {"RESTHeader": dict(header), "InputParameters": parameters}
    return {f"{operation.upper()}_Input": inner}


def post(ebs: EbsApi, operation: str, body: Any, **options: Any) -> requests.Response:
    """POST a body to the package: an object as JSON, bytes as they are."""
    options.setdefault("auth", (USER, PASSWORD))
    options.setdefault("headers", JSON_TYPE)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return ebs.session.post(f"{ebs.base}mlread/{operation}/", data=content, timeout=30, **options)


def call(ebs: EbsApi, operation: str, header: Any = CONTEXT, **parameters: Any) -> JSON:
    """OutputParameters of a call that succeeds."""
    answer = post(ebs, operation, body_of(operation, header, **parameters))
    assert answer.status_code == 200, answer.text
    outputs: JSON = answer.json()["OutputParameters"]
    assert plain(outputs["X_RETURN_STATUS"]) == "S", outputs
    return outputs


def plain(value: Any) -> Any:
    """A scalar; nil as None."""
    return None if isinstance(value, dict) else value


def items(outputs: JSON, collection: str = "X_ROWS") -> list[JSON]:
    """Rows of a collection of the default shape, nulls as None."""
    found = outputs.get(collection, {}).get(f"{collection}_ITEM", [])
    rows = [found] if isinstance(found, dict) else found
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def read(ebs: EbsApi, operation: str, header: Any = CONTEXT, **parameters: Any) -> list[JSON]:
    return items(call(ebs, operation, header, **parameters))


def column(rows: list[JSON], name: str) -> list[Any]:
    return [row[name] for row in rows]


def put_old(ebs: EbsApi, table: str, *rows: JSON) -> None:
    """Put rows that nobody touched since the first of January."""
    ebs.put(table, *({"LAST_UPDATE_DATE": OLD, "CREATION_DATE": OLD} | row for row in rows))


def put_accounts(ebs: EbsApi, *account_ids: int) -> None:
    """Accounts with a party (+ 1000), a supplier (+ 2000) and a bill-to site use (+ 3000) each."""
    for key in account_ids:
        party, vendor, use = key + 1000, key + 2000, key + 3000
        put_old(ebs, "HZ_PARTIES", {"PARTY_ID": party, "PARTY_NAME": f"Party {key}", "STATUS": "A"})
        account = {"CUST_ACCOUNT_ID": key, "PARTY_ID": party, "ACCOUNT_NUMBER": f"A{key}", "STATUS": "A"}
        put_old(ebs, "HZ_CUST_ACCOUNTS", account)
        supplier = {"VENDOR_ID": vendor, "PARTY_ID": party, "SEGMENT1": f"V{key}", "VENDOR_NAME": f"N{key}"}
        put_old(ebs, "AP_SUPPLIERS", supplier)
        site = {"CUST_ACCT_SITE_ID": key + 4000, "CUST_ACCOUNT_ID": key, "STATUS": "A", "ORG_ID": 204}
        put_old(ebs, "HZ_CUST_ACCT_SITES_ALL", site)
        billing = {"SITE_USE_ID": use, "CUST_ACCT_SITE_ID": key + 4000, "SITE_USE_CODE": "BILL_TO"}
        put_old(ebs, "HZ_CUST_SITE_USES_ALL", billing | {"STATUS": "A", "ORG_ID": 204, "LOCATION": f"L{key}"})


def put_ledger_account(ebs: EbsApi, key: int, **changes: Any) -> None:
    """An account that can be posted to, but for the changes."""
    usable = {"ENABLED_FLAG": "Y", "SUMMARY_FLAG": "N", "DETAIL_POSTING_ALLOWED_FLAG": "Y"}
    put_old(ebs, "GL_CODE_COMBINATIONS", {"CODE_COMBINATION_ID": key} | usable | changes)


def put_order(ebs: EbsApi, key: int, account: int, *shipments: JSON, **changes: Any) -> None:
    """An open purchase order of an account's supplier: a line, shipment and distribution per shipment."""
    header = {"PO_HEADER_ID": key, "SEGMENT1": f"PO{key}", "VENDOR_ID": account + 2000, "ORG_ID": 204}
    header |= {"TYPE_LOOKUP_CODE": "STANDARD", "AUTHORIZATION_STATUS": "APPROVED", "CURRENCY_CODE": "USD"}
    put_old(ebs, "PO_HEADERS_ALL", header | {"CREATION_DATE": "2026-11-01T08:00:00"} | changes)
    for number, shipment in enumerate(shipments or ({"QUANTITY": 2},), 1):
        own = {"PO_HEADER_ID": key, "PO_LINE_ID": key * 10 + number, "ORG_ID": 204}
        given = dict(shipment)
        account_id = given.pop("charged", 1)
        line = {name: given.pop(name) for name in ("UNIT_PRICE", "CANCEL_FLAG") if name in given}
        put_old(ebs, "PO_LINES_ALL", own | {"UNIT_PRICE": "12.50", "CANCEL_FLAG": "N"} | line)
        put_old(ebs, "PO_LINE_LOCATIONS_ALL", own | {"LINE_LOCATION_ID": key * 10 + number} | given)
        distribution = {"PO_DISTRIBUTION_ID": key * 10 + number, "CODE_COMBINATION_ID": account_id}
        put_old(ebs, "PO_DISTRIBUTIONS_ALL", own | distribution)


def put_invoice(ebs: EbsApi, key: int, account: int, *schedules: tuple[str, str], **changes: Any) -> None:
    """A supplier invoice with schedules of due date and what remains, charged to account 1."""
    header = {"INVOICE_ID": key, "INVOICE_NUM": f"I{key}", "PARTY_ID": account + 1000, "ORG_ID": 204}
    header |= {"INVOICE_DATE": "2026-11-01T10:00:00", "INVOICE_AMOUNT": "100", "PAYMENT_STATUS_FLAG": "N"}
    given = dict(changes)
    account_id, booked = given.pop("charged", 1), given.pop("booked", "2026-11-01T00:00:00")
    put_old(ebs, "AP_INVOICES_ALL", header | {"INVOICE_CURRENCY_CODE": "USD"} | given)
    for number, (due, remaining) in enumerate(schedules or (("2026-12-01T00:00:00", "100"),), 1):
        schedule = {"INVOICE_ID": key, "PAYMENT_NUM": number, "DUE_DATE": due, "AMOUNT_REMAINING": remaining}
        put_old(ebs, "AP_PAYMENT_SCHEDULES_ALL", schedule)
    distribution = {"INVOICE_DISTRIBUTION_ID": key, "INVOICE_ID": key, "ACCOUNTING_DATE": booked}
    put_old(ebs, "AP_INVOICE_DISTRIBUTIONS_ALL", distribution | {"DIST_CODE_COMBINATION_ID": account_id})


def put_sale(ebs: EbsApi, key: int, account: int, *lines: JSON, **changes: Any) -> None:
    """An open sales order billed to the account's site use."""
    header: JSON = {"HEADER_ID": key, "ORDER_NUMBER": key, "SOLD_TO_ORG_ID": account, "ORG_ID": 204}
    header |= {"INVOICE_TO_ORG_ID": account + 3000, "ORDERED_DATE": "2026-11-02T09:00:00", "OPEN_FLAG": "Y"}
    header |= {"CANCELLED_FLAG": "N", "TRANSACTIONAL_CURR_CODE": "USD", "FLOW_STATUS_CODE": "BOOKED"}
    put_old(ebs, "OE_ORDER_HEADERS_ALL", header | changes)
    usual = ({"ORDERED_QUANTITY": 3, "UNIT_SELLING_PRICE": "1.10"},)
    for number, line in enumerate(lines or usual, 1):
        own: JSON = {"LINE_ID": key * 10 + number, "HEADER_ID": key, "CANCELLED_FLAG": "N"}
        put_old(ebs, "OE_ORDER_LINES_ALL", own | line)


def put_transaction(ebs: EbsApi, key: int, account: int, *schedules: JSON, **changes: Any) -> None:
    """A receivables transaction with schedules billed to the account's site use."""
    header = {"CUSTOMER_TRX_ID": key, "TRX_NUMBER": f"T{key}", "BILL_TO_CUSTOMER_ID": account, "ORG_ID": 204}
    put_old(
        ebs,
        "RA_CUSTOMER_TRX_ALL",
        header | {"TRX_DATE": "2026-11-03T00:00:00", "INVOICE_CURRENCY_CODE": "USD"} | changes,
    )
    for number, schedule in enumerate(schedules or ({},), 1):
        own: JSON = {"PAYMENT_SCHEDULE_ID": key * 10 + number, "CUSTOMER_TRX_ID": key, "CLASS": "INV"}
        own |= {"CUSTOMER_SITE_USE_ID": account + 3000, "DUE_DATE": "2026-12-03T00:00:00"}
        amounts = {"AMOUNT_DUE_ORIGINAL": "50", "AMOUNT_DUE_REMAINING": "50"}
        put_old(ebs, "AR_PAYMENT_SCHEDULES_ALL", own | amounts | schedule)
