"""Singer tap for JD Edwards EnterpriseOne through its AIS server."""
