"""Tickets with their comments: out of Zendesk beside another maker's tap, and into OroCRM as cases."""
