"""Settings of the business streams: customers, their contacts, summaries and exclusions."""

from __future__ import annotations

from ml_connector.settings import Setting

BUSINESS = (
    Setting(
        "credit_currency",
        "Currency of `credit_limit` where an account has limits in several; by default the first by code.",
    ),
    Setting(
        "orders_from",
        "Where the orders and invoices of a customer are. `purchasing`: purchase orders and supplier "
        "invoices of the suppliers that share the customer's party. `order_management`: sales orders and "
        "receivables of the account. `both`: all of them.",
        default="purchasing",
        allowed=("purchasing", "order_management", "both"),
    ),
    Setting(
        "validate_gl",
        "Leave documents out of lists and sums where an account may not be posted to, and report them in "
        "`customer_exclusions`.",
        "boolean",
        True,
    ),
    Setting(
        "summary_currency",
        "Currency of the single amounts of a summary, by the daily rates of the documents' dates. By default "
        "the currency of the customer's documents, where they have but one.",
    ),
    Setting(
        "rate_type",
        "Conversion type of the daily rates (GL_DAILY_RATES.CONVERSION_TYPE).",
        default="Corporate",
    ),
    Setting("recent_days", "Days for which an invoice is recent.", "integer", 90, minimum=1),
    Setting(
        "document_limit",
        "Longest list of documents in a summary; counts and sums are over all of them.",
        "integer",
        100,
        minimum=0,
    ),
    Setting(
        "po_types",
        "Types of purchase orders that count (TYPE_LOOKUP_CODE).",
        "array",
        default=["STANDARD"],
        items={"type": ["string"]},
    ),
    Setting(
        "po_statuses",
        "Authorization statuses of open purchase orders.",
        "array",
        default=["APPROVED", "PRE-APPROVED", "IN PROCESS", "REQUIRES REAPPROVAL"],
        items={"type": ["string"]},
    ),
)
"""What business records contain."""
