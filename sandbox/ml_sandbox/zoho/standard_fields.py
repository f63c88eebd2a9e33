"""The fields of the standard modules (REC, section of record shapes)."""

from ml_sandbox.zoho.fields import Field, define

ACCOUNT_TYPES = (
    "Analyst", "Competitor", "Customer", "Distributor", "Integrator", "Investor", "Other", "Partner", "Press",
    "Prospect", "Reseller", "Supplier", "Vendor",
)  # fmt: skip
INDUSTRIES = (
    "ASP (Application Service Provider)", "Communications", "Consulting", "Education", "Engineering",
    "Government/Military", "Manufacturing", "Retail", "Technology", "Wholesale", "Food", "Other",
)  # fmt: skip
LEAD_SOURCES = ("Advertisement", "Cold Call", "Employee Referral", "Partner", "Web Research", "Trade Show")
PAYMENT_TERMS = ("Immediate", "14 days", "30 days", "45 days", "60 days", "90 days")


def system_fields(*, with_times: bool = True) -> list[Field]:
    """What every module has; a module without times cannot be read by what changed."""
    fixed = {"create": False, "update": False}
    times = [
        define("Created_Time", "datetime", **fixed),
        define("Modified_Time", "datetime", **fixed),
    ]
    return [
        define("id", "bigint", create=False, update=True, label="Record Id"),
        define("Owner", "ownerlookup"),
        define("Created_By", "ownerlookup", **fixed),
        define("Modified_By", "ownerlookup", **fixed),
        *(times if with_times else []),
        define("Last_Activity_Time", "datetime", **fixed),
        define("Record_Status__s", "picklist", options=("Available", "Draft", "Trash"), **fixed),
        define("Locked__s", "boolean", **fixed),
        define("Layout", "lookup", lookup_module=None),
        define("Tag", "text", length=2_000),
    ]


def accounts() -> list[Field]:
    """Accounts, with the custom fields of the seed."""
    return [
        define("Account_Name", "text", mandatory=True, length=200),
        *_texts("Account_Number", length=40),
        define("Account_Type", "picklist", options=ACCOUNT_TYPES),
        define("Account_Site", "text", length=80),
        define("Industry", "picklist", options=INDUSTRIES),
        define("Parent_Account", "lookup", lookup_module="Accounts"),
        *_phones("Phone", "Fax"),
        define("Website", "website"),
        *_texts(*_address("Billing", "Code"), *_address("Shipping", "Code")),
        define("Annual_Revenue", "currency"),
        define("Employees", "integer"),
        define("Ownership", "picklist", options=("Other", "Private", "Public", "Subsidiary", "Partnership")),
        define("Rating", "picklist", options=("Acquired", "Active", "Market Failed", "Project Cancelled")),
        define("SIC_Code", "text", length=40),
        define("Ticker_Symbol", "text", length=30),
        define("Description", "textarea"),
        define("JDE_Address_Number", "text", length=20, unique=True, custom=True),
        define("VAT_Number", "text", length=30, custom=True),
        define("Credit_Limit", "currency", custom=True),
        define("Payment_Terms", "picklist", options=PAYMENT_TERMS, custom=True),
        define("Credit_Message", "text", length=2, custom=True),
        define("Credit_Hold", "boolean", custom=True),
    ]


def contacts() -> list[Field]:
    """Contacts."""
    return [
        define("First_Name", "text", length=40),
        define("Last_Name", "text", mandatory=True, length=80),
        define("Full_Name", "text", length=120, create=False, update=False),
        define("Salutation", "picklist", options=("Mr.", "Mrs.", "Ms.", "Dr.", "Prof.")),
        define("Account_Name", "lookup", lookup_module="Accounts"),
        define("Vendor_Name", "lookup", lookup_module="Vendors"),
        define("Reporting_To", "lookup", lookup_module="Contacts"),
        define("Email", "email"),
        define("Secondary_Email", "email"),
        *_phones("Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone", "Fax"),
        define("Assistant", "text", length=75),
        define("Title", "text", length=100),
        define("Department", "text", length=50),
        define("Date_of_Birth", "date"),
        define("Email_Opt_Out", "boolean"),
        define("Lead_Source", "picklist", options=LEAD_SOURCES),
        *_texts(*_address("Mailing", "Zip"), *_address("Other", "Zip")),
        define("Skype_ID", "text", length=50),
        define("Twitter", "text", length=50),
        define("Description", "textarea"),
        define("JDE_Contact_Key", "text", length=30, unique=True, custom=True),
    ]


def vendors() -> list[Field]:
    """Vendors; their address has no prefix."""
    return [
        define("Vendor_Name", "text", mandatory=True, length=120),
        define("Email", "email"),
        *_phones("Phone"),
        define("Website", "website"),
        define("Category", "text", length=50),
        *_texts("Street", "City", "State", "Zip_Code", "Country"),
        define("Description", "textarea"),
        define("JDE_Address_Number", "text", length=20, unique=True, custom=True),
        define("VAT_Number", "text", length=30, custom=True),
        define("Payment_Terms", "picklist", options=PAYMENT_TERMS, custom=True),
    ]


