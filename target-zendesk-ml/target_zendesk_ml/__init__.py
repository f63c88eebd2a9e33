"""Singer target for Zendesk that verifies what the vendor did with each record."""
