"""The vendors that the sandbox serves."""

from ml_sandbox.core.vendor import Vendor
from ml_sandbox.ebs import EbsVendor
from ml_sandbox.jde import JdeVendor
from ml_sandbox.oro.vendor import Oro
from ml_sandbox.zendesk.vendor import Zendesk
from ml_sandbox.zoho.vendor import Zoho

VENDORS: tuple[type[Vendor], ...] = (EbsVendor, JdeVendor, Zendesk, Zoho, Oro)
