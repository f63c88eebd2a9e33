"""Companies, products and orders written as rows of Oracle E-Business Suite tables."""

from ml_sandbox.data.ebs_rows.foundation import Foundation, write_foundation, write_products
from ml_sandbox.data.ebs_rows.merges import write_merged
from ml_sandbox.data.ebs_rows.parties import CustomerAccount, PartyKeys, write_company
from ml_sandbox.data.ebs_rows.payments import write_payments
from ml_sandbox.data.ebs_rows.purchasing import write_purchase
from ml_sandbox.data.ebs_rows.rates import write_rates
from ml_sandbox.data.ebs_rows.sales import write_sale
from ml_sandbox.data.ebs_rows.sheet import Row, Sheet, Value, text_of
from ml_sandbox.data.ebs_rows.suppliers import SupplierKeys, write_supplier

__all__ = [
    "CustomerAccount",
    "Foundation",
    "PartyKeys",
    "Row",
    "Sheet",
    "SupplierKeys",
    "Value",
    "text_of",
    "write_company",
    "write_foundation",
    "write_merged",
    "write_payments",
    "write_products",
    "write_purchase",
    "write_rates",
    "write_sale",
    "write_supplier",
]
