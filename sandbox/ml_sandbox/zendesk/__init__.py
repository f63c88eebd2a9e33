"""Zendesk Support: OAuth, organizations, organization fields, jobs and the organizations export."""
