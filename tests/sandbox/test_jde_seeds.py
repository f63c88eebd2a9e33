"""The rows with which the simulated JD Edwards starts."""

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ml_sandbox.core.app import Sandbox
from ml_sandbox.core.errors import ControlError
from ml_sandbox.data import generate, jde_load
from ml_sandbox.data.jde_rows import Cells
from ml_sandbox.jde import JdeVendor
from ml_sandbox.jde.catalog import TABLES
from ml_sandbox.jde.values import given_row

TODAY = datetime.fromisoformat("2026-11-21")
NORTHWIND = Path(__file__).parents[2].parent / "shared" / "data" / "northwind"
LOADED = {"F0101", "F0111", "F0115", "F01151", "F0116", "F03012", "F0401", "F0411", "F4301"}
Tables = dict[str, list[Cells]]

needs_northwind = pytest.mark.skipif(
    not NORTHWIND.is_dir(), reason=f"the Northwind files are not in {NORTHWIND}"
)


def made(customers: int = 200, seed: int = 1) -> Tables:
    tables: Tables = {}
    jde_load.write_generated(
        customers, seed, TODAY, lambda name, row: tables.setdefault(name, []).append(row)
    )
    return tables


def northwind(directory: Path = NORTHWIND) -> Tables:
    tables: Tables = {}
    jde_load.write_northwind(directory, TODAY, lambda name, row: tables.setdefault(name, []).append(row))
    return tables


@pytest.fixture(scope="module", params=[made, pytest.param(northwind, marks=needs_northwind)])
def tables(request: pytest.FixtureRequest) -> Tables:
    read: Tables = request.param()
    return read


def test_every_row_is_one_that_its_table_can_hold(tables: Tables) -> None:
    assert tables.keys() == LOADED
    for name, rows in tables.items():
        spec = TABLES[name]
        for row in rows:
            given: dict[str, Any] = {k: v if isinstance(v, int) else v and str(v) for k, v in row.items()}
            assert given_row(spec, given) == row
        keys = Counter(tuple(row[alias] for alias in spec.key) for row in rows)
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_row_belongs_to_a_record_and_is_not_of_today(tables: Tables) -> None:
    records = {row["AN8"]: row for row in tables["F0101"]}
    for name, rows in tables.items():
        assert {row["AN8"] for row in rows} <= records.keys(), name
        assert max(str(row["UPMJ"] or "") for row in rows) < "2026-11-21"
    assert {row["AN8"] for row in tables["F0111"] if row["IDLN"] == 0} == records.keys()
    assert {row["AN8"] for row in tables["F03012"]} == {n for n, row in records.items() if row["AT1"] == "C"}
    current = {(row["AN8"], row["EFTB"]) for row in tables["F0116"]}
    assert {(number, row["EFTB"]) for number, row in records.items()} <= current
    lines = {(row["AN8"], row["IDLN"]) for row in tables["F0111"]}
    for name in ("F0115", "F01151"):
        assert {(row["AN8"], row["IDLN"]) for row in tables[name]} <= lines


def test_what_a_reader_has_to_cope_with_is_there() -> None:
    tables = made()

    assert any(row["UPMJ"] is None for row in tables["F0101"])
    assert any(str(row["EFTB"]) > "2026-11-21" for row in tables["F0116"])
    assert {row["CO"] for row in tables["F03012"]} == {"00000", "00200"}
    assert any(not str(row["ALPH"]).isascii() for row in tables["F0101"])
    assert {row["ATP"] + row["ATR"] for row in tables["F0101"]} >= {"NY", "YY", "YN"}  # type: ignore[operator] # flags are texts
    assert {row["PHTP"] for row in tables["F0115"]} == {"", "FAX"}


def test_the_seed_makes_the_rows() -> None:
    assert made(20) == made(20)
    assert made(20) != made(20, seed=2)
    assert made(0) == {}


def test_a_sandbox_makes_its_rows_when_somebody_looks() -> None:
    sandbox = Sandbox([JdeVendor])
    vendor = sandbox.vendors["jde"]
    assert isinstance(vendor, JdeVendor)
    generate(sandbox.vendors, 5, 1)

    numbers = [row["AN8"] for row in vendor.rows("F0101")]
    assert numbers[:5] == [1001, 1002, 1003, 1004, 1005]
    assert vendor.next_number() == 10_001
    generate(sandbox.vendors, 5, 1)
    vendor.clear()
    assert vendor.rows("F0101") == []
    assert len(vendor.rows("F9210")) > 100


@needs_northwind
def test_northwind_customers_and_suppliers() -> None:
    tables = northwind()

    with (NORTHWIND / "customers.csv").open(encoding="utf-8", newline="") as file:
        ids = [record["CustomerID"].strip() for record in csv.DictReader(file)]
    keys = {row["AN8"]: row["ALKY"] for row in tables["F0101"]}
    assert [key for number, key in keys.items() if int(str(number)) < 5_001] == ids
    assert [keys[5_001], keys[5_002]] == ["S1", "S2"]
    first = next(row for row in tables["F0116"] if row["AN8"] == 4_001)
    assert (first["ADD1"], first["CTY1"], first["ADDZ"], first["CTR"]) == (
        "Obere Str. 57",
        "Berlin",
        "12209",
        "DE",
    )
    contact = next(row for row in tables["F0111"] if (row["AN8"], row["IDLN"]) == (4_001, 1))
    assert (contact["ALPH"], contact["ATTL"]) == ("Maria Anders", "Sales Representative")


def test_a_directory_without_the_files(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="csv"):
        northwind(tmp_path)
