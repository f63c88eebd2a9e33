"""Customer orders, and the receivables transaction of an order that was shipped."""

from datetime import timedelta
from decimal import Decimal

from ml_sandbox.data.business import Order
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows.foundation import RA_TERMS_DAYS
from ml_sandbox.data.ebs_rows.parties import CustomerAccount
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value, text_of

_INVOICE_TYPE = 1


def write_sale(
    sheet: Sheet, order: Order, account: CustomerAccount, items: dict[str, int], terms: int, draw: Draw
) -> int:
    """Write a customer's order, with its transaction when it was shipped; give HEADER_ID."""
    header_id = sheet.next_key("OE_ORDER_HEADERS_ALL")
    done = order.shipped is not None or order.cancelled
    columns: dict[str, Value | None] = {
        "HEADER_ID": header_id,
        "ORDER_NUMBER": int(order.number),
        "SOLD_TO_ORG_ID": account.account_id,
        "SHIP_TO_ORG_ID": account.ship_to.get(order.organization),
        "INVOICE_TO_ORG_ID": account.bill_to.get(order.organization),
        "CUST_PO_NUMBER": order.reference,
        "ORDERED_DATE": text_of(order.ordered),
        "FLOW_STATUS_CODE": _flow_status(order, "BOOKED"),
        "OPEN_FLAG": "N" if done else "Y",
        "BOOKED_FLAG": "Y",
        "CANCELLED_FLAG": "Y" if order.cancelled else "N",
        "PAYMENT_TERM_ID": terms,
        "TRANSACTIONAL_CURR_CODE": order.currency,
        "ORG_ID": order.organization,
    }
    sheet.add("OE_ORDER_HEADERS_ALL", order.ordered, order.updated, columns)
    _write_lines(sheet, order, header_id, items)
    if order.shipped and not order.cancelled:
        _write_transaction(sheet, order, account, terms, draw)
    return header_id


def _write_lines(sheet: Sheet, order: Order, header_id: int, items: dict[str, int]) -> None:
    done = order.shipped is not None or order.cancelled
    for number, line in enumerate(order.lines, 1):
        columns: dict[str, Value | None] = {
            "LINE_ID": sheet.next_key("OE_ORDER_LINES_ALL"),
            "HEADER_ID": header_id,
            "LINE_NUMBER": number,
            "ORDERED_ITEM": line.product.number,
            "INVENTORY_ITEM_ID": items[line.product.number],
            "ORDERED_QUANTITY": 0 if order.cancelled else line.quantity,
            "UNIT_SELLING_PRICE": line.unit_price,
            "SCHEDULE_SHIP_DATE": text_of(order.required),
            "PROMISE_DATE": text_of(order.required),
            "ACTUAL_SHIPMENT_DATE": text_of(order.shipped) if order.shipped else None,
            "FLOW_STATUS_CODE": _flow_status(order, "AWAITING_SHIPPING"),
            "OPEN_FLAG": "N" if done else "Y",
            "CANCELLED_FLAG": "Y" if order.cancelled else "N",
            "ORG_ID": order.organization,
        }
        sheet.add("OE_ORDER_LINES_ALL", order.ordered, order.updated, columns)


def _flow_status(order: Order, waiting: str) -> str:
    if order.cancelled:
        return "CANCELLED"
    return "CLOSED" if order.shipped else waiting


def _write_transaction(sheet: Sheet, order: Order, account: CustomerAccount, terms: int, draw: Draw) -> None:
    when = order.updated
    amount = order.amount + order.freight
    paid = amount if draw.chance(0.75) else Decimal(0)
    if not paid and draw.chance(0.3):
        paid = (amount / 4).quantize(Decimal("0.01"))
    transaction_id = sheet.next_key("RA_CUSTOMER_TRX_ALL")
    columns: dict[str, Value | None] = {
        "CUSTOMER_TRX_ID": transaction_id,
        "TRX_NUMBER": order.number,
        "TRX_DATE": text_of(when),
        "BILL_TO_CUSTOMER_ID": account.account_id,
        "BILL_TO_SITE_USE_ID": account.bill_to.get(order.organization),
        "CUST_TRX_TYPE_ID": _INVOICE_TYPE,
        "TERM_ID": terms,
        "INVOICE_CURRENCY_CODE": order.currency,
        "PURCHASE_ORDER": order.reference,
        "STATUS_TRX": "CL" if paid == amount else "OP",
        "INTERFACE_HEADER_ATTRIBUTE1": order.number,
        "COMPLETE_FLAG": "Y",
        "ORG_ID": order.organization,
    }
    sheet.add("RA_CUSTOMER_TRX_ALL", when, when, columns)
    _write_schedule(sheet, order, account, terms, (transaction_id, amount, paid))


def _write_schedule(
    sheet: Sheet,
    order: Order,
    account: CustomerAccount,
    terms: int,
    transaction: tuple[int, Decimal, Decimal],
) -> None:
    transaction_id, amount, paid = transaction
    when = order.updated
    columns: dict[str, Value | None] = {
        "PAYMENT_SCHEDULE_ID": sheet.next_key("AR_PAYMENT_SCHEDULES_ALL"),
        "CUSTOMER_TRX_ID": transaction_id,
        "CUSTOMER_ID": account.account_id,
        "CUSTOMER_SITE_USE_ID": account.bill_to.get(order.organization),
        "TRX_NUMBER": order.number,
        "CLASS": "INV",
        "STATUS": "CL" if paid == amount else "OP",
        "AMOUNT_DUE_ORIGINAL": amount,
        "AMOUNT_DUE_REMAINING": amount - paid,
        "INVOICE_CURRENCY_CODE": order.currency,
        "DUE_DATE": text_of(when + timedelta(days=RA_TERMS_DAYS[terms])),
        "TERM_ID": terms,
        "GL_DATE": text_of(when),
        "ORG_ID": order.organization,
    }
    sheet.add("AR_PAYMENT_SCHEDULES_ALL", when, when, columns)
