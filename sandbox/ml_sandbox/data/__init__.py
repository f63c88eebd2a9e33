"""Data sets with which the sandbox starts: generated ones, and Northwind from a directory."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from ml_sandbox.core.vendor import Vendor
from ml_sandbox.data.generator import write_generated
from ml_sandbox.data.northwind import write_northwind
from ml_sandbox.ebs import EbsVendor

__all__ = ["generate", "load_directory"]


def generate(vendors: Mapping[str, Vendor], customers: int, seed: int) -> None:
    """Fill EBS with `customers` generated companies and their documents; the newest are of yesterday."""
    for vendor in _ebs(vendors):
        write_generated(customers, seed, _midnight(vendor), vendor.load_row)


def load_directory(vendors: Mapping[str, Vendor], directory: Path) -> None:
    """Fill EBS with the Northwind files of a directory; the newest order is of yesterday.

    Raises `ControlError` when a file is missing or is not what it should be.
    """
    for vendor in _ebs(vendors):
        write_northwind(directory, _midnight(vendor), vendor.load_row)


def _ebs(vendors: Mapping[str, Vendor]) -> list[EbsVendor]:
    return [vendor for vendor in vendors.values() if isinstance(vendor, EbsVendor)]


def _midnight(vendor: EbsVendor) -> datetime:
    return datetime.fromisoformat(vendor.server_time()).replace(hour=0, minute=0, second=0)
