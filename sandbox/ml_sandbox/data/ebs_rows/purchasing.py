"""Purchase orders, and the supplier invoice of an order that was delivered."""

from dataclasses import dataclass
from decimal import Decimal

from ml_sandbox.data.business import Order, OrderLine
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows.foundation import RATES, Foundation
from ml_sandbox.data.ebs_rows.payables import BilledLine, write_invoice
from ml_sandbox.data.ebs_rows.sheet import Sheet, Value, text_of
from ml_sandbox.data.ebs_rows.suppliers import SupplierKeys

# Of the purchase orders that nothing was delivered for yet.
_OPEN_STATUSES = ("APPROVED", "APPROVED", "APPROVED", "IN PROCESS", "INCOMPLETE", "REQUIRES REAPPROVAL", None)
_BROKEN_DISTRIBUTION = -1


@dataclass(frozen=True, slots=True)
class _Purchase:
    header_id: int
    supplier: SupplierKeys
    order: Order

    @property
    def common(self) -> dict[str, Value | None]:
        return {"PO_HEADER_ID": self.header_id, "ORG_ID": self.order.organization}


def write_purchase(
    sheet: Sheet,
    order: Order,
    supplier: SupplierKeys,
    items: dict[str, int],
    foundation: Foundation,
    draw: Draw,
) -> int:
    """Write an order to a supplier, with its invoice when it was delivered; give PO_HEADER_ID."""
    purchase = _Purchase(sheet.next_key("PO_HEADERS_ALL"), supplier, order)
    _write_header(sheet, purchase, draw)
    billed = [
        _write_line(sheet, purchase, number, line, items[line.product.number], foundation.charge(draw))
        for number, line in enumerate(order.lines, 1)
    ]
    if order.shipped and not order.cancelled:
        # Now and then an invoice is keyed in with an account that does not exist.
        if draw.chance(0.01):
            billed[0] = BilledLine(billed[0].amount, _BROKEN_DISTRIBUTION, *billed[0].purchase_keys)
        write_invoice(sheet, order, supplier, billed, foundation, draw)
    return purchase.header_id


def _write_header(sheet: Sheet, purchase: _Purchase, draw: Draw) -> None:
    order, supplier = purchase.order, purchase.supplier
    status = "APPROVED" if order.shipped or order.cancelled else draw.pick(_OPEN_STATUSES)
    columns: dict[str, Value | None] = purchase.common | {
        "SEGMENT1": order.number,
        "TYPE_LOOKUP_CODE": "STANDARD",
        "VENDOR_ID": supplier.vendor_id,
        "VENDOR_SITE_ID": supplier.sites[order.organization],
        "CURRENCY_CODE": order.currency,
        "RATE": RATES.get(order.currency),
        "TERMS_ID": supplier.terms_id,
        "AUTHORIZATION_STATUS": status,
        "APPROVED_FLAG": "Y" if status == "APPROVED" else "N",
        "APPROVED_DATE": text_of(order.ordered) if status == "APPROVED" else None,
        "CLOSED_CODE": _closed_code(order),
        "CLOSED_DATE": text_of(order.shipped) if order.shipped else None,
        "CANCEL_FLAG": "Y" if order.cancelled else "N",
        "REVISION_NUM": 0,
        "COMMENTS": order.reference,
    }
    sheet.add("PO_HEADERS_ALL", order.ordered, order.updated, columns)


def _closed_code(order: Order) -> str | None:
    return "CLOSED" if order.shipped or order.cancelled else "OPEN"


def _write_line(
    sheet: Sheet, purchase: _Purchase, number: int, line: OrderLine, item_id: int, account: int
) -> BilledLine:
    """Write a line with what belongs to it."""
    order = purchase.order
    line_id = sheet.next_key("PO_LINES_ALL")
    columns: dict[str, Value | None] = purchase.common | {
        "PO_LINE_ID": line_id,
        "LINE_NUM": number,
        "ITEM_ID": item_id,
        "ITEM_DESCRIPTION": line.product.description,
        "CATEGORY_ID": 1,
        "UNIT_MEAS_LOOKUP_CODE": "Each",
        "UNIT_PRICE": line.unit_price,
        "QUANTITY": line.quantity,
        "CLOSED_CODE": _closed_code(order),
        "CANCEL_FLAG": "Y" if order.cancelled else "N",
    }
    sheet.add("PO_LINES_ALL", order.ordered, order.updated, columns)
    return _write_shipment(sheet, purchase, line, line_id, account)


def _write_shipment(
    sheet: Sheet, purchase: _Purchase, line: OrderLine, line_id: int, account: int
) -> BilledLine:
    """Write the one shipment of a line, and its one distribution."""
    order = purchase.order
    done = line.quantity if order.shipped and not order.cancelled else 0
    location_id = sheet.next_key("PO_LINE_LOCATIONS_ALL")
    columns: dict[str, Value | None] = purchase.common | {
        "LINE_LOCATION_ID": location_id,
        "PO_LINE_ID": line_id,
        "SHIPMENT_NUM": 1,
        "QUANTITY": line.quantity,
        "QUANTITY_RECEIVED": done,
        "QUANTITY_BILLED": done,
        "QUANTITY_CANCELLED": line.quantity if order.cancelled else 0,
        "PRICE_OVERRIDE": line.unit_price,
        "NEED_BY_DATE": text_of(order.required),
        "PROMISED_DATE": text_of(order.required),
        "SHIP_TO_ORGANIZATION_ID": order.organization,
        "CLOSED_CODE": _closed_code(order),
    }
    sheet.add("PO_LINE_LOCATIONS_ALL", order.ordered, order.updated, columns)
    distribution_id = sheet.next_key("PO_DISTRIBUTIONS_ALL")
    columns = purchase.common | {
        "PO_DISTRIBUTION_ID": distribution_id,
        "PO_LINE_ID": line_id,
        "LINE_LOCATION_ID": location_id,
        "DISTRIBUTION_NUM": 1,
        "CODE_COMBINATION_ID": account,
        "QUANTITY_ORDERED": line.quantity,
        "QUANTITY_BILLED": done,
        "AMOUNT_BILLED": line.amount if done else Decimal(0),
    }
    sheet.add("PO_DISTRIBUTIONS_ALL", order.ordered, order.updated, columns)
    return BilledLine(line.amount, account, location_id, distribution_id)
