"""The vendors that the sandbox serves."""

from ml_sandbox.core.vendor import Vendor

VENDORS: tuple[type[Vendor], ...] = ()
