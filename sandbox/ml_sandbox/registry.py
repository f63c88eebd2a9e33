"""The vendors that the sandbox serves."""

from ml_sandbox.core.vendor import Vendor
from ml_sandbox.zendesk.vendor import Zendesk

VENDORS: tuple[type[Vendor], ...] = (Zendesk,)
