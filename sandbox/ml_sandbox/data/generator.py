"""A seeded generator of companies, products and orders."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from ml_sandbox.data import names
from ml_sandbox.data.business import Address, Company, Order, OrderLine, Person, Product
from ml_sandbox.data.draw import Draw
from ml_sandbox.data.ebs_rows import (
    Foundation,
    PartyKeys,
    Row,
    Sheet,
    write_company,
    write_foundation,
    write_merged,
    write_payments,
    write_products,
    write_purchase,
    write_rates,
    write_sale,
    write_supplier,
)
from ml_sandbox.data.ebs_rows.foundation import RA_TERMS

NEWEST = datetime(2026, 1, 1)  # noqa: DTZ001 - EBS DATE columns carry no zone
"""The moment before which everything happens, when the caller does not say."""

_MASS_UPDATE_DAYS_AGO = 30
_MERGED_SHARE = 0.01
_WIDE_NAME = "Consortium for the Joint Procurement of Spare Parts, Consumables and Maintenance Services of "


def generate(customers: int, seed: int, newest: datetime = NEWEST) -> dict[str, list[Row]]:
    """Give the rows of every EBS table, by table name, the same for the same arguments everywhere.

    Times are local to the EBS database server and lie before `newest`; a column that is null is
    left out of its row.
    """
    tables: dict[str, list[Row]] = {}
    write_generated(customers, seed, newest, lambda table, row: tables.setdefault(table, []).append(row))
    return tables


def write_generated(customers: int, seed: int, newest: datetime, sink: Callable[[str, Row], None]) -> None:
    """Do as `generate`, but pass each row to `sink(table, row)` as soon as it is made."""
    if customers < 0:
        msg = f"the number of customers is {customers}: give 0 or more"
        raise ValueError(msg)
    sheet = Sheet(sink)
    draw = Draw(seed, "documents")
    newest = newest.replace(microsecond=0)
    foundation = write_foundation(sheet, Draw(seed, "foundation"), newest)
    products = list(make_products(Draw(seed, "products")))
    items = write_products(sheet, products, foundation.expense[0], newest - timedelta(days=1400))
    numbers = _Numbers()
    merging, merged = Draw(seed, "merges"), list[tuple[Company, PartyKeys]]()
    for company in make_companies(customers, seed, newest):
        party = write_company(sheet, company, foundation)
        _write_documents(sheet, company, party, (products, items), foundation, numbers, draw, newest)
        if len(party.accounts) == 1 and company.active and merging.chance(_MERGED_SHARE):
            merged.append((company, party))
    # Written last, so that keys and draws of everything else do not depend on it.
    for company, party in merged:
        age = int((newest - company.created).total_seconds())
        write_merged(sheet, company, party, company.created + timedelta(seconds=merging.below(age)))
    write_payments(sheet, Draw(seed, "payments"), newest)
    write_rates(sheet, Draw(seed, "rates"), newest)


class _Numbers:
    """The next numbers of purchase orders and sales orders, in one series each."""

    def __init__(self) -> None:
        self.purchase = 6000
        self.sale = 69000


def _write_documents(
    sheet: Sheet,
    company: Company,
    party: PartyKeys,
    catalogue: tuple[list[Product], dict[str, int]],
    foundation: Foundation,
    numbers: _Numbers,
    draw: Draw,
    newest: datetime,
) -> None:
    products, items = catalogue
    if company.supplier_number:
        supplier = write_supplier(sheet, company, party)
        for _ in range(draw.between(1, 3)):
            numbers.purchase += 1
            order = make_order(str(numbers.purchase), company, products, draw, newest)
            write_purchase(sheet, order, supplier, items, foundation, draw)
    if party.accounts and draw.chance(0.4):
        for _ in range(draw.between(1, 2)):
            numbers.sale += 1
            order = make_order(str(numbers.sale), company, products, draw, newest)
            write_sale(sheet, order, draw.pick(party.accounts), items, company.terms, draw)


def make_products(draw: Draw) -> Iterator[Product]:
    """Give the products that every generated order is about."""
    for number, description in enumerate(names.PRODUCTS):
        yield Product(f"AS{54888 + number * 111}", description, draw.money(2, 900), active=number % 9 != 8)


def make_order(number: str, company: Company, products: list[Product], draw: Draw, newest: datetime) -> Order:
    """Give one order with a company, from the two years before `newest`."""
    oldest = min(700, (newest - company.created).days - 1)
    ordered = newest - timedelta(days=draw.between(1, oldest), seconds=draw.below(36_000))
    age = (newest - ordered).days
    delay = timedelta(days=draw.between(1, 25), seconds=draw.below(7_200))
    lines = tuple(
        OrderLine(product, draw.between(1, 40), product.price)
        for product in (draw.pick(products) for _ in range(draw.between(1, 3)))
    )
    return Order(
        number,
        ordered=ordered,
        required=ordered.replace(hour=0, minute=0, second=0) + timedelta(days=28),
        lines=lines,
        organization=draw.pick(company.organizations),
        shipped=ordered + delay if delay.days < age - 1 and draw.chance(0.9) else None,
        cancelled=draw.chance(0.02),
        currency=company.currency,
        freight=draw.money(5, 90) if draw.chance(0.5) else Decimal(0),
        reference=f"{company.number}-{draw.digits(4)}",
    )


def make_companies(customers: int, seed: int, newest: datetime) -> Iterator[Company]:
    """Give `customers` companies with a customer account each, and some mere suppliers between.

    Besides the plain case there are, in small shares: people as customers, second accounts,
    inactive customers, names that two customers share, names of more than 80 letters, emoji, no
    address, no contact, no credit limit, and one mass update that stamped one customer in seven
    with the same second.
    """
    draw = Draw(seed, "companies")
    taken: dict[str, None] = {}
    for position in range(customers):
        yield _make_company(position, draw, newest, taken, customer=True)
        if draw.chance(0.05):
            yield _make_company(customers + position, draw, newest, taken, customer=False)


def _make_company(
    position: int, draw: Draw, newest: datetime, taken: dict[str, None], *, customer: bool
) -> Company:
    number = str(1001 + position)
    place = draw.pick(names.PLACES)
    is_person = draw.chance(0.04)
    name = _make_name(draw, place, number, taken, is_person=is_person)
    created = newest - timedelta(days=draw.between(60, 1400), seconds=draw.below(86_400))
    updated = created + timedelta(seconds=draw.below(int((newest - created).total_seconds())))
    if draw.chance(1 / 7):
        moment = newest - timedelta(days=_MASS_UPDATE_DAYS_AGO)
        updated = moment.replace(hour=2, minute=0, second=0)
    domain = f"c{number}.example"
    # A third of the customers sell to us too: the party that plays both roles.
    supplier = not customer or draw.chance(0.33)
    return Company(
        number=number,
        name=name,
        created=created,
        updated=updated,
        addresses=_make_addresses(draw, place),
        contacts=tuple(_make_person(draw, domain, place[4]) for _ in range(_contact_count(draw))),
        accounts=_make_accounts(number, draw) if customer else (),
        supplier_number=str(20_000 + position) if supplier else "",
        organizations=draw.pick(((204,), (204,), (204,), (204,), (458,), (204, 458))),
        is_person=is_person,
        active=not draw.chance(0.03),
        email=f"info@{domain}" if draw.chance(0.9) else "",
        phone=_make_phone(draw, place[4]) if draw.chance(0.95) else "",
        fax=_make_phone(draw, place[4]) if draw.chance(0.2) else "",
        url=f"https://www.{domain}" if draw.chance(0.8) else "",
        tax_reference=f"{place[0]}{draw.digits(9)}" if draw.chance(0.7) else "",
        customer_class=draw.pick(names.CLASSES),
        currency=place[6],
        credit_limit=Decimal(draw.between(1, 500) * 1000) if draw.chance(0.9) else None,
        credit_hold=draw.chance(0.03),
        terms=draw.pick(RA_TERMS)[0],
    )


def _make_accounts(number: str, draw: Draw) -> tuple[str, ...]:
    return (number, f"{number}-2") if draw.chance(0.02) else (number,)


def _contact_count(draw: Draw) -> int:
    return draw.pick((0, 1, 1, 1, 1, 2, 2, 3)) if draw.chance(0.6) else 1


def _make_name(
    draw: Draw, place: tuple[str, ...], number: str, taken: dict[str, None], *, is_person: bool
) -> str:
    if taken and draw.chance(0.005):
        return draw.pick(list(taken)[-200:])
    if is_person:
        name = f"{draw.pick(names.GIVEN)} {draw.pick(names.FAMILY)}"
    elif draw.chance(0.4):
        name = f"{draw.pick(names.FAMILY)} & {draw.pick(names.FAMILY)} {draw.pick(names.TRADES)} {place[5]}"
    else:
        name = f"{draw.pick(names.QUALITIES)} {draw.pick(names.TRADES)} {place[2]} {place[5]}"
    if draw.chance(0.01):
        name = f"{_WIDE_NAME}{name}"
    elif draw.chance(0.005):
        name = f"{name} {draw.pick(names.EMOJI)}"
    if name in taken:
        name = f"{name} {number}"
    taken[name] = None
    return name


def _make_addresses(draw: Draw, place: tuple[str, ...]) -> tuple[Address, ...]:
    if draw.chance(0.01):
        return ()
    count = 2 if draw.chance(0.25) else 1
    return tuple(
        Address(
            (f"{draw.pick(names.STREETS)} {draw.between(1, 220)}",)
            + ((f"Building {draw.between(1, 9)}",) if draw.chance(0.2) else ()),
            city=place[2],
            region=place[1],
            postal_code=f"{place[3]}{draw.between(10, 99)}",
            country=place[0],
        )
        for _ in range(count)
    )


def _make_phone(draw: Draw, dialling_code: str) -> str:
    return f"+{dialling_code} {draw.digits(3)} {draw.digits(3)} {draw.digits(4)}"


def _make_person(draw: Draw, domain: str, dialling_code: str) -> Person:
    first, last = draw.pick(names.GIVEN), draw.pick(names.FAMILY)
    # The number keeps addresses apart where a company has two people of one name.
    local = f"{_ascii(first)}.{_ascii(last)}.{draw.digits(3)}"
    return Person(
        first,
        last,
        job_title=draw.pick(names.TITLES),
        email=f"{local}@{domain}" if draw.chance(0.92) else "",
        phone=_make_phone(draw, dialling_code) if draw.chance(0.7) else "",
        active=not draw.chance(0.04),
    )


def _ascii(word: str) -> str:
    """Give the letters a to z of a word; what has none there is dropped."""
    return "".join(letter for letter in names.plain(word).lower() if letter.isascii() and letter.isalpha())
