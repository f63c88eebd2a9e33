"""How changed rows of documents find their records, and what to read for them: the steps of both routes."""

from __future__ import annotations

from collections.abc import Iterable

from tap_oracle_ebs.business import days, purchasing, sales
from tap_oracle_ebs.business.accounts import GL
from tap_oracle_ebs.business.documents import ACCOUNTS
from tap_oracle_ebs.business.options import Options
from tap_oracle_ebs.business.plan import CHOSEN_VALUES, Crossing, Detail, Only, Step, Walk

Steps = tuple[Step, ...]

TO_ACCOUNT = Step(ACCOUNTS, "PARTY_ID", "CUST_ACCOUNT_ID")
FROM_VENDOR: Steps = (Step(purchasing.VENDORS, "VENDOR_ID", "PARTY_ID"), TO_ACCOUNT)
FROM_ORDER: Steps = (Step(purchasing.HEADERS, "PO_HEADER_ID", "VENDOR_ID"), *FROM_VENDOR)
NO_PARTY = (Only("PARTY_ID"),)
FROM_INVOICE: tuple[Steps, ...] = (
    (Step(purchasing.INVOICES, "INVOICE_ID", "PARTY_ID"), TO_ACCOUNT),
    (Step(purchasing.INVOICES, "INVOICE_ID", "VENDOR_ID", NO_PARTY), *FROM_VENDOR),
)
"""An invoice belongs to its own party; only where it names none, to that of its supplier."""
FROM_SALE: Steps = (Step(sales.HEADERS, "HEADER_ID", "SOLD_TO_ORG_ID"),)
FROM_TRANSACTION: Steps = (Step(sales.TRANSACTIONS, "CUSTOMER_TRX_ID", "BILL_TO_CUSTOMER_ID"),)
IS_DOCUMENT = (Only("CLASS", sales.CLASSES),)
SALES_OF_USE: Steps = (Step(sales.HEADERS, "INVOICE_TO_ORG_ID", "HEADER_ID"),)
TRANSACTIONS_OF_USE: Steps = (Step(sales.SCHEDULES, "CUSTOMER_SITE_USE_ID", "CUSTOMER_TRX_ID", IS_DOCUMENT),)
USES_OF_ACCOUNT = tuple(Step(sales.USES, column, "SITE_USE_ID") for column in ("GL_ID_REC", "GL_ID_REV"))
ORDERS_OF_ACCOUNT = Step(purchasing.CHARGES, "CODE_COMBINATION_ID", "PO_HEADER_ID")
INVOICES_OF_ACCOUNT = Step(purchasing.INVOICE_CHARGES, "DIST_CODE_COMBINATION_ID", "INVOICE_ID")


def purchasing_walks(options: Options) -> Iterable[Walk]:
    """Yield the ways from changed rows of purchasing to customer accounts."""
    yield Walk(purchasing.VENDORS, "PARTY_ID", (TO_ACCOUNT,))
    yield Walk(purchasing.VENDOR_SITES, "VENDOR_ID", FROM_VENDOR)
    yield Walk(purchasing.HEADERS, "VENDOR_ID", FROM_VENDOR)
    tables = [purchasing.LINES, purchasing.SHIPMENTS]
    for table in [*tables, purchasing.CHARGES] if options.validate_gl else tables:
        yield Walk(table, "PO_HEADER_ID", FROM_ORDER)
    yield Walk(purchasing.INVOICES, "PARTY_ID", (TO_ACCOUNT,))
    yield Walk(purchasing.INVOICES, "VENDOR_ID", FROM_VENDOR, NO_PARTY)
    invoiced = [purchasing.SCHEDULES]
    for table in [*invoiced, purchasing.INVOICE_CHARGES] if options.validate_gl else invoiced:
        yield from (Walk(table, "INVOICE_ID", steps) for steps in FROM_INVOICE)
    if options.validate_gl:
        yield Walk(GL, "CODE_COMBINATION_ID", (ORDERS_OF_ACCOUNT, *FROM_ORDER))
        yield from (Walk(GL, "CODE_COMBINATION_ID", (INVOICES_OF_ACCOUNT, *steps)) for steps in FROM_INVOICE)


def sales_walks(options: Options) -> Iterable[Walk]:
    """Yield the ways from changed rows of order management to customer accounts."""
    yield Walk(sales.HEADERS, "SOLD_TO_ORG_ID")
    yield Walk(sales.LINES, "HEADER_ID", FROM_SALE)
    yield Walk(sales.TRANSACTIONS, "BILL_TO_CUSTOMER_ID")
    yield Walk(sales.SCHEDULES, "CUSTOMER_TRX_ID", FROM_TRANSACTION, IS_DOCUMENT)
    if not options.validate_gl:
        return
    for steps in ((*SALES_OF_USE, *FROM_SALE), (*TRANSACTIONS_OF_USE, *FROM_TRANSACTION)):
        yield Walk(sales.USES, "SITE_USE_ID", steps)
        yield from (Walk(GL, "CODE_COMBINATION_ID", (use, *steps)) for use in USES_OF_ACCOUNT)


