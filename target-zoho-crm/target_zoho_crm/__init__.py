"""Singer target for Zoho CRM that verifies what the vendor did with each record."""