def leads() -> list[Field]:
    """Leads; converted ones are read only when asked for."""
    return [
        define("Company", "text", length=200, mandatory=True),
        define("First_Name", "text", length=40),
        define("Last_Name", "text", mandatory=True, length=80),
        define("Full_Name", "text", length=120, create=False, update=False),
        define("Email", "email"),
        *_phones("Phone", "Mobile", "Fax"),
        define("Website", "website"),
        define("Lead_Source", "picklist", options=LEAD_SOURCES),
        define("Lead_Status", "picklist", options=("Not Contacted", "Contacted", "Junk Lead", "Lost Lead")),
        define("Industry", "picklist", options=INDUSTRIES),
        define("Annual_Revenue", "currency"),
        define("No_of_Employees", "integer"),
        *_texts("Street", "City", "State", "Zip_Code", "Country"),
        define("Description", "textarea"),
        define("Converted__s", "boolean", create=False, update=False),
        define("Converted_Date_Time", "datetime", create=False, update=False),
        define("Converted_Account", "lookup", lookup_module="Accounts", create=False, update=False),
        define("Converted_Contact", "lookup", lookup_module="Contacts", create=False, update=False),
    ]


def deals() -> list[Field]:
    """Deals."""
    stages = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review", "Closed Won",
              "Closed Lost")  # fmt: skip
    return [
        define("Deal_Name", "text", mandatory=True, length=120),
        define("Stage", "picklist", mandatory=True, options=stages),
        define("Pipeline", "picklist", options=("Standard (Standard)",)),
        define("Closing_Date", "date"),
        define("Amount", "currency"),
        define("Account_Name", "lookup", lookup_module="Accounts"),
        define("Contact_Name", "lookup", lookup_module="Contacts"),
        define("Type", "picklist", options=("Existing Business", "New Business")),
        define("Expected_Revenue", "currency"),
        define("Probability", "integer"),
        define("Next_Step", "text", length=100),
        define("Lead_Source", "picklist", options=LEAD_SOURCES),
        define("Description", "textarea"),
    ]


def purchase_orders() -> list[Field]:
    """Purchase orders, with their items as a subform."""
    statuses = ("Created", "Approved", "Delivered", "Cancelled")
    return [
        define("Subject", "text", mandatory=True, length=120),
        define("PO_Number", "text", length=50),
        define("Vendor_Name", "lookup", lookup_module="Vendors", mandatory=True),
        define("Contact_Name", "lookup", lookup_module="Contacts"),
        define("PO_Date", "date"),
        define("Due_Date", "date"),
        define("Status", "picklist", options=statuses),
        define("Carrier", "picklist", options=("FedEX", "UPS", "USPS", "DHL", "BlueDart")),
        define("Excise_Duty", "currency"),
        define("Sales_Commission", "currency"),
        define("Tracking_Number", "text", length=30),
        define("Requisition_No", "text", length=20),
        *_totals(),
        define("Purchase_Items", "subform", subfields=_items()),
    ]


def invoices() -> list[Field]:
    """Invoices, with their items as a subform."""
    return [
        define("Subject", "text", mandatory=True, length=120),
        define("Invoice_Date", "date"),
        define("Due_Date", "date"),
        define("Status", "picklist", options=("Created", "Approved", "Delivered", "Cancelled")),
        define("Account_Name", "lookup", lookup_module="Accounts", mandatory=True),
        define("Contact_Name", "lookup", lookup_module="Contacts"),
        define("Purchase_Order", "text", length=50),
        *_totals(),
        define("Invoiced_Items", "subform", subfields=_items()),
    ]


def custom_module() -> list[Field]:
    """What a new custom module has."""
    return [
        define("Name", "text", mandatory=True, length=120),
        define("Email", "email"),
        define("Secondary_Email", "email"),
    ]


def _totals() -> list[Field]:
    names = ("Sub_Total", "Discount", "Tax", "Adjustment", "Grand_Total")
    return [
        *(define(name, "currency") for name in names),
        *_texts(*_address("Billing", "Code"), *_address("Shipping", "Code")),
        define("Terms_and_Conditions", "textarea"),
        define("Description", "textarea"),
    ]


def _items() -> tuple[Field, ...]:
    return (
        define("Product_Name", "text"),
        define("Quantity", "double"),
        define("List_Price", "currency"),
        define("Discount", "currency"),
        define("Total", "currency"),
        define("Description", "textarea"),
    )


def _address(prefix: str, code: str) -> list[str]:
    return [f"{prefix}_{part}" for part in ("Street", "City", "State", code, "Country")]


def _texts(*names: str, length: int = 0) -> list[Field]:
    lengths = {"Street": 250, "City": 100, "State": 100, "Code": 30, "Zip": 30, "Country": 100}
    return [
        define(name, "text", length=length or lengths.get(name.rsplit("_", 1)[-1], 255)) for name in names
    ]


def _phones(*names: str) -> list[Field]:
    return [define(name, "phone") for name in names]
