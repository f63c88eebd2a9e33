"""Simulators of Oracle EBS, JD Edwards, Zendesk, Zoho CRM and OroCRM, as strict as the vendors."""
