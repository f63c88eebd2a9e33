"""What a data set says about companies and their orders, before a vendor's tables give it a form."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is the ISO 3166 code of two letters, or empty."""

    lines: tuple[str, ...]
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact person of a company."""

    first_name: str
    last_name: str
    job_title: str = ""
    email: str = ""
    phone: str = ""
    active: bool = True

    @property
    def full_name(self) -> str:
        """First and last name with one space between."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Company:
    """A business partner. The times are local to the server that will hold it."""

    number: str
    name: str
    created: datetime
    updated: datetime
    addresses: tuple[Address, ...] = ()
    contacts: tuple[Person, ...] = ()
    accounts: tuple[str, ...] = ()
    """Numbers of its customer accounts: none for a mere supplier, more than one for some."""
    supplier_number: str = ""
    """Empty when it is no supplier."""
    organizations: tuple[int, ...] = (204,)
    """Operating units that trade with it."""
    is_person: bool = False
    active: bool = True
    email: str = ""
    phone: str = ""
    fax: str = ""
    url: str = ""
    tax_reference: str = ""
    customer_class: str = ""
    currency: str = "USD"
    credit_limit: Decimal | None = None
    credit_hold: bool = False
    terms: int = 4
    """TERM_ID of the customer's payment terms."""


@dataclass(frozen=True, slots=True)
class Product:
    """Something that is bought and sold; `price` in the currency of the books."""

    number: str
    description: str
    price: Decimal
    unit: str = "Ea"
    active: bool = True


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line; `unit_price` is what is charged, discount taken off."""

    product: Product
    quantity: int
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price, to the cent."""
        return (self.unit_price * self.quantity).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Order:
    """An order between us and a company, in either direction."""

    number: str
    ordered: datetime
    required: datetime
    lines: tuple[OrderLine, ...]
    organization: int = 204
    shipped: datetime | None = None
    cancelled: bool = False
    currency: str = "USD"
    freight: Decimal = field(default=Decimal(0))
    reference: str = ""

    @property
    def amount(self) -> Decimal:
        """Sum of the lines, freight not counted."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def updated(self) -> datetime:
        """When the order last changed: shipped, else ordered."""
        return self.shipped or self.ordered
