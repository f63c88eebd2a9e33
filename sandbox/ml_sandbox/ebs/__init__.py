"""Oracle E-Business Suite with its Integrated SOA Gateway, simulated."""

from ml_sandbox.ebs.vendor import EbsVendor

__all__ = ["EbsVendor"]
