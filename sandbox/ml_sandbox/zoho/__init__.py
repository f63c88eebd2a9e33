"""A simulated organisation of Zoho CRM (REST API v8)."""
