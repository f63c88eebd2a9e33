"""The Northwind data set, read from a directory of CSV files.

Expected are `customers.csv`, `suppliers.csv`, `products.csv`, `orders.csv` and `order_details.csv` with the
column names of the original tables. Every customer becomes a party that plays both roles: its orders are
sales orders with receivables, and once more purchase orders and supplier invoices, so that the way from a
purchase order over supplier and party to a customer leads somewhere.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ml_sandbox.core.errors import ControlError
from ml_sandbox.data.business import Address, Company, Order, OrderLine, Person, Product
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows import (
    Foundation,
    PartyKeys,
    Row,
    Sheet,
    write_company,
    write_foundation,
    write_payments,
    write_products,
    write_purchase,
    write_rates,
    write_sale,
    write_supplier,
)
from ml_sandbox.data.ebs_rows.foundation import RA_TERMS

Record = dict[str, str]

_PLACE = ("Address", "City", "Region", "PostalCode", "Country", "Phone", "Fax")
_COLUMNS = {
    "customers": ("CustomerID", "CompanyName", "ContactName", "ContactTitle", *_PLACE),
    "suppliers": ("SupplierID", "CompanyName", "ContactName", "ContactTitle", *_PLACE),
    "products": ("ProductID", "ProductName", "SupplierID", "UnitPrice", "UnitsOnOrder", "Discontinued"),
    "orders": ("OrderID", "CustomerID", "OrderDate", "RequiredDate", "ShippedDate", "Freight"),
    "order_details": ("OrderID", "ProductID", "UnitPrice", "Quantity", "Discount"),
}
_COUNTRIES = {
    "Argentina": "AR", "Australia": "AU", "Austria": "AT", "Belgium": "BE", "Brazil": "BR", "Canada": "CA",
    "Denmark": "DK", "Finland": "FI", "France": "FR", "Germany": "DE", "Ireland": "IE", "Italy": "IT",
    "Japan": "JP", "Mexico": "MX", "Netherlands": "NL", "Norway": "NO", "Poland": "PL", "Portugal": "PT",
    "Singapore": "SG", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "UK": "GB", "USA": "US",
    "Venezuela": "VE",
}  # fmt: skip
# Purchase orders have numbers of their own, or the same text would name two documents.
_PURCHASE_OFFSET = 40_000
_REPLENISHMENT_NUMBER = 70_000


def write_northwind(
    directory: Path, today: datetime, sink: Callable[[str, Row], None], seed: int = 1
) -> None:
    """Pass the rows of every EBS table to `sink(table, row)`.

    Args:
        directory: where the files are.
        today: midnight of the present day in the server's zone. All dates are shifted by the same whole
            number of days, so that the newest order is of the day before.
        sink: takes the rows.
        seed: decides GL accounts, credit limits, terms and what was paid.

    Raises `ControlError` when a file is missing or has other columns.
    """
    files = NorthwindFiles.read(directory)
    sheet = Sheet(sink)
    writer = _Writer(sheet, files, Draw(seed, "northwind"), _shift(files, today))
    writer.write(today)
    write_payments(sheet, Draw(seed, "northwind payments"), today)
    write_rates(sheet, Draw(seed, "rates"), today)


@dataclass(frozen=True, slots=True)
class NorthwindFiles:
    """The records of the files, by the names of the columns."""

    customers: list[Record]
    suppliers: list[Record]
    products: list[Record]
    orders: list[Record]
    order_details: list[Record]

    @classmethod
    def read(cls, directory: Path) -> "NorthwindFiles":
        """Read all files of a directory."""
        return cls(**{name: list(_records(directory, name)) for name in _COLUMNS})

    def customer_companies(self, today: datetime, draw: Draw) -> Iterator[Company]:
        """Give the customers as companies that only buy; changed when they last ordered."""
        shift = _shift(self, today)
        newest: dict[str, datetime] = {}
        for order in self.orders:
            moment = _moment(order["OrderDate"], "OrderDate") + shift
            newest[order["CustomerID"]] = max(moment, newest.get(order["CustomerID"], moment))
        for record in self.customers:
            number = record["CustomerID"]
            updated = newest.get(number, today - timedelta(days=400))
            company = _company(record, number, updated - timedelta(days=200), updated, draw)
            yield replace(company, accounts=(number,))

    def supplier_companies(self, today: datetime, draw: Draw) -> Iterator[Company]:
        """Give the suppliers as companies that only sell."""
        created = today - timedelta(days=800)
        for record in self.suppliers:
            number = record["SupplierID"]
            company = _company(record, f"S{number}", created, created, draw)
            yield replace(company, supplier_number=number)


def _records(directory: Path, name: str) -> Iterator[Record]:
    path = directory / f"{name}.csv"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [column for column in _COLUMNS[name] if column not in (reader.fieldnames or ())]
            if missing:
                raise ControlError(f"{path} lacks the columns {', '.join(missing)}.")
            for record in reader:
                # Ids and names carry blanks at their ends in some copies of the data set.
                yield {column: (record[column] or "").strip() for column in _COLUMNS[name]}
    except FileNotFoundError as error:
        raise ControlError(f"There is no {path}: the directory must hold the Northwind CSV files.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ControlError(f"{path} cannot be read: {error}.") from error


def _shift(files: NorthwindFiles, today: datetime) -> timedelta:
    if not files.orders:
        raise ControlError("orders.csv has no orders.")
    newest = max(_moment(order["OrderDate"], "OrderDate") for order in files.orders)
    return timedelta(days=(today - timedelta(days=1) - newest).days)


def _moment(text: str, column: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ControlError(f"{column} must be a date, not {text!r}.") from error


def _decimal(text: str, column: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ControlError(f"{column} must be a number, not {text!r}.") from error


def _plain(price: Decimal) -> Decimal:
    """Give a price of at most four decimals, without trailing zeros and never with an exponent."""
    return Decimal(f"{price.quantize(Decimal('0.0001')).normalize():f}")


class _Writer:
    """Turns the files into companies, products and orders, and those into rows."""

    def __init__(self, sheet: Sheet, files: NorthwindFiles, draw: Draw, shift: timedelta) -> None:
        self._sheet = sheet
        self._files = files
        self._draw = draw
        self._shift = shift
        self._products = {record["ProductID"]: _product(record) for record in files.products}
        self._orders = self._read_orders()

    def write(self, today: datetime) -> None:
        foundation = write_foundation(self._sheet, self._draw, today)
        since = self._oldest() - timedelta(days=30)
        items = write_products(self._sheet, self._products.values(), foundation.expense[0], since)
        for record in self._files.customers:
            self._write_customer(record, foundation, items)
        for record in self._files.suppliers:
            self._write_supplier(record, foundation, items)

    def _oldest(self) -> datetime:
        return min(order.ordered for orders in self._orders.values() for order in orders)

    def _read_orders(self) -> dict[str, list[Order]]:
        """Give the orders of each customer, oldest first."""
        lines: dict[str, list[OrderLine]] = {}
        for record in self._files.order_details:
            lines.setdefault(record["OrderID"], []).append(self._line(record))
        orders: dict[str, list[Order]] = {}
        for record in self._files.orders:
            order = self._order(record, tuple(lines.get(record["OrderID"], ())))
            orders.setdefault(record["CustomerID"], []).append(order)
        return {
            customer: sorted(found, key=lambda order: order.ordered) for customer, found in orders.items()
        }

    def _line(self, record: Record) -> OrderLine:
        product = self._products.get(record["ProductID"])
        if product is None:
            raise ControlError(
                f"order_details.csv names the product {record['ProductID']!r} that is not there."
            )
        price = _decimal(record["UnitPrice"], "UnitPrice") * (1 - _decimal(record["Discount"], "Discount"))
        quantity = int(_decimal(record["Quantity"], "Quantity"))
        return OrderLine(product, quantity, _plain(price))

    def _order(self, record: Record, lines: tuple[OrderLine, ...]) -> Order:
        number = record["OrderID"]
        if not number.isdecimal():
            raise ControlError(f"OrderID must be a number, not {number!r}.")
        # The files know days only; the number gives each order an hour of the working day.
        moment = timedelta(hours=8, minutes=int(number) % 540, seconds=int(number) % 60)
        shipped = record["ShippedDate"]
        return Order(
            number,
            ordered=_moment(record["OrderDate"], "OrderDate") + self._shift + moment,
            required=_moment(record["RequiredDate"], "RequiredDate") + self._shift,
            shipped=_moment(shipped, "ShippedDate") + self._shift + moment if shipped else None,
            lines=lines,
            freight=_decimal(record["Freight"], "Freight"),
            reference=f"{record['CustomerID']}-{number}",
        )

    def _write_customer(self, record: Record, foundation: Foundation, items: dict[str, int]) -> None:
        number = record["CustomerID"]
        orders = self._orders.get(number, [])
        created = (orders[0].ordered if orders else self._oldest()) - timedelta(days=7)
        updated = max([created, *(order.updated for order in orders[-1:])])
        company = _company(record, number, created, updated, self._draw)
        company = replace(company, accounts=(number,), supplier_number=f"V-{number}")
        party = write_company(self._sheet, company, foundation)
        supplier = write_supplier(self._sheet, company, party)
        for order in orders:
            write_sale(self._sheet, order, party.accounts[0], items, company.terms, self._draw)
            purchase = replace(order, number=str(int(order.number) + _PURCHASE_OFFSET))
            write_purchase(self._sheet, purchase, supplier, items, foundation, self._draw)

    def _write_supplier(self, record: Record, foundation: Foundation, items: dict[str, int]) -> None:
        number = record["SupplierID"]
        created = self._oldest() - timedelta(days=14)
        company = _company(record, f"S{number}", created, created, self._draw)
        company = replace(company, supplier_number=number)
        party: PartyKeys = write_company(self._sheet, company, foundation)
        supplier = write_supplier(self._sheet, company, party)
        lines = tuple(self._wanted(number))
        if lines:
            newest = max(order.ordered for orders in self._orders.values() for order in orders)
            ordered = newest - timedelta(days=int(number) % 20)
            purchase = str(_REPLENISHMENT_NUMBER + int(number))
            order = Order(purchase, ordered, ordered + timedelta(days=30), lines, reference="Replenishment")
            write_purchase(self._sheet, order, supplier, items, foundation, self._draw)

    def _wanted(self, supplier: str) -> Iterator[OrderLine]:
        """Give what is on order at a supplier."""
        for record in self._files.products:
            quantity = int(_decimal(record["UnitsOnOrder"], "UnitsOnOrder"))
            if record["SupplierID"] == supplier and quantity:
                product = self._products[record["ProductID"]]
                yield OrderLine(product, quantity, product.price)


def _product(record: Record) -> Product:
    return Product(
        f"NW{int(_decimal(record['ProductID'], 'ProductID')):05}",
        record["ProductName"],
        _decimal(record["UnitPrice"], "UnitPrice"),
        active=record["Discontinued"] in {"0", ""},
    )


def _company(record: Record, number: str, created: datetime, updated: datetime, draw: Draw) -> Company:
    email = f"contact@{number}.example"
    first, _, last = record["ContactName"].partition(" ")
    contact = Person(first, last, record["ContactTitle"], email, record["Phone"])
    return Company(
        number=number,
        name=record["CompanyName"],
        created=created,
        updated=updated,
        addresses=_addresses(record),
        contacts=(contact,) if record["ContactName"] else (),
        email=email,
        phone=record["Phone"],
        fax=record["Fax"],
        credit_limit=Decimal(draw.between(5, 250) * 1000),
        terms=draw.pick(RA_TERMS)[0],
    )


def _addresses(record: Record) -> tuple[Address, ...]:
    lines = tuple(line.strip() for line in record["Address"].splitlines() if line.strip())
    if not (lines or record["City"] or record["Country"]):
        return ()
    country = record["Country"]
    code = _COUNTRIES.get(country, country if len(country) == 2 else "")
    return (Address(lines, record["City"], record["Region"], record["PostalCode"], code),)
