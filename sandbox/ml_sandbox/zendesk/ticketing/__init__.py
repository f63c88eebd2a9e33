"""Tickets, their comments and audits, ticket fields and statuses (TKT, COM, AUD, TF, CTS, IMP)."""
