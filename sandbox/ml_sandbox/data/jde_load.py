"""The data sets for JD Edwards: generated companies, and the Northwind files."""

from datetime import datetime
from pathlib import Path

from ml_sandbox.data.draw import Draw
from ml_sandbox.data.generator import make_companies
from ml_sandbox.data.jde_rows import CompanyWriter, Sink
from ml_sandbox.data.northwind import NorthwindFiles

FIRST_CUSTOMER = 4_001
FIRST_SUPPLIER = 5_001


def write_generated(customers: int, seed: int, newest: datetime, sink: Sink) -> None:
    """Pass the rows of the companies that `make_companies` gives to ``sink(table, row)``."""
    writer = CompanyWriter(sink, Draw(seed, "jde"), newest)
    for company in make_companies(customers, seed, newest):
        writer.write(int(company.number), company)


def write_northwind(directory: Path, today: datetime, sink: Sink, seed: int = 1) -> None:
    """Pass the rows of the Northwind files to ``sink(table, row)``.

    Customers are numbered from 4001 and suppliers from 5001, in the order of the files; the long address is
    CustomerID, or S and SupplierID. Raises `ControlError` as the same function for EBS does.
    """
    files = NorthwindFiles.read(directory)
    writer = CompanyWriter(sink, Draw(seed, "jde northwind"), today)
    draw = Draw(seed, "jde northwind companies")
    for number, company in enumerate(files.customer_companies(today, draw), FIRST_CUSTOMER):
        writer.write(number, company, company.number)
    for number, company in enumerate(files.supplier_companies(today, draw), FIRST_SUPPLIER):
        writer.write(number, company, company.number)
