"""A simulated JD Edwards EnterpriseOne with its Application Interface Services (AIS) server."""

from ml_sandbox.jde.vendor import JdeVendor

__all__ = ["JdeVendor"]
