"""Schemas of the streams about documents: `customer_summaries` and `customer_exclusions`."""

from __future__ import annotations

from typing import Any

from tap_oracle_ebs.business.schemas import instant, nullable, text


def _date(description: str) -> dict[str, Any]:
    return nullable("string", description, format="date")


def _amount(description: str) -> dict[str, Any]:
    return nullable("number", description)


def _count(description: str) -> dict[str, Any]:
    return {"type": ["integer"], "description": description}


def _list(description: str, properties: dict[str, Any]) -> dict[str, Any]:
    items = {"type": "object", "properties": properties}
    return {"type": ["array", "null"], "items": items, "description": description}


_ROUTE = text("Where it is from: purchasing or order_management.")
_ORDER = {
    "route": _ROUTE,
    "document_id": _count("PO_HEADER_ID or HEADER_ID."),
    "order_number": text("Number of the order."),
    "status": text("Authorization status of a purchase order, flow status of a sales order."),
    "order_date": _date("When it was made or ordered, in the server's zone."),
    "ship_date": _date(
        "Earliest date of its lines: actual, else scheduled; of a purchase order: promised, else need-by."
    ),
    "amount": _amount("What is ordered, cancelled lines and quantities left out."),
    "currency_code": text("Currency of the amount."),
    "org_id": nullable("integer", "Operating unit."),
}
_INVOICE = {
    "route": _ROUTE,
    "document_id": _count("INVOICE_ID or CUSTOMER_TRX_ID."),
    "invoice_number": text("Number of the invoice."),
    "invoice_date": _date("Date of the invoice, in the server's zone."),
    "due_date": _date("Earliest due date that something is left of, else the latest."),
    "amount": _amount("Amount of the invoice; credits are negative."),
    "balance": _amount("What is left to pay."),
    "currency_code": text("Currency of amount and balance."),
    "payment_status": text("unpaid, partial or paid."),
    "overdue": nullable("boolean", "Whether something is left to pay after the due date."),
    "org_id": nullable("integer", "Operating unit."),
}
_AMOUNTS = {
    "currency_code": text("Currency of the amounts."),
    "open_order_amount": _amount("Amount of the open orders."),
    "overdue_amount": _amount("What is overdue."),
    "balance": _amount("What is left to pay of all invoices."),
    "spend_last_12_months": _amount("Amount of the invoices of the last twelve months."),
    "spend_total": _amount("Amount of all invoices."),
}
_ONE = "in `currency`; null where documents have several currencies, or a rate is missing."

SUMMARIES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cust_account_id": {"type": ["integer"], "description": "Key: HZ_CUST_ACCOUNTS.CUST_ACCOUNT_ID."},
        "account_number": text("Number of the customer account."),
        "status": text("Status of the account: A active, I inactive, M merged."),
        "open_order_count": _count("Number of open orders."),
        "open_order_amount": _amount(f"Amount of the open orders {_ONE}"),
        "open_orders": _list("Open orders, the newest first, as many as `document_limit`.", _ORDER),
        "recent_invoice_count": _count("Number of invoices of the last `recent_days`."),
        "recent_invoices": _list("Recent invoices, the newest first, as many as `document_limit`.", _INVOICE),
        "overdue_count": _count("Number of overdue invoices, of any age."),
        "overdue_amount": _amount(f"What is overdue {_ONE}"),
        "overdue_invoices": _list(
            "Overdue invoices, the newest first, as many as `document_limit`.", _INVOICE
        ),
        "balance": _amount(f"What is left to pay of all invoices {_ONE}"),
        "spend_last_12_months": _amount(f"Amount of the invoices of the last twelve months {_ONE}"),
        "spend_total": _amount(f"Amount of all invoices {_ONE}"),
        "currency": text("`summary_currency`, else the one currency of the documents."),
        "amounts": _list("The same amounts by currency.", _AMOUNTS),
        "supplier_number": text("Number of the supplier that shares the customer's party."),
        "supplier_name": text("Name of that supplier."),
        "supplier_site": text("Code of its purchasing site."),
        "excluded_count": _count("Documents that the GL check left out of everything above."),
        "last_update_date": instant("When the account, or the header of one of its documents, last changed."),
    },
    "required": ["cust_account_id"],
}
"""The stream `customer_summaries`."""

EXCLUSIONS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "document_type": {
            "type": ["string"],
            "description": "Key: purchase_order, supplier_invoice, sales_order, receivable or site_use.",
        },
        "document_id": {
            "type": ["integer"],
            "description": "Key: PO_HEADER_ID, INVOICE_ID, HEADER_ID, CUSTOMER_TRX_ID or SITE_USE_ID.",
        },
        "document_number": text("Number of the document; of a site use its location."),
        "org_id": nullable("integer", "Operating unit."),
        "cust_account_id": nullable(
            "integer", "The customer account; of several the one with the lowest id."
        ),
        "account_number": text("Number of the customer account."),
        "line_id": nullable("integer", "The first distribution or site use that fails."),
        "code_combination_id": nullable("integer", "Its account: GL_CODE_COMBINATIONS.CODE_COMBINATION_ID."),
        "reason": text("Why the account may not be posted to."),
        "last_update_date": instant("When the document, its lines or their accounts last changed."),
        "_sdc_deleted_at": instant("Day of the run where the document passes the check (again), else null."),
    },
    "required": ["document_type", "document_id"],
}
"""The stream `customer_exclusions`."""
