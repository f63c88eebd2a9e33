import csv
import shutil
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sandbox.ebs_checks import check_amounts, check_columns, check_references, total_by

from ml_sandbox.core.errors import ControlError
from ml_sandbox.data.ebs_rows import Row
from ml_sandbox.data.northwind import write_northwind
from ml_sandbox.testing import running_sandbox

DIRECTORY = Path(__file__).parents[2].parent / "shared" / "data" / "northwind"
TODAY = datetime.fromisoformat("2026-11-21")
Tables = dict[str, list[Row]]

pytestmark = pytest.mark.skipif(not DIRECTORY.is_dir(), reason=f"the Northwind files are not in {DIRECTORY}")


def read(directory: Path, today: datetime = TODAY, seed: int = 1) -> Tables:
    tables: Tables = {}
    write_northwind(directory, today, lambda table, row: tables.setdefault(table, []).append(row), seed)
    return tables


def source(name: str) -> list[dict[str, str]]:
    with (DIRECTORY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read(DIRECTORY)


def test_columns_and_keys(tables: Tables) -> None:
    check_columns(tables)


def test_references(tables: Tables) -> None:
    check_references(tables)


def test_amounts(tables: Tables) -> None:
    check_amounts(tables)


def test_every_customer_is_an_account_under_its_stripped_id(tables: Tables) -> None:
    numbers = [row["ACCOUNT_NUMBER"] for row in tables["HZ_CUST_ACCOUNTS"]]

    assert numbers == [record["CustomerID"].strip() for record in source("customers")]
    assert len(numbers) == 93
    assert "Val2" in numbers
    names = Counter(row["ACCOUNT_NAME"] for row in tables["HZ_CUST_ACCOUNTS"])
    assert [name for name, count in names.items() if count > 1] == ["IT"]


def test_the_newest_order_is_of_yesterday_and_distances_are_kept(tables: Tables) -> None:
    ordered = {row["ORDER_NUMBER"]: str(row["ORDERED_DATE"])[:10] for row in tables["OE_ORDER_HEADERS_ALL"]}
    original = {int(record["OrderID"]): record["OrderDate"][:10] for record in source("orders")}

    assert max(ordered.values()) == "2026-11-20"
    shifts = {
        datetime.fromisoformat(ordered[number]) - datetime.fromisoformat(day)
        for number, day in original.items()
    }
    assert len(shifts) == 1
    assert len(ordered) == 830


def test_a_customers_party_is_a_supplier_too_with_the_same_orders(tables: Tables) -> None:
    party_of = {row["VENDOR_ID"]: row["PARTY_ID"] for row in tables["AP_SUPPLIERS"]}
    account_of = {row["PARTY_ID"]: row["CUST_ACCOUNT_ID"] for row in tables["HZ_CUST_ACCOUNTS"]}
    bought = Counter(account_of.get(party_of[row["VENDOR_ID"]]) for row in tables["PO_HEADERS_ALL"])
    sold = Counter(row["SOLD_TO_ORG_ID"] for row in tables["OE_ORDER_HEADERS_ALL"])

    assert bought.pop(None) > 0
    assert bought == sold
    assert set(account_of) <= set(party_of.values())


def test_line_amounts_are_those_of_the_order_details(tables: Tables) -> None:
    expected: dict[int, Decimal] = {}
    for record in source("order_details"):
        amount = Decimal(record["UnitPrice"]) * int(record["Quantity"]) * (1 - Decimal(record["Discount"]))
        number = int(record["OrderID"])
        expected[number] = expected.get(number, Decimal(0)) + amount
    number_of = {row["HEADER_ID"]: row["ORDER_NUMBER"] for row in tables["OE_ORDER_HEADERS_ALL"]}
    found: dict[object, Decimal] = {}
    for row in tables["OE_ORDER_LINES_ALL"]:
        order = number_of[row["HEADER_ID"]]
        amount = Decimal(row["ORDERED_QUANTITY"]) * Decimal(row["UNIT_SELLING_PRICE"])
        found[order] = found.get(order, Decimal(0)) + amount

    assert found == expected


def test_what_was_not_shipped_is_open_and_not_invoiced(tables: Tables) -> None:
    waiting = {int(record["OrderID"]) for record in source("orders") if not record["ShippedDate"]}
    unbilled = {row["ORDER_NUMBER"] for row in tables["OE_ORDER_HEADERS_ALL"] if row["OPEN_FLAG"] == "Y"}

    assert unbilled == waiting
    assert len(tables["RA_CUSTOMER_TRX_ALL"]) == 830 - len(waiting)
    schedules = total_by(tables["AR_PAYMENT_SCHEDULES_ALL"], "CUSTOMER_TRX_ID", "AMOUNT_DUE_ORIGINAL")
    assert len(schedules) == 830 - len(waiting)


def test_contacts_have_an_address_of_their_company(tables: Tables) -> None:
    points = [row for row in tables["HZ_CONTACT_POINTS"] if row["CONTACT_POINT_TYPE"] == "EMAIL"]

    assert "contact@ALFKI.example" in {row["EMAIL_ADDRESS"] for row in points}
    (maria,) = (row for row in tables["HZ_PARTIES"] if row["PARTY_NAME"] == "Maria Anders")
    assert (maria["PERSON_FIRST_NAME"], maria["PERSON_LAST_NAME"]) == ("Maria", "Anders")


def test_credit_limits_and_accounts_come_from_the_seed(tables: Tables) -> None:
    limits = [row["OVERALL_CREDIT_LIMIT"] for row in tables["HZ_CUST_PROFILE_AMTS"]]
    other = read(DIRECTORY, seed=2)

    assert len(limits) == 93
    assert limits != [row["OVERALL_CREDIT_LIMIT"] for row in other["HZ_CUST_PROFILE_AMTS"]]
    assert tables == read(DIRECTORY)


def test_addresses_of_several_lines_and_countries_by_code(tables: Tables) -> None:
    tokyo = next(row for row in tables["HZ_LOCATIONS"] if row.get("CITY") == "Tokyo")

    assert (tokyo["ADDRESS1"], tokyo["ADDRESS2"], tokyo["COUNTRY"]) == ("9-8 Sekimai", "Musashino-shi", "JP")
    assert all(len(str(row.get("COUNTRY", "XX"))) == 2 for row in tables["HZ_LOCATIONS"])


def test_a_sandbox_serves_the_directory_with_the_newest_order_of_yesterday() -> None:
    with running_sandbox(data=str(DIRECTORY), settings={"ebs.server_zone": "UTC"}) as sandbox:
        orders = sandbox.control.rows("ebs", "OE_ORDER_HEADERS_ALL")
        yesterday = (sandbox.control.now() - timedelta(days=1)).date().isoformat()

    assert max(row["ORDERED_DATE"] for row in orders)[:10] == yesterday


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("orders", None, None, "There is no .*orders.csv"),
        ("customers", "CompanyName", "Name", "lacks the columns CompanyName"),
        ("orders", "1996-07-04 00:00:00.000", "soon", "OrderDate must be a date, not 'soon'"),
        ("orders", "10248,VINET", "A-1,VINET", "OrderID must be a number"),
        ("order_details", "10248,11,14,12", "10248,11,free,12", "UnitPrice must be a number"),
        ("order_details", "10248,11,14,12", "10248,911,14,12", "names the product '911'"),
    ],
)
def test_a_directory_that_cannot_be_loaded_is_explained(
    tmp_path: Path, name: str, old: str | None, new: str | None, message: str
) -> None:
    shutil.copytree(DIRECTORY, tmp_path / "data")
    path = tmp_path / "data" / f"{name}.csv"
    if old is None or new is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ControlError, match=message):
        read(tmp_path / "data")


def test_the_command_line_explains_it_without_a_traceback(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=r"There is no .*customers\.csv") as caught,
        running_sandbox(data=str(tmp_path)),
    ):
        pass
    assert "Traceback" not in str(caught.value)
