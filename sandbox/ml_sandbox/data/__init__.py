"""Data sets with which the sandbox starts: generated ones, and Northwind from a directory."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ml_sandbox.core.vendor import Vendor
from ml_sandbox.data import jde_load
from ml_sandbox.data.generator import write_generated
from ml_sandbox.data.northwind import write_northwind
from ml_sandbox.ebs import EbsVendor
from ml_sandbox.jde import JdeVendor

__all__ = ["generate", "load_directory"]


def generate(vendors: Mapping[str, Vendor], customers: int, seed: int) -> None:
    """Fill EBS and JD Edwards with `customers` generated companies and their documents, all before today."""
    for vendor in vendors.values():
        if isinstance(vendor, EbsVendor):
            write_generated(customers, seed, _midnight(vendor.server_time()), vendor.load_row)
        elif isinstance(vendor, JdeVendor):
            _generate_later(vendor, customers, seed)


def load_directory(vendors: Mapping[str, Vendor], directory: Path) -> None:
    """Fill EBS and JD Edwards with the Northwind files of a directory; the newest order is of yesterday.

    Raises `ControlError` when a file is missing or is not what it should be.
    """
    for vendor in vendors.values():
        if isinstance(vendor, EbsVendor):
            write_northwind(directory, _midnight(vendor.server_time()), vendor.load_row)
        elif isinstance(vendor, JdeVendor):
            midnight = _midnight(vendor.server_time().replace(tzinfo=None).isoformat())
            jde_load.write_northwind(directory, midnight, vendor.load_row)


def _generate_later(vendor: JdeVendor, customers: int, seed: int) -> None:
    midnight = _midnight(vendor.server_time().replace(tzinfo=None).isoformat())
    vendor.load_later(lambda: jde_load.write_generated(customers, seed, midnight, vendor.load_row))


def _midnight(server_time: str) -> datetime:
    return datetime.fromisoformat(server_time).replace(hour=0, minute=0, second=0, microsecond=0)
