"""Singer target for JD Edwards EnterpriseOne."""