def purchasing_crossings(options: Options) -> Iterable[Crossing]:
    """Yield the edges of time windows of purchasing, with the ways to customer accounts."""
    live = (Only("CANCELLED_DATE"),)
    own = (
        Walk(purchasing.INVOICES, "PARTY_ID", (TO_ACCOUNT,), live),
        Walk(purchasing.INVOICES, "VENDOR_ID", FROM_VENDOR, (*live, *NO_PARTY)),
    )
    for walk in own:
        yield Crossing("INVOICE_DATE", lambda day: days.days_ago(options.recent_days, day), walk)
        yield Crossing("INVOICE_DATE", days.a_year_ago, walk)
    unpaid = (Only("AMOUNT_REMAINING", (0,), negated=True),)
    for steps in FROM_INVOICE:
        yield Crossing("DUE_DATE", days.passed, Walk(purchasing.SCHEDULES, "INVOICE_ID", steps, unpaid))
    yield Crossing("END_DATE_ACTIVE", days.begins, Walk(purchasing.VENDORS, "PARTY_ID", (TO_ACCOUNT,)))
    yield Crossing("INACTIVE_DATE", days.begins, Walk(purchasing.VENDOR_SITES, "VENDOR_ID", FROM_VENDOR))
    if options.validate_gl:
        yield from account_crossings((ORDERS_OF_ACCOUNT, *FROM_ORDER))


def sales_crossings(options: Options) -> Iterable[Crossing]:
    """Yield the edges of time windows of order management, with the ways to customer accounts."""
    own = Walk(sales.TRANSACTIONS, "BILL_TO_CUSTOMER_ID")
    yield Crossing("TRX_DATE", lambda day: days.days_ago(options.recent_days, day), own)
    yield Crossing("TRX_DATE", days.a_year_ago, own)
    unpaid = (*IS_DOCUMENT, Only("AMOUNT_DUE_REMAINING", (0,), negated=True))
    walk = Walk(sales.SCHEDULES, "CUSTOMER_TRX_ID", FROM_TRANSACTION, unpaid)
    yield Crossing("DUE_DATE", days.passed, walk)
    if options.validate_gl:
        for steps in ((*SALES_OF_USE, *FROM_SALE), (*TRANSACTIONS_OF_USE, *FROM_TRANSACTION)):
            for use in USES_OF_ACCOUNT:
                yield from account_crossings((use, *steps))


def account_crossings(steps: Steps) -> Iterable[Crossing]:
    """Yield the edges of the active range of GL accounts, for what is judged on the day of the run."""
    walk = Walk(GL, "CODE_COMBINATION_ID", steps)
    yield Crossing("START_DATE_ACTIVE", days.begins, walk)
    yield Crossing("END_DATE_ACTIVE", days.ended, walk)


def purchasing_details(options: Options) -> Iterable[Detail]:
    """Yield what to read of purchasing for the chosen accounts; their own rows are there already."""
    orders = f"SELECT h.PO_HEADER_ID FROM {purchasing.HEADERS} h WHERE {purchasing.OPEN_ORDER}"  # noqa: S608
    invoices = f"SELECT i.INVOICE_ID FROM {purchasing.INVOICES} i WHERE {purchasing.LIVE_INVOICE}"  # noqa: S608
    vendors = f"SELECT VENDOR_ID FROM {purchasing.VENDORS}"  # noqa: S608
    parties = f"SELECT PARTY_ID FROM {ACCOUNTS}"  # noqa: S608
    yield Detail(purchasing.VENDORS, "PARTY_ID", parties)
    yield Detail(purchasing.VENDOR_SITES, "VENDOR_ID", vendors)
    yield Detail(purchasing.HEADERS, "VENDOR_ID", vendors)
    yield Detail(purchasing.LINES, "PO_HEADER_ID", orders)
    yield Detail(purchasing.SHIPMENTS, "PO_HEADER_ID", orders)
    yield Detail(purchasing.INVOICES, "PARTY_ID", parties)
    yield Detail(purchasing.INVOICES, "VENDOR_ID", vendors)
    yield Detail(purchasing.SCHEDULES, "INVOICE_ID", invoices)
    if options.validate_gl:
        yield Detail(purchasing.CHARGES, "PO_HEADER_ID", orders)
        yield Detail(purchasing.INVOICE_CHARGES, "INVOICE_ID", invoices)
        yield purchasing_accounts()


def purchasing_accounts() -> Detail:
    """Return the GL accounts of the distributions that are there."""
    query = (
        f"SELECT CODE_COMBINATION_ID FROM {purchasing.CHARGES} "  # noqa: S608
        f"UNION SELECT DIST_CODE_COMBINATION_ID FROM {purchasing.INVOICE_CHARGES}"
    )
    return Detail(GL, "CODE_COMBINATION_ID", query)


def sales_details(options: Options) -> Iterable[Detail]:
    """Yield what to read of order management for the chosen accounts."""
    yield Detail(sales.HEADERS, "SOLD_TO_ORG_ID", CHOSEN_VALUES)
    orders = f"SELECT h.HEADER_ID FROM {sales.HEADERS} h WHERE {sales.OPEN_ORDER}"  # noqa: S608
    yield Detail(sales.LINES, "HEADER_ID", orders)
    yield Detail(sales.TRANSACTIONS, "BILL_TO_CUSTOMER_ID", CHOSEN_VALUES)
    yield Detail(
        sales.SCHEDULES,
        "CUSTOMER_TRX_ID",
        f"SELECT CUSTOMER_TRX_ID FROM {sales.TRANSACTIONS}",  # noqa: S608
    )
    if options.validate_gl:
        yield site_uses()
        yield sales_accounts()


def site_uses() -> Detail:
    """Return the site uses of the sales orders and receivables that are there."""
    query = (
        f"SELECT h.INVOICE_TO_ORG_ID FROM {sales.HEADERS} h WHERE {sales.OPEN_ORDER} "  # noqa: S608
        f"UNION SELECT CUSTOMER_SITE_USE_ID FROM {sales.SCHEDULES}"
    )
    return Detail(sales.USES, "SITE_USE_ID", query)


def sales_accounts() -> Detail:
    """Return the GL accounts of the site uses that are there."""
    query = f"SELECT GL_ID_REC FROM {sales.USES} UNION SELECT GL_ID_REV FROM {sales.USES}"  # noqa: S608
    return Detail(GL, "CODE_COMBINATION_ID", query)
